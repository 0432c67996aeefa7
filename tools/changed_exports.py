"""Exports that were changed on their way, by the ten thousand: each is read or refused with a code, and no count changes in silence.

    python -m tools.changed_exports --files 50000        (or: nox -s exports -- --files 50000)

A file is changed anywhere in its bytes, and what was counted is held against the standard library's own reading of the same bytes;
or it is damaged in a way that a person would not see (a quote that stays open, rows that run together), and then the damage must be
told. Ends with 1 where one was not; the number of the file makes it again.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.evidence.built_in import built_in
from sharedvalue.engine.evidence.export import Column, Export
from sharedvalue.engine.evidence.guess import skeleton
from sharedvalue.engine.evidence.inspect import inspect_json
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.read import read
from sharedvalue.engine.evidence.tally import BETWEEN_QUOTES
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook

HERE = Path(__file__).resolve().parents[1] / "tests" / "evidence"
LARGEST = 30_000  # bytes; a small file breaks in as many ways, and faster
COUNTED = ("choice", "scale", "grid-row", "rank")
SAID = ("", "", "", "plain", "google-forms", "zoom")  # what a person may say of a file, most often nothing
BITS = (
    b"", b",", b";", b"\t", b'"', b"\n", b"\r\n", b"\0", b"\xff", b"\xe9", "é".encode(), "名".encode(), b"[", b"]", b"{", b"}", b"<",
    b"1", b"NA", b" ",
)  # fmt: skip


def originals() -> tuple[Path, ...]:
    """The exports of the tests, small ones of every kind."""
    found = (path for folder in ("exports", "found", "elsewhere") for path in (HERE / folder).iterdir())
    kinds = (".csv", ".json", ".xml", ".txt", ".tsv")
    return tuple(sorted(p for p in found if p.suffix in kinds and p.stat().st_size < LARGEST))


# --- changes --------------------------------------------------------------------------------------------------------
def changed(raw: bytes, chance: random.Random) -> bytes:
    """One to six pieces put in, taken out, repeated or overwritten, anywhere."""
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


def _one(lines: list[str], chance: random.Random, but_last: bool = False) -> int:
    """A row without quotes, that damage meets."""
    found = [i for i, line in enumerate(lines[: len(lines) - but_last]) if '"' not in line]
    return chance.choice(found or [0])


def quote_opened(lines: list[str], mark: str, chance: random.Random) -> list[str]:
    at = _one(lines, chance)
    cells = lines[at].split(mark)
    which = chance.randrange(len(cells))
    cells[which] = '"' + cells[which]
    return [*lines[:at], mark.join(cells), *lines[at + 1 :]]


def two_quotes_opened(lines: list[str], mark: str, chance: random.Random) -> list[str]:
    return quote_opened(quote_opened(lines, mark, chance), mark, chance)


def rows_run_together(lines: list[str], _mark: str, chance: random.Random) -> list[str]:
    at = _one(lines, chance, but_last=True)
    return [*lines[:at], "".join(lines[at : at + 2]), *lines[at + 2 :]]


def row_broken(lines: list[str], mark: str, chance: random.Random) -> list[str]:
    at = _one(lines, chance)
    cells = lines[at].split(mark)
    cut = chance.randrange(1, max(2, len(cells)))
    return [*lines[:at], mark.join(cells[:cut]), mark.join(cells[cut:]), *lines[at + 1 :]]


def separator_more(lines: list[str], mark: str, chance: random.Random) -> list[str]:
    at = _one(lines, chance)
    return [*lines[:at], lines[at] + mark + "x", *lines[at + 1 :]]


Damage = Callable[[list[str], str, random.Random], list[str]]
DAMAGE: tuple[Damage, ...] = (
    quote_opened, two_quotes_opened, rows_run_together, row_broken, separator_more,
)  # fmt: skip


# --- what must hold -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Original:
    """A file as it is, and what was read of it."""

    path: Path
    raw: bytes
    found: Export

    @cached_property
    def lines(self) -> list[str]:
        """The rows below the headings, each as text; none for what is no table."""
        if not self.found.delimiter or self.path.suffix != ".csv":
            return []
        rows = _rows(self.found, self.raw)[self.found.header_lines :]
        return [_written(row, self.found.delimiter) for row in rows if any(row)]

    @property
    def above(self) -> list[str]:
        return [
            _written(row, self.found.delimiter)
            for row in _rows(self.found, self.raw)[: self.found.header_lines]
        ]


def _written(row: list[str], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(row)
    return out.getvalue()


def untold(found: Export, raw: bytes) -> str:
    """What was counted otherwise than the standard library counts it, and not told; '' for nothing."""
    rows = [tuple(row) for row in found.rows()]
    if len(rows) != found.records:
        return f"{found.records} records told, {len(rows)} given"
    if found.delimiter and found.file.suffix not in (".json", ".xml"):
        table = _rows(found, raw)[found.header_lines :]
        told = found.records + sum(d.count for d in found.dropped if d.reason != BETWEEN_QUOTES)
        if told != len(table) and not (told < len(table) and lost(found)):
            return f"{len(table)} rows in the file; {told} kept or dropped"
        width = len(found.columns)
        there = Counter(tuple((row + [""] * width)[:width]) for row in table)
        if found.format not in BLANKED and (made := Counter(rows) - there):
            return f"a record that is in no row: {next(iter(made))}"
    for column in found.columns:
        if column.kind in COUNTED and (wrong := _miscounted(column, rows)):
            return wrong
    return ""


def lost(found: Export) -> int:
    """How many lines stand within one cell, so that they are rows no more."""
    return sum(d.count for d in found.dropped if d.reason == BETWEEN_QUOTES)


CUT = "The file ends in the middle of a character: it looks cut off."
BLANKED = ("qualtrics", "limesurvey")  # a word for "not asked" is read as a blank cell


def _rows(found: Export, raw: bytes) -> list[list[str]]:
    """All rows, by csv alone."""
    text = raw.decode(_codec(found.encoding), "ignore" if CUT in found.notes else "strict")
    if text.startswith(("sep=", "\ufeffsep=")):
        text = text.partition("\n")[2]
    csv.field_size_limit(10_000_000)
    lines = (line.replace("\ufeff", "").replace("\0", "") for line in io.StringIO(text, newline=""))
    rows = csv.reader(lines, delimiter=found.delimiter)
    return [[unicodedata.normalize("NFC", cell.strip()) for cell in row] for row in rows]


def _codec(name: str) -> str:
    return {"shift-jis": "cp932"}.get(name, name.replace("windows-", "cp"))


def _miscounted(column: Column, rows: Sequence[tuple[str, ...]]) -> str:
    cells = Counter(folded(row[column.index]) for row in rows if row[column.index])
    if column.answered != cells.total():
        return f"'{column.name[:40]}': {column.answered} answered, {cells.total()} cells hold something"
    if sum(a.n for a in column.answers) + column.others != column.answered:
        return f"'{column.name[:40]}': its answers and the rest do not make {column.answered}"
    for answer in column.answers:
        if cells[folded(answer.label)] != answer.n:
            return f"'{column.name[:40]}': {answer.n} said '{answer.label[:40]}', {cells[folded(answer.label)]} cells do"
    return ""


def _told_of(damaged: Export, before: Export) -> bool:
    """Whether a person hears of the damage, or nothing was counted otherwise."""
    if (damaged.dropped, damaged.notes, damaged.format) != (before.dropped, before.notes, before.format):
        return True
    alike = [(c.name, c.answered) for c in damaged.columns] == [(c.name, c.answered) for c in before.columns]
    return damaged.records == before.records and alike


# --- one file -------------------------------------------------------------------------------------------------------
class Changing:
    """The originals, each read once, and a folder to write in."""

    def __init__(self, folder: Path, book: RuleBook | None = None) -> None:
        self.folder, self.book = folder, book or load(())
        self.all = tuple(Original(path, path.read_bytes(), read(path)) for path in originals())
        self.tables = tuple(each for each in self.all if len(each.lines) > 2)

    def try_one(self, number: int) -> str:
        """What is wrong with how a changed file was read; '' for nothing. Whatever is no error of a user is raised."""
        chance = random.Random(number)
        if chance.random() < 0.25:
            return self.damaged(chance.choice(self.tables), chance.choice(DAMAGE), chance)
        return self.anywhere(chance)

    def anywhere(self, chance: random.Random) -> str:
        raw = changed(chance.choice(self.all).raw, chance)
        path = self.folder / f"a{chance.choice(('.csv', '.json', '.txt'))}"
        path.write_bytes(raw)
        try:
            found = read(path, chance.choice(SAID))
        except UserError:
            return ""
        inspect_json(found)
        built_in(found)
        skeleton(found, self.book)
        return untold(found, raw)

    def damaged(self, before: Original, how: Damage, chance: random.Random) -> str:
        below = how(before.lines, before.found.delimiter, chance)
        raw = "\n".join([*before.above, *below, ""]).encode(_codec(before.found.encoding))
        path = self.folder / "b.csv"
        path.write_bytes(raw)
        try:
            found = read(path, before.found.format)
        except UserError:
            return ""
        if not _told_of(found, before.found):
            return f"{before.path.name}, {how.__name__.replace('_', ' ')}: {found.records} records instead of {before.found.records}, not told"
        return untold(found, raw)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=2_000)
    options.add_argument("--first", type=int, default=0, help="the number of the first file")
    given = options.parse_args()

    def tell(text: str) -> None:
        print(text, flush=True)  # noqa: T201  # a tool

    begun, wrong = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder:
        changing = Changing(Path(folder))
        for number in range(given.first, given.first + given.files):
            try:
                problem = changing.try_one(number)
            except Exception as error:  # noqa: BLE001  # whatever it is, it is what is looked for
                problem = f"{type(error).__name__}: {error}"
            if problem:
                wrong += 1
                tell(f"WRONG  file {number}: {problem}")
            if number % 5_000 == 4_999:
                tell(f"{number + 1 - given.first:,} files, {wrong} wrong, {time.monotonic() - begun:.0f} s")
    tell(f"{given.files:,} changed files, {wrong} wrong, {time.monotonic() - begun:.0f} s")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
