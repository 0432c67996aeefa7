"""Why: the chain of rules that led to the decision or to a conclusion, down to the facts and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sharedvalue.engine.decision import Decision, PossibleOutcome, Wording
from sharedvalue.engine.decision.apart import example_of
from sharedvalue.engine.errors import UserError, did_you_mean, mistake
from sharedvalue.engine.evidence.basis import beside_of
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import reads
from sharedvalue.engine.language.grounded import GroundRule
from sharedvalue.engine.language.library import Claim
from sharedvalue.engine.language.types import say
from sharedvalue.engine.questions.checks import Check, Checker
from sharedvalue.engine.questions.naming import Naming, plain
from sharedvalue.engine.readings.trace import Firing, Trace
from sharedvalue.engine.worlds import Belief
from sharedvalue.engine.worlds.worlds import of_itself


@dataclass(frozen=True)
class Step:
    """A rule that fired: what it concluded, in its own words, on which numbers, and the rules below that it stands on.

    `again` marks a rule that is shown in full above; `nots` are conclusions that it needed not to hold.
    """

    rule: GroundRule
    title: str
    conclusions: tuple[str, ...]
    because: str
    line: str
    modality: str
    kind: tuple[str, ...]
    claims: tuple[Claim, ...]
    sources: tuple[str, ...]
    numbers: tuple[Check, ...]
    nots: tuple[Check, ...]
    below: tuple[Step, ...]
    again: bool = False

    @property
    def all(self) -> Iterator[Step]:
        yield self
        for step in self.below:
            yield from step.all


@dataclass(frozen=True)
class Basis:
    """What a fact rests on. `items` are the evidence items as a person reads them; `beside` what is told of somebody's own
    number beside them."""

    name: str
    title: str
    value: str
    origin: str
    confidence: str
    widened: str
    rules: tuple[str, ...]
    items: tuple[str, ...]
    beside: str = ""


@dataclass(frozen=True)
class Earlier:
    """A branch that was looked at before the one that decided, and why it did not hold."""

    place: int
    rule: str
    title: str
    outcome: str
    otherwise: str


@dataclass(frozen=True)
class Fork:
    """One of several possible outcomes, and the chain in one example: the open facts that tell it from the others first, then those
    whose numbers the chain reads."""

    outcome: str
    modes: tuple[str, ...]
    example: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Why:
    """The answer. `target` is 'the decision' or a conclusion; `holds` is None where worlds differ (of the decision: where
    different rules lead to it; `steps` are then what holds in every world).

    `rules_for` are the rules that could have led to a conclusion that does not hold.
    """

    target: str
    holds: bool | None
    steps: tuple[Step, ...]
    forks: tuple[Fork, ...]
    earlier: tuple[Earlier, ...]
    basis: tuple[Basis, ...]
    rules_for: tuple[str, ...] = ()


def why(decision: Decision, conclusion: str | None = None) -> Why:
    """The chain to the decision, or to a conclusion, a rule's finding, or a fact.

    Raises:
        UserError: SV241 when there is nothing of that name.
    """
    return _Teller(decision).tell(conclusion)


class _Teller:
    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.book, self.worlds = decision.worlds.book, decision.worlds
        self.naming = Naming(decision.worlds)
        self.checker = Checker(decision, self.naming)

    def tell(self, written: str | None) -> Why:
        decision = self.decision
        if written is None or plain(written) in (
            "decision",
            "the_decision",
            plain(decision.outcome),
            *map(plain, decision.modes),
        ):
            return self.whole()
        grounded = decision.trace.grounded
        if (name := self.naming.resolve(written, grounded.rules_for)) is not None:
            firings = self.firings(name, decision.trace)
            holds = self.checker.state(name)
            steps = tuple(self.steps(firings, decision.trace)) if holds is not False else ()
            return Why(
                self.naming.address(name),
                holds,
                steps,
                (),
                (),
                self.basis(steps),
                tuple(r.key for r in grounded.rules_for[name]),
            )
        if written.upper() in self.book.rules:
            return self.of_rule(written.upper())
        if (fact := self.worlds.scenario.resolve(written)) in self.worlds.beliefs and fact is not None:
            return Why(written, True, (), (), (), (self.basis_of(fact, self.worlds.beliefs[fact]),))
        raise self.unknown(written)

    def unknown(self, written: str) -> UserError:
        known = [
            self.naming.address(name) for name in self.decision.trace.grounded.rules_for if ":" not in name
        ]
        mend = did_you_mean(plain(written), [*known, *self.book.rules, *self.worlds.beliefs])
        return mistake(
            "SV241",
            "why",
            f"there is no conclusion, rule or fact '{written}' here",
            mend or "For example: sharedvalue why FILE member_value_met",
        )

    def of_rule(self, rule_id: str) -> Why:
        trace = self.decision.after if self.book.rules[rule_id].stage == "decision" else self.decision.trace
        stands = self.decision.holds_everywhere if trace is self.decision.trace else lambda _: True
        fired = tuple(x for x in trace.firings if x.rule.rule == rule_id and stands(x))
        steps = tuple(self.steps(fired, trace))
        state: bool | None = bool(fired)
        if not fired and any(x.rule.rule == rule_id for p in self.decision.possible for x in p.trace.firings):
            state = None
        return Why(rule_id, state, steps, (), (), self.basis(steps))

    def whole(self) -> Why:
        decision, chosen = self.decision, self.decision.trace.chosen
        if decision.by_open_facts:
            after = decision.after
            assert after.chosen is not None
            head = tuple(self.steps(after.concluded_by.get(after.chosen.candidate, ()), after))
            forks = tuple(self.fork(possible) for possible in decision.possible)
            return Why("the decision", True, head, forks, (), self.basis([s for x in forks for s in x.steps]))
        assert chosen is not None
        if not decision.true(chosen.candidate):  # the rule that decides differs from world to world
            steps = tuple(self.steps(decision.path or self.situation(), decision.trace))
            return Why("the decision", None, steps, (), (), self.basis(steps))
        steps = tuple(self.steps(decision.trace.concluded_by.get(chosen.candidate, ()), decision.trace))
        return Why("the decision", True, steps, (), self.earlier(chosen.place), self.basis(steps))

    def situation(self) -> list[Firing]:
        """The rules that are told of every case, where they fire in every world."""
        order = [ref.partition(".")[0] for ref in self.book.outcomes.situation]
        found = [
            f
            for f in self.decision.trace.firings
            if f.rule.rule in order and self.decision.holds_everywhere(f)
        ]
        return sorted(found, key=lambda f: order.index(f.rule.rule))

    def fork(self, possible: PossibleOutcome) -> Fork:
        chosen = possible.trace.chosen
        firings = possible.trace.concluded_by.get(chosen.candidate, ()) if chosen else ()
        names = (
            example_of(self.decision, possible).facts
            or [n for n in self.worlds.open if n in possible.example and fact_of(n) in self.book.facts][:5]
        )
        modes = tuple(possible.modes[0]) if len(possible.modes) == 1 else ()
        one = _Teller(as_world(self.decision, possible))
        steps = tuple(one.steps(firings, possible.trace))
        taken = [n for n in one.told(steps) if n in self.worlds.open and fact_of(n) in self.book.facts]
        example = tuple(
            (self.naming.title(n), self.naming.said(n, possible.example[n]))
            for n in dict.fromkeys([*names, *taken])
        )
        return Fork(possible.outcome, modes, example, steps)

    def told(self, steps: Iterable[Step]) -> Iterator[str]:
        """The values behind what some steps tell."""
        for step in (s for top in steps for s in top.all if not s.again):
            shown = [n.name for n in step.numbers if n.wanted not in ("yes", "no")]
            for name in (*self.decision.wording.told(step.rule), *shown):
                yield from self.inputs(name)

    def earlier(self, place: int) -> tuple[Earlier, ...]:
        found = []
        for branch in sorted(self.decision.trace.grounded.branches, key=lambda b: b.place):
            if branch.place >= place:
                break
            rule = self.decision.trace.grounded.rules_for[branch.candidate][0]
            found.append(
                Earlier(
                    branch.place,
                    branch.rule,
                    self.book.rules[branch.rule].title,
                    self.book.outcome_names[branch.outcome],
                    self.decision.wording.otherwise(rule),
                )
            )
        return tuple(found)

    # --- the chain ------------------------------------------------------------------------------------------------
    def firings(self, conclusion: str, trace: Trace) -> tuple[Firing, ...]:
        return tuple(x for x in trace.concluded_by.get(conclusion, ()) if self.decision.holds_everywhere(x))

    def steps(self, firings: Iterable[Firing], trace: Trace, shown: set[str] | None = None) -> Iterator[Step]:
        shown = set() if shown is None else shown
        for firing in firings:
            yield self.step(firing, trace, shown)

    def step(self, firing: Firing, trace: Trace, shown: set[str]) -> Step:
        written, block = self.book.rules[firing.rule.rule], self.decision.wording.block(firing.rule)
        again = firing.rule.key in shown
        shown.add(firing.rule.key)
        in_world = trace is not self.decision.after
        tests = (
            [t for t in self.checker.of_rule(firing.rule).tests if t.passed is not False] if in_world else []
        )
        wording = self.decision.wording if in_world else after_wording(self.decision)
        below: list[Step] = []
        if not again and in_world:
            for name in self.conclusions_below(tests, trace):
                below += self.steps(self.firings(name, trace), trace, shown)
        below = list({s.rule.key: s for s in reversed(below)}.values())[::-1]
        return Step(
            rule=firing.rule,
            title=written.title,
            conclusions=(block.outcome,)
            if block.outcome
            else tuple(self.naming.address(n) for n in firing.rule.concludes),
            because=wording.because(firing),
            line=wording.line(firing.rule),
            modality=block.modality,
            kind=written.kind_of(firing.rule.part),
            claims=tuple(self.book.claims[c] for c in written.cites if self.decision.stands(c)),
            sources=written.sources,
            numbers=tuple(t for t in tests if t.kind != "conclusion"),
            nots=tuple(t for t in tests if t.kind == "conclusion" and t.wanted == "no"),
            below=tuple(below),
            again=again,
        )

    def conclusions_below(self, tests: Iterable[Check], trace: Trace) -> Iterator[str]:
        """The conclusions that a condition stands on: those it names, and those that its measures count."""
        for test in tests:
            if test.kind == "conclusion" and test.wanted == "yes":
                yield test.name
            elif test.name in trace.grounded.measures:
                yield from self.counted(test.name, trace)

    def counted(self, measure: str, trace: Trace) -> Iterator[str]:
        for name in dict.fromkeys(reads(trace.grounded.measures[measure])):
            if name in trace.grounded.measures:
                yield from self.counted(name, trace)
            elif name in trace.grounded.rules_for and trace.holds(name):
                yield name

    # --- what facts rest on ---------------------------------------------------------------------------------------
    def basis(self, steps: Iterable[Step]) -> tuple[Basis, ...]:
        return tuple(
            self.basis_of(n, b)
            for n in self.behind(steps)
            if (b := self.worlds.beliefs.get(n)) is not None
            and b.origin != "left out"
            and not of_itself(self.book, n)
        )

    def behind(self, steps: Iterable[Step]) -> Iterable[str]:
        """The values that some rules read, down to what was given."""
        names: dict[str, None] = {}
        met: set[str] = set()
        for step in (s for top in steps for s in top.all):
            stopped = self.checker.unless(step.rule)
            for test in (*step.numbers, *step.nots, *(stopped.tests if stopped is not None else ())):
                for number in self.numbers_behind(test, met):
                    names.update(dict.fromkeys(self.inputs(number.name)))
        return names

    def numbers_behind(self, test: Check, met: set[str]) -> Iterator[Check]:
        """The numbers for which a test is as it is: of a conclusion that holds, those of the rules that fired; of one that does
        not, those of the rules that did not, and what stopped them."""
        if test.kind != "conclusion":
            yield test
        if test.kind != "conclusion" or test.name in met or test.passed is None:
            return
        met.add(test.name)
        holds = test.passed is (test.wanted == "yes")
        for rule in self.decision.trace.grounded.rules_for.get(test.name, ()):
            when, stopped = self.checker.of_rule(rule), self.checker.unless(rule)
            fired = when.passed is True and (stopped is None or stopped.passed is False)
            if holds is not fired:
                continue
            behind = [t for t in when.tests if t.passed is holds or (not holds and t.kind != "conclusion")]
            if stopped is not None:
                behind += [t for t in stopped.tests if t.passed is not holds]
            for below in behind:
                yield from self.numbers_behind(below, met)

    def inputs(self, name: str) -> Iterator[str]:
        measures = self.decision.trace.grounded.measures
        if name in measures and name not in self.worlds.beliefs:
            for below in dict.fromkeys(reads(measures[name])):
                yield from self.inputs(below)
        else:
            yield name

    def basis_of(self, name: str, belief: Belief) -> Basis:
        stated = self.worlds.scenario.stated.get(name)
        return Basis(
            self.worlds.scenario.address(name),
            self.naming.title(name),
            self.decision.wording.variable(name),
            "assumed" if stated is not None and stated.by_default else belief.origin,
            belief.confidence,
            belief.widened,
            belief.rules,
            tuple(self.item(i) for i in belief.items),
            "" if (beside := beside_of(belief)) is None else beside.said,
        )

    def item(self, position: int) -> str:
        """One evidence item: survey, n 120 of 600, reading 65, 3 months old."""
        scenario, prefix = self.worlds.scenario, f"evidence[{position}]."

        def value(spec: str) -> str:
            stated = scenario.stated.get(prefix + spec)
            return (
                ""
                if stated is None or stated.value is None
                else say(stated.value, scenario.types[prefix + spec])
            )

        parts = [
            value("source") or "evidence",
            f"n {value('n')}" if value("n") else "",
            f"of {value('population')}" if value("population") not in ("", "0") else "",
            f"reading {value('reading')}" if value("reading") else "",
            f"{value('age')} month{'' if value('age') == '1' else 's'} old" if value("age") else "",
        ]
        return ", ".join(part for part in parts if part).replace(", of ", " of ")


def after_wording(decision: Decision) -> Wording:
    """The wording of the rules about the decision itself, which read what the engine provides."""
    after = decision.after
    extra = {
        n: say(after.values[n], after.grounded.variables[n].type)
        for n in decision.worlds.book.provided
        if n in after.values
    }
    return replace(decision.wording, extra=extra)


def as_world(decision: Decision, possible: PossibleOutcome) -> Decision:
    """One example of the worlds of a decision as if it were the case: every value is known."""
    known = {**decision.worlds.domains, **{n: Domain.known(v) for n, v in possible.example.items()}}
    return replace(
        decision, worlds=replace(decision.worlds, domains=known), trace=possible.trace, settled=None
    )
