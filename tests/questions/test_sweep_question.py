"""A sweep: its shares are those of going through every world, and a file is there whole or not at all."""

from __future__ import annotations

import json
import os
from collections import Counter
from itertools import product
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import Scenario, load_scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.questions import sweep
from sharedvalue.engine.questions.sweep import count, plan, write
from sharedvalue.engine.questions.sweep_plan import Plan, Swept
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.readings.sweep import tables
from sharedvalue.engine.worlds import form, suppose
from tests.rules.cases import default

BOOK = load()
VARIED = (
    "member_value_now=30..70/10",
    "sponsor_value_now=35..65/5",
    "overlap_short=20..60/10",
    "contribution=20|30|50|60",
    "sponsor_stance",
    "shift_durable",
    "sponsor_engaged",
    "strategic_potential=40..80/5",
    "segments[experts].overlap=45..55",
)
SEGMENTS = [
    {
        "name": "experts",
        "count": 260,
        "level": "expert",
        "overlap": 80,
        "stay": 85,
        "active": 60,
        "target": True,
    },
    {"name": "others", "count": 900, "level": "novice", "overlap": 10, "stay": 80, "active": 40},
]


def case(**facts: object) -> Scenario:
    """A complete case; its sponsors are not told apart, so that their values can vary."""
    known = {name: value for name, value in default().items() if name != "sponsors"}
    tree = {
        "scenario": 1,
        "title": "a case",
        "facts": {**known, "segments": SEGMENTS, "overlap_long": 30, **facts},
    }
    return read_scenario(parse(json.dumps(tree, default=str), "case"), BOOK, "case")


Found = tuple[Counter[tuple[str, str]], Counter[str], int]


def tried(planned: Plan) -> Found:
    """Every world, one by one, by the reading `prove`: outcomes with rules, modes, and worlds that cannot be."""
    program = Prover.from_grounded(planned.worlds.grounded)
    rules = {branch.place: branch.rule for branch in planned.worlds.grounded.branches}
    ends, modes, cannot = Counter[tuple[str, str]](), Counter[str](), 0
    names = [v.name for v in planned.varied]
    rest = {
        name: domain.lo for name, domain in planned.worlds.domains.items()
    }  # what is open here makes no difference
    for values in product(*(v.domain.values() for v in planned.varied)):
        world = program.evaluate({**rest, **dict(zip(names, values, strict=True))})
        if not program.table.exists(world):
            cannot += 1
            continue
        ends[BOOK.outcome_names[world["outcome"]], rules[world["decided_by"]]] += 1
        modes.update(n.removeprefix("mode:") for n, v in world.items() if n.startswith("mode:") and v)
    return ends, modes, cannot


def found(swept: Swept) -> Found:
    ends = Counter({(s.outcome, rule): n for s in swept.shares for (rule,), n in s.rules.items()})
    return ends, Counter(swept.modes), swept.cannot_be


@settings(max_examples=25)
@given(st.lists(st.sampled_from(VARIED), min_size=1, max_size=3, unique=True))
def test_shares_are_those_of_every_world(specs: list[str]) -> None:
    planned = plan(BOOK, case(), specs)
    swept = count(planned)
    assert swept.exact
    assert found(swept) == tried(planned)
    assert swept.worlds + swept.cannot_be == swept.done == planned.size
    assert sum(s.worlds for s in swept.shares) == swept.worlds


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_holds_every_world_in_order(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "WRITTEN_AT_ONCE", 100)
    specs = ["member_value_now=30..70/10", "sponsor_engaged", "sponsor_stance", "overlap_short=0..100/10"]
    planned = plan(BOOK, case(), specs)
    path = tmp_path / f"all{suffix}"
    swept = write(planned, path)
    frame = pl.read_csv(path) if suffix == ".csv" else pl.read_parquet(path)
    assert found(swept) == found(count(planned)) == tried(planned)
    assert swept.cannot_be > 0
    assert frame.height == swept.worlds
    facts = ["member_value_now", "sponsor_engaged", "sponsor_stance", "overlap_short"]
    assert frame.columns == [*facts, "outcome", "rule", "branch", "modes"]
    assert Counter(zip(frame["outcome"], frame["rule"], strict=True)) == found(swept)[0]
    worlds = product(*(v.shown() for v in planned.varied))
    possible = [w for w in worlds if w[1] != "not_contacted" and w[1:3] != ("agreed_shift", "fixed")]
    assert frame.select(facts).rows() == possible, (
        "the sponsor judged, so it was contacted; agreed is not fixed"
    )
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_grid_beyond_going_through_is_counted_by_classes(tmp_path: Path) -> None:
    values = [f"{side}_value_{when}" for side in ("member", "sponsor") for when in ("now", "outlook")]
    specs = [*values, "overlap_short", "overlap_long", "contribution", "openness_to_realign"]
    planned = plan(BOOK, case(segments=[]), specs)
    swept = count(planned)
    assert planned.size == 101**8
    assert sum(s.worlds for s in swept.shares) == swept.worlds == 101**8
    assert swept.exact
    with pytest.raises(UserError, match=r"SV910.*10,828,567,056,280,801 worlds"):
        write(planned, tmp_path / "never.csv")
    assert not list(tmp_path.iterdir())


