"""What an import found and would write, as the JSON that others read: sharedvalue/import/1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sharedvalue.cli.call import Call

if TYPE_CHECKING:
    from sharedvalue.engine.decision import Decision
    from sharedvalue.engine.evidence.imports import Import
    from sharedvalue.engine.evidence.proportions import Difference
    from sharedvalue.engine.evidence.resonance import Item
    from sharedvalue.engine.evidence.two_readings import Trend

SCHEMA = "sharedvalue/import/1"


def import_json(
    found: Import, scenario: str, decisions: tuple[Decision, Decision], call: Call, written: bool, undo: str
) -> dict[str, object]:
    from sharedvalue.engine.evidence.proposals import proposals
    from sharedvalue.engine.evidence.small_cells import limit_of

    plan = found.plan
    return {
        "schema": SCHEMA,
        "scenario": plan.scenario.title,
        "file": scenario,
        "rulebook": call.book.identity(),
        "written": written,
        "undo": undo,
        "before": _decision_json(decisions[0]),
        "after": _decision_json(decisions[1]),
        "changes": [
            {"address": w.address, "kind": w.kind, "before": w.before, "after": w.after, "counted": w.counted, "column": w.column, "file": w.file}
            for w in plan.written
        ],
        "files": [*_files_json(found, limit_of(call.book))],
        "trend": _trend_json(plan.trend) if plan.trend is not None else None,
        "resonance": [
            {
                "file": r.export.file.name, "items": r.total, "by_age": r.by_age, "by_reach": r.by_reach,
                "matched": r.matched.percent if r.matched is not None else None,
                "top": [_item_json(item) for item in r.items],
            }
            for r in found.resonances
        ],
        "proposed_needs": [
            {"file": r.export.file.name, "words": p.words, "items": list(p.items), "times": p.times}
            for r in found.resonances
            for p in proposals(r.items)
        ],
        "groupings": [{"file": str(g.path), "texts": g.new} for g in found.groupings],
        "notes": list(plan.notes),
    }  # fmt: skip


def _item_json(item: Item) -> dict[str, object]:
    return {
        "label": item.label, "times": item.times, "age_months": item.age_months, "full": item.full, "rate": item.rate,
        "need": item.need,
    }  # fmt: skip


def _decision_json(decision: Decision) -> dict[str, object]:
    return {"outcome": decision.outcome, "modes": list(decision.modes), "certain": decision.certain}


def _files_json(found: Import, limit: int) -> Iterator[dict[str, object]]:
    from sharedvalue.engine.evidence.small_cells import large_enough

    for s in found.surveys:
        yield {
            "file": s.export.file.name, "sha256": s.export.sha256, "kind": "survey", "counted": s.answers,
            "dropped": [{"reason": d.reason, "count": d.count} for d in s.dropped],
            "first_date": s.first.isoformat(), "last_date": s.last.isoformat(),
            "population": s.mapping.population or None,
            "core_and_active": s.participation.percent if s.participation is not None and s.participation.count >= limit else None,
            "levels": large_enough(s.levels, limit),
        }  # fmt: skip
    for kind, export, counted, last in (
        *(("register", r.export, r.all.count, r.as_of) for r in found.registers),
        *(("resonance", r.export, r.total, r.last) for r in found.resonances),
        *(
            ("attendance", m.export, m.people, m.date)
            for m in (found.attendance.meetings if found.attendance else ())
        ),
    ):
        yield {
            "file": export.file.name, "sha256": export.sha256, "kind": kind, "counted": counted,
            "dropped": [{"reason": d.reason, "count": d.count} for d in export.dropped],
            "first_date": None, "last_date": last.isoformat() if last else None, "population": None,
            "core_and_active": None, "levels": {},
        }  # fmt: skip


def _trend_json(trend: Trend) -> dict[str, object]:
    def share(name: str, change: Difference) -> dict[str, object]:
        return {
            "name": name, "before": [change.before.count, change.before.n], "after": [change.after.count, change.after.n],
            "change": change.points, "low": round(change.low, 1), "high": round(change.high, 1), "verdict": change.verdict,
            "intervals_overlap": change.overlap,
        }  # fmt: skip

    return {
        "months": trend.months,
        "level": trend.level,
        "facts": [share(fact, change) for fact, change in trend.shares.items()],
        "needs": [
            {**share(n.need, n.change), "within_purpose": n.within_purpose, "state": n.state}
            for n in trend.needs
        ],
        "outside_before": trend.shift_before.percent if trend.shift_before else None,
        "outside_after": trend.shift_after.percent if trend.shift_after else None,
        "durable": trend.durable,
        "why": trend.why,
    }
