"""Small exports written for a test, and the real surveys, for the tests of this folder."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.mapping import Mapping, mapping_of
from sharedvalue.engine.evidence.read import read
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.source import parse

BOOK = load()
TODAY = dt.date(2026, 6, 1)
DATA = Path(__file__).parent / "data"
SPACK_2020 = DATA / "spack-user-survey" / "spack-user-survey-2020-responses.csv"
SPACK_2021 = DATA / "spack-user-survey" / "spack-user-survey-2021-responses.csv"
STACKS = DATA / "stacks-governance" / "results-anonymized-randomized.csv"


def export(folder: Path, name: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Export:
    """A CSV file in a folder, read as any other."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([heads, *rows])
    return read(path)


def mapping(text: str, file: str = "mapping.yaml") -> Mapping:
    return mapping_of(parse(text, file), file, BOOK)


def table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Heads and rows by the standard library alone, each cell trimmed."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        heads, *rows = [[cell.strip() for cell in row] for row in csv.reader(stream)]
    return heads, rows
