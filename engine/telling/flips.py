"""The words of a flip: what changes, who can change it, what it costs, and what stands against an outcome."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.questions.flip import Change, Flip, Flips
from sharedvalue.engine.questions.moves import Moves
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.telling.page import sentence

SECTIONS = (
    ("improve", "WHAT IT WOULD TAKE"),
    ("mixed", "SOME THINGS BETTER, SOME WORSE (not advised)"),
    ("undo", "WHAT WOULD UNDO THIS (never advised)"),
)
JOINED = "_and_"  # in the name of an owner who acts with another
NOT_SETTLED = "NOT SETTLED"
OUT_OF_BUDGET = "The budget ran out before a change was found, or proven not to exist."
EFFORT = "Effort: 1 a point or a unit, 20 a choice (house default, in rules/facts.yaml)."


def standing_on(flips: Flips) -> str:
    """What is to be said of open facts; empty where none is open."""
    if not flips.decision.certain:
        return "Some facts are open. What stands here would hold whatever they turn out to be."
    if flips.decision.worlds.open:
        return "What stands here holds whatever the open facts turn out to be."
    return ""


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


def change_words(flips: Flips, change: Change) -> str:
    """One change: a measured value by what it measures, another by itself."""
    naming = Naming(flips.decision.worlds)
    start, to = naming.present(change.name, change.start), naming.proposed(change.name, change.to)
    said = f"{naming.title(change.name)} {start} -> {to}"
    return f"{said}, through {change.moves}" if change.moves else said


def is_decision(flips: Flips, one: Flip) -> bool:
    """Whether what would undo an answer is a decision that somebody gives when asked: a value that, once reached, is
    nobody's to change."""
    if one.direction != "undo":
        return False
    moves = Moves(flips.decision)
    return all(moves.answered(change.name, change.to) for change in one.changes)


def out_of_reach(flips: Flips, outcome: str) -> str:
    """What is said at once of an outcome that no change makes sure of."""
    return "OUT OF REACH" if is_out_of_reach(flips, outcome) else "NOT SURE YET"


def is_out_of_reach(flips: Flips, outcome: str) -> bool:
    """Whether the outcome is ruled out, and not only open while facts are."""
    return flips.decision.certain or bool(flips.against(outcome))


def against(flips: Flips, outcome: str) -> str:
    """What rules an outcome out."""
    naming, worlds = Naming(flips.decision.worlds), flips.decision.worlds
    names = flips.against(outcome)
    if not names:
        if not flips.decision.certain:
            return "No change makes sure of it while facts are open; it may still follow once they are known."
        return "No change that anybody could make leads there."
    facts = ", ".join(f"{naming.title(n)}: {naming.said(n, worlds.domains[n].lo)}" for n in names)
    return f"Ruled out by what is not to be changed here: {facts}."


def cost(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
