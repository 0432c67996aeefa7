"""`sharedvalue flip`: the cheapest changes that would lead to another outcome, by who can make them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from cli.call import Call, global_options
from cli.page import WIDTH, fold, sentence

if TYPE_CHECKING:
    from engine.language.rulebook import RuleBook
    from engine.questions.flip import Change, Flip, Flips

SECTIONS = (
    ("improve", "WHAT IT WOULD TAKE"),
    ("mixed", "SOME THINGS BETTER, SOME WORSE (not advised)"),
    ("undo", "WHAT WOULD UNDO THIS (never advised)"),
)


@click.command(
    epilog="\b\nExamples:\n  sharedvalue flip scenarios/neophytes-and-experts.yaml\n"
    "  sharedvalue flip scenarios/neophytes-and-experts.yaml --to keep-course\n"
    "  sharedvalue flip my-community.yaml --keep contribution --keep 'segments[experts].overlap'\n"
    "  sharedvalue flip my-community.yaml --json"
)
@click.argument("scenario")
@click.option("--to", metavar="OUTCOME", help="Only changes that lead to this outcome.")
@click.option("--keep", multiple=True, metavar="FACT", help="A fact that must stay as it is; repeatable.")
@global_options
def flip(call: Call, scenario: str, to: str | None, keep: tuple[str, ...]) -> None:
    """What would have to change for another outcome, and who could change it.

    Each answer is proven: no cheaper change leads there, and no part of it is enough. A measured value moves only
    through what it measures. Facts that nobody can change stay as they are.
    """
    from engine.decision import decide
    from engine.questions.flip import flip as ask_flip
    from engine.questions.flip import flips_json
    from engine.worlds import form

    found = ask_flip(decide(form(call.book, call.scenario(scenario))), to, keep)
    if call.json:
        call.print_json(flips_json(found))
    else:
        call.print(flip_lines(found))


def flip_lines(flips: Flips) -> Iterator[str]:
    """The printed form."""
    decision = flips.decision
    book = decision.worlds.book
    yield f"NOW  {book.outcomes.outcomes[decision.outcome].title}"
    if not decision.certain:
        yield from fold(
            "Some facts are open. What stands here would hold whatever they turn out to be.",
            WIDTH,
            " ",
            first=" ",
        )
    elif decision.worlds.open:
        yield from fold(
            "What stands here holds whatever the open facts turn out to be.", WIDTH, " ", first=" "
        )
    for direction, heading in SECTIONS:
        mine = [f for f in flips.flips if f.direction == direction]
        if mine:
            yield ""
            yield heading
            yield from _by_owner(flips, mine)
    for outcome in flips.unreachable:
        yield ""
        yield f"OUT OF REACH  {book.outcomes.outcomes[outcome].title}"
        yield from fold(_against(flips, outcome), WIDTH, " ", first=" ")
    for outcome in flips.undecided:
        yield ""
        yield f"NOT SETTLED  {book.outcomes.outcomes[outcome].title}"
        yield from fold(
            "The budget ran out before a change was found, or proven not to exist.", WIDTH, " ", first=" "
        )
    if flips.flips:
        yield ""
        yield from fold(
            "Effort: 1 a point or a unit, 20 a choice (house default, in rules/facts.yaml).", WIDTH
        )


def _by_owner(flips: Flips, found: Iterable[Flip]) -> Iterator[str]:
    book = flips.decision.worlds.book
    groups: dict[tuple[str, ...], list[Flip]] = {}
    for one in found:
        groups.setdefault(_owners(one), []).append(one)
    for owners, group in groups.items():
        yield from fold(
            sentence(" and ".join(owner_words(book, owner) for owner in owners)).rstrip("."),
            WIDTH,
            " ",
            first=" ",
        )
        for one in group:
            yield from _one(flips, one)


def _owners(one: Flip) -> tuple[str, ...]:
    """Whoever makes a change; who acts with others is named with them only."""
    owners = dict.fromkeys(change.owner for change in one.changes)
    if "leader_and_members" in owners:
        owners = {o: None for o in owners if o not in ("leader", "members")}
    return tuple(sorted(owners))


def owner_words(book: RuleBook, owner: str) -> str:
    """Who can change something, in the words of the rule book."""
    return book.outcomes.owners.get(owner) or owner.replace("_", " ")


def _one(flips: Flips, one: Flip) -> Iterator[str]:
    title = flips.decision.worlds.book.outcomes.outcomes[one.to].title
    note = "" if one.minimal else ", not proven to be the least"
    head = f"{title}  (effort {cost(one.cost)}{note})"
    yield from fold(head, WIDTH, "     ", first="   ")
    for change in one.changes:
        yield from fold(change_words(flips, change), WIDTH, "       ", first="     ")


def change_words(flips: Flips, change: Change) -> str:
    """One change: a measured value by what it measures, another by itself."""
    from engine.questions.naming import Naming

    naming = Naming(flips.decision.worlds)
    start, to = (naming.said(change.name, value) for value in (change.start, change.to))
    said = f"{naming.title(change.name)} {start} -> {to}"
    return f"{said}, through {change.moves}" if change.moves else said


def _against(flips: Flips, outcome: str) -> str:
    from engine.questions.naming import Naming

    naming, worlds = Naming(flips.decision.worlds), flips.decision.worlds
    names = flips.against(outcome)
    if not names:
        return "No change that anybody could make leads there."
    facts = ", ".join(f"{naming.title(n)}: {naming.said(n, worlds.domains[n].lo)}" for n in names)
    return f"Ruled out by what is not to be changed here: {facts}."


def cost(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
