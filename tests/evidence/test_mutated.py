"""Exports that were changed on their way: each is read or refused with a code, and a row more or less is always told."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from functools import lru_cache
from pathlib import Path

import pytest

from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.read import read
from sharedvalue.engine.evidence.tally import BETWEEN_QUOTES
from tests.evidence.exports_here import BOOK, SPACK_2020, SPACK_2021, STACKS, export
from tools.changed_exports import DAMAGE, Changing, Damage, originals


@lru_cache
def changing() -> Changing:
    return Changing(Path(tempfile.mkdtemp(prefix="sharedvalue-changed-")), BOOK)


@pytest.mark.parametrize("block", range(3))
def test_whatever_was_changed_is_read_or_refused_and_no_count_changes_in_silence(block: int) -> None:
    wrong = {n: said for n in range(block * 40, block * 40 + 40) if (said := changing().try_one(n))}
    assert not wrong


@pytest.mark.parametrize("how", DAMAGE, ids=lambda how: how.__name__)
def test_damage_to_a_row_is_told(how: Damage) -> None:
    for number, before in enumerate(changing().tables):
        assert not changing().damaged(before, how, random.Random(number))


def test_rows_between_two_stray_quotes_are_told(tmp_path: Path) -> None:
    rows = [f"4/{i + 1}/2026 09:00:00,{'Head' if i % 2 else 'Teacher'},Advice" for i in range(20)]
    rows[4], rows[12] = (row.replace("Teacher", '"Teacher') for row in (rows[4], rows[12]))
    (tmp_path / "a.csv").write_text("\n".join(["Timestamp,Role,Need", *rows, ""]), encoding="utf-8")
    found = read(tmp_path / "a.csv")
    assert [(d.reason, d.count) for d in found.dropped] == [(BETWEEN_QUOTES, 9)]
    assert found.records == 11


def test_a_long_answer_of_several_lines_is_one_answer(tmp_path: Path) -> None:
    said = 'I came for advice, mostly,\n2 or 3 times a year, and\n"stayed", as they say,\nfor the people'
    rows = [["4/1/2026 09:00:00", said, "Teacher"], ["4/2/2026 09:00:00", "Fine", "Head"]]
    found = export(tmp_path, "a.csv", ["Timestamp", "Why?", "Role"], rows)
    assert (found.records, found.dropped) == (2, ())


# ---- rows more and rows less ----------------------------------------------------------------------------------------------


def rows_of(found: Export) -> int:
    return found.records + sum(d.count for d in found.dropped)


TABLES = [p for p in originals() if p.suffix == ".csv" and p.name in {
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


def test_a_row_with_an_even_number_of_stray_quotes_is_told(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "exports" / "meetup-event.csv").read_text(encoding="utf-8")
    damaged = text.replace(",,Yes", ',",Yes').replace("https://example.org/m/1", '"https://example.org/m/1')
    (tmp_path / "a.csv").write_text(damaged.replace(",No,No,", ",No,Yes,"), encoding="utf-8")
    found = read(tmp_path / "a.csv")
    assert [(d.reason, d.count) for d in found.dropped] == [(BETWEEN_QUOTES, 2)]
    assert found.records == 1


@pytest.mark.parametrize(("ident", "dropped"), [("-1", 1), ("0", 1), ("----1", 0), ("-²", 0), ("1", 0)])
def test_an_id_that_is_no_number_is_no_account_of_the_forum(ident: str, dropped: int, tmp_path: Path) -> None:
    text = "id,username,trust_level,posts_read_count\n" + f"{ident},a,1,3\n7,b,2,9\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert sum(d.count for d in read(tmp_path / "a.csv", "discourse-users").dropped) == dropped
