"""`import sharedvalue`: the same answers as the commands, from whatever a case is written in, and shown in a notebook."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import polars as pl
import pytest

import sharedvalue as sv
from sharedvalue.frames import texts
from tests.cli.calling import call
from tools import notebook

ROOT = Path(__file__).resolve().parents[2]
CASE = "neophytes-and-experts"
OPENNESS = "openness_to_realign"


@pytest.fixture(scope="module")
def book() -> sv.Book:
    return sv.load()


@pytest.fixture(scope="module")
def answer(book: sv.Book) -> sv.Answer:
    return book.decide(CASE)


ASKED: list[tuple[Callable[[sv.Answer], Any], list[str]]] = [
    (lambda a: a, ["decide", CASE]),
    (lambda a: a.why(), ["why", CASE]),
    (lambda a: a.why("S08"), ["why", CASE, "S08"]),
    (lambda a: a.why_not("keep-course"), ["why-not", CASE, "keep-course"]),
    (lambda a: a.what_if(contribution=66), ["what-if", CASE, "--set", "contribution=66"]),
    (
        lambda a: a.what_if({"segments[experts].overlap": (20, 30)}, sponsor_stance=["fixed", "negotiable"]),
        [
            "what-if",
            CASE,
            "--set",
            "segments[experts].overlap=20..30",
            "--set",
            "sponsor_stance=fixed|negotiable",
        ],
    ),
    (lambda a: a.flips(), ["flip", CASE]),
    (
        lambda a: a.flips("keep-course", keep=["contribution"]),
        ["flip", CASE, "--to", "keep-course", "--keep", "contribution"],
    ),
    (lambda a: a.reasons(), ["reasons", CASE, "--all"]),
    (lambda a: a.sensitivity(), ["sensitivity", CASE]),
    (lambda a: a.map("contribution", OPENNESS), ["map", CASE, "--x", "contribution", "--y", OPENNESS]),
    (
        lambda a: a.sweep({OPENNESS: range(0, 101, 5), "sponsor_stance": None}, vary_unknown=True),
        ["sweep", CASE, "--vary", f"{OPENNESS}=0..100/5", "--vary", "sponsor_stance", "--vary-unknown"],
    ),
]


@pytest.mark.parametrize("ask, command", ASKED, ids=[" ".join(command) for _, command in ASKED])
def test_every_question_says_what_its_command_says(
    answer: sv.Answer, ask: Callable[[sv.Answer], Any], command: list[str]
) -> None:
    found = ask(answer)
    assert json.loads(json.dumps(found.to_dict())) == json.loads(call(*command, "--json").out)
    printed = call(*command).out.split("    Next: ")[0]  # which command goes on is said by commands only
    assert str(found).strip() == printed.strip()
    assert "<pre" in found._repr_html_()
    assert len(repr(found)) < 200
    picture = found._repr_svg_()
    if picture is not None:
        ElementTree.fromstring(picture)


def test_a_case_may_be_a_file_a_name_facts_or_a_whole_scenario(book: sv.Book, tmp_path: Path) -> None:
    facts = {
        "has_sponsor": True,
        "sponsor_value_now": (20, 45),
        "sponsor_stance": ["fixed", "negotiable"],
        "overlap_short": None,
    }
    written = tmp_path / "case.yaml"
    written.write_text(
        "scenario: 1\ntitle: A case\nfacts: {has_sponsor: true, sponsor_value_now: {between: [20, 45]}, "
        "sponsor_stance: {one_of: [fixed, negotiable]}, overlap_short: unknown}\n",
        encoding="utf-8",
    )
    one = book.decide(facts, title="A case")
    assert one.to_dict()["scenario"] == "A case"
    for case in (str(written), written, {"title": "A case", "facts": facts}):
        assert book.decide(case).to_dict() | {"file": ""} == one.to_dict() | {"file": ""}


def test_records_are_lists_of_mappings(book: sv.Book) -> None:
    case = {
        "has_sponsor": True,
        "segments": [{"name": "experts", "count": 20, "overlap": (40, 60), "target": True}],
    }
    scenario = book.scenario(case)
    assert scenario.records["segments"] == ("experts",)
    assert scenario.stated["segments[0].overlap"].values == (400, 600)


def test_mistakes_are_told_with_their_mend(book: sv.Book) -> None:
    with pytest.raises(sv.UserError, match="SV204") as caught:
        book.decide({"has_sponsor": True, "sponsor_valu_now": 3})
    assert "sponsor_value_now" in caught.value.problems[0].mend
    with pytest.raises(sv.UserError, match="SV101"):
        book.decide("no-such-case")


def test_house_rules_are_laid_over_it(book: sv.Book, tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text(
        "thresholds: {value_unmet: {value: 30, because: Ours.}}\n", encoding="utf-8"
    )
    for rules in (tmp_path, str(tmp_path), [tmp_path]):
        assert sv.load(rules=rules).hash != book.hash
    assert sv.load().hash == book.hash


def test_every_shipped_case_is_found_by_its_name(book: sv.Book) -> None:
    assert CASE in sv.scenarios()
    assert set(sv.scenarios()) == {path.stem for path in (ROOT / "scenarios").glob("*.yaml")}


COLUMNS: dict[str, list[object]] = {
    "community": ["north", "south"],
    "has_sponsor": [True, False],
    "member_value_now": [30.0, None],
    "contribution": ["20..50", None],
}


@pytest.mark.parametrize("make", [dict, pl.DataFrame, pd.DataFrame])
def test_a_frame_comes_out_as_it_went_in(book: sv.Book, make: Callable[[Any], Any]) -> None:
    found = book.portfolio(make(COLUMNS))
    assert type(found.frame) is make
    assert list(found.frame["community"]) == ["north", "south"]
    csv = "community,has_sponsor,member_value_now,contribution\nnorth,true,30,20..50\nsouth,false,,\n"
    assert list(found.frame["outcome"]) == [row.outcome for row in _of_csv(book, csv)]
    assert found.to_dict()["communities"] == 2
    assert "2 of 2 communities decided" in str(found)


def _of_csv(book: sv.Book, text: str) -> tuple[Any, ...]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_text(text, encoding="utf-8")
        return book.portfolio(path).value.rows


def test_what_is_missing_in_a_frame_is_an_empty_cell() -> None:
    frame = pd.DataFrame(
        {"a": [1.0, float("nan")], "b": pd.array([True, None], dtype="boolean"), "c": [pd.NaT, "x"]}
    )
    assert texts(frame) == (["a", "b", "c"], [["1", "true", ""], ["", "", "x"]])
    with pytest.raises(TypeError, match="a frame of polars or pandas"):
        texts(3)


def test_the_notebook_shows_what_it_says_it_shows() -> None:
    assert notebook.NOTEBOOKS
    for path in notebook.NOTEBOOKS:
        text = path.read_text(encoding="utf-8")
        assert notebook.written(notebook.run(json.loads(text))) == text, "python -m tools.notebook"


def test_importing_it_imports_nothing_else() -> None:
    look = "import sys, sharedvalue; print([n for n in sys.modules if n.startswith(('sharedvalue.', 'polars', 'z3', 'click'))])"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert set(sv.__all__) <= set(dir(sv))
    with pytest.raises(AttributeError, match="nothing_like_this"):
        getattr(sv, "nothing_like_" + "this")
