"""`facts`: the vocabulary - every fact that a scenario may state, one in full, or what a scenario leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.language.facts import Fact
    from sharedvalue.engine.language.rulebook import RuleBook

SCHEMA = "sharedvalue/facts/1"
ONE_SCHEMA = "sharedvalue/fact/1"


@click.command(
    epilog="\b\nExamples:\n  sharedvalue facts\n  sharedvalue facts sponsor_stance\n  sharedvalue facts --open my-community.yaml"
)
@click.argument("name", required=False)
@click.option("--open", "scenario", metavar="SCENARIO", help="Only the facts that this scenario leaves open.")
@click.option(
    "--group",
    metavar="GROUP",
    help="Only one group: community, members, sponsor, overlap, membership, evidence.",
)
@global_options
def facts(call: Call, name: str | None, scenario: str | None, group: str | None) -> None:
    """The facts that a scenario may state: what each means, what values it takes, and who could change it."""
    book = call.book
    if name is not None:
        _one(call, name)
        return
    chosen = _chosen(call, book, scenario, group)
    if call.json:
        from sharedvalue.cli.rule_book_pages import fact_json

        call.print_json({"schema": SCHEMA, "facts": [fact_json(book, fact) for fact in chosen]})
        return
    call.print(_tables(chosen))
    call.note("One in full: sharedvalue facts NAME")


def _one(call: Call, name: str) -> None:
    from sharedvalue.cli import rule_book_pages as pages
    from sharedvalue.engine.errors import did_you_mean, mistake

    found = pages.find(call.book, name)
    if found is None or found.kind != "fact":
        raise mistake(
            "SV204",
            name,
            f"the rule book has no fact '{name}'",
            did_you_mean(name.lower(), call.book.facts) or "List them with: sharedvalue facts",
        )
    if call.json:
        call.print_json({"schema": ONE_SCHEMA, **pages.fact_json(call.book, call.book.facts[found.name])})
    else:
        call.print(pages.fact_lines(call.book, found.name))


def _chosen(call: Call, book: RuleBook, scenario: str | None, group: str | None) -> list[Fact]:
    from sharedvalue.engine.errors import did_you_mean, mistake
    from sharedvalue.engine.language.facts import GROUPS
    from sharedvalue.engine.worlds import form

    if group is not None and group not in GROUPS:
        raise mistake(
            "SV209",
            "--group",
            f"there is no group '{group}'",
            did_you_mean(group, GROUPS) or f"Groups: {', '.join(GROUPS)}.",
        )
    found = [fact for fact in book.facts.values() if group in (None, fact.group)]
    if scenario is None:
        return found
    read = call.scenario(scenario)
    given = {fact_of(n) for n, s in read.stated.items() if s.kind == "known"} | set(read.records)
    named = given | set(read.texts)
    worlds = form(book, read)
    closed = {
        n
        for n, f in book.facts.items()
        if f.applies_when and (s := read.stated.get(f.applies_when)) is not None and s.values == (0,)
    } | worlds.unasked
    return [fact for fact in found if fact.name not in named and fact.name not in closed]


def _tables(chosen: list[Fact]) -> Iterator[str]:
    from sharedvalue.cli.tables import table
    from sharedvalue.engine.language.facts import GROUP_TITLES

    first = True
    for group, title in GROUP_TITLES.items():
        rows = [
            [f.name, f"{f.title}: {short_type(f)}", f.owner.replace("_", " ")]
            for f in chosen
            if f.group == group
        ]
        if rows:
            if not first:
                yield ""
            first = False
            yield title.upper()
            yield table(["fact", "what it is", "who can change it"], rows)
    if first:
        yield from fold("Nothing is open: every fact is stated.", WIDTH)


def short_type(fact: Fact) -> str:
    """The values of a fact, in a few words."""
    from sharedvalue.engine.language.types import ChoiceType, NumberType, RecordsType, YesNo, say

    kind = fact.type
    if isinstance(kind, NumberType):
        return f"{say(kind.lo, kind)} to {say(kind.hi, kind)}" + (
            f" {kind.unit}" if kind.unit in ("months",) else ""
        )
    if isinstance(kind, ChoiceType):
        return ", ".join(kind.options)
    if isinstance(kind, RecordsType):
        return "a list of " + ", ".join(f.name for f in kind.fields)
    return "yes or no" if isinstance(kind, YesNo) else "a text"
