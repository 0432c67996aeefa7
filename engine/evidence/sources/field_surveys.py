"""Survey tools with one header line and one column a choice: KoboToolbox and LimeSurvey."""

from __future__ import annotations

import re

from sharedvalue.engine.evidence.layout import (
    Group,
    Layout,
    Row,
    Sheet,
    bracketed,
    folded,
    folded_row,
    lacking,
    needed,
    place,
    positions,
)

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

LIME = {
    "id": "identity", "response id": "identity", "submitdate": "date", "date submitted": "date", "lastpage": "number",
    "last page": "number", "startlanguage": "choice", "start language": "choice", "seed": "number", "startdate": "date",
    "date started": "date", "datestamp": "date", "date last action": "date", "ipaddr": "identity", "ip address": "identity",
    "refurl": "text", "referrer url": "text", "token": "identity", "interviewtime": "number", "total time": "number",
}  # fmt: skip
CODED = re.compile(r"^(?P<code>[A-Za-z]\w*)\[(?P<sub>\w+)\](?:\[\w+\])?(?:\.\s*(?P<text>.*))?$", re.DOTALL)
TIMING = re.compile(r"^(groupTime\d+|\w+Time)$")
UNTICKED = frozenset(("N/A", "No", "N"))
TICKS = frozenset(("", "y", "yes", "no", "n/a", "n"))


def limesurvey(sheet: Sheet) -> list[str]:
    have = set(folded_row(sheet.first))
    met = [word for word in ("submitdate", "lastpage") if word in have]
    return [f"the heading {' and '.join(repr(word) for word in met)}"] if met else []


def limesurvey_layout(sheet: Sheet) -> Layout:
    names = sheet.first
    submitted = place(names, "submitdate")
    if submitted is None and place(names, "lastpage") is None:
        submitted = needed(sheet, "limesurvey", names, "submitdate", "Date submitted")
    kinds = positions(names, LIME)
    kinds.update({i: "number" for i, name in enumerate(names) if TIMING.match(name)})
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
        Group(parts[columns[0]][0], tuple(columns), form, UNTICKED if form == "choices" else frozenset())
        for columns in stems.values()
        if len(columns) > 1 and (form := _ticks(sheet, columns))
    )
    _, grids = bracketed(names) if not groups else ({}, ())

    def keep(row: Row) -> str:
        return "not finished (no date of submission)" if submitted is not None and not row[submitted] else ""

    ident = place(names, "id", "Response ID")
    return Layout(
        names,
        parts=parts,
        kinds=kinds,
        groups=groups or grids,
        keep=keep,
        unique=() if ident is None else (ident,),
        when=() if submitted is None else (submitted,),
    )


def _ticks(sheet: Sheet, columns: list[int]) -> str:
    """Ticked choices are Y or Yes; rows of an array hold something else."""
    cells = {
        folded(row[i])
        for row in sheet.head[1:]
        for i in columns
        if i < len(row) and "[other]" not in sheet.first[i]
    }
    return "choices" if cells <= TICKS and cells & {"y", "yes"} else "rows"
