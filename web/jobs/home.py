"""The communities of a folder in a line each, and two people's answers to one case side by side."""

from __future__ import annotations

import re
from typing import Any

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.questions.questionnaire import Field, questionnaire
from sharedvalue.engine.questions.what_if import what_if
from sharedvalue.web.jobs import case

Json = dict[str, Any]


def row(text: str, file: str, house: tuple[str, ...], stamp: str) -> Json:
    """A community in a line: its name, its answer, how firm that is, and its sweet spot; or what is wrong with its file."""
    book = case.book(house, stamp)
    found: Json = {"title": file, "story": "", "look": None, "spot": "", "firm": "", "problem": ""}
    try:
        scenario = case.scenario(book, text, file)
        found |= {"title": scenario.title or file, "story": scenario.story}
        advice = case.outline(book, text, file)
    except UserError as error:
        return found | {"problem": error.problems[0].what}
    d = advice.decision
    spot = case.spot(d)
    open_outcomes = len({p.outcome for p in d.possible})
    firm = "provisional" if advice.provisional else "firm"
    return found | {
        "look": case.look(advice),
        "spot": spot["small"] if spot else "",
        "firm": f"{open_outcomes} answers possible" if open_outcomes > 1 else firm,
    }


def signs(house: tuple[str, ...], stamp: str) -> dict[str, dict[str, str]]:
    """Every outcome with its colour and sign."""
    return case.signs(case.book(house, stamp))


def titles(files: list[tuple[str, str, str]], house: tuple[str, ...], stamp: str) -> list[Json]:
    """Each scenario with its title and story only."""
    book, found = case.book(house, stamp), []
    for slug, file, text in files:
        line: Json = {"slug": slug, "file": file, "title": file, "story": "", "problem": ""}
        try:
            scenario = case.scenario(book, text, file)
            line |= {"title": scenario.title or file, "story": scenario.story}
        except UserError as error:
            line["problem"] = error.problems[0].what
        found.append(line)
    return found


def compared(
    one: str, one_file: str, other: str, other_file: str, house: tuple[str, ...], stamp: str
) -> Json:
    """Two files of one case: both answers, and what each says otherwise, with whether it alone would turn the first answer."""
    book = case.book(house, stamp)
    sides = [(one, one_file), (other, other_file)]
    decisions = [case.decision(book, text, file) for text, file in sides]
    said = [
        _said(book, case.scenario(book, text, file), d)
        for (text, file), d in zip(sides, decisions, strict=True)
    ]
    differing, same = [], 0
    for address in dict.fromkeys((*said[0], *said[1])):
        fields = [side.get(address) for side in said]
        words = [field.counts_in_words if field is not None else "" for field in fields]
        if words[0] == words[1]:
            same += bool(words[0])
            continue
        title = next(f.title for f in fields if f is not None)
        differing.append(
            {
                "title": _titled(title, address),
                "said": words,
                "matters": [
                    _turns(decisions[0], address, fields[1]),
                    _turns(decisions[1], address, fields[0]),
                ],
            }
        )
    differing.sort(key=lambda row: not any(m is True for m in row["matters"]))
    return {
        "sides": [
            {
                "title": d.worlds.scenario.title or file,
                "look": case.look(case.outline(book, text, file)),
                "spot": case.spot(d),
            }
            for (text, file), d in zip(sides, decisions, strict=True)
        ],
        "differing": differing,
        "same": same,
        "agree": decisions[0].outcome == decisions[1].outcome,
    }


def _said(book: RuleBook, scenario: Any, decision: Decision) -> dict[str, Field]:
    """Every value that a case may state, by its address."""
    found: dict[str, Field] = {}
    for group in questionnaire(book, scenario, decision):
        fields = [*group.asked, *group.further]
        fields += [f for item in group.lists for r in item.records for f in r.fields]
        found |= {scenario.address(f.name): f for f in fields if f.kind not in ("text", "date")}
    return found


def _titled(title: str, address: str) -> str:
    within = address.partition("[")[2].partition("]")[0]
    return f"{title[:1].upper()}{title[1:]}{f' ({within})' if within else ''}"


def _turns(decision: Decision, address: str, field: Field | None) -> bool | None:
    """Whether the other's value alone would change the answer; None where it cannot be tried."""
    value = (
        "unknown"
        if field is None or not field.known
        else re.sub(r"(?<=\d)-", "..", field.counts).replace(" or ", "|")
    )
    try:
        found = what_if(decision, {address: value})
    except UserError:
        return None
    return not found.same_answer
