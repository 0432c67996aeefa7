"""Comparisons that hold whatever the inputs are, since a part is compared with its whole: count * share <= count."""

from __future__ import annotations

from functools import reduce
from itertools import product

from sharedvalue.engine.readings.sweep.circuit import Chosen, Column, Divided, NoLess, Num, Times, Total

Guard = frozenset[int]  # the literals that must hold for a term to count
Factors = tuple[str, ...]
Terms = dict[tuple[Guard, Factors], int]
MOST_TERMS = 200


class _NotProducts(Exception):
    """A number that is no sum of products."""


def always(node: NoLess) -> bool:
    """Whether the one is at least the other in every world, as far as sums of products can tell."""
    one, other = node.one, node.other
    try:
        if isinstance(other, Divided):
            if not isinstance(other.bottom, int) or other.bottom < 1:
                return False
            by = other.bottom  # one >= floor(top / by) where one * by + by - 1 >= top
            left, right = _added([_times(_terms(one), _terms(by)), _terms(by - 1)]), _terms(other.top)
        else:
            left, right = _terms(one), _terms(other)
    except _NotProducts:
        return False
    difference = _added([left, _times(right, _terms(-1))])
    columns = {column.name: column for number in (one, other) for column in _columns(number)}
    by_guard: dict[Guard, dict[Factors, int]] = {}
    for (guard, factors), count in difference.items():
        by_guard.setdefault(guard, {})[factors] = count
    lowest = [
        _lowest(terms, columns) if not guard else min(0, _lowest(terms, columns))
        for guard, terms in by_guard.items()
    ]
    return sum(lowest) >= 0


def _lowest(terms: dict[Factors, int], columns: dict[str, Column]) -> int:
    """A bound below a sum of products; what all of them have in common is taken out first, where it is not negative."""
    common = [n for n in next(iter(terms)) if columns[n].lo >= 0 and all(n in factors for factors in terms)]
    if not common:
        return sum(_span(factors, count, columns)[0] for factors, count in terms.items())
    name = common[0]
    inner: dict[Factors, int] = {}
    for factors, count in terms.items():
        at = factors.index(name)
        inner[factors[:at] + factors[at + 1 :]] = count
    lowest = _lowest(inner, columns)
    return lowest * (columns[name].lo if lowest >= 0 else columns[name].hi)


def _span(factors: Factors, count: int, columns: dict[str, Column]) -> tuple[int, int]:
    lo = hi = count
    for name in factors:
        ends = [end * bound for end in (lo, hi) for bound in (columns[name].lo, columns[name].hi)]
        lo, hi = min(ends), max(ends)
    return lo, hi


def _terms(number: Num) -> Terms:
    """A number as a sum of products, each with what must hold for it to count."""
    match number:
        case int():
            return {(frozenset(), ()): number} if number else {}
        case Column(name=name):
            return {(frozenset(), (name,)): 1}
        case Total(_, _, parts, constant):
            return _added([*map(_terms, parts), _terms(constant)])
        case Times(_, _, parts, factor):
            return reduce(_times, map(_terms, parts), _terms(factor))
        case Chosen(_, _, literal, then, otherwise):
            held: Terms = {(frozenset((literal,)), ()): 1}
            not_held: Terms = {(frozenset((-literal,)), ()): 1}
            return _added([_times(_terms(then), held), _times(_terms(otherwise), not_held)])
    raise _NotProducts


def _added(sums: list[Terms]) -> Terms:
    found: Terms = {}
    for terms in sums:
        for key, count in terms.items():
            found[key] = found.get(key, 0) + count
    if len(found) > MOST_TERMS:
        raise _NotProducts
    return {key: count for key, count in found.items() if count}


def _times(one: Terms, other: Terms) -> Terms:
    found: Terms = {}
    for ((guard, factors), count), ((more, others), times) in product(one.items(), other.items()):
        if not any(-literal in more for literal in guard):
            key = guard | more, tuple(sorted(factors + others))
            found[key] = found.get(key, 0) + count * times
    if len(found) > MOST_TERMS:
        raise _NotProducts
    return found


def _columns(number: Num) -> list[Column]:
    match number:
        case Column():
            return [number]
        case Total(_, _, parts, _) | Times(_, _, parts, _):
            return [column for part in parts for column in _columns(part)]
        case Divided(_, _, one, other) | Chosen(_, _, _, one, other):
            return [*_columns(one), *_columns(other)]
    return []
