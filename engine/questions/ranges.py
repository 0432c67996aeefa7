"""All that a value may be when it is varied."""

from __future__ import annotations

from sharedvalue.engine.language.dependencies import deciding_inputs
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.worlds import Worlds
from sharedvalue.engine.worlds.belief import everything, whole_steps
from sharedvalue.engine.worlds.worlds import of_itself


def all_values(worlds: Worlds, name: str) -> Domain:
    """Every value that a variable may take, in whole steps; the value that it has is one of them."""
    domain = whole_steps(worlds.grounded.variables[name].type)
    return with_value(domain, stated_value(worlds, name))


def every_value(worlds: Worlds, name: str) -> Domain:
    """Every value that a file may state of a variable."""
    domain = everything(worlds.grounded.variables[name].type)
    return with_value(domain, stated_value(worlds, name))


def stated_value(worlds: Worlds, name: str) -> int:
    """What a variable is stated to be; of a range, its least."""
    belief = worlds.beliefs.get(name)
    return worlds.domains[name].lo if belief is None or belief.value is None else belief.value


def with_value(domain: Domain, value: int) -> Domain:
    """A domain with one value more, where it is not there."""
    return domain if domain.contains(value) else Domain.listed([*domain.values(), value])


def has_value(worlds: Worlds, name: str) -> bool:
    """Whether a variable is stated, assumed or read to be one value: low confidence, or evidence in conflict, makes a range of it."""
    belief = worlds.beliefs.get(name)
    if belief is None or belief.value is None or belief.widened == LOW:
        return False
    return belief.origin != "evidence" or worlds.domains[name].is_known


LOW = "low confidence"
UNSAID = ("unknown", "evidence too old")


def said_facts(worlds: Worlds) -> list[str]:
    """The values that the choice stands on and that the case says something of: a value, a range, or what is assumed."""
    deciding = deciding_inputs(worlds.grounded)
    return [
        name
        for name in worlds.domains
        if name in deciding
        and name in worlds.beliefs
        and worlds.beliefs[name].widened not in UNSAID
        and not of_itself(worlds.book, name)
    ]
