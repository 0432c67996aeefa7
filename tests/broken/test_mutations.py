"""Random damage to scenario files and house rules gives an answer or a told mistake, and never anything else."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.worlds import form
from tests.cli.calling import ROOT, SCENARIOS

WORDS = [
    "has_sponsor",
    "member_value_now",
    "segments",
    "needs",
    "sponsors",
    "evidence",
    "unknown",
    "true",
    "false",
    "null",
    "~",
    ".nan",
    "-.inf",
    "1e99",
    "0",
    "100",
    "-1",
    "33.3",
    "2026-01-01",
    "[]",
    "{}",
    "{between:[1,2]}",
    "{one_of:[1]}",
    "{value:3,confidence:low}",
    ":",
    ",",
    "-",
    "?",
    "|",
    ">",
    "&",
    "*",
    "!",
    "%",
    "@",
    "`",
    "#",
    "'",
    '"',
    "\\",
    "\n",
    "\t",
    "---",
    "...",
    "<<:",
    "expert",
    "fixed",
    "and",
    "or",
    "not",
    "in",
    "if",
    "else",
    "for",
    "sum",
    "min",
    "max",
    "count",
    "any",
    "all",
    "(",
    ")",
    "==",
    "<",
    ">=",
    "value_met",
    "qualifies(s)",
    "s.overlap",
    "n.serves[p]",
    "outcome",
    "modes",
    "when:",
    "unless:",
    "conclude:",
    "because:",
    "cases:",
    "branches:",
    "place:",
    "effect:",
    "gives:",
    "high",
    "for:",
    "off:",
    "rules:",
    "thresholds:",
    "lambda",
    "x:",
    "\x00",
    "é",
    "😀",
    "",
]
HOUSE = """\
thresholds:
  value_met: {value: 65, because: We are stricter.}
rules:
  H01:
    chapter: M
    title: A house rule
    kind: house
    for: {s: segments}
    when: s.overlap >= value_met and not member_value_met and s.level in ['expert', 'practitioner']
    unless: member_value_unmet
    conclude: house_one(s)
    because: "{s.name} fits by {s.overlap} of 100[ for {review_date} months]."
    advise: [A05]
  H02:
    chapter: O
    title: Another
    kind: [house, article]
    cites: [K46]
    cases:
      - {when: overlap_short >= overlap_strong, conclude: [house_two, house_three], because: "It is {overlap_short}."}
      - {conclude: house_four, because: It is not.}
off: {E05: We know our core group.}
"""


@cache
def book() -> RuleBook:
    return load()


def damaged(text: str, seed: int) -> str:
    """The text with a few spans cut, doubled, moved or replaced."""
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 6)):
        a = rng.randrange(len(text) + 1)
        b = min(len(text), a + rng.choice((0, 1, 1, 3, 10, 40)))
        kind = rng.randrange(5)
        piece = (
            rng.choice(WORDS)
            if kind < 2
            else text[a:b] * 2
            if kind == 2
            else ""
            if kind == 3
            else rng.choice(text.split() or ["x"])
        )
        text = text[:a] + piece + text[b:]
    return text


def answered(text: str, rules: RuleBook) -> bool:
    """Whether a case is decided; False where a mistake is told. Anything else is raised."""
    try:
        decide(form(rules, read_scenario(parse(text, "case.yaml"), rules, "case.yaml")), 2.0)
    except UserError as error:
        assert error.problems
        assert all(problem.what for problem in error.problems)
        return False
    return True


@given(st.sampled_from(SCENARIOS), st.integers(0, 2**32))
def test_damaged_scenario(path: Path, seed: int) -> None:
    answered(damaged(path.read_text(encoding="utf-8"), seed), book())


@given(st.integers(0, 2**32))
def test_damaged_house_rules(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    folder = tmp_path_factory.mktemp("house")
    (folder / "house.yaml").write_text(damaged(HOUSE, seed), encoding="utf-8", errors="replace")
    try:
        found = load([folder])
    except UserError as error:
        assert error.problems
        return
    assert answered((ROOT / "scenarios/neophytes-and-experts.yaml").read_text(encoding="utf-8"), found)


@given(st.binary(max_size=300))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    from sharedvalue.engine.language.scenario import load_scenario

    file = tmp_path_factory.mktemp("any") / "case.yaml"
    file.write_bytes(raw)
    with pytest.raises(UserError):
        load_scenario(file, book())


@given(st.lists(st.sampled_from([w for w in WORDS if w.strip()]), max_size=14).map(" ".join))
def test_any_condition(text: str) -> None:
    """Whatever stands in a condition is read or refused, and never run."""
    from sharedvalue.engine.errors import Place
    from sharedvalue.engine.language.expressions import parse as read_condition
    from sharedvalue.engine.language.source import Text

    try:
        read_condition(Text(text, Place("house.yaml", 1, 1, text)))
    except UserError as error:
        assert error.problems[0].code == "SV301"
