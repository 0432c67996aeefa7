"""What the facts of a record rest on, for a report: in one sentence, the evidence in a table, and every fact in the annex."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sharedvalue.engine.governance.report.blocks import Block, bullets, paragraph
from sharedvalue.engine.governance.report.people import Groups
from sharedvalue.engine.governance.report.texts import heading, report_texts, said, told_in
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.types import NumberType, RecordsType

Json = dict[str, Any]
UNITS = {"percent": " of 100", "months": " months"}  # what stands after a number
OF_ITEMS = ("page_visits", "views_comments", "questions")  # their n counts things, not people


@dataclass(frozen=True)
class Facts:
    """The facts of a record as they may be told. Facts of groups are left out with `hide`, small numbers with `others`.

    `turning` are the names of the facts that are part of a reason; None where that was not worked out to the end.
    """

    payload: Json
    book: RuleBook
    groups: Groups
    others: bool
    hide: bool
    turning: frozenset[str] | None = None

    @property
    def told(self) -> list[Json]:
        return [
            fact
            for fact in self.payload["basis"]["facts"]
            if not (self.hide and fact["name"].split("[")[0] in self.groups.lists)
        ]

    def turns(self, fact: Json) -> bool:
        """Whether a fact can turn the answer: it is part of a reason, or may be where that is not known."""
        return bool(fact["decides"]) if self.turning is None else fact["name"] in self.turning

    @property
    def estimates(self) -> str:
        """That no fact that can turn the answer rests on evidence, and how many nobody said; '' where one does."""
        rests = [fact["rests_on"] for fact in self.payload["basis"]["facts"] if self.turns(fact)]
        if "evidence" in rests:
            return ""
        assumed = rests.count("assumption")
        return said("estimates_assumed" if assumed else "estimates", assumed=str(assumed))

    def assumed(self, but: Container[str]) -> str:
        """The facts that can turn the outcome and that nobody said, with what was assumed; without those told apart."""
        facts = [
            f for f in self.told if f["rests_on"] == "assumption" and self.turns(f) and f["name"] not in but
        ]
        return "; ".join(f"{readable(f['title'])}: {self.in_words(f)}" for f in facts)

    def summary(self) -> Iterator[Block]:
        yield heading("facts")
        deciding = [fact for fact in self.told if self.turns(fact) and fact["rests_on"] != "nothing"]
        counts: dict[str, int] = {}
        for fact in deciding:
            counts[fact["rests_on"]] = counts.get(fact["rests_on"], 0) + 1
        kinds = [(kind, counts[kind]) for kind in report_texts().facts if kind in counts]
        told = [_counted_facts(kinds, len(deciding))] if kinds else []
        told += [said("facts_estimates")] if self.estimates else []
        rows = [row[:-1] for row in self.joined(deciding)]
        told += [said("facts_joined")] if len(rows) < len(deciding) else []
        yield paragraph(" ".join([*told, said("facts_annex")]))
        yield told_in("facts", rows)
        files = self.payload["evidence"]["files"]
        if files and not self.others:
            kept = [(f["name"], f"{f['size']:,} bytes", f["hash"]) for f in files]
            yield told_in("files", kept)

    def every(self) -> Iterator[Block]:
        """All facts: those that can turn the answer first, as the vocabulary orders them."""
        yield heading("all_facts")
        known = [fact for fact in self.told if fact["rests_on"] != "nothing"]
        rows = list(self.joined(sorted(known, key=lambda fact: not self.turns(fact))))
        yield told_in("all_facts", rows)
        yield paragraph(said("facts_note"))

    def joined(self, facts: list[Json]) -> Iterator[tuple[str, ...]]:
        """A row a fact; what is said of one group of members in the same way stands in one."""
        for (record, rests, sure, turns), same in groupby(facts, self.alike):
            mine = list(same)
            if not record:
                yield from (self.shown(self.row(fact)) for fact in mine)
                continue
            itself = f"[{record.partition('[')[2]}]"  # what a record is to itself says nothing
            told = [fact for fact in mine if not fact["name"].partition("].")[2].endswith(itself)]
            values = ", ".join(f"{self.field(fact['name'])} {self.in_words(fact)}" for fact in told)
            title, name = mine[0]["title"].split(",")[0], record.partition("[")[2]
            kind = _rests(rests)
            yield self.shown(
                (f"{title}: {name}", values, kind, self.date(mine[0]), sure, "yes" if turns else "no")
            )

    def field(self, name: str) -> str:
        """What a field of a record is called: 'segments[experts].stay' -> 'would stay'."""
        written = name.partition("].")[2]
        field, key, of = written.partition("[")
        kind = self.book.facts[name.partition("[")[0]].type
        specs = kind.fields if isinstance(kind, RecordsType) else ()
        title = next((one.title for one in specs if one.name == field), "")
        return readable(f"{title or field}{key}{of}")

    def alike(self, fact: Json) -> tuple[str, str, str, bool]:
        """What the facts that share a row have in common: the group that they are about, and what they rest on."""
        record = fact["name"].partition("].")[0] if "]." in fact["name"] and not fact["items"] else ""
        return record, fact["rests_on"], self.sure(fact), self.turns(fact)

    @staticmethod
    def shown(row: tuple[str, ...]) -> tuple[str, ...]:
        """A row as a table shows it: where what a fact rests on says already how sure it is, it is not said twice."""
        title, value, rests, day, sure, turns = row
        return (
            title,
            value,
            sure
            if sure in {one.sure for one in report_texts().facts.values()} and ":" not in rests
            else f"{rests}; {sure}",
            day,
            turns,
        )

    def row(self, fact: Json) -> tuple[str, ...]:
        """Title, value, what it rests on, the day it is of, how sure it is, and whether it turns the answer."""
        items = "; ".join(self.item(item) for item in fact["items"])
        rests = self.rests(fact, items)
        few = self.others and (
            fact["name"] in self.groups.few or any(self.few(item) for item in fact["items"])
        )
        value = (
            said("left_out_cell") if few else self.in_words(fact)
        )  # it is what these few said, or would tell it
        turns = "yes" if self.turns(fact) else "no"
        return readable(fact["title"]), value, rests, self.date(fact), self.sure(fact), turns

    def rests(self, fact: Json, items: str) -> str:
        """What a fact rests on, with what is told of a number of the leader's own beside the evidence, and of a reading that
        counts for less than it says."""
        pair, rests = fact.get("beside"), _rests(fact["rests_on"])
        if not pair or self.others:
            return f"{rests}: {items}" if items else rests
        told = said(
            f"beside_{pair['decides'] if pair['estimate'] else 'worth'}", items=items, **_places(pair)
        )
        return f"{rests}; {told}" if pair["decides"] == "estimate" else f"{rests}: {items}; {told}"

    def in_words(self, fact: Json) -> str:
        """A value with its unit, and with the word in which it was given; what was assumed for want of a number, in words."""
        if says := self.assumed_as(fact["name"]):
            return says
        value = str(fact["said"]) + UNITS.get(self.unit(fact["name"]), "")
        word = self.payload["decision"].get("words", {}).get(fact["name"], {}).get("word", "")
        return f"{word.replace('_', ' ')} ({value})" if word else value

    def assumed_as(self, name: str) -> str:
        """The words of an assumption that would say too much as a number: 'not young', not 24."""
        known = self.book.facts.get(name)
        if known is None or name not in self.payload["decision"]["assumed"]:
            return ""
        return next((one.says for one in known.assume if one.says), "")

    def unit(self, name: str) -> str:
        """The unit of a fact, or of a field of a record; none where it has no number."""
        known = self.book.facts.get(fact_of(name))
        if known is None:
            return ""
        kind: object = known.type
        if isinstance(kind, RecordsType):
            field = name.rpartition(".")[2]
            kind = next((spec.type for spec in kind.fields if spec.name == field), None)
        return kind.unit if isinstance(kind, NumberType) else ""

    def date(self, fact: Json) -> str:
        """The day from which a fact is: that of its newest evidence, else that of the case, if it has one."""
        if fact["rests_on"] == "assumption":
            return said("no_day")
        dates = [item["date"] for item in fact["items"] if item["date"]]
        return str(max(dates, default="") or self.payload["as_of"] or said("no_day"))

    @staticmethod
    def sure(fact: Json) -> str:
        confidence, rests = fact["confidence"], str(fact["rests_on"])
        known = report_texts().facts.get(rests)
        return f"{confidence} confidence" if confidence else known.sure if known else rests

    def few(self, item: Json) -> bool:
        return bool(0 < item["n"] < self.groups.smallest)

    def item(self, item: Json) -> str:
        few = self.others and self.few(item)
        asked = ""
        if item["n"]:
            asked = said("few_people", smallest=str(self.groups.smallest)) if few else _counted(item)
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

    def not_known(self, unsaid: tuple[str, ...] = ()) -> Iterator[Block]:
        """What is open, what was assumed (`unsaid`: what that could change), and what evidence has against it."""
        decision: Mapping[str, Any] = self.payload["decision"]
        titles = {fact["name"]: readable(fact["title"]) for fact in self.payload["basis"]["facts"]}
        pivotal = [titles.get(n, n) for n in decision["pivotal"]]
        rest = [titles.get(n, n) for n in decision["immaterial"]]
        assumed = [
            f"{titles.get(n, n)}: {self.assumed_as(n) or _said(v)}" for n, v in decision["assumed"].items()
        ]
        yield heading("doubts")
        if unsaid:
            yield paragraph(" ".join(unsaid))
        if pivotal or not (rest or unsaid or assumed):
            yield paragraph(said("not_known", facts="; ".join(pivotal)) if pivotal else said("nothing_open"))
        if rest:
            yield paragraph(said("not_pivotal", facts="; ".join(rest)))
        if assumed:
            yield paragraph(said("assumed", facts="; ".join(assumed)))
        doubts = [*self.doubts(), *(decision["warnings"] if not self.others else [])]
        if doubts:
            yield paragraph(said("doubts"))
            yield bullets(*dict.fromkeys(doubts))
        else:
            hidden = self.others and bool(self.against() or decision["warnings"])
            yield paragraph(said("doubts_left_out" if hidden else "no_doubts"))

    def against(self) -> list[Json]:
        """What the rules about evidence have against single facts, told or not."""
        return [one for fact in self.payload["basis"]["facts"] for one in fact["weighed"]]

    def doubts(self) -> Iterator[str]:
        """What the rules about evidence found: of single facts, and of the case as a whole."""
        for fact in self.told:
            yield from (f"{fact['title']}: {one['sentence']}" for one in fact["weighed"] if not self.others)
        yield from (one["sentence"] for one in self.payload["basis"]["whole"])


def _places(pair: Json) -> dict[str, str]:
    return {key: str(pair[key]) for key in ("estimate", "reading", "counts_for", "against")}


def readable(name: str) -> str:
    """A name of the vocabulary as a person writes it: 'value_outlook', 'serves[the unit]' -> 'value outlook', 'serves the unit'."""
    return re.sub(r"\[([^\]]*)\]", r" \1", name).replace("_", " ")


def _counted(item: Json) -> str:
    """What the `n` of a piece of evidence counts: pages, topics and questions are no people."""
    things = ("of_item", "of_items") if item["source"] in OF_ITEMS else ("of_person", "of_people")
    return said(things[item["n"] != 1], count=str(item["n"]))


def _counted_facts(kinds: list[tuple[str, int]], count: int) -> str:
    """How many facts rest on what, in one sentence."""
    texts = report_texts().facts
    if len(kinds) > 1:
        return said("facts_counted", all=str(count), parts=", ".join(texts[k].counted(n) for k, n in kinds))
    only = texts[kinds[0][0]]
    if count == 1:
        return said("fact_alone", what=only.one)
    return said("facts_alike", all=str(count), what=only.several)


def _rests(kind: str) -> str:
    """What a fact rests on, as it is called."""
    known = report_texts().facts.get(kind)
    return known.rests if known else kind


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace("_", " ")
