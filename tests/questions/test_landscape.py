"""The map of two facts: every point is in one rectangle and has the answer that `decide` gives there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario, with_values
from sharedvalue.engine.questions import landscape as module
from sharedvalue.engine.questions.landscape import answer_of, landscape, rectangles
from sharedvalue.engine.questions.landscape_alike import Alike
from sharedvalue.engine.questions.landscape_axes import Axis, read_axes
from sharedvalue.engine.questions.landscape_borders import turning
from sharedvalue.engine.questions.landscape_parts import Landscape
from sharedvalue.engine.questions.landscape_words import as_map, map_json
from sharedvalue.engine.worlds import Worlds, form, suppose
from tests.schemas import fits

BOOK = load()
EXPERTS = "neophytes-and-experts"


def worlds_of(name: str, **settings: str) -> Worlds:
    return form(BOOK, with_values(load_scenario(f"scenarios/{name}.yaml", BOOK), BOOK, settings))


def mapped(name: str, x: str, y: str, budget: float = 60.0) -> Landscape:
    worlds = worlds_of(name)
    return landscape(worlds, *read_axes(worlds, x, y), budget)


def places(found: Landscape) -> Iterator[tuple[int, int, int]]:
    """Every point with its region."""
    for i, region in enumerate(found.regions):
        for a, b, c, d in region.rectangles:
            for x in range(a, b + 1):
                for y in range(c, d + 1):
                    yield x, y, i


def written(axis: Axis, place: int) -> str:
    value = axis.shown(place)
    return str(value).lower() if isinstance(value, bool) else str(value)


def said_by_decide(found: Landscape, x: int, y: int) -> object:
    """What `decide` says of the file with the two facts set; where readings do not fit, the two on the axes are taken as they are."""
    known = {axis.name: Domain.known(axis.value(at)) for axis, at in ((found.x, x), (found.y, y))}
    try:
        worlds = suppose(found.worlds, known)
        spanned = {n: d for n, d in known.items() if worlds.beliefs[n].widened == "conflicting evidence"}
        return answer_of(decide(replace(worlds, domains={**worlds.domains, **spanned})))
    except UserError:
        return None


CASES = (
    (EXPERTS, "segments[experts].overlap=30..70", "openness_to_realign=40..60"),
    (EXPERTS, "segments[experts].count=0..60", "sponsor_stance"),
    (EXPERTS, "overlap_short=20..60", "overlap_long=30..60"),
    (EXPERTS, "segments[experts].overlap=40..80", "segments[neophytes].overlap=0..12"),
    (
        "laboratories-in-two-tiers",
        "segments[reference laboratories].count=0..60",
        "pipeline_dependence=40..60",
    ),
    ("silent-drift", "sponsor_value_now=30..60", "strategic_potential=40..70"),
    ("stacks-members-want-a-say", "strategic_potential=50..70", "sponsor_stance"),
    ("they-say-yes-and-nobody-comes", "member_value_outlook", "sponsor_value_now=30..45"),
    ("lga-knowledge-hub", "has_sponsor", "member_value_now"),
    ("no-sponsor-at-all", "core_group_size=0..12", "member_value_now=30..70"),
    ("librarians-the-overlap-is-still-to-come", "needs[1].cited_by=0..30", "member_value_now=30..70"),
)


def key(name: str, found: Landscape) -> str:
    return f"{name}: {found.x.address} x {found.y.address}"


@pytest.mark.parametrize(("name", "x", "y"), CASES, ids=lambda part: str(part))
def test_every_point_is_in_one_rectangle_and_has_the_answer_of_decide(name: str, x: str, y: str) -> None:
    try:
        found = mapped(name, x, y)
    except UserError as error:
        pytest.fail(str(error))
    assert found.complete
    seen: dict[tuple[int, int], int] = {}
    for px, py, region in places(found):
        assert (px, py) not in seen
        seen[px, py] = region
    assert len(seen) == found.points == sum(region.points for region in found.regions)
    edges = [
        (e.at - k, e.from_) if e.axis == "x" else (e.from_, e.at - k)
        for s in found.sides
        for e in s.edges
        for k in (0, 1)
    ]
    some = Random(1).sample(sorted(seen), min(len(seen), 50)) + Random(2).sample(edges, min(len(edges), 60))
    for px, py in some:
        answer = found.regions[seen[px, py]].answer
        said = said_by_decide(found, px, py)
        assert said == (answer if answer.outcome is not None else None), (key(name, found), px, py)


def test_a_border_lies_between_every_two_neighbours_that_differ_and_nowhere_else() -> None:
    found = mapped("silent-drift", "sponsor_value_now", "strategic_potential")
    at = {(x, y): region for x, y, region in places(found)}
    wanted = {
        ("x", x, y, frozenset((at[x - 1, y], at[x, y]))) for x, y in at if x and at[x - 1, y] != at[x, y]
    }
    wanted |= {
        ("y", y, x, frozenset((at[x, y - 1], at[x, y]))) for x, y in at if y and at[x, y - 1] != at[x, y]
    }
    told = {
        (edge.axis, edge.at, place, frozenset(side.regions))
        for side in found.sides
        for edge in side.edges
        for place in range(edge.from_, edge.to + 1)
    }
    assert told == wanted


def test_a_threshold_makes_a_border_when_moving_it_moves_the_border() -> None:
    found = mapped(EXPERTS, "segments[experts].overlap", "openness_to_realign")
    names = {name for side in found.sides for name in side.thresholds}
    assert names == {"realign_open", "overlap_strong"}
    moved = load((str(_house("realign_open", 55)),))
    worlds = form(moved, load_scenario(f"scenarios/{EXPERTS}.yaml", moved))
    other = landscape(worlds, *read_axes(worlds, "segments[experts].overlap", "openness_to_realign"))
    lines = [
        {(e.axis, e.at) for s in one.sides if "realign_open" in s.thresholds for e in s.edges}
        for one in (found, other)
    ]
    assert lines == [{("y", 50)}, {("y", 55)}]


def _house(name: str, value: int) -> Path:
    import tempfile

    folder = Path(tempfile.mkdtemp())
    (folder / "ours.yaml").write_text(
        f"thresholds:\n  {name}: {{value: {value}, because: We ask for more.}}\n", "utf-8"
    )
    return folder


def test_a_sloping_border_names_the_distance_that_makes_it() -> None:
    found = mapped("silent-drift", "sponsor_value_now", "strategic_potential")
    assert {n for s in found.sides for n in s.thresholds} == {"potential_over_now", "potential_big"}
    shift = next(i for i, r in enumerate(found.regions) if r.answer.outcome == "SHIFT_FOCUS")
    sloping = next(s for s in found.sides if shift in s.regions and not s.straight)
    assert sloping.thresholds == ("potential_over_now",)
    # nobody asked the sponsor about its potential: what is said may be that far off, and it must still be enough
    apart = (BOOK.thresholds["potential_over_now"].value + BOOK.thresholds["margin_low"].value) // 10
    for edge in sloping.edges:
        if (
            edge.axis == "x"
        ):  # left of it the potential is far enough above the value now; right of it no longer
            assert all(y - (edge.at - 1) >= apart > y - edge.at for y in range(edge.from_, edge.to + 1))


def test_what_a_measure_of_thresholds_is_held_against_is_named_by_its_thresholds() -> None:
    found = mapped(
        "laboratories-in-two-tiers",
        "segments[reference laboratories].count=0..60",
        "pipeline_dependence=40..60",
    )
    assert all(side.thresholds for side in found.sides)


def test_nothing_turns_between_a_world_and_itself() -> None:
    decision = decide(worlds_of(EXPERTS))
    world = decision.possible[0].example
    assert turning(decision, world, world) == ()


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [
        (EXPERTS, "segments[experts].overlap=44..52", "segments[neophytes].overlap=30..38"),
        (EXPERTS, "overlap_short=22..30", "segments[neophytes].overlap=42..50"),
        ("silent-drift", "sponsor_value_now=36..44", "strategic_potential=46..54"),
        ("laboratories-in-two-tiers", "segments[reference laboratories].count=40..52", "segments[reference laboratories].stay=10..14"),
    ],
)  # fmt: skip
def test_points_that_are_alike_are_decided_once_and_each_is_as_if_decided_by_itself(
    name: str, x: str, y: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What evidence and the facts on the axes make of the case is other at each point: the same map, from fewer decisions."""
    decided = {True: 0, False: 0}
    found = {}
    for alike in (True, False):
        with monkeypatch.context() as patched:
            if not alike:
                patched.setattr(Alike, "kind", lambda self, x, y: (x, y))
                patched.setattr(Alike, "starts", lambda self, axis: tuple(range(axis.domain.size)))

            def counting(*args: object, alike: bool = alike) -> object:
                decided[alike] += 1
                return decide(*args)  # type: ignore[arg-type]

            patched.setattr(module, "decide", counting)
            found[alike] = mapped(name, x, y)
    by_points = [{p[:2]: m.regions[p[2]].answer for p in places(m)} for m in (found[True], found[False])]
    assert by_points[0] == by_points[1]
    assert decided[True] < decided[False] / 2


