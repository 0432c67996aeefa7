"""Survey tools with one header line and one column a choice: KoboToolbox and LimeSurvey."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sharedvalue.engine.evidence.dates import is_date
from sharedvalue.engine.evidence.layout import (
    Group,
    Layout,
    Row,
    Sheet,
    bracketed,
    folded,
    folded_row,
    lacking,
    place,
    positions,
)
from sharedvalue.engine.evidence.words import tool

# ---- KoboToolbox ----------------------------------------------------------------------------------------------------

KOBO = {
    "_id": "identity", "_uuid": "identity", "_submission_time": "date", "_validation_status": "choice", "_notes": "text",
    "_status": "choice", "_submitted_by": "identity", "__version__": "text", "_tags": "text", "_index": "number",
    "start": "date", "end": "date", "today": "date", "deviceid": "identity", "username": "identity", "phonenumber": "identity",
    "simserial": "identity", "subscriberid": "identity", "_parent_index": "number", "_submission__uuid": "identity",
}  # fmt: skip
COORDINATES = ("_latitude", "_longitude", "_altitude", "_precision")


def kobo(sheet: Sheet) -> list[str]:
    have = set(folded_row(sheet.first))
    met = [word for word in ("_uuid", "_submission_time") if word in have]
    if met and (sheet.delimiter in (";", "") or len(met) == 2):
        marked = " and semicolons between cells" if sheet.delimiter == ";" else ""
        return [f"the heading {' and '.join(repr(word) for word in met)}{marked}"]
    return []


def kobo_layout(sheet: Sheet) -> Layout:
    names = sheet.first
    if not kobo(sheet):
        raise lacking(sheet, "kobo", ["_uuid", "_submission_time"], names)
    kinds = positions(names, KOBO)
    kinds.update(
        {i: "identity" for i, name in enumerate(names) if name.startswith("_") and name.endswith(COORDINATES)}
    )
    points = {
        name[1:].rsplit("_", 1)[0] for name in names if name.startswith("_") and name.endswith("_latitude")
    }
    kinds.update({i: "identity" for i, name in enumerate(names) if name in points})
    position = {name: i for i, name in reversed(list(enumerate(names))) if name}
    parts, choices = dict[int, tuple[str, str]](), dict[str, list[int]]()
    for i, name in enumerate(names):
        stem = name
        while (
            "/" in stem
        ):  # a label may hold a stroke itself: the longest heading that is a column of its own is the question
            stem = stem.rpartition("/")[0]
            if stem in position and position[stem] < i:
                parts[i] = (stem, name[len(stem) + 1 :])
                choices.setdefault(stem, []).append(i)
                break
    groups = tuple(
        Group(stem, tuple(columns), "choices", frozenset(("0",))) for stem, columns in choices.items()
    )
    for stem in choices:  # the joined cell says the same again: it is counted in the columns of its choices
        kinds[position[stem]] = "text"
    skip = 1
    line = sheet.line(1)
    if any(line) and all(not cell or cell.startswith("#") for cell in line):
        skip = 2
    uuid, time = place(names, "_uuid"), place(names, "_submission_time")
    notes = (
        (
            "A choice of several is in one column an option; the joined column beside them is not counted again.",
        )
        if groups
        else ()
    )
    return Layout(
        names,
        skip=skip,
        parts=parts,
        kinds=kinds,
        groups=groups,
        unique=() if uuid is None or "_parent_index" in names else (uuid,),
        when=() if time is None else (time,),
        notes=notes,
    )


# ---- LimeSurvey -----------------------------------------------------------------------------------------------------

OWN_KINDS = {
    "id": "identity", "submitdate": "date", "lastpage": "own", "startlanguage": "own", "seed": "own", "startdate": "date",
    "datestamp": "date", "ipaddr": "identity", "refurl": "text", "token": "identity", "interviewtime": "own",
}  # fmt: skip
OF_FORM = ("id", "submitdate", "lastpage", "startlanguage")
LONGEST_PAGE = 2  # digits of the number of a page
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,12}){0,2}")
BY_FORM = (
    "the first four columns hold a number, a time or nothing, a page and a language, as LimeSurvey writes them",
)
ENOUGH = 2  # of its own columns, by which a file without a code in its headings is one
CODED = re.compile(r"^(?P<code>[A-Za-z]\w*)\[(?P<sub>\w+)\](?:\[\w+\])?(?:\.\s*(?P<text>.*))?$", re.DOTALL)
TIMING = re.compile(r"^(groupTime\d+|\w+Time)$")
OUT_OF_LIST = ("submitdate", "lastpage")
NOT_FINISHED = "not finished (no date of submission)"


def limesurvey(sheet: Sheet) -> list[str]:
    met = tool("limesurvey").met(sheet.first)
    named = [sheet.first[i] for i, key in met.items() if key in OUT_OF_LIST]
    coded = {"submitdate", "lastpage"} & set(folded_row(sheet.first))
    if not named or not (coded or len(met) > ENOUGH):
        return list(BY_FORM) if _by_form(sheet) else []
    language = tool("limesurvey").language([sheet.first[i] for i in met])
    said = f", in {language}" if language not in ("", "English") and not coded else ""
    return [f"the heading{'s' if len(named) > 1 else ''} {' and '.join(repr(word) for word in named)}{said}"]


def _by_form(sheet: Sheet) -> bool:
    """Whether the first four columns hold what LimeSurvey writes there, whatever language its headings are in."""
    rows = [row for row in sheet.head[1:] if any(row)]
    if (
        len(rows) < 2
        or any(len(row) <= len(OF_FORM) for row in rows)
        or place(sheet.first, "member_id") is not None
    ):
        return False
    ids, submitted, pages, languages = zip(*(row[: len(OF_FORM)] for row in rows), strict=True)
    return (
        all(cell.isascii() and cell.isdigit() for cell in ids)
        and len(set(ids)) == len(ids)
        and any(submitted)
        and all(is_date(cell) for cell in submitted if cell)
        and all(cell.isascii() and cell.isdigit() and len(cell) <= LONGEST_PAGE for cell in pages if cell)
        and any(pages)
        and all(LANGUAGE.fullmatch(cell) for cell in languages)
    )


def _texts(sheet: Sheet) -> tuple[tuple[str, ...], int]:
    """The headings of a file, and how many lines they take: a VV file has the codes, the texts, and may repeat the codes."""
    names, lines = sheet.first, 1
    while lines < 3 and len(tool("limesurvey").met(sheet.line(lines))) > ENOUGH:
        texts = sheet.line(lines)
        if folded_row(texts) != folded_row(sheet.first):
            own = tool("limesurvey").met(names)
            names = tuple(
                name if i in own or i >= len(texts) or not texts[i] else texts[i]
                for i, name in enumerate(names)
            )
        lines += 1
    return names, lines


def limesurvey_layout(sheet: Sheet) -> Layout:
    names, lines = _texts(sheet)
    submitted = tool("limesurvey").place(names, "submitdate")
    by_form = _by_form(sheet)
    if submitted is None and by_form:
        submitted = OF_FORM.index("submitdate")
    empty = tool("limesurvey").lists["empty"]
    if submitted is None and tool("limesurvey").place(names, "lastpage") is None:
        raise lacking(sheet, "limesurvey", ["submitdate", "Date submitted"], names)
    kinds = {i: OWN_KINDS[key] for i, key in enumerate(OF_FORM)} if by_form else {}
    kinds.update({i: OWN_KINDS[key] for i, key in tool("limesurvey").met(names).items()})
    kinds.update({i: "own" for i, name in enumerate(names) if TIMING.match(name)})
    parts, stems = dict[int, tuple[str, str]](), dict[str, list[int]]()
    for i, name in enumerate(names):
        if i not in kinds and (found := CODED.match(name)):
            text = (found["text"] or "").strip()
            labels = re.findall(r"\[([^\[\]]*)\]", text)
            stem = (
                re.sub(r"\s*\[[^\[\]]*\]", "", text).strip()
                or (labels[0] if len(labels) > 1 else "")
                or found["code"]
            )
            parts[i] = (stem, (labels[-1].strip() if labels else "") or found["sub"])
            stems.setdefault(found["code"], []).append(i)
            if found["sub"] == "other":
                kinds[i] = "text"
    groups = tuple(
        Group(
            parts[columns[0]][0],
            tuple(columns),
            form,
            _unticked(sheet, columns) if form == "choices" else frozenset(),
        )
        for columns in stems.values()
        if len(columns) > 1 and (form := _ticks(sheet, columns))
    )
    if not groups:
        grid_parts, grids = bracketed(names)
        parts.update(grid_parts)
        groups = tuple(
            replace(grid, form="choices", unticked=_unticked(sheet, grid.columns))
            if _ticks(sheet, list(grid.columns)) == "choices"
            else grid
            for grid in grids
        )

    def keep(row: Row) -> str:
        if submitted is None:
            return ""
        return "" if row[submitted] and folded(row[submitted]) not in empty else NOT_FINISHED

    ident = tool("limesurvey").place(names, "id")
    if ident is None and by_form:
        ident = OF_FORM.index("id")
    return Layout(
        names,
        skip=lines,
        parts=parts,
        kinds=kinds,
        groups=groups,
        keep=keep,
        unique=() if ident is None else (ident,),
        when=() if submitted is None else (submitted,),
        missing=empty,
        notes=() if submitted is not None else ("Nothing says which responses are finished: all count.",),
    )


def _unticked(sheet: Sheet, columns: Sequence[int]) -> frozenset[str]:
    """How a choice that was not made is written in these columns."""
    cells = {row[i] for row in sheet.head[1:] for i in columns if i < len(row)}
    return frozenset(cell for cell in cells if folded(cell) in tool("limesurvey").lists["unticked"]) | {
        "N/A",
        "No",
        "N",
    }


def _ticks(sheet: Sheet, columns: list[int]) -> str:
    """Ticked choices are Y or Yes; rows of an array hold something else."""
    cells = {
        folded(row[i])
        for row in sheet.head[1:]
        for i in columns
        if i < len(row) and "[other]" not in sheet.first[i]
    }
    ticked, unticked = tool("limesurvey").lists["ticked"], tool("limesurvey").lists["unticked"]
    return "choices" if cells <= (ticked | unticked | {""}) and cells & ticked else "rows"
