"""The words of a rule that was tried: whether it held, and which part of it was meant."""

from __future__ import annotations

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.questions.why_not import DEFEATED, FAILED, HELD, Attempt, WhyNot
from sharedvalue.engine.telling.phrases import lower

STATES = {HELD: "held", FAILED: "did not hold", DEFEATED: "was defeated", "open": "depends on what is open"}


def part(attempt: Attempt) -> str:
    """The name of a part, where it is a name and not a number."""
    name = attempt.rule.part
    return f" ({name.replace('_', ' ')})" if name and not name[0].isdigit() else ""


def ruled_out(decision: Decision, found: WhyNot) -> str:
    """That an outcome cannot follow from what is known, and, in an open case, which rules decide instead; else empty."""
    if found.possible or found.is_so or not decision.worlds.open:
        return ""
    said = "As the known facts stand it is not possible, whatever the open ones turn out to be."
    if not decision.by_open_facts:
        return said
    book = decision.worlds.book
    ways: dict[str, list[str]] = {}
    for branch in decision.deciding.branches:
        title = lower(book.outcomes.outcomes[book.outcome_names[branch.outcome]].title)
        ways.setdefault(title, []).append(lower(book.rules[branch.rule].title))
    told = [
        ", ".join(r if r.startswith(title) else f"{r} ({title})" for r in dict.fromkeys(rules))
        for title, rules in ways.items()
    ]
    return f"{said} One of these decides: {' or '.join(told)}."
