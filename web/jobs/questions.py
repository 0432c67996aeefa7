"""The questions about a case, with what is said so far, what is assumed, and which of them can still turn the answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sharedvalue.engine.advice import Advice
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario
from sharedvalue.engine.questions.questionnaire import TURNS, Field, Group, List, questionnaire
from sharedvalue.engine.telling.phrases import lower
from sharedvalue.web.jobs import case

Json = dict[str, Any]
NONE_TOLD_APART = "None can be told apart"


def asked(text: str, file: str, house: tuple[str, ...], stamp: str) -> Json:
    """All questions in their groups, each in a line, with what is said of it; what is assumed; and how things stand."""
    book = case.book(house, stamp)
    scenario = case.scenario(book, text, file)
    advice = case.outline(book, text, file)
    groups = questionnaire(book, scenario, advice.decision)
    return _standing(book, scenario, advice, groups) | {
        "story": scenario.story,
        "groups": [
            {
                "name": group.name,
                "title": group.title,
                "asked": [_line(f) for f in group.asked],
                "lists": [_list_line(item) for item in group.lists],
                "further": [_line(f) for f in group.further],
            }
            for group in groups
        ],
        "assumed": [_assumed(f) for g in groups for f in (*g.asked, *g.further) if f.assumed and not f.known],
    }


def one(text: str, file: str, name: str, house: tuple[str, ...], stamp: str) -> Json | None:
    """One question, or one list of records, with its way back and on, and how things stand; None where it is not asked."""
    book = case.book(house, stamp)
    scenario = case.scenario(book, text, file)
    advice = case.outline(book, text, file)
    groups = questionnaire(book, scenario, advice.decision)
    fields = {f.name: f for g in groups for f in (*g.asked, *g.further)}
    lists = {item.name: item for g in groups for item in g.lists}
    if name not in fields and name not in lists:
        return None
    field, listed = fields.get(name), lists.get(name)
    order = [n for g in groups for n in (*(f.name for f in g.asked), *(i.name for i in g.lists))]
    return _standing(book, scenario, advice, groups) | {
        "name": name,
        "field": None if field is None else asdict(field) | {"said_in_words": field.said_in_words},
        "list": None if listed is None else asdict(listed),
        "group": next(
            g.title
            for g in groups
            if name in [x.name for x in (*g.asked, *g.further)] + [i.name for i in g.lists]
        ),
        "question": (field.question or _upper(field.title)) if field is not None else lists[name].question,
        "here": order.index(name) + 1 if name in order else 0,
        "all": len(order),
    }


def following(text: str, file: str, after: str, house: tuple[str, ...], stamp: str) -> str:
    """The question that comes after one, of those that can still turn the answer; empty where none does.

    Once round: what was skipped is not asked again until one begins anew, with an empty `after`.
    """
    book = case.book(house, stamp)
    scenario = case.scenario(book, text, file)
    groups = questionnaire(book, scenario, case.outline(book, text, file).decision)
    here = _place(book, after) if after in book.facts else -1
    later = [place for place in _turning(book, groups) if place[0] > here]
    return later[0][1] if later else ""


def _standing(book: RuleBook, scenario: Scenario, advice: Advice, groups: tuple[Group, ...]) -> Json:
    """What stands beside every question: the answer so far, and what is left that matters."""
    d = advice.decision
    fields = [f for g in groups for f in g.asked]
    lists = [item for g in groups for item in g.lists]
    turning = _turning(book, groups)
    return {
        "title": scenario.title or scenario.file,
        "answered": sum(f.known for f in fields) + sum(item.given for item in lists),
        "of": len(fields) + len(lists),
        "turning": len(turning),
        "look": case.look(advice),
        "spot": case.spot(d),
        "possible": [lower(book.outcomes.outcomes[p.outcome].title) for p in d.possible],
        "certain": d.certain,
        "next": [{"name": name, "question": question} for _, name, question in turning[:3]],
        "warnings": list(d.worlds.warnings),
    }


def _turning(book: RuleBook, groups: tuple[Group, ...]) -> list[tuple[int, str, str]]:
    """The open questions that could still turn the answer, in the order of the interview."""
    found = [
        (_place(book, f.name), f.name, f.question) for g in groups for f in g.asked if f.matters == TURNS
    ]
    found += [
        (_place(book, i.name), i.name, i.question) for g in groups for i in g.lists if i.matters == TURNS
    ]
    return sorted(found)


def _line(field: Field) -> Json:
    """A question in one line of the overview."""
    return {
        "name": field.name,
        "title": _upper(field.title),
        "said": field.counts_in_words,
        "own": field.said_in_words if field.evidence is not None else "",
        "decides": field.evidence.decides if field.evidence is not None else "",
        "confidence": field.said.confidence,
        "assumed": field.assumed,
        "matters": field.matters,
    }


def _list_line(item: List) -> Json:
    names = ", ".join(record.key for record in item.records)
    return {
        "name": item.name,
        "title": _upper(item.title),
        "said": names or (NONE_TOLD_APART if item.given else ""),
        "decides": "",
        "confidence": "",
        "assumed": "",
        "matters": item.matters,
    }


def _assumed(field: Field) -> Json:
    return {
        "name": field.name,
        "title": _upper(field.title),
        "assumed": field.assumed,
        "question": field.question or _upper(field.title),
        "how": field.how,
        "options": [{"value": o.value, "words": o.words} for o in field.options],
        "kind": field.kind,
    }


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _place(book: RuleBook, name: str) -> int:
    """The order in which the interview (`ask`) would ask."""
    ask = book.facts[name].ask
    return ask.place if ask else 1000
