"""`sharedvalue reasons`: every minimal set of facts that alone forces the outcome."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.questions.reasons import Reasons

SHOWN = 12


@click.command(
    epilog="\b\nExamples:\n  sharedvalue reasons scenarios/neophytes-and-experts.yaml\n"
    "  sharedvalue reasons my-community.yaml --all\n  sharedvalue reasons my-community.yaml --cells --budget 60 --json"
)
@click.argument("scenario")
@click.option("--all", "everything", is_flag=True, help=f"Print all reasons, not only the {SHOWN} shortest.")
@click.option(
    "--cells",
    is_flag=True,
    help="Take the lists apart: each of their values is a fact of its own. This may take long.",
)
@click.option(
    "--budget",
    type=click.FloatRange(0.01, 3600),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to look.",
)
@global_options
def reasons(call: Call, scenario: str, everything: bool, cells: bool, budget: float) -> None:
    """Which facts alone settle the outcome: every minimal set of them, whatever all other facts are stated to be.

    A range is a fact as well: contribution from 55 to 70. Proven: each set is enough, and none has a fact too many. What
    is in every set is needed; what is in none plays no part in the outcome as it stands. A list that counts only through
    sums over all its records (needs, sponsors) is one fact: it is held as given, or let loose as a whole.
    """
    from sharedvalue.engine.decision import decide
    from sharedvalue.engine.questions.reasons import reasons as ask_reasons
    from sharedvalue.engine.questions.reasons import reasons_json
    from sharedvalue.engine.worlds import form

    decision = decide(form(call.book, call.scenario(scenario)))
    found = ask_reasons(decision, budget=budget, cells=cells)
    if call.json:
        call.print_json(reasons_json(found))
    else:
        call.print(reasons_lines(found, everything))


def reasons_lines(found: Reasons, everything: bool = False) -> Iterator[str]:
    """The printed form."""
    from sharedvalue.engine.telling import sets as say

    decision = found.decision
    title = decision.worlds.book.outcomes.outcomes[decision.outcome].title
    yield f"OUTCOME  {title}"
    if not decision.certain:
        yield from fold(
            f"{say.UNDECIDED} See: sharedvalue ask SCENARIO",
            WIDTH,
            " ",
            first=" ",
        )
        return
    count = len(found.reasons)
    more = "" if found.complete else " A longer --budget may find them."
    yield from fold(f"{say.opening(found)}{more}", WIDTH, " ", first=" ")
    if listed := say.lists(found):
        yield from fold(f"{listed} --cells takes them apart.", WIDTH, " ", first=" ")
    if assumed := say.assumed(found):
        yield from fold(assumed, WIDTH, " ", first=" ")
    if found.necessary:
        yield ""
        yield "IN EVERY SET"
        yield from fold(say.facts(found, found.necessary), WIDTH, " ", first=" ")
    shown = found.reasons if everything else found.reasons[:SHOWN]
    for number, reason in enumerate(shown, 1):
        rest = [name for name in reason if name not in found.necessary]
        if not rest and count == 1:
            break
        if number == 1:
            yield ""
            yield "AND ONE OF THESE" if found.necessary else "ONE OF THESE"
        said = say.facts(found, rest) or "nothing more"
        yield from fold(f"{number} {said}", WIDTH, "     ", first="  ")
    if len(shown) < count:
        yield from fold(f"and {count - len(shown)} longer ones (--all)", WIDTH, " ", first=" ")
    if found.irrelevant:
        yield ""
        yield "IN NO SET"
        yield from fold(say.facts(found, found.irrelevant), WIDTH, " ", first=" ")
