"""The conditions of rules as sentences: every one of the rule book, and each kind of expression from both sides."""

from __future__ import annotations

import re

import pytest

from sharedvalue.engine.errors import Place
from sharedvalue.engine.language.expressions import read
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.source import Text
from sharedvalue.engine.telling.conditions import Said, flat, said

BOOK = load()


def sentence(text: str, **records: str) -> str:
    return flat(read(Text(text, Place("test"))).node, BOOK, records)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("contribution >= contribution_shift", "contribution is 40* or more"),
        ("not contribution >= contribution_shift", "contribution is below 40*"),
        ("contribution < 30 and has_sponsor", "contribution is below 30 and has a sponsor"),
        ("not (contribution < 30 and has_sponsor)", "contribution is 30 or more or not: has a sponsor"),
        ("sponsor_stance == 'fixed'", "the sponsor's stance is “fixed, it has to stay as it is”"),
        (
            "meeting_mode in ['online', 'mixed']",
            "how members meet is “online” or “partly online, partly in a room”",
        ),
        ("meeting_mode not in ['online']", "how members meet is not “online”"),
        ("need_fixed", "need fixed"),
    ],
)
def test_an_expression_is_told_as_a_sentence(written: str, told: str) -> None:
    assert sentence(written) == told


def test_a_condition_keeps_its_parts() -> None:
    found = said(
        read(Text("has_sponsor and (contribution < 30 or need_fixed)", Place("test"))).node, BOOK, {}
    )
    assert (found.kind, [part.kind for part in found.parts]) == ("all", ["one", "any"])
    assert found.parts[1].parts[0] == Said("one", "contribution is below 30")


def test_every_condition_of_the_rule_book_is_words() -> None:
    told = {
        (rule.id, block.part): flat(block.when.node, BOOK, dict(block.records))
        for rule in BOOK.rules.values()
        for block in rule.blocks
        if block.when is not None
    }
    assert len(told) > 80
    for where, text in told.items():
        assert not re.search(r"[a-z]_[a-z]|[<>=]=|\bNone\b", text), (where, text)
