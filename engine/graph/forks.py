"""Where worlds differ: the open facts, a fork, and for each possible outcome one example that leads to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sharedvalue.engine.decision import PossibleOutcome
from sharedvalue.engine.decision.apart import example_of
from sharedvalue.engine.graph.chapters import Pencil, conclusions_in
from sharedvalue.engine.graph.parts import listed, lower
from sharedvalue.engine.graph.truth import Truth, is_conclusion
from sharedvalue.engine.graph.words import Words
from sharedvalue.engine.language.formulas import Test
from sharedvalue.engine.language.grounded import GroundRule

if TYPE_CHECKING:
    from sharedvalue.engine.graph.view import View

UNKNOWNS = 4
SETTLED = 4  # rules that hold in every world
COURSES = 2  # ruled out in every world
EXAMPLES = 3  # with up to this many outcomes, each example has a node of its own and rules behind it
RULES_A_BRANCH = 2


class Forks:
    """Draws the fork into a view. What is true of one example only stays within its branch."""

    def __init__(self, view: View) -> None:
        self.view, self.decision = view, view.decision
        self.draft, self.pencil, self.words = view.draft, view.pencil, view.words
        self.courses: list[tuple[str, GroundRule]] = []

    def draw(self) -> None:
        possible = self.decision.possible
        names = self.pivotal()
        alone = len(possible) == 1
        label = (
            f"{len(possible)} outcomes are possible" if not alone else "Several ways lead to the same outcome"
        )
        told = listed([self.words.title(n) for n in names], 6)
        text = (
            f"It depends on: {told}."
            if told
            else "The reasons differ between the worlds that the open facts allow."
        )
        self.draft.node("fork", "fork", f"{label}; it depends on what is not known", "open", text=text)
        self.deciding_rule()
        for one in possible:
            self.branch(one, deep=len(possible) <= EXAMPLES)
        self.unknowns(names)
        self.settled()

    def pivotal(self) -> list[str]:
        if self.decision.pivotal:
            return list(self.decision.pivotal)
        return self.behind_the_way()[:UNKNOWNS]

    def behind_the_way(self) -> list[str]:
        """Where the outcome is the same everywhere: the open facts behind the course of the example."""
        one = self.decision.possible[0]
        truth, found, seen = Truth(one.trace), dict[str, None](), set[str]()
        waiting = [one.trace.chosen.candidate] if one.trace.chosen is not None else []
        while waiting:
            name = waiting.pop(0)
            if name in seen or (
                self.view.truth.conclusion(name) is not None and not name.startswith("candidate:")
            ):
                continue
            seen.add(name)
            for rule in truth.grounded.rules_for.get(name, ()):
                for test in truth.way(rule) or next(iter(rule.alternatives), ()):
                    for leaf in truth.leaves(test.left):
                        if is_conclusion(truth.grounded, leaf):
                            waiting.append(leaf)
                        elif leaf in self.decision.worlds.open:
                            found[leaf] = None
        return list(found)

    def deciding_rule(self) -> None:
        """Tells the decision by which rule about the decision itself it came to be."""
        after = self.decision.after
        if after.chosen is None:
            return
        rule = next(f.rule for f in after.firings if after.chosen.candidate in f.rule.concludes)
        extra = {n: str(after.values[n]) for n in self.view.book.provided if n in after.values}
        words = Words(self.decision.worlds, after, replace(self.words.wording, extra=extra))
        attributes = self.draft.graph.nodes["decision"]
        attributes["rule"] = rule.rule
        attributes["reference"] = f"{attributes.get('reference', '')} · {rule.rule}".strip(" ·")
        attributes["text"] = f"{words.because(rule)} {attributes.get('text', '')}".strip()

    def unknowns(self, names: list[str]) -> None:
        for name in names[:UNKNOWNS]:
            node = self.pencil.fact(name)
            if node is not None:
                self.draft.edge(node, "fork", "opens")
        if len(names) > UNKNOWNS:
            rest = names[UNKNOWNS:]
            label = f"{len(rest)} more open facts: {listed([self.words.title(n) for n in rest], 2)}"
            if self.draft.node(
                "unknown:others",
                "unknown",
                label,
                "open",
                text=listed([self.words.title(n) for n in rest], 40),
            ):
                self.draft.edge("unknown:others", "fork", "opens")

    # --- what holds in every world ----------------------------------------------------------------
    def settled(self) -> None:
        """What holds in every world: rules with their facts, and courses that are ruled out."""
        shown = []
        for rule in self.common()[:SETTLED]:
            if (node := self.pencil.fired(rule)) is not None:
                self.view.rules[rule.key] = rule
                shown.append((node, rule, self.view.truth.way(rule)))
                self.draft.edge(node, "fork", "concludes")
        places = [p.trace.chosen.place for p in self.decision.possible if p.trace.chosen is not None]
        misses = [
            (b, r)
            for b, r in self.view.near_misses(min(places, default=0))
            if self.view.truth.conclusion(b.candidate) is False
        ]
        self.view.ruled_out(misses[:COURSES], misses[COURSES:], "fork")
        self.view.facts(shown)
        self.view.why_all(misses[:COURSES], facts=False)
        self.view.any_claim(self.courses)

    def common(self) -> list[GroundRule]:
        """The rules that hold in every world, behind what differs; the nearest to the outcomes first."""
        found: dict[str, GroundRule] = {}
        waiting: list[tuple[Truth, str]] = []
        for one in self.decision.possible:
            if one.trace.chosen is not None:
                waiting.append((Truth(one.trace), one.trace.chosen.candidate))
        seen: set[str] = set()
        while waiting:
            truth, name = waiting.pop(0)
            here = self.view.truth.conclusion(name)
            if here is False or name in seen:
                continue
            seen.add(name)
            for rule in truth.grounded.rules_for.get(name, ()):
                if here and not name.startswith("candidate:") and self.view.truth.state(rule) == "holds":
                    found.setdefault(self.pencil.grouped(rule), rule)
                elif truth.state(rule) == "holds":
                    waiting += [(truth, n) for n, wanted in conclusions_in(truth, truth.way(rule)) if wanted]
        return list(found.values())

    # --- one branch for each possible outcome -----------------------------------------------------
    def branch(self, one: PossibleOutcome, deep: bool) -> None:
        branch = one.trace.chosen
        if branch is None:
            return
        prefix = f"example:{one.outcome}/"
        words = Words.of_example(self.decision, one)
        truth = Truth(one.trace)
        pencil = Pencil(self.draft, self.decision, words, truth, prefix)
        facts = self.example(one, words)
        title = self.decision.worlds.book.outcomes.outcomes[one.outcome].title
        rule = truth.grounded.rules_for[branch.candidate][0]
        course = pencil.course(branch, rule, "open", decided=True)
        if course is None:
            return
        self.courses.append((course, rule))
        attributes = self.draft.graph.nodes[course]
        attributes["text"] = f"For example, if {facts}: {words.because(rule)}"
        attributes["example"] = facts
        start = "fork"
        if deep and self.draft.node(
            f"{prefix}start",
            "unknown",
            f"For example: {facts}",
            "open",
            heading="Example",
            branch=prefix.rstrip("/"),
            text=f"One case in which the answer is: {lower(title)}. What is stated here holds in this example only.",
        ):
            start = f"{prefix}start"
            self.draft.edge("fork", start, "splits")
        elif not deep:
            attributes["label"] = f"{attributes['label']} (for example: {facts})"
        behind = self.behind(pencil, truth, truth.way(rule)) if deep else []
        for node, steps in behind:
            self.draft.edge(node, course, "concludes")
            for step in steps:
                self.draft.edge(start, step, "reads")
        if not behind:
            self.draft.edge(start, course, "splits" if start == "fork" else "reads")
        self.draft.edge(course, "decision", "would_decide")

    def example(self, one: PossibleOutcome, words: Words) -> str:
        names = example_of(self.decision, one).facts or [n for n in self.pivotal() if n in one.example]
        told = [f"{lower(words.title(n))}: {words.value(n)}" for n in names[:3]]
        return (
            "; ".join(told) + (f"; and {len(names) - 3} more" if len(names) > 3 else "") or "as things stand"
        )

    def behind(self, pencil: Pencil, truth: Truth, way: tuple[Test, ...]) -> list[tuple[str, list[str]]]:
        """What of an example differs between worlds; each node with those to start from."""
        found: list[tuple[str, list[str]]] = []
        for name, wanted in conclusions_in(truth, way):
            if self.view.truth.conclusion(name) is not None or len(found) >= RULES_A_BRANCH:
                continue
            if not wanted:
                node = pencil.absent(name)
            else:
                fired = [
                    rule for rule in truth.grounded.rules_for.get(name, ()) if truth.state(rule) == "holds"
                ]
                node = self.open_rule(pencil, fired[0]) if fired else None
            if node is not None:
                found.append((node, [node]))
        return found

    @staticmethod
    def open_rule(pencil: Pencil, rule: GroundRule) -> str | None:
        node = pencil.fired(rule)
        if node is not None:
            pencil.draft.graph.nodes[node]["state"] = "open"
        return node
