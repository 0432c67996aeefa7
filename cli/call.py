"""What every command shares: the options --rules and --json, the rule book, and printing."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from sharedvalue.engine.language.rulebook import RuleBook
    from sharedvalue.engine.language.scenario import Scenario

Function = TypeVar("Function", bound=Callable[..., object])


class Call:
    """One call of the command line. A command gets it as its argument `call`."""

    def __init__(self) -> None:
        self.rules: tuple[str, ...] = ()
        self.json = False

    @functools.cached_property
    def book(self) -> RuleBook:
        """The rule book with the house directories of --rules laid over it."""
        from sharedvalue.engine.language.loading import load

        return load(self.rules)

    def scenario(self, path: str) -> Scenario:
        """The scenario of a file, or of standard input for '-'."""
        from sharedvalue.engine.language.scenario import load_scenario

        return load_scenario(path, self.book)

    def print(self, lines: str | Iterable[str]) -> None:
        """Prints an answer to standard output."""
        click.echo(lines if isinstance(lines, str) else "\n".join(lines), color=colours())

    def print_json(self, value: object) -> None:
        click.echo(json.dumps(value, indent=2, ensure_ascii=False))

    def note(self, text: str) -> None:
        """Says something beside the answer: to standard error, in one line."""
        click.echo(text, err=True)

    def print_version(self) -> None:
        from importlib.metadata import PackageNotFoundError, version

        from sharedvalue.engine.readings.fire import matcher_in_use

        try:
            release = version("sharedvalue")
        except PackageNotFoundError:  # run from a checkout that was not installed
            release = "unreleased"
        book = self.book
        _, matched_by = matcher_in_use()
        if self.json:
            self.print_json(
                {
                    "schema": "sharedvalue/version/1",
                    "version": release,
                    "matched_by": matched_by,
                    "rulebook": book.identity(),
                }
            )
            return
        changes = len(book.house_changes)
        house = f", {changes} house change{'s' if changes > 1 else ''}" if changes else ""
        self.print(
            f"sharedvalue {release}\nrule book {book.version} of {book.date} ({book.hash}){house}\n"
            f"rules matched by {matched_by}"
        )


def colours() -> bool | None:
    """False where colour is not wanted; else click looks whether the output is a terminal."""
    return False if os.environ.get("NO_COLOR") or not sys.stdout.isatty() else None


def global_options(function: Function) -> Function:
    """Adds --rules and --json, before and after the command alike, and hands the Call over as `call`."""

    @click.option(
        "--rules",
        "house",
        multiple=True,
        metavar="DIR",
        help="Lay a house rule directory over the rule book; repeatable.",
    )
    @click.option("-j", "--json", "as_json", is_flag=True, help="Print JSON for other programs.")
    @functools.wraps(function)
    def wrapped(house: tuple[str, ...], as_json: bool, *args: object, **kwargs: object) -> object:
        ctx = click.get_current_context()
        call = ctx.find_object(Call) or ctx.ensure_object(Call)
        call.rules += house
        call.json = call.json or as_json
        return function(*args, call=call, **kwargs)

    return wrapped  # type: ignore[return-value]  # click's decorators keep the call signature of a command


def read_settings(written: Iterable[str]) -> dict[str, str]:
    """What --set FACT=VALUE says, each time it is given.

    Raises:
        UserError: SV120 where one sets nothing, SV206 where two set the same.
    """
    from sharedvalue.engine.errors import mistake
    from sharedvalue.engine.language.addresses import setting

    found: dict[str, str] = {}
    for text in written:
        name, equals, value = setting(text)
        if not equals or not name or not value:
            raise mistake(
                "SV120",
                f"--set {text}",
                "this sets nothing",
                "Write --set FACT=VALUE, for example --set contribution=40.",
            )
        if name in found:
            raise mistake("SV206", f"--set {text}", f"{name} is set twice", "Say once what it is.")
        found[name] = value
    return found
