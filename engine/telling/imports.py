"""What an import would write, where each number comes from, and what it does to the decision; and what the file is, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.evidence.asked import short
from sharedvalue.engine.evidence.basis import basis
from sharedvalue.engine.evidence.draft import Written
from sharedvalue.engine.evidence.imports import Import
from sharedvalue.engine.evidence.mapping import lists_accounts
from sharedvalue.engine.evidence.proportions import Difference
from sharedvalue.engine.evidence.proposals import Proposal, proposals
from sharedvalue.engine.evidence.resonance import Resonance
from sharedvalue.engine.evidence.small_cells import limit_of, share_told, told
from sharedvalue.engine.evidence.two_readings import Trend
from sharedvalue.engine.telling.page import Entry

SHOWN_ITEMS = 8
ADDRESS = re.compile(r"(\w+)\[(.*)\](?:\.(\w+))?", re.DOTALL)
RANGE = re.compile(r"\{between: \[(-?[\d.]+), (-?[\d.]+)\]\}")
KEYS = {
    r"cited_by": "named by",
    r"within_purpose true": "within the purpose",
    r"within_purpose false": "outside the purpose",
    r"within_purpose unknown": "within the purpose or not: not known",
    r"n (\d+)": r"\1 counted",
    r"population (\d+)": r"of \1 people",
}
FIELDS = {"cited_by": "named by", "within_purpose": "within the purpose"}
ONE_OF = {"needs": "need", "segments": "group", "sponsors": "sponsor"}
STAR = "* outside the purpose. lasting, faded, came up: against the line for a shared need; open: an interval crosses it."
QUESTIONS = {
    "needs": "Which column asks what people need most?",
    "value_now": "Which column asks whether the community helps people now, or how content they are?",
    "value_outlook": "Which column asks whether it will still matter in a year or two?",
    "openness": "Which column asks whether people would take part in what the sponsor needs?",
    "segment": "Which column says what group somebody belongs to?",
    "level": "Which column says how experienced somebody is?",
    "participation": "Which column shows whether somebody already takes an active part (contributes, attends)?",
    "date": "Which column says when the answer came in?",
}


@dataclass(frozen=True)
class Part:
    """A heading, what stands below it, a table, and what stands below that."""

    heading: str
    entries: tuple[Entry, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    after: tuple[Entry, ...] = ()


def _said(text: str, hang: str = "  ", indent: str = " ") -> Entry:
    return Entry(text, indent=indent, hang=hang)


def headline(
    found: Import, scenario: str, decisions: tuple[Decision, Decision], written: bool
) -> Iterator[Entry]:
    """What an import does to the scenario, and to the decision."""
    count = len(found.plan.written)
    if found.plan.changes_nothing and (found.groupings or found.plan.notes):
        made = (
            f" {found.groupings[0].path.name} is where free texts are put together: change it, and import again."
            if found.groupings
            else ""
        )
        yield _said(f"Nothing changes in {scenario}; the notes say why.{made}", "", "")
    elif found.plan.changes_nothing:
        yield _said(f"Nothing changes in {scenario}: it holds all this already.", "", "")
    else:
        did = f"{count} change{'s' if count != 1 else ''} {'written to' if written else 'would be written to'} {scenario}"
        yield _said(f"{did}{'' if written else '. Nothing was written.'}", "  ", "")
    was, now = (_outcome(decision) for decision in decisions)
    if was == now:
        yield _said(f"The decision stays: {now}", "  ", "")
    elif decisions[0].outcome == decisions[1].outcome:
        yield _said(f"The decision stays, on other grounds: {was} -> {now}", "  ", "")
    else:
        yield _said(f"The decision changes: {was} -> {now}", "  ", "")


def imported(found: Import, decisions: tuple[Decision, Decision], written: bool) -> Iterator[Part]:
    """What is written and where each number comes from; what changed between two readings; what resonates; what was counted."""
    plan = found.plan
    for heading, kind in (("FACTS", "fact"), ("EVIDENCE", "evidence"), ("NEEDS AND GROUPS", "")):
        mine = [w for w in plan.written if w.kind == kind or (not kind and w.kind in ("field", "record"))]
        if mine:
            yield Part(heading, tuple(entry for each in mine for entry in _written(each)))
    if beside := tuple(_beside(found, decisions[1])):
        yield Part("ESTIMATE AND EVIDENCE", beside)
    if plan.trend is not None:
        yield _trend(plan.trend)
    for position, resonance in enumerate(found.resonances, 1):
        done = tuple(_said_and_done(decisions[1])) if position == len(found.resonances) else ()
        yield _resonance(resonance, done)
        if proposed := proposals(resonance.items):
            yield _proposed(proposed)
    yield Part("WHAT WAS COUNTED", tuple(_counted(found, limit_of(decisions[1].worlds.book))))
    if plan.notes:
        yield Part("NOTES", tuple(_said(f"- {note}") for note in plan.notes))
    state = "Written" if written else "Would be written"
    groupings = tuple(
        _said(f"- {state}: {g.path}, with {g.new} free texts put together. Change it and import again.")
        for g in found.groupings
    )
    if groupings:
        yield Part("", groupings)


def _beside(found: Import, decision: Decision) -> Iterator[Entry]:
    """Where somebody's own number stands beside what is imported, and where a reading counts for less than it says."""
    written = {each.address.removeprefix("evidence[").removesuffix("]") for each in found.plan.written}
    for fact in basis(decision.worlds).facts:
        if fact.beside is not None and fact.name in written:
            yield _said(f"{fact.name}: {fact.beside.said}.")


