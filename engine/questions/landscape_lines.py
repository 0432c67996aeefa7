"""Where comparisons turn along every line of a map, by their arithmetic: exact also where an axis is very long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.language.dependencies import stands_on
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import Test
from sharedvalue.engine.readings.prove import Budget, OutOfBudget
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.readings.prove.lines import cutters
from sharedvalue.engine.worlds import Worlds

MOST_LINES = 2_000


def line_cuts(
    worlds: Worlds,
    domains: Mapping[str, Domain],
    long: str,
    short: str,
    asked: Sequence[Test],
    budget: Budget,
) -> list[list[int]] | None:
    """For each value of `short`, the places along `long` at which a comparison may turn. None when the budget ran out.

    All else is known, or is such that no answer hangs on it.

    Raises:
        UserError: SV910 where there are more lines than are gone through, or one that is no straight arithmetic.
    """
    grounded = worlds.grounded
    loose = [
        t for t in asked if t.left in grounded.measures and {long, short} & set(stands_on(grounded, t.left))
    ]
    known = {name: Domain.known(domain.lo) for name, domain in worlds.domains.items()}
    try:
        residual = Prover.from_grounded(grounded).residual({**known, **domains}, budget)
    except OutOfBudget:
        return None
    circuit = residual.circuit
    atoms = [
        n for n, support in enumerate(circuit.support) if support and not isinstance(circuit.nodes[n], tuple)
    ]
    along = cutters(residual.arithmetic, long, domains[long], atoms)
    if along is None or loose or domains[short].size > MOST_LINES:
        raise mistake(
            "SV910",
            "map",
            f"{domains[long].size:,} by {domains[short].size:,} points, each of which may differ, are too many",
            "Narrow the axes, for example --x FACT=0..1000.",
        )
    found = []
    for value in domains[short].values():
        point = {short: value, long: domains[long].lo}
        found.append(sorted({cutter.along(point)[1] for cutter in along}))
    return found
