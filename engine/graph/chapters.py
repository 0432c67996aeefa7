"""The nodes that rules make: the rules themselves, what they concluded or did not, and the courses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sharedvalue.engine.graph.parts import listed, lower, of_nodes
from sharedvalue.engine.graph.truth import Truth, is_conclusion, wants_true
from sharedvalue.engine.graph.values import Values
from sharedvalue.engine.language.formulas import Test
from sharedvalue.engine.language.grounded import GroundBranch, GroundRule


class Pencil(Values):
    """Draws the parts of one decision into a draft."""

    # --- rules ------------------------------------------------------------------------------------
    def numbers(self, rule: GroundRule, tests: tuple[Test, ...]) -> list[dict[str, Any]]:
        found = []
        for test in tests:
            if (
                not is_conclusion(self.truth.grounded, test.left)
                and test.left in self.truth.grounded.variables
            ):
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
            "reference": rule.rule,
            "rule": rule.rule,
            "part": rule.part,
            "title": written.title,
            "text": text,
            "modality": self.words.block(rule).modality,
            "basis": ", ".join(written.kind),
            "cites": list(written.cites),
            "concludes": [c for c in rule.concludes if ":" not in c],
            "numbers": numbers,
            "sources": [self.book.sources[s].cite for s in written.sources if s in self.book.sources],
            **self.branch(),
        }
        measured = [n for n in numbers if "distance" in n]
        if len(measured) == 1:
            fields |= {
                "value": measured[0]["value"],
                "threshold": measured[0]["needed"],
                "distance": measured[0]["distance"],
            }
        if fields["cites"]:
            fields |= self.quoted(fields["cites"][-1])
        return fields

    def conclusion_id(self, name: str) -> str:
        return (
            f"{self.prefix}candidate:{name.split(':', 1)[1]}"
            if name.startswith("candidate:")
            else f"{self.prefix}conclusion:{name}"
        )

    def absent(self, name: str) -> str | None:
        """A conclusion that was not reached, with the reason."""
        node = self.conclusion_id(name)
        rules = self.truth.grounded.rules_for.get(name, ())
        if not rules:
            return (
                node
                if self.draft.node(
                    node,
                    "conclusion",
                    self.words.concluded(name),
                    "absent",
                    name=name,
                    text="No rule could conclude this here.",
                )
                else None
            )
        rule = min(rules, key=lambda r: self.truth.rule_miss(r).cost)
        failed = self.truth.rule_miss(rule).failed
        instead = self.instead(rule, [test for other, test in failed if other.rule == rule.rule])
        fields = self.rule_fields(rule, "absent", tuple(test for _, test in failed)) | {"name": name}
        form, title, why = (
            self.book.rules[rule.rule].form,
            self.book.rules[rule.rule].title,
            self.words.otherwise(rule),
        )
        if instead is not None or (form != "single" and not rule.binding):
            title, why = self.words.concluded(name), "" if why == title else why
        if instead is not None:
            why, fields["text"] = self.words.line(instead), self.words.because(instead)
            fields["instead"] = self.grouped(instead)
        elif len(rules) > 1:
            fields["text"] = "; ".join(dict.fromkeys(self.words.otherwise(r) for r in rules)) + "."
        fields.pop("concludes", None)
        return (
            node
            if self.draft.node(
                node,
                "conclusion",
                titled(title[:1].upper() + title[1:], why),
                "absent",
                **fields | split(title, why),
            )
            else None
        )

    def joined(self) -> None:
        """Where what holds instead of a missing conclusion is drawn too, that one says the reason."""
        for node, instead in of_nodes(self.draft.graph, "instead"):
            attributes = self.draft.graph.nodes[node]
            if instead in self.draft:
                attributes["label"] = attributes["title"]
                attributes.pop("why", None)
                self.draft.edge(instead, node, "defeats")

    def instead(self, rule: GroundRule, tests: Iterable[Test]) -> GroundRule | None:
        """The case or part of a rule that holds in place of another, and looks at the values that failed."""
        looked = {leaf for test in tests for leaf in self.truth.leaves(test.left)} - self.gates
        for firing in self.truth.trace.firings:
            other = firing.rule
            alike = (
                other.rule == rule.rule
                and other.binding == rule.binding
                and other.key != rule.key
                and "/" not in other.part
            )
            if alike and self.truth.state(other) == "holds":
                seen = {leaf for test in self.truth.way(other) for leaf in self.truth.leaves(test.left)}
                if any(leaf in looked and not is_conclusion(self.truth.grounded, leaf) for leaf in seen):
                    return other
        return None

    def course(self, branch: GroundBranch, rule: GroundRule, state: str, decided: bool = False) -> str | None:
        """A candidate of the choice."""
        node = self.conclusion_id(branch.candidate)
        title = self.book.rules[branch.rule].title
        tests = (
            self.truth.way(rule)
            if state == "holds"
            else tuple(test for _, test in self.truth.miss(branch.candidate).failed)
        )
        said = self.words.line(rule) if state == "holds" or decided else self.words.otherwise(rule)
        fields = self.rule_fields(rule, state, tests) | {
            "place": branch.place,
            "outcome": self.book.outcome_names[branch.outcome],
        }
        return (
            node
            if self.draft.node(node, "candidate", titled(title, said), state, **fields | split(title, said))
            else None
        )

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
            return (
                node
                if self.draft.node(
                    node, "rule", self.words.line(rule), **self.rule_fields(rule, "holds", tests)
                )
                else None
            )
        alike = [r for r in self.truth.grounded.rules if r.rule == rule.rule and r.part == rule.part]
        return self.over_records(node, alike, tests)

    def defeaters(self, rule: GroundRule) -> list[GroundRule]:
        """The rules whose conclusions set a rule aside: conclusions that hold, and that it asks not to hold."""
        unwanted = {t.left for way in rule.alternatives for t in way if not wants_true(t)}
        names = [
            t.left
            for way in rule.defeats
            for t in way
            if t.left in unwanted and wants_true(t) and self.truth.test(t)
        ]
        rules = self.truth.grounded.rules_for
        found = {
            other.key: other
            for name in names
            for other in rules.get(name, ())
            if self.truth.state(other) == "holds"
        }
        return list(found.values())

    def defeated(self, rule: GroundRule) -> str | None:
        """A rule whose condition held, and that was set aside."""
        node = self.grouped(rule)
        title, why = self.set_aside(rule)
        fields = self.rule_fields(rule, "defeated", ()) | {
            "text": f"{title}: its condition holds, but it is {why}."
        }
        return (
            node
            if self.draft.node(node, "rule", titled(title, why), "defeated", **fields | split(title, why))
            else None
        )

    def set_aside(self, rule: GroundRule) -> tuple[str, str]:
        lines = [self.words.line(other) for other in self.defeaters(rule)]
        return self.book.rules[rule.rule].title, f"set aside: {'; '.join(lines)}" if lines else "set aside"

    def over_records(self, node: str, alike: list[GroundRule], tests: tuple[Test, ...]) -> str | None:
        """One rule over several records: for whom it holds, and for whom not."""
        states = [(rule, self.truth.state(rule)) for rule in alike]
        names = {
            s: [" / ".join(self.words.record_names(r)) for r, state in states if state == s]
            for s in ("holds", "absent", "open")
        }
        first = next((r for r, s in states if s == "holds"), alike[0])
        nobody = (
            f"none of {listed(names['absent'])}" if names["absent"] and not names["open"] else "none surely"
        )
        said = [
            listed(names["holds"]) or nobody,
            f"not {listed(names['absent'])}" if names["absent"] else "",
            f"open for {listed(names['open'])}" if names["open"] else "",
        ]
        if not names["holds"] and not names["open"]:
            said = [nobody]
        title, why = self.book.rules[first.rule].title, "; ".join(part for part in said if part)
        state = "holds" if names["holds"] else "open" if names["open"] else "absent"
        fields = self.rule_fields(first, "holds" if names["holds"] else "absent", tests)
        sentences = [
            self.words.because(r) if s == "holds" else self.words.otherwise(r) for r, s in states[:12]
        ]
        fields["text"] = " ".join(s if s.endswith(".") else f"{s}." for s in sentences)
        return (
            node
            if self.draft.node(node, "rule", titled(title, why), state, **fields | split(title, why))
            else None
        )


def titled(title: str, why: str) -> str:
    """A title with what is said of it."""
    return title if why in ("", title) else f"{title}: {lower(why)}"


def split(title: str, why: str) -> dict[str, str]:
    """The same in two parts, for those who draw them apart."""
    return {"title": title[:1].upper() + title[1:], "why": "" if why == title else why}


def conclusions_in(truth: Truth, tests: tuple[Test, ...]) -> list[tuple[str, bool]]:
    """The conclusions that literals ask for (True) or rule out (False)."""
    return [(t.left, wants_true(t)) for t in tests if is_conclusion(truth.grounded, t.left)]
