"""Several named variations of one case: each against the baseline, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import Place, Problem, Problems, UserError
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import supposing
from sharedvalue.engine.questions.as_json import Json, answer_json, changed_json, finding_json, head_json
from sharedvalue.engine.questions.variations_file import Variation, Variations
from sharedvalue.engine.questions.what_if import WhatIf, compare
from sharedvalue.engine.worlds import form

SCHEMA = "sharedvalue/variations/1"


@dataclass(frozen=True)
class Varied:
    """One variation with what became of the case."""

    name: str
    why: str
    found: WhatIf


@dataclass(frozen=True)
class SideBySide:
    """The baseline and all variations, in the order of the file."""

    title: str
    file: str
    baseline: Decision
    varied: tuple[Varied, ...]


def side_by_side(book: RuleBook, variations: Variations) -> SideBySide:
    """Decides the baseline and every variation.

    Raises:
        UserError: SV207 and SV230 where a variation cannot be; the variation is named, and all such are told at once.
    """
    before = decide(form(book, variations.baseline))
    problems, found = Problems(), list[Varied]()
    for one in variations.variations:
        try:
            found.append(Varied(one.name, one.why, _against(before, one)))
        except UserError as error:
            for p in error.problems:
                place = Place(f"{variations.file}, variation '{one.name}'")
                problems.found.append(Problem(p.code, place, p.what, p.mend))
    problems.stop_if_any()
    return SideBySide(variations.title, variations.file, before, tuple(found))


def _against(before: Decision, one: Variation) -> WhatIf:
    return compare(before, decide(form(before.worlds.book, supposing(one.scenario, one.names))), one.names)


def deciding_rule(decision: Decision) -> str:
    """The rule that gave the answer; of an answer that open facts decide, the rule that says so."""
    chosen = decision.after.chosen or decision.trace.chosen
    return chosen.rule if chosen else ""


def variations_json(found: SideBySide) -> Json:
    head = head_json(SCHEMA, found.baseline)
    return {
        "schema": SCHEMA,
        "title": found.title,
        "file": found.file,
        "baseline": {
            "scenario": head["scenario"],
            "file": head["file"],
            **answer_json(found.baseline),
            "rule": deciding_rule(found.baseline),
        },
        "rulebook": head["rulebook"],
        "variations": [_varied_json(one) for one in found.varied],
    }


def _varied_json(varied: Varied) -> Json:
    one = varied.found
    return {
        "name": varied.name,
        "why": varied.why,
        "set": [changed_json(c) for c in one.set],
        "followed": [changed_json(c) for c in one.followed],
        **answer_json(one.after),
        "rule": deciding_rule(one.after),
        "same_answer": one.same_answer,
        "conclusions_gained": list(one.gained),
        "conclusions_lost": list(one.lost),
        "rules_gained": [finding_json(f) for f in one.rules_gained],
        "rules_lost": [finding_json(f) for f in one.rules_lost],
    }
