"""`rules calibrate`: how recorded decisions fell on either side of each threshold, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.ledger_options import ledger_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sharedvalue.engine.governance.calibrate import Calibrated, Calibration
    from sharedvalue.engine.language.rulebook import RuleBook
    from sharedvalue.engine.practice.debrief import Otherwise


@click.command(
    epilog="\b\nExamples:\n  sharedvalue rules calibrate\n  sharedvalue rules calibrate --practice ana.json --practice ben.json\n"
    "  sharedvalue rules calibrate --ledger ours.sqlite --rules our-house/ --json"
)
@ledger_option
@click.option(
    "--practice",
    "exports",
    multiple=True,
    metavar="EXPORT",
    help="Who saw cases otherwise in practice; repeatable.",
)
@global_options
def calibrate(call: Call, where: str, exports: tuple[str, ...]) -> None:
    """For each threshold, how the recorded decisions fell on either side of it, and what became of them. Nothing is changed.

    It reads what `record --what-happened` wrote down and, from exports of practice, who disagreed with the rule book and why.
    A few cases prove nothing: they show where a line was near.
    """
    from sharedvalue.engine.errors import UserError
    from sharedvalue.engine.governance.calibrate import Calibration
    from sharedvalue.engine.governance.calibrate import calibrate as look
    from sharedvalue.engine.governance.ledger import open_ledger
    from sharedvalue.engine.practice.course import load_export
    from sharedvalue.engine.practice.debrief import disagreements

    otherwise = list(disagreements([load_export(path) for path in exports]))
    try:
        with open_ledger(where) as opened:
            found = look(opened, call.book)
    except UserError as error:
        if not exports or error.problems[0].code != "SV511":
            raise
        call.note("There is no ledger here; only what was said in practice is told.")
        found = Calibration(where, 0, 0, ())
    if call.json:
        call.print_json(
            {**found.as_json(), **({"practice": [asdict(one) for one in otherwise]} if exports else {})}
        )
        return
    call.print(lines(found))
    if exports:
        call.print(otherwise_lines(otherwise, call.book))


def otherwise_lines(otherwise: Sequence[Otherwise], book: RuleBook) -> Iterator[str]:
    """Who disagreed with the rule book in practice, by the rule that decided; the rule most spoken against first."""
    from sharedvalue.engine.practice.words import count, otherwise_words
    from sharedvalue.engine.telling.page import WIDTH, fold

    yield ""
    if not otherwise:
        yield "IN PRACTICE  nobody saw a case otherwise"
        return
    yield "IN PRACTICE, who saw a case otherwise than the rule book"
    by_rule: dict[str, list[Otherwise]] = {}
    for one in otherwise:
        by_rule.setdefault(one.rule, []).append(one)
    for rule, said in sorted(by_rule.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        title = f"{rule} {book.rules[rule].title}" if rule in book.rules else rule or "no rule"
        yield from fold(f"{title}: {count(len(said), 'disagreement')}", WIDTH, "   ", " ")
        for one in said:
            yield from fold(otherwise_words(one, book), WIDTH, "     ", "   ")


def lines(found: Calibration) -> Iterator[str]:
    """The calibration for a person: the thresholds whose cases lie on both sides first, then those that came out otherwise."""
    from sharedvalue.engine.governance.calibrate import ABOVE, BELOW
    from sharedvalue.engine.practice.words import count
    from sharedvalue.engine.telling.page import WIDTH, fold

    yield f"CALIBRATION  {count(found.followed, 'record')} followed up, {found.without} not yet"
    if not found.followed:
        yield from fold(
            "Nothing is known of what became of any decision: sharedvalue record --what-happened RECORD.",
            WIDTH,
        )
        return
    yield from fold(
        "Counts of recorded cases, no proof: a line is right or wrong only if many cases say so. Only what "
        "a record states or counts is compared, and nothing that was assumed.",
        WIDTH,
        " ",
        " ",
    )

    def interest(one: Calibrated) -> int:
        return -sum(fallen.result != "done" for fallen in one.cases)

    for one in sorted((one for one in found.thresholds if _divides(one)), key=interest):
        yield ""
        yield from fold(f"{one.title}: {one.line} ({one.basis}; {one.threshold})", WIDTH, "  ")
        yield from fold(f"compared with: {one.compared}", WIDTH, "   ", " ")
        for side, near in ((ABOVE, one.nearest[1]), (BELOW, one.nearest[0])):
            nearest = f"; nearest {_nearest(one, side, near)}" if near else ""
            yield from fold(f"{side} {one.line}: {_counts(one.counted(side))}{nearest}", WIDTH, "   ", " ")
        if one.open:
            yield from fold(f"not known on which side: {', '.join(one.open)}", WIDTH, "   ", " ")
        again = [f"{c.record} {c.value} -> {c.now}{' (other side)' if c.crossed else ''}" for c in one.cases if c.now]  # fmt: skip
        if again:
            yield from fold(f"measured again: {'; '.join(again)}", WIDTH, "   ", " ")
    yield from _beside(found)


def _divides(one: Calibrated) -> bool:
    """Whether recorded cases lie on both sides of a line, or one of them has crossed it since."""
    return all(one.nearest) or any(fallen.crossed for fallen in one.cases)


def _nearest(one: Calibrated, side: str, value: str) -> str:
    """The value nearest to a line on one side, with the records that have it."""
    records = [fallen.record for fallen in one.cases if fallen.side == side and fallen.value == value]
    return f"{value} ({', '.join(records)})" if records else value


def _beside(found: Calibration) -> Iterator[str]:
    """The lines of which the recorded cases say little, and the records that could not be read."""
    from sharedvalue.engine.telling.page import WIDTH, fold

    alike = [one for one in found.thresholds if not _divides(one)]
    if alike:
        yield ""
        yield "ALL KNOWN CASES ON ONE SIDE"
    for one in alike:
        side = one.cases[0].side
        near = _nearest(one, side, one.nearest[0] or one.nearest[1])
        said = f"{one.title}: {one.line}; {one.compared}: {_counts(one.counted(side))} {side}, nearest {near}"
        yield from fold(said, WIDTH, "   ", " ")
    if found.beside:
        yield ""
        yield from fold(
            f"{len(found.beside)} more thresholds stand beside no stated value of these records: they measure evidence, single "
            "groups, or what nobody said. --json names them.",
            WIDTH,
        )
    for text in found.unread:
        yield from fold(f"Not read again, and left out: {text}", WIDTH, "  ")


def _counts(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    if not total:
        return "no case"
    parts = ", ".join(f"{n} {word.replace('_', ' ')}" for word, n in sorted(counts.items()))
    return f"{total} case{'' if total == 1 else 's'} ({parts})"
