"""Nodes and edges that both views of a decision are made of: facts, records, rules, thresholds, claims, courses."""

from __future__ import annotations

from typing import Any

from engine.decision import Decision
from engine.graph.parts import Draft, listed, lower
from engine.graph.truth import Truth, is_conclusion, wants_true
from engine.graph.words import Words
from engine.language.formulas import Test
from engine.language.grounded import GroundBranch, GroundRule
from engine.language.thresholds import Threshold


class Pencil:
    """Draws the parts of one decision into a draft. `prefix` keeps what is true of one example only apart."""

    def __init__(self, draft: Draft, decision: Decision, words: Words, truth: Truth, prefix: str = "") -> None:
        self.draft, self.decision, self.words, self.truth = draft, decision, words, truth
        self.book, self.prefix = decision.worlds.book, prefix

    def branch(self) -> dict[str, str]:
        return {"branch": self.prefix.rstrip("/")} if self.prefix else {}

    # --- values -----------------------------------------------------------------------------------------------------
    def value_id(self, name: str) -> str:
        """The node of a fact or of a measure that stands open; the fields of one record share one node."""
        where, bracket, rest = name.partition("[")
        if bracket and where in self.book.facts:
            return f"fact:{where}[{rest.partition(']')[0]}]"
        return f"measure:{name}" if name in self.truth.grounded.measures else f"fact:{name}"

    def fact(self, name: str) -> str | None:
        """A fact with its value, or its record; None when there is no room."""
        node = self.value_id(name)
        if node in self.draft:
            return node
        if "[" in node:
            where, _, rest = name.partition("[")
            return self.record(node, where, int(rest.partition("]")[0]))
        domain, value = self.decision.worlds.domains.get(name), self.words.value(name)
        open_here = domain is not None and not domain.is_known
        written = self.book.facts.get(name)
        fields: dict[str, Any] = {"name": name, "value": value, "title": self.words.title(name), "source": self.words.source_of(name)}
        if written is not None:
            fields["text"] = written.how
        label = f"{self.words.title(name)}: {value}"
        kind, state = ("unknown", "open") if open_here else ("fact", "holds")
        return node if self.draft.node(node, kind, label, state, **fields) else None

    def record(self, node: str, where: str, position: int) -> str | None:
        name, fields = self.words.record_name(where, position), self.words.record(where, position)
        open_here = any(not d.is_known for n, d in self.decision.worlds.domains.items() if n.startswith(f"{where}[{position}]."))
        value = ", ".join(f"{title} {value}" for title, value in fields)
        added = self.draft.node(node, "unknown" if open_here else "fact", f"{name}: {value}", "open" if open_here else "holds", name=where, title=name,
                                value=value, text=f"{self.book.facts[where].title}: {name}.", numbers=[{"title": t, "value": v} for t, v in fields])
        return node if added else None

    def measure(self, name: str) -> str | None:
        node, value = f"measure:{name}", self.words.value(name)
        certain = self.decision.is_certain(name) or bool(self.prefix)
        added = self.draft.node(node, "measure", f"{self.words.title(name)}: {value}", "holds" if certain else "open", name=name, value=value,
                                title=self.words.title(name), text=self.written(name))
        return node if added else None

    def written(self, name: str) -> str:
        formula = self.book.measures[name].formula if name in self.book.measures else None
        return f"Computed as {formula}." if formula is not None and hasattr(formula, "source") else "Taken from the record that counts most."

    def threshold(self, threshold: Threshold) -> str | None:
        node = f"threshold:{threshold.name}"
        added = self.draft.node(node, "threshold", self.words.threshold_label(threshold), name=threshold.name, value=str(threshold), title=threshold.title,
                                text=threshold.because + (f" Changed by the house: {threshold.house_change}" if threshold.house_change else ""),
                                basis=threshold.basis, sources=[self.book.sources[s].cite for s in threshold.sources if s in self.book.sources])
        return node if added else None

    # --- rules ------------------------------------------------------------------------------------------------------
    def numbers(self, rule: GroundRule, tests: tuple[Test, ...]) -> list[dict[str, Any]]:
        found = []
        for test in tests:
            if not is_conclusion(self.truth.grounded, test.left) and test.left in self.truth.grounded.variables:
                entry = self.words.number(rule, test, self.truth.test(test) is not None)
                if entry not in found:
                    found.append(entry)
        return found

    def rule_fields(self, rule: GroundRule, state: str, tests: tuple[Test, ...] = ()) -> dict[str, Any]:
        """What is told of a rule on its node."""
        written = self.book.rules[rule.rule]
        numbers = self.numbers(rule, tests)
        text = self.words.because(rule) if state == "holds" else self.words.otherwise(rule)
        fields: dict[str, Any] = {
            "reference": rule.rule, "rule": rule.rule, "part": rule.part, "title": written.title, "text": text, "modality": self.words.block(rule).modality,
            "basis": ", ".join(written.kind), "cites": list(written.cites), "concludes": [c for c in rule.concludes if ":" not in c], "numbers": numbers,
            "sources": [self.book.sources[s].cite for s in written.sources if s in self.book.sources], **self.branch(),
        }
        measured = [n for n in numbers if "distance" in n]
        if len(measured) == 1:
            fields |= {"value": measured[0]["value"], "threshold": measured[0]["needed"], "distance": measured[0]["distance"]}
        if fields["cites"]:
            fields |= self.quoted(fields["cites"][-1])
        return fields

    def quoted(self, claim: str) -> dict[str, str]:
        written = self.book.claims.get(claim)
        article = self.book.article
        credit = f"{article.publisher}, {article.licence}"
        return {} if written is None else {"quote": written.quote, "attribution": article.attribution, "credit": credit}

    def claim(self, claim: str) -> str | None:
        node, written = f"claim:{claim}", self.book.claims.get(claim)
        if written is None:
            return None
        article = self.book.article
        added = self.draft.node(node, "claim", f"“{written.quote}”", text=written.says, title=f"{article.title}, sentence {written.sentence}",
                                reference=claim, modality=written.modality, **self.quoted(claim))
        return node if added else None

    def deciding_claim(self, rule: GroundRule) -> str | None:
        """The claim that a rule leans on most: of its own force, and saying what to do rather than what a word means."""
        cites = [c for c in self.book.rules[rule.rule].cites if c in self.book.claims]
        modality = self.words.block(rule).modality
        return max(reversed(cites), key=lambda c: self.weight(c, modality), default=None)

    def weight(self, claim: str, modality: str) -> tuple[int, int]:
        """How much a quote says: of the rule's own force, and more than a few words."""
        written = self.book.claims[claim]
        return (written.modality == modality) + (len(written.quote) > 30), len(written.quote)

    def conclusion_id(self, name: str) -> str:
        return f"{self.prefix}candidate:{name.split(':', 1)[1]}" if name.startswith("candidate:") else f"{self.prefix}conclusion:{name}"

    def absent(self, name: str) -> str | None:
        """A conclusion that was not reached, with the reason."""
        node = self.conclusion_id(name)
        rules = self.truth.grounded.rules_for.get(name, ())
        if not rules:
            return node if self.draft.node(node, "conclusion", self.words.concluded(name), "absent", name=name, text="No rule could conclude this here.") else None
        rule = min(rules, key=lambda r: self.truth.rule_miss(r).cost)
        instead = self.instead(rule)
        tests = tuple(test for _, test in self.truth.miss(name).failed)
        fields = self.rule_fields(rule, "absent", tests) | {"name": name}
        if instead is not None:
            title, why = self.words.concluded(name), self.words.line(instead)
            fields["text"] = self.words.because(instead)
        else:
            title, why = self.book.rules[rule.rule].title, self.words.otherwise(rule)
        fields.pop("concludes", None)
        return node if self.draft.node(node, "conclusion", titled(title, why), "absent", **fields | split(title, why)) else None

    def instead(self, rule: GroundRule) -> GroundRule | None:
        """The case or part of the same rule that holds in place of one that does not, and looks at the same values."""
        looked = {leaf for way in rule.alternatives for test in way for leaf in self.truth.leaves(test.left)}
        for firing in self.truth.trace.firings:
            other = firing.rule
            if other.rule == rule.rule and other.binding == rule.binding and other.key != rule.key and "/" not in other.part and self.truth.state(other) == "holds":
                gates = {f.applies_when for f in self.book.facts.values()}
                if any(leaf in looked and leaf not in gates for test in self.truth.way(other) for leaf in self.truth.leaves(test.left)):
                    return other
        return None

    def course(self, branch: GroundBranch, rule: GroundRule, state: str, decided: bool = False) -> str | None:
        """A candidate of the choice."""
        node = self.conclusion_id(branch.candidate)
        title = self.book.rules[branch.rule].title
        tests = self.truth.way(rule) if state == "holds" else tuple(test for _, test in self.truth.miss(branch.candidate).failed)
        said = self.words.line(rule) if state == "holds" or decided else self.words.otherwise(rule)
        fields = self.rule_fields(rule, state, tests) | {"place": branch.place, "outcome": self.book.outcome_names[branch.outcome]}
        return node if self.draft.node(node, "candidate", titled(title, said), state, **fields | split(title, said)) else None

    def grouped(self, rule: GroundRule) -> str:
        """The node of a rule: the same rule over several records shares one."""
        part = f".{rule.part}" if rule.part else ""
        return f"{self.prefix}rule:{rule.rule}{part}"

    def fired(self, rule: GroundRule) -> str | None:
        """A rule that holds, with the line it says of this case."""
        node = self.grouped(rule)
        if node in self.draft:
            return node
        tests = self.truth.way(rule)
        if not rule.binding:
            return node if self.draft.node(node, "rule", self.words.line(rule), **self.rule_fields(rule, "holds", tests)) else None
        alike = [r for r in self.truth.grounded.rules if r.rule == rule.rule and r.part == rule.part]
        return self.over_records(node, alike, tests)

    def over_records(self, node: str, alike: list[GroundRule], tests: tuple[Test, ...]) -> str | None:
        """One rule over several records: for whom it holds, and for whom not."""
        states = [(rule, self.truth.state(rule)) for rule in alike]
        names = {s: [" / ".join(self.words.record_names(r)) for r, state in states if state == s] for s in ("holds", "absent", "open")}
        first = next((r for r, s in states if s == "holds"), alike[0])
        nobody = f"none of {listed(names['absent'])}" if names["absent"] and not names["open"] else "none surely"
        said = [listed(names["holds"]) or nobody, f"not {listed(names['absent'])}" if names["absent"] else "",
                f"open for {listed(names['open'])}" if names["open"] else ""]
        if not names["holds"] and not names["open"]:
            said = [nobody]
        title, why = self.book.rules[first.rule].title, "; ".join(part for part in said if part)
        state = "holds" if names["holds"] else "open" if names["open"] else "absent"
        fields = self.rule_fields(first, "holds" if names["holds"] else "absent", tests)
        sentences = [self.words.because(r) if s == "holds" else self.words.otherwise(r) for r, s in states[:12]]
        fields["text"] = " ".join(s if s.endswith(".") else f"{s}." for s in sentences)
        return node if self.draft.node(node, "rule", titled(title, why), state, **fields | split(title, why)) else None


def titled(title: str, why: str) -> str:
    """A title with what is said of it."""
    return title if title == why else f"{title}: {lower(why)}"


def split(title: str, why: str) -> dict[str, str]:
    """The same in two parts, for those who draw them apart."""
    return {"title": title[:1].upper() + title[1:], "why": "" if why == title else why}


def conclusions_in(truth: Truth, tests: tuple[Test, ...]) -> list[tuple[str, bool]]:
    """The conclusions that literals ask for (True) or rule out (False)."""
    return [(t.left, wants_true(t)) for t in tests if is_conclusion(truth.grounded, t.left)]
