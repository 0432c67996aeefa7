"""What if: the facts to move, before and after, the map of two facts, and saved variations side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.errors import mistake
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import with_values
from sharedvalue.engine.language.scenario_edit import written
from sharedvalue.engine.language.scenario_writer import quoted
from sharedvalue.engine.language.source import parse, plain
from sharedvalue.engine.language.types import NumberType, say
from sharedvalue.engine.questions.landscape_axes import Axis
from sharedvalue.engine.questions.questionnaire import TURNS, Field, questionnaire
from sharedvalue.engine.questions.sensitivity import Sensitivity, sensitivity
from sharedvalue.engine.questions.what_if import Finding, WhatIf
from sharedvalue.engine.questions.what_if import what_if as ask_what_if
from sharedvalue.engine.telling import comparing
from sharedvalue.engine.telling.phrases import lower
from sharedvalue.web.jobs import case

Json = dict[str, Any]
MOST_SET = 60
COARSE = 10  # steps of a fact to one of its coarse map
COUNTS = 4  # a slider of a count ends at so many times its value


def controls(text: str, file: str, house: tuple[str, ...], stamp: str) -> Json:
    """What can be moved: every fact with a value or none, those that could turn the answer first."""
    book = case.book(house, stamp)
    scenario, advice = case.scenario(book, text, file), case.outline(book, text, file)
    d = advice.decision
    near = {m.name for m in (*advice.avoid, *advice.undo)}
    groups = []
    for group in questionnaire(book, scenario, d):
        fields = [
            _control(f, scenario.address(f.name), near) for f in (*group.asked, *group.further) if _moves(f)
        ]
        for item in group.lists:
            fields += [
                _control(f, scenario.address(f.name), near, r.key)
                for r in item.records
                for f in r.fields
                if _moves(f)
            ]
        if fields:
            groups.append({"name": group.name, "title": group.title, "fields": fields})
    return {
        "title": scenario.title or file,
        "look": case.look(advice),
        "spot": case.spot(d),
        "groups": groups,
    }


def _moves(field: Field) -> bool:
    return field.kind in ("yes_no", "choice", "number")


def _control(field: Field, address: str, near: set[str], within: str = "") -> Json:
    low, high = field.low, field.high
    said = field.counts
    slides = field.kind == "number" and field.unit in ("percent", "count", "months")
    if slides and field.unit != "percent":
        known = int(float(said)) if said.replace(".", "", 1).isdigit() else 10
        high = str(min(int(float(high)), max(20, COUNTS * known)))
    title = f"{field.title[:1].upper()}{field.title[1:]}{f' ({within})' if within else ''}"
    return {
        "address": address,
        "title": title,
        "kind": field.kind,
        "options": [{"value": o.value, "words": o.words} for o in field.options],
        "said": said,
        "said_words": next((o.words for o in field.options if o.value == said), said.replace("_", " ")),
        "assumed": field.assumed,
        "low": low,
        "high": high,
        "slides": slides,
        "at": said if said.replace(".", "", 1).replace("-", "", 1).isdigit() else "",
        "matters": field.matters == TURNS or field.name in near,
    }


def tips(text: str, file: str, house: tuple[str, ...], stamp: str) -> dict[str, Json]:
    """For each number that alone could turn the answer: where it does, in words and as places on its slider, by address."""
    book = case.book(house, stamp)
    d = case.decision(book, text, file)
    if d.by_open_facts or not d.certain:
        return {}
    fields = {f["address"]: f for g in controls(text, file, house, stamp)["groups"] for f in g["fields"]}
    found = {}
    for one in sensitivity(d).facts:
        address = d.worlds.scenario.address(one.name)
        if isinstance(one.type, NumberType) and one.matters and fields.get(address, {}).get("slides"):
            found[address] = _tip(book, one, fields[address])
    return found


def _tip(book: RuleBook, one: Sensitivity, field: Json) -> Json:
    kind = one.type
    assert isinstance(kind, NumberType)
    low, high = float(field["low"]), float(field["high"])
    ends = []
    for border, words in ((one.below, "to {}: {}"), (one.above, "from {}: {}")):
        if border is not None:
            at = border.value / kind.scale
            outcome = border.outcomes[0]
            title = " or ".join(lower(book.outcomes.outcomes[o].title) for o in border.outcomes)
            ends.append(
                {
                    "at": round(100 * min(1.0, max(0.0, (at - low) / (high - low))), 1),
                    "below": border is one.below,
                    "colour": book.outcomes.look(outcome).colour,
                    "words": words.format(say(border.value, kind), title),
                }
            )
    return {"ends": ends}


def compared(text: str, file: str, settings: Mapping[str, str], house: tuple[str, ...], stamp: str) -> Json:
    """Before and after, as `what-if` says it."""
    book = case.book(house, stamp)
    before = case.decision(book, text, file)
    found = ask_what_if(before, understood(settings))
    return _told(found) | {
        "settings": dict(settings),
        "command": [f"{name}={value}" for name, value in understood(settings).items()],
        "look": case.look(case.first_line(found.after)),
        "spot": case.spot(found.after),
    }


def understood(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings as `what-if --set` takes them; an empty one says that the value is not known."""
    if len(settings) > MOST_SET:
        raise mistake(
            "SV205", "what if", f"more than {MOST_SET} facts are set", "Change the scenario itself."
        )
    return {name: " ".join(value.split()) or "unknown" for name, value in settings.items()}


