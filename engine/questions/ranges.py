"""All that a value may be when it is varied."""

from __future__ import annotations

from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.types import RecordsType
from sharedvalue.engine.worlds import Worlds
from sharedvalue.engine.worlds.belief import everything


def all_values(worlds: Worlds, name: str) -> Domain:
    """Every value that a variable may take, in whole steps; the value that it has is one of them."""
    domain = listed_values(worlds, name) or everything(worlds.grounded.variables[name].type)
    return with_value(domain, worlds.domains[name].lo)


def with_value(domain: Domain, value: int) -> Domain:
    """A domain with one value more, where it is not there."""
    return domain if domain.contains(value) else Domain.listed([*domain.values(), value])


def listed_values(worlds: Worlds, name: str) -> Domain | None:
    """A map field lists its values: what a need serves is 0, a half or 1."""
    fact = worlds.book.facts.get(name.split("[")[0])
    if fact is None or not name.endswith("]") or not isinstance(fact.type, RecordsType):
        return None
    spec = fact.type.field(name.split(".")[-1].split("[")[0])
    values = getattr(spec.type, "values", ()) if spec is not None else ()
    return Domain.listed(values) if values else None
