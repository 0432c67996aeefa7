"""The reading `fire`, by each of its matchers: tables made by hand, and agreement with the naive interpreter on random ones."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings

from sharedvalue.engine.language.formulas import (
    And,
    Condition,
    Const,
    Not,
    Or,
    Quotient,
    Sum,
    Test,
    Truth,
    Value,
)
from sharedvalue.engine.language.grounded import GroundBranch, Grounded, GroundMeasure, GroundRule, Stratum
from sharedvalue.engine.readings.fire import Program, program
from sharedvalue.engine.readings.trace import Firing, Trace
from tests.conformance import flat_oracle
from tests.conformance.random_tables import World, ground_rule, table, tables_with_worlds

pytestmark = pytest.mark.usefixtures("each_matcher")


def one_stratum(*rules: GroundRule, measures: tuple[GroundMeasure, ...] = ()) -> Grounded:
    return table((Stratum(measures, rules),))


def read(grounded: Grounded, **world: int) -> Trace:
    return Program.from_grounded(grounded).read(world)


def keys(happened: tuple[Firing, ...]) -> list[str]:
    return [firing.rule.key for firing in happened]


def fires(when: Condition, **world: int) -> bool:
    return read(one_stratum(ground_rule("R1", when, ("x",))), **world).holds("x")


# --- one stratum --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "op, passing, failing",
    [
        ("==", [5], [4, 6]),
        ("!=", [4, 6, -5], [5]),
        ("<", [4, -9], [5, 6]),
        ("<=", [4, 5], [6]),
        (">", [6], [5, -6]),
        (">=", [5, 6], [4]),
    ],
)
def test_every_operator_compares_with_a_number(op: str, passing: list[int], failing: list[int]) -> None:
    assert all(fires(Test("a", op, 5), a=value) for value in passing)
    assert not any(fires(Test("a", op, 5), a=value) for value in failing)


@pytest.mark.parametrize(
    "op, passing, failing",
    [
        ("==", [5], [4, 6]),
        ("!=", [4, 6], [5]),
        ("<", [4], [5, 6]),
        ("<=", [4, 5], [6]),
        (">", [6], [5]),
        (">=", [5, 6], [4]),
    ],
)
def test_every_operator_compares_two_variables(op: str, passing: list[int], failing: list[int]) -> None:
    assert all(fires(Test("a", op, "b"), a=value, b=5) for value in passing)
    assert not any(fires(Test("a", op, "b"), a=value, b=5) for value in failing)


def test_a_firing_names_every_alternative_that_held_in_their_order() -> None:
    rule = ground_rule("R1", Or((Test("b", ">", 0), Test("a", ">", 0), Test("c", ">", 0))), ("x",))
    trace = read(one_stratum(rule), a=1, b=1, c=0)
    assert trace.firings == (Firing(rule, ((Test("b", ">", 0),), (Test("a", ">", 0),))),)


def test_firings_stand_in_the_order_of_the_rules() -> None:
    rules = [ground_rule(f"R{number}", Test("a", ">=", number), ("x",)) for number in (3, 1, 2, 0)]
    assert keys(read(one_stratum(*rules), a=2).firings) == ["R1", "R2", "R0"]


def test_a_rule_concludes_several_things() -> None:
    trace = read(one_stratum(ground_rule("R1", Test("a", "==", 1), ("x", "y"))), a=1)
    assert (trace.values["x"], trace.values["y"]) == (1, 1)


def test_what_was_not_concluded_is_known_to_be_false() -> None:
    trace = read(one_stratum(ground_rule("R1", Test("a", "==", 1), ("x",))), a=0)
    assert trace.values == {"a": 0, "x": 0}
    assert trace.firings == ()


def test_a_conclusion_that_no_rule_can_give_is_false_from_the_start() -> None:
    strata = (Stratum((), (ground_rule("R1", Test("nobody", "==", 0), ("x",)),)),)
    assert Program.from_grounded(table(strata, never=("nobody",))).read({}).values == {"nobody": 0, "x": 1}


def test_a_defeated_rule_does_not_fire_and_names_its_defeater() -> None:
    rule = ground_rule("R1", Test("a", ">", 0), ("x",), unless=Or((Test("b", ">", 0), Test("c", ">", 0))))
    trace = read(one_stratum(rule), a=1, b=0, c=1)
    assert trace.firings == ()
    assert trace.defeats == (Firing(rule, ((Test("a", ">", 0), Test("c", ">", 0)),)),)
    assert not trace.holds("x")
    assert read(one_stratum(rule), a=0, b=1, c=1).defeats == ()
    assert keys(read(one_stratum(rule), a=1, b=0, c=0).firings) == ["R1"]


def test_a_rule_without_a_condition_always_fires() -> None:
    trace = read(one_stratum(ground_rule("R1", Truth(True), ("x",)), ground_rule("R2", Truth(False), ("y",))))
    assert trace.firings[0].matched == ((),)
    assert trace.values == {"x": 1, "y": 0}


def test_a_table_without_rules_gives_its_measures() -> None:
    half = GroundMeasure("m", Quotient(Value("a"), Const(2)))
    measures = (half, GroundMeasure("n", Sum((Value("m"), Const(1)))))
    assert read(one_stratum(measures=measures), a=7).values == {"a": 7, "m": 3, "n": 4}


def test_the_world_that_was_given_stays_as_it_was() -> None:
    world = {"a": 1}
    Program.from_grounded(one_stratum(ground_rule("R1", Test("a", "==", 1), ("x",)))).read(world)
    assert world == {"a": 1}


# --- strata and the choice ----------------------------------------------------------------------------------
def test_a_later_stratum_reads_and_negates_what_an_earlier_one_concluded() -> None:
    grounded = table(
        (
            Stratum((), (ground_rule("R1", Test("a", ">", 0), ("x",)),)),
            Stratum(
                (GroundMeasure("m", Sum((Value("x"), Const(1)))),),
                (
                    ground_rule("R2", Test("x", "==", 0), ("y",)),
                    ground_rule("R3", Test("m", "==", 2), ("z",)),
                ),
            ),
        )
    )
    assert keys(Program.from_grounded(grounded).read({"a": 1}).firings) == ["R1", "R3"]
    assert keys(Program.from_grounded(grounded).read({"a": 0}).firings) == ["R2"]


def choice() -> Grounded:
    candidates = (ground_rule("Z1", Test("a", ">", 0), ("p",)), ground_rule("Z2", Test("b", ">", 0), ("q",)))
    branches = (GroundBranch("Z2", "", 2, 30, "q"), GroundBranch("Z1", "", 1, 40, "p"))
    after = ground_rule("R9", Test("outcome", "==", 40), ("told",))
    return table((Stratum((), candidates), Stratum((), (after,), chooses=True)), branches)


def test_the_standing_branch_with_the_lowest_place_is_chosen() -> None:
    trace = read(choice(), a=1, b=1)
    assert trace.chosen is not None
    assert (trace.chosen.rule, trace.values["outcome"], trace.values["decided_by"]) == ("Z1", 40, 1)
    assert trace.holds("told")
    later = read(choice(), a=0, b=1)
    assert (later.values["outcome"], later.values["decided_by"], later.holds("told")) == (30, 2, False)


def test_without_a_standing_branch_nothing_is_chosen() -> None:
    trace = read(choice(), a=0, b=0)
    assert trace.chosen is None
    assert "outcome" not in trace.values
    assert "decided_by" not in trace.values
    assert not trace.holds("told")


# --- missing values -----------------------------------------------------------------------------------------
def test_a_literal_on_a_missing_value_does_not_hold() -> None:
    for op in ("==", "!=", "<", "<=", ">", ">="):
        assert not fires(Test("a", op, 0), b=0)
        assert not fires(Test("a", op, "b"), b=0)
        assert not fires(Test("b", op, "a"), b=0)
        assert not fires(Not(Test("a", op, 2**40)), b=0)
    assert fires(Or((Test("a", ">", 0), Test("b", "==", 0))), b=0)


def test_a_measure_over_a_missing_value_stays_missing() -> None:
    over_missing = GroundMeasure("m", Sum((Value("a"), Const(1))))
    measures = (over_missing, GroundMeasure("n", Sum((Value("b"), Const(1)))))
    grounded = one_stratum(ground_rule("R1", Test("m", ">", 0), ("x",)), measures=measures)
    assert read(grounded, b=1).values == {"b": 1, "n": 2, "x": 0}


# --- limits of the library ----------------------------------------------------------------------------------
@pytest.mark.parametrize("edge", [2**31 - 2, 2**31 - 1, 2**31, 2**32, 2**63, 10**30])
@pytest.mark.parametrize("sign", [1, -1])
def test_very_large_numbers_compare_exactly(edge: int, sign: int) -> None:
    edge *= sign
    for value in (edge - 1, edge, edge + 1):
        assert fires(Test("a", "<", edge), a=value) is (value < edge)
        assert fires(Test("a", "==", edge), a=value) is (value == edge)
        assert fires(Test("a", ">", "b"), a=value, b=edge) is (value > edge)
        assert fires(And((Test("a", "!=", 5), Test("a", ">=", edge))), a=value) is (value >= edge)


def test_more_rules_than_one_board_holds() -> None:
    rules = [ground_rule(f"R{number}", Test("a", ">=", number), (f"x{number}",)) for number in range(700)]
    assert len(read(one_stratum(*rules), a=649).firings) == 650


def test_more_alternatives_than_one_board_holds() -> None:
    conditions = [Or(tuple(Test(f"v{v}", "==", n) for v in range(50))) for n in range(9)]
    rules = [ground_rule(f"R{n}", condition, ("x",)) for n, condition in enumerate(conditions)]
    world = {f"v{v}": v % 9 for v in range(50)}
    assert [len(firing.matched) for firing in read(one_stratum(*rules), **world).firings] == [6] * 5 + [5] * 4


@pytest.mark.parametrize("length", [13, 14, 33, 100, 240, 241, 600])
def test_an_alternative_of_any_length(length: int) -> None:
    when = And(tuple(Test(f"v{number}", ">", 0) for number in range(length)))
    grounded = one_stratum(ground_rule("R1", when, ("x",)), ground_rule("R2", Test("v0", ">", 1), ("y",)))
    world = {f"v{number}": 1 for number in range(length)}
    assert [len(firing.matched[0]) for firing in read(grounded, **world).firings] == [length]
    for number in {0, length // 2, length - 1}:
        assert read(grounded, **{**world, f"v{number}": 0}).firings == ()


def test_many_variables_in_one_stratum() -> None:
    conditions = [And((Test(f"v{n}", ">", 0), Test(f"v{n + 1}", "<", "b"))) for n in range(400)]
    rules = [ground_rule(f"R{n}", condition, ("x",)) for n, condition in enumerate(conditions)]
    world = {f"v{number}": number % 2 for number in range(401)}
    assert len(read(one_stratum(*rules), b=1, **world).firings) == 200


def test_names_of_any_kind_can_be_read() -> None:
    awkward = ["id", "sid", "w", "_g", "$s", "segments[0].stay", 'quo"te', "per%cent", "é", "x" * 500]
    for name in awkward:
        assert fires(And((Test(name, "==", 1), Test(name, ">", "b"))), **{name: 1, "b": 0})


# --- programs -----------------------------------------------------------------------------------------------
def test_a_program_is_compiled_once_and_the_cache_is_bounded() -> None:
    grounded = one_stratum(ground_rule("R1", Test("a", ">", 0), ("x",)))
    compiled = Program.from_grounded(grounded)
    assert Program.from_grounded(grounded) is compiled
    same_rules = one_stratum(ground_rule("R1", Test("a", ">", 0), ("y",)))
    assert Program.from_grounded(same_rules)._steps[0]._matcher is compiled._steps[0]._matcher
    many = range(2 * program.PROGRAMS_KEPT)
    others = [one_stratum(ground_rule(f"R{n}", Test("a", ">", n), ("x",))) for n in many]
    for n, other in enumerate(others):
        assert Program.from_grounded(other).read({"a": n}).firings == ()
    assert len(program._programs) == program.PROGRAMS_KEPT
    assert Program.from_grounded(grounded) is not compiled


def test_no_thread_is_started() -> None:
    before = threading.active_count()
    assert fires(Test("a", "==", 123), a=123)
    assert threading.active_count() == before


def test_threads_read_one_program_together() -> None:
    rules = [ground_rule(f"R{number}", Test("a", ">=", number), (f"x{number}",)) for number in range(50)]
    compiled = Program.from_grounded(one_stratum(*rules))
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda a: len(compiled.read({"a": a % 50}).firings), range(400)))
    assert counts == [a % 50 + 1 for a in range(400)]


# --- agreement with the naive interpreter -------------------------------------------------------------------
def agrees_with_the_oracle(grounded: Grounded, worlds: list[World]) -> None:
    compiled = Program.from_grounded(grounded)
    for world in worlds:
        trace = compiled.read(world)
        expected = flat_oracle.read(grounded, world)
        assert trace.values == expected.values
        assert happened(trace.firings) == expected.firings
        assert happened(trace.defeats) == expected.defeats
        assert (trace.chosen.place if trace.chosen else None) == expected.decided_by
        for firing in trace.firings:
            assert list(firing.matched) == [way for way in firing.rule.alternatives if way in firing.matched]
        for firing in trace.defeats:
            assert list(firing.matched) == [way for way in firing.rule.defeats if way in firing.matched]


def happened(firings: tuple[Firing, ...]) -> tuple[flat_oracle.Happened, ...]:
    for firing in firings:
        assert len(set(firing.matched)) == len(firing.matched)
    return tuple((firing.rule.key, frozenset(frozenset(way) for way in firing.matched)) for firing in firings)


quickly = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
thoroughly = settings(quickly, max_examples=3000)


@quickly
@given(tables_with_worlds())
def test_agrees_with_the_oracle_on_complete_worlds(sample: tuple[Grounded, list[World]]) -> None:
    agrees_with_the_oracle(*sample)


@quickly
@given(tables_with_worlds(missing=True))
def test_agrees_with_the_oracle_where_values_are_missing(sample: tuple[Grounded, list[World]]) -> None:
    agrees_with_the_oracle(*sample)


@pytest.mark.deep
@pytest.mark.parametrize("missing", [False, True])
def test_agrees_with_the_oracle_on_thousands_of_tables(missing: bool) -> None:
    @thoroughly
    @given(tables_with_worlds(missing=missing))
    def agrees(sample: tuple[Grounded, list[World]]) -> None:
        agrees_with_the_oracle(*sample)

    agrees()


def test_matchers_share_nothing_between_worlds() -> None:
    matcher = program._matcher(tuple((Test("a", "==", n),) for n in range(5)))
    assert [matcher.matches({"a": n}) for n in range(6)] == [[0], [1], [2], [3], [4], []]
    worlds: list[Mapping[str, int]] = [{"a": 1}, {}, {"a": 1}]
    assert [matcher.matches(world) for world in worlds] == [[1], [], [1]]