@pytest.mark.parametrize(
    ("settings", "x", "y", "cannot"),
    [
        ({"members_total": "1000"}, "segments[experts].count=990..1010", "sponsor_stance", {(x, y) for x in range(11, 21) for y in (0, 1)}),
        ({}, "sponsor_engaged=in_dialogue|agreed_shift", "sponsor_stance=fixed|negotiable", {(1, 0)}),
    ],
)  # fmt: skip
def test_points_that_no_world_fits_are_said_to_be_impossible(
    settings: dict[str, str], x: str, y: str, cannot: set[tuple[int, int]]
) -> None:
    """A group larger than the membership; a sponsor that agreed to a shift, and whose need is fixed."""
    worlds = worlds_of(EXPERTS, **settings)
    found = landscape(worlds, *read_axes(worlds, x, y))
    assert {(px, py) for px, py, i in places(found) if found.regions[i].answer.outcome is None} == cannot
    for px, py in cannot:
        assert said_by_decide(found, px, py) is None
    last = as_map(found).regions[-1]
    assert "cannot be" in f"{last.heading} {last.detail}".lower()


def test_a_budget_that_runs_out_marks_what_was_not_looked_at_and_guesses_nothing() -> None:
    found = mapped("stacks-members-want-a-say", "strategic_potential", "member_value_now", 0.2)
    assert not found.complete
    unseen = [region for region in found.regions if not region.answer.seen]
    assert len(unseen) == 1
    assert unseen[0].points > 0
    assert sum(region.points for region in found.regions) == found.points
    printed = map_json(found)
    assert printed["exact"] is False
    assert "INCOMPLETE" in str(printed["basis"])
    assert "cannot_be" not in {r["kind"] for r in printed["regions"]}  # type: ignore[attr-defined]
    for region in found.regions:
        if region.answer.seen:
            a, _, c, _ = region.rectangles[0]
            assert said_by_decide(found, a, c) == region.answer


