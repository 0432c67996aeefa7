"""What people write as a value, read alike at every door; what could mean two things is asked back."""

from __future__ import annotations

from pathlib import Path

import pytest

from sharedvalue.engine.errors import Place, Problems, UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import scenarios_folder
from sharedvalue.engine.language.scenario import Stated, load_scenario, read_stated, with_values
from sharedvalue.engine.language.scenario_writer import written_stated
from sharedvalue.engine.language.source import Text
from sharedvalue.engine.language.types import ChoiceType, NumberType, ValueType, YesNo
from sharedvalue.engine.questions.ask import Interview
from sharedvalue.engine.questions.portfolio_rows import portfolio_of

BOOK = load()
PERCENT, COUNT, WEIGHT = NumberType.of("percent"), NumberType.of("count"), NumberType.of("weight")
SERVES = NumberType("number", 0, 1000, values=(0, 500, 1000))
JUDGED = BOOK.facts["contribution"].type
assert isinstance(JUDGED, NumberType)
CHOICE = ChoiceType.of(("fixed", "in_dialogue"))


def read(text: str, kind: ValueType) -> tuple[str, tuple[int, ...]] | str:
    """The kind and values that a text states; the mend where it is refused."""
    problems = Problems()
    found = read_stated(Text(text, Place("here")), kind, "it", problems)
    if problems.found:
        return problems.found[0].mend
    assert isinstance(found, Stated)
    return found.kind, found.values


@pytest.mark.parametrize(
    ("text", "kind", "stated"),
    [
        ("72", PERCENT, ("known", (720,))),
        ("72 %", PERCENT, ("known", (720,))),
        ("72%", PERCENT, ("known", (720,))),
        ("about 72", PERCENT, ("known", (720,))),
        ("0.7 %", PERCENT, ("known", (7,))),
        ("0", PERCENT, ("known", (0,))),
        ("1", PERCENT, ("known", (10,))),
        ("60-80", PERCENT, ("range", (600, 800))),
        ("60 – 80 %", PERCENT, ("range", (600, 800))),
        ("60 % to 80 %", PERCENT, ("range", (600, 800))),
        ("between 60 and 80", PERCENT, ("range", (600, 800))),
        ("60..80", PERCENT, ("range", (600, 800))),
        ("-20 - -10", NumberType.of("percent", -100, 300), ("range", (-200, -100))),
        ("20|50", PERCENT, ("listed", (200, 500))),
        ("60 %", WEIGHT, ("known", (600,))),
        ("0.6", WEIGHT, ("known", (600,))),
        ("0.5", SERVES, ("known", (500,))),
        ("50 %", SERVES, ("known", (500,))),
        ("In dialogue", CHOICE, ("known", (1,))),
        ("fixed | in-dialogue", CHOICE, ("listed", (0, 1))),
        ("yes", YesNo(), ("known", (1,))),
        ("unknown", PERCENT, ("unknown", ())),
        ("partly", JUDGED, ("known", (400,))),
        ("Almost wholly", JUDGED, ("known", (900,))),
        ("partly..largely", JUDGED, ("range", (300, 790))),
        ("partly to largely", JUDGED, ("range", (300, 790))),
        ("30-50 %", JUDGED, ("range", (300, 500))),
    ],
)
def test_what_is_read(text: str, kind: ValueType, stated: tuple[str, tuple[int, ...]]) -> None:
    assert read(text, kind) == stated


