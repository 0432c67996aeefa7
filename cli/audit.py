"""How the proofs about the rule book are told: `rules check`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sharedvalue.engine.language.types import say
from sharedvalue.engine.questions.audit import Audit
from sharedvalue.engine.questions.room import Border, Room, Rooms
from sharedvalue.engine.telling.page import WIDTH, fold


def audit_lines(found: Audit) -> Iterator[str]:
    """The proofs for a person."""
    yield ""
    yield f"PROVEN for {len(found.shapes)} shapes of case"
    yield from fold(", ".join(found.shapes), WIDTH, " ", first=" ")
    yield ""
    if found.total:
        yield from fold(
            "Exactly one outcome in every world. No two rules clash: where several stand, the order of choice decides.",
            WIDTH,
        )
    for one, other in found.clashes:
        yield f"CLASH: {one} and {other} share a place in the order of choice and lead to different outcomes."
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
        "The outcome never changes with these thresholds", (never.name for never in found.never_matter or ())
    )
    if any(found.never_here.values()):
        yield "What can never fire in one shape of case only: --json."
    if found.unsettled:
        yield from _list(f"Not settled within {found.seconds:g} seconds", found.unsettled)


def room_lines(found: Rooms) -> Iterator[str]:
    """How far each threshold may move before a rule goes silent for good."""
    from sharedvalue.cli.tables import table

    yield ""
    yield "ROOM BETWEEN RULES  a threshold moved alone, until a rule could fire in no case"
    rows = [
        [room.name, say(room.value, room.type), _way(room.below, room), _way(room.above, room)]
        for room in found.rooms
        if room.distance is not None
    ]
    if rows:
        yield table(["threshold", "now", "down to", "up to"], rows, [24, 6, 22, 20])
    free = [room.name for room in found.rooms if room.distance is None]
    yield from _list("No rule goes silent, wherever these stand", free)
    if found.unsettled:
        yield from _list("Not settled within the budget", found.unsettled)


def _way(border: Border | None, room: Room) -> str:
    if border is None:
        return ""
    more = f" and {len(border.rules) - 2} more" if len(border.rules) > 2 else ""
    return f"{say(border.value, room.type)}: {', '.join(border.rules[:2])}{more}"


def _list(heading: str, names: Iterable[str]) -> Iterator[str]:
    told = list(names)
    if told:
        yield from fold(f"{heading}: {', '.join(told)}.", WIDTH, "  ")
