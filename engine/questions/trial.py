"""What a change leads to: the outcome and its modes, where every fact is known."""

from __future__ import annotations

from collections.abc import Mapping

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.dependencies import deciding_inputs, stands_on
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.questions.moves import Move
from sharedvalue.engine.readings.fire import Program
from sharedvalue.engine.worlds import suppose


def tried(decision: Decision, move: Move) -> tuple[str, tuple[str, ...]] | None:
    """The outcome and modes after a move; None where facts are open that these stand on."""
    return tried_together(decision, {move.name: move.to})


def tried_together(decision: Decision, changes: Mapping[str, int]) -> tuple[str, tuple[str, ...]] | None:
    """The outcome and modes after several values (scaled) have changed, by firing that world; None as above."""
    try:
        worlds = suppose(decision.worlds, {name: Domain.known(to) for name, to in changes.items()})
    except UserError:
        return None
    grounded = worlds.grounded
    read = set(deciding_inputs(grounded)).union(
        *(stands_on(grounded, n) for n in grounded.variables if n.startswith("mode:"))
    )
    if read.intersection(worlds.open):
        return None
    world = {name: domain.middle for name, domain in worlds.domains.items()}
    trace = Program.from_grounded(grounded).read(world)
    if trace.chosen is None:
        return None
    modes = tuple(mode for mode in worlds.book.outcomes.modes if trace.holds(f"mode:{mode}"))
    return worlds.book.outcome_names[trace.chosen.outcome], modes
