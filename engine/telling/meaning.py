"""The words for what is certain, possible and ruled out: the same wherever a command speaks of open facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.questions.hinges import Hinge
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.worlds import Worlds

SHOWN = 4  # open facts of which it is said how they must turn out


def could_be(book: RuleBook, outcomes: Sequence[str]) -> str:
    """What may come out: 'it is: keep course' where that is certain, 'it could be: a or b' where several are possible."""
    titles = [book.outcomes.outcomes[name].title for name in outcomes]
    if not titles:
        return "it cannot be"
    said = " or ".join(title[:1].lower() + title[1:] for title in titles)
    return f"it is: {said}" if len(titles) == 1 else f"it could be: {said}"


def must_turn_out(worlds: Worlds, hinges: Sequence[Hinge], title: str) -> Iterator[str]:
    """How open facts must turn out for an outcome; nothing where none alone can stand in its way."""
    said = [turn_out(worlds, one) for one in hinges[:SHOWN] if one.ways]
    if said:
        more = f"; and {len(hinges) - SHOWN} more" if len(hinges) > SHOWN else ""
        first = f"for {title[:1].lower() + title[1:]}, " if title else "For it, "
        yield f"{first}these would have to turn out so: {'; '.join(said)}{more}{'' if title else '.'}"


def turn_out(worlds: Worlds, hinge: Hinge) -> str:
    """An open fact with the values that it must have: 'contribution 50 or more'."""
    naming = Naming(worlds)
    return f"{naming.title(hinge.name)}: {' or '.join(ways(worlds, hinge))}"


def ways(worlds: Worlds, hinge: Hinge) -> Iterator[str]:
    """Ranges of a value in words, within what it may be."""
    naming, own = Naming(worlds), worlds.domains[hinge.name]
    kind = worlds.grounded.variables[hinge.name].type
    if not isinstance(kind, NumberType):
        allowed = [v for v in own.values() if any(lo <= v <= hi for lo, hi in hinge.ways)]
        others = [v for v in own.values() if v not in allowed]
        few = 0 < len(others) < len(allowed)
        yield from [
            f"{'not ' if few else ''}{naming.said(hinge.name, v)}" for v in (others if few else allowed)
        ]
        return
    for lo, hi in hinge.ways:
        if lo == hi:
            yield naming.said(hinge.name, lo)
        elif lo == own.lo:
            step_above = hi + 1 if hi % kind.step else hi
            below = step_above != hi and step_above % kind.step == 0
            yield (
                f"below {naming.said(hinge.name, step_above)}"
                if below
                else f"{naming.said(hinge.name, hi)} or less"
            )
        elif hi == own.hi:
            yield f"{naming.said(hinge.name, lo)} or more"
        else:
            yield f"from {naming.said(hinge.name, lo)} to {naming.said(hinge.name, hi)}"
