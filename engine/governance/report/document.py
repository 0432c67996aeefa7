"""A record becomes a document for a board: a page of sentences, the options, facts, the decision, and annexes to look things up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sharedvalue.engine.governance.case import Case, case_title
from sharedvalue.engine.governance.chain import name_of
from sharedvalue.engine.governance.ledger import Ledger, Record
from sharedvalue.engine.governance.replay import Replay, book_of, case_of, compared
from sharedvalue.engine.governance.report import annexes
from sharedvalue.engine.governance.report.blocks import Block, Document, page, paragraph
from sharedvalue.engine.governance.report.closing import decision_form, origin, to_do
from sharedvalue.engine.governance.report.cover import cover, told_apart, unsaid
from sharedvalue.engine.governance.report.facts import Facts
from sharedvalue.engine.governance.report.later import NOTHING_LATER, Later, later_than, what_became
from sharedvalue.engine.governance.report.members import summary
from sharedvalue.engine.governance.report.options import Options
from sharedvalue.engine.governance.report.people import Groups, groups_of
from sharedvalue.engine.governance.report.texts import heading, said, told_in
from sharedvalue.engine.governance.standing import FOLLOW_UP, course_taken, headline, kind_of, standing
from sharedvalue.engine.questions.reasons import SECONDS, reasons
from sharedvalue.engine.readings.prove import Steps
from sharedvalue.engine.telling.page import sentence
from sharedvalue.engine.telling.phrases import lower

Json = dict[str, Any]
REPORT, SUMMARY, TRANSPARENCY = "report", "summary", "transparency"
KINDS = (REPORT, SUMMARY, TRANSPARENCY)


@dataclass(frozen=True)
class Told:
    """A record with the case as it was decided again, to write reports from."""

    record: Record
    payload: Json
    case: Case
    replay: Replay
    others: bool
    document: Document
    facts: Facts
    kind: str = REPORT


def tell(ledger: Ledger, record: Record, others: bool = False, kind: str = REPORT) -> Told:
    """The report of a record, its summary for members, or what its transparency record needs; of what became of a decision, that
    of the decision. It tells which later records answer it, and what became of it.

    `others` leaves out personal data and numbers about a few people; a summary and a transparency record always do.

    Raises:
        UserError: SV507 where the rule book of the record is gone.
    """
    if kind_of(record.payload) == FOLLOW_UP:
        record = ledger.record(name_of(record.payload["about"]))
    case = case_of(record.payload, book_of(ledger, record))
    replayed = compared(record, case)
    groups = groups_of(case)
    others = others or kind != REPORT
    writer = _Writer(record, case, replayed, others, groups, kind, later_than(ledger, record))
    document = writer.document(kind)
    return Told(record, record.payload, case, replayed, others, document, writer.facts, kind)


class _Writer:
    def __init__(
        self,
        record: Record,
        case: Case,
        replayed: Replay,
        others: bool,
        groups: Groups,
        kind: str,
        later: Later = NOTHING_LATER,
    ) -> None:
        self.later = later
        self.record, self.payload, self.case, self.replayed = record, record.payload, case, replayed
        self.others, self.groups = others, groups
        self.book = case.decision.worlds.book
        self.hide = others and groups.small
        turning = None if kind == TRANSPARENCY else self.turning()
        self.facts = Facts(self.payload, self.book, groups, others, self.hide, turning)

    def document(self, kind: str) -> Document:
        blocks = (
            self.blocks()
            if kind == REPORT
            else (
                *self.later.notes(),
                *summary(self.payload, self.case, self.groups, self.facts.estimates, self.later),
            )
        )
        return Document(
            self.payload["scenario"]["title"],
            self.headline(),
            standing(self.payload).status.lead.lower()
            if self.others
            else standing(self.payload).status.words,
            self.record.id,
            self.payload["recorded_at"][:10],
            tuple(blocks),
        )

    def headline(self) -> str:
        """How it stands and what it is about; without a number where a few could be told by it."""
        stands = standing(self.payload)
        if self.others and stands.departs:
            course = course_taken(stands.form, self.book.outcomes)  # and not people's own words
            return sentence(f"{stands.status.lead}: {lower(course)}" if course else stands.status.lead)
        if self.hide:
            title = lower(case_title(self.book, self.payload["decision"])).replace(": ", ", ")
            return sentence(f"{stands.status.lead}: {title}")
        lead, _, rest = headline(self.payload).partition(": ")
        return sentence(f"{lead.capitalize()}: {rest}")

    def blocks(self) -> Iterator[Block]:
        facts = self.facts
        yield from self.notes()
        yield from what_became(self.later, self.others)
        yield from cover(
            self.payload,
            self.case,
            self.groups,
            self.others,
            facts.estimates,
            facts.assumed(told_apart(self.case)),
            self.later.done,
        )
        yield page(wide=True)
        yield from Options(self.payload, self.case, self.hide, self.others).blocks()
        yield page()
        yield from self.affected()
        yield from facts.summary()
        yield from facts.not_known(unsaid(self.payload, self.case))
        yield from to_do(self.payload, self.case, self.later.done, self.hide)
        yield page(joined=True)
        yield from decision_form(self.payload, self.others, self.groups.smallest, self.hide)
        yield page()
        yield from annexes.chain(self.payload, self.case, self.hide)
        yield from annexes.picture(self.case, self.hide)
        yield from annexes.quotes(self.payload, self.case)
        yield from annexes.thresholds(self.payload, self.case)
        yield from annexes.limits()
        yield from annexes.checked()
        yield from facts.every()
        yield page(joined=True)
        yield from origin(self.record, self.replayed.same)

    def notes(self) -> Iterator[Block]:
        if not self.replayed.same:
            yield Block("note", said("other_release"))
        if self.others:
            yield Block("note", said("for_others"))
        yield from self.later.notes()

    def affected(self) -> Iterator[Block]:
        """Each group of members, and what the proposal means for it."""
        if self.groups.rows:
            yield heading("groups")
            yield told_in("groups", self.groups.told(self.hide))
        elif self.groups.takes_places:
            yield heading("groups")
            yield paragraph(said("groups_not_told_apart"))

    def turning(self) -> frozenset[str] | None:
        """The facts that are part of a reason for the outcome, as `reasons` finds them; None where it cannot say for sure."""
        decision = self.case.decision
        if not decision.certain or not self.replayed.same:
            return None
        found = reasons(decision, budget=Steps(SECONDS))
        if not found.complete or not found.reasons:
            return None
        scenario = decision.worlds.scenario
        names = {name for one in found.reasons for name in one}
        values = {value for name in names for value in found.lists.get(name, (name,))}
        return frozenset(scenario.address(value) for value in values)
