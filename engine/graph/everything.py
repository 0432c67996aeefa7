"""The whole graph of a decision: every fact, measure, threshold, rule, conclusion, claim, course, action and risk."""

from __future__ import annotations

from dataclasses import replace

from engine.decision import Decision, Wording
from engine.graph.chapters import Pencil, titled
from engine.graph.forks import Forks
from engine.graph.parts import Draft
from engine.graph.truth import is_conclusion
from engine.graph.view import View, decide_node
from engine.graph.words import Words
from engine.language.formulas import Missing, Test, holds, reads
from engine.language.grounded import GroundRule
from engine.language.grounding import Shape, Translator
from engine.language.rules import When
from engine.readings.trace import Trace


class Everything:
    """Draws all that the rule book made of a case. What differs between worlds is open, but for the examples of a fork."""

    def __init__(self, decision: Decision) -> None:
        self.decision, self.book = decision, decision.worlds.book
        self.view = View(decision)
        self.draft = Draft()
        self.view.draft = self.view.pencil.draft = self.draft
        self.pencil, self.truth, self.words = self.view.pencil, self.view.truth, self.view.words
        self.grounded = self.truth.grounded
        self.translate = Translator(self.book, "world", Shape(tuple(decision.worlds.scenario.counts.items())))

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
        self.evidence()
        self.afterwards()
        self.advice()
        self.routes()
        return self.draft

    # --- rules and what they read -------------------------------------------------------------------------------------
    def rule_id(self, rule: GroundRule) -> str:
        return f"rule:{rule.key}"

    def rule(self, rule: GroundRule) -> None:
        state = self.truth.state(rule)
        tests = self.truth.way(rule) if state == "holds" else tuple(dict.fromkeys(t for way in rule.alternatives for t in way))[:12]
        fields = self.pencil.rule_fields(rule, state, tests)
        names = ", ".join(self.words.record_names(rule))
        said = self.words.line(rule) if state == "holds" else titled(self.book.rules[rule.rule].title, self.words.otherwise(rule))
        label = f"{names}: {said}" if names and names not in said else said
        self.draft.node(self.rule_id(rule), "rule", label, state, **fields)

    def edges(self, rule: GroundRule) -> None:
        node, state = self.rule_id(rule), self.truth.state(rule)
        for test in dict.fromkeys(t for way in rule.alternatives for t in way):
            self.reads(test, node, rule)
        for test in dict.fromkeys(t for way in rule.defeats for t in way):
            self.reads(test, node, rule, "defeats" if state == "defeated" and self.truth.test(test) else "reads")
        for conclusion in rule.concludes:
            self.draft.edge(node, self.pencil.conclusion_id(conclusion), "concludes", passes=state == "holds")
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
            self.draft.node(self.pencil.conclusion_id(name), "conclusion", self.words.concluded(name), "holds" if here else "open", name=name,
                            text="Concluded." if here else "It holds in some of the worlds that the open facts allow, and not in others.")

    # --- the choice -----------------------------------------------------------------------------------------------------
    def courses(self) -> None:
        chosen = self.view.deciding()
        for branch in self.grounded.branches:
            rule = self.grounded.rules_for[branch.candidate][0]
            state = {True: "holds", False: "absent", None: "open"}[self.truth.conclusion(branch.candidate)]
            node = self.pencil.course(branch, rule, state)
            if node is None:
                continue
            self.draft.edge(self.rule_id(rule), node, "concludes", passes=state == "holds")
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

    # --- before and after -------------------------------------------------------------------------------------------------
    def evidence(self) -> None:
        """The evidence chapter: which items a fact rests on, and what the rules made of them."""
        for name, group in self.decision.worlds.evidence.items():
            fact = self.pencil.fact(name) if name in self.grounded.inputs else None
            if fact is None:
                continue
            for position in group.items:
                item = self.item(position)
                self.draft.edge(item, fact, "reads")
            self.fired(group.trace, fact, f"({name})", [f"fact:evidence[{p}]" for p in group.items])
        for firing in self.decision.worlds.whole.firings:
            block = self.words.block(firing.rule)
            facts = [f"fact:{e.fact}" for e in block.effects if e.fact and f"fact:{e.fact}" in self.draft]
            self.fired(replace(self.decision.worlds.whole, firings=(firing,)), facts[0] if facts else "", "", [])

    def item(self, position: int) -> str:
        scenario, node = self.decision.worlds.scenario, f"fact:evidence[{position}]"
        prefix = f"evidence[{position}]."
        said = [f"{n.removeprefix(prefix).replace('_', ' ')} {self.words.value(n)}" for n in (*scenario.stated, *scenario.texts)
                if n.startswith(prefix) and not n.endswith(".fact")]
        self.draft.node(node, "fact", f"Evidence {position + 1}: {', '.join(said)}", title=f"Evidence {position + 1}", value=", ".join(said))
        return node

    def fired(self, trace: Trace, leads_to: str, suffix: str, starts: list[str]) -> None:
        words = Words(self.decision.worlds, trace, Wording(self.decision.worlds, trace))
        for firing in trace.firings:
            written = self.book.rules.get(firing.rule.rule)
            node = f"rule:{firing.rule.key}{suffix}"
            if written is None or not self.draft.node(node, "rule", words.line(firing.rule), reference=written.id, rule=written.id, title=written.title,
                                                      text=words.because(firing.rule), basis=", ".join(written.kind), cites=list(written.cites)):
                continue
            for start in starts:
                self.draft.edge(start, node, "reads")
            self.draft.edge(node, leads_to, "concludes")
            for claim in written.cites:
                if self.pencil.claim(claim):
                    self.draft.edge(f"claim:{claim}", node, "quotes")

    def afterwards(self) -> None:
        """The rules about the decision itself that follow from it."""
        after = self.decision.after
        extra = {n: str(after.values[n]) for n in self.book.provided if n in after.values}
        words = Words(self.decision.worlds, after, replace(self.words.wording, extra=extra))
        for firing in after.firings:
            written = self.book.rules.get(firing.rule.rule)
            if written is None or "/" in firing.rule.part or any(c.startswith("candidate:") for c in firing.rule.concludes):
                continue
            node = f"rule:{firing.rule.key}"
            self.draft.node(node, "rule", words.line(firing.rule), reference=written.id, rule=written.id, title=written.title, text=words.because(firing.rule),
                            basis=", ".join(written.kind), cites=list(written.cites))
            self.draft.edge("decision", node, "reads")
            for conclusion in firing.rule.concludes:
                self.draft.node(f"conclusion:{conclusion}", "conclusion", words.concluded(conclusion), name=conclusion)
                self.draft.edge(node, f"conclusion:{conclusion}", "concludes")

    # --- actions and risks ------------------------------------------------------------------------------------------------
    def advice(self) -> None:
        outcomes = self.book.outcomes
        entries = [outcomes.outcomes[self.decision.outcome], *(outcomes.modes[m] for m in (*self.decision.modes, *self.decision.open_modes))]
        for entry in entries:
            self.advise("decision", entry.actions, entry.risks)
        for rule in self.grounded.rules:
            if rule.rule in self.book.rules and "/" not in rule.part and self.truth.state(rule) == "holds":
                block = self.words.block(rule)
                self.advise(self.rule_id(rule), block.advise, block.warn)

    def advise(self, node: str, actions: tuple[When, ...], risks: tuple[When, ...]) -> None:
        for entries, kind, table, edge in ((actions, "action", self.book.actions, "advises"), (risks, "risk", self.book.risks, "warns")):
            for entry in entries:
                if self.applies(entry):
                    written = table[entry.name]
                    say = self.words.wording.say
                    self.draft.node(f"{kind}:{entry.name}", kind, say(entry.words or written.text), reference=entry.name, text=say(written.detail),
                                    modality=written.modality, cites=list(written.cites))
                    self.draft.edge(node, f"{kind}:{entry.name}", edge)

    def applies(self, entry: When) -> bool:
        """Whether an action or a risk goes with the decision; one whose condition is open does."""
        if entry.when is None:
            return True
        settled = self.decision.settled
        values = dict(self.truth.trace.values) if settled is None else {**self.decision.worlds.known, **{n: int(v) for n, v in settled.items()}}
        values |= {n: b.value for n, b in self.decision.worlds.beliefs.items() if b.value is not None and n not in values}
        try:
            return holds(self.translate.condition(entry.when.node, {}), values)
        except Missing:
            return True

    def routes(self) -> None:
        """The ways in which the community could end, if nothing changes."""
        for name in self.decision.routes:
            level = self.book.outcomes.risk_routes[name]
            node = f"risk:{level.risk or name}"
            written = self.book.risks.get(level.risk)
            self.draft.node(node, "risk", level.words, reference=level.risk, text=written.detail if written else "", modality=level.modality)
            for rule in self.grounded.rules_for.get(f"route:{name}", ()):
                for test in self.truth.way(rule):
                    below = self.value(test.left) if self.grounded.variables[test.left].origin != "choice" else None
                    if below is not None:
                        self.draft.edge(below, node, "warns")