def _outcome(decision: Decision) -> str:
    title = decision.worlds.book.outcomes.outcomes[decision.outcome].title
    modes = ", ".join(decision.worlds.book.outcomes.modes[m].title for m in decision.modes)
    return f"{title}{f' ({modes})' if modes else ''}{'' if decision.certain else ', not certain'}"


def _written(each: Written) -> Iterator[Entry]:
    after = plain_value(each.after)
    yield _said(f"{plain_address(each.address)}: {plain_value(each.before)} -> {after}" if each.before else
                f"{plain_address(each.address)}: {after}")  # fmt: skip
    source = ", ".join(
        p for p in (each.counted, f"column {each.column}" if each.column else "", each.file) if p
    )
    if source:
        yield _said(source, "  ", "   ")


def plain_address(address: str) -> str:
    """Where a value goes, in words: `needs[advice].cited_by` is the need "advice", cited by."""
    found = ADDRESS.fullmatch(address)
    if found is None:
        return address
    listed, name, key = found.groups()
    if listed == "evidence":
        return f"evidence on {name}" if not name.isdigit() else address
    of = f'{ONE_OF.get(listed, listed)} "{name}"'
    return f"{of}, {FIELDS.get(key, key.replace('_', ' '))}" if key else of


def plain_value(text: str) -> str:
    """A value as it is written in a scenario, in words: {between: [25, 75]} is 25 to 75."""
    text = RANGE.sub(r"\1 to \2", text)
    for key, words in KEYS.items():
        text = re.sub(rf"(?:^|(?<=, )){key}(?=,| |$)", words, text)
    return text


def _trend(trend: Trend) -> Part:
    rows = [
        (fact, *_change(change), "" if change.overlap else "apart") for fact, change in trend.shares.items()
    ]
    for need in trend.needs:
        outside = " *" if need.within_purpose is False else ""
        rows.append((need.need + outside, *_change(need.change), need.state))
    after = [_said(STAR, "")]
    for name, shift in (("before", trend.shift_before), ("after", trend.shift_after)):
        if shift is not None:
            after.append(
                _said(
                    f"Outside the purpose {name}: {shift.outside} of {shift.named} "
                    f"({shift.percent} %, {shift.low:.0f} to {shift.high:.0f})"
                )
            )
    durable = {True: "lasts", False: "does not last", None: "stays open"}[trend.durable]
    after.append(_said(f"Whether a shift lasts: it {durable}; {trend.why}."))
    heading = f"TWO READINGS, {trend.months} months apart (changes with {trend.level} % intervals)"
    return Part(heading, (), ("", "before", "after", "change", ""), tuple(rows), tuple(after))


