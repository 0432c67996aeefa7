"""The words of reports, and what every report says of the tool itself, from texts.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sharedvalue.engine.errors import Place, Problems
from sharedvalue.engine.governance.report.blocks import Block, table
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.source import parse

FILE = Path(__file__).with_name("texts.yaml")


@dataclass(frozen=True)
class TableTexts:
    """What stands over a table, what its sheet is called in a workbook, and the heads of its columns."""

    caption: str
    sheet: str
    head: tuple[str, ...]


@dataclass(frozen=True)
class RestsTexts:
    """Something that a fact may rest on: what it is called, how one and several facts are counted, and how sure one is."""

    rests: str
    one: str
    several: str
    sure: str

    def counted(self, count: int) -> str:
        return f"{count} {self.several if count > 1 else self.one}"


@dataclass(frozen=True)
class ReportTexts:
    sentences: Mapping[str, str]
    headings: Mapping[str, str]
    tables: Mapping[str, TableTexts]
    facts: Mapping[str, RestsTexts]
    use: tuple[str, ...]
    limits: tuple[str, ...]
    checked: tuple[str, ...]


@lru_cache(maxsize=1)
def report_texts() -> ReportTexts:
    """The texts, read once."""
    problems = Problems()
    reader = Reader.of(parse(FILE.read_text("utf-8"), str(FILE)), problems, "the texts", Place(str(FILE)))
    use, limits, checked = (
        tuple(" ".join(text.split()) for text in reader.words(key)) for key in ("use", "limits", "checked")
    )
    found = ReportTexts(
        _named(reader, "sentences"),
        _named(reader, "headings"),
        {name: _table(below) for name, below in reader.each("tables", "a table")},
        {name: _rests(below) for name, below in reader.each("facts", "what a fact rests on")},
        use,
        limits,
        checked,
    )
    reader.done()
    problems.stop_if_any()
    return found


def _named(reader: Reader, key: str) -> dict[str, str]:
    below = reader.reader(key, required=True)
    return {} if below is None else {name: below.text(name) for name in below.table.entries}


def _table(reader: Reader) -> TableTexts:
    found = TableTexts(
        reader.text("caption", required=True), reader.text("sheet", required=True), reader.words("head")
    )
    reader.done()
    return found


def _rests(reader: Reader) -> RestsTexts:
    found = RestsTexts(*(reader.text(key, required=True) for key in ("rests", "one", "several", "sure")))
    reader.done()
    return found


def said(name: str, **values: str) -> str:
    """One sentence of texts.yaml with its places filled."""
    return " ".join(report_texts().sentences[name].format(**values).split())


def heading(name: str) -> Block:
    """The heading of a section."""
    return Block("heading", report_texts().headings[name])


def told_in(name: str, rows: Sequence[tuple[str, ...]]) -> Block:
    """A table of texts.yaml with these rows."""
    texts = report_texts().tables[name]
    return table(texts.caption, texts.head, rows, texts.sheet)
