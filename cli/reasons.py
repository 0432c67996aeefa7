"""`sharedvalue reasons`: every minimal set of facts that alone forces the outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from cli.call import Call, global_options
from cli.page import WIDTH, fold

if TYPE_CHECKING:
    from engine.questions.reasons import Reasons

SHOWN = 12


@click.command(
    epilog="\b\nExamples:\n  sharedvalue reasons scenarios/neophytes-and-experts.yaml\n"
    "  sharedvalue reasons my-community.yaml --all\n  sharedvalue reasons my-community.yaml --budget 60 --json"
)
@click.argument("scenario")
@click.option("--all", "everything", is_flag=True, help=f"Print all reasons, not only the {SHOWN} shortest.")
@click.option(
    "--budget",
    type=click.FloatRange(0.01, 3600),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to look.",
)
@global_options
def reasons(call: Call, scenario: str, everything: bool, budget: float) -> None:
    """Which facts alone settle the outcome: every minimal set of them, whatever all other facts are.

    Proven: each set is enough, and none has a fact too many. What is in every set is needed; what is in none plays no
    part in the outcome as it stands.
    """
    from engine.decision import decide
    from engine.questions.reasons import reasons as ask_reasons
    from engine.questions.reasons import reasons_json
    from engine.worlds import form

    found = ask_reasons(decide(form(call.book, call.scenario(scenario))), budget_seconds=budget)
    if call.json:
        call.print_json(reasons_json(found))
    else:
        call.print(reasons_lines(found, everything))


def reasons_lines(found: Reasons, everything: bool = False) -> Iterator[str]:
    """The printed form."""
    decision = found.decision
    title = decision.worlds.book.outcomes.outcomes[decision.outcome].title
    yield f"OUTCOME  {title}"
    if not decision.certain:
        yield from fold(
            "Undecided: open facts leave several outcomes, so no set of facts settles it. See: sharedvalue ask SCENARIO",
            WIDTH,
            " ",
            first=" ",
        )
        return
    count = len(found.reasons)
    if found.complete:
        yield from fold(
            f"{count} {'set' if count == 1 else 'sets'} of facts, each enough alone. There are no more.",
            WIDTH,
            " ",
            first=" ",
        )
    else:
        yield from fold(
            f"INCOMPLETE: {count} {'set' if count == 1 else 'sets'} of facts found and proven in {found.seconds:g} seconds; "
            "there may be more. A longer --budget may find them.",
            WIDTH,
            " ",
            first=" ",
        )
    if found.necessary:
        yield ""
        yield "IN EVERY SET"
        yield from _facts(found, found.necessary)
    shown = found.reasons if everything else found.reasons[:SHOWN]
    for number, reason in enumerate(shown, 1):
        rest = [name for name in reason if name not in found.necessary]
        if not rest and count == 1:
            break
        if number == 1:
            yield ""
            yield "AND ONE OF THESE" if found.necessary else "ONE OF THESE"
        said = "; ".join(_said(found, name) for name in rest) or "nothing more"
        yield from fold(f"{number} {said}", WIDTH, "     ", first="  ")
    if len(shown) < count:
        yield from fold(f"and {count - len(shown)} longer ones (--all)", WIDTH, " ", first=" ")
    if found.irrelevant:
        yield ""
        yield "IN NO SET"
        yield from _facts(found, found.irrelevant)


def _facts(found: Reasons, names: Iterable[str]) -> Iterator[str]:
    yield from fold("; ".join(_said(found, name) for name in names), WIDTH, " ", first=" ")


def _said(found: Reasons, name: str) -> str:
    from engine.questions.naming import Naming

    naming, worlds = Naming(found.decision.worlds), found.decision.worlds
    return f"{naming.title(name)} {naming.said(name, worlds.domains[name].lo)}"
