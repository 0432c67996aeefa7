"""The decision of one case: one world fired, all worlds proven, and only what holds in every world stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sharedvalue.engine.decision.certainty import Certainty
from sharedvalue.engine.decision.deciding import Deciding, deciding
from sharedvalue.engine.decision.examples import Examples
from sharedvalue.engine.decision.wording import Wording
from sharedvalue.engine.errors import mistake
from sharedvalue.engine.language.dependencies import deciding_inputs, stands_on
from sharedvalue.engine.language.formulas import Missing, Test, holds, reads
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.language.types import ChoiceType
from sharedvalue.engine.readings.fire import Program
from sharedvalue.engine.readings.prove import Like, Steps, steps_of
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.readings.trace import Firing, Trace
from sharedvalue.engine.worlds import Worlds

SECONDS = 4.0  # as steps, see Steps: the same decision on every machine


@dataclass(frozen=True)
class PossibleOutcome:
    """An outcome that the open facts allow: all sets of modes it may come with, and one world in which it comes out."""

    outcome: str
    modes: tuple[tuple[str, ...], ...]
    example: Mapping[str, int]
    trace: Trace


@dataclass(frozen=True)
class Decision:
    """What is decided, and on what. Names of values are those of the grounded table (see Scenario.address).

    `trace` is the world that is spoken of; only what `settled` confirms holds in every world (None: there is one world).
    `after` is the trace of the rules about the decision itself. `complete` is False when a budget ran out.
    """

    worlds: Worlds
    outcome: str
    modes: tuple[str, ...]
    open_modes: tuple[str, ...]
    certain: bool
    status: str
    tell_sponsor: bool
    risk: str
    routes: tuple[str, ...]
    kept: tuple[str, ...]
    kept_perhaps: tuple[str, ...]
    possible: tuple[PossibleOutcome, ...]
    pivotal: tuple[str, ...]
    immaterial: tuple[str, ...]
    trace: Trace
    settled: Mapping[str, bool] | None
    after: Trace
    complete: bool
    margin: tuple[str, ...] = field(default=())

    @property
    def by_open_facts(self) -> bool:
        """Whether the outcome is NOT_YET-like because worlds differ: decided by a rule about the decision itself."""
        return self.after.chosen is not None

    @cached_property
    def deciding(self) -> Deciding:
        """The rules that may decide: several, where the outcome is certain and what is open says by which of them."""
        return deciding(self.worlds.grounded, self.worlds.domains)

    @cached_property
    def wording(self) -> Wording:
        names = self.worlds.book.outcome_names
        certain = None if self.by_open_facts else names.index(self.outcome)
        possible = tuple(names.index(one.outcome) for one in self.possible) if self.complete else ()
        return Wording(self.worlds, self.trace, self.settled, outcome=certain, possible=possible)

    def true(self, conclusion: str) -> bool:
        """Whether a conclusion holds in every world."""
        return self.trace.holds(conclusion) if self.settled is None else self.settled.get(conclusion, False)

    def may(self, conclusion: str) -> bool:
        """Whether a conclusion holds in some world."""
        return self.trace.holds(conclusion) if self.settled is None else self.settled.get(conclusion, True)

    @property
    def risk_is_certain(self) -> bool:
        """Whether the risk is as high in every world: else it is what is to be feared at worst."""
        ways = (f"risk{kind}:{self.risk}" for kind in ("", " perhaps", " surely"))
        return self.risk == next(reversed(list(self.worlds.book.outcomes.risk_levels)), "") or any(
            self.true(way) for way in ways
        )

    def stands(self, claim: str) -> bool:
        """Whether the article's words of a claim may be said of this case."""
        written = self.worlds.book.claims[claim].stands_when
        return written is None or self.wording.certainty.passes(written.node) is True

    def holds_everywhere(self, firing: Firing) -> bool:
        """Whether a rule fires in every world: in a way matched here, or since no other rule concludes what holds everywhere."""
        if self.settled is None:
            return True
        rules_for = self.trace.grounded.rules_for
        if any(self.true(c) and rules_for.get(c) == (firing.rule,) for c in firing.rule.concludes):
            return True
        return any(all(self._test_everywhere(test) for test in way) for way in firing.matched)

    def _test_everywhere(self, test: Test) -> bool:
        for name in (test.left, test.right):
            if isinstance(name, str) and not self.is_certain(name):
                return False
        return self.trace.passes(test) is True

    def is_certain(self, name: str) -> bool:
        """Whether a value is the same in every world."""
        if self.settled is None:
            return True
        variable = self.trace.grounded.variables.get(name)
        if name in self.worlds.domains:
            return self.worlds.domains[name].is_known
        if variable is not None and variable.origin == "conclusion":
            return name in self.settled
        if name in ("outcome", "decided_by"):
            return len(self.possible) == 1
        return not any(n in self.worlds.open for n in stands_on(self.trace.grounded, name))

    @cached_property
    def path(self) -> tuple[Firing, ...]:
        """The rules that led to the decision, the deciding one first; of an open decision, only what holds in every world."""
        found: dict[str, Firing] = {}
        chosen = self.trace.chosen
        waiting: list[str] = (
            [chosen.candidate]
            if chosen and not self.by_open_facts and self.true(chosen.candidate)
            else self._settled_heads()
        )
        while waiting:
            conclusion = waiting.pop(0)
            for firing in self.trace.concluded_by.get(conclusion, ()):
                if firing.rule.key not in found and self.holds_everywhere(firing):
                    found[firing.rule.key] = firing
                    waiting += [
                        t.left for way in firing.matched for t in way if t.right == 1 and t.op == "=="
                    ]
        return tuple(found.values())

    def _settled_heads(self) -> list[str]:
        """Where worlds differ: the conclusions that every way to a possible outcome has in common."""
        heads: dict[str, None] = {}
        for possible in self.possible:
            if possible.trace.chosen is not None:
                for firing in possible.trace.concluded_by.get(possible.trace.chosen.candidate, ()):
                    for way in firing.matched:
                        heads.update(dict.fromkeys(t.left for t in way if self.true(t.left)))
        return list(heads)