@pytest.mark.parametrize(
    ("text", "kind", "mend"),
    [
        ("0.7", PERCENT, "If it is 70 %, write 70; if it is less than one percent, write '0.7 %'."),
        ("0.72", PERCENT, "If it is 72 %, write 72."),
        (
            "-0.5",
            NumberType.of("percent", -100, 300),
            "If it is -50 %, write -50; if it is less than one percent, write '-0.5 %'.",
        ),
        ("33.33", PERCENT, "Values are kept to 1/10 of a unit: write 33.3."),
        ("0.72 %", PERCENT, "Values are kept to 1/10 of a unit: write 0.7 %."),
        ("1.480", COUNT, "If it is 1,480, write 1480: without a mark for the thousands."),
        ("1,480", COUNT, "If it is 1,480, write 1480: without a mark for the thousands."),
        ("12.5", COUNT, "It must be a whole number from 0 to 100000000; or write unknown."),
        ("72,5", PERCENT, "Write 72.5, with a point."),
        ("٦٠", PERCENT, "Write it in plain digits: 60."),
        ("６０", PERCENT, "Write it in plain digits: 60."),
        ("7²", PERCENT, "It must be a number from 0 to 100 with at most one decimal; or write unknown."),
        ("70", WEIGHT, "If it is 70 of 100, write 0.7."),
        ("70 %", COUNT, "It is no share: write a whole number from 0 to 100000000, without %."),
        ("80-60", PERCENT, "Write the lower one first: 60..80."),
        ("0.7", SERVES, "It must be one of: 0, 0.5, 1; or write unknown."),
        (
            "#N/A",
            PERCENT,
            "This is an error of a spreadsheet: mend its formula, or leave it empty where the value is unknown.",
        ),
        ("fixd", CHOICE, "Did you mean fixed? It must be one of: fixed, in_dialogue; or write unknown."),
        ("120", PERCENT, "It must be a number from 0 to 100 with at most one decimal; or write unknown."),
    ],
)
def test_what_is_asked_back(text: str, kind: ValueType, mend: str) -> None:
    assert read(text, kind) == mend


@pytest.mark.parametrize("value", [0, 1, 5, 9, 10, 11, 995, 1000])
def test_what_is_written_is_read_back(value: int) -> None:
    stated = Stated("known", (value,), "", Place(""))
    assert read(written_stated(stated, PERCENT), PERCENT) == ("known", (value,))


DOORS = ("a file", "--set", "a table", "the interview")


def at_the_door(door: str, text: str, folder: Path) -> tuple[str, tuple[int, ...]]:
    """What a door makes of a text for contribution."""
    file = folder / "case.yaml"
    if door == "a file":
        file.write_text(f"scenario: 1\nfacts: {{has_sponsor: true, contribution: '{text}'}}\n")
        stated = load_scenario(file, BOOK).stated
    elif door == "--set":
        file.write_text("scenario: 1\nfacts: {has_sponsor: true}\n")
        stated = with_values(load_scenario(file, BOOK), BOOK, {"contribution": text}).stated
    elif door == "a table":
        portfolio = portfolio_of(["has_sponsor", "contribution"], [["true", text]], "t.csv", BOOK)
        if portfolio.bad:
            raise UserError(portfolio.bad[0])
        stated = portfolio.scenario(0).stated
    else:
        stated = answered(text)
    return stated["contribution"].kind, stated["contribution"].values


def answered(text: str) -> dict[str, Stated]:
    """What the interview makes of it, where all but the contribution is given or as it is assumed."""
    case = load_scenario(scenarios_folder() / "neophytes-and-experts.yaml", BOOK)
    interview = Interview(BOOK, with_values(case, BOOK, {"contribution": "unknown"}))
    while interview.question is not None and interview.question.key != "contribution":
        interview.as_assumed()
    interview.answer(text)
    return dict(interview.scenario.stated)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("text", ["60-80", "60..80", "60 % to 80 %", "72 %"])
def test_every_door_reads_alike(door: str, text: str, tmp_path: Path) -> None:
    wanted = ("known", (720,)) if text == "72 %" else ("range", (600, 800))
    assert at_the_door(door, text, tmp_path) == wanted


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("text", ["0.7", "0.72", "72,5", "７２", "120", "#N/A", "80-60"])
def test_every_door_refuses_alike(door: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        at_the_door(door, text, tmp_path)
    assert [p.code for p in caught.value.problems] == ["SV205"]
