"""Questions asked one by one at the terminal, with a way back: what was answered before is given again, unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

Found = TypeVar("Found")
BACK = "b"
WIDTH = 78
NEEDED = "The record needs an answer to this. Ctrl-C stops, and nothing is recorded."


class _Back(Exception):
    """Somebody wants to go back to the question before."""


class Dialogue:
    """What is asked, and what was answered so far. `hold` asks it all; who goes back is asked the question before once more."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.ahead: list[str] = []

    def hold(self, ask: Callable[[Dialogue], Found]) -> Found:
        """All questions, again from the one before as often as somebody goes back."""
        while True:
            try:
                return ask(self)
            except _Back:
                self.ahead, self.given = self.given[:-1], []

    def say(self, text: str, indent: str = "", hang: str = "") -> None:
        """A line to read; not again what was read before."""
        if not self.ahead:
            click.echo(click.wrap_text(text, WIDTH, indent, hang), err=True)

    def typed(self, question: str) -> str:
        """What is typed on the line of a question; nothing where only Enter is pressed."""
        if self.ahead:
            text = self.ahead.pop(0)
        else:
            suffix = " " if question.endswith("?") else ": "
            text = str(click.prompt(question, "", show_default=False, prompt_suffix=suffix, err=True)).strip()
            if text.casefold() == BACK:
                raise _Back
        self.given.append(text)
        return text

    def wrong(self, text: str) -> None:
        """Why an answer cannot be taken: it is asked for again, and forgotten."""
        self.given.pop()
        self.say(text, "  ", "  ")

    def ask(
        self, question: str, help: str = "", read: Callable[[str], Any] | None = None, needed: bool = False
    ) -> Any:
        """An answer; asked again where it cannot be read or is `needed` and empty, else left out where it is empty."""
        from sharedvalue.engine.errors import UserError

        if help:
            self.say(help, "  ", "  ")
        while True:
            text = self.typed(question)
            if not text and needed:
                self.wrong(NEEDED)
                continue
            if not text or read is None:
                return text if read is None else None
            try:
                return read(text)
            except UserError as error:
                self.wrong(f"{error.problems[0].what}. {error.problems[0].mend}")

    def sure(self, question: str) -> bool:
        """Whether something is so; Enter says no."""
        return self.typed(f"{question} [y/N]").casefold() in ("y", "yes")

    def choose(self, question: str, choices: Mapping[str, str], help: str = "", needed: bool = False) -> str:
        """One of some answers by its number or its name; '' where none is chosen."""
        while not (found := self.choose_some(question, choices, help, 1)) and needed:
            self.wrong(NEEDED)
        return found[0] if found else ""

    def choose_some(self, question: str, choices: Mapping[str, str], help: str, most: int) -> tuple[str, ...]:
        """At most so many of some answers, by number or name, with commas between; none where nothing is typed."""
        if help:
            self.say(help, "  ", "  ")
        for number, words in enumerate(choices.values(), start=1):
            self.say(f"{number}  {words}", "  ", "     ")
        while True:
            text = self.typed(question)
            parts = [part.strip() for part in (text.split(",") if most > 1 else [text]) if part.strip()]
            found = [_chosen(part, choices) for part in parts]
            if all(found) and len(found) <= most:
                return tuple(found)
            several = ", several with commas between" if most > 1 else ""
            self.wrong(f"Type a number from 1 to {len(choices)}{several}, or press Enter for none.")

    def many(self, question: str, help: str, read: Callable[[str], Any]) -> tuple[Any, ...]:
        """As many answers as somebody has."""
        found: list[Any] = []
        while (
            one := self.ask(question if not found else "  and (Enter: no more)", "" if found else help, read)
        ) is not None:
            found.append(one)
        return tuple(found)


def _chosen(text: str, choices: Mapping[str, str]) -> str:
    """The answer that somebody means: by its number, its name, its words, or how the words of this one alone begin."""
    names, said = list(choices), text.casefold()
    if text.isascii() and text.isdigit():
        return names[int(text) - 1] if 0 < int(text) <= len(names) else ""
    named = said.replace(" ", "_")
    same = [n for n, words in choices.items() if n.casefold() == named or words.casefold() == said]
    begun = same or [n for n, words in choices.items() if words.casefold().startswith(said)]
    return begun[0] if len(begun) == 1 else ""
