"""What `import FILE --inspect` says for other programs; `share` is a fraction of those who answered the column."""

from __future__ import annotations

from sharedvalue.engine.evidence.export import Column, Export

SCHEMA = "sharedvalue/inspect/1"


def inspect_json(export: Export) -> dict[str, object]:
    """The object sharedvalue/inspect/1. Identity columns show no values, text columns no words."""
    return {
        "schema": SCHEMA,
        "file": str(export.file),
        "sha256": export.sha256,
        "format": export.format,
        "why": list(export.why),
        "encoding": export.encoding,
        "delimiter": export.delimiter,
        "header_lines": export.header_lines,
        "records": export.records,
        "dropped": [{"reason": d.reason, "count": d.count} for d in export.dropped],
        "period": {"first": export.period[0] or None, "last": export.period[1] or None},
        "notes": list(export.notes),
        "columns": [_column_json(column) for column in export.columns],
    }


def _column_json(column: Column) -> dict[str, object]:
    return {
        "index": column.index,
        "name": column.name,
        "kind": column.kind,
        "question": column.question,
        "part": column.part,
        "answered": column.answered,
        "others": column.others,
        "separator": column.separator,
        "numbers": _numbers_json(column),
        "answers": [
            {"label": answer.label, "n": answer.n, "share": share(answer.n, column.answered)}
            for answer in column.answers
        ],
    }


def _numbers_json(column: Column) -> dict[str, float] | None:
    found = column.numbers
    if found is None:
        return None
    return {
        "n": found.n, "mean": round(found.mean, 4), "low": found.low, "quarter": found.quarter, "half": found.half,
        "three_quarters": found.three_quarters, "high": found.high,
    }  # fmt: skip


def share(n: int, answered: int) -> float:
    """A part of those who answered, as a fraction of four digits."""
    return round(n / answered, 4) if answered else 0.0
