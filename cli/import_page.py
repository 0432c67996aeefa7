"""What an import would write, where each number comes from, and what it does to the decision, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.page import WIDTH, fold

if TYPE_CHECKING:
    from engine.decision import Decision
    from engine.evidence.draft import Written
    from engine.evidence.imports import Import
    from engine.evidence.proportions import Difference
    from engine.evidence.resonance import Resonance
    from engine.evidence.two_readings import Trend

SHOWN_ITEMS = 8


def import_lines(
    found: Import, scenario: str, decisions: tuple[Decision, Decision], written: bool, undo: str
) -> Iterator[str]:
    """The printed form: what it does to the decision, then what is written and where each number comes from."""
    from engine.evidence.small_cells import limit_of

    plan = found.plan
    yield from _headline(plan.changes_nothing, scenario, decisions, written, len(plan.written))
    for heading, kind in (("FACTS", "fact"), ("EVIDENCE", "evidence"), ("NEEDS AND GROUPS", "")):
        mine = [w for w in plan.written if w.kind == kind or (not kind and w.kind in ("field", "record"))]
        if mine:
            yield from ("", heading)
            for each in mine:
                yield from _written(each)
    if plan.trend is not None:
        yield from _trend(plan.trend)
    for resonance in found.resonances:
        yield from _resonance(resonance)
    if found.resonances:
        yield from _said_and_done(decisions[1])
    yield from _counted(found, limit_of(decisions[1].worlds.book))
    if plan.notes:
        yield from ("", "NOTES")
        for note in plan.notes:
            yield from fold(note, WIDTH, "   ", first=" - ")
    for grouping in found.groupings:
        state = "Written" if written else "Would be written"
        yield from fold(
            f"{state}: {grouping.path}, with {grouping.new} free texts put together. Change it and import again.",
            WIDTH,
            "   ",
            first=" - ",
        )
    if undo:
        yield from ("", *fold(f"Undo: {undo}", WIDTH, "  "))


def _headline(
    same: bool, scenario: str, decisions: tuple[Decision, Decision], written: bool, count: int
) -> Iterator[str]:
    if same:
        yield f"Nothing changes in {scenario}: it holds all this already."
    else:
        did = f"{count} change{'s' if count != 1 else ''} {'written to' if written else 'would be written to'} {scenario}"
        yield from fold(f"{did}{'' if written else '. Nothing was written.'}", WIDTH, "  ")
    was, now = (_outcome(decision) for decision in decisions)
    yield from fold(
        f"The decision stays: {now}" if was == now else f"The decision changes: {was} -> {now}", WIDTH, "  "
    )


def _outcome(decision: Decision) -> str:
    title = decision.worlds.book.outcomes.outcomes[decision.outcome].title
    modes = ", ".join(decision.worlds.book.outcomes.modes[m].title for m in decision.modes)
    return f"{title}{f' ({modes})' if modes else ''}{'' if decision.certain else ', not certain'}"


def _written(each: Written) -> Iterator[str]:
    change = f"{each.before} -> {each.after}" if each.before else each.after
    yield from fold(f"{each.address}: {change}", WIDTH, "   ", first=" ")
    source = ", ".join(
        p for p in (each.counted, f"column {each.column}" if each.column else "", each.file) if p
    )
    if source:
        yield from fold(source, WIDTH, "     ", first="   ")


def _trend(trend: Trend) -> Iterator[str]:
    from cli.tables import table

    yield from ("", f"TWO READINGS, {trend.months} months apart (changes with {trend.level} % intervals)")
    rows = [
        [fact, *_change(change), "" if change.overlap else "apart"] for fact, change in trend.shares.items()
    ]
    for need in trend.needs:
        outside = " *" if need.within_purpose is False else ""
        rows.append([need.need + outside, *_change(need.change), need.state])
    yield table(["", "before", "after", "change", ""], rows)
    yield from fold(
        "* outside the purpose. lasting, faded, came up: against the line for a shared need; open: an interval crosses it.",
        WIDTH,
        " ",
        first=" ",
    )
    for name, shift in (("before", trend.shift_before), ("after", trend.shift_after)):
        if shift is not None:
            yield from fold(
                f"Outside the purpose {name}: {shift.outside} of {shift.named} ({shift.percent} %, {shift.low:.0f} to {shift.high:.0f})",
                WIDTH,
                "   ",
                first=" ",
            )
    durable = {True: "lasts", False: "does not last", None: "stays open"}[trend.durable]
    yield from fold(f"Whether a shift lasts: it {durable}; {trend.why}.", WIDTH, "   ", first=" ")


def _change(change: Difference) -> list[str]:
    return [
        f"{change.before.percent} %",
        f"{change.after.percent} %",
        f"{change.points:+d} ({change.low:+.0f} to {change.high:+.0f})",
    ]


def _resonance(found: Resonance) -> Iterator[str]:
    from cli.tables import table
    from engine.evidence.asked import short

    by = " and ".join(w for w, on in (("age", found.by_age), ("reach", found.by_reach)) if on)
    share = f", {found.matched.said()} match a named need" if found.matched is not None else ""
    yield ""
    yield from fold(
        f"WHAT RESONATES, which is not yet a need: the first {len(found.items)} of {found.total}{share}",
        WIDTH,
        "  ",
    )
    yield from fold(
        f"Compared for {by}." if by else "Not compared for age or reach: the file names neither.",
        WIDTH,
        " ",
        first=" ",
    )
    rows = [
        [
            short(i.label, 40),
            f"{i.times:,}",
            "" if i.age_months is None else f"{i.age_months:.0f}",
            f"{i.full:,.0f}" if i.rate is None else f"{i.rate:.1f}",
            i.need or "-",
        ]
        for i in found.items[:SHOWN_ITEMS]
    ]
    yield table(["item", "times", "months old", "in 100" if found.by_reach else "in the end", "need"], rows)


def _said_and_done(decision: Decision) -> Iterator[str]:
    from engine.evidence.basis import basis

    weighed = [
        (fact.name, w)
        for fact in basis(decision.worlds).facts
        for w in fact.weighed
        if w.rule in ("E01", "E06", "E08")
    ]
    for name, each in weighed:
        yield from fold(f"{name}: {each.sentence}", WIDTH, "     ", first=f" {each.rule} ")


def _counted(found: Import, limit: int) -> Iterator[str]:
    from engine.evidence.mapping import ACCOUNTS
    from engine.evidence.small_cells import told

    yield from ("", "WHAT WAS COUNTED")
    for survey in found.surveys:
        when = f"{survey.first} to {survey.last}" if survey.first != survey.last else str(survey.last)
        yield from fold(
            f"{survey.export.file.name}: {survey.answers} answers, {when}; rows: {survey.rows_said}",
            WIDTH,
            "   ",
            first=" ",
        )
        if survey.participation is not None and survey.participation.n:
            yield from fold(
                f"Who answered: {survey.participation.said()} core or active members"
                if survey.participation.count >= limit
                else f"Who answered: fewer than {limit} core or active members",
                WIDTH,
                "   ",
                first="   ",
            )
    for register in found.registers:
        lost = "".join(f", {d.count} left out: {d.reason}" for d in register.export.dropped)
        people = "accounts" if register.export.format in ACCOUNTS else "members"
        yield from fold(
            f"{register.export.file.name}: {register.export.records} rows, {register.all.count} {people} on {register.as_of}{lost}",
            WIDTH,
            "   ",
            first=" ",
        )
    for resonance in found.resonances:
        yield from fold(
            f"{resonance.export.file.name}: {resonance.total} items, up to {resonance.last}",
            WIDTH,
            "   ",
            first=" ",
        )
    if found.attendance is not None:
        came = found.attendance
        often = "; ".join(
            f"{told(people, limit)} came {times} time{'s' if times > 1 else ''}"
            for times, people in came.came
        )
        held = "1 meeting" if len(came.meetings) == 1 else f"{len(came.meetings)} meetings"
        yield from fold(f"{held}, {came.people} different people; {often}", WIDTH, "   ", first=" ")
