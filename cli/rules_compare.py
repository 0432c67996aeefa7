"""`rules diff`: two rule books compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.kept_answer import answered
from sharedvalue.cli.progress import Progress
from sharedvalue.engine.language.rulebook import scenarios_folder, shipped_scenarios
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.questions.book_diff import BookDiff, Witness


def saved(paths: tuple[str, ...]) -> list[Path | str]:
    """The scenarios that were named, or those that come with sharedvalue."""
    return list(paths) or sorted(scenarios_folder().glob("*.yaml"))


def content_of(path: Path | str) -> bytes | None:
    """What a scenario says; None where it can be read once only, or not at all."""
    file = Path(path) if Path(path).is_file() else shipped_scenarios().get(str(path).removesuffix(".yaml"))
    return None if file is None else Path(file).read_bytes()


@click.command(
    epilog="\b\nExamples:\n  sharedvalue rules diff shipped our-house/\n  sharedvalue rules diff 1.0.0\n"
    "  sharedvalue rules diff house-2025/ house-2026/ my-community.yaml\n"
    "  sharedvalue rules diff shipped our-house/ --json"
)
@click.argument("old")
@click.argument("new", default="shipped")
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
    That one is called "shipped", and is meant where NEW is left out; the ones before it go by their version: 1.0.0.
    """
    from sharedvalue.engine.questions.book_diff import compare, diff_json, open_book

    before, now, paths = open_book(old), open_book(new), saved(scenarios)

    def work(progress: Progress | None) -> tuple[Iterable[str], Mapping[str, object], bool, bool]:
        found = compare(before, now, paths, budget, progress)
        return diff_lines(found), diff_json(found), True, not found.unsettled

    written = [content_of(path) for path in paths]
    asked = ("rules diff", old, new, before.hash, now.hash, paths, written, budget)
    found = answered(call, None if None in written else asked, "cases and shapes of case", work)
    if call.json:
        call.print_json(found.told)
    else:
        call.print(found.text)


def diff_lines(found: BookDiff) -> Iterator[str]:
    """The comparison for a person: first what is decided otherwise."""
    from sharedvalue.engine.telling.book_changes import change_lines

    yield f"RULE BOOK {found.old.version} of {found.old.date}, and now {found.new.version} of {found.new.date}"
    yield ""
    yield f"SCENARIOS  {len(found.differ)} decided differently, {found.agree} as before"
    for each in found.differ:
        yield f" {Path(each.path).name}"
        yield from fold(f"before  {each.before}", WIDTH, "           ", first="   ")
        yield from fold(f"now     {each.after}", WIDTH, "           ", first="   ")
    yield ""
    yield "WRITTEN OTHERWISE" if found.changed else "Nothing is written otherwise."
    yield from change_lines(found.changed, found.old, found.new)
    yield ""
    if found.witnesses:
        yield "CASES THAT THEY DECIDE DIFFERENTLY, one for each length of a list (whole: --json)"
        for witness in found.witnesses:
            yield from fold(_witness(witness, found), WIDTH, "   ", first=" ")
    if found.same_in:
        yield from fold(
            f"Proven: no world is decided differently with {', '.join(found.same_in)}.", WIDTH, "  "
        )
    if found.unsettled:
        yield from fold(f"Not settled within the budget: {', '.join(found.unsettled)}.", WIDTH, "  ")


def _witness(witness: Witness, found: BookDiff) -> str:
    (one, by), (other, other_by) = witness.before, witness.after
    before, now = found.old.outcomes.outcomes[one].title, found.new.outcomes.outcomes[other].title
    return (
        f"{witness.shape.replace('_', ' ')}: before {before.lower()} ({by}), now {now.lower()} ({other_by})"
    )