def test_what_is_open_must_be_stated_or_varied() -> None:
    open_case = case(sponsor_value_now="unknown", segments=[])
    with pytest.raises(UserError, match=r"SV240.*sponsor_value_now"):
        plan(BOOK, open_case, ["overlap_short=20..30"])
    planned = plan(BOOK, open_case, ["overlap_short=20..30"], vary_unknown=True)
    assert [v.address for v in planned.varied if not v.asked] == ["sponsor_value_now"]
    assert found(count(planned)) == tried(planned)


def test_each_row_is_formed_as_its_file_would_be() -> None:
    """Where the overlap of a group comes to contradict that of the whole, the readings have to be asked again."""
    path = "scenarios/neophytes-and-experts.yaml"
    scenario = load_scenario(path, BOOK)
    planned = plan(BOOK, scenario, ["members_total=1160..1160", "segments[neophytes].overlap=20..40/5"])
    assert planned.anew
    counted: dict[str, int] = {}
    for value in range(200, 401, 50):
        worlds = form(BOOK, scenario)
        changed = {"members_total": Domain.known(1160), "segments[1].overlap": Domain.known(value)}
        outcome = decide(suppose(worlds, changed)).outcome
        counted[outcome] = counted.get(outcome, 0) + 1
    assert {s.outcome: s.worlds for s in count(planned).shares} == counted


def test_what_no_deciding_rule_reads_makes_no_difference() -> None:
    planned = plan(BOOK, case(), ["leave_rate_12m=0..9", "member_value_now=30..70/10"])
    assert planned.idle[:1] == ("leave_rate_12m",)
    assert found(count(planned)) == tried(planned)


@pytest.mark.parametrize("values", ["normal(50,10)", "uniform(30.5,70)", "triangular(0,20,100)"])
def test_a_distribution_is_a_sample_and_says_so(values: str) -> None:
    specs = [f"member_value_now={values}", "sponsor_stance"]
    first, second, other = (count(plan(BOOK, case(), specs, samples=20_000, seed=seed)) for seed in (5, 5, 6))
    assert not first.exact
    assert first.as_json()["sample"] == {"n": 20_000, "seed": 5}
    assert found(first) == found(second)
    assert first.worlds == other.worlds == 20_000


def test_a_distribution_has_its_shape(tmp_path: Path) -> None:
    specs = ["member_value_now=normal(50,10)", "sponsor_value_now=triangular(0,20,100)"]
    specs += ["contribution=uniform(20,80)", "overlap_short=normal(95,10)"]
    write(plan(BOOK, case(), specs, samples=50_000), tmp_path / "drawn.parquet")
    frame = pl.read_parquet(tmp_path / "drawn.parquet")
    means = frame.select(pl.all().exclude("outcome", "rule", "branch", "modes").mean()).row(0, named=True)
    assert means["member_value_now"] == pytest.approx(50, abs=0.3)
    assert means["sponsor_value_now"] == pytest.approx(40, abs=0.5)
    assert frame.select(pl.col("member_value_now").std()).item() == pytest.approx(10, abs=0.2)
    assert frame.select(pl.col("contribution").min(), pl.col("overlap_short").max()).row(0) == (20, 100)


