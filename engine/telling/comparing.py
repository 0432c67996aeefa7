"""The words of before and after: what was set, what changed with it, and what became of the answer."""

from __future__ import annotations

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.decision.apart import hangs_on
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.questions.what_if import Changed, Finding, WhatIf
from sharedvalue.engine.telling.phrases import lower


def summary(kept: int, count: int) -> str:
    if count == 1:
        return "The answer stays the same." if kept else "The answer changes."
    if kept == count:
        return f"The answer stays the same in all {count} variations."
    if kept == 0:
        return f"The answer changes in all {count} variations."
    return f"The answer changes in {count - kept} of {count} variations."


def headline(found: WhatIf) -> str:
    """Whether the answer changes, or only what could follow."""
    if not found.same_answer:
        return "The answer changes."
    if found.same_possible:
        return "The answer stays the same."
    return f"The answer is still {outcome(found.after)}, but what could follow changes."


def said(changed: Changed) -> str:
    """One value before and after."""
    note = f" ({changed.widened})" if changed.widened else ""
    return f"{changed.title}: {changed.before} -> {changed.after}{note}"


def told(finding: Finding) -> str:
    return f"{finding.rule}  {finding.line}"


def outcome(decision: Decision) -> str:
    return decision.worlds.book.outcomes.outcomes[decision.outcome].title


def modes(decision: Decision) -> str:
    known = decision.worlds.book.outcomes.modes
    return ", ".join(
        [
            *(lower(known[m].title) for m in decision.modes),
            *(f"{lower(known[m].title)}?" for m in decision.open_modes),
        ]
    )


def pivotal(decision: Decision) -> str:
    """The open facts and lists that the answer hangs on, by the names that people read."""
    naming = Naming(decision.worlds)
    return ", ".join(dict.fromkeys(naming.title(name) for name in hangs_on(decision)))


def possible(decision: Decision) -> str:
    """What could follow, where that is open."""
    known = decision.worlds.book.outcomes.outcomes
    return (
        ", ".join(lower(known[one.outcome].title) for one in decision.possible)
        if decision.by_open_facts
        else ""
    )


def beside(one: Decision, other: Decision) -> list[tuple[str, str, str]]:
    """Before and after, line by line: what, before, after. A line that is empty on both sides is left out."""
    rows = [
        ("outcome", outcome(one), outcome(other)),
        ("could be", possible(one), possible(other)),
        ("how", modes(one), modes(other)),
        ("status", one.status, other.status),
        ("risk", one.risk, other.risk),
        ("depends on", pivotal(one), pivotal(other)),
    ]
    return [row for row in rows if row[1] or row[2]]
