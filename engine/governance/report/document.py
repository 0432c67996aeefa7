"""A record becomes a document for a board: what is decided, why, why not otherwise, who loses what, and how firm it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.governance.case import Case, case_title
from engine.governance.ledger import Ledger, Record
from engine.governance.replay import Replay, book_of, case_of, compared
from engine.governance.report.blocks import Block, Document, bullets, heading, paragraph, table
from engine.governance.report.closing import agreement, origin
from engine.governance.report.people import Groups, groups_of
from engine.telling.flips import SECTIONS, change_words, owner_words
from engine.telling.flips import cost as cost_words

Json = dict[str, Any]
RESTS = {
    "evidence": "evidence",
    "estimate": "an estimate, with nothing behind it",
    "stated confidence": "an estimate, as sure as stated",
    "range": "a range",
    "assumption": "assumed",
    "nothing": "not known",
}
MOST_FLIPS = 8


@dataclass(frozen=True)
class Told:
    """A record with the case as it was decided again, to write reports from."""

    record: Record
    payload: Json
    case: Case
    replay: Replay
    others: bool
    document: Document


def tell(ledger: Ledger, record: Record, others: bool = False) -> Told:
    """The report of a record; `others` leaves out personal data and numbers about a few people.

    Raises:
        UserError: SV507 where the rule book of the record is gone.
    """
    case = case_of(record.payload, book_of(ledger, record))
    replayed = compared(record, case)
    document = _Writer(record, case, replayed, others).document()
    return Told(record, record.payload, case, replayed, others, document)


class _Writer:
    def __init__(self, record: Record, case: Case, replayed: Replay, others: bool) -> None:
        self.record, self.payload, self.case, self.replayed, self.others = (
            record, record.payload, case, replayed, others,
        )  # fmt: skip
        self.book, self.decision = case.decision.worlds.book, record.payload["decision"]
        self.groups: Groups = groups_of(case)
        self.hide = others and self.groups.small

    def document(self) -> Document:
        level = self.book.outcomes.statuses[self.decision["status"]]
        return Document(
            self.payload["scenario"]["title"],
            self.headline(),
            level.words,
            self.record.id,
            self.payload["recorded_at"][:10],
            tuple(self.blocks()),
        )

    def headline(self) -> str:
        if self.hide:
            return case_title(self.book, self.decision)
        return " ".join(self.payload["told"][0]["entries"][0]["text"].split())

    def blocks(self) -> Iterator[Block]:
        if not self.replayed.same:
            yield Block(
                "note",
                "This release of sharedvalue decides the recorded case otherwise than it was recorded. The words below are "
                "the recorded ones; the picture and the tables of groups and flips are of this release.",
            )
        if self.others:
            yield Block(
                "note", "A copy for others: personal words are left out, and numbers about a few people."
            )
        if self.payload["waits_for"]:
            yield Block("note", "This is not settled: it waits for an answer. " + self.waiting())
        yield from self.told(0, "What is decided")
        yield from self.why()
        yield from self.quotes()
        yield from self.affected()
        yield from self.alternatives()
        yield from self.firmness()
        yield from self.evidence()
        yield from self.not_known()
        yield from self.to_do()
        yield from agreement(self.payload, self.others)
        yield from origin(self.record, self.replayed.same)

    def waiting(self) -> str:
        return " ".join(f"{one['line']} (rule {one['rule']})." for one in self.payload["waits_for"])

    # --- what decide says ------------------------------------------------------------------------------------------
    def told(self, position: int, title: str) -> Iterator[Block]:
        yield heading(title)
        section = self.payload["told"][position]
        yield bullets(*self.entries(section)[1:] or self.entries(section))

    def entries(self, section: Json) -> list[str]:
        """The entries of a section in words; where numbers may not be told, only the titles of their rules."""
        found = []
        for entry in section["entries"]:
            text = " ".join(entry["text"].split())
            if "Next: sharedvalue" in text:
                text = "* a default of this rule book, not a number of the article"
            elif self.hide:
                rule = self.book.rules.get(entry["rule"].split()[0]) if entry["rule"] else None
                if rule is None:
                    continue
                text = rule.title
            found.append(f"{text} [{entry['rule']}]" if entry["rule"] else text)
        return found

    def section(self, *names: str) -> Json | None:
        return next((s for s in self.payload["told"] if s["heading"] in names), None)

    def why(self) -> Iterator[Block]:
        yield heading("Why")
        for name in ("WHY", "KNOWN", "WHAT COULD FOLLOW"):
            section = self.section(name)
            if section is None:
                continue
            lines = [e for e in self.entries(section) if not e.startswith('"')]
            if name == "WHAT COULD FOLLOW":
                yield paragraph("What could follow, depending on what is not known yet:")
            if lines:
                yield bullets(*lines)
        yield paragraph("Letters and numbers in brackets name the rules. * marks a default of the rule book.")
        if self.hide:
            yield paragraph(
                "The picture of the reasons is left out here, since it shows numbers about a few people."
            )
            return
        from engine.graph import explanation
        from engine.graph.svg import picture, summary

        graph = explanation(self.case.decision)
        yield Block("picture", summary(graph), svg=picture(graph))

    def quotes(self) -> Iterator[Block]:
        cited = dict.fromkeys(c for reason in self.decision["reasons"] for c in reason["cites"])
        found = [self.book.claims[name] for name in cited if name in self.book.claims]
        if not found:
            return
        yield heading("What the article says")
        for claim in found:
            yield Block(
                "quote", claim.quote, by=f"{self.book.article.credit or self.book.article.title} ({claim.id})"
            )
        yield paragraph(self.book.article.attribution)

    # --- people ----------------------------------------------------------------------------------------------------
    def affected(self) -> Iterator[Block]:
        yield heading("Who would be affected, and what they lose")
        groups = self.groups
        if groups.rows:
            head = ("Group", "People", "What it means for them")
            yield table("Groups of members", head, groups.told(self.hide))
        elif groups.takes_places:
            yield paragraph("Groups of members are not told apart in this case.")
        else:
            yield from self.others_affected()
        risks = [f"{risk['text']} [{risk['id']}]" for risk in self.decision["risks"]]
        if risks:
            yield paragraph("Risks to know:")
            yield bullets(*risks)

    def others_affected(self) -> Iterator[Block]:
        """Who is affected by an answer that keeps no groups apart."""
        outcomes = self.book.outcomes.outcomes
        if outcomes[self.decision["outcome"]].hard:
            yield paragraph(
                f"Everybody in the community. {self.case.decision.wording.say(outcomes[self.decision['outcome']].means)}"
            )
            return
        yield paragraph("This answer by itself takes no place from any group of members.")
        if any(outcomes[one["outcome"]].keeps for one in self.decision["possible"]):
            yield paragraph("One of the answers that are still possible would: see what could follow, above.")

    # --- alternatives ------------------------------------------------------------------------------------------------
    def alternatives(self) -> Iterator[Block]:
        yield heading("What else was considered, and why not")
        rows = []
        for other in self.payload["alternatives"]:
            if self.hide:
                why = "; ".join(dict.fromkeys(a["title"] for a in other["attempts"]))
            else:
                lines = dict.fromkeys(f"{a['why']} [{a['rule']}]" for a in other["attempts"])
                why = "; ".join(line for line in lines if line.strip())
            state = "possible, depending on what is not known" if other["possible"] else "ruled out"
            rows.append((other["title"], state, why))
        yield table("The other outcomes", ("Outcome", "State", "What spoke against it"), rows)

    def firmness(self) -> Iterator[Block]:
        yield heading("How firm this is")
        section = self.section("HOW FIRM")
        if section is not None and not self.hide:
            yield bullets(*self.entries(section)[:2])
        if not self.decision["complete"]:
            yield paragraph("Incomplete: the time for one of the checks ran out.")
        if self.hide:
            yield paragraph(
                "The nearest changes are left out here, since they show numbers about a few people."
            )
            return
        flips = self.case.flips
        rows = []
        for direction, _ in SECTIONS:
            for one in [f for f in flips.flips if f.direction == direction][:MOST_FLIPS]:
                changes = "; ".join(change_words(flips, change) for change in one.changes)
                owners = ", ".join(dict.fromkeys(owner_words(self.book, c.owner) for c in one.changes))
                kind = {
                    "improve": "would improve it",
                    "mixed": "some better, some worse",
                    "undo": "would undo it",
                }
                least = "" if one.minimal else " (not proven to be the least)"
                rows.append(
                    (
                        self.book.outcomes.outcomes[one.to].title,
                        changes,
                        owners,
                        kind[direction],
                        cost_words(one.cost) + least,
                    )
                )
        if rows:
            head = ("Then", "If this changed", "Who could", "Kind", "Effort")
            yield table("The nearest changes that lead to another answer", head, rows)
            yield paragraph(
                "Effort: 1 a point or a unit, 20 a choice (a house default). Only what improves is advised."
            )
        else:
            yield paragraph("No change that somebody could make leads to another answer.")

    # --- what is known -----------------------------------------------------------------------------------------------
    def evidence(self) -> Iterator[Block]:
        yield heading("What the facts rest on")
        rows = []
        for fact in self.payload["basis"]["facts"]:
            if fact["rests_on"] == "nothing" or (
                self.hide and fact["name"].split("[")[0] in self.groups.lists
            ):
                continue
            items = "; ".join(self.item(item) for item in fact["items"])
            rests = RESTS.get(fact["rests_on"], fact["rests_on"]) + (f": {items}" if items else "")
            rows.append(
                (
                    fact["title"],
                    fact["said"],
                    rests,
                    fact["confidence"] or "not rated",
                    "may" if fact["decides"] else "no",
                )
            )
        head = ("Fact", "Value", "Rests on", "How sure", "Turns the answer")
        yield table("Facts and their evidence", head, rows)
        files = self.payload["evidence"]["files"]
        if files and not self.others:
            kept = [(f["name"], f"{f['size']:,} bytes", f["hash"]) for f in files]
            yield table("Files behind them", ("File", "Size", "SHA-256"), kept)

    def item(self, item: Json) -> str:
        few = self.others and 0 < item["n"] < self.groups.smallest
        asked = (
            ""
            if not item["n"]
            else f"fewer than {self.groups.smallest} people"
            if few
            else f"{item['n']} people"
        )
        if item["population"] and not few:
            asked += f" of {item['population']}"
        reading = "" if item["reading"] is None or few else f"reading {item['reading']}"
        age = "" if item["age_months"] is None else f"{item['age_months']} months old"
        parts = [item["source"].replace("_", " "), item["date"], age, asked, reading]
        return ", ".join(part for part in parts if part)

    def not_known(self) -> Iterator[Block]:
        yield heading("What was not known")
        titles = {fact["name"]: fact["title"] for fact in self.payload["basis"]["facts"]}
        pivotal = [titles.get(n, n) for n in self.decision["pivotal"]]
        rest = [titles.get(n, n) for n in self.decision["immaterial"]]
        assumed = [f"{titles.get(n, n)}: {_said(v)}" for n, v in self.decision["assumed"].items()]
        yield paragraph("May change the answer: " + ("; ".join(pivotal) if pivotal else "nothing."))
        if rest:
            yield paragraph("Not known, and would not change the answer: " + "; ".join(rest) + ".")
        if assumed:
            yield paragraph("Assumed, since nobody said: " + "; ".join(assumed) + ".")
        for warning in self.decision["warnings"] if not self.others else []:
            yield paragraph(f"Note: {warning}")

    def to_do(self) -> Iterator[Block]:
        yield heading("What to do")
        yield bullets(*(f"{a['text']} [{a['id']}]" for a in self.decision["actions"]))
        if self.decision["tell_sponsor"]:
            yield paragraph("Tell the sponsor, before it hears it from others.")
        if self.decision["ask_next"]:
            yield paragraph("Ask next:")
            yield bullets(*(f"{a['question']} {a['how']}" for a in self.decision["ask_next"]))


def _said(value: object) -> str:
    return (
        {True: "yes", False: "no"}.get(value, str(value))
        if isinstance(value, bool)
        else str(value).replace("_", " ")
    )
