"""What a trainee is shown after committing: the answer, which of the named facts are in a minimal reason, and what would flip it.

A reason is a minimal set of facts that alone forces the outcome (engine.questions.reasons). A group or sponsor list counts
as one fact. Where open facts leave several outcomes there is no such set; then the pivotal facts take its place.

What is graded is whether what was named tells the answer from the one that tempts (contrast.py).

- Precision: of the facts named, how many are in some reason.
- Recall: of the facts of the reason that fits best (of which the largest part was named; of equals the shortest), how many
  were named. Nobody is asked to name more than one reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sharedvalue.engine.advice import Advice, advise
from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.formulas import Missing, holds
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.language.types import YesNo
from sharedvalue.engine.practice.contrast import FLIPPING, Contrast, contrast, nearest
from sharedvalue.engine.practice.material import Popular, material
from sharedvalue.engine.practice.sense import contradicts
from sharedvalue.engine.practice.session import Commitment, Sitting
from sharedvalue.engine.questions.flip import Flip, Flips, flip
from sharedvalue.engine.questions.moves import Moves
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.questions.reasons import reasons
from sharedvalue.engine.readings.prove import Steps
from sharedvalue.engine.telling.because import Reasons as Because
from sharedvalue.engine.telling.phrases import Phrases

SECONDS = 5.0
EVERY, SOME, NONE, UNPROVEN = "every", "some", "none", "unproven"


@dataclass(frozen=True)
class Verdict:
    """Where a fact stands: in every reason, in some, in none, or not found in any before the budget ran out."""

    cue: str
    stands: str


@dataclass(frozen=True)
class Matching:
    """Facts named against the reasons. Counts, so that they can be added up over many cases."""

    named: int
    right: int
    best: tuple[str, ...]
    hit: int


@dataclass(frozen=True)
class Key:
    """The reasons of a case, each a set of facts. `complete`: there are no others. `pivotal`: open facts, not reasons."""

    reasons: tuple[frozenset[str], ...]
    complete: bool
    pivotal: bool

    @property
    def necessary(self) -> frozenset[str]:
        if not self.reasons or not self.complete:
            return frozenset()
        return frozenset.intersection(*self.reasons)

    def verdict(self, cue: str) -> str:
        if cue in self.necessary:
            return EVERY
        if any(cue in reason for reason in self.reasons):
            return SOME
        return NONE if self.complete else UNPROVEN

    def matching(self, cues: tuple[str, ...]) -> Matching:
        """Facts that are neither proven to matter nor proven not to are left out of the count."""
        verdicts = [self.verdict(cue) for cue in cues]
        right = sum(verdict in (EVERY, SOME) for verdict in verdicts)
        named = sum(verdict != UNPROVEN for verdict in verdicts)
        if not self.reasons:
            return Matching(named, right, (), 0)
        chosen = set(cues)
        best = min(self.reasons, key=lambda r: (-len(r & chosen) / max(len(r), 1), len(r), sorted(r)))
        return Matching(named, right, tuple(sorted(best)), len(best & chosen))


def _may_differ(decision: Decision) -> list[str]:
    """The facts that could be otherwise without the case contradicting itself."""
    variables, known = decision.worlds.grounded.variables, decision.worlds.known
    return [
        name
        for name in Moves(decision).names
        if not isinstance(variables[name].type, YesNo) or not contradicts(decision, {name: 1 - known[name]})
    ]


def key_of(decision: Decision, seconds: float = SECONDS) -> Key:
    """The reasons of a case, in terms of whole facts; reasons that differ only inside a list are one."""
    if not decision.certain:
        return Key((frozenset(fact_of(name) for name in decision.pivotal),), decision.complete, True)
    found = reasons(decision, _may_differ(decision), Steps(seconds))
    whole = {frozenset(fact_of(name) for name in reason) for reason in found.reasons}
    least = [reason for reason in whole if not any(other < reason for other in whole)]
    return Key(tuple(sorted(least, key=lambda r: (len(r), sorted(r)))), found.complete, False)


@dataclass(frozen=True)
class Reveal:
    """All that is shown once the trainee has committed."""

    sitting: Sitting
    commitment: Commitment
    advice: Advice
    key: Key
    flips: Flips

    @property
    def decision(self) -> Decision:
        return self.advice.decision

    @property
    def right(self) -> bool:
        return self.commitment.outcome == self.decision.outcome

    @property
    def as_written(self) -> bool:
        """Whether a case to read has the answer that its expert speaks of."""
        said = self.sitting.case.scenario.expect
        return said is not None and (said.outcome, said.modes) == (
            self.decision.outcome,
            frozenset(self.decision.modes),
        )

    @cached_property
    def phrases(self) -> Phrases:
        return Phrases(self.advice)

    @cached_property
    def headline(self) -> str:
        """The answer alone: what else would be near is told by itself."""
        return self.phrases.headline().removesuffix(self.phrases.nearness())

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Of each fact that was named, where it stands."""
        return tuple(Verdict(cue, self.key.verdict(cue)) for cue in self.commitment.cues)

    @cached_property
    def matching(self) -> Matching:
        return self.key.matching(self.commitment.cues)

    @cached_property
    def reason(self) -> tuple[str, ...]:
        """The reason that fits best what was named, in the order of the case: one set of facts that settles it."""
        return tuple(name for name in self.sitting.cues if name in self.matching.best)

    @cached_property
    def why(self) -> tuple[tuple[str, str], ...]:
        """The lines of the answer, each with its rule."""
        because = Because(self.phrases, False)
        entries = because.why()
        return tuple((entry.text, entry.right) for entry in entries)

    @cached_property
    def why_not(self) -> tuple[str, ...]:
        """What the trainee's outcome lacks, where it is not the answer."""
        if self.right:
            return ()
        return tuple(Because(self.phrases, False).against(self.commitment.outcome))

    @cached_property
    def quote(self) -> str:
        """The article's sentence, with attribution."""
        return next((entry.text for entry in Because(self.phrases, False).quote()), "")

    @cached_property
    def contrast(self) -> Contrast | None:
        """What tells the answer from the one that tempts; None where no other outcome can be reached or tempts."""
        tempting = self.commitment.outcome
        if self.right:
            step = self.sitting.case.step
            own = step.tempts if step is not None and self.as_written else ""
            popular = next((one.and_so for one, _ in self.popular), "")
            tempting = own or popular or (self.nearest.to if self.nearest is not None else "")
        return contrast(self.decision, tempting, self.barring(tempting)) if tempting else None

    def barring(self, outcome: str) -> tuple[str, ...]:
        """The facts that stand in the way of an outcome; of one that needs nothing, those by which another one came out."""
        because = Because(self.phrases, False)
        found = because.standing_in_the_way(outcome)
        if not found and not self.decision.certain:
            found = tuple(fact_of(name) for name in self.decision.pivotal)
        found = found or because.told_of()
        return tuple(name for name in found if name in self.sitting.cues)

    @cached_property
    def bearing(self) -> frozenset[str]:
        """The facts that the answer speaks of: why, why not what was said, and what the expert looked at."""
        step = self.sitting.case.step
        spoken = {*Because(self.phrases, False).told_of(), *(step.where if step is not None else ())}
        apart = self.contrast.facts if self.contrast is not None else frozenset()
        return frozenset({*spoken, *apart, *([] if self.right else self.barring(self.commitment.outcome))})

    @property
    def turned(self) -> bool:
        """Whether the one fact was named that a near miss, a twin or a misleading case turns on."""
        changed = self.sitting.case.changed
        return bool(changed) and fact_of(changed) in self.commitment.cues

    @property
    def telling(self) -> tuple[str, ...]:
        """Of the facts that were named, those that tell the two apart."""
        facts = self.contrast.facts if self.contrast is not None else frozenset()
        return tuple(name for name in self.commitment.cues if name in facts)

    @cached_property
    def missed(self) -> tuple[str, ...]:
        """Where nothing that was named tells the two apart: the fewest facts that do, in the order of the case."""
        if self.contrast is None or self.telling or self.turned:
            return ()
        way = self.contrast.best(self.commitment.cues)
        return tuple(name for name in self.sitting.cues if name in way)

    @cached_property
    def nearest(self) -> Flip | None:
        """What would lead to another outcome with the least change (see contrast.py)."""
        return nearest(self.decision, self.flips)

    @cached_property
    def popular(self) -> tuple[tuple[Popular, str], ...]:
        """Popular rules that would speak here and say another outcome, each with why the book leaves it out."""
        decision = self.decision
        book = decision.worlds.book
        translator = Translator(book, "world", decision.worlds.shape)
        whys = {entry.rule: entry.why for entry in book.absent}
        known = {n: b.value for n, b in decision.worlds.beliefs.items() if b.value is not None}
        known |= decision.trace.values  # facts that no rule reads stand only in what is believed
        found = []
        for popular in material(book).popular.values():
            mine = popular.name == self.sitting.case.popular
            if popular.and_so == decision.outcome or not (
                mine or (popular.told_by_facts and popular.and_so == self.commitment.outcome)
            ):
                continue
            asked = [popular.when] if mine or popular.look is None else [popular.when, popular.look]
            try:
                speaks = all(holds(translator.condition(one.node, {}), known) for one in asked)
            except Missing:
                continue
            if speaks:
                found.append((popular, whys.get(popular.absent, "")))
        return tuple(found)

    @property
    def brier(self) -> float:
        """The squared distance between the confidence and what turned out: 0 is best, 1 is worst."""
        return (self.commitment.confidence / 100 - self.right) ** 2

    def change_words(self, flip: Flip) -> Iterator[str]:
        """The changes of a flip, in words."""
        naming = Naming(self.decision.worlds)
        for change in flip.changes:
            start, to = (naming.said(change.name, value) for value in (change.start, change.to))
            yield f"{naming.title(change.name)} {start} -> {to}"


def reveal(sitting: Sitting) -> Reveal:
    """The answer to a sitting in which the trainee has committed."""
    if sitting.commitment is None:
        raise ValueError("nothing is shown before the trainee has committed")
    advice = advise(sitting.case.decision.worlds)
    flips = flip(advice.decision, budget=FLIPPING)
    return Reveal(sitting, sitting.commitment, advice, key_of(advice.decision), flips)
