"""A recorded case computed: decision, trace, flips, what each fact rests on, and the alternatives; all as plain JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from sharedvalue.engine.advice import Advice, advise, decision_json
from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.basis import Basis, basis
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.source import Items, Node, Table, Text, parse
from sharedvalue.engine.language.types import ChoiceType, YesNo
from sharedvalue.engine.questions.flip import Flips, flip, flips_json
from sharedvalue.engine.questions.why_not import HELD, Attempt, why_not
from sharedvalue.engine.readings.prove import OutOfBudget, Steps
from sharedvalue.engine.readings.trace import Firing, Trace
from sharedvalue.engine.telling.answer import answer_page
from sharedvalue.engine.telling.phrases import course_title
from sharedvalue.engine.worlds import form, suppose
from sharedvalue.engine.worlds.belief import everything

Json = dict[str, Any]
SECONDS = 12.0  # as steps: one budget for all that is kept of a case, handed down
FLIPPING = 8.0  # of it, at most
PARTS = (
    "decision",
    "trace",
    "flips",
    "basis",
    "alternatives",
    "waits_for",
)  # what a replay holds to the record


@dataclass(frozen=True)
class OtherWay:
    """An assumed fact of which another value leads to the same outcome, carried out otherwise."""

    name: str
    start: int
    to: int
    modes: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One entry that a record from before the form added to the decision log of its scenario."""

    date: str
    who: str
    agreed: str
    sponsor_took_part: bool
    dissent: str = ""


@dataclass(frozen=True)
class Case:
    """A case that was decided; what else is said of it is worked out where somebody asks, and once."""

    advice: Advice
    basis: Basis
    budget: Steps

    @property
    def decision(self) -> Decision:
        return self.advice.decision

    @cached_property
    def flips(self) -> Flips:
        return flip(self.decision, budget=self.budget.part(FLIPPING))

    @cached_property
    def other_ways(self) -> tuple[OtherWay, ...]:
        """What was assumed, and with another value leaves a certain outcome as it is and changes how it is carried out."""
        decision, worlds = self.decision, self.decision.worlds
        if not decision.certain:
            return ()
        found = []
        turning = {move.name for move in self.advice.unsaid}
        for name, start in worlds.assumed.items():
            kind = worlds.beliefs[name].type
            if name in turning or name in worlds.unasked or not isinstance(kind, YesNo | ChoiceType):
                continue
            for value in (v for v in everything(kind).values() if v != start):
                try:
                    then = decide(suppose(worlds, {name: Domain.known(value)}), self.budget.part(1.0))
                except (UserError, OutOfBudget):
                    continue
                if then.certain and then.outcome == decision.outcome and then.modes != decision.modes:
                    found.append(OtherWay(name, start, value, then.modes))
                    break
        return tuple(found)

    def ways(self, outcome: str) -> list[Attempt]:
        """The ways that lead to an outcome, and whether their conditions hold; worked out once for each."""
        if outcome not in self.looked_at:
            self.looked_at[outcome] = list(why_not(self.decision, outcome, changes=False).attempts)
        return self.looked_at[outcome]

    @cached_property
    def looked_at(self) -> dict[str, list[Attempt]]:
        return {}

    @cached_property
    def parts(self) -> Json:
        """Everything that a record keeps of the case."""
        return {
            **self.answer,
            "flips": flips_json(self.flips, self.budget),
            "alternatives": alternatives(self.decision),
            "waits_for": waits_for(self.decision),
            "told": told(self.advice),
        }

    @cached_property
    def answer(self) -> Json:
        """The decision, its trace and its basis: as much as a review holds to what was recorded."""
        decision = self.decision
        return {
            "decision": decision_json(self.advice),
            "trace": {
                "chosen": None if decision.trace.chosen is None else decision.trace.chosen.candidate,
                "world": _trace(decision, decision.trace),
                "after": _trace(decision, decision.after),
            },
            "basis": asdict(self.basis),
        }


def read_case(
    text: str, file: str, book: RuleBook, log: Sequence[Entry] | None = None, as_of: str = ""
) -> Scenario:
    """The scenario of a text, seen from another date where one is given.

    With `log` (records from before the form), the entries are added to its decision log; without, that log is left aside:
    what people said of a proposal stands in the form, and nothing written elsewhere makes it agreed.
    """
    tree = parse(text, file)
    if as_of and isinstance(tree, Table):
        tree = replace(tree, entries={**tree.entries, "as_of": Text(as_of, tree.place)})
    return read_scenario(_without_log(tree, book) if log is None else _with_log(tree, log, book), book, file)


def _without_log(tree: Node, book: RuleBook) -> Node:
    name = book.outcomes.recording.log
    facts = tree.get("facts") if isinstance(tree, Table) else None
    if not isinstance(tree, Table) or not isinstance(facts, Table) or not isinstance(facts.get(name), Items):
        return tree
    none = Items((), facts.entries[name].place)
    below = Table({**facts.entries, name: none}, facts.place, facts.keys)
    return Table({**tree.entries, "facts": below}, tree.place, tree.keys)


