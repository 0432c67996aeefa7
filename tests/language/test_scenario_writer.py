"""What is written reads back as the same scenario: for all that come along, and for generated ones."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import Place
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Expectation, Scenario, Stated, load_scenario, read_scenario
from sharedvalue.engine.language.scenario_writer import quoted, template, write_scenario
from sharedvalue.engine.language.source import UNSHOWN, Table, Text, parse
from sharedvalue.engine.language.types import (
    ChoiceType,
    MapType,
    NumberType,
    RecordsType,
    TextType,
    ValueType,
    YesNo,
)
from sharedvalue.engine.worlds import form
from sharedvalue.engine.worlds.belief import everything
from tests.cli.calling import SCENARIOS

HERE = Place("generated")


@cache
def book() -> RuleBook:
    return load()


def read(text: str) -> Scenario:
    return read_scenario(parse(text, "written.yaml"), book(), "written.yaml")


def essence(scenario: Scenario) -> object:
    """All that a scenario says; where it stood does not count."""
    stated = {name: (s.kind, s.values, s.confidence) for name, s in scenario.stated.items()}
    return (
        scenario.title,
        scenario.story,
        scenario.source,
        scenario.as_of,
        stated,
        dict(scenario.types),
        dict(scenario.texts),
        dict(scenario.records),
        scenario.expect,
    )


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_scenarios_that_come_along(path: Path) -> None:
    scenario = load_scenario(path, book())
    text = write_scenario(scenario, book())
    assert essence(read(text)) == essence(scenario)
    assert write_scenario(read(text), book()) == text, "written again, it is the same"


# --- generated scenarios ----------------------------------------------------------------------------------------------
texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=60).map(
    lambda t: " ".join(UNSHOWN.sub("", t).split())
)
names = texts.filter(bool)


def values(kind: ValueType) -> st.SearchStrategy[int]:
    if isinstance(kind, ChoiceType):
        return st.sampled_from(kind.codes)
    return st.integers(kind.lo, kind.hi) if isinstance(kind, NumberType) else st.integers(0, 1)


@st.composite
def stated(draw: st.DrawFn, kind: ValueType) -> Stated:
    form_of = draw(
        st.sampled_from(
            ["known", "known", "unknown", "listed", *(["range"] if isinstance(kind, NumberType) else [])]
        )
    )
    count = {"known": 1, "unknown": 0, "range": 2}.get(form_of) or (
        draw(st.integers(1, 3)) if form_of == "listed" else 0
    )
    found = [draw(values(kind)) for _ in range(count)]
    confidence = draw(st.sampled_from(["", "", "low", "medium", "high"]))
    return Stated(form_of, tuple(sorted(found) if form_of == "range" else found), confidence, HERE)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    said: dict[str, Stated] = {"has_sponsor": Stated("known", (1,), "", HERE)}
    types: dict[str, ValueType] = {"has_sponsor": YesNo()}
    words: dict[str, str] = {}
    records: dict[str, tuple[str, ...]] = {}
    lists = [f for f in book().facts.values() if isinstance(f.type, RecordsType) and not f.top_level]
    for fact in lists:
        assert isinstance(fact.type, RecordsType)
        keyed = any(spec.key for spec in fact.type.fields)
        if draw(st.booleans()):
            keys = draw(st.lists(names, max_size=3, unique_by=str.casefold))
            records[fact.name] = tuple(keys) if keyed else tuple(str(i + 1) for i in range(len(keys)))
    if "needs" in records:
        records.setdefault("sponsors", ())  # a map without its list would bring the list along
    for fact in book().facts.values():
        if isinstance(fact.type, RecordsType):
            for position, key in enumerate(records.get(fact.name, ())):
                for spec in fact.type.fields:
                    name = f"{fact.name}[{position}].{spec.name}"
                    if isinstance(spec.type, TextType):
                        if spec.key:
                            words[name] = key
                        elif spec.type.unit == "text" and draw(st.booleans()):
                            words[name] = draw(texts)
                    elif isinstance(spec.type, MapType):
                        for other in range(len(records.get(spec.type.list, ()))):
                            inner = f"{name}[{other}]"
                            options = everything(spec.type.of).values()
                            if isinstance(spec.default, int) or draw(st.booleans()):
                                said[inner], types[inner] = (
                                    Stated("known", (draw(st.sampled_from(options)),), "", HERE),
                                    spec.type.of,
                                )
                    elif isinstance(spec.default, int) or draw(st.booleans()):
                        said[name], types[name] = draw(stated(spec.type)), spec.type
        elif isinstance(fact.type, TextType):
            if draw(st.booleans()):
                words[fact.name] = draw(texts)
        elif not fact.required and draw(st.booleans()):
            said[fact.name], types[fact.name] = draw(stated(fact.type)), fact.type
    expect = draw(
        st.sampled_from(
            [None, Expectation("KEEP_COURSE", None), Expectation("KEEP_COURSE", frozenset({"as_is"}))]
        )
    )
    as_of = draw(st.sampled_from([None, dt.date(2026, 11, 24)]))
    return Scenario(
        draw(names), draw(texts), draw(texts), as_of, "generated", said, types, words, records, expect, ()
    )


@given(scenarios())
def test_generated_scenarios(scenario: Scenario) -> None:
    assert essence(read(write_scenario(scenario, book()))) == essence(scenario)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_quoted_so_that_it_reads_back(text: str) -> None:
    kept = UNSHOWN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for line in (f"a: {quoted(text)}  # comment", f"a: {{b: {quoted(text)}, c: d}}"):
        tree = parse(line, "x")
        assert isinstance(tree, Table)
        found = tree.entries["a"]
        found = found.entries["b"] if isinstance(found, Table) else found
        assert isinstance(found, Text)
        assert found.value == kept
        assert not found.plain or kept.lower() not in ("", "~", "null", "unknown")


def test_template_holds_every_fact_and_is_decided() -> None:
    text = template(book(), 'A "new" community: ours')
    scenario = read(text)
    assert scenario.title == 'A "new" community: ours'
    assert all(f"{name}:" in text for name in book().facts)
    assert all(s.kind == "unknown" for name, s in scenario.stated.items() if name != "has_sponsor")
    assert max(map(len, text.splitlines())) <= 150
    assert decide(form(book(), scenario)).outcome == "NOT_YET"
