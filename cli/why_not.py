"""`sharedvalue why-not`: each rule that could have given an outcome, each condition with pass or fail, and what failed below."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.engine.advice import Advice, advise
from sharedvalue.engine.questions.as_json import why_not_json
from sharedvalue.engine.questions.why_not import HELD, Attempt, Explained, WhyNot
from sharedvalue.engine.questions.why_not import why_not as ask_why_not
from sharedvalue.engine.telling.checks import check_lines
from sharedvalue.engine.telling.failures import STATES, part, ruled_out
from sharedvalue.engine.telling.page import WIDTH, fold
from sharedvalue.engine.telling.phrases import Phrases, lower
from sharedvalue.engine.worlds import form

DEEPEST = 24


@click.command(
    "why-not",
    epilog="\b\nExamples:\n  sharedvalue why-not scenarios/silent-drift.yaml keep-course\n"
    "  sharedvalue why-not my-community.yaml SHIFT_FOCUS\n  sharedvalue why-not my-community.yaml inner_circle\n"
    "  sharedvalue why-not my-community.yaml need_fixed",
)
@click.argument("scenario")
@click.argument("outcome")
@global_options
def why_not(call: Call, scenario: str, outcome: str) -> None:
    """What kept an outcome from being the answer: every rule that could have given it, what failed, and by how much.

    OUTCOME may be written keep-course or KEEP_COURSE; it may also be a mode or a conclusion.
    """
    advice = advise(form(call.book, call.scenario(scenario)))
    found = ask_why_not(advice.decision, outcome)
    if call.json:
        call.print_json(why_not_json(advice.decision, found))
    else:
        call.print(why_not_lines(advice, found, scenario))


def why_not_lines(advice: Advice, found: WhyNot, file: str) -> list[str]:
    """The printed form."""
    return list(_lines(advice, found, file))


def _lines(advice: Advice, found: WhyNot, file: str) -> Iterator[str]:
    decision = advice.decision
    phrases = Phrases(advice)
    if found.is_so:
        yield from fold(
            f"{found.title} {'is the answer' if found.kind != 'conclusion' else 'holds'} here. See: sharedvalue why {quote(str(file))}"
            f"{' ' + found.target if found.kind == 'conclusion' else ''}",
            WIDTH,
            "  ",
        )
    else:
        yield f"WHY NOT {found.title}"
    yield from fold(f"The answer is: {phrases.headline()}", WIDTH, "  ")
    yield from _possible(advice, found)
    for number, move in enumerate(found.changes[:3]):
        joint = "Or with" if number else "It would be the answer with"
        yield from fold(f"{joint}: {phrases.change(move)}{phrases.how_far(move)}", WIDTH, "  ")
    order = found.decided.place if found.decided is not None and not decision.by_open_facts else 0
    if order and found.kind != "conclusion" and not found.is_so:
        assert found.decided is not None
        yield from fold(
            f"The courses are looked at in order; the first that holds decides. {found.decided.rule} decided, at place {order}.",
            WIDTH,
            "  ",
        )
    for attempt in found.attempts:
        yield ""
        yield from attempt_lines(attempt, 0)
    yield ""
    yield "* house default"


def _possible(advice: Advice, found: WhyNot) -> Iterator[str]:
    if said := ruled_out(advice.decision, found):
        yield from fold(said, WIDTH, "  ")
    if found.example and found.possible:
        told = "; ".join(f"{title}: {value}" for title, value in found.example)
        yield from fold(f"It is possible still, for example with {told}.", WIDTH, "  ")


def attempt_lines(attempt: Attempt, indent: int) -> Iterator[str]:
    """A rule: whether it held, and each condition with its mark."""
    margin = " " * indent
    place = f" (place {attempt.place})" if attempt.place else ""
    behind = ", but one before it decided" if attempt.late and attempt.state == HELD else ""
    if attempt.waits and attempt.state == HELD:
        behind = "; it decides only where none before it does"
    yield from fold(
        f"{attempt.rule.rule}{place}  {attempt.title}{part(attempt)}: {STATES[attempt.state]}{behind}",
        WIDTH,
        margin + "     ",
        first=margin,
    )
    yield from check_lines(attempt.check, indent + 3)
    if attempt.unless is not None and attempt.unless.passed is not False:
        yield f"{margin}   and not when:"
        yield from _opposite(attempt, indent + 9)
    for explained in attempt.below:
        yield from explained_lines(explained, min(indent + 6, DEEPEST))


def _opposite(attempt: Attempt, indent: int) -> Iterator[str]:
    """What would defeat a rule: marked as it stands."""
    assert attempt.unless is not None
    for test in attempt.unless.tests:
        there = {True: "holds, and defeats it", False: "does not hold", None: "open"}[test.passed]
        yield from fold(f"{test.title}: {there}", WIDTH, " " * (indent + 3), first=" " * indent)


def explained_lines(explained: Explained, indent: int) -> Iterator[str]:
    """Why a conclusion below does not hold, or does."""
    margin = " " * indent
    state = {True: "holds", False: "does not hold", None: "is open"}[explained.holds]
    if explained.again:
        yield f"{margin}{lower(explained.title)} {state} (see above)"
        return
    yield f"{margin}{lower(explained.title)} {state}:"
    for attempt in explained.attempts:
        yield from attempt_lines(attempt, indent + 3)
