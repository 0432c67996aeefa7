"""Decisions for the tests: every scenario that comes with sharedvalue, and changed copies of them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.graph import explanation
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import load_scenario
from sharedvalue.engine.worlds import form

if TYPE_CHECKING:
    from sharedvalue.engine.graph.parts import Graph

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
NAMES = tuple(sorted(path.stem for path in SCENARIOS.glob("*.yaml")))
EXPERTS = "neophytes-and-experts"
# Rules do not recurse and texts may come from anywhere: what a hostile hand could write into a title or a name.
HOSTILE = "</text><script>alert(1)</script> \"q\" 'a' & ]]> --> {{x}} $title \\n\\t漢字 é"


@lru_cache(maxsize=1)
def book() -> RuleBook:
    return load()


@lru_cache(maxsize=128)
def decided(name: str) -> Decision:
    return decide(form(book(), load_scenario(str(SCENARIOS / f"{name}.yaml"), book())))


@lru_cache(maxsize=256)
def drawn(name: str, everything: bool = False) -> Graph:
    return explanation(decided(name), everything)


def changed(name: str, *changes: tuple[str, str]) -> Decision:
    """A scenario with some of its text replaced, decided anew."""
    text = (SCENARIOS / f"{name}.yaml").read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    text = text.split("\nexpect:")[0] + "\n"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "case.yaml"
        path.write_text(text, "utf-8")
        return decide(form(book(), load_scenario(str(path), book())))


@lru_cache(maxsize=1)
def hostile() -> Graph:
    """The example of the article with names that try to break out of every format."""
    quoted = HOSTILE.replace('"', '\\"')
    decision = changed(
        EXPERTS,
        ("title: Neophytes", f'title: "{quoted} {"W" * 300}" #'),
        ("name: experts", f'name: "{quoted}"'),
        ("name: neophytes", f'name: "{"long name " * 40}{"X" * 300}"'),
    )
    return explanation(decision)
