"""What the facts of a record rest on, for a report: in one sentence, the evidence in a table, and every fact in the annex."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sharedvalue.engine.governance.report.blocks import Block, heading, paragraph, table
from sharedvalue.engine.governance.report.people import Groups

Json = dict[str, Any]
RESTS = {
    "evidence": "evidence",
    "estimate": "estimate",
    "stated confidence": "estimate, as sure as stated",
    "range": "range",
    "assumption": "assumed",
    "nothing": "not known",
}
COUNTED = {  # how many facts rest on what, in words for one and for several
    "evidence": ("rests on evidence", "rest on evidence"),
    "estimate": ("is an estimate with nothing behind it", "are estimates with nothing behind them"),
    "stated confidence": ("is an estimate as sure as stated", "are estimates as sure as stated"),
    "range": ("is a range", "are ranges"),
    "assumption": ("was assumed", "were assumed"),
    "nothing": ("is not known", "are not known"),
}
LEFT_OUT = "left out"
OF_ITEMS = ("page_visits", "views_comments", "questions")  # their n counts things, not people
HEAD = ("Fact", "Value", "Rests on", "How sure", "Turns the answer")


@dataclass(frozen=True)
class Facts:
    """The facts of a record as they may be told. Facts of groups are left out with `hide`, small numbers with `others`."""

    payload: Json
    groups: Groups
    others: bool
    hide: bool

    @property
    def told(self) -> list[Json]:
        return [
            fact
            for fact in self.payload["basis"]["facts"]
            if not (self.hide and fact["name"].split("[")[0] in self.groups.lists)
        ]

    def summary(self) -> Iterator[Block]:
        yield heading("What the facts rest on")
        deciding = [fact for fact in self.told if fact["decides"]]
        counts: dict[str, int] = {}
        for fact in deciding:
            counts[fact["rests_on"]] = counts.get(fact["rests_on"], 0) + 1
        parts = [
            f"{counts[kind]} {words[counts[kind] > 1]}" for kind, words in COUNTED.items() if kind in counts
        ]
        said = f"Of {len(deciding)} facts that may turn the answer, {', '.join(parts)}. " if parts else ""
        if "evidence" not in counts:
            said += "None of them rests on evidence: the answer is as good as the estimates. "
        yield paragraph(f"{said}All facts are in the annex.")
        proven = [self.row(fact) for fact in self.told if fact["rests_on"] == "evidence"]
        if proven:
            yield table("Facts that rest on evidence", HEAD, proven)
        files = self.payload["evidence"]["files"]
        if files and not self.others:
            kept = [(f["name"], f"{f['size']:,} bytes", f["hash"]) for f in files]
            yield table("Files behind them", ("File", "Size", "SHA-256"), kept)

    def every(self) -> Iterator[Block]:
        """All facts: those that may turn the answer first, as the vocabulary orders them."""
        known = [fact for fact in self.told if fact["rests_on"] != "nothing"]
        rows = list(self.joined(sorted(known, key=lambda fact: not fact["decides"])))
        yield table("Facts and their evidence", HEAD, rows)
        yield paragraph(
            "An estimate is what somebody thinks. Ask for evidence where a fact may turn the answer."
        )

    def joined(self, facts: list[Json]) -> Iterator[tuple[str, ...]]:
        """A row a fact; what is said of one group of members in the same way stands in one."""
        for (record, rests, sure, turns), same in groupby(facts, _alike):
            mine = list(same)
            if not record:
                yield from (self.row(fact) for fact in mine)
                continue
            said = ", ".join(
                f"{fact['name'].partition('].')[2].replace('_', ' ')} {fact['said']}" for fact in mine
            )
            title, name = mine[0]["title"].split(",")[0], record.partition("[")[2]
            yield (
                f"{title}: {name}",
                said,
                RESTS.get(rests, rests),
                sure or "not rated",
                "may" if turns else "no",
            )

    def row(self, fact: Json) -> tuple[str, ...]:
        items = "; ".join(self.item(item) for item in fact["items"])
        kind: str = fact["rests_on"]
        rests = RESTS.get(kind, kind) + (f": {items}" if items else "")
        turns = "may" if fact["decides"] else "no"
        few = self.others and (
            fact["name"] in self.groups.few or any(self.few(item) for item in fact["items"])
        )
        said = LEFT_OUT if few else fact["said"]  # it is what these few said, or would tell it
        return fact["title"], said, rests, fact["confidence"] or "not rated", turns

    def few(self, item: Json) -> bool:
        return bool(0 < item["n"] < self.groups.smallest)

    def item(self, item: Json) -> str:
        few = self.others and self.few(item)
        asked = ""
        if item["n"]:
            asked = f"fewer than {self.groups.smallest} people" if few else f"{item['n']} {_counted(item)}"
            if item["population"] and not few:
                asked += f" of {item['population']}"
        reading = "" if item["reading"] is None or few else f"reading {item['reading']}"
        age = (
            ""
            if item["age_months"] is None
            else f"{item['age_months']} {'month' if item['age_months'] == 1 else 'months'} old"
        )
        parts = [item["source"].replace("_", " "), item["date"], age, asked, reading]
        return ", ".join(part for part in parts if part)

    def not_known(self) -> Iterator[Block]:
        decision: Mapping[str, Any] = self.payload["decision"]
        yield heading("What was not known")
        titles = {fact["name"]: fact["title"] for fact in self.payload["basis"]["facts"]}
        pivotal = [titles.get(n, n) for n in decision["pivotal"]]
        rest = [titles.get(n, n) for n in decision["immaterial"]]
        assumed = [f"{titles.get(n, n)}: {_said(v)}" for n, v in decision["assumed"].items()]
        if pivotal:
            yield paragraph(f"Not known, and may change the answer: {'; '.join(pivotal)}.")
        else:
            yield paragraph("Nothing that is not known would change the answer.")
        if rest:
            yield paragraph(f"Not known, and would not change the answer: {'; '.join(rest)}.")
        if assumed:
            yield paragraph(f"Assumed, since nobody said: {'; '.join(assumed)}.")
        for warning in decision["warnings"] if not self.others else []:
            yield paragraph(f"Note: {warning}")


def _alike(fact: Json) -> tuple[str, str, str, bool]:
    """What the facts that share a row have in common: the group that they are about, and what they rest on."""
    record = fact["name"].partition("].")[0] if "]." in fact["name"] and not fact["items"] else ""
    return record, fact["rests_on"], fact["confidence"], fact["decides"]


def _counted(item: Json) -> str:
    """What the `n` of a piece of evidence counts: pages, topics and questions are no people."""
    things = ("item", "items") if item["source"] in OF_ITEMS else ("person", "people")
    return things[item["n"] != 1]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace("_", " ")
