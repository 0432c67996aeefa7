"""`sharedvalue sensitivity`: for each fact and threshold, how far it may move before the outcome changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.questions.sensitivity import Sensitivities, Sensitivity

BAR = 16


@click.command(
    epilog="\b\nExamples:\n  sharedvalue sensitivity scenarios/neophytes-and-experts.yaml\n"
    "  sharedvalue sensitivity my-community.yaml --all\n  sharedvalue sensitivity my-community.yaml -o bars.svg\n"
    "  sharedvalue sensitivity my-community.yaml --json"
)
@click.argument("scenario")
@click.option("--all", "everything", is_flag=True, help="Print also what may take any value.")
@click.option("-o", "--output", metavar="FILE", help="Draw a bar for each number: .svg or .png.")
@global_options
def sensitivity(call: Call, scenario: str, everything: bool, output: str | None) -> None:
    """How sure is it: for each fact, and each threshold of the rule book, how far it may move, alone, before the outcome changes.

    A fact that moves forms the case anew, as if the file said so; where facts are open, all that they may be counts.
    Exact, by proof. The nearest border comes first.
    """
    from sharedvalue.engine.decision import decide
    from sharedvalue.engine.questions.sensitivity import sensitivity as ask_sensitivity
    from sharedvalue.engine.questions.sensitivity import sensitivity_json
    from sharedvalue.engine.worlds import form

    if output is not None:
        from sharedvalue.engine.graph.bars import check_bars

        check_bars(output)
    found = ask_sensitivity(decide(form(call.book, call.scenario(scenario))))
    if call.json:
        call.print_json(sensitivity_json(found))
    else:
        call.print(sensitivity_lines(found, everything))
    if output is not None:
        from sharedvalue.engine.graph.bars import write_bars
        from sharedvalue.engine.telling import borders

        rows = [
            borders.bar(found, one)
            for one in (*found.facts, *found.thresholds)
            if one.is_number and one.matters
        ]
        title = found.decision.worlds.book.outcomes.outcomes[found.decision.outcome].title
        write_bars(
            output,
            f"How far it is from another outcome: {title}",
            borders.PICTURE if rows else borders.NO_BAR,
            rows,
        )
        call.note(f"wrote {output}: {len(rows)} bar{'s' if len(rows) != 1 else ''}")


def sensitivity_lines(found: Sensitivities, everything: bool = False) -> Iterator[str]:
    """The printed form."""
    from sharedvalue.engine.telling import borders

    outcomes = found.decision.worlds.book.outcomes.outcomes
    note = "  PROVISIONAL: another outcome is near" if found.provisional else ""
    yield f"OUTCOME  {outcomes[found.decision.outcome].title}{note}"
    if said := borders.standing(found):
        yield from fold(said, WIDTH, " ", first=" ")
    for heading, items in (("FACTS", found.facts), ("THRESHOLDS (* house default)", found.thresholds)):
        numbers = [one for one in items if one.is_number and (one.matters or everything)]
        choices = [
            one
            for one in items
            if not one.is_number and (one.matters or everything or (one.keeps and borders.impossible(one)))
        ]
        if items:
            yield ""
            yield heading
        if numbers:
            from sharedvalue.cli.tables import table

            yield table(
                ["", "now", "stays", "", "beyond"],
                [_row(found, one) for one in numbers],
                [24, None, None, None, 16],
            )
        for one in choices:
            yield from fold(borders.choice(found, one), WIDTH, "   ", first=" ")
        free = [
            borders.title(found, one).rstrip("*") for one in items if not one.matters and one not in choices
        ]
        if free and not everything:
            yield from fold(f"may be anything: {', '.join(free)}", WIDTH, "   ", first=" ")
    if found.undecided:
        yield ""
        address = found.decision.worlds.scenario.address
        yield from fold(
            f"NOT SETTLED within the budget: {', '.join(address(n) for n in found.undecided)}", WIDTH, " "
        )


def _row(found: Sensitivities, one: Sensitivity) -> list[str]:
    from sharedvalue.engine.telling.borders import row

    name, now, stays, beyond = row(found, one)
    return [name, now, stays, text_bar(one), beyond]


def text_bar(one: Sensitivity) -> str:
    """A bar in text: # where the outcome stays, . where it does not, | where things stand."""
    from sharedvalue.engine.telling.borders import places

    start, end, at = (round(max(0.0, min(1.0, place)) * (BAR - 1)) for place in places(one))
    cells = ["#" if start <= cell <= end else "." for cell in range(BAR)]
    cells[at] = "|"
    return "".join(cells)