def _change(change: Difference) -> tuple[str, str, str]:
    return (
        f"{change.before.percent} %",
        f"{change.after.percent} %",
        f"{change.points:+d} ({change.low:+.0f} to {change.high:+.0f})",
    )


def _resonance(found: Resonance, after: tuple[Entry, ...]) -> Part:
    by = " and ".join(w for w, on in (("age", found.by_age), ("reach", found.by_reach)) if on)
    share = f", {found.matched.said()} match a named need" if found.matched is not None else ""
    how = f"Compared for {by}." if by else "Not compared for age or reach: the file names neither."
    rows = tuple(
        (
            short(i.label, 40),
            f"{i.times:,}",
            "" if i.age_months is None else f"{i.age_months:.0f}",
            f"{i.full:,.0f}" if i.rate is None else f"{i.rate:.1f}",
            i.need or "-",
        )
        for i in found.items[:SHOWN_ITEMS]
    )
    return Part(
        f"WHAT RESONATES, which is not yet a need: the first {len(found.items)} of {found.total}{share}",
        (_said(how, ""),),
        ("item", "times", "months old", "in 100" if found.by_reach else "in the end", "need"),
        rows,
        after,
    )


PROPOSED = "WHAT MEMBERS MAY NEED, proposed by what these items share"


def _proposed(found: tuple[Proposal, ...]) -> Part:
    rows = tuple((short(each.words, 40), f"{len(each.items)}", f"{each.times:,}") for each in found)
    after = (
        _said(
            "These are words of what resonates, and nobody's needs yet. Name those that are: at a terminal you are asked; "
            "--write-mapping FILE keeps them in a file to be named, and --mapping FILE takes it.",
            "",
        ),
    )
    return Part(
        PROPOSED,
        (),
        ("words", "items", "times"),
        rows,
        after,
    )


def _said_and_done(decision: Decision) -> Iterator[Entry]:
    weighed = [
        (fact.name, w)
        for fact in basis(decision.worlds).facts
        for w in fact.weighed
        if w.rule in ("E01", "E06", "E08")
    ]
    for name, each in weighed:
        yield _said(f"{each.rule} {name}: {each.sentence}", "    ")


def _counted(found: Import, limit: int) -> Iterator[Entry]:
    for survey in found.surveys:
        when = f"{survey.first} to {survey.last}" if survey.first != survey.last else str(survey.last)
        yield _said(f"{survey.export.file.name}: {survey.answers} answers, {when}; rows: {survey.rows_said}")
        if survey.participation is not None and survey.participation.n:
            yield _said(
                f"Who answered: {share_told(survey.participation, limit)} core or active members", "", "   "
            )
    for register in found.registers:
        lost = "".join(f", {d.count} left out: {d.reason}" for d in register.export.dropped)
        people = "accounts" if lists_accounts(register.export.format) else "members"
        yield _said(
            f"{register.export.file.name}: {register.export.records} rows, {register.all.count} {people} on {register.as_of}{lost}"
        )
    for resonance in found.resonances:
        yield _said(f"{resonance.export.file.name}: {resonance.total} items, up to {resonance.last}")
    if found.attendance is not None:
        came = found.attendance
        often = "; ".join(
            f"{told(people, limit)} came {times} time{'s' if times > 1 else ''}"
            for times, people in came.came
        )
        held = "1 meeting" if len(came.meetings) == 1 else f"{len(came.meetings)} meetings"
        yield _said(f"{held}, {came.people} different people; {often}")
