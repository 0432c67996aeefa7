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

    What would make it certain comes first; apart from that, what would only make it possible, and how open facts would
    then have to turn out. Each answer is proven: no cheaper change does so, and no part of it is enough. A measured value
    moves only through what it measures. Facts that nobody can change stay as they are.
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
    for group in say.groups(flips):
        yield ""
        yield group.heading
        for owners, some in group.owners:
            yield from fold(owners, WIDTH, " ", first=" ")
            for one in some:
                yield from fold(one.head, WIDTH, "     ", first="   ")
                for change in one.changes:
                    yield from fold(change, WIDTH, "       ", first="     ")
                for text in one.then:
                    yield from fold(text, WIDTH, "         ", first="       ")
    for rest in say.beside(flips):
        yield ""
        yield f"{rest.heading}  {rest.title}"
        yield from fold(rest.text, WIDTH, " ", first=" ")
    if flips.flips or flips.openings:
        yield ""
        yield from fold(say.EFFORT, WIDTH)
