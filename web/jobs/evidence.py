"""Evidence, for its room: what an export is, which of its columns may be what, and what importing it would change."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.evidence.built_in import Said, built_in
from sharedvalue.engine.evidence.chosen import (
    ASKED,
    chosen,
    detail,
    mapping_from,
    use_of,
    value_of,
    with_needs,
)
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.guess import candidates, guessed, mapping_text
from sharedvalue.engine.evidence.house_tools import speak_as
from sharedvalue.engine.evidence.interviews import INTERVIEW_MAPPING
from sharedvalue.engine.evidence.mapping import Mapping, mapping_of
from sharedvalue.engine.evidence.proposals import proposals
from sharedvalue.engine.evidence.read import read
from sharedvalue.engine.kept import Kept
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.source import parse
from sharedvalue.web.jobs import case
from sharedvalue.web.jobs.evidence_words import on_the_page, told_on_the_page

Json = dict[str, Any]
KEPT = 8
SHOWN = 4  # titles shown of a need that is proposed
MOST_CANDIDATES = 60
_exports: Kept[Export] = Kept(KEPT)


def _export(sent: Json, house: tuple[str, ...], stamp: str) -> Export:
    """An export that was sent, read as was said of it; it lies in a folder of its own, under a name that is never used twice."""
    key = repr((sent["path"], sorted(sent["reading"].items()), stamp))
    found = _exports.get(key)
    if found is None:
        speak_as(house, case.book(house, stamp))
        said = {name: next(iter(values), "") for name, values in sent["reading"].items()}
        found = read(
            Path(sent["path"]),
            said.get("format", ""),
            keep=sent["reading"].get("names_nobody", []),
            encoding=said.get("encoding", ""),
            of=said.get("sheet", ""),
            between={"line": "\n"}.get(said.get("between", ""), said.get("between", "")),
        )
        _exports.put(key, found)
    return found


def _known(export: Export) -> Mapping | None:
    return INTERVIEW_MAPPING if export.format == "interview-table" else built_in(export)


@told_on_the_page
def inspected(sent: Json, house: tuple[str, ...], stamp: str) -> Json:
    """What an export is and why, and what was answered."""
    from sharedvalue.engine.telling import exports as say

    book, export = case.book(house, stamp), _export(sent, house, stamp)
    notes = export.format == "interview-notes"
    known = _known(export)
    return {
        "name": export.file.name,
        "title": say.title(export),
        "because": [on_the_page(one.text, book) for one in say.because(export)],
        "counted": [on_the_page(one.text, book) for one in say.counted(export)],
        "columns": [
            {
                "index": column.index,
                "kind": column.kind,
                "answered": column.answered,
                "name": say.shortened(say.printable(column.name) or "(no heading)", 160),
                "answers": say.answers(column, False),
            }
            for column in export.columns
        ],
        "known": known is not None,
        "notes": notes,
        "dated": bool(export.period[1]),
        "meeting": known is not None and known.is_attendance,
        "format": export.format,
        "encoding": export.encoding.removesuffix("-sig").upper() if export.delimiter else "",
        "sheets": list(export.sheets),
        "between": list(dict.fromkeys(say.SEPARATED[c.separator] for c in export.columns if c.separator)),
        "held_back": [column.name for column in export.columns if column.kind == "held-back"],
        "roles": [] if known is not None or notes else [_role(export, role, book) for role in ASKED],
    }


def _role(export: Export, role: str, book: RuleBook) -> Json:
    """The columns that a role may have, the likely ones first, with the guess."""
    from sharedvalue.engine.telling.exports import printable, shortened
    from sharedvalue.engine.telling.imports import QUESTIONS

    guess = guessed(export, role, book)
    return {
        "name": role,
        "question": QUESTIONS[role],
        "guess": value_of(guess) if guess is not None else "",
        "candidates": [
            {"value": value_of(c), "heading": shortened(printable(c.heading), 110), "answered": c.answered}
            for c in candidates(export, role, book)[:MOST_CANDIDATES]
        ],
    }


@told_on_the_page
def details(sent: Json, columns: dict[str, str], house: tuple[str, ...], stamp: str) -> list[Json]:
    """What has to be said of the columns that were chosen."""
    from sharedvalue.engine.telling import exports as say

    book, export = case.book(house, stamp), _export(sent, house, stamp)
    found = []
    for role in ASKED:
        candidate = chosen(export, role, columns.get(role, ""), book)
        if candidate is not None:
            one = detail(export, candidate, book)
            found.append(
                {
                    "role": role,
                    "heading": one.heading,
                    "answers": list(one.answers),
                    "yes": list(one.offered.yes),
                    "nothing": [] if one.levels or one.free_text else list(one.offered.nothing),
                    "others": one.offered.others,
                    "separator": say.SEPARATED.get(one.offered.separator, "") if one.needs else "",
                    "scale": [one.scale.low, one.scale.high] if one.scale else [],
                    "start": one.scale.start if one.scale else 0,
                    "best": (one.scale.best or ("" if one.scale.said else "high")) if one.scale else "",
                    "best_said": one.scale.said if one.scale else "",
                    "needs": list(one.needs),
                    "levels": list(one.levels),
                    "level_answers": list(one.level_answers),
                    "level_numbers": one.level_numbers,
                    "free_text": one.free_text,
                    "plain": not (one.answers or one.scale or one.needs or one.levels or one.free_text),
                }
            )
    return found


def _mapping(sent: Json, export: Export, given: Mapping | None, book: RuleBook) -> Mapping:
    """The mapping of one file: a file of its own format, built in, a file for all, or chosen in the form."""
    if export.format == "interview-notes":
        raise mistake(
            "SV450",
            export.file.name,
            "these are notes of interviews; nobody has said yet which passage names which need",
            "Make a table of their passages at a terminal: sharedvalue import FILE --into SCENARIO --write-mapping coding.csv.",
        )
    if given is not None and given.format == export.format:
        return given
    known = _known(export)
    if known is not None or given is not None:
        return known or given  # type: ignore[return-value]  # one of them is there
    uses = []
    for role in ASKED:
        candidate = chosen(export, role, sent["columns"].get(role, ""), book)
        if candidate is not None:
            use = use_of(export, candidate, book, sent["said"].get(role, {}))
            if use is not None:
                uses.append(use)
    return mapping_from(export, uses)


def _mappings(
    sent: list[Json], exports: list[Export], mappings: list[tuple[str, str]], book: RuleBook
) -> list[Mapping]:
    given = [mapping_of(parse(text, name), name, book) for name, text in mappings]
    if len(given) > 1 and len(given) != len(sent):
        raise mistake(
            "SV450",
            mappings[-1][0],
            f"{len(given)} mappings for {len(sent)} files",
            "Give one mapping for all files, or one for each, in their order.",
        )
    if given and len(given) == len(sent):
        return given
    return [
        _mapping(one, export, given[0] if given else None, book)
        for one, export in zip(sent, exports, strict=True)
    ]


def _said(said: Json) -> Said:
    day = said["date"]
    try:
        day = dt.date.fromisoformat(day).isoformat() if day else ""
    except ValueError:
        raise mistake(
            "SV450", "date", f"'{day[:40]}' is not a date", "Write it as year-month-day: 2026-05-31."
        ) from None
    order = said["date_order"] if said["date_order"] in ("month first", "day first", "year first") else ""
    return Said(
        day,
        order,
        _whole(said, "population"),
        said["drawn_from_all"] == "yes",
        _whole(said, "members"),
        said["guests_are_members"] == "yes",
    )


def _whole(said: Json, name: str) -> int:
    text = said[name].replace(",", "").strip()
    if text and not (text.isascii() and text.isdigit() and 0 < int(text[:12]) <= 100_000_000):
        raise mistake("SV450", name, f"'{text[:40]}' is no number of people", "Write it in digits: 600.")
    return int(text) if text else 0


@told_on_the_page
def planned(
    sent: list[Json],
    mappings: list[tuple[str, str]],
    said: Json,
    folder: str,
    text: str,
    file: str,
    today: str,
    house: tuple[str, ...],
    stamp: str,
) -> Json:
    """What importing would do to a scenario, in the words of the command, with the text that would be written."""
    from dataclasses import replace

    from sharedvalue.engine.evidence.imports import prepare
    from sharedvalue.engine.telling.imports import PROPOSED, headline, imported

    book = case.book(house, stamp)
    exports = [_export(one, house, stamp) for one in sent]
    found_mappings = [
        # A grouping of free texts lies in the folder of what was sent, and goes with it.
        replace(one, file=str(Path(folder) / Path(one.file).name))
        for one in _mappings(sent, exports, mappings, book)
    ]
    pairs, day = list(zip(exports, found_mappings, strict=True)), dt.date.fromisoformat(today)
    found = prepare(pairs, file, text, book, day, _said(said))
    mine = {export.sha256 for export, mapping in pairs if mapping.one("item") is not None}
    proposed = {r.export.sha256: proposals(r.items) for r in found.resonances if r.export.sha256 in mine}
    named = [
        with_needs(export, mapping, proposed.get(export.sha256, ()), one["named"])
        for one, (export, mapping) in zip(sent, pairs, strict=True)
    ]
    if named != found_mappings:
        pairs = list(zip(exports, named, strict=True))
        found = prepare(pairs, file, text, book, day, _said(said))
    before, after = (decide(case.worlds(book, one, file)) for one in (text, found.plan.text))
    return {
        "head": [one.text for one in headline(found, file, (before, after), False)],
        "same": found.plan.changes_nothing,
        "parts": [
            {
                "heading": part.heading,
                "entries": [_entry(one, book) for one in part.entries],
                "heads": list(part.heads),
                "rows": [list(row) for row in part.rows],
                "after": [_entry(one, book) for one in part.after],
            }
            for part in imported(found, (before, after), False)
            if part.heading and part.heading != PROPOSED  # the page has a form for these
        ],
        "proposals": [
            [
                {
                    "words": each.words,
                    "times": each.times,
                    "items": list(each.items[:SHOWN]),
                    "more": len(each.items[SHOWN:]),
                }
                for each in proposed.get(export.sha256, ())
            ]
            for export in exports
        ],
        "free_texts": sum(g.new for g in found.groupings),
        "text": found.plan.text,
        "mappings": [
            mapping_text(replace(m, date="" if _known(e) is not None else m.date)) if m.columns else ""
            for e, m in pairs
        ],
    }


def _entry(one: Any, book: RuleBook) -> Json:
    text = on_the_page(one.text.removeprefix("- "), book)
    return {"lead": "", "text": text, "inset": len(one.indent) > 1}


@told_on_the_page
def is_mapping(text: str, name: str, house: tuple[str, ...], stamp: str) -> str:
    """Nothing where a text is a mapping that can be used; raises what is wrong with it."""
    mapping_of(parse(text, name), name, case.book(house, stamp))
    return ""


__all__ = ["UserError", "details", "inspected", "is_mapping", "planned"]
