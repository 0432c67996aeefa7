"""What `decide` says, as the JSON that others read: sharedvalue/decision/1 (schema in docs/schemas)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sharedvalue.engine.advice.advise import Advice
from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language.types import show
from sharedvalue.engine.questions.moves import Move
from sharedvalue.engine.readings.trace import Firing

SCHEMA = "sharedvalue/decision/1"
Json = dict[str, object]


def values_json(decision: Decision, values: Mapping[str, int]) -> Json:
    """Values by their address, as a person writes them."""
    variables = decision.worlds.grounded.variables
    return {decision.worlds.scenario.address(n): show(v, variables[n].type) for n, v in values.items()}


def move_json(decision: Decision, move: Move) -> Json:
    kind = decision.worlds.grounded.variables[move.name].type
    return {
        "fact": decision.worlds.scenario.address(move.name),
        "from": show(move.start, kind),
        "to": show(move.to, kind),
        "outcomes": list(move.outcomes),
        "owner": move.owner,
        "improving": move.improving,
        "cost": move.cost,
        "points": None if move.distance is None else move.distance / 10,
    }


def conclusion_of(decision: Decision, firing: Firing) -> str:
    """What a firing concluded, in words that a person may search for; of a deciding rule, its outcome."""
    outcome = decision.wording.block(firing.rule).outcome
    return outcome or ", ".join(decision.worlds.scenario.address(name) for name in firing.rule.concludes)


def reason_json(decision: Decision, firing: Firing) -> Json:
    rule = decision.worlds.book.rules[firing.rule.rule]
    matched = {t.left for way in firing.matched for t in way} | {
        t.right for way in firing.matched for t in way if isinstance(t.right, str)
    }
    variables = decision.trace.grounded.variables
    facts = {
        n: decision.trace.values[n]
        for n in sorted(matched)
        if variables[n].origin in ("fact", "measure", "provided") and decision.is_certain(n)
    }
    return {
        "rule": rule.id,
        "part": firing.rule.part,
        "title": rule.title,
        "conclusion": conclusion_of(decision, firing),
        "because": decision.wording.because(firing),
        "kind": list(rule.kind_of(firing.rule.part)),
        "cites": list(rule.cites),
        "sources": list(rule.sources),
        "modality": decision.wording.block(firing.rule).modality,
        "facts": {decision.worlds.scenario.address(n): show(v, variables[n].type) for n, v in facts.items()},
    }


def _may_decide(d: Decision) -> list[Json]:
    """The rules of which one decides, whatever is open: several where it is open which."""
    return [{"rule": branch.rule, "part": branch.part} for branch in d.deciding.branches]


def decision_json(advice: Advice) -> Json:
    """One decision. A field never changes its meaning under this schema name."""
    d = advice.decision
    book, scenario = d.worlds.book, d.worlds.scenario
    routes = book.outcomes.risk_routes
    reasons = [_deciding_json(advice)] if d.by_open_facts else []
    return {
        "schema": SCHEMA,
        "scenario": scenario.title,
        "file": scenario.file,
        "rulebook": book.identity(),
        "outcome": d.outcome,
        "modes": list(d.modes),
        "certain": d.certain,
        "open_modes": list(d.open_modes),
        "status": d.status,
        "tell_sponsor": d.tell_sponsor,
        "risk": {"level": d.risk, "routes": [routes[name].words for name in d.routes]},
        "segments_kept": list(d.kept),
        "segments_open": list(d.kept_perhaps),
        "reasons": reasons + [reason_json(d, firing) for firing in d.path],
        "deciding": _may_decide(d) if d.certain else [],
        "possible": [
            {
                "outcome": p.outcome,
                "modes": [list(m) for m in p.modes],
                "rule": p.trace.chosen.rule if p.trace.chosen else None,
                "example": values_json(
                    d, {n: p.example[n] for n in d.worlds.open if n in d.pivotal or n in d.immaterial}
                ),
            }
            for p in d.possible
        ],
        "pivotal": [scenario.address(n) for n in d.pivotal],
        "immaterial": [scenario.address(n) for n in d.immaterial],
        "assumed": {n: show(v, d.worlds.beliefs[n].type) for n, v in d.worlds.assumed.items()},
        "confidence": {
            scenario.address(n): b.confidence for n, b in d.worlds.beliefs.items() if b.confidence
        },
        "words": {
            scenario.address(n): {
                "word": b.word,
                "from": show(b.margin.lo, b.type),
                "to": show(b.margin.hi, b.type),
            }
            for n, b in d.worlds.beliefs.items()
            if b.word and b.margin is not None
        },
        "provisional": advice.provisional,
        "nearest": None if advice.nearest is None else move_json(d, advice.nearest),
        "avoid": [move_json(d, m) for m in advice.avoid[:5]],
        "unsaid": [move_json(d, m) for m in advice.unsaid],
        "margin": {
            "tested": bool(advice.margin_outcomes),
            "holds": advice.margin_holds,
            "outcomes": list(advice.margin_outcomes),
        },
        "ask_next": [
            {
                "fact": scenario.address(a.name),
                "question": a.question,
                "how": a.how,
                "worth": float(a.worth),
                "effort": a.effort,
                "exact": a.exact,
            }
            for a in advice.ask_next
        ],
        "actions": [{"id": a.id, "text": a.text, "if_mode": a.mode or None} for a in advice.actions],
        "risks": [{"id": r.id, "text": r.text} for r in advice.risks],
        "warnings": list(d.worlds.warnings),
        "complete": d.complete,
    }


def _deciding_json(advice: Advice) -> Json:
    """The rule about the decision itself that decided."""
    d = advice.decision
    chosen = d.after.chosen
    assert chosen is not None
    firing = next(f for f in d.after.firings if chosen.candidate in f.rule.concludes)
    rule = d.worlds.book.rules[chosen.rule]
    extra = {n: str(d.after.values[n]) for n in d.worlds.book.provided if n in d.after.values}
    return {
        "rule": rule.id,
        "part": firing.rule.part,
        "title": rule.title,
        "conclusion": conclusion_of(d, firing),
        "because": replace(d.wording, extra=extra).because(firing),
        "kind": list(rule.kind),
        "cites": list(rule.cites),
        "sources": list(rule.sources),
        "modality": d.wording.block(firing.rule).modality,
        "facts": {},
    }
