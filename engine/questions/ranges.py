"""All that a value may be when it is varied."""

from __future__ import annotations

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.worlds import Worlds
from sharedvalue.engine.worlds.belief import everything, whole_steps


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
