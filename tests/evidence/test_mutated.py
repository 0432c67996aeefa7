"""Exports that were changed on their way: each is read or refused with a code, and a row more or less is always told."""

from __future__ import annotations

import csv
import io
import os
import random
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.built_in import built_in
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.guess import skeleton
from sharedvalue.engine.evidence.inspect import inspect_json
from sharedvalue.engine.evidence.read import read
from tests.evidence.exports_here import BOOK, SPACK_2020, SPACK_2021, STACKS

HERE = Path(__file__).parent
FILES = sorted(
    p
    for folder in (HERE / "exports", HERE / "found")
    for p in folder.iterdir()
    if p.suffix in (".csv", ".json", ".xml") and p.stat().st_size < 30_000
)
FEW = int(os.environ.get("SHAREDVALUE_MUTATED", "400"))
DEEP = 50_000
BITS = [
    b"",
    b",",
    b";",
    b"\t",
    b'"',
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xe9",
    "é".encode(),
    "名".encode(),
    b"[",
    b"]",
    b"{",
    b"}",
    b"<",
    b"1",
    b"NA",
    b" ",
]


def mutated(raw: bytes, chance: random.Random) -> bytes:
    data = bytearray(raw)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + chance.choice((0, 1, 2, 7, 40, 300)))
        how = chance.randrange(5)
        if how == 0:
            data[at:to] = chance.choice(BITS)
        elif how == 1:
            data[at:at] = data[at:to] * chance.randint(1, 3)
        elif how == 2:
            del data[at:to]
        elif how == 3:
            data[at:to] = bytes(chance.randrange(256) for _ in range(to - at))
        else:
            data[at:at] = chance.choice(BITS) * chance.randint(1, 9)
    return bytes(data)


def survives(number: int, folder: Path) -> None:
    chance = random.Random(number)
    path = folder / f"a{chance.choice(('.csv', '.json', '.txt'))}"
    path.write_bytes(mutated(chance.choice(FILES).read_bytes(), chance))
    try:
        found = read(path, chance.choice(("", "", "", "plain", "google-forms", "zoom")))
    except UserError:
        return
    told = inspect_json(found)
    assert found.records == sum(1 for _ in found.rows())
    assert told["records"] == found.records
    built_in(found)
    skeleton(found, BOOK)


@pytest.mark.parametrize("block", range(8))
def test_whatever_was_changed_is_read_or_refused(block: int, tmp_path: Path) -> None:
    for number in range(block * FEW // 8, (block + 1) * FEW // 8):
        survives(number, tmp_path)


@pytest.mark.deep
@pytest.mark.parametrize("block", range(50))
def test_fifty_thousand_changed_files_are_read_or_refused(block: int, tmp_path: Path) -> None:
    for number in range(1_000_000 + block * DEEP // 50, 1_000_000 + (block + 1) * DEEP // 50):
        survives(number, tmp_path)


# ---- rows more and rows less ----------------------------------------------------------------------------------------------


def rows_of(found: Export) -> int:
    return found.records + sum(d.count for d in found.dropped)


TABLES = [p for p in FILES if p.suffix == ".csv" and p.name in {
    "google-forms.csv", "limesurvey.csv", "kobo.csv", "alchemer.csv", "microsoft-forms.csv", "typeform.csv", "surveymonkey.csv",
    "qualtrics.csv", "discourse-users.csv", "eventbrite.csv", "mailchimp-audience.csv", "meetup-members.csv", "20-prefer-not-to-say.csv",
    "09-names-french.csv", "14-limesurvey-fulltext.csv", "17-semicolons-in-a-plain-table.csv", "plain.csv",
}]  # fmt: skip


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
@pytest.mark.parametrize(
    "how",
    ["the same row again", "a row less", "blank rows", "a short row", "a long row", "the headings again"],
)
def test_a_row_more_or_less_is_always_told(path: Path, how: str, tmp_path: Path) -> None:
    before = read(path)
    text = path.read_bytes().decode("utf-8-sig" if before.encoding.startswith("utf") else "cp1252")
    rows = list(csv.reader(io.StringIO(text), delimiter=before.delimiter))
    trailing = 0
    while not any(rows[-1]):
        rows.pop()
        trailing += 1
    last = len(rows) - 1
    if how == "a row less":
        del rows[last]
    else:
        more = {
            "the same row again": [rows[last]],
            "blank rows": [[""] * len(rows[0])] * 3,
            "a short row": [rows[last][: len(rows[last]) // 2 + 1]],
            "a long row": [[*rows[last], "x", "y"]],
            "the headings again": [rows[before.header_lines - 1]],
        }[how]
        rows[last:last] = more
    changed = tmp_path / "a.csv"
    with changed.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=before.delimiter).writerows(rows)
    after = read(changed, before.format)
    more_rows = -1 if how == "a row less" else len(more)
    assert rows_of(after) == rows_of(before) - trailing + more_rows


@pytest.mark.parametrize("path", [*TABLES, SPACK_2020, SPACK_2021, STACKS], ids=lambda p: p.stem)
def test_answers_are_those_of_an_independent_count(path: Path) -> None:
    """By the standard library alone: of the rows that are kept, how many gave each answer of a single choice or scale."""
    found = read(path)
    text = path.read_bytes().decode("utf-8-sig" if found.encoding.startswith("utf") else "cp1252")
    text = text.replace("\ufeff", "")
    missing = {"-99"} if found.format == "qualtrics" else set()
    table = list(csv.reader(io.StringIO(text), delimiter=found.delimiter))[found.header_lines :]
    kept = {tuple(row) for row in found.rows()}
    width = len(found.columns)
    records, seen = [], set()
    for row in table:
        cells = tuple("" if cell in missing else cell.strip() for cell in (row + [""] * width)[:width])
        if any(cells) and cells in kept and cells not in seen:
            records.append(cells)
            seen.add(cells)
    for column in found.columns:
        if column.kind not in ("scale", "choice", "grid-row") or len(kept) != found.records:
            continue
        for answer in column.answers:
            told = sum(row[column.index].casefold() == answer.label.casefold() for row in records)
            assert told == answer.n, (column.name, answer)
