"""`sharedvalue flip`: the cheapest changes that would lead to another outcome, by who can make them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.questions.flip import Flips


@click.command(
    epilog="\b\nExamples:\n  sharedvalue flip scenarios/neophytes-and-experts.yaml\n"
    "  sharedvalue flip scenarios/neophytes-and-experts.yaml --to keep-course\n"
    "  sharedvalue flip my-community.yaml --keep contribution --keep 'segments[experts].overlap'\n"
    "  sharedvalue flip my-community.yaml --json"
)
@click.argument("scenario")
@click.option("--to", metavar="OUTCOME", help="Only changes that lead to this outcome.")
@click.option("--keep", multiple=True, metavar="FACT", help="A fact that must stay as it is; repeatable.")
@global_options
def flip(call: Call, scenario: str, to: str | None, keep: tuple[str, ...]) -> None:
    """What would have to change for another outcome, and who could change it.

    Each answer is proven: no cheaper change leads there, and no part of it is enough. A measured value moves only
    through what it measures. Facts that nobody can change stay as they are.
    """
    from sharedvalue.engine.decision import decide
    from sharedvalue.engine.questions.flip import flip as ask_flip
    from sharedvalue.engine.questions.flip import flips_json
    from sharedvalue.engine.worlds import form

    found = ask_flip(decide(form(call.book, call.scenario(scenario))), to, keep)
    if call.json:
        call.print_json(flips_json(found))
    else:
        call.print(flip_lines(found))


def flip_lines(flips: Flips) -> Iterator[str]:
    """The printed form."""
    from sharedvalue.engine.telling import flips as say

    outcomes = flips.decision.worlds.book.outcomes.outcomes
    yield f"NOW  {outcomes[flips.decision.outcome].title}"
    if standing := say.standing_on(flips):
        yield from fold(standing, WIDTH, " ", first=" ")
    for direction, heading in say.SECTIONS:
        mine = [f for f in flips.flips if f.direction == direction]
        if mine:
            yield ""
            yield heading
        for owners, group in say.by_owners(flips, mine).items():
            yield from fold(owners, WIDTH, " ", first=" ")
            for one in group:
                yield from fold(say.head(flips, one), WIDTH, "     ", first="   ")
                for change in one.changes:
                    yield from fold(say.change_words(flips, change), WIDTH, "       ", first="     ")
    for outcome in flips.unreachable:
        yield ""
        yield f"{say.out_of_reach(flips, outcome)}  {outcomes[outcome].title}"
        yield from fold(say.against(flips, outcome), WIDTH, " ", first=" ")
    for outcome in flips.undecided:
        yield ""
        yield f"{say.NOT_SETTLED}  {outcomes[outcome].title}"
        yield from fold(say.OUT_OF_BUDGET, WIDTH, " ", first=" ")
    if flips.flips:
        yield ""
        yield from fold(say.EFFORT, WIDTH)
