"""A revealed case becomes an answer that is kept, and its topic gets its next date."""

from __future__ import annotations

import datetime as dt

from sharedvalue.engine.practice.cases import Case
from sharedvalue.engine.practice.concordance import Item
from sharedvalue.engine.practice.made_up import release
from sharedvalue.engine.practice.repetition import AGAIN, GOOD, grade, reviewed
from sharedvalue.engine.practice.reveal import Reveal
from sharedvalue.engine.practice.store import MOST_REASON, Answer, Store


def answer_to(found: Reveal, now: dt.datetime) -> Answer:
    """What is kept of a revealed case."""
    sitting, case, matching = found.sitting, found.sitting.case, found.matching
    hidden = sitting.hidden
    least = sum(sitting.cues[name].effort for name in matching.best if name in sitting.cues)
    return Answer(
        at=_written(now),
        case=case.id,
        kind=case.kind,
        topic=case.topic,
        rule=case.decided_by,
        chapters=case.chapters,
        outcome=found.decision.outcome,
        answered=found.commitment.outcome,
        confidence=found.commitment.confidence,
        cues=found.commitment.cues,
        named=matching.named,
        right_cues=matching.right,
        best=len(matching.best),
        hit=matching.hit,
        pair=case.pair,
        asked=sitting.asked,
        effort=sitting.effort if hidden else 0,
        least_effort=least if hidden else 0,
        book=found.decision.worlds.book.hash,
        release=release(),
        tells=len(found.telling) if found.contrast is not None else -1,
    )


def keep(store: Store, found: Reveal, now: dt.datetime) -> Answer:
    """Keeps an answer; its topic comes back soon where it was missed, and late where it was known."""
    answer = answer_to(found, now)
    rating = grade(found.right, answer.confidence, len(found.missed))
    store.add(answer, found.sitting.case.text(), lambda card: reviewed(card, rating, now))
    if found.sitting.second:
        _beside(store, found.sitting.case, "second", found.sitting.second, "", now)
    return answer


def keep_second(store: Store, case: Case, outcome: str, now: dt.datetime) -> Answer:
    """Keeps a second try beside the first, which stays as it is."""
    return _beside(store, case, "second", outcome, "", now)


def keep_disagreement(store: Store, case: Case, outcome: str, reason: str, now: dt.datetime) -> Answer:
    """Keeps that somebody sees a case otherwise than the rule book, and why: for the trainer, and for who mends the book."""
    return _beside(store, case, "disagreement", outcome, " ".join(reason.split())[:MOST_REASON], now)


def _beside(store: Store, case: Case, kind: str, outcome: str, reason: str, now: dt.datetime) -> Answer:
    answer = Answer(
        at=_written(now),
        case=case.id,
        kind=kind,
        topic=case.topic,
        rule=case.decided_by,
        chapters=case.chapters,
        outcome=case.decision.outcome,
        answered=outcome,
        confidence=0,
        cues=(),
        named=0,
        right_cues=0,
        best=0,
        hit=0,
        book=case.decision.worlds.book.hash,
        release=release(),
        reason=reason,
    )
    store.add(answer, case.text(), None)
    return answer


def keep_concordance(
    store: Store, items: tuple[Item, ...], answers: tuple[str, ...], now: dt.datetime
) -> Answer:
    """Keeps how many questions about one case agreed with the proof; the case comes back where one did not."""
    case, right = items[0].case, sum(item.truth == said for item, said in zip(items, answers, strict=True))
    answer = Answer(
        at=_written(now),
        case=case.id,
        kind="concordance",
        topic=case.topic,
        rule=case.decided_by,
        chapters=case.chapters,
        outcome=case.decision.outcome,
        answered="",
        confidence=0,
        cues=(),
        named=0,
        right_cues=0,
        best=0,
        hit=0,
        concordance=(right, len(items)),
        book=case.decision.worlds.book.hash,
        release=release(),
    )
    rating = GOOD if right == len(items) else AGAIN
    store.add(answer, case.text(), lambda card: reviewed(card, rating, now))
    return answer


def _written(now: dt.datetime) -> str:
    return now.astimezone(dt.timezone.utc).isoformat(timespec="seconds")
