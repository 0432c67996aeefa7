"""`sharedvalue sensitivity`: for each fact and threshold, how far it may move before the outcome changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from cli.call import Call, global_options
from cli.page import WIDTH, fold

if TYPE_CHECKING:
    from engine.graph.bars import Bar
    from engine.questions.sensitivity import Border, Sensitivities, Sensitivity

BAR = 16
COUNTS_SHOWN = 4  # a count has no natural end: its bar ends at this many times its largest number


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

    Exact to the whole step, by proof. The nearest border comes first.
    """
    from engine.decision import decide
    from engine.questions.sensitivity import sensitivity as ask_sensitivity
    from engine.questions.sensitivity import sensitivity_json
    from engine.worlds import form

    if output is not None:
        from engine.graph.bars import check_bars

        check_bars(output)
    found = ask_sensitivity(decide(form(call.book, call.scenario(scenario))))
    if call.json:
        call.print_json(sensitivity_json(found))
    else:
        call.print(sensitivity_lines(found, everything))
    if output is not None:
        from engine.graph.bars import write_bars

        rows = [
            _picture_row(found, one)
            for one in (*found.facts, *found.thresholds)
            if one.is_number and one.matters
        ]
        title = found.decision.worlds.book.outcomes.outcomes[found.decision.outcome].title
        subtitle = "Filled: the outcome stays, all else as it is. Hatched: another outcome. The mark: where it stands. * threshold"
        write_bars(output, f"How far it is from another outcome: {title}", subtitle, rows)
        call.note(f"wrote {output}: {len(rows)} bars")


def sensitivity_lines(found: Sensitivities, everything: bool = False) -> Iterator[str]:
    """The printed form."""
    outcomes = found.decision.worlds.book.outcomes.outcomes
    note = "  PROVISIONAL: another outcome is near" if found.provisional else ""
    yield f"OUTCOME  {outcomes[found.decision.outcome].title}{note}"
    if not found.decision.certain:
        yield from fold(
            "Undecided: open facts leave several outcomes, so there is no border to measure. See: sharedvalue ask SCENARIO",
            WIDTH,
            " ",
            first=" ",
        )
        return
    for heading, items in (("FACTS", found.facts), ("THRESHOLDS (* house default)", found.thresholds)):
        numbers = [one for one in items if one.is_number and (one.matters or everything)]
        choices = [one for one in items if not one.is_number and (one.matters or everything)]
        if numbers or choices:
            yield ""
            yield heading
        if numbers:
            from cli.tables import table

            yield table(
                ["", "now", "stays", "", "beyond"],
                [_row(found, one) for one in numbers],
                [24, None, None, None, 16],
            )
        for one in choices:
            yield from fold(_choice(found, one), WIDTH, "   ", first=" ")
        free = [_title(found, one).rstrip("*") for one in items if not one.matters]
        if free and not everything:
            yield from fold(f"may be anything: {', '.join(free)}", WIDTH, "   ", first=" ")
    if found.undecided:
        yield ""
        address = found.decision.worlds.scenario.address
        yield from fold(
            f"NOT SETTLED within the budget: {', '.join(address(n) for n in found.undecided)}", WIDTH, " "
        )


def _title(found: Sensitivities, one: Sensitivity) -> str:
    from engine.questions.naming import Naming

    threshold = found.decision.worlds.book.thresholds.get(one.name)
    if threshold is not None:
        return f"{one.name}{'*' if threshold.is_house else ''}"
    return Naming(found.decision.worlds).title(one.name)


def _said(one: Sensitivity, value: int) -> str:
    from engine.language.types import NumberType, say

    if isinstance(one.type, NumberType) and one.type.unit == "count":
        return f"{value:,}"
    return say(value, one.type)


def _row(found: Sensitivities, one: Sensitivity) -> list[str]:
    assert one.stays_from is not None
    assert one.stays_to is not None
    low = _said(one, one.stays_from) if one.below else ""
    high = _said(one, one.stays_to) if one.above else ""
    stays = (
        f"{low} .. {high}"
        if low and high
        else f"{low} or more"
        if low
        else f"{high} or less"
        if high
        else "any"
    )
    return [_title(found, one), _said(one, one.value), stays, text_bar(one), _beyond(found, one)]


def _beyond(found: Sensitivities, one: Sensitivity) -> str:
    parts = [_outcomes(found, border) for border in (one.below, one.above) if border is not None]
    return " / ".join(dict.fromkeys(parts))


def _outcomes(found: Sensitivities, border: Border) -> str:
    outcomes = found.decision.worlds.book.outcomes.outcomes
    return " or ".join(outcomes[o].title for o in border.outcomes if o != found.decision.outcome)


def _choice(found: Sensitivities, one: Sensitivity) -> str:
    outcomes = found.decision.worlds.book.outcomes.outcomes
    groups: dict[str, list[str]] = {}
    for value, names in (one.changes or {}).items():
        groups.setdefault(" or ".join(outcomes[o].title for o in names), []).append(_said(one, value))
    changes = "; ".join(f"{', '.join(values)}: {title}" for title, values in groups.items())
    keeps = ", ".join(_said(one, value) for value in one.keeps)
    return f"{_title(found, one)}: stays with {keeps}{'; ' if changes else ''}{changes}"


def places(one: Sensitivity) -> tuple[float, float, float]:
    """Where the outcome begins and ends to stay, and where things stand, on a bar from 0 to 1."""
    from engine.language.types import NumberType

    assert isinstance(one.type, NumberType)
    assert one.stays_from is not None
    assert one.stays_to is not None
    lo, hi = one.type.lo, one.type.hi
    if hi - lo > 2000 * one.type.scale:
        numbers = [one.value, *(b.value for b in (one.below, one.above) if b is not None)]
        hi = min(hi, max(COUNTS_SHOWN * max(numbers), lo + one.type.scale))
    start, end, at = ((value - lo) / (hi - lo) for value in (one.stays_from, one.stays_to, one.value))
    return (0.0 if one.below is None else start, 1.0 if one.above is None else end, at)


def text_bar(one: Sensitivity) -> str:
    """A bar in text: # where the outcome stays, . where it does not, | where things stand."""
    start, end, at = (round(max(0.0, min(1.0, place)) * (BAR - 1)) for place in places(one))
    cells = ["#" if start <= cell <= end else "." for cell in range(BAR)]
    cells[at] = "|"
    return "".join(cells)


def _picture_row(found: Sensitivities, one: Sensitivity) -> Bar:
    from engine.graph.bars import Bar

    _, now, stays, _, beyond = _row(found, one)
    start, end, at = places(one)
    return Bar(f"{_title(found, one)} {now}", f"stays {stays}; else {beyond}", start, end, at)
