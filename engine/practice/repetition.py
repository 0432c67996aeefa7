"""When a topic is practised again: spaced repetition by FSRS. What was missed comes back soon, what is known late."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fsrs import Rating, Scheduler

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
SURE = 80  # percent


def grade(right: bool, confidence: int, missed: int) -> int:
    """How an answer counts: wrong, right but unsure or without the facts that decide it, right, right and sure."""
    if not right:
        return AGAIN
    if confidence < 50 or missed:
        return HARD
    return EASY if confidence >= SURE else GOOD


def reviewed(card: str, rating: int, now: dt.datetime) -> tuple[str, dt.datetime]:
    """The card of a topic after an answer ('' for a new one), and when it is due again."""
    from fsrs import Card

    before = Card.from_json(card) if card else Card(card_id=1)
    after, _ = _scheduler().review_card(before, _rating(rating), now)
    return after.to_json(), after.due


def is_card(text: str) -> bool:
    """Whether a text is a card that can be read."""
    from fsrs import Card

    try:
        Card.from_json(text)
    except (ValueError, KeyError, TypeError, AttributeError, json.JSONDecodeError):
        return False
    return True


def _rating(rating: int) -> Rating:
    from fsrs import Rating

    return Rating(rating)


def _scheduler() -> Scheduler:
    """Without chance, so that the same answers give the same dates; the first steps in days, not minutes."""
    from fsrs import Scheduler

    return Scheduler(
        enable_fuzzing=False,
        learning_steps=(dt.timedelta(hours=12),),
        relearning_steps=(dt.timedelta(hours=12),),
    )
