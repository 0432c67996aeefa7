"""The guided import without a terminal: what a person types, and what is said to them."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

from sharedvalue.cli.import_mapping import ask_mapping
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.mapping import Mapping
from sharedvalue.engine.evidence.survey import Counted, count
from tests.evidence.exports_here import BOOK, TODAY


def dialogue(found: Export, *typed: str) -> tuple[Mapping, str]:
    """The mapping of what a person types, Enter for an empty one, and what was said to them."""
    rest, told = iter(typed), list[str]()

    def prompt(
        text: str, default: str | None = None, *, value_proc: Callable[[str], object], **_: object
    ) -> object:
        told.append(text)
        return value_proc(next(rest) or default or "")

    def echo(text: str = "", **_: object) -> None:
        told.append(text)

    with patch("click.prompt", prompt), patch("click.echo", echo):
        made = ask_mapping(found, BOOK, "made.yaml")
    assert not list(rest)
    return made, "\n".join(told)


def counted(found: Export, made: Mapping) -> Counted:
    return count(found, made, TODAY)
