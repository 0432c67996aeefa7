"""What came after a record: the records that answer it, and what became of the decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sharedvalue.engine.governance.follow_up import Happened, happened_of
from sharedvalue.engine.governance.form_words import form_words, in_record
from sharedvalue.engine.governance.ledger import Ledger, Record
from sharedvalue.engine.governance.report.blocks import Block, bullets, paragraph
from sharedvalue.engine.governance.report.texts import heading, said, told_in
from sharedvalue.engine.governance.standing import FOLLOW_UP, kind_of, standing
from sharedvalue.engine.telling.page import sentence


@dataclass(frozen=True)
class Later:
    """The records that answer one, and those that tell what became of it, each with who tells it, in their order."""

    answers: tuple[Record, ...]
    happened: tuple[tuple[Happened, str], ...]

    @property
    def done(self) -> frozenset[str]:
        """The follow-up actions that were carried out, as the record words them."""
        return frozenset(action for one, _ in self.happened for action in one.done)

    def notes(self) -> Iterator[Block]:
        """That a record was answered: what it asks for is then settled, or asked elsewhere."""
        for one in self.answers:
            stands = standing(one.payload).status
            told = said(
                "answered_by", record=one.id, day=one.payload["recorded_at"][:10], how=stands.lead.lower()
            )
            yield Block("note", told)


NOTHING_LATER = Later((), ())


def later_than(ledger: Ledger, record: Record) -> Later:
    """What the ledger holds of a decision after it was recorded."""
    answers, happened = [], []
    for one in ledger.records():
        payload = one.payload
        if payload["answers"] == record.number:
            answers.append(one)
        if kind_of(payload) == FOLLOW_UP and payload["about"] == record.number:
            happened.append((happened_of(one), ", ".join(standing(payload).form.by)))
    return Later(tuple(answers), tuple(happened))


def what_became(later: Later, others: bool) -> Iterator[Block]:
    """What became of a decision, the latest first: in words, what was done, and what was measured again."""
    if not later.happened:
        return
    yield heading("became")
    for one, by in reversed(later.happened):
        words = in_record("left_out") if others and one.words else one.words
        told = said("became", day=one.on, who=by, result=became_words(one))
        yield paragraph(f"{sentence(told)} {sentence(words) if words else ''}".strip())
        if one.done:
            yield bullets(*(said("action_done", what=action) for action in one.done))
        if one.measured:
            rows = [
                (fact.title, fact.then, fact.expected or said("not_expected"), fact.now)
                for fact in one.measured
            ]
            yield told_in("measured", rows)


def became_words(one: Happened) -> str:
    """How it turned out, in the words of the form."""
    return form_words().follow_up["result"].choices.get(one.result, one.result)
