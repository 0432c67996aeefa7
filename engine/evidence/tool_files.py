"""Which files say what tools write: those of `rules/exports/`, and below `exports/` in the folder of a house what it adds to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar

from sharedvalue.engine.language.rulebook import EXPORTS, default_folder
from sharedvalue.engine.language.source import Table, Text, parse_file

LISTED = "lists"  # the folder of tools whose export is one table with fixed headings
EMPTY = "Such as: tool: zoom, and below headings: what your tool calls its columns."
SAME_ROLE = {"also_person": "person", "more_person": "person"}  # a name in two columns, beside an address
MOST_CACHED = 4_096
Function = TypeVar("Function", bound=Callable[..., Any])

_houses: tuple[Path, ...] = ()
_stamp: object = ()
_kept: list[Callable[[], None]] = []


def kept(function: Function) -> Function:
    """Remembers what a function found, until another house speaks."""
    cached = lru_cache(maxsize=MOST_CACHED)(function)
    _kept.append(cached.cache_clear)
    return wraps(function)(cached)  # type: ignore[return-value]  # called as the function is


def lay_over(houses: Iterable[Path | str], stamp: object) -> bool:
    """From now on these houses speak, too, the last one with the last word. Whether anything is otherwise than at this stamp."""
    global _houses, _stamp  # what a process knows of words is one thing
    if stamp == _stamp:
        return False
    _houses, _stamp = tuple(Path(house) / EXPORTS for house in houses), stamp
    for forget in _kept:
        forget()
    return True


def files_of(folder: Path) -> list[Path]:
    """The YAML files of a folder, in order."""
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".yaml", ".yml") and p.is_file())


def trees(name: str) -> tuple[Table, ...]:
    """What is known of a tool here, and what each house adds."""
    added = (house / f"{name}{end}" for house in _houses for end in (".yaml", ".yml"))
    return (ours(name), *(_table(path) for path in added if path.is_file()))


def listed_trees() -> tuple[Table, ...]:
    """Each tool of `lists`; one that a house names again takes the place of ours."""
    folders = (default_folder() / EXPORTS / LISTED, *(house / LISTED for house in _houses))
    found = [_table(path) for folder in folders for path in files_of(folder)]
    by_name = {node.value: tree for tree in found if isinstance(node := tree.get("tool"), Text)}
    return tuple(by_name[name] for name in sorted(by_name))


def ours(name: str) -> Table:
    """What is known of a tool without any house."""
    return _table(default_folder() / EXPORTS / f"{name}.yaml")


def _table(path: Path) -> Table:
    tree = parse_file(path, EMPTY)
    assert isinstance(tree, Table)
    return tree
