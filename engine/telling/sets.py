"""The words of the reasons: how many sets of facts there are, whether these are all, and the facts in them."""

from __future__ import annotations

from collections.abc import Iterable

from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.questions.ranges import has_value, stated_value
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


def assumed(found: Reasons) -> str:
    """That some facts of the sets are assumed; empty where none is."""
    if not any(name in found.decision.worlds.assumed for reason in found.reasons for name in reason):
        return ""
    return "What is marked as assumed is what you did not say: state it, and the sets rest on what is known."


def facts(found: Reasons, names: Iterable[str]) -> str:
    return "; ".join(said(found, name) for name in names)


def said(found: Reasons, name: str) -> str:
    """A fact with its value."""
    if name in found.lists:
        return f"the list of {name} as given"
    worlds = found.decision.worlds
    naming, own = Naming(worlds), worlds.domains[name]
    assumed = " (assumed)" if name in worlds.assumed else ""
    if has_value(worlds, name) or own.is_known:
        return f"{naming.title(name)}: {naming.said(name, stated_value(worlds, name))}{assumed}"
    if isinstance(worlds.grounded.variables[name].type, NumberType) and isinstance(own.points, range):
        return f"{naming.title(name)} from {naming.said(name, own.lo)} to {naming.said(name, own.hi)}"
    return f"{naming.title(name)}: {' or '.join(naming.said(name, value) for value in own.values())}"


def _sets(count: int) -> str:
    return f"{count} {'set' if count == 1 else 'sets'}"