def _told(found: WhatIf) -> Json:
    return {
        "same": found.same_answer,
        "same_possible": found.same_possible,
        "set": [comparing.said(c) for c in found.set],
        "followed": [comparing.said(c) for c in found.followed],
        "rows": [
            {"what": what, "before": before, "after": after}
            for what, before, after in comparing.beside(found.before, found.after)
        ],
        "gained": _findings(found.rules_gained),
        "lost": _findings(found.rules_lost),
        "outcome": found.after.outcome,
    }


def _findings(findings: Sequence[Finding]) -> list[Json]:
    return [{"rule": f.rule, "line": f.line, "deciding": f.deciding} for f in findings]


# --- the map ----------------------------------------------------------------------------------------------------
def axes(text: str, file: str, house: tuple[str, ...], stamp: str) -> list[Json]:
    """The facts that can be an axis of the map."""
    from sharedvalue.engine.language.dependencies import deciding_inputs
    from sharedvalue.engine.questions.naming import Naming

    d = case.decision(case.book(house, stamp), text, file)
    naming, read = Naming(d.worlds), deciding_inputs(d.worlds.grounded)
    names = [
        n
        for n in dict.fromkeys((*d.worlds.beliefs, *d.worlds.domains))
        if n in read and n in d.worlds.domains and fact_of(n) in d.worlds.book.facts
    ]
    return [
        {
            "address": d.worlds.scenario.address(n),
            "title": _upper(naming.title(n)),
            "number": isinstance(d.worlds.grounded.variables[n].type, NumberType),
        }
        for n in names
    ]


def mapped(
    text: str, file: str, x: str, y: str, settings: Mapping[str, str], house: tuple[str, ...], stamp: str,
    budget: float, coarse: bool = False,
) -> Json:  # fmt: skip
    """The map of two facts, as `map` says it, with where its points lie in the picture.

    `coarse` looks at every tenth step only, and says no borders: they would be those of the steps.
    """
    from sharedvalue.engine.graph.map_style import css
    from sharedvalue.engine.graph.map_svg import PLOT_HIGH, PLOT_WIDE, picture, plot_of
    from sharedvalue.engine.questions.landscape import landscape
    from sharedvalue.engine.questions.landscape_axes import read_axes
    from sharedvalue.engine.questions.landscape_words import as_map
    from sharedvalue.engine.worlds import form

    book = case.book(house, stamp)
    scenario = (
        with_values(case.scenario(book, text, file), book, understood(settings))
        if settings
        else case.scenario(book, text, file)
    )
    worlds = form(book, scenario)
    across, up = read_axes(worlds, x, y)
    if coarse:
        across, up = (_coarse(axis) for axis in (across, up))
    found = landscape(worlds, across, up, budget)
    drawn = as_map(found)
    if coarse:
        drawn = replace(drawn, borders=(), notes=())
    plot = plot_of(drawn, True)

    def axis(one: Axis) -> Json:
        places = range(one.domain.size)
        return {
            "address": one.address,
            "title": one.title,
            "count": one.domain.size,
            "values": [
                _typed(one.shown(p)) for p in (places if one.domain.size <= 400 else (0, one.domain.size - 1))
            ],
        }

    here = drawn.here
    return {
        "picture": picture(drawn, True).replace(f"<style>{css()}</style>", "", 1),
        "plot": [plot.left, plot.top, PLOT_WIDE, PLOT_HIGH],
        "x": axis(across),
        "y": axis(up),
        "here": list(here) if here is not None else None,
        "here_said": drawn.here_said,
        "regions": [
            {"letter": r.letter, "said": r.said, "where": r.where, "share": r.share} for r in drawn.regions
        ],
        "borders": [{"between": b.between, "where": b.where, "label": b.label} for b in drawn.borders],
        "notes": list(drawn.notes),
        "complete": found.complete,
    }


