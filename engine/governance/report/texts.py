"""The sentences of reports, and what every report says of the tool itself, from texts.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sharedvalue.engine.errors import Place, Problems
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.source import parse

FILE = Path(__file__).with_name("texts.yaml")


@dataclass(frozen=True)
class ReportTexts:
    sentences: Mapping[str, str]
    use: tuple[str, ...]
    limits: tuple[str, ...]
    checked: tuple[str, ...]


@lru_cache(maxsize=1)
def report_texts() -> ReportTexts:
    """The texts, read once."""
    problems = Problems()
    reader = Reader.of(parse(FILE.read_text("utf-8"), str(FILE)), problems, "the texts", Place(str(FILE)))
    below = reader.reader("sentences", required=True)
    sentences = {} if below is None else {name: below.text(name) for name in below.table.entries}
    use, limits, checked = (
        tuple(" ".join(text.split()) for text in reader.words(key)) for key in ("use", "limits", "checked")
    )
    reader.done()
    problems.stop_if_any()
    return ReportTexts(sentences, use, limits, checked)


def said(name: str, **values: str) -> str:
    """One sentence of texts.yaml with its places filled."""
    return " ".join(report_texts().sentences[name].format(**values).split())
