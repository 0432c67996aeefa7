"""The annexes of a report, to look things up: chain of rules, picture, quotes, thresholds, use and limits, how it was checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sharedvalue.engine.governance.case import Case
from sharedvalue.engine.governance.report.blocks import Block, bullets, page, paragraph
from sharedvalue.engine.governance.report.texts import heading, report_texts, said, told_in
from sharedvalue.engine.governance.report.tiles import tiles
from sharedvalue.engine.language.thresholds import Threshold
from sharedvalue.engine.questions.why_not import OPEN
from sharedvalue.engine.telling.because import quotable
from sharedvalue.engine.telling.phrases import lower

Json = dict[str, Any]
MOST_QUOTES = 8


def chain(payload: Json, case: Case, hide: bool) -> Iterator[Block]:
    """The rules that led to the proposal, with their names, and every course that was looked at."""
    yield heading("chain")
    if not hide:
        reasons = {
            one["rule"] for part in payload["told"] if part["heading"] == "WHY" for one in part["entries"]
        }
        held = [
            (f["rule"], f["line"], "yes" if f["deciding"] or f["rule"] in reasons else "")
            for f in payload["trace"]["world"]["firings"]
            if f["stands"] and f["line"]
        ]
        yield told_in("rules", held)
    tried = [(other, a) for other in payload["alternatives"] for a in other["attempts"]]
    rows = [
        (other["title"], _way(case, other["outcome"], a), a["rule"], _why_not(a, hide))
        for other, a in tried
        if not a["late"]
    ]
    yield told_in("courses", rows)
    if len(rows) < len(tried):
        yield paragraph(said("not_reached", count=str(len(tried) - len(rows))))


def _why_not(attempt: Json, hide: bool) -> str:
    """Why a course did not follow; of one that may, that it may."""
    if attempt["state"] == OPEN:
        return said("speaks_possible")
    return said("needs_left_out") if hide else str(attempt["why"])


def _way(case: Case, outcome: str, attempt: Json) -> str:
    """How a course would have been carried out, in the words of its modes; what the rule is called, where it names none."""
    modes = case.decision.worlds.book.outcomes.modes
    for one in case.ways(outcome):
        if (one.rule.rule, one.rule.part) == (attempt["rule"], attempt["part"]) and one.modes:
            return "; ".join(lower(modes[name].title) for name in one.modes)
    return str(attempt["title"])


def picture(case: Case, hide: bool) -> Iterator[Block]:
    """The reasons as a graph; on paper over as many pages as it needs to be read."""
    if hide:
        yield heading("picture")
        yield paragraph(said("picture_left_out"))
        return
    from sharedvalue.engine.graph import explanation
    from sharedvalue.engine.graph.svg import picture as drawn
    from sharedvalue.engine.graph.svg import summary

    graph = explanation(case.decision)
    graph.nodes["decision"]["reference"] = said(
        "graph_reference"
    )  # how it stands is told where people decided, not here
    svg = drawn(graph)
    found = tiles(svg)
    yield page(wide=found.wide)
    yield heading("picture")
    count = len(found.parts) - 1  # the last is the legend
    over = [said("picture_part", number=str(n), count=str(count)) for n in range(1, count + 1)]
    many = count > 1
    yield Block(
        "picture",
        summary(graph),
        items=(*over, "") if many else ("",) * len(found.parts),
        by=said("picture_parts", count=str(count)) if many else "",
        svg=svg,
        parts=found.parts,
        unit=found.unit,
        wide=found.wide,
    )
    yield page()


def quotes(payload: Json, case: Case) -> Iterator[Block]:
    """The words of the article on which the reasons stand."""
    book, decided = case.decision.worlds.book, case.decision
    cited = dict.fromkeys(
        [*quotable(decided), *(name for reason in payload["decision"]["reasons"] for name in reason["cites"])]
    )
    found = [book.claims[n] for n in cited if n in book.claims and decided.stands(n)]
    yield heading("quotes")
    if not found:
        yield paragraph(said("no_quote"))
    credit = book.article.credit or book.article.title
    for claim in found[:MOST_QUOTES]:
        yield Block("quote", claim.quote, by=f"{credit} ({claim.id}). In other words: {claim.says}")
    yield paragraph(book.article.attribution)


def thresholds(payload: Json, case: Case) -> Iterator[Block]:
    """The numbers in force: how many are house defaults, and those that this house changed first."""
    book = case.decision.worlds.book
    numbers = list(book.thresholds.values())
    house = sum(one.is_house for one in numbers)
    changed = {change["name"]: change for change in payload["rulebook"]["house_changes"]}
    yield heading("thresholds")
    own = [n for n in numbers if n.name in changed]
    told = said("house_defaults", house=str(house), all=str(len(numbers)))
    yield paragraph(f"{told} {said('changed_here', count=str(len(own))) if own else said('none_changed')}")
    if changed:
        rows = [(c["name"], c["what"], c["because"]) for c in changed.values()]
        yield told_in("changes", rows)
    ordered = sorted(numbers, key=lambda one: (one.name not in changed, not one.is_house))
    yield told_in("thresholds", [_threshold(one) for one in ordered])


def _threshold(one: Threshold) -> tuple[str, ...]:
    return (
        one.title,
        str(one),
        one.type.unit.replace("_", " "),
        "house default" if one.is_house else str(one.basis),
    )


def limits() -> Iterator[Block]:
    yield heading("limits")
    yield bullets(*report_texts().use)
    yield paragraph(said("limits"))
    yield bullets(*report_texts().limits)


def checked() -> Iterator[Block]:
    yield heading("checked")
    yield bullets(*report_texts().checked)
