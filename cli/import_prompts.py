"""Prompts of the guided import: each can be gone back from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from sharedvalue.engine.telling.page import WIDTH, fold

BACK = "b"


class Back(Exception):
    """A person wants the question before."""


def say(text: str) -> None:
    click.echo("\n".join(fold(text, WIDTH)))


def prompt(
    text: str, kind: Callable[[str], Any] | None = None, default: str | None = None, show_default: bool = True
) -> str:
    """What a person writes, of a kind.

    Where there is no default, an empty answer is refused in words.

    Raises:
        Back: for b.
    """
    convert = kind or click.STRING

    def read(said: str) -> str:
        if said.strip().casefold() == BACK:
            raise Back
        if not said.strip() and default is None:
            raise click.BadParameter(
                "Nothing stands in brackets here, so Enter takes nothing. Write an answer."
            )
        return str(convert(said))

    asked = "" if default is None else default
    return click.prompt(text, default=asked, value_proc=read, show_default=show_default and bool(asked))


class Words(click.Choice):  # type: ignore[type-arg]  # of strings
    """Some letters, of which y and n may be said in any language that answers are known in."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from sharedvalue.engine.evidence.layout import folded
        from sharedvalue.engine.evidence.words import plain_words_for

        for end, letter in (("yes", "y"), ("no", "n")):
            if folded(value) in plain_words_for(end):
                value = letter
        return str(super().convert(value, param, ctx))


def confirm(text: str, default: bool) -> bool:
    """Yes or no.

    Raises:
        Back: for b.
    """
    shown = "[Y/n]" if default else "[y/N]"
    said = prompt(
        f"{text} {shown}",
        Words(["y", "n", "yes", "no"], case_sensitive=False),
        "y" if default else "n",
        False,
    )
    return said.casefold().startswith("y")


def _digits(said: str) -> int:
    """A whole number; - is none."""
    text = said.strip().replace(",", "")
    if text == "-":
        return 0
    if not text.removeprefix("-").isdecimal():
        raise click.BadParameter(f"'{text}' is no number. Write it in digits.")
    return int(text)


def whole(text: str, default: int, show_default: bool = True) -> int:
    """A whole number; - for none.

    Raises:
        Back: for b.
    """
    return int(prompt(text, _digits, str(default), show_default))


def within(text: str, default: int, least: int | None = None, most: int | None = None) -> int:
    """A whole number that must be given, no less and no more than some other.

    Raises:
        Back: for b.
    """

    def read(said: str) -> int:
        if said.strip() == "-":
            raise click.BadParameter("A number is needed here. b goes back.")
        number = _digits(said)
        if least is not None and number < least:
            raise click.BadParameter(f"{number} is too low: {least} or more. b goes back.")
        if most is not None and number > most:
            raise click.BadParameter(f"{number} is too high: {most} or less. b goes back.")
        return number

    return int(prompt(text, read, str(default)))
