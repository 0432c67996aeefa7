"""`sharedvalue why`: the chain of rules to the decision, or to a conclusion, as an indented tree."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.engine.advice import Advice, advise
from sharedvalue.engine.decision import Decision
from sharedvalue.engine.questions.as_json import why_json
from sharedvalue.engine.questions.why import Basis, Fork, Step, Why
from sharedvalue.engine.questions.why import why as ask_why
from sharedvalue.engine.telling.because import rules_that_may_decide, which_decides
from sharedvalue.engine.telling.checks import number_texts
from sharedvalue.engine.telling.lacking import courses_that_failed
from sharedvalue.engine.telling.page import WIDTH, fold, sentence
from sharedvalue.engine.telling.phrases import Phrases, lower
from sharedvalue.engine.worlds import form

DEEPEST = 24  # columns of indentation, at most


@click.command(
    epilog="\b\nExamples:\n  sharedvalue why scenarios/silent-drift.yaml\n  sharedvalue why my-community.yaml member_value_met\n"
    "  sharedvalue why my-community.yaml S08"
)
@click.argument("scenario")
@click.argument("conclusion", required=False)
@global_options
def why(call: Call, scenario: str, conclusion: str | None) -> None:
    """The chain of rules that led to the decision, with its numbers, the article's words, and what the facts rest on.

    CONCLUSION asks for one conclusion (need_fixed), one rule (S08) or one fact instead.
    """
    advice = advise(form(call.book, call.scenario(scenario)))
    found = ask_why(advice.decision, conclusion)
    if call.json:
        call.print_json(why_json(advice.decision, found))
    else:
        call.print(why_lines(advice, found, scenario))


def why_lines(advice: Advice, found: Why, file: str) -> list[str]:
    """The printed form."""
    return list(_lines(advice, found, file))


def _lines(advice: Advice, found: Why, file: str) -> Iterator[str]:
    decision = advice.decision
    yield from _head(advice, found, file)
    for step in found.steps:
        yield from step_lines(step, 0)
    for fork in found.forks:
        yield from _fork(decision, fork)
    if found.target == "the decision":
        yield from _doors(decision)
    if found.earlier:
        yield ""
        yield "LOOKED AT FIRST, AND DID NOT HOLD"
        for early in found.earlier:
            yield from fold(
                f"{early.rule}  {_title(decision, early.outcome)}: {lower(early.otherwise)}",
                WIDTH,
                "      ",
                first=" ",
            )
    if found.basis:
        yield ""
        yield "WHAT IT RESTS ON"
        yield from basis_lines(found.basis)
    yield ""
    yield from fold(
        f"* house default. Quotes: {decision.worlds.book.article.credit or decision.worlds.book.article.attribution}",
        WIDTH,
    )


def _doors(decision: Decision) -> Iterator[str]:
    """For an answer that comes out where no course holds: each course, and what it lacks and by how much."""
    courses = courses_that_failed(decision)
    if courses:
        yield ""
        yield "EACH COURSE, AND WHAT IT LACKS"
    for rule, title, lacks in courses:
        yield from fold(f"{rule}  {title}: {'; '.join(lacks)}", WIDTH, "      ", first=" ")


def _head(advice: Advice, found: Why, file: str) -> Iterator[str]:
    if found.target == "the decision":
        phrases = Phrases(advice)
        yield from fold(phrases.headline(), WIDTH, "  ")
        yield ""
        if found.holds is None:
            yield from fold(
                f"{which_decides(phrases)} ({', '.join(rules_that_may_decide(advice.decision))}). Each leads to this answer. "
                "What holds in any case:",
                WIDTH,
            )
            yield ""
        return
    if found.holds:
        yield f"WHY {found.target}"
        yield ""
        return
    state = (
        "does not hold here"
        if found.holds is False
        else "holds in some worlds only: it depends on what is open"
    )
    yield from fold(
        f"{found.target} {state}. What failed, and by how much: sharedvalue why-not {quote(str(file))} {found.target}",
        WIDTH,
        "  ",
    )


def _title(decision: Decision, outcome: str) -> str:
    return decision.worlds.book.outcomes.outcomes[outcome].title


def _fork(decision: Decision, fork: Fork) -> Iterator[str]:
    example = "; ".join(f"{title}: {value}" for title, value in fork.example)
    modes = [lower(decision.worlds.book.outcomes.modes[m].title) for m in fork.modes]
    yield ""
    said = f"{_title(decision, fork.outcome).upper()}{': ' if modes else ''}{' and '.join(modes)}"
    yield from fold(f"{said}, for example with {example}" if example else said, WIDTH, "  ")
    for step in fork.steps:
        yield from step_lines(step, 1)


def step_lines(step: Step, depth: int) -> Iterator[str]:
    """A rule with its sentence, its numbers and one quote, and the rules that it stands on below it."""
    margin = " " * min(3 * depth, DEEPEST)
    if step.again:
        yield from fold(f"{step.rule.rule}  {step.line} (see above)", WIDTH, margin + "     ", first=margin)
        return
    yield from fold(f"{step.rule.rule}  {sentence(step.because)}", WIDTH, margin + "     ", first=margin)
    if numbers := number_texts(step.numbers, step.nots):
        yield from fold("; ".join(numbers), WIDTH, margin + "     ", first=margin + "     ")
    quoted = [claim for claim in step.claims if claim.quote]
    if quoted:
        yield from fold(
            f'"{quoted[0].quote}" ({quoted[0].id})', WIDTH, margin + "     ", first=margin + "     "
        )
    for below in step.below:
        yield from step_lines(below, depth + 1)


def basis_lines(basis: tuple[Basis, ...]) -> Iterator[str]:
    """The facts, grouped by what they rest on; those with evidence one by one, with what is told of a number of somebody's own."""
    groups = {"given": "Your estimate, no evidence", "assumed": "Assumed, since not given"}
    for origin, words in groups.items():
        bare = [b for b in basis if b.origin == origin and not b.items and not b.confidence]
        if bare:
            yield from fold(
                f"{words}: {'; '.join(f'{b.title} {b.value}' for b in bare)}", WIDTH, "   ", first=" "
            )
    for b in basis:
        if b.items or b.confidence or b.origin not in groups:
            parts = [
                f"confidence {b.confidence}" if b.confidence else "",
                b.widened,
                f"rules {', '.join(b.rules)}" if b.rules else "",
            ]
            told = "; ".join(part for part in parts if part)
            behind = "; ".join([*b.items, *([b.beside] if b.beside else [])])
            yield from fold(
                f"{b.title} {b.value}{f' ({told})' if told else ''}{f': {behind}' if behind else ''}",
                WIDTH,
                "   ",
                first=" ",
            )