def _with_log(tree: Node, log: Sequence[Entry], book: RuleBook) -> Node:
    if not log:
        return tree
    name = book.outcomes.recording.log
    facts = tree.get("facts") if isinstance(tree, Table) else None
    if not name or not isinstance(tree, Table) or not isinstance(facts, Table):
        return tree  # its mistake is told when it is read
    there = facts.get(name)
    known = there.items if isinstance(there, Items) else ()
    place = there.place if there is not None else facts.place

    def entry(one: Entry) -> Table:
        words = {"date": one.date, "who": one.who, "agreed": one.agreed, "dissent": one.dissent}
        cells: dict[str, Node] = {k: Text(v, place, False) for k, v in words.items() if v}
        cells["sponsor_took_part"] = Text("true" if one.sponsor_took_part else "false", place)
        return Table(cells, place, dict.fromkeys(cells, place))

    items = Items((*known, *(entry(one) for one in log)), place)
    below = Table({**facts.entries, name: items}, facts.place, {**facts.keys, name: place})
    return Table({**tree.entries, "facts": below}, tree.place, tree.keys)


def decided(scenario: Scenario, book: RuleBook) -> Case:
    """The case, decided."""
    budget = Steps(SECONDS)
    advice = advise(form(book, scenario), budget=budget)
    return Case(advice, basis(advice.decision.worlds), budget)


def told(advice: Advice) -> list[Json]:
    """What `decide` says of the case in full: each heading with what stands below it, and the rule beside it."""
    page = answer_page(advice, True)
    return [
        {
            "heading": s.heading,
            "note": s.note,
            "entries": [{"text": e.said, "rule": e.right} for e in s.entries],
        }
        for s in page.sections
    ]


def _trace(decision: Decision, trace: Trace) -> Json:
    path = {firing.rule.key for firing in decision.path}
    return {
        "values": dict(trace.values),
        "firings": [_firing(decision, trace, firing, path) for firing in trace.firings],
        "defeated": [_firing(decision, trace, firing, path) for firing in trace.defeats],
    }


def _firing(decision: Decision, trace: Trace, firing: Firing, path: set[str]) -> Json:
    book, rule = decision.worlds.book, firing.rule
    told = rule.rule in book.rules and "/" not in rule.part and trace is decision.trace
    branch = any(b.candidate in rule.concludes for b in trace.grounded.branches)
    return {
        "rule": rule.rule,
        "part": rule.part,
        "key": rule.key,
        "concludes": list(rule.concludes),
        "matched": [[{"left": t.left, "op": t.op, "right": t.right} for t in way] for way in firing.matched],
        "line": decision.wording.line(rule) if told else "",
        "stands": told and decision.holds_everywhere(firing) and (not branch or rule.key in path),
        "deciding": rule.key in path,
    }


def waits_for(decision: Decision) -> list[Json]:
    """The rules that keep a decision from being more than a proposal, or that ask for an answer: in their own words."""
    spec = decision.worlds.book.outcomes.recording
    guarded = decision.after.holds(spec.proposed_while)
    waiting = [(spec.proposed_while, guarded, decision.after)]
    for flag in reversed(spec.flagged):  # an agreement on record answers it
        waiting.insert(0, (flag, decision.may(flag) and (guarded or not decision.true(flag)), decision.trace))
    found = []
    for name, holds, trace in waiting:
        for firing in trace.concluded_by.get(name, ()) if holds else ():
            rule = decision.worlds.book.rules[firing.rule.rule]
            line = decision.wording.line(firing.rule)
            found.append({"rule": rule.id, "concludes": name, "title": rule.title, "line": line})
    return found


def alternatives(decision: Decision) -> list[Json]:
    """For every other outcome: whether open facts allow it, and for each rule that could have given it, why it did not."""
    outcomes = decision.worlds.book.outcomes.outcomes
    found = []
    for name, outcome in outcomes.items():
        if name == decision.outcome:
            continue
        answer = why_not(decision, name, changes=False)
        attempts = [
            {
                "rule": a.rule.rule,
                "part": a.rule.part,
                "title": a.title,
                "state": a.state,
                "late": a.late,
                "why": "Another answer comes before it." if a.state == HELD or a.late else a.otherwise,
            }
            for a in answer.attempts
        ]
        found.append(
            {"outcome": name, "title": outcome.title, "possible": answer.possible, "attempts": attempts}
        )
    return found


def case_title(book: RuleBook, decision: Json) -> str:
    """An answer in the words of the rule book, without a number of the case: 'Restrict the membership: in full'."""
    return course_title(book.outcomes, decision["outcome"], decision["modes"])
