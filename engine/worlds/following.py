"""What follows from known facts alone, before any rule: measures that can be worked out, and constraints that are broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sharedvalue.engine.language.formulas import Missing, number, surely_holds
from sharedvalue.engine.language.grounded import GroundConstraint, Grounded
from sharedvalue.engine.readings.prove import Program as Prover


def with_first_measures(known: Mapping[str, int], grounded: Grounded) -> dict[str, int]:
    """What is known, with every measure of the first stratum that follows from it."""
    values = dict(known)
    for measures, _, _ in Prover.from_grounded(grounded).table.strata[:1]:
        for name, formed in measures:
            if name in values:
                continue
            if formed.reads <= values.keys():
                values[name] = int(formed.run(values))
                continue
            try:  # what is missing may not matter
                values[name] = number(formed.formula, values)  # type: ignore[arg-type]  # formed of a number
            except Missing:
                continue
    return values


def broken(known: Mapping[str, int], grounded: Grounded) -> Iterator[GroundConstraint]:
    """The constraints that known values break, whatever is missing."""
    formed = Prover.from_grounded(grounded).table.constraints
    for constraint, (_, never) in zip(grounded.constraints, formed, strict=True):
        if never.reads <= known.keys():
            if never.run(known):  # type: ignore[arg-type]  # it is only read
                yield constraint
            continue
        if surely_holds(constraint.never, known):
            yield constraint
