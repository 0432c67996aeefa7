"""The answer about a case, for the decision room: what `decide --full` says, its picture, and what stands behind it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import sharedvalue.engine.graph as graph_home
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.telling.answer import answer_page, upper
from sharedvalue.engine.telling.because import Reasons
from sharedvalue.engine.telling.brief import brief
from sharedvalue.engine.telling.page import ASKED, FOOTNOTE, sentence
from sharedvalue.engine.telling.phrases import Phrases, course_title, lower
from sharedvalue.web.jobs import case

Json = dict[str, Any]
PICTURES = Path(graph_home.__file__).parent


def answer(text: str, file: str, house: tuple[str, ...], stamp: str, weigh: bool = False) -> Json:
    """Everything that `decide --full` says; or, without weighing, all but which questions matter most."""
    book = case.book(house, stamp)
    advice = case.advice(book, text, file, weigh)
    scenario, d = advice.decision.worlds.scenario, advice.decision
    head, *sections = case.page_of(answer_page(advice, full=True))
    foot = sections.pop() if sections and not sections[-1]["heading"] else {"entries": []}
    return {
        "title": scenario.title or file,
        "story": scenario.story,
        "source": scenario.source,
        "look": case.look(advice),
        "brief": asdict(brief(advice)),
        "signs": case.signs(book),
        "spot": case.spot(d),
        "head": head["entries"][1:],
        "sections": [s for s in sections if weigh or s["kind"] != ASKED],
        "weighed": weigh or not advice.decision.pivotal,
        "foot": [entry for entry in foot["entries"] if entry["kind"] != FOOTNOTE],
        "outcome": d.outcome,
        "proposed": Phrases(advice).answer(d.outcome, d.modes),
        "costs": [
            {"course": course_title(book.outcomes, outcome, [mode] if mode else []), "told": str(one)}
            for name, one in scenario.costs.items()
            for outcome, _, mode in [name.partition(".")]
        ],
        "possible": [
            {
                "outcome": p.outcome,
                "said": upper(
                    Phrases(advice).answer_after(p.outcome, sorted({m for ms in p.modes for m in ms})[:1])
                ),
            }
            for p in d.possible
        ]
        if d.by_open_facts
        else [],
        "quote": next(
            ({"text": words, "credit": credit} for words, credit in Reasons(Phrases(advice), False).quoted()),
            None,
        ),
        "others": [
            {"name": name, "title": o.title}
            for name, o in book.outcomes.outcomes.items()
            if name != d.outcome
        ],
        "book": {"version": book.version, "date": str(book.date), "hash": book.hash},
        "credit": book.article.attribution,
    }


def picture(text: str, file: str, house: tuple[str, ...], stamp: str) -> Json:
    """The explanation graph as parts of a page."""
    from sharedvalue.engine.graph import explanation
    from sharedvalue.engine.graph.html import fragments

    return fragments(explanation(case.decision(case.book(house, stamp), text, file)))


def picture_script(house: tuple[str, ...], stamp: str) -> str:
    """What makes a picture go nearer and tell its words, as in the file that `graph` writes."""
    del house, stamp
    return (PICTURES / "page.js").read_text("utf-8")


def picture_style(house: tuple[str, ...], stamp: str) -> str:
    """The style of the pictures, light and dark."""
    from sharedvalue.engine.graph import map_style, style, sweet_spot_svg

    del house, stamp
    drawn = (style, map_style, sweet_spot_svg)
    light, dark = ("\n".join(made) for made in ((d.css() for d in drawn), (d.dark_css() for d in drawn)))
    light = f"{(PICTURES / 'picture.css').read_text('utf-8')}{light}"
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def chain(text: str, file: str, house: tuple[str, ...], stamp: str, target: str = "") -> Json:
    """What `why` says."""
    from sharedvalue.engine.questions.why import Step, why
    from sharedvalue.engine.telling.because import which_decides
    from sharedvalue.engine.telling.checks import number_texts
    from sharedvalue.engine.telling.lacking import courses_that_failed

    advice = case.outline(case.book(house, stamp), text, file)
    d = advice.decision
    found = why(d, target or None)
    outcomes = d.worlds.book.outcomes

    def step(one: Step) -> Json:
        quoted = next((c for c in one.claims if c.quote), None)
        return {
            "rule": one.rule.rule,
            "again": one.again,
            "text": one.line if one.again else sentence(one.because),
            "numbers": [] if one.again else number_texts(one.numbers, one.nots),
            "quote": quoted.quote if quoted and not one.again else "",
            "claim": quoted.id if quoted else "",
            "below": [] if one.again else [step(below) for below in one.below],
        }

    return {
        "headline": Phrases(advice).headline(),
        "target": found.target,
        "holds": found.holds,
        "open_rule": which_decides(Phrases(advice)) if found.holds is None else "",
        "steps": [step(one) for one in found.steps],
        "forks": [
            {
                "title": outcomes.outcomes[f.outcome].title,
                "modes": [outcomes.modes[m].title for m in f.modes],
                "example": "; ".join(f"{title}: {value}" for title, value in f.example),
                "steps": [step(one) for one in f.steps],
            }
            for f in found.forks
        ],
        "courses": [
            {"rule": rule, "title": title, "lacks": list(lacks)}
            for rule, title, lacks in (courses_that_failed(d) if found.target == "the decision" else ())
        ],
        "earlier": [
            {"rule": e.rule, "title": outcomes.outcomes[e.outcome].title, "otherwise": e.otherwise}
            for e in found.earlier
        ],
        "basis": [
            {
                "title": b.title,
                "value": b.value,
                "origin": b.origin,
                "confidence": b.confidence,
                "widened": b.widened,
                "rules": list(b.rules),
                "evidence": list(b.items),
                "beside": b.beside,
            }
            for b in found.basis
        ],
        "credit": d.worlds.book.article.credit or d.worlds.book.article.attribution,
    }


def against(text: str, file: str, house: tuple[str, ...], stamp: str, target: str) -> Json:
    """What `why-not` says of another outcome."""
    from sharedvalue.engine.questions.why_not import Attempt, why_not
    from sharedvalue.engine.telling.checks import check_text, mark
    from sharedvalue.engine.telling.failures import STATES, part, ruled_out

    book = case.book(house, stamp)
    advice = case.outline(book, text, file)
    found, say = why_not(advice.decision, target), Phrases(advice)

    def check(one: Any) -> Json:
        return {
            "mark": mark(one),
            "kind": one.kind,
            "text": check_text(one) if one.kind not in ("all", "any") else "",
            "parts": [check(p) for p in one.parts] if one.kind in ("all", "any") else [],
        }

    def attempt(one: Attempt) -> Json:
        defeats = one.unless.tests if one.unless is not None and one.unless.passed is not False else ()
        return {
            "rule": one.rule.rule,
            "place": one.place,
            "title": f"{one.title}{part(one)}",
            "state": STATES[one.state],
            "late": one.late and one.state == "held",
            "waits": one.waits and one.state == "held",
            "check": check(one.check),
            "unless": [{"title": t.title, "mark": mark(t)} for t in defeats],
            "below": [
                {
                    "title": b.title,
                    "state": {True: "holds", False: "does not hold", None: "is open"}[b.holds],
                    "again": b.again,
                    "attempts": [attempt(a) for a in b.attempts],
                }
                for b in one.below
            ],
        }

    return {
        "look": case.look(advice),
        "title": found.title,
        "target": found.target,
        "is_so": found.is_so,
        "possible": found.possible,
        "ruled_out": ruled_out(advice.decision, found),
        "example": "; ".join(f"{title}: {value}" for title, value in found.example),
        "in_the_way": [sentence(text) for text in Reasons(say, True).against(found.target)][:2]
        if found.target in book.outcomes.outcomes
        else [],
        "changes": [f"{say.change(m)}{say.how_far(m)}" for m in found.changes[:3]],
        "attempts": [attempt(one) for one in found.attempts],
    }


def flips(text: str, file: str, house: tuple[str, ...], stamp: str) -> Json:
    """What `flip` says, by who can make the changes."""
    from sharedvalue.engine.questions.flip import flip
    from sharedvalue.engine.telling import flips as say

    found = flip(case.decision(case.book(house, stamp), text, file))
    outcomes = found.decision.worlds.book.outcomes.outcomes
    return {
        "now": outcomes[found.decision.outcome].title,
        "standing": say.standing_on(found),
        "sections": [
            {
                "heading": group.heading,
                "groups": [
                    {
                        "who": owners,
                        "flips": [{"head": f.head, "changes": [*f.changes], "then": [*f.then]} for f in some],
                    }
                    for owners, some in group.owners
                ],
            }
            for group in say.groups(found)
        ],
        "beside": [{"heading": b.heading, "title": b.title, "text": b.text} for b in say.beside(found)],
        "effort": say.EFFORT if found.flips or found.openings else "",
    }


def borders(text: str, file: str, house: tuple[str, ...], stamp: str) -> Json:
    """What `sensitivity` says, with a bar for each number."""
    from sharedvalue.engine.questions.sensitivity import sensitivity
    from sharedvalue.engine.telling import borders as say

    found = sensitivity(case.decision(case.book(house, stamp), text, file))
    d = found.decision
    groups = []
    for heading, items in (("FACTS", found.facts), ("THRESHOLDS (* house default)", found.thresholds)):
        rows = []
        for one in items:
            if one.is_number and one.matters:
                name, now, stays, beyond = say.row(found, one)
                if (threshold := d.worlds.book.thresholds.get(one.name)) is not None:
                    name = f"{threshold.title}{'*' if threshold.is_house else ''}"
                start, end, at = (min(1.0, max(0.0, p)) for p in say.places(one))
                rows.append(
                    {
                        "name": name,
                        "now": now,
                        "stays": stays,
                        "beyond": beyond,
                        "start": start,
                        "end": end,
                        "at": at,
                    }
                )
        groups.append(
            {
                "heading": heading,
                "rows": rows,
                "choices": [say.choice(found, one) for one in items if not one.is_number and one.matters],
                "free": [
                    (
                        lower(d.worlds.book.thresholds[one.name].title)
                        if one.name in d.worlds.book.thresholds
                        else say.title(found, one).rstrip("*")
                    )
                    for one in items
                    if not one.matters
                ],
            }
        )
    return {
        "outcome": d.worlds.book.outcomes.outcomes[d.outcome].title,
        "provisional": found.provisional,
        "certain": d.certain,
        "standing": say.standing(found),
        "groups": groups,
        "undecided": [
            d.worlds.book.thresholds[n].title if n in d.worlds.book.thresholds else Naming(d.worlds).title(n)
            for n in found.undecided
        ],
    }


def sets(text: str, file: str, house: tuple[str, ...], stamp: str, budget: float) -> Json:
    """What `reasons` says."""
    from sharedvalue.engine.questions.reasons import reasons
    from sharedvalue.engine.telling import sets as say

    found = reasons(case.decision(case.book(house, stamp), text, file), budget=budget)
    d = found.decision
    rest = [[n for n in reason if n not in found.necessary] for reason in found.reasons]
    return {
        "outcome": d.worlds.book.outcomes.outcomes[d.outcome].title,
        "opening": say.opening(found) if d.certain else say.UNDECIDED,
        "lists": say.lists(found),
        "necessary": [say.said(found, n) for n in found.necessary],
        "sets": []
        if len(rest) == 1 and not rest[0]
        else [[say.said(found, n) for n in names] for names in rest],
        "irrelevant": [say.said(found, n) for n in found.irrelevant],
    }
