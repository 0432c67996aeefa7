"""Prompts of the guided import: each can be gone back from."""

from __future__ import annotations

from typing import Any

import click

from sharedvalue.engine.telling.page import WIDTH, fold

BACK = "b"


class Back(Exception):
    """A person wants the question before."""


def say(text: str) -> None:
    click.echo("\n".join(fold(text, WIDTH)))


def prompt(
    text: str, kind: click.ParamType[Any] | None = None, default: str | None = None, show_default: bool = True
) -> str:
    """What a person writes, of a kind.

    Raises:
        Back: for b.
    """
    convert = kind or click.STRING

    def read(said: str) -> str:
        if said.strip().casefold() == BACK:
            raise Back
        return str(convert(said))

    return click.prompt(text, default=default, value_proc=read, show_default=show_default)


def confirm(text: str, default: bool) -> bool:
    """Yes or no.

    Raises:
        Back: for b.
    """
    shown = "[Y/n]" if default else "[y/N]"
    said = prompt(
        f"{text} {shown}",
        click.Choice(["y", "n", "yes", "no"], case_sensitive=False),
        "y" if default else "n",
        False,
    )
    return said.casefold().startswith("y")


def whole(text: str, default: int, show_default: bool = True) -> int:
    """A whole number.

    Raises:
        Back: for b.
    """
    return int(prompt(text, click.INT, str(default), show_default))
