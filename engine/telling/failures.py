"""The words of a rule that was tried: whether it held, and which part of it was meant."""

from __future__ import annotations

from sharedvalue.engine.questions.why_not import DEFEATED, FAILED, HELD, Attempt

STATES = {HELD: "held", FAILED: "did not hold", DEFEATED: "was defeated", "open": "depends on what is open"}


def part(attempt: Attempt) -> str:
    """The name of a part, where it is a name and not a number."""
    name = attempt.rule.part
    return f" ({name.replace('_', ' ')})" if name and not name[0].isdigit() else ""
