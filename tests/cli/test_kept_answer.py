"""What takes seconds to prove of a rule book is proven once, and told as what it is when it is shown again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from sharedvalue.cli.call import Call
from sharedvalue.cli.kept_answer import answered
from sharedvalue.cli.progress import Progress
from sharedvalue.cli.rules_compare import content_of


class Working:
    """Says how often it was asked to work."""

    def __init__(self, complete: bool = True) -> None:
        self.times, self.complete = 0, complete

    def __call__(self, progress: Progress | None) -> tuple[Iterable[str], Mapping[str, object], bool, bool]:
        self.times += 1
        return iter(["Sound", "é"]), {"schema": "x/1", "run": self.times}, False, self.complete


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHAREDVALUE_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_the_same_question_is_worked_out_once(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work, call = Working(), Call()
    first = answered(call, ("check", "book 1"), "shapes", work)
    assert capsys.readouterr().err == ""
    again = answered(call, ("check", "book 1"), "shapes", work)
    assert (again, work.times) == (first, 1)
    assert again.told["checked_on"] == again.on
    assert f"As checked on {again.on}" in capsys.readouterr().err
    answered(call, ("check", "book 2"), "shapes", work)
    assert work.times == 2


def test_what_a_budget_cut_short_is_not_kept(cache: Path) -> None:
    work = Working(complete=False)
    for _ in range(2):
        answered(Call(), ("check",), "shapes", work)
    assert work.times == 2
    assert not list(cache.glob("*.answer"))


def test_what_cannot_be_trusted_is_worked_out_again(cache: Path) -> None:
    work = Working()
    answered(Call(), ("check",), "shapes", work)
    (file,) = cache.glob("*.answer")
    whole = file.read_bytes()
    assert json.loads(whole[32:])["text"] == ["Sound", "é"]
    for damaged in (whole[:-1], whole[:32] + whole[32:].replace(b"Sound", b"Holes"), b""):
        file.write_bytes(damaged)
        answered(Call(), ("check",), "shapes", work)
    assert work.times == 4
    file.chmod(0o666)  # others could have written it
    answered(Call(), ("check",), "shapes", work)
    assert work.times == 5


def test_nothing_is_kept_where_that_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHAREDVALUE_CACHE", "off")
    work = Working()
    for _ in range(2):
        answered(Call(), ("check",), "shapes", work)
    answered(Call(), None, "shapes", work)
    assert work.times == 3


def test_a_comparison_follows_from_what_its_scenarios_say(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("scenario: 1", encoding="utf-8")
    assert content_of(file) == b"scenario: 1"
    assert content_of("neophytes-and-experts")
    assert content_of("-") is None
