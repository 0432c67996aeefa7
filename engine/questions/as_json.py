"""The answers of why, why-not and what-if as JSON: sharedvalue/why/1, sharedvalue/why-not/1, sharedvalue/what-if/1."""

from __future__ import annotations

from collections.abc import Iterable

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language.types import show
from sharedvalue.engine.questions.checks import Check
from sharedvalue.engine.questions.moves import Move
from sharedvalue.engine.questions.what_if import Changed, Finding, WhatIf
from sharedvalue.engine.questions.why import Basis, Step, Why
from sharedvalue.engine.questions.why_not import Attempt, Explained, WhyNot

Json = dict[str, object]
WHY, WHY_NOT, WHAT_IF = "sharedvalue/why/1", "sharedvalue/why-not/1", "sharedvalue/what-if/1"


def head_json(schema: str, decision: Decision) -> Json:
    book, scenario = decision.worlds.book, decision.worlds.scenario
    return {
        "schema": schema,
        "scenario": scenario.title,
        "file": scenario.file,
        "rulebook": book.identity(),
        **answer_json(decision),
    }


def answer_json(decision: Decision) -> Json:
    return {
        "outcome": decision.outcome,
        "modes": list(decision.modes),
        "open_modes": list(decision.open_modes),
        "certain": decision.certain,
        "status": decision.status,
        "risk": decision.risk,
    }


def check_json(decision: Decision, check: Check) -> Json:
    """A condition: a group with its parts, or a test with its value, line and distance."""
    if check.kind in ("all", "any"):
        return {
            "kind": check.kind,
            "passed": check.passed,
            "parts": [check_json(decision, part) for part in check.parts],
        }
    threshold = (
        None
        if check.threshold is None
        else {
            "name": check.threshold.name,
            "value": show(check.threshold.value, check.threshold.type),
            "basis": check.threshold.basis,
        }
    )
    return {
        "kind": check.kind,
        "passed": check.passed,
        "name": decision.worlds.scenario.address(check.name),
        "title": check.title,
        "value": check.value,
        "op": check.op,
        "needed": check.wanted,
        "threshold": threshold,
        "distance": None if check.distance is None else float(check.distance),
    }


def example_json(example: Iterable[tuple[str, str]]) -> list[Json]:
    return [{"title": title, "value": value} for title, value in example]


# --- why --------------------------------------------------------------------------------------------------------------
def why_json(decision: Decision, found: Why) -> Json:
    return head_json(WHY, decision) | {
        "target": found.target,
        "holds": found.holds,
        "steps": [step_json(decision, step) for step in found.steps],
        "forks": [
            {
                "outcome": f.outcome,
                "modes": list(f.modes),
                "example": example_json(f.example),
                "steps": [step_json(decision, s) for s in f.steps],
            }
            for f in found.forks
        ],
        "earlier": [
            {
                "place": e.place,
                "rule": e.rule,
                "title": e.title,
                "outcome": e.outcome,
                "otherwise": e.otherwise,
            }
            for e in found.earlier
        ],
        "rests_on": [basis_json(basis) for basis in found.basis],
    }


def step_json(decision: Decision, step: Step) -> Json:
    return {
        "rule": step.rule.rule,
        "part": step.rule.part,
        "title": step.title,
        "conclusions": list(step.conclusions),
        "because": step.because,
        "line": step.line,
        "modality": step.modality,
        "kind": list(step.kind),
        "sources": list(step.sources),
        "claims": [{"id": claim.id, "quote": claim.quote} for claim in step.claims],
        "numbers": [check_json(decision, check) for check in step.numbers],
        "needed_not": [check.title for check in step.nots],
        "shown_above": step.again,
        "below": [step_json(decision, below) for below in step.below],
    }


def basis_json(basis: Basis) -> Json:
    return {
        "fact": basis.name,
        "title": basis.title,
        "value": basis.value,
        "origin": basis.origin,
        "confidence": basis.confidence,
        "widened": basis.widened,
        "rules": list(basis.rules),
        "evidence": list(basis.items),
        "beside": basis.beside,
    }


# --- why not ----------------------------------------------------------------------------------------------------------
def why_not_json(decision: Decision, found: WhyNot) -> Json:
    decided = (
        None
        if found.decided is None or decision.by_open_facts
        else {"rule": found.decided.rule, "part": found.decided.part, "place": found.decided.place}
    )
    return head_json(WHY_NOT, decision) | {
        "target": found.target,
        "kind": found.kind,
        "title": found.title,
        "is_so": found.is_so,
        "decided": decided,
        "possible": found.possible,
        "example": example_json(found.example),
        "attempts": [attempt_json(decision, attempt) for attempt in found.attempts],
        "changes": [change_json(decision, move) for move in found.changes],
    }


def attempt_json(decision: Decision, attempt: Attempt) -> Json:
    return {
        "rule": attempt.rule.rule,
        "part": attempt.rule.part,
        "title": attempt.title,
        "place": attempt.place or None,
        "outcome": attempt.outcome or None,
        "modes": list(attempt.modes),
        "state": attempt.state,
        "after_the_deciding_one": attempt.late,
        "otherwise": attempt.otherwise,
        "when": check_json(decision, attempt.check),
        "unless": None if attempt.unless is None else check_json(decision, attempt.unless),
        "below": [explained_json(decision, explained) for explained in attempt.below],
    }


def explained_json(decision: Decision, explained: Explained) -> Json:
    return {
        "conclusion": decision.worlds.scenario.address(explained.conclusion),
        "title": explained.title,
        "holds": explained.holds,
        "shown_above": explained.again,
        "attempts": [attempt_json(decision, attempt) for attempt in explained.attempts],
    }


def change_json(decision: Decision, move: Move) -> Json:
    kind = decision.worlds.grounded.variables[move.name].type
    return {
        "fact": decision.worlds.scenario.address(move.name),
        "from": show(move.start, kind),
        "to": show(move.to, kind),
        "owner": move.owner,
        "cost": move.cost,
        "points": None if move.distance is None else move.distance / 10,
    }


# --- what if ----------------------------------------------------------------------------------------------------------
def what_if_json(found: WhatIf) -> Json:
    head = head_json(WHAT_IF, found.before)
    return {key: head[key] for key in ("schema", "scenario", "file", "rulebook")} | {
        "set": [changed_json(c) for c in found.set],
        "followed": [changed_json(c) for c in found.followed],
        "before": answer_json(found.before),
        "after": answer_json(found.after),
        "same_answer": found.same_answer,
        "conclusions_gained": list(found.gained),
        "conclusions_lost": list(found.lost),
        "rules_gained": [finding_json(f) for f in found.rules_gained],
        "rules_lost": [finding_json(f) for f in found.rules_lost],
    }


def changed_json(changed: Changed) -> Json:
    return {
        "fact": changed.name,
        "title": changed.title,
        "before": changed.before,
        "after": changed.after,
        "widened": changed.widened,
    }


def finding_json(finding: Finding) -> Json:
    return {"rule": finding.rule, "part": finding.part, "line": finding.line, "deciding": finding.deciding}
