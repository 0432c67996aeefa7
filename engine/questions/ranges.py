"""All that a value may be when it is varied."""

from __future__ import annotations

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.worlds import Worlds
from sharedvalue.engine.worlds.belief import everything


def all_values(worlds: Worlds, name: str) -> Domain:
    """Every value that a variable may take, in whole steps; the value that it has is one of them."""
    return with_value(everything(worlds.grounded.variables[name].type), worlds.domains[name].lo)


def with_value(domain: Domain, value: int) -> Domain:
    """A domain with one value more, where it is not there."""
    return domain if domain.contains(value) else Domain.listed([*domain.values(), value])
