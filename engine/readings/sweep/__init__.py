"""The reading `sweep`: what follows in each of very many complete worlds, as Polars expressions.

    grounded table -> constants put in (fold) -> circuit -> expressions (translate) -> outcome, place, modes a row

The one home of Polars, which is imported when a name of this package is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sharedvalue.engine.readings.sweep.ends import Cases, Endings, Ends
    from sharedvalue.engine.readings.sweep.grid import Axis, Block, Draw, Grid, Sample
    from sharedvalue.engine.readings.sweep.labels import Labels
    from sharedvalue.engine.readings.sweep.parallel import on_all_cores
    from sharedvalue.engine.readings.sweep.program import NOTHING, Program, Reading, Tally
    from sharedvalue.engine.readings.sweep.read_tables import read_table
    from sharedvalue.engine.readings.sweep.spread import Spread
    from sharedvalue.engine.readings.sweep.tables import (
        Frame,
        Writing,
        checked_target,
        frame_of,
        partial_of,
        write_rows,
    )

_HOMES = {
    **dict.fromkeys(("Axis", "Block", "Draw", "Grid", "Sample"), "grid"),
    **dict.fromkeys(("NOTHING", "Program", "Reading", "Tally"), "program"),
    **dict.fromkeys(("Frame", "Writing", "checked_target", "frame_of", "partial_of", "write_rows"), "tables"),
    **dict.fromkeys(("Cases", "Endings", "Ends"), "ends"),
    "Labels": "labels",
    "Spread": "spread",
    "on_all_cores": "parallel",
    "read_table": "read_tables",
}

__all__ = [
    "NOTHING",
    "Axis",
    "Block",
    "Cases",
    "Draw",
    "Endings",
    "Ends",
    "Frame",
    "Grid",
    "Labels",
    "Program",
    "Reading",
    "Sample",
    "Spread",
    "Tally",
    "Writing",
    "checked_target",
    "frame_of",
    "on_all_cores",
    "partial_of",
    "read_table",
    "write_rows",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
