"""Practice as other programs and the page read it: the case before the answer, the reveal, and further questions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import type_of
from sharedvalue.engine.language.types import show
from sharedvalue.engine.practice.concordance import Item
from sharedvalue.engine.practice.documents import Document
from sharedvalue.engine.practice.intervals import MEANT, Border, Range
from sharedvalue.engine.practice.reveal import Reveal
from sharedvalue.engine.practice.session import Sitting
from sharedvalue.engine.practice.turning import turning

Json = dict[str, object]


def case_json(sitting: Sitting) -> Json:
    """A case as it lies on the table: nothing in it tells the answer."""
    case = sitting.case
    book = case.decision.worlds.book
    return {
        "schema": "sharedvalue/practice-case/1",
        "case": case.id,
        "title": case.scenario.title,
        "story": case.scenario.story,
        "source": case.scenario.source,
        "papers": [_paper(one) for one in (*case.step.earlier, *case.step.papers)] if case.step else [],
        "hidden": sitting.hidden,
        "effort": sitting.effort if sitting.hidden else 0,
        "facts": [
            {
                "fact": cue.name,
                "title": cue.title,
                "group": cue.group,
                "says": list(cue.lines) if cue in sitting.shown else None,
                "known": cue.known if cue in sitting.shown else None,
                "effort": cue.effort,
            }
            for cue in sitting.cues.values()
        ],
        "outcomes": [
            {"outcome": name, "title": entry.title, "means": entry.means}
            for name, entry in book.outcomes.outcomes.items()
        ],
    }


def _paper(paper: Document) -> Json:
    return {
        "kind": paper.kind,
        "heading": paper.heading,
        "text": "\n\n".join(paper.paragraphs),
        "of_100": dict(paper.bars),
        "note": paper.note,
    }


def reveal_json(found: Reveal) -> Json:
    """The answer, beside what the trainee said."""
    commitment, key, matching, nearest = found.commitment, found.key, found.matching, found.nearest
    variables, turn = (
        found.decision.worlds.grounded.variables,
        turning(found.sitting.case, found.sitting.twin_judged),
    )
    return {
        "schema": "sharedvalue/practice-reveal/1",
        "case": found.sitting.case.id,
        "answered": commitment.outcome,
        "confidence": commitment.confidence,
        "right": found.right,
        "brier": round(found.brier, 4),
        "outcome": found.decision.outcome,
        "modes": list(found.decision.modes),
        "headline": found.headline,
        "why": [{"line": line, "rule": rule} for line, rule in found.why],
        "why_not_yours": list(found.why_not),
        "quote": found.quote,
        "facts": [{"fact": verdict.cue, "stands": verdict.stands} for verdict in found.verdicts],
        "missed": list(found.missed),
        "second": found.sitting.second or None,
        "contrast": None
        if found.contrast is None
        else {
            "tempting": found.contrast.tempting,
            "facts": sorted(found.contrast.facts),
            "named": list(found.telling),
            "would_be_right_with": list(found.change_words(found.contrast.cheapest))
            if found.contrast.cheapest is not None
            else [],
        },
        "reasons": {
            "count": len(key.reasons),
            "complete": key.complete,
            "open_facts": key.pivotal,
            "best": list(matching.best),
            "named": matching.named,
            "right": matching.right,
            "hit": matching.hit,
        },
        "nearest": None
        if nearest is None
        else {
            "to": nearest.to,
            "direction": nearest.direction,
            "changes": [
                {
                    "fact": found.decision.worlds.scenario.address(c.name),
                    "from": show(c.start, variables[c.name].type),
                    "to": show(c.to, variables[c.name].type),
                }
                for c in nearest.changes
            ],
        },
        "popular": [{"rule": popular.title, "why_not": why} for popular, why in found.popular],
        "turns": None
        if turn is None
        else {"fact": turn.fact, "here": turn.here, "other": turn.other, "twin": turn.twin or None},
    }


def items_json(
    case: str, items: Sequence[Item], answers: Sequence[int] = (), earned: Sequence[Fraction | None] = ()
) -> Json:
    """Questions of concordance; with answers, what each earns against a panel (null without one) and what is proven."""
    book = items[0].case.decision.worlds.book
    scored = [credit for credit in earned if credit is not None]
    return {
        "schema": "sharedvalue/practice-concordance/1",
        "case": case,
        "items": [
            {
                "not_known": list(item.asked.opened),
                "learned": {"fact": item.asked.fact, "value": _value(item, book)},
                "outcome": item.asked.outcome,
                **(
                    {
                        "answered": answers[number],
                        "credit": None if (one := earned[number]) is None else round(float(one), 4),
                        "proof": item.truth,
                        "possible_before": list(item.possible),
                        "possible_after": list(item.after),
                    }
                    if answers
                    else {}
                ),
            }
            for number, item in enumerate(items)
        ],
        **(
            {"points": round(float(sum(scored)), 4) if scored else None, "scored": len(scored)}
            if answers
            else {}
        ),
    }


def _value(item: Item, book: RuleBook) -> object:
    kind = type_of(book, item.asked.fact)
    assert kind is not None
    return show(item.asked.value, kind)


def intervals_json(case: str, asked: Sequence[Border], said: Sequence[Range] = ()) -> Json:
    """Interval questions; with ranges, whether each holds the value."""
    return {
        "schema": "sharedvalue/practice-intervals/1",
        "case": case,
        "meant": MEANT / 100,
        "items": [
            {
                "fact": border.fact,
                "from": show(border.start, border.type),
                "towards": show(border.end, border.type),
                **(
                    {
                        "said": [show(end, border.type) for end in (said[number].lo, said[number].hi)],
                        "value": show(border.truth, border.type),
                        "held": said[number].holds(border),
                    }
                    if said
                    else {}
                ),
            }
            for number, border in enumerate(asked)
        ],
    }
