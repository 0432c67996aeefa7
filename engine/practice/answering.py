"""A revealed case becomes an answer that is kept, and its topic gets its next date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from sharedvalue.engine.practice.cases import Case
from sharedvalue.engine.practice.concordance import Item
from sharedvalue.engine.practice.intervals import Border, Range
from sharedvalue.engine.practice.made_up import release
from sharedvalue.engine.practice.repetition import grade, reviewed
from sharedvalue.engine.practice.reveal import Reveal
from sharedvalue.engine.practice.session import Sitting
from sharedvalue.engine.practice.store import MOST_REASON, Answer, Store


def as_said(sitting: Sitting, now: dt.datetime) -> Answer:
    """What somebody said of a case, before it is graded."""
    said, case = sitting.commitment, sitting.case
    assert said is not None
    return Answer(
        at=_written(now),
        case=case.id,
        kind=case.kind,
        topic=case.topic,
        rule=case.decided_by,
        chapters=case.chapters,
        outcome=case.decision.outcome,
        answered=said.outcome,
        confidence=said.confidence,
        cues=said.cues,
        named=0,
        right_cues=0,
        best=0,
        hit=0,
        pair=case.pair,
        asked=sitting.asked,
        effort=sitting.effort if sitting.hidden else 0,
        book=case.decision.worlds.book.hash,
        release=release(),
        tells=-1,
    )


def answer_to(found: Reveal, now: dt.datetime) -> Answer:
    """What is kept of a revealed case."""
    sitting, matching = found.sitting, found.matching
    least = sum(sitting.cues[name].effort for name in matching.best if name in sitting.cues)
    return replace(
        as_said(sitting, now),
        outcome=found.decision.outcome,
        answered=found.commitment.outcome,
        confidence=found.commitment.confidence,
        cues=found.commitment.cues,
        named=matching.named,
        right_cues=matching.right,
        best=len(matching.best),
        hit=matching.hit,
        least_effort=least if sitting.hidden else 0,
        book=found.decision.worlds.book.hash,
        tells=max(len(found.telling), int(found.turned)) if found.contrast is not None else -1,
    )


def keep(store: Store, found: Reveal, now: dt.datetime) -> Answer:
    """Keeps an answer; its topic comes back soon where it was missed, and late where it was known."""
    answer = answer_to(found, now)
    rating = grade(found.right, answer.confidence, len(found.missed))
    store.add(answer, found.sitting.case.text(), lambda card: reviewed(card, rating, now))
    if found.sitting.second:
        _beside(store, found.sitting.case, "second", found.sitting.second, "", now)
    return answer


def keep_at_once(store: Store, sitting: Sitting, now: dt.datetime) -> Answer:
    """Keeps what was said before the answer is worked out, so that nothing of it is lost; `complete` adds how it is graded."""
    answer = as_said(sitting, now)
    right = answer.answered == answer.outcome
    store.add(
        answer,
        sitting.case.text(),
        lambda card: reviewed(card, grade(right, answer.confidence, 0), now),
    )
    return answer


def complete(store: Store, found: Reveal) -> None:
    """Adds to an answer that was kept at once how what was named is graded."""
    graded = answer_to(found, dt.datetime.now(dt.timezone.utc))
    store.change_last(found.sitting.case.id, lambda kept: replace(graded, at=kept.at))


def keep_second(store: Store, case: Case, outcome: str, now: dt.datetime) -> Answer:
    """Keeps a second try beside the first, which stays as it is."""
    return _beside(store, case, "second", outcome, "", now)


def keep_disagreement(store: Store, case: Case, outcome: str, reason: str, now: dt.datetime) -> Answer:
    """Keeps that somebody sees a case otherwise than the rule book, and why: for the trainer, and for who mends the book."""
    return _beside(store, case, "disagreement", outcome, " ".join(reason.split())[:MOST_REASON], now)


def keep_concordance(
    store: Store, items: Sequence[Item], earned: Sequence[Fraction | None], now: dt.datetime
) -> Answer | None:
    """Keeps what answers about one case earned against a panel; nothing where none of them can be scored."""
    scored = [credit for credit in earned if credit is not None]
    if not scored:
        return None
    return _beside(
        store, items[0].case, "concordance", "", "", now, credit=(round(100 * sum(scored)), len(scored))
    )


def keep_intervals(store: Store, asked: Sequence[Border], said: Sequence[Range], now: dt.datetime) -> Answer:
    """Keeps how many of the ranges held the value, and how wide they were."""
    pairs = list(zip(asked, said, strict=True))
    held, width = (
        sum(one.holds(border) for border, one in pairs),
        sum(one.width(border) for border, one in pairs),
    )
    return _beside(store, asked[0].case, "intervals", "", "", now, intervals=(held, len(pairs), round(width)))


def _beside(
    store: Store,
    case: Case,
    kind: str,
    outcome: str,
    reason: str,
    now: dt.datetime,
    credit: tuple[int, ...] = (0, 0),
    intervals: tuple[int, ...] = (0, 0, 0),
) -> Answer:
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
        credit=credit,
        intervals=intervals,
        book=case.decision.worlds.book.hash,
        release=release(),
        reason=reason,
    )
    store.add(answer, case.text(), None)
    return answer


def _written(now: dt.datetime) -> str:
    return now.astimezone(dt.timezone.utc).isoformat(timespec="seconds")
