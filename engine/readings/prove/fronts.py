"""The most that a sum can reach for each cost, where its terms fall into parts that share no values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod

from sharedvalue.engine.readings.prove.bounded import Bounded, Near, Terms
from sharedvalue.engine.readings.prove.budget import Budget

Places = tuple[tuple[str, int], ...]
Step = tuple[int, int, Places]  # a cost, the most that is reached for it, and where


def parts(terms: Terms, names: Iterable[str]) -> list[list[str]]:
    """The values parted so that no term has factors of two parts."""
    found: list[set[str]] = [{name} for name in names]
    for factors in terms:
        touched = [part for part in found if part.intersection(factors)]
        if len(touched) > 1:
            found = [part for part in found if part not in touched] + [set().union(*touched)]
    return [sorted(part) for part in found]


def cheapest_sum(
    terms: Terms, parted: Sequence[Sequence[str]], values: Mapping[str, Bounded], budget: Budget
) -> Near:
    """The cheapest point at which the terms add up to 0 or more; no part may have more than two values."""
    constant = terms.get((), 0)
    fronts = [_front({f: n for f, n in terms.items() if f and f[0] in part}, part, values) for part in parted]
    budget.charge(sum(prod(values[n].hi - values[n].lo + 1 for n in part) for part in parted))
    fronts.sort(key=len)
    rests = [front[0] for front in fronts]
    paid, added = sum(step[0] for step in rests), sum(step[1] for step in rests) + constant
    most = min(
        (
            s[0] - r[0] + paid
            for front, r in zip(fronts, rests, strict=True)
            for s in front
            if s[1] - r[1] + added >= 0
        ),
        default=None,
    )
    total = fronts[0]
    for i, front in enumerate(fronts[1:-1], 1):
        budget.charge(len(total) * len(front))
        spare = None if most is None else most - sum(rest[0] for rest in rests[i + 1 :])
        total = _rising(
            [
                (cost + more, value + gain, places + others)
                for cost, value, places in total
                for more, gain, others in front
                if spare is None or cost + more <= spare
            ]
        )
    found: Step | None = None
    last = fronts[-1]
    at = len(last) - 1
    for cost, value, places in total:  # as these reach more, the last part needs to reach less
        while at > 0 and last[at - 1][1] + value + constant >= 0:
            at -= 1
        more, gain, others = last[at]
        if gain + value + constant >= 0 and (found is None or cost + more < found[0]):
            found = (cost + more, 0, places + others)
    return Near(None, {}) if found is None else Near(found[0], dict(found[2]))


def _rising(steps: Iterable[Step]) -> list[Step]:
    """The steps that reach more than every cheaper one."""
    found: list[Step] = []
    for step in sorted(steps, key=lambda s: (s[0], -s[1])):
        if not found or step[1] > found[-1][1]:
            found.append(step)
    return found


def _front(terms: Terms, names: Sequence[str], values: Mapping[str, Bounded]) -> list[Step]:
    first, last = values[names[0]], values[names[-1]]
    if len(names) == 1:
        slope = terms.get((names[0],), 0)
        return _rising(
            (first.cost(p), slope * first.points[p], ((names[0], p),)) for p in first.toward(slope)
        )
    both = sum(count for factors, count in terms.items() if len(factors) == 2)
    a, b = terms.get((names[0],), 0), terms.get((names[1],), 0)
    costs = {place: last.cost(place) for place in range(last.lo, last.hi + 1)}
    best: dict[int, tuple[int, int, int]] = {}
    for place in range(first.lo, first.hi + 1):
        value, paid = first.points[place], first.cost(place)
        slope, base = both * value + b, a * value
        for other in last.toward(slope):
            cost = paid + costs[other]
            reached = base + slope * last.points[other]
            if cost not in best or reached > best[cost][0]:
                best[cost] = (reached, place, other)
    return _rising(
        (cost, reached, ((names[0], place), (names[1], other)))
        for cost, (reached, place, other) in best.items()
    )


__all__ = ["cheapest_sum", "parts"]
