"""A record becomes a document for a board: what is decided, why, why not otherwise, who loses what, and how firm it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sharedvalue.engine.governance.case import Case, case_title
from sharedvalue.engine.governance.ledger import Ledger, Record
from sharedvalue.engine.governance.replay import Replay, book_of, case_of, compared
from sharedvalue.engine.governance.report.blocks import Block, Document, bullets, heading, paragraph, table
from sharedvalue.engine.governance.report.closing import agreement, origin
from sharedvalue.engine.governance.report.facts import Facts
from sharedvalue.engine.governance.report.people import Groups, groups_of
from sharedvalue.engine.governance.standing import headline, standing, waiting
from sharedvalue.engine.telling.because import Reasons as Because
from sharedvalue.engine.telling.because import quotable
from sharedvalue.engine.telling.flips import SECTIONS, change_words, is_decision, owner_words
from sharedvalue.engine.telling.flips import cost as cost_words
from sharedvalue.engine.telling.page import sentence
from sharedvalue.engine.telling.phrases import Phrases

Json = dict[str, Any]
MOST_FLIPS, MOST_QUOTES = 8, 4
KINDS = {
    "improve": "improves it",
    "mixed": "better and worse",
    "undo": "not advised",
    "decision": "a decision",
}


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
        return Document(
            self.payload["scenario"]["title"],
            self.headline(),
            standing(self.payload).status.words,
            self.record.id,
            self.payload["recorded_at"][:10],
            tuple(self.blocks()),
        )

    def headline(self) -> str:
        if self.hide:
            return case_title(self.book, self.decision)
        return headline(self.payload)

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
        if waiting(self.payload):
            yield Block("note", "This is not settled: it waits for an answer. " + self.waiting())
        facts = Facts(self.payload, self.groups, self.others, self.hide)
        yield from self.told(0, "In short")
        yield from self.why()
        yield from self.quotes()
        yield from self.affected()
        yield from self.alternatives()
        yield from self.firmness()
        yield from facts.summary()
        yield from facts.not_known()
        yield from self.to_do()
        yield from agreement(self.payload, self.others)
        yield from origin(self.record, self.replayed.same)
        yield from self.annex(facts)

    def annex(self, facts: Facts) -> Iterator[Block]:
        """What is looked up rather than read."""
        yield from self.picture()
        yield heading("Annex: all facts, and what they rest on")
        yield from facts.every()
        yield heading("Annex: every course that was looked at")
        yield from self.courses()

    def waiting(self) -> str:
        return " ".join(f"{one['line']} (rule {one['rule']})." for one in waiting(self.payload))

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
        yield paragraph(
            'Letters and numbers in brackets name the rules. * marks a default of the rule book. "You" is the leader of the '
            "community, who stated the facts."
        )

    def picture(self) -> Iterator[Block]:
        yield heading("Annex: the reasons as a picture")
        if self.hide:
            yield paragraph("The picture is left out here, since it shows numbers about a few people.")
            return
        from sharedvalue.engine.graph import explanation
        from sharedvalue.engine.graph.svg import picture, summary

        graph = explanation(self.case.decision)
        yield Block("picture", summary(graph), svg=picture(graph))

    def quotes(self) -> Iterator[Block]:
        decided = self.case.decision
        reasons = (name for reason in self.decision["reasons"] for name in reason["cites"])
        cited = dict.fromkeys([*quotable(decided), *reasons])
        found = [self.book.claims[n] for n in cited if n in self.book.claims and decided.stands(n)]
        if not found:
            return
        yield heading("What the article says")
        credit = self.book.article.credit or self.book.article.title
        for claim in found[:MOST_QUOTES]:
            yield Block("quote", claim.quote, by=f"{credit} ({claim.id}). In other words: {claim.says}")
        yield paragraph(self.book.article.attribution)

    # --- people ----------------------------------------------------------------------------------------------------
    def affected(self) -> Iterator[Block]:
        yield heading("Who would be affected, and what they lose")
        groups = self.groups
        if groups.rows:
            head = ("Group", "People", "What it means for them")
            yield table("Groups of members", head, groups.told(self.hide))
            first = self.book.outcomes.outcomes[self.decision["outcome"]].say_first
            lines = [e["text"] for e in self.payload["told"][0]["entries"] if e["rule"] in first]
            if lines and not self.hide:
                yield paragraph(" ".join(lines))
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
        because = Because(Phrases(self.case.advice), False)
        open_to = {one["outcome"]: one for one in self.decision["possible"]}
        rows = []
        for other in self.payload["alternatives"]:
            if other["outcome"] in open_to:
                rows.append(
                    (
                        other["title"],
                        "possible",
                        "Depends on what is not known: see what could follow, above.",
                    )
                )
                continue
            titles = list(dict.fromkeys(a["title"] for a in other["attempts"] if a["why"].strip()))
            if self.hide:
                said = "; ".join(titles)
            else:
                lines = because.against(other["outcome"]) or self.in_short(other["attempts"])
                said = sentence("; ".join(lines))
            rows.append((other["title"], "ruled out", said))
        yield table("The other outcomes", ("Outcome", "State", "What spoke against it"), rows)

    @staticmethod
    def in_short(attempts: list[Json]) -> list[str]:
        """What the rules say that could have led there, first those that were not merely too late."""
        told = [(a["why"][:1].lower() + a["why"][1:], a["late"]) for a in attempts if a["why"].strip()]
        early = [why for why, late in told if not late]
        return list(dict.fromkeys(early or [why for why, _ in told]))

    def courses(self) -> Iterator[Block]:
        rows = [
            (other["title"], a["title"], a["rule"], "" if self.hide else a["why"])
            for other in self.payload["alternatives"]
            for a in other["attempts"]
        ]
        yield table("Courses, in their order", ("Outcome", "Course", "Rule", "Why not"), rows)

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
                kind = "decision" if is_decision(flips, one) else direction
                owners = ", ".join(dict.fromkeys(owner_words(self.book, c.owner) for c in one.changes))
                least = "" if one.minimal else " (not proven to be the least)"
                rows.append(
                    (
                        self.book.outcomes.outcomes[one.to].title,
                        changes,
                        "whoever is asked" if kind == "decision" else owners,
                        KINDS[kind],
                        cost_words(one.cost) + least,
                    )
                )
        if rows:
            head = ("Then", "If this changed", "Who could", "Kind", "Effort")
            yield table("The nearest changes that lead to another answer", head, rows)
            yield paragraph(
                "Effort: 1 a point or a unit, 20 a choice (a house default). Only what improves is advised. A decision is what "
                "somebody answers when asked: nobody can work it out for them."
            )
        elif self.decision["pivotal"]:
            yield paragraph(
                "Some facts are not known. Until they are, no change makes sure of another answer; one may still follow "
                "once they are known."
            )
        else:
            yield paragraph("No change that somebody could make leads to another answer.")

    def to_do(self) -> Iterator[Block]:
        yield heading("What to do")
        yield bullets(*(f"{a['text']} [{a['id']}]" for a in self.decision["actions"]))
        if self.decision["tell_sponsor"]:
            yield paragraph("Tell the sponsor, before it hears it from others.")
        if self.decision["ask_next"]:
            yield paragraph("Ask next:")
            yield bullets(*(f"{a['question']} {a['how']}" for a in self.decision["ask_next"]))
