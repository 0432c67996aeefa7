"""Survey tools with more than one header line: SurveyMonkey and Qualtrics."""

from __future__ import annotations

import json
import re

from sharedvalue.engine.evidence.dates import is_date
from sharedvalue.engine.evidence.layout import (
    Group,
    Layout,
    Row,
    Sheet,
    folded,
    folded_row,
    lacking,
    place,
    positions,
)
from sharedvalue.engine.evidence.words import tool

# ---- SurveyMonkey ---------------------------------------------------------------------------------------------------

MONKEY = "surveymonkey"
LEADING = {
    "respondent id": "identity", "collector id": "number", "start date": "date", "end date": "date", "ip address": "identity",
    "email address": "identity", "first name": "identity", "last name": "identity", "custom data 1": "identity",
}  # fmt: skip
LONG_ID = 6  # digits


def surveymonkey(sheet: Sheet) -> list[str]:
    why, have, known = [], folded_row(sheet.first), tool(MONKEY)
    met = known.met(sheet.first)
    if {"respondent id", "collector id"} <= set(met.values()):
        named = " and ".join(repr(sheet.first[i]) for i, key in met.items() if key.endswith(" id"))
        language = known.language([sheet.first[i] for i in met])
        why.append(f"the headings {named}{f', in {language}' if language not in ('', 'English') else ''}")
    words = [cell for cell in folded_row(sheet.line(1)) if cell]
    responses = sum(word in known.lists["response"] for word in words)
    gaps = sum(not cell for cell in have[: len(have) - _trailing(have)])
    if responses >= 2 and (gaps or responses == len(words)):
        why.append(f"a second header line with 'Response' or 'Open-Ended Response' {responses} times")
    elif not why and _leads(sheet):
        why.append("two lines of headings, and rows that begin with two numbers and two dates")
    return why


def _leads(sheet: Sheet) -> bool:
    """Whether a file in a language that is not known has the form: nothing in the second line above the columns of the tool's own."""
    second, rows = sheet.line(1), [row for row in sheet.head[2:] if any(row)]
    return (
        len(second) > 4
        and all(sheet.first[:4])
        and not any(second[:4])
        and any(second)
        and bool(rows)
        and all(
            len(row) > 4
            and row[0].isdigit()
            and len(row[0]) >= LONG_ID
            and row[1].isdigit()
            and is_date(row[2])
            and is_date(row[3])
            for row in rows
        )
    )


def _trailing(row: Row) -> int:
    return next((i for i, cell in enumerate(reversed(row)) if cell), len(row))


def surveymonkey_layout(sheet: Sheet) -> Layout:
    first, second = list(sheet.first), list(sheet.line(1))
    if not surveymonkey(sheet):
        raise lacking(sheet, "surveymonkey", ["Respondent ID", "Response"], sheet.first)
    known, leads = tool(MONKEY), _leads(sheet)
    responses, own_words = known.lists["response"], known.lists["own_words"]
    two = leads or any(folded(cell) in responses for cell in second)
    width = max(len(first), len(second) if two else 0)
    first += [""] * (width - len(first))
    if not two:
        own = {i: LEADING[key] for i, key in known.met(first).items()}
        return Layout(
            tuple(first),
            kinds=own,
            unique=_id(first),
            when=_ended(first),
            notes=("The second header line is missing.",),
        )
    second += [""] * (width - len(second))
    kinds = {i: LEADING[key] for i, key in known.met(first).items() if not second[i]}
    if leads:  # the columns of its own, by their place: whatever they are called, they name people
        own_columns = next(i for i, cell in enumerate(second) if cell)
        kinds = {**dict.fromkeys(range(own_columns), "identity"), 1: "number", 2: "date", 3: "date", **kinds}
    names, parts, groups = list(first), dict[int, tuple[str, str]](), []
    for question, columns in _questions(first, second, set(kinds)):
        labels = [folded(second[i]) for i in columns]
        for i in columns:
            part = "" if len(columns) == 1 or (i == columns[0] and labels[0] in responses) else second[i]
            parts[i] = (question, part)
            names[i] = f"{question} [{part}]" if part else question
            if folded(second[i]) in own_words:
                kinds[i] = "text"
        options = tuple(i for i in columns if folded(second[i]) not in own_words | responses)
        if options and len(columns) > 1 and not any(label in responses for label in labels):
            groups.append(Group(question, tuple(columns), _form(sheet, options, second)))
    return Layout(
        tuple(names),
        skip=2,
        parts=parts,
        kinds=kinds,
        groups=tuple(groups),
        unique=(0,) if leads else _id(first),
        when=(3, 2) if leads else _ended(first),
    )


def _questions(first: Row, second: Row, leading: set[int]) -> list[tuple[str, list[int]]]:
    found: list[tuple[str, list[int]]] = []
    for i, name in enumerate(first):
        if i in leading:
            continue
        if name or not found or not second[i]:
            if name or second[i]:
                found.append((name, [i]))
        else:
            found[-1][1].append(i)
    return found


