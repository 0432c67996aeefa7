"""`rules diff`: two rule books compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.engine.language.rulebook import scenarios_folder
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.questions.book_diff import BookDiff, Witness


def saved(paths: tuple[str, ...]) -> list[Path | str]:
    """The scenarios that were named, or those that come with sharedvalue."""
    return list(paths) or sorted(scenarios_folder().glob("*.yaml"))


@click.command(
    epilog="\b\nExamples:\n  sharedvalue rules diff shipped our-house/\n  sharedvalue rules diff 1.0.0 shipped\n"
    "  sharedvalue rules diff house-2025/ house-2026/ my-community.yaml\n"
    "  sharedvalue rules diff shipped our-house/ --json"
)
@click.argument("old")
@click.argument("new")
@click.argument("scenarios", nargs=-1)
@click.option(
    "--budget",
    type=click.FloatRange(1, 3600),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How long proofs may take.",
)
@global_options
def diff(call: Call, old: str, new: str, scenarios: tuple[str, ...], budget: float) -> None:
    """What changed between two rule books, which scenarios they decide differently, and a world where they do, by proof.

    OLD and NEW are folders: a whole rule book, or house rules, which are laid over the one that comes with sharedvalue.
    That one is called "shipped"; the ones before it go by their version: 1.0.0.
    """
    from sharedvalue.engine.questions.book_diff import compare, diff_json, open_book

    found = compare(open_book(old), open_book(new), saved(scenarios), budget)
    if call.json:
        call.print_json(diff_json(found))
    else:
        call.print(diff_lines(found))


def diff_lines(found: BookDiff) -> Iterator[str]:
    """The comparison for a person."""
    if found.changed:
        yield "WRITTEN OTHERWISE"
    for table in dict.fromkeys(one.table for one in found.changed):
        for how in ("added", "removed", "changed"):
            told = [one for one in found.changed if (one.table, one.how) == (table, how)]
            if told:
                names = ", ".join(f"{one.name}{f' ({one.what})' if one.what else ''}" for one in told)
                yield from fold(f"{table}, {len(told)} {how}: {names}", WIDTH, "   ", first=" ")
    if not found.changed:
        yield "Nothing is written otherwise."
    yield ""
    yield f"SCENARIOS  {len(found.differ)} decided differently, {found.agree} as before"
    for each in found.differ:
        yield from fold(f"{Path(each.path).name}: {each.before} -> {each.after}", WIDTH, "   ", first=" ")
    yield ""
    if found.witnesses:
        yield "WORLDS THAT THEY DECIDE DIFFERENTLY, one a shape of case"
        for witness in found.witnesses:
            yield from fold(_witness(witness), WIDTH, "   ", first=" ")
    if found.same_in:
        yield from fold(
            f"Proven: no world is decided differently with {', '.join(found.same_in)}.", WIDTH, "  "
        )
    if found.unsettled:
        yield from fold(f"Not settled within the budget: {', '.join(found.unsettled)}.", WIDTH, "  ")


def _witness(witness: Witness) -> str:
    (one, by), (other, other_by) = witness.before, witness.after
    return f"{witness.shape}: {one} by {by} -> {other} by {other_by} (the world: --json)"
