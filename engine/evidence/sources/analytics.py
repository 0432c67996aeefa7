"""Pages of a site: Google Analytics 4, Universal Analytics, Matomo. Totals are no pages."""

from __future__ import annotations

import re

from sharedvalue.engine.evidence.layout import Layout, Row, Sheet, folded, lacking, place
from sharedvalue.engine.evidence.words import tool

DAY = re.compile(r"# (?:Start date|End date): (\d{4})(\d\d)(\d\d)\s*$")
FEW_HEADINGS = 2  # of Matomo's own: two alone may be those of any table
SPAN = re.compile(r"# (\d{4})(\d\d)(\d\d)-(\d{4})(\d\d)(\d\d)\s*$")


def _comments(sheet: Sheet) -> list[str]:
    """The lines above the table that begin with a hash."""
    found = []
    for row in sheet.head:
        if row and not row[0].startswith("#"):
            break
        if row:
            found.append(",".join(row))
    return found


def ga4(sheet: Sheet) -> list[str]:
    comments = _comments(sheet)
    if (
        comments
        and comments[0].startswith("# ---")
        and any(line.startswith("# Start date:") for line in comments)
    ):
        return ["it starts with '# ---' and names a '# Start date:'"]
    return []


def _table(sheet: Sheet) -> int:
    """The position of the header line: the first that is neither blank nor a comment."""
    return next(
        (i for i, row in enumerate(sheet.head) if any(row) and not row[0].startswith("#")), len(sheet.head)
    )


def ga4_layout(sheet: Sheet) -> Layout:
    at = _table(sheet)
    names = sheet.line(at)
    if not ga4(sheet) or not names:
        raise lacking(
            sheet, "ga4", ["# Start date:"], [line[:40] for line in _comments(sheet)] or sheet.first
        )
    if place(names, "Views", "Users", "Active users", "Event count", "Sessions") is None:
        raise lacking(sheet, "ga4", ["Views", "Active users"], names)
    days = ["-".join(found.groups()) for line in _comments(sheet) if (found := DAY.match(line))]
    kinds = {0: "text", **{i: "number" for i, name in enumerate(names) if i and name}}
    if len(names) > 1 and not _numbers(sheet, at + 1, 1):
        kinds[1] = "text"
    return Layout(
        names,
        skip=at + 1,
        kinds=kinds,
        keep=_no_page,
        ends=lambda row: row[0].startswith("#") or tuple(row) == names,
        period=(days[0], days[-1]) if days else ("", ""),
        notes=("Only the rows that were shown on the screen are in the file.",),
    )


def _numbers(sheet: Sheet, start: int, column: int) -> bool:
    cells = [row[column] for row in sheet.head[start:] if len(row) > column and row[column]]
    return all(cell.replace(",", "").replace(".", "").isdigit() for cell in cells)


def _no_page(row: Row) -> str:
    if not row[0] or folded(row[0]) in ("grand total", "total", "totals"):
        return TOTAL
    return NOT_NAMED if folded(row[0]) in ("(not set)", "(other)") else ""


def universal(sheet: Sheet) -> list[str]:
    comments = _comments(sheet)
    if comments and comments[0].startswith("# ---") and any(SPAN.match(line) for line in comments):
        return ["it starts with '# ---' and names a period '# YYYYMMDD-YYYYMMDD'"]
    return []


def universal_layout(sheet: Sheet) -> Layout:
    at = _table(sheet)
    names = sheet.line(at)
    if not universal(sheet) or not names:
        raise lacking(sheet, "universal-analytics", ["# YYYYMMDD-YYYYMMDD"], sheet.first)
    found = next(match for line in _comments(sheet) if (match := SPAN.match(line)))
    parts = found.groups()
    return Layout(
        names,
        skip=at + 1,
        kinds={0: "text", **dict.fromkeys(range(1, len(names)), "number")},
        keep=_no_page,
        ends=lambda row: folded(row[0]) == "day index",
        period=("-".join(parts[:3]), "-".join(parts[3:])),
    )


# ---- Matomo ---------------------------------------------------------------------------------------------------------


def _pages_of_matomo(row: Row) -> bool:
    """Whether these are the headings of a list of pages: what the page is called, and how often it was seen."""
    met = set(tool("matomo").met(row).values())
    return "label" in met and bool(met & {"nb_hits", "nb_visits"})


def matomo(sheet: Sheet) -> list[str]:
    first, known = sheet.first, tool("matomo")
    for row in sheet.head:
        if "nb_visits" in row and row[0] == "label":
            return ["the headings 'label' and 'nb_visits'"]
    language = known.language(first)
    said = f", in {language}" if language not in ("", "English") else ""
    named = bool(first) and known.is_heading(first[0], "label")
    if sheet.codec.startswith("utf-16") and named:
        return [f"UTF-16, and the first heading is '{first[0]}'{said}"]
    if named and _pages_of_matomo(first) and len(known.met(first)) > FEW_HEADINGS:
        return [f"the headings {', '.join(repr(first[i]) for i in list(known.met(first))[:3])}{said}"]
    return ["the heading 'nb_visits'"] if "nb_visits" in first else []


def matomo_layout(sheet: Sheet) -> Layout:
    known, at = tool("matomo"), 0
    if known.place(sheet.first, "label") is None:
        title = next(
            (
                i
                for i, row in enumerate(sheet.head)
                if row and not any(row[1:]) and _pages_of_matomo(sheet.line(i + 1))
            ),
            None,
        )
        if title is None:
            raise lacking(sheet, "matomo", ["label", "Page URLs"], sheet.first)
        at = title + 1
    names = sheet.line(at)
    met = known.met(names)
    label, date = known.place(names, "label"), known.place(names, "date")
    if label is None or not _pages_of_matomo(names):
        raise lacking(sheet, "matomo", ["nb_visits", "Unique Pageviews"], names)
    texts = {
        i
        for i, name in enumerate(names)
        if i not in met and ("metadata" in folded(name) or folded(name) in ("url", "segment"))
    }
    kinds = {i: "text" if i in texts else "number" for i in range(len(names))}
    kinds[label] = "text"
    if date is not None:
        kinds[date] = "date"
    unnamed = tuple(known.lists["not_named"])

    def keep(row: Row) -> str:
        if not row[label]:
            return TOTAL
        return NOT_NAMED if "/" not in row[label] and folded(row[label]).endswith(unnamed) else ""

    return Layout(
        names,
        skip=at + 1,
        kinds=kinds,
        keep=keep,
        ends=lambda row: bool(row[0]) and not any(row[1:]) and at > 0,
        when=() if date is None else (date,),
        notes=() if date is not None else ("The file names no period; say which day it ends with.",),
    )


TOTAL = "totals (no page in the first column)"
NOT_NAMED = "rest of pages that are not named"