def _coarse(axis: Axis) -> Axis:
    points = axis.domain.points
    if not isinstance(points, range) or len(points) <= COARSE:
        return axis
    return replace(axis, domain=Domain.span(points[0], points[-1], points.step * COARSE))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _typed(value: object) -> str:
    return "yes" if value is True else "no" if value is False else str(value)


# --- saved variations -------------------------------------------------------------------------------------------
def side_by_side(variations: str, path: str, house: tuple[str, ...], stamp: str) -> Json:
    """Saved variations, as `what-if` says a file of them."""
    from sharedvalue.engine.questions.variations import deciding_rule
    from sharedvalue.engine.questions.variations import side_by_side as compare
    from sharedvalue.engine.questions.variations_file import read_variations

    book = case.book(house, stamp)
    found = compare(book, read_variations(parse(variations, path), book, path))

    def column(d: Decision) -> list[str]:
        return [comparing.outcome(d), comparing.modes(d), d.status, d.risk, deciding_rule(d)]

    kept = sum(varied.found.same_answer for varied in found.varied)
    return {
        "summary": comparing.summary(kept, len(found.varied)),
        "rows": ["Outcome", "How", "Status", "Risk", "Deciding rule"],
        "baseline": column(found.baseline),
        "varied": [
            {"name": v.name, "why": v.why, "column": column(v.found.after), **_told(v.found)}
            for v in found.varied
        ],
    }


def saved(
    variations: str, baseline: str, title: str, name: str, why: str, settings: Mapping[str, str], text: str,
    file: str, house: tuple[str, ...], stamp: str,
) -> str:  # fmt: skip
    """The file of variations with one more in it."""
    name, why = " ".join(name.split()), " ".join(why.split())
    if not name or not settings:
        raise mistake("SV205", "what if", "there is nothing to save", "Move something, and give it a name.")
    book = case.book(house, stamp)
    with_values(case.scenario(book, text, file), book, understood(settings))
    tree = _tree(variations)
    listed = tree["variations"] if tree else []
    if name.casefold() in (v["name"].casefold() for v in listed):
        raise mistake("SV206", name, "there is a variation of this name already", "Give it another one.")
    listed = [*listed, {"name": name, **({"why": why} if why else {}), "set": understood(settings)}]
    return _written(str(tree.get("title", title)) if tree else title, baseline, listed)


def forgotten(variations: str, name: str, house: tuple[str, ...], stamp: str) -> str:
    """The file of variations without one of them; empty where it was the last."""
    del house, stamp
    tree = _tree(variations)
    listed = [v for v in tree.get("variations", []) if v["name"] != name]
    return _written(str(tree["title"]), str(tree["baseline"]), listed) if listed else ""


def _tree(variations: str) -> Json:
    """What the page wrote itself. A file that a person wrote is left as it is."""
    if not variations:
        return {}
    tree: Any = plain(parse(variations, "variations"))
    if (
        not isinstance(tree, dict)
        or _written(str(tree.get("title", "")), str(tree.get("baseline", "")), tree.get("variations", []))
        != variations
    ):
        raise mistake(
            "SV242",
            "variations",
            "this file was written by hand, and the page leaves it as it is",
            "Add to it in an editor.",
        )
    return tree


def _written(title: str, baseline: str, listed: list[Json]) -> str:
    lines = ["what_if: 1", f"title: {quoted(title)}", f"baseline: {quoted(baseline)}", "variations:"]
    for one in listed:
        lines.append(f"- name: {quoted(one['name'])}")
        if one.get("why"):
            lines.append(f"  why: {quoted(one['why'])}")
        lines.append(f"  set: {written({str(k): str(v) for k, v in one['set'].items()})}")
    return "\n".join(lines) + "\n"


__all__ = ["axes", "compared", "controls", "forgotten", "mapped", "saved", "side_by_side"]
