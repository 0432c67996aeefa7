"""What stands around the rules of a decision: the evidence before it, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sharedvalue.engine.decision import Wording
from sharedvalue.engine.graph.chapters import Pencil
from sharedvalue.engine.graph.words import Words
from sharedvalue.engine.language.formulas import Missing, holds
from sharedvalue.engine.language.grounded import GroundRule
from sharedvalue.engine.language.rules import When
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.language.types import say
from sharedvalue.engine.readings.trace import Trace


class Around:
    """Draws the evidence, the rules about the decision itself, the actions and the risks."""

    def __init__(
        self, pencil: Pencil, rule_id: Callable[[GroundRule], str], value: Callable[[str], str | None]
    ) -> None:
        self.pencil, self.draft, self.words, self.truth = pencil, pencil.draft, pencil.words, pencil.truth
        self.decision, self.book, self.grounded = pencil.decision, pencil.book, pencil.truth.grounded
        self.rule_id, self.value = rule_id, value
        counts = tuple(self.decision.worlds.scenario.counts.items())
        self.translate = Translator(self.book, "world", Shape(counts))

    def draw(self) -> None:
        self.evidence()
        self.afterwards()
        self.advice()
        self.routes()

    # --- before and after -------------------------------------------------------------------------
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
            self.fired(
                replace(self.decision.worlds.whole, firings=(firing,)), facts[0] if facts else "", "", []
            )

    def item(self, position: int) -> str:
        scenario, node = self.decision.worlds.scenario, f"fact:evidence[{position}]"
        prefix = f"evidence[{position}]."
        said = []
        for name, stated in scenario.stated.items():
            if name.startswith(prefix) and stated.value is not None:
                said.append(f"{name.removeprefix(prefix)} {say(stated.value, scenario.types[name])}")
        for name, written in scenario.texts.items():
            if name.startswith(prefix) and not name.endswith(".fact"):
                said.append(f"{name.removeprefix(prefix)} {written}")
        told = ", ".join(part.replace("_", " ") for part in said)
        self.draft.node(
            node, "fact", f"Evidence {position + 1}: {told}", title=f"Evidence {position + 1}", value=told
        )
        return node

    def fired(self, trace: Trace, leads_to: str, suffix: str, starts: list[str]) -> None:
        words = Words(self.decision.worlds, trace, Wording(self.decision.worlds, trace))
        for firing in trace.firings:
            written = self.book.rules.get(firing.rule.rule)
            node = f"rule:{firing.rule.key}{suffix}"
            if written is None or not self.draft.node(
                node,
                "rule",
                words.line(firing.rule),
                reference=written.id,
                rule=written.id,
                title=written.title,
                text=words.because(firing.rule),
                basis=", ".join(written.kind),
                cites=list(written.cites),
            ):
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
            if (
                written is None
                or "/" in firing.rule.part
                or any(c.startswith("candidate:") for c in firing.rule.concludes)
            ):
                continue
            node = f"rule:{firing.rule.key}"
            self.draft.node(
                node,
                "rule",
                words.line(firing.rule),
                reference=written.id,
                rule=written.id,
                title=written.title,
                text=words.because(firing.rule),
                basis=", ".join(written.kind),
                cites=list(written.cites),
            )
            self.draft.edge("decision", node, "reads")
            for conclusion in firing.rule.concludes:
                self.draft.node(
                    f"conclusion:{conclusion}", "conclusion", words.concluded(conclusion), name=conclusion
                )
                self.draft.edge(node, f"conclusion:{conclusion}", "concludes")

    # --- actions and risks ------------------------------------------------------------------------
    def advice(self) -> None:
        outcomes = self.book.outcomes
        outcome = outcomes.outcomes[self.decision.outcome]
        self.advise("decision", outcome.actions, outcome.risks)
        for mode in (*self.decision.modes, *self.decision.open_modes):
            self.advise("decision", outcomes.modes[mode].actions, outcomes.modes[mode].risks)
        for rule in self.grounded.rules:
            if rule.rule in self.book.rules and "/" not in rule.part and self.truth.state(rule) == "holds":
                block = self.words.block(rule)
                self.advise(self.rule_id(rule), block.advise, block.warn)

    def advise(self, node: str, actions: tuple[When, ...], risks: tuple[When, ...]) -> None:
        for entries, kind, table, edge in (
            (actions, "action", self.book.actions, "advises"),
            (risks, "risk", self.book.risks, "warns"),
        ):
            for entry in entries:
                if self.applies(entry):
                    written = table[entry.name]
                    say = self.words.wording.say
                    self.draft.node(
                        f"{kind}:{entry.name}",
                        kind,
                        say(entry.words or written.text),
                        reference=entry.name,
                        text=say(written.detail),
                        modality=written.modality,
                        cites=list(written.cites),
                    )
                    self.draft.edge(node, f"{kind}:{entry.name}", edge)

    def applies(self, entry: When) -> bool:
        """Whether an action or a risk goes with the decision; one whose condition is open does."""
        if entry.when is None:
            return True
        settled = self.decision.settled
        values = (
            dict(self.truth.trace.values)
            if settled is None
            else {**self.decision.worlds.known, **{n: int(v) for n, v in settled.items()}}
        )
        values |= {
            n: b.value
            for n, b in self.decision.worlds.beliefs.items()
            if b.value is not None and n not in values
        }
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
            self.draft.node(
                node,
                "risk",
                level.words,
                reference=level.risk,
                text=written.detail if written else "",
                modality=level.modality,
            )
            for rule in self.grounded.rules_for.get(f"route:{name}", ()):
                for test in self.truth.way(rule):
                    below = (
                        self.value(test.left)
                        if self.grounded.variables[test.left].origin != "choice"
                        else None
                    )
                    if below is not None:
                        self.draft.edge(below, node, "warns")
            if not self.draft.graph.degree(node):  # not in every world, so no single cause is named
                self.draft.edge("decision", node, "warns")
