"""From counts to a scenario: which facts and which evidence are written, and what stays."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sharedvalue.engine.evidence.attendance import Attendance
from sharedvalue.engine.evidence.draft import Draft, Origin, Written
from sharedvalue.engine.evidence.into_groups import (
    MOST_NEEDS,
    write_attendance,
    write_groups,
    write_register,
    write_resonance,
)
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.mapping import ROLES
from sharedvalue.engine.evidence.proportions import Share
from sharedvalue.engine.evidence.register import Register
from sharedvalue.engine.evidence.resonance import Resonance
from sharedvalue.engine.evidence.sample import required
from sharedvalue.engine.evidence.segments import Cells
from sharedvalue.engine.evidence.small_cells import ends, limit_of, middle
from sharedvalue.engine.evidence.survey import Counted, Question
from sharedvalue.engine.evidence.two_readings import Trend, compare
from sharedvalue.engine.language.addresses import in_quotes
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.scenario_edit import Address, Changes, Value, edited, written
from sharedvalue.engine.language.source import parse

INTERVIEW, SURVEY = "interview", "survey"


@dataclass(frozen=True)
class Plan:
    """What an import would do to a scenario. `text` is the scenario as it would stand."""

    scenario: Scenario
    before: str
    text: str
    written: tuple[Written, ...]
    counted: tuple[Counted, ...]
    trend: Trend | None
    groups: Cells | None
    notes: tuple[str, ...]

    @property
    def changes_nothing(self) -> bool:
        return self.before == self.text


def plan(
    counted: Sequence[Counted],
    scenario: Scenario,
    text: str,
    book: RuleBook,
    today: dt.date,
    registers: Sequence[Register] = (),
    resonances: Sequence[Resonance] = (),
    came: Attendance | None = None,
    members: int = 0,
) -> Plan:
    """Puts counts into a scenario; nothing is written to any file.

    Raises:
        UserError: whatever the resulting scenario would be refused for.
    """
    ordered = sorted(counted, key=lambda c: c.last)
    planned = _Plan(scenario, text, book, today, counted=ordered, members=members)
    return planned.run(registers, resonances, came)


@dataclass
class _Plan(Draft):
    counted: Sequence[Counted] = ()
    members: int = 0

    def run(
        self, registers: Sequence[Register], resonances: Sequence[Resonance], came: Attendance | None
    ) -> Plan:
        surveys = [c for c in self.counted if c.mapping.source != INTERVIEW]
        trend = compare(surveys[-2], surveys[-1], self.book) if len(surveys) > 1 else None
        if len(surveys) > 2:
            self.notes.append("More than two exports: the two newest are compared.")
        if self.members:
            self.put(("members_total",), self.members, "as you said with --members", "", "")
        if self.scenario.as_of is None:
            self.put(
                ("as_of",),
                self.today.isoformat(),
                "the day of this import: ages are counted from here",
                "",
                "",
            )
        for register in registers:
            write_register(self, register)
        for fact, source in dict.fromkeys(
            (q.fact, c.mapping.source) for c in self.counted for q in c.questions
        ):
            mine = [c for c in self.counted if c.mapping.source == source]
            newest = next(c for c in reversed(mine) if any(q.fact == fact for q in c.questions))
            self.evidence(newest, next(q for q in newest.questions if q.fact == fact))
        for spoken in self.counted:
            if spoken.mapping.source == INTERVIEW:
                self.spoken_needs(spoken, bool(surveys))
        asked = [c for c in surveys if c.needs.base]
        if asked:
            self.needs(asked[-1])
        if trend is not None:
            self.shift(trend)
        grouped = [c for c in self.counted if c.segments]
        groups = write_groups(self, grouped[-1]) if grouped else None
        for found in resonances:
            write_resonance(self, found)
        if came is not None:
            write_attendance(self, came)
        for survey in self.counted:
            self.left_behind(survey)
        records: dict[Address, str] = {a: "; ".join(said) for a, said in self.beside.items()}
        changes = Changes(self.set, self.append, notes={**records, **self.comments})
        text = edited(self.text, changes, self.book, self.scenario.file) if changes else self.text
        read_scenario(parse(text, self.scenario.file), self.book, self.scenario.file)
        notes = [*self.notes, *(f"{c.export.file.name}: {note}" for c in self.counted for note in c.notes)]
        return Plan(
            self.scenario,
            self.text,
            text,
            tuple(self.found),
            tuple(self.counted),
            trend,
            groups,
            tuple(notes),
        )

    def left_behind(self, counted: Counted) -> None:
        """Says what an earlier import of the same file wrote, and this mapping of it no longer says."""
        file = counted.export.file.name
        asked = {(q.fact, folded(q.column.rsplit(" (", 1)[0])) for q in counted.questions}
        left = [
            f"evidence on {item.get('fact')} (reading {item.get('reading')})"
            for item in self.items
            if item.get("sha256") == counted.export.sha256
            and (item.get("fact"), folded(str(item.get("column", "")).rsplit(" (", 1)[0])) not in asked
            and item.get("fact") != "needs_shift"
        ]
        told = {folded(name) for name in counted.segments}
        for name in self.scenario.records.get("segments", ()):
            written_by_it = rf"(?m)name: *[\"']?{re.escape(name)}[\"']?[,}}\s#].*#.*, {re.escape(file)}\s*$"
            if folded(name) not in told and re.search(written_by_it, self.text):
                left.append(f"group {name}")
        if left:
            self.notes.append(
                f"{file}: the scenario still holds, from an earlier import of this file, what its columns are no longer said to be: "
                f"{'; '.join(left)}. Take it out of the scenario if it was a mistake"
            )

    # --- evidence ------------------------------------------------------------------------------------------
    def evidence(self, counted: Counted, question: Question) -> None:
        share, limit = question.share, limit_of(self.book)
        if share.n < limit:
            what = "interviews" if counted.mapping.source == INTERVIEW else "people answered"
            self.notes.append(
                f"{question.fact}: {share.n} {what}, fewer than {limit}, so no number is written"
            )
            return
        self.thin(counted, question.fact, share)
        if about := next((role.of for role in ROLES.values() if role.of and role.fact == question.fact), ""):
            self.notes.append(f"{question.fact}: all who answered are counted; it is about {about}")
        origin = Origin.of_survey(counted, limit, question)
        reading = middle(share, limit)
        said = f"{question.what}: {self.said(share)}"
        if ends(share, limit)[0] != share:
            said += "; the middle of what may be told is written"
        self.item(origin, question.fact, reading, said, question.column, self.interval(share))

    def thin(self, counted: Counted, fact: str, share: Share) -> None:
        """Says where a survey is too small for the rule book to trust it, and how many answers would be enough."""
        population = counted.mapping.population
        if counted.mapping.source != SURVEY:
            return
        if not population:
            note = "how many could have answered is not known, so no number of answers is enough to settle it"
            self.notes.append(f"{fact}: {note}. Where you know it, import again with --population")
            return
        enough = required(self.book, population).answers
        if share.n < enough:
            low, high = share.points(self.method)
            self.notes.append(
                f"{fact}: {share.n} answers of {population} people are too few to settle it: by their number alone anything from {low} to "
                f"{high} fits them, and a decision doubts them more than that. What was settled before "
                f"may turn to not yet. {enough} answers would be enough, if all or a random part were "
                f"asked (sharedvalue evidence sample {population})"
            )

    def spoken_needs(self, counted: Counted, surveyed: bool) -> None:
        """Needs of interviews fill what nobody has counted yet; a share of a few interviews never takes the place of a survey's."""
        there = {folded(label): label for label in self.scenario.records.get("needs", ())}
        if not counted.needs.base:
            return
        told, limit = [], limit_of(self.book)
        for need in counted.needs.base:
            share = counted.needs.share(need)
            stated = self.stands(("needs", there.get(folded(need), need), "cited_by"))
            if folded(need) in there and share.count >= limit and stated not in ("", "unknown"):
                told.append(f"{need}: {self.said(share)} interviews, {stated} stands")
        if told:
            self.notes.append("interviews beside what the scenario says, which stays: " + "; ".join(told))
        if surveyed:
            self.notes.append(
                f"{counted.export.file.name}: the needs are those of the survey; interviews add no share to them"
            )
        else:
            self.needs(counted)

    # --- needs --------------------------------------------------------------------------------------------------------
    def needs(self, counted: Counted) -> None:
        population, limit = counted.mapping.population, limit_of(self.book)
        line = self.book.thresholds["need_counted"]
        there = {folded(label): label for label in self.scenario.records.get("needs", ())}
        shares = {
            need: counted.needs.share(need, population)
            for need in counted.needs.base
            if counted.needs.base[need]
        }
        few = [need for need, share in shares.items() if share.count < limit]
        new = [need for need in shares if need not in few and folded(need) not in there and counted.listed.get(need, True)
               and shares[need].percent * line.type.scale >= line.value]  # fmt: skip
        new = sorted(new, key=lambda need: -shares[need].percent)[: max(0, MOST_NEEDS - len(there))]
        for need, share in shares.items():
            stated = self.stands(("needs", there.get(folded(need), need), "cited_by"))
            spoken = counted.mapping.source == INTERVIEW and stated not in ("", "unknown")
            if folded(need) in there and need not in few and not spoken:
                self.known_need(there[folded(need)], need, share, counted)
        for need in new:
            self.new_need(need, shares[need], counted)
        if few:
            self.notes.append(f"left out, as fewer than {limit} people named them: {len(few)} of the needs")
        rest = [need for need in shares if need not in few and need not in new and folded(need) not in there]
        if rest:
            self.notes.append(
                f"counted and not listed (fewer than {line} % named them, or there are {MOST_NEEDS} needs already): {', '.join(rest)}"
            )
        kept = [label for key, label in there.items() if key not in {folded(need) for need in shares}]
        if kept:
            self.notes.append(
                f"kept as they stand, as {counted.export.file.name} does not ask for them: {', '.join(kept)}"
            )

    def known_need(self, label: str, need: str, share: Share, counted: Counted) -> None:
        file, column = counted.export.file.name, counted.need_columns.get(need, "")
        self.put(("needs", label, "cited_by"), self.cited(share), self.said(share), column, file, "field")
        if (met := counted.satisfied.get(need)) is not None:
            self.put(
                ("needs", label, "satisfied"),
                self.cited(met.share),
                f"{met.what}: {self.said(met.share)}",
                met.column,
                file,
                "field",
            )
        within, stated = counted.within.get(need), self.stands(("needs", label, "within_purpose"))
        if within is not None and stated in ("", "unknown"):
            self.put(("needs", label, "within_purpose"), within, "as the mapping says", "", file, "field")
        elif within is not None and stated != written(within):
            name = self.scenario.resolve(f"needs[{in_quotes(label)}].within_purpose")
            there = self.scenario.stated.get(name) if name is not None else None
            line = 0 if there is None else there.place.line
            where = f" in line {line} of {self.scenario.file}" if line else ""
            self.notes.append(
                f"'{label}': the scenario says within_purpose {stated}, the mapping {written(within)}; the scenario's stays. To change it, "
                f"write within_purpose: {written(within)}{where}"
            )

    def new_need(self, need: str, share: Share, counted: Counted) -> None:
        met, within = counted.satisfied.get(need), counted.within.get(need)
        record: dict[str, Value] = {"label": need, "cited_by": self.cited(share)}
        record["satisfied"] = self.cited(met.share) if met else "unknown"
        record["within_purpose"] = "unknown" if within is None else within
        self.add(
            "needs",
            record,
            need,
            self.said(share),
            counted.need_columns.get(need, ""),
            counted.export.file.name,
            "record",
        )

    # --- two readings -------------------------------------------------------------------------------------------------
    def shift(self, trend: Trend) -> None:
        files = f"{trend.before.export.file.name} and {trend.after.export.file.name}"
        if trend.durable is not None:
            self.put(
                ("shift_durable",), trend.durable, f"{trend.why}, {trend.months} months apart", "", files
            )
        else:
            self.notes.append(f"whether a shift lasts stays open: {trend.why}")
        shift = trend.shift_after
        if shift is not None:
            said = f"outside the purpose: {shift.outside} of {shift.named} times that a need was named, over {len(trend.needs)} needs asked for twice"
            interval = f"{int(shift.low)} to {-int(-shift.high // 1)}, {trend.level} % sure"
            column = "all columns with needs that are in both files (shift)"
            origin = Origin.of_survey(trend.after, limit_of(self.book))
            self.item(origin, "needs_shift", shift.percent, said, column, interval)