@pytest.mark.parametrize(
    "spec, code",
    [
        ("nothing=1..2", "SV204"),
        ("segments[nobody].overlap=1..2", "SV204"),
        ("member_value_now=80..20", "SV205"),
        ("member_value_now=0..300", "SV205"),
        ("member_value_now=0..100/0", "SV205"),
        ("member_value_now=0..100/x", "SV205"),
        ("sponsor_stance=fixed..negotiable", "SV205"),
        ("sponsor_stance=fixd|negotiable", "SV205"),
        ("sponsor_stance=normal(1,2)", "SV205"),
        ("member_value_now=normal(50,0)", "SV205"),
        ("member_value_now=normal(50)", "SV205"),
        ("member_value_now=normal(9000,1)", "SV205"),
        ("member_value_now=triangular(5,1,9)", "SV205"),
        ("member_value_now=nrmal(5,1)", "SV205"),
        ("member_value_now=", "SV205"),
        ("members_total=uniform(0,100000000)", "SV205"),
        ("member_value_now=1e400..2", "SV205"),
        ("member_value_now=nan", "SV205"),
    ],
)
def test_a_bad_spec_is_told(spec: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        plan(BOOK, case(), [spec])
    assert [problem.code for problem in caught.value.problems] == [code]


def test_all_mistakes_are_told_at_once_and_a_fact_varies_once() -> None:
    with pytest.raises(UserError) as caught:
        plan(BOOK, case(), ["nothing=1", "member_value_now=9..1", "contribution", "contribution=1|2"])
    assert sorted(problem.code for problem in caught.value.problems) == ["SV204", "SV205", "SV206"]


def test_a_fact_without_meaning_here_is_refused() -> None:
    with pytest.raises(UserError, match=r"SV205.*contribution means nothing here"):
        plan(BOOK, case(has_sponsor=False), ["contribution"])


def test_stopped_while_counting_it_tells_what_it_has() -> None:
    planned = plan(BOOK, case(), ["member_value_now=normal(50,10)"], samples=6_000_000)
    swept = count(planned, cancelled=lambda: True)
    assert swept.partial
    assert not swept.exact
    assert 0 < swept.done < planned.size


def test_stopped_while_writing_an_older_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "WRITTEN_AT_ONCE", 1000)
    path = tmp_path / "all.csv"
    path.write_text("older")
    planned = plan(BOOK, case(), ["member_value_now", "overlap_short", "sponsor_stance"])
    seen: list[int] = []
    swept = write(
        planned, path, progress=lambda done, size: seen.append(done), cancelled=lambda: len(seen) >= 3
    )
    assert swept.partial
    assert path.read_text() == "older"
    assert swept.file == tmp_path / "all.partial.csv"
    assert pl.read_csv(swept.file).height == swept.worlds == sum(s.worlds for s in swept.shares)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.csv", "all.partial.csv"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"all{suffix}"
    path.write_text("older")
    monkeypatch.setattr(tables, "temporary_of", lambda target: Path("/dev/full"))
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    with pytest.raises(UserError, match=r"SV121.*the disk is full"):
        write(plan(BOOK, case(), ["member_value_now", "overlap_short"]), path)
    assert path.read_text() == "older"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_name_that_is_no_table_is_refused(tmp_path: Path) -> None:
    planned = plan(BOOK, case(), ["member_value_now"])
    for path, code in ((tmp_path / "all.txt", "SV120"), (tmp_path / "no" / "all.csv", "SV121")):
        with pytest.raises(UserError, match=code):
            write(planned, path)


def test_what_only_bounds_is_not_asked() -> None:
    """How many members there are decides nothing here; it only bounds how large a group may be."""
    open_total = case(members_total="unknown")
    found = count(plan(BOOK, open_total, ["segments[others].count=0..2000/100", "contribution=20..80/10"]))
    known = count(
        plan(
            BOOK, case(members_total=10_000), ["segments[others].count=0..2000/100", "contribution=20..80/10"]
        )
    )
    assert found.shares == known.shares
    assert found.worlds == known.worlds == 21 * 7
    assert found.cannot_be == 0
    varied = plan(BOOK, open_total, ["contribution=20..80/10"], vary_unknown=True).varied
    assert [v.address for v in varied] == ["contribution"]


def test_what_bounds_and_forbids_is_counted() -> None:
    """Where what is open lets some worlds be and others not, each is decided over all that it may be; nothing is left out."""
    found = count(
        plan(BOOK, case(members_total={"between": [1_200, 1_500]}), ["segments[others].count=0..2000/100"])
    )
    assert (found.cannot_be, found.worlds) == (5, 16)  # more in a group than 1,500 members allow
