"""What the fuzzer makes lies within the vocabulary: nearly all of it is accepted, so that it is tried and not only refused."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import Phase, given, settings

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.case import read_case
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from tests.cli.calling import SCENARIOS
from tools.fuzz import MOST_MEMORY, MOST_SECONDS, wrong
from tools.fuzz_inputs import cases, houses


@cache
def book() -> RuleBook:
    return load()


def test_nine_of_ten_cases_are_read() -> None:
    ended = Counter[bool]()
    seeds = [yaml.safe_load(path.read_text("utf-8")) for path in SCENARIOS[::8]]

    @settings(max_examples=30, phases=[Phase.generate])
    @given(cases(seeds, book()))
    def read(case: Any) -> None:
        try:
            read_case(yaml.safe_dump(case, allow_unicode=True), "case.yaml", book(), ())
        except UserError:
            ended[False] += 1
        else:
            ended[True] += 1

    read()
    assert ended[True] >= 9 * ended[False]
    assert ended[True] > 20


@settings(max_examples=3, phases=[Phase.generate])
@given(houses(book()))
def test_houses_are_accepted(tmp_path_factory: pytest.TempPathFactory, house: Any) -> None:
    folder = tmp_path_factory.mktemp("house")
    Path(folder, "house.yaml").write_text(yaml.safe_dump(house or {"thresholds": {}}), encoding="utf-8")
    assert load([folder]).facts


def test_what_ends_otherwise_is_wrong() -> None:
    fine = {"said": "decided", "laid": False, "seconds": MOST_SECONDS, "memory": MOST_MEMORY}
    assert not wrong(fine)
    assert not wrong(fine | {"said": "refused SV101"})
    assert wrong(fine | {"said": "ended 1: Traceback"}) == "ended 1: Traceback"
    assert wrong(fine | {"seconds": MOST_SECONDS + 0.1}) == "took 15.1 s"
    assert wrong(fine | {"memory": MOST_MEMORY + 1}).endswith("bytes")
