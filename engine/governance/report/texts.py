"""What every report says of the tool itself, from texts.yaml."""

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
class Field:
    """One field of a transparency record: an `answer` that may name things of the record, or what the organisation is to say."""

    number: str
    name: str
    answer: str
    ask: str

    def filled(self, values: Mapping[str, str]) -> str:
        """The answer; empty where it names nothing but what this record does not say."""
        return self.answer.format(**values).strip()


@dataclass(frozen=True)
class ReportTexts:
    use: tuple[str, ...]
    limits: tuple[str, ...]
    checked: tuple[str, ...]
    transparency: tuple[Field, ...]


@lru_cache(maxsize=1)
def report_texts() -> ReportTexts:
    """The texts, read once."""
    problems = Problems()
    reader = Reader.of(parse(FILE.read_text("utf-8"), str(FILE)), problems, "the texts", Place(str(FILE)))
    fields = [Reader.of(node, problems, "a field", Place(str(FILE))) for node in reader.items("transparency")]
    use, limits, checked = (
        tuple(" ".join(text.split()) for text in reader.words(key)) for key in ("use", "limits", "checked")
    )
    found = ReportTexts(use, limits, checked, tuple(_field(below) for below in fields))
    reader.done()
    problems.stop_if_any()
    return found


def _field(reader: Reader) -> Field:
    found = Field(
        reader.text("field", required=True),
        reader.text("name", required=True),
        reader.text("answer"),
        reader.text("ask"),
    )
    reader.done()
    return found
