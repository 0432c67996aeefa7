"""What rules lean on: the article and its claims, the sources, the actions and the risks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sharedvalue.engine.errors import Place
from sharedvalue.engine.language.expressions import Written
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.rules import expression


@dataclass(frozen=True)
class Article:
    """The article whose words are quoted, and how it must be attributed: in full, and in short beside a quote."""

    title: str
    publisher: str
    licence: str
    url: str
    attribution: str
    credit: str = ""


@dataclass(frozen=True)
class Claim:
    """One claim of the article, with its exact words. `stands_when` is where they may be said of a case (None: of any)."""

    id: str
    sentence: str
    type: str
    says: str
    quote: str
    modality: str
    place: Place
    stands_when: Written | None = None


@dataclass(frozen=True)
class Source:
    id: str
    cite: str
    url: str
    note: str


@dataclass(frozen=True)
class Advice:
    """An action to take or a risk to know: the short text, and more about it. `when` is where it fits, whoever names it."""

    id: str
    text: str
    detail: str
    modality: str
    cites: tuple[str, ...]
    sources: tuple[str, ...]
    place: Place
    when: Written | None = None


def read_article(reader: Reader) -> Article:
    article = Article(
        reader.text("title", required=True),
        reader.text("publisher", required=True),
        reader.text("licence", required=True),
        reader.text("licence_url") or reader.text("url"),
        reader.text("attribution", required=True),
        reader.text("credit"),
    )
    for key in ("url", "licence_url", "note", "source"):
        reader.node(key)
    reader.done()
    return article


def read_claims(reader: Reader) -> Mapping[str, Claim]:
    claims = {}
    for name, below in reader.each("claims", "claim"):
        claims[name] = Claim(
            name,
            below.text("sentence", required=True),
            below.text("type", required=True),
            below.text("says", required=True),
            below.text("quote", required=True),
            below.text("modality"),
            below.table.place,
            expression(below, "stands_when"),
        )
        below.done()
    return claims


def read_sources(reader: Reader) -> Mapping[str, Source]:
    sources = {}
    for name, below in reader.each("sources", "source"):
        sources[name] = Source(name, below.text("cite", required=True), below.text("url"), below.text("note"))
        below.done()
    return sources


def read_advice(reader: Reader, key: str, what: str) -> Mapping[str, Advice]:
    found = {}
    for name, below in reader.each(key, what):
        found[name] = Advice(
            name,
            below.text("text", required=True),
            below.text("detail"),
            below.text("modality"),
            below.words("cites"),
            below.words("sources"),
            below.table.place,
            expression(below, "when"),
        )
        below.done()
    return found