def decide(
    worlds: Worlds, budget: Steps | float = SECONDS, nearest_flip: int | None = None, brief: bool = False
) -> Decision:
    """The decision of a case.

    `nearest_flip` (tenths of a point) is what the rules about the decision itself may read, once it is known.
    `brief`: what could follow and what turns it, with no modes and any examples: enough for what to ask next, and sooner known.

    Raises:
        UserError: SV230 when no world fits what is given.
    """
    return Decider(worlds, budget, brief).decide(nearest_flip)


def plausible(worlds: Worlds) -> Like:
    """What a good example is: as the case says or nearly so, no groups that nobody told apart, nothing that is unlikely."""
    if not worlds.open:
        return Like()
    translate = Translator(worlds.book, "world", worlds.shape)
    variables = worlds.grounded.variables
    unlikely = [translate.condition(c.never.node, {}) for c in worlds.book.unlikely if not c.records]
    return Like(worlds.typical, tuple(c for c in unlikely if all(name in variables for name in reads(c))))


class Decider:
    """Decides one case, also a second time, with what is then known of the next change: what could follow is found once."""

    def __init__(self, worlds: Worlds, budget: Steps | float = SECONDS, brief: bool = False) -> None:
        self.worlds = worlds
        self.book = worlds.book
        self.program = Program.from_grounded(worlds.grounded)
        prover, steps = Prover.from_grounded(worlds.grounded), steps_of(budget)
        like = plausible(worlds)
        found = prover.possible(worlds.domains, steps, None if brief else like, modes=not brief)
        several = len(found.outcomes) > 1 and not brief
        self.possibilities = Examples(worlds, prover, like).mended(found, steps) if several else found
        self.settled = self.possibilities.settled if worlds.open else None
        self.possible = tuple(
            self.outcome(p.outcome, p.modes, p.example) for p in self.possibilities.outcomes
        )
        if not self.possible:
            raise mistake(
                "SV902",
                worlds.scenario.title or "scenario",
                "so much is open that nothing could be found within the budget of an answer",
                "State more facts, or fewer records.",
            )
        self.trace = self.possible[0].trace

    def outcome(
        self, code: int, modes: tuple[frozenset[str], ...], example: Mapping[str, int]
    ) -> PossibleOutcome:
        sets = tuple(self.ordered({m.removeprefix("mode:") for m in held}) for held in modes)
        return PossibleOutcome(self.book.outcome_names[code], sets, example, self.program.read(example))

    def ordered(self, modes: set[str]) -> tuple[str, ...]:
        return tuple(mode for mode in self.book.outcomes.modes if mode in modes)

    def decide(self, nearest_flip: int | None = None) -> Decision:
        after = self.after(nearest_flip)
        alone = len(self.possible) == 1
        if after.chosen is not None:
            outcome = self.book.outcome_names[after.chosen.outcome]
            held = {
                name.removeprefix("mode:")
                for name, value in after.values.items()
                if name.startswith("mode:") and value
            }
            modes = self.ordered(held)
            open_modes: tuple[str, ...] = ()
            status = next((n for n in self.book.outcomes.statuses if after.holds(f"status:{n}")), "")
            tell = after.holds("tell:sponsor")
        else:
            outcome = self.possible[0].outcome
            modes, open_modes = self.modes()
            status = next((n for n in self.book.outcomes.statuses if self.raised("status", n)), "")
            tell = self.raised("tell", "sponsor")
        kept, perhaps = self.kept(outcome) if alone else ((), ())
        return Decision(
            worlds=self.worlds,
            outcome=outcome,
            modes=modes,
            open_modes=open_modes,
            certain=alone and after.chosen is None,
            status=status,
            tell_sponsor=tell,
            risk=next((n for n in self.book.outcomes.risk_levels if self.raised("risk", n)), ""),
            routes=tuple(r for r in self.book.outcomes.risk_routes if self.raised("route", r)),
            kept=kept,
            kept_perhaps=perhaps,
            possible=self.possible,
            pivotal=self.possibilities.pivotal,
            immaterial=self.immaterial(),
            trace=self.trace,
            settled=self.settled,
            after=after,
            complete=self.possibilities.complete,
        )

    def may(self, conclusion: str) -> bool:
        """Whether a conclusion holds in some world."""
        return self.trace.holds(conclusion) if self.settled is None else self.settled.get(conclusion, True)

    def raised(self, prefix: str, name: str) -> bool:
        """Whether a status, a level of risk or a way to it may hold; what counts only where it is sure, whether it is.

        The first that does is taken: the book lists the most cautious first.
        """
        perhaps, sure = f"{prefix} perhaps:{name}", f"{prefix} surely:{name}"
        told = self.trace.grounded.rules_for
        if perhaps not in told and sure not in told:
            return self.may(f"{prefix}:{name}")
        surely = self.trace.holds(sure) if self.settled is None else self.settled.get(sure, False)
        return (sure in told and surely) or (perhaps in told and self.may(perhaps))

    def modes(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        sets = [set(modes) for modes in self.possible[0].modes]
        everywhere = set.intersection(*sets) if sets else set()
        return self.ordered(everywhere), self.ordered(set().union(*sets) - everywhere)

    def kept(self, outcome: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of the records that an outcome keeps in every world, and in some."""
        keeps = self.book.outcomes.outcomes[outcome].keeps
        if keeps is None:
            return (), ()
        translate = Translator(self.book, "world", Shape(tuple(self.worlds.scenario.counts.items())))
        values: dict[str, int] = dict(self.trace.values)
        if self.settled is not None:
            values = {**self.worlds.known, **{n: int(v) for n, v in self.settled.items()}}
        surely, perhaps = [], []
        for position, name in enumerate(self.worlds.scenario.records.get(keeps.list, ())):
            condition = translate.condition(keeps.where.node, {keeps.variable: (keeps.list, position)})
            try:
                if holds(condition, values):
                    surely.append(name)
            except Missing:
                perhaps.append(name)
        return tuple(surely), tuple(perhaps)

    def immaterial(self) -> tuple[str, ...]:
        deciding = deciding_inputs(self.worlds.grounded)
        unsure = set(self.possibilities.pivotal) | set(self.possibilities.unsure_facts)
        unasked = self.worlds.unasked
        applicable = [n for n in self.worlds.open if n in deciding and n not in unsure and n not in unasked]
        return tuple(n for n in applicable if not self.is_bare_measure(n))

    def is_bare_measure(self, name: str) -> bool:
        """Whether an open value is a measure that nobody could give: its list is what was left out."""
        return name in self.book.measures and name not in self.book.facts

    # --- the rules about the decision itself --------------------------------------------------------------------
    def after(self, nearest_flip: int | None) -> Trace:
        grounded = ground(self.book, "decision", Shape())
        world: dict[str, int] = {}
        values = dict(Certainty(self.worlds, self.trace, self.settled).values)
        alone = len(self.possible) == 1
        if alone:
            values["outcome"] = self.possibilities.outcomes[0].outcome
        provided = {
            "outcomes_possible": len(self.possible),
            "facts_widened": sum(n in deciding_inputs(self.worlds.grounded) for n in self.worlds.open),
            "facts_pivotal": len(self.possibilities.pivotal),
            "outcome": values.get("outcome"),
        }
        if nearest_flip is not None:
            provided["nearest_flip"] = nearest_flip
        for name in (*grounded.inputs, "outcome"):  # where this stage chooses none, that of the worlds stands
            value = provided.get(name, self.asked(name) if "(" in name else values.get(name))
            if value is not None:
                world[name] = value
        return Program.from_grounded(grounded).read(world)

    def asked(self, name: str) -> int | None:
        function, arguments = name.rstrip(")").split("(", 1)
        fact, *rest = arguments.split(",")
        if function == "pivotal":
            return int(any(self.bears_on(p, fact) for p in self.possibilities.pivotal))
        if function == "may_be":
            return int(self.may_be(fact, rest[0]))
        if function == "unknown":
            return int(self.worlds.is_unknown(fact))
        if function == "in_doubt":
            return int(self.worlds.is_in_doubt(fact))
        if function == "evidenced":
            return int(self.worlds.evidenced(fact))
        return None

    def bears_on(self, pivotal: str, fact: str) -> bool:
        """Whether a pivotal value is a fact, or one that the measure of this name is computed from."""
        return pivotal == fact or (
            fact in self.worlds.grounded.measures and pivotal in stands_on(self.worlds.grounded, fact)
        )

    def may_be(self, fact: str, word: str) -> bool:
        kind = self.book.facts[fact].type
        belief = self.worlds.beliefs.get(fact)
        domain = self.worlds.domains.get(fact) or (belief.domain if belief else None)
        return isinstance(kind, ChoiceType) and (domain is None or domain.contains(kind.code(word)))