def test_where_open_facts_decide_the_answer_is_the_not_yet_of_decide_and_says_what_it_hangs_on() -> None:
    found = mapped("stacks-members-want-a-say", "strategic_potential=50..70", "sponsor_stance")
    open_regions = [region for region in found.regions if not region.answer.certain]
    assert open_regions
    for region in open_regions:
        assert len(region.answer.possible) >= 2
        assert region.hangs_on
        assert region.answer.outcome == "NOT_YET"


def test_the_case_itself_lies_where_its_facts_say_and_has_its_own_answer() -> None:
    found = mapped(EXPERTS, "segments[experts].overlap", "openness_to_realign")
    assert found.place(found.x) == (80, 80)
    assert found.place(found.y) == (20, 20)
    assert found.at(80, 20).answer == answer_of(found.here)
    ranged = mapped("silent-drift", "sponsor_value_now", "strategic_potential")
    assert ranged.place(ranged.x) == (20, 50)
    off = mapped(EXPERTS, "segments[experts].overlap=0..20", "openness_to_realign")
    assert off.place(off.x) is None
    assert "not on this map" in as_map(off).here_said


@pytest.mark.parametrize(
    ("x", "y", "code", "words"),
    [
        ("contribution", "contribution", "SV206", "both axes"),
        ("contribtion", "overlap_short", "SV204", "contribution"),
        ("segments[experts].overlap", "segments[nobody].overlap", "SV204", ""),
        ("segments", "contribution", "SV205", "single value"),
        ("contribution=60..20", "overlap_short", "SV205", "60"),
        ("contribution=0..200", "overlap_short", "SV205", ""),
        ("contribution=0..100/7", "overlap_short", "SV205", "whole step"),
        ("contribution=normal(50,10)", "overlap_short", "SV205", "whole step"),
        ("sponsor_stance=1..2", "overlap_short", "SV205", ""),
        ("contribution=0.2..0.7", "overlap_short", "SV205", "write 20"),
    ],
)
def test_what_cannot_be_an_axis_is_told_with_its_mend(x: str, y: str, code: str, words: str) -> None:
    worlds = worlds_of(EXPERTS)
    with pytest.raises(UserError) as caught:
        read_axes(worlds, x, y)
    problem = caught.value.problems[0]
    assert problem.code == code
    assert words in f"{problem.what} {problem.mend}"
    assert problem.mend
    assert str(problem.place).startswith("--")


