"""The whole graph of a decision: every fact, measure, threshold, rule, conclusion, claim, course, action and risk."""

from __future__ import annotations

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.graph.around import Around
from sharedvalue.engine.graph.chapters import titled
from sharedvalue.engine.graph.ends import decide_node
from sharedvalue.engine.graph.forks import Forks
from sharedvalue.engine.graph.parts import Draft
from sharedvalue.engine.graph.truth import is_conclusion
from sharedvalue.engine.graph.view import View
from sharedvalue.engine.language.formulas import Test, reads
from sharedvalue.engine.language.grounded import GroundRule


class Everything:
    """Draws all that the rule book made of a case. What differs between worlds is open, or in an example."""

    def __init__(self, decision: Decision) -> None:
        self.decision, self.book = decision, decision.worlds.book
        self.view = View(decision)
        self.draft = Draft()
        self.view.draft = self.view.pencil.draft = self.draft
        self.pencil, self.truth, self.words = self.view.pencil, self.view.truth, self.view.words
        self.grounded = self.truth.grounded

    def draw(self) -> Draft:
        decide_node(self.pencil, self.decision)
        if self.view.deciding() is None:
            Forks(self.view).draw()
        for rule in self.grounded.rules:
            if rule.rule in self.book.rules and "/" not in rule.part:
                self.rule(rule)
        for conclusion in self.grounded.rules_for:
            self.conclusion(conclusion)
        for rule in self.grounded.rules:
            if rule.rule in self.book.rules and "/" not in rule.part:
                self.edges(rule)
        self.courses()
        self.modes()
        Around(self.pencil, self.rule_id, self.value).draw()
        return self.draft

    # --- rules and what they read -----------------------------------------------------------------
    def rule_id(self, rule: GroundRule) -> str:
        return f"rule:{rule.key}"

    def rule(self, rule: GroundRule) -> None:
        state = self.truth.state(rule)
        tests = (
            self.truth.way(rule)
            if state == "holds"
            else tuple(dict.fromkeys(t for way in rule.alternatives for t in way))[:12]
        )
        fields = self.pencil.rule_fields(rule, state, tests)
        names = ", ".join(self.words.record_names(rule))
        said = self.words.line(rule)
        if state == "defeated":
            said = titled(*self.pencil.set_aside(rule))
        elif state != "holds":
            said = titled(self.book.rules[rule.rule].title, self.words.otherwise(rule))
        label = f"{names}: {said}" if names and names not in said else said
        self.draft.node(self.rule_id(rule), "rule", label, state, **fields)

    def edges(self, rule: GroundRule) -> None:
        node, state = self.rule_id(rule), self.truth.state(rule)
        if state == "defeated":
            for other in self.pencil.defeaters(rule):
                for conclusion in other.concludes:
                    self.draft.edge(self.pencil.conclusion_id(conclusion), node, "defeats")
        for test in dict.fromkeys(t for way in rule.alternatives for t in way):
            self.reads(test, node, rule)
        for conclusion in rule.concludes:
            self.draft.edge(node, self.pencil.conclusion_id(conclusion), _gives(state == "holds"))
        for claim in self.book.rules[rule.rule].cites:
            if self.pencil.claim(claim):
                self.draft.edge(f"claim:{claim}", node, "quotes")

    def reads(self, test: Test, node: str, rule: GroundRule, kind: str = "") -> None:
        for name in (test.left, test.right):
            if isinstance(name, str) and self.grounded.variables[name].origin != "choice":
                threshold = self.words.threshold(rule, test)
                if threshold is not None and self.pencil.threshold(threshold):
                    self.draft.edge(f"threshold:{threshold.name}", node, "compares")
                below = self.value(name)
                if below is not None:
                    self.draft.edge(below, node, kind or ("compares" if threshold else "reads"))

    def value(self, name: str) -> str | None:
        """The node of a value, with all that it is computed from."""
        if is_conclusion(self.grounded, name):
            return self.pencil.conclusion_id(name)
        formula = self.grounded.measures.get(name)
        if formula is None:
            return self.pencil.fact(name)
        node = f"measure:{name}"
        if node not in self.draft and self.pencil.measure(name):
            for part in dict.fromkeys(reads(formula)):
                below = self.value(part)
                if below is not None:
                    self.draft.edge(below, node, "reads")
        return node

    def conclusion(self, name: str) -> None:
        if name.startswith("candidate:") or ":" in name:
            return
        here = self.truth.conclusion(name)
        if here is False:
            self.pencil.absent(name)
        else:
            self.draft.node(
                self.pencil.conclusion_id(name),
                "conclusion",
                self.words.concluded(name),
                "holds" if here else "open",
                name=name,
                text="Concluded."
                if here
                else "It holds in some of the worlds that the open facts allow, and not in others.",
            )

    # --- the choice -------------------------------------------------------------------------------
    def courses(self) -> None:
        chosen = self.view.deciding()
        for branch in self.grounded.branches:
            rule = self.grounded.rules_for[branch.candidate][0]
            state = {True: "holds", False: "absent", None: "open"}[self.truth.conclusion(branch.candidate)]
            node = self.pencil.course(branch, rule, state)
            if node is None:
                continue
            self.draft.edge(self.rule_id(rule), node, _gives(state == "holds"))
            decides = chosen is not None and chosen[0].candidate == branch.candidate
            self.draft.edge(node, "decision", "decides" if decides else "chosen_over")
            if state == "holds" and not decides:
                self.draft.graph.nodes[node]["heading"] = "Course, later in the order" if chosen else "Course"

    def modes(self) -> None:
        """What the modes of the decision rest on besides the choice."""
        for test in self.view.mode_tests():
            below = self.value(test.left)
            if below is not None:
                self.draft.edge(below, "decision", "reads")


def _gives(fires: bool) -> str:
    return "concludes" if fires else "would_conclude"
