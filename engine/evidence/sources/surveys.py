"""Survey tools with more than one header line: SurveyMonkey and Qualtrics."""

from __future__ import annotations

import json
import re

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

# ---- SurveyMonkey ---------------------------------------------------------------------------------------------------

RESPONSE = frozenset(("response", "open-ended response"))
LEADING = {
    "respondent id": "identity", "collector id": "number", "start date": "date", "end date": "date", "ip address": "identity",
    "email address": "identity", "first name": "identity", "last name": "identity", "custom data 1": "identity",
}  # fmt: skip
OWN_WORDS = ("other (please specify)", "comments", "comments:", "open-ended response", "please specify")


def surveymonkey(sheet: Sheet) -> list[str]:
    why, have = [], folded_row(sheet.first)
    if {"respondent id", "collector id"} <= set(have):
        why.append("the headings 'Respondent ID' and 'Collector ID'")
    words = [cell for cell in folded_row(sheet.line(1)) if cell]
    met = sum(word in RESPONSE for word in words)
    gaps = sum(not cell for cell in have[: len(have) - _trailing(have)])
    if met >= 2 and (gaps or met == len(words)):
        why.append(f"a second header line with 'Response' or 'Open-Ended Response' {met} times")
    return why


def _trailing(row: Row) -> int:
    return next((i for i, cell in enumerate(reversed(row)) if cell), len(row))


def surveymonkey_layout(sheet: Sheet) -> Layout:
    first, second = list(sheet.first), list(sheet.line(1))
    if not surveymonkey(sheet):
        raise lacking(sheet, "surveymonkey", ["Respondent ID", "Response"], sheet.first)
    two = any(folded(cell) in RESPONSE for cell in second)
    width = max(len(first), len(second) if two else 0)
    first += [""] * (width - len(first))
    if not two:
        own = positions(first, LEADING)
        return Layout(
            tuple(first),
            kinds=own,
            unique=_id(first),
            when=_ended(first),
            notes=("The second header line is missing.",),
        )
    second += [""] * (width - len(second))
    kinds = {i: kind for i, kind in positions(first, LEADING).items() if not second[i]}
    names, parts, groups = list(first), dict[int, tuple[str, str]](), []
    for question, columns in _questions(first, second, set(kinds)):
        labels = [folded(second[i]) for i in columns]
        for i in columns:
            part = "" if len(columns) == 1 or (i == columns[0] and labels[0] in RESPONSE) else second[i]
            parts[i] = (question, part)
            names[i] = f"{question} [{part}]" if part else question
            if folded(second[i]) in OWN_WORDS:
                kinds[i] = "text"
        options = tuple(i for i in columns if folded(second[i]) not in (*OWN_WORDS, *RESPONSE))
        if options and not any(label == "response" for label in labels):
            groups.append(Group(question, tuple(columns), _form(sheet, options, second)))
    return Layout(
        tuple(names),
        skip=2,
        parts=parts,
        kinds=kinds,
        groups=tuple(groups),
        unique=_id(first),
        when=_ended(first),
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
    found = place(names, "Respondent ID")
    return () if found is None else (found,)


def _ended(names: Row) -> tuple[int, ...]:
    return tuple(i for word in ("End Date", "Start Date") if (i := place(names, word)) is not None)


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
