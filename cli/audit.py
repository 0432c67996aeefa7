"""How the proofs about the rule book are told: `rules check --prove`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cli.page import WIDTH, fold
from engine.questions.audit import Audit


def audit_lines(found: Audit) -> Iterator[str]:
    """The proofs for a person."""
    yield ""
    yield f"PROVEN for {len(found.shapes)} shapes of case"
    yield from fold(", ".join(found.shapes), WIDTH, " ", first=" ")
    yield ""
    if found.total:
        yield "Exactly one outcome in every world."
    for shape, world in found.holes.items():
        values = ", ".join(f"{name} {value}" for name, value in world.items())
        yield from fold(f"NO OUTCOME in a world with {shape}: {values}", WIDTH, "  ")
    if found.open_shapes:
        yield from fold(
            f"Not settled within the budget: one outcome with {', '.join(found.open_shapes)}.", WIDTH, "  "
        )
    yield from _list("These can never fire", (never.name for never in found.never_fire))
    shadowed = (
        f"{n.name} (before it: {', '.join(n.because)})" if n.because else n.name for n in found.never_decide
    )
    yield from _list("These never decide", shadowed)
    yield from _list(
        "The outcome never changes with these thresholds", (never.name for never in found.never_matter)
    )
    for shape, names in found.never_here.items():
        yield from _list(f"With {shape}, these never fire", names)
    if found.unsettled:
        yield from _list(f"Not settled within {found.seconds:g} seconds", found.unsettled)


def _list(heading: str, names: Iterable[str]) -> Iterator[str]:
    told = list(names)
    if told:
        yield from fold(f"{heading}: {', '.join(told)}.", WIDTH, "  ")
