"""The words of a flip: what changes, who can change it, what it costs, and what stands against an outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.questions.flip import Change, Flip, Flips
from sharedvalue.engine.questions.hinges import hinges, hinges_of
from sharedvalue.engine.questions.moves import Moves
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.readings.prove import Steps
from sharedvalue.engine.telling.meaning import could_be, must_turn_out
from sharedvalue.engine.telling.page import sentence
from sharedvalue.engine.worlds.worlds import gate_of

SECTIONS = (
    ("improve", "WHAT IT WOULD TAKE"),
    ("mixed", "SOME THINGS BETTER, SOME WORSE (not advised)"),
    ("undo", "WHAT WOULD UNDO THIS (never advised)"),
)
SECONDS = (
    3.0  # as steps: how open facts would have to turn out, and what stands against, for all flips together
)
JOINED = "_and_"  # in the name of an owner who acts with another
OPENINGS = "WHAT WOULD MAKE IT POSSIBLE, NOT CERTAIN"
EFFORT = "Effort: 1 a point or a unit, 20 a choice (house default, in rules/facts.yaml)."


@dataclass(frozen=True)
class Told:
    """One flip: where it leads, what changes, and what then is still open."""

    head: str
    changes: tuple[str, ...]
    then: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Flips of one kind, by the words for whoever can make them."""

    heading: str
    owners: tuple[tuple[str, tuple[Told, ...]], ...]


@dataclass(frozen=True)
class Beside:
    """An outcome that no allowed change makes certain: a heading, its title, and why."""

    heading: str
    title: str
    text: str


def standing_on(flips: Flips) -> str:
    """What is to be said of open facts; empty where none is open."""
    if flips.decision.worlds.open:
        return "Some facts are open. What a change makes certain here holds whatever they turn out to be."
    return ""


def groups(flips: Flips) -> list[Group]:
    """All flips, what makes an outcome certain first."""
    found, budget = [], Steps(SECONDS)
    for direction, heading in SECTIONS:
        mine = [one for one in flips.flips if one.direction == direction]
        found.append(Group(heading, _told(flips, mine, budget)))
    for direction, note in (
        ("improve", ""),
        ("mixed", "some things better, some worse, not advised"),
        ("undo", "never advised"),
    ):
        mine = [one for one in flips.openings if one.direction == direction]
        found.append(Group(f"{OPENINGS}{f' ({note})' if note else ''}", _told(flips, mine, budget)))
    return [group for group in found if group.owners]


def _told(flips: Flips, found: Iterable[Flip], budget: Steps) -> tuple[tuple[str, tuple[Told, ...]], ...]:
    return tuple(
        (
            owners,
            tuple(
                Told(
                    head(flips, one),
                    tuple(change_words(flips, c) for c in one.changes),
                    then(flips, one, budget),
                )
                for one in some
            ),
        )
        for owners, some in by_owners(flips, found).items()
    )


def then(flips: Flips, one: Flip, budget: Steps) -> tuple[str, ...]:
    """What may follow a change that makes an outcome possible, and how open facts would have to turn out for it."""
    if one.certain:
        return ()
    book = flips.decision.worlds.book
    return (
        f"then {could_be(book, one.outcomes)}",
        *must_turn_out(
            flips.decision.worlds, hinges_of(flips, one, budget), book.outcomes.outcomes[one.to].title
        ),
    )


def beside(flips: Flips) -> list[Beside]:
    """The outcomes of which no allowed change makes sure, and what was not settled."""
    outcomes = flips.decision.worlds.book.outcomes.outcomes
    found, budget = [], Steps(SECONDS)
    for name in flips.never_sure:
        already = name in flips.possible
        found.append(
            Beside(
                "POSSIBLE ALREADY" if already else "NEVER CERTAIN",
                outcomes[name].title,
                " ".join(
                    (
                        "It may still follow with nothing changed.",
                        "No change of a known value that somebody here could bring about makes it certain.",
                        *must_turn_out(flips.decision.worlds, hinges(flips.decision, name, budget), ""),
                    )
                )
                if already
                else "No change of a known value that somebody here could bring about makes it certain; the changes above make it "
                "possible.",
            )
        )
    found += [
        Beside("OUT OF REACH", outcomes[name].title, against(flips, name, budget))
        for name in flips.unreachable
    ]
    found += [
        Beside("NOT SETTLED", outcomes[name].title, "The budget ran out before all changes were looked at.")
        for name in flips.undecided
    ]
    return found


def by_owners(flips: Flips, found: Iterable[Flip]) -> dict[str, list[Flip]]:
    """Flips in groups, by the words for whoever can make them."""
    groups: dict[str, list[Flip]] = {}
    for one in found:
        words = " and ".join(owner_words(flips.decision.worlds.book, owner) for owner in _owners(one))
        groups.setdefault(sentence(words).rstrip("."), []).append(one)
    return groups


def _owners(one: Flip) -> tuple[str, ...]:
    """Whoever makes a change; who acts with others is named with them only."""
    owners = dict.fromkeys(change.owner for change in one.changes)
    with_others = {one for owner in owners if JOINED in owner for one in owner.split(JOINED)}
    return tuple(sorted(owner for owner in owners if owner not in with_others))


def owner_words(book: RuleBook, owner: str) -> str:
    """Who can change something, in the words of the rule book."""
    return book.outcomes.owners.get(owner) or owner.replace("_", " ")


def head(flips: Flips, one: Flip) -> str:
    """Where a flip leads, and its effort."""
    title = flips.decision.worlds.book.outcomes.outcomes[one.to].title
    note = "" if one.minimal else ", not proven to be the least"
    return f"{title}  (effort {cost(one.cost)}{note})"


def change_words(flips: Flips, change: Change, through: bool = True) -> str:
    """One change: a measured value by what it measures, another by itself; `through` what it would come about, if asked."""
    naming = Naming(flips.decision.worlds)
    start, to = naming.present(change.name, change.start), naming.proposed(change.name, change.to)
    said = f"{naming.title(change.name)} {start} -> {to}"
    return f"{said}, through {change.moves}" if change.moves and through else said


def is_decision(flips: Flips, one: Flip) -> bool:
    """Whether what would undo an answer is a decision that somebody gives when asked: a value that, once reached, is
    nobody's to change."""
    if one.direction != "undo":
        return False
    moves = Moves(flips.decision)
    return all(moves.answered(change.name, change.to) for change in one.changes)


def against(flips: Flips, outcome: str, budget: Steps) -> str:
    """What rules an outcome out in every world, by every change that is allowed."""
    naming, worlds = Naming(flips.decision.worlds), flips.decision.worlds
    found = flips.against(outcome, budget)
    gates = dict.fromkeys(gate for name in found if (gate := gate_of(worlds.book, name)) is not None)
    names = [name for name in found if name not in worlds.unasked] or list(gates) or found
    if not names:
        return "No change that anybody could make leads there, whatever is still open."
    facts = ", ".join(f"{naming.title(n)}: {naming.said(n, worlds.domains[n].lo)}" for n in names)
    return f"Ruled out by what is not to be changed here: {facts}."


def cost(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
