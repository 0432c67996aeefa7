"""`rules calibrate`: how recorded decisions fell on either side of each threshold, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.ledger_options import ledger_option

if TYPE_CHECKING:
    from sharedvalue.engine.governance.calibrate import Calibrated, Calibration


@click.command(
    epilog="\b\nExamples:\n  sharedvalue rules calibrate\n  sharedvalue rules calibrate --ledger ours.sqlite --rules our-house/ --json"
)
@ledger_option
@global_options
def calibrate(call: Call, where: str) -> None:
    """For each threshold, how the recorded decisions fell on either side of it, and what became of them. Nothing is changed.

    It reads what `record --what-happened` wrote down. A few cases prove nothing: they show where a line was near.
    """
    from sharedvalue.engine.governance.calibrate import calibrate as look
    from sharedvalue.engine.governance.ledger import open_ledger

    with open_ledger(where) as opened:
        found = look(opened, call.book)
    if call.json:
        call.print_json(found.as_json())
    else:
        call.print(lines(found))


def lines(found: Calibration) -> Iterator[str]:
    """The calibration for a person: the thresholds whose cases lie on both sides first, then those that came out otherwise."""
    from sharedvalue.engine.governance.calibrate import ABOVE, BELOW
    from sharedvalue.engine.telling.page import WIDTH, fold

    yield f"CALIBRATION  {found.followed} decisions followed up, {found.without} not yet"
    if not found.followed:
        yield from fold(
            "Nothing is known of what became of any decision: sharedvalue record --what-happened RECORD.",
            WIDTH,
        )
        return
    yield from fold(
        "Counts of recorded cases, no proof: a line is right or wrong only if many cases say so.",
        WIDTH,
        " ",
        " ",
    )

    def interest(one: Calibrated) -> tuple[bool, int]:
        sides = [one.counted(side) for side in (ABOVE, BELOW)]
        return not all(sides), -sum(n for side in sides for word, n in side.items() if word != "done")

    for one in sorted(found.thresholds, key=interest):
        yield ""
        yield from fold(f"{one.title}: {one.line} ({one.basis}; {one.threshold})", WIDTH, "  ")
        yield from fold(f"compared with: {one.compared}", WIDTH, "   ", " ")
        for side, near in ((ABOVE, one.nearest[1]), (BELOW, one.nearest[0])):
            counts = one.counted(side)
            nearest = f"; nearest {near}" if near else ""
            yield from fold(f"{side} {one.line}: {_counts(counts)}{nearest}", WIDTH, "   ", " ")


def _counts(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    if not total:
        return "no case"
    parts = ", ".join(f"{n} {word.replace('_', ' ')}" for word, n in sorted(counts.items()))
    return f"{total} case{'' if total == 1 else 's'} ({parts})"
