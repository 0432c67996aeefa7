"""The words of the reasons: how many sets of facts there are, whether these are all, and the facts in them."""

from __future__ import annotations

from collections.abc import Iterable

from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.questions.reasons import Reasons

UNDECIDED = "Undecided: open facts leave several outcomes, so no set of facts settles it."


def opening(found: Reasons) -> str:
    """How many sets there are, and whether there may be more."""
    count = len(found.reasons)
    if found.complete:
        return (
            f"{_sets(count)} of facts, {'enough' if count == 1 else 'each enough'} alone. There are no more."
        )
    return f"INCOMPLETE: {_sets(count)} of facts found and proven in {found.seconds:g} seconds; there may be more."


def lists(found: Reasons) -> str:
    """Which lists count as one fact; empty where there are none."""
    if not found.lists or not found.reasons:
        return ""
    records = found.decision.worlds.scenario.records
    counted = ", ".join(f"{name} ({len(records[name])})" for name in found.lists)
    return f"Each list counts as one fact, as it is given: {counted}."


def facts(found: Reasons, names: Iterable[str]) -> str:
    return "; ".join(said(found, name) for name in names)


def said(found: Reasons, name: str) -> str:
    """A fact with its value."""
    if name in found.lists:
        return f"the list of {name} as given"
    naming = Naming(found.decision.worlds)
    return f"{naming.title(name)}: {naming.said(name, found.decision.worlds.domains[name].lo)}"


def _sets(count: int) -> str:
    return f"{count} {'set' if count == 1 else 'sets'}"