def test_a_fact_that_means_nothing_here_cannot_be_an_axis() -> None:
    worlds = worlds_of("no-sponsor-at-all")
    with pytest.raises(UserError, match=r"means nothing here|no rule"):
        read_axes(worlds, "sponsor_stance", "member_value_now")


def test_the_axis_of_a_count_ends_where_it_matters() -> None:
    worlds = worlds_of(EXPERTS)
    x, y = read_axes(worlds, "segments[experts].count", "contribution")
    assert x.domain.lo == 0
    assert 260 < x.domain.hi <= 5 * 260 * 2
    assert not x.whole
    assert y.whole
    assert (y.domain.lo, y.domain.hi) == (0, 1000)


def test_the_json_fits_its_schema_and_the_rectangles_tell_the_whole() -> None:
    for name, x, y in CASES[:2] + CASES[6:7]:
        printed = json.loads(json.dumps(map_json(mapped(name, x, y))))
        fits(printed)
        assert abs(sum(region["share"] for region in printed["regions"]) - 1) < 1e-9


def test_rectangles_cover_each_cell_once_with_its_own_kind() -> None:
    drawn = Random(5)
    for _ in range(60):
        wide, high = drawn.randrange(1, 9), drawn.randrange(1, 9)
        rows = [[drawn.randrange(3) for _ in range(wide)] for _ in range(high)]
        seen: dict[tuple[int, int], int] = {}
        for kind, (a, b, c, d) in rectangles(rows):
            for i in range(a, b + 1):
                for j in range(c, d + 1):
                    assert (i, j) not in seen
                    seen[i, j] = kind
        assert seen == {(i, j): rows[j][i] for j in range(high) for i in range(wide)}


def test_a_map_does_not_hang_on_what_the_scenario_says_of_the_two_facts() -> None:
    one = worlds_of(EXPERTS)
    other = worlds_of(EXPERTS, contribution="20", overlap_short="70")
    found = [landscape(w, *read_axes(w, "contribution", "overlap_short")) for w in (one, other)]
    assert found[0].regions == found[1].regions
    assert replace(found[0].regions[0]) == found[1].regions[0]
