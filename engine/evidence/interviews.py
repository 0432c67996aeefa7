"""Interviews that a person coded: one row a passage becomes one row an interview, and is then counted as any survey is.

A share of interviews counts distinct interviews, never passages: somebody who says a thing three times says it once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.evidence.export import Answer, Column, Export
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.mapping import Group, Mapping, Use
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import type_of
from sharedvalue.engine.language.types import ChoiceType

HEADINGS = ("interview_id", "date", "segment", "level", "code", "kind", "quote")
STORY, NO_STORY = "a value story", "none"
NAMED, NOT_NAMED = "named", "not named"
MOST_CODES = 300
# Stands for the mapping of a coded table until its codes are known.
INTERVIEW_MAPPING = Mapping("built in for interview-table", "", "interview", (), format="interview-table")
QUESTION = "code"


@dataclass
class _Interview:
    """What one interview says: the first of each that its passages name."""

    day: str = ""
    segment: str = ""
    level: str = ""
    needs: set[str] = field(default_factory=set)
    story: bool = False


def interviews(export: Export, book: RuleBook) -> tuple[Export, Mapping]:
    """One row an interview, with the mapping that says what its columns are.

    Raises:
        UserError: SV415 for more codes than a person gives.
    """
    at = {heading: export.columns.index(c) for heading in HEADINGS if (c := export.column(heading))}
    kind = type_of(book, "segments[0].level")
    levels = kind.options if isinstance(kind, ChoiceType) else ()
    found: dict[str, _Interview] = {}
    codes: dict[str, str] = {}
    for row in export.rows():
        cell = {heading: row[position] for heading, position in at.items()}
        each = found.setdefault(folded(cell["interview_id"]), _Interview())
        each.day = max(each.day, cell.get("date", ""))
        each.segment = each.segment or cell.get("segment", "")
        level = folded(cell.get("level", ""))
        each.level = each.level or (level if level in levels else "")
        if folded(cell["kind"]) == "need" and cell["code"]:
            key = folded(cell["code"])
            codes.setdefault(key, cell["code"])
            each.needs.add(key)
        each.story |= folded(cell["kind"]) == "value_story"
    if len(codes) > MOST_CODES:
        raise mistake(
            "SV415",
            str(export.file),
            f"{len(codes):,} different codes for needs; at most {MOST_CODES} are counted",
            "Give passages that mean the same thing the same code.",
        )
    return _as_rows(export, at, found, codes), _mapping(at, codes)


def _as_rows(
    export: Export, at: dict[str, int], found: dict[str, _Interview], codes: dict[str, str]
) -> Export:
    def column(heading: str, kind: str, name: str = "", part: str = "") -> Column:
        index = export.columns[at[heading]].index if heading in at else 0
        answers = (Answer(NAMED, 1), Answer(NOT_NAMED, 1)) if part else ()
        return Column(index, name or heading, kind, len(found), answers, QUESTION if part else heading, part)

    columns = (
        column("date", "date"),
        column("segment", "choice"),
        column("level", "choice"),
        column("kind", "choice"),
        *(column("code", "grid-row", f"{QUESTION} [{code}]", code) for code in codes.values()),
    )

    def rows() -> Iterator[tuple[str, ...]]:
        for each in found.values():
            named = (NAMED if key in each.needs else NOT_NAMED for key in codes)
            yield (each.day, each.segment, each.level, STORY if each.story else NO_STORY, *named)

    dropped = tuple(replace(d, reason=f"passages: {d.reason}") for d in export.dropped)
    return replace(export, records=len(found), columns=columns, dropped=dropped, rows=rows, notes=())


def _mapping(at: dict[str, int], codes: dict[str, str]) -> Mapping:
    """The answers `known` are all there are, so that a table without a story still counts as asked for."""
    uses = [
        Use(role, column=heading)
        for role, heading in (("segment", "segment"), ("level", "level"))
        if heading in at
    ]
    uses.append(
        Use("value_now", column="kind", fact="member_value_now", counts=(STORY,), known=(STORY, NO_STORY))
    )
    if codes:
        groups = tuple(Group(code, (code,)) for code in codes.values())
        uses.append(Use("needs", question=QUESTION, counts=(NAMED,), known=(NAMED, NOT_NAMED), groups=groups))
    return replace(INTERVIEW_MAPPING, columns=tuple(uses))


def coding_table(export: Export) -> str:
    """Notes of interviews as a table to code: one row an answer, with `code` and `kind` left to a person."""
    import csv
    import io

    from sharedvalue.engine.evidence.asked import harmless
    from sharedvalue.engine.evidence.grouping import without_people

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    for number, row in enumerate(export.rows(), start=1):
        for cell in row[1:]:
            for passage in filter(None, cell.split("\n")):
                writer.writerow([f"i{number}", "", "", "", "", "", harmless(without_people(passage))])
    return out.getvalue()


__all__ = ["INTERVIEW_MAPPING", "coding_table", "interviews"]
