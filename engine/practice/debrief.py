"""What a trainer talks over with a group: the cases that split it most, each with what tells the two answers apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.practice.cases import Cases
from sharedvalue.engine.practice.contrast import contrast
from sharedvalue.engine.practice.session import Sitting
from sharedvalue.engine.practice.store import Answer
from sharedvalue.engine.questions.naming import Naming

MOST = 3  # cases to talk over


@dataclass(frozen=True)
class Split:
    """A case with how many gave each outcome as their first answer, the most given first."""

    case: str
    given: Mapping[str, int]

    @property
    def apart(self) -> float:
        """The chance that two people of the group, drawn at random, gave different answers: 0 where all agree."""
        count = sum(self.given.values())
        same = sum(n * (n - 1) for n in self.given.values())
        return 1 - same / (count * (count - 1)) if count > 1 else 0.0


def splits(exports: Sequence[tuple[str, Sequence[Answer]]]) -> tuple[Split, ...]:
    """The cases on which first answers differ, the most split first."""
    by_case: dict[str, Counter[str]] = {}
    for _, answers in exports:
        firsts = {answer.case: answer.answered for answer in reversed(answers) if answer.judged}
        for case, outcome in firsts.items():
            by_case.setdefault(case, Counter())[outcome] += 1
    found = [Split(case, dict(given.most_common())) for case, given in by_case.items() if len(given) > 1]
    return tuple(sorted(found, key=lambda one: (-one.apart, -sum(one.given.values()), one.case)))


@dataclass(frozen=True)
class Otherwise:
    """Somebody who sees a case otherwise than the rule book, and why. `rule` decided it, for the outcome of the `book`."""

    who: str
    case: str
    outcome: str
    reason: str
    rule: str = ""
    book: str = ""


def disagreements(exports: Sequence[tuple[str, Sequence[Answer]]]) -> Iterator[Otherwise]:
    """Who sees what otherwise, case by case."""
    found = [
        Otherwise(who, answer.case, answer.answered, answer.reason, answer.rule, answer.outcome)
        for who, answers in exports
        for answer in answers
        if answer.kind == "disagreement"
    ]
    yield from sorted(found, key=lambda one: (one.case, one.who))


@dataclass(frozen=True)
class Talk:
    """One case to talk over: what the book says, the answer that most of the others gave, and what tells the two apart."""

    split: Split
    title: str
    outcome: str
    other: str
    facts: tuple[str, ...]
    change: tuple[str, ...]


def talks(cases: Cases, found: Sequence[Split], most: int = MOST) -> Iterator[Talk]:
    """The cases to talk over. A case that is not here, such as a trainee's own file, is left out."""
    told = 0
    for split in found:
        try:
            case = cases.get(split.case)
        except UserError:
            continue
        decision = case.decision
        other = next(outcome for outcome in split.given if outcome != decision.outcome)
        apart, cues, naming = contrast(decision, other), Sitting(case).cues, Naming(decision.worlds)
        facts = tuple(cue.short for name, cue in cues.items() if name in apart.facts)
        change = tuple(
            f"{naming.title(c.name)} {naming.said(c.name, c.start)} -> {naming.said(c.name, c.to)}"
            for c in (apart.cheapest.changes if apart.cheapest is not None else ())
        )
        yield Talk(split, case.scenario.title, decision.outcome, other, facts, change)
        told += 1
        if told == most:
            return
