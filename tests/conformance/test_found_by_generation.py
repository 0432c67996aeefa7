"""What generated rule books once showed to be read wrongly: each the smallest book that shows it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.readings import fire, prove
from sharedvalue.engine.readings.trace import Trace
from sharedvalue.engine.worlds import Worlds
from tests.conformance.conditions import MODES, OUTCOMES
from tests.conformance.generate import RuleBookFiles, Written, book_files
from tests.conformance.test_readings_agree import formed
from tests.conformance.vocabulary import LISTS

FACTS: dict[str, object] = {
    "share": 50,
    "reach": 50,
    "paid": False,
    "local": False,
    "groups": [],
    "works": [],
}
GROUP: dict[str, object] = {"size": 1, "part": 0, "keen": False, "tone": "red", "rank": "any"}


def rule(**below: object) -> Written:
    return {"title": "A rule", "kind": "house", "because": "It is so.", **below}


def book(
    rules: Mapping[str, object],
    measures: Written | None = None,
    modes: list[object] | None = None,
    status: str = "paid",
) -> RuleBook:
    last: Written = {"place": 1, "outcome": "KEEP", "because": "So it is.", "modes": modes or []}
    choice: Written = {"Z01": {"title": "A course", "kind": "house", "branches": {"only": last}}}
    outcomes: Written = {
        "outcomes": {name: {"title": name, "headline": name} for name in OUTCOMES},
        "modes": {name: {"outcome": list(OUTCOMES), "title": name, "headline": name} for name in MODES},
        "statuses": {"early": {"words": "early", "when": status}, "late": {"words": "late"}},
        "risk_levels": {"low": {"words": "low"}},
        "risk_routes": {},
        "tell_sponsor": {"words": "tell", "when": "paid"},
    }
    return loaded(book_files({"members": dict(rules), "decision": choice}, outcomes, measures))


def loaded(files: RuleBookFiles) -> RuleBook:
    with tempfile.TemporaryDirectory() as folder:
        files.write(Path(folder))
        return load(folder=Path(folder))


def measure(kind: str, formula: str) -> Written:
    return {"title": "A measure", "type": kind, "is": formula, "unknown": [0, 1]}


def worlds_of(read: RuleBook, **facts: object) -> Worlds:
    found = formed({**FACTS, **facts}, read)
    assert found is not None
    return found


def traced(worlds: Worlds, read: Mapping[str, int] | None = None) -> Trace:
    return fire.Program.from_grounded(worlds.grounded).read(worlds.known if read is None else read)


def groups(*sizes: int) -> list[object]:
    return [{**GROUP, "name": f"group {number}", "size": size} for number, size in enumerate(sizes)]


def test_what_an_early_rule_concludes_stays_when_a_later_rule_could_conclude_it_too() -> None:
    early, late = rule(when="share > reach", conclude="found"), rule(when="step", conclude="found")
    read = book({"M01": early, "M02": rule(when="paid", conclude="step"), "M03": late}, status="found")
    trace = traced(worlds_of(read, share=60))
    assert trace.holds("found")
    assert trace.holds("status:early")


def test_a_conclusion_over_no_records_is_false_and_not_unknown() -> None:
    read = book(
        {"M01": rule(**{"for": {"g": "groups"}}, when="g.keen", conclude="some_keen")}, status="some_keen"
    )
    worlds = worlds_of(read)
    assert worlds.open == ()
    assert prove.Program.from_grounded(worlds.grounded).possible(worlds.domains).settled["some_keen"] is False


def test_a_mode_is_read_only_when_it_is_settled() -> None:
    rules = {
        "M01": rule(when="outcome == 'KEEP'", conclude="kept"),
        "M02": rule(when="kept", conclude="kept_for_sure"),
        "M03": rule(when="'calm' in modes", conclude="all_calm"),
    }
    read = book(rules, modes=[{"mode": "calm", "when": "kept_for_sure"}], status="'calm' not in modes")
    trace = traced(worlds_of(read))
    assert trace.holds("mode:calm")
    assert trace.holds("all_calm")
    assert trace.holds("status:late")


def test_a_mode_that_hangs_on_itself_is_refused() -> None:
    rules = {"M01": rule(when="'calm' in modes", conclude="all_calm")}
    with pytest.raises(UserError, match="SV316"):
        book(rules, modes=[{"mode": "calm", "when": "all_calm"}])


@pytest.mark.parametrize(
    "paid, share, same", [(False, 60, False), (True, 60, True), (True, 40, False), (False, 40, True)]
)
def test_two_conditions_may_be_compared(paid: bool, share: int, same: bool) -> None:
    read = book({"M01": rule(when="(share > reach) == (paid and not local)", conclude="same")})
    assert traced(worlds_of(read, paid=paid, share=share)).holds("same") is same


def test_the_median_of_two_is_their_exact_mean() -> None:
    read = book({}, {"twice": measure("count", "2 * median((g.size for g in groups), default=0)")})
    assert traced(worlds_of(read, groups=groups(1, 2))).values["twice"] == 3


def test_a_measure_over_a_map_of_no_records_is_computed() -> None:
    formula = "sum(w.helps[g] for g in groups)"
    read = book({}, {"help": measure("number", f"sum({formula} for w in works)")}, status="help > 0")
    worlds = worlds_of(
        read, works=[{"name": "work", "effort": 1, "hours": 1, "done": True, "helps": {}, "liked": {}}]
    )
    assert worlds.open == ()
    assert traced(worlds).values["help"] == 0


@pytest.mark.parametrize("kind, most, field", [("percent", "size", "size"), ("count", "keen", "size")])
def test_a_pick_of_another_type_is_refused(kind: str, most: str, field: str) -> None:
    assert {most, field} <= set(LISTS["groups"])
    picked: Written = {"title": "p", "type": kind, "unknown": [0, 1]}
    picked["pick"] = {"list": "groups", "most": most, "field": field}
    with pytest.raises(UserError, match="SV311"):
        book({}, {"picked": picked})


def test_a_division_by_nothing_or_less_is_0() -> None:
    read = book({}, {"ratio": measure("percent", "share / (share - reach)")})
    found = {share: traced(worlds_of(read, share=share)).values["ratio"] for share in (40, 50, 54)}
    assert found == {40: 0, 50: 0, 54: 10 * Fraction(54, 4)}
