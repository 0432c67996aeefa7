"""`explain`: what a word of sharedvalue means - an error code, a fact, a threshold, a rule, a claim, an outcome, a mode."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.engine.error_codes import CODES, ErrorCode
from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.telling.page import fold

SCHEMA = "sharedvalue/explain/1"


@click.command(
    epilog="\b\nExamples:\n  sharedvalue explain SV204\n  sharedvalue explain O07\n  sharedvalue explain overlap_strong\n"
    "  sharedvalue explain RESTRICT_MEMBERSHIP\n  sharedvalue explain          all error codes"
)
@click.argument("word", required=False)
@global_options
def explain(call: Call, word: str | None) -> None:
    """Explain an error code, or any word of the rule book: a rule, claim, fact, threshold, outcome, mode, action or risk."""
    if word is None:
        _all_codes(call)
        return
    code = CODES.get(word.upper())
    if code is not None:
        if call.json:
            call.print_json({"schema": SCHEMA, "what": "code", **code.as_json()})
        else:
            call.print(code_lines(code))
        return
    kind, shown, json = _of_rule_book(call, word)
    if call.json:
        call.print_json({"schema": SCHEMA, "what": kind, **json()})
    else:
        call.print(shown())


def _all_codes(call: Call) -> None:
    if call.json:
        call.print_json(
            {"schema": SCHEMA, "what": "codes", "codes": [code.as_json() for code in CODES.values()]}
        )
        return
    from sharedvalue.cli.tables import table

    call.print(
        table(
            ["code", "title", "about"], [[c.code, c.title, c.block] for c in CODES.values()], [None, 44, 26]
        )
    )


def code_lines(code: ErrorCode) -> Iterator[str]:
    """One code in full."""
    yield f"{code.code}  {code.title}"
    yield ""
    yield from fold(code.means, 80)
    yield ""
    yield from fold(f"Why it is refused: {code.why}", 80)
    for heading, example in (("Wrong", code.wrong), ("Mended", code.mended)):
        if example:
            yield ""
            yield heading
            yield from (f"  {line}" for line in example.splitlines())


def _of_rule_book(
    call: Call, word: str
) -> tuple[str, Callable[[], Iterable[str]], Callable[[], dict[str, object]]]:
    """What kind of thing a word of the rule book is, its lines for a person, and its JSON."""
    from sharedvalue.cli import rule_book_pages as pages

    book = call.book
    found = pages.find(book, word)
    if found is None:
        known = [*CODES, *pages.words(book)]
        near = (
            did_you_mean(word, known)
            or did_you_mean(word.upper(), known)
            or did_you_mean(word.lower(), known)
        )
        raise mistake(
            "SV209",
            word,
            "there is nothing of this name to explain",
            near
            or "Give a code such as SV204, a rule such as O07, or a fact; sharedvalue explain lists the codes.",
        )
    return found.kind, lambda: pages.lines(book, found), lambda: pages.as_json(book, found)


__all__ = ["code_lines", "explain"]