def _form(sheet: Sheet, columns: Row | tuple[int, ...], second: Row) -> str:
    """Ticked choices repeat the text above them; rows of a grid hold something else."""
    filled = [
        (i, row[i])
        for row in sheet.head[2:]
        for i in columns
        if isinstance(i, int) and i < len(row) and row[i]
    ]
    return "choices" if all(folded(cell) == folded(second[i]) for i, cell in filled) else "rows"


def _id(names: Row) -> tuple[int, ...]:
    found = tool(MONKEY).place(names, "respondent id")
    return () if found is None else (found,)


def _ended(names: Row) -> tuple[int, ...]:
    known = tool(MONKEY)
    return tuple(i for word in ("end date", "start date") if (i := known.place(names, word)) is not None)


# ---- Qualtrics ------------------------------------------------------------------------------------------------------

QUALTRICS = {
    "startdate": "date", "enddate": "date", "recordeddate": "date", "status": "choice", "ipaddress": "identity",
    "progress": "number", "duration (in seconds)": "number", "finished": "choice", "responseid": "identity",
    "recipientlastname": "identity", "recipientfirstname": "identity", "recipientemail": "identity",
    "externalreference": "identity", "locationlatitude": "identity", "locationlongitude": "identity",
    "distributionchannel": "choice", "userlanguage": "choice",
    "v1": "identity", "v2": "identity", "v3": "identity", "v4": "identity", "v5": "identity", "v6": "identity",
}  # fmt: skip


def qualtrics(sheet: Sheet) -> list[str]:
    if any('"ImportId"' in cell for cell in sheet.line(2)):
        return ['the third line holds "ImportId"']
    if sheet.first[:2] == ("V1", "V2") and folded_row(sheet.line(1)[:2]) == ["responseid", "responseset"]:
        return ["the older form: V1, V2, ... above ResponseID, ResponseSet"]
    return []


def qualtrics_layout(sheet: Sheet) -> Layout:
    if not qualtrics(sheet):
        raise lacking(sheet, "qualtrics", ['{"ImportId":...} in line 3'], sheet.first)
    codes, texts = sheet.first, sheet.line(1)
    own = positions(codes, QUALTRICS)
    legacy = codes[:2] == ("V1", "V2")
    if legacy:
        own.update(
            positions(
                texts,
                {"startdate": "date", "enddate": "date", "name": "identity", "emailaddress": "identity"},
            )
        )
        own.update({i: "choice" for i, text in enumerate(texts) if folded(text) in ("finished", "status")})
    names = [
        code if i in own else (texts[i] if i < len(texts) and texts[i] else code)
        for i, code in enumerate(codes)
    ]
    parts, stems = dict[int, tuple[str, str]](), dict[str, list[int]]()
    for i, code in enumerate(codes):
        found = re.fullmatch(r"(.+)_(\d+)", code)
        if i in own or not found or " - " not in names[i]:
            continue
        stem, _, part = names[i].rpartition(" - ")
        parts[i] = (stem, part)
        stems.setdefault(found[1], []).append(i)
    groups = tuple(
        Group(
            parts[columns[0]][0],
            tuple(columns),
            "choices" if " - Selected Choice" in names[columns[0]] else "rows",
        )
        for columns in stems.values()
        if len(columns) > 1
    )
    own.update({i: "text" for i, code in enumerate(codes) if code.endswith("_TEXT")})
    status, finished = place(codes, "Status"), place(codes, "Finished")
    if finished is None and legacy:
        finished = place(texts, "Finished")

    def keep(row: Row) -> str:
        if status is not None and folded(row[status]) in ("survey preview", "1"):
            return "a preview, not a response (Status)"
        if finished is not None and folded(row[finished]) in ("0", "false"):
            return "not finished (Finished is false)"
        return ""

    inside = {i for group in groups for i in group.columns}
    return Layout(
        tuple(names),
        skip=2 if legacy else 3,
        parts={i: p for i, p in parts.items() if i in inside},
        kinds=own,
        groups=groups,
        separators=(",",),
        keep=keep,
        unique=tuple(i for i in [place(codes, "ResponseId")] if i is not None),
        when=tuple(
            i
            for i in (place(codes, "RecordedDate"), place(codes, "EndDate"), place(codes, "StartDate"))
            if i is not None
        ),
        missing=frozenset(("-99",)),
        notes=_zone(sheet),
    )


def _zone(sheet: Sheet) -> tuple[str, ...]:
    for cell in sheet.line(2):
        try:
            told = json.loads(cell) if cell.startswith("{") else {}
        except (ValueError, RecursionError):
            continue
        if (
            isinstance(told, dict)
            and isinstance(zone := told.get("timeZone"), str)
            and zone not in ("Z", "UTC")
        ):
            return (f"Times are in the zone {zone[:40]}.",)
    return ()
