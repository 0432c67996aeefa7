"""The nodes that rules rest on: facts, records, measures, thresholds, and the article's own words."""

from __future__ import annotations

from typing import Any

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.graph.parts import Draft
from sharedvalue.engine.graph.truth import Truth
from sharedvalue.engine.graph.words import Words
from sharedvalue.engine.language.addresses import name_of
from sharedvalue.engine.language.grounded import GroundRule
from sharedvalue.engine.language.thresholds import Threshold


class Values:
    """Draws what rules read into a draft. `prefix` keeps apart what is true of one example only."""

    def __init__(
        self, draft: Draft, decision: Decision, words: Words, truth: Truth, prefix: str = ""
    ) -> None:
        self.draft, self.decision, self.words, self.truth = draft, decision, words, truth
        self.book, self.prefix = decision.worlds.book, prefix
        self.gates = {fact.applies_when for fact in self.book.facts.values() if fact.applies_when}

    def branch(self) -> dict[str, str]:
        return {"branch": self.prefix.rstrip("/")} if self.prefix else {}

    # --- values -----------------------------------------------------------------------------------
    def value_id(self, name: str) -> str:
        """The node of a fact or of a measure that stands open; the fields of one record share one node."""
        parts = name_of(name)
        if parts is not None and parts.record is not None:
            return f"fact:{parts.fact}[{parts.record}]"
        return f"measure:{name}" if name in self.truth.grounded.measures else f"fact:{name}"

    def fact(self, name: str) -> str | None:
        """A fact with its value, or its record; None when there is no room."""
        node = self.value_id(name)
        if node in self.draft:
            return node
        parts = name_of(name)
        if parts is not None and parts.record is not None:
            return self.record(node, parts.fact, parts.record)
        domain, value = self.decision.worlds.domains.get(name), self.words.value(name)
        open_here = domain is not None and not domain.is_known
        written = self.book.facts.get(name)
        fields: dict[str, Any] = {
            "name": name,
            "value": value,
            "title": self.words.title(name),
            "source": self.words.source_of(name),
        }
        if written is not None:
            fields["text"] = written.how
        label = f"{self.words.title(name)}: {value}"
        kind, state = ("unknown", "open") if open_here else ("fact", "holds")
        return node if self.draft.node(node, kind, label, state, **fields) else None

    def record(self, node: str, where: str, position: int) -> str | None:
        name, fields = self.words.record_name(where, position), self.words.record(where, position)
        open_here = any(
            not d.is_known
            for n, d in self.decision.worlds.domains.items()
            if n.startswith(f"{where}[{position}].")
        )
        value = ", ".join(f"{title} {value}" for title, value in fields)
        added = self.draft.node(
            node,
            "unknown" if open_here else "fact",
            f"{name}: {value}",
            "open" if open_here else "holds",
            name=where,
            title=name,
            value=value,
            text=f"{self.book.facts[where].title}: {name}.",
            numbers=[{"title": t, "value": v} for t, v in fields],
        )
        return node if added else None

    def measure(self, name: str) -> str | None:
        node, value = f"measure:{name}", self.words.value(name)
        certain = self.decision.is_certain(name) or bool(self.prefix)
        added = self.draft.node(
            node,
            "measure",
            f"{self.words.title(name)}: {value}",
            "holds" if certain else "open",
            name=name,
            value=value,
            title=self.words.title(name),
            text=self.written(name),
        )
        return node if added else None

    def written(self, name: str) -> str:
        formula = self.book.measures[name].formula if name in self.book.measures else None
        return (
            f"Computed as {formula}."
            if formula is not None and hasattr(formula, "source")
            else "Taken from the record that counts most."
        )

    def threshold(self, threshold: Threshold) -> str | None:
        node = f"threshold:{threshold.name}"
        added = self.draft.node(
            node,
            "threshold",
            self.words.threshold_label(threshold),
            name=threshold.name,
            value=str(threshold),
            title=threshold.title,
            text=threshold.because
            + (f" Changed by the house: {threshold.house_change}" if threshold.house_change else ""),
            basis=threshold.basis,
            sources=[self.book.sources[s].cite for s in threshold.sources if s in self.book.sources],
        )
        return node if added else None

    # --- the article ------------------------------------------------------------------------------
    def quoted(self, claim: str) -> dict[str, str]:
        written = self.book.claims.get(claim)
        article = self.book.article
        credit = f"{article.publisher}, {article.licence}"
        return (
            {}
            if written is None
            else {"quote": written.quote, "attribution": article.attribution, "credit": credit}
        )

    def claim(self, claim: str) -> str | None:
        node, written = f"claim:{claim}", self.book.claims.get(claim)
        if written is None:
            return None
        article = self.book.article
        added = self.draft.node(
            node,
            "claim",
            f"“{written.quote}”",
            text=written.says,
            title=f"{article.title}, sentence {written.sentence}",
            reference=claim,
            modality=written.modality,
            **self.quoted(claim),
        )
        return node if added else None

    def deciding_claim(self, rule: GroundRule) -> str | None:
        """The claim that a rule leans on most: of its own force, and saying more than a few words."""
        cites = [
            c for c in self.book.rules[rule.rule].cites if c in self.book.claims and self.decision.stands(c)
        ]
        modality = self.words.block(rule).modality
        return max(reversed(cites), key=lambda c: self.weight(c, modality), default=None)

    def weight(self, claim: str, modality: str) -> tuple[int, int]:
        """How much a quote says: of the rule's own force, and more than a few words."""
        written = self.book.claims[claim]
        return (written.modality == modality) + (len(written.quote) > 30), len(written.quote)
