"""Small statements of the commands that the rules must bear out, each of which once did not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sharedvalue.cli.map import map_lines
from sharedvalue.engine.advice import advise
from sharedvalue.engine.decision import decide
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.questions.landscape import landscape
from sharedvalue.engine.questions.landscape_axes import read_axes
from sharedvalue.engine.telling.brief import brief
from sharedvalue.engine.worlds import form, suppose
from tests.cli.calling import ROOT, call, scenario

BOOK = load()
CASE = "scenarios/neophytes-and-experts.yaml"


def written(folder: Path, **changes: str) -> str:
    """The article's own case with some lines otherwise."""
    text = Path(CASE).read_text(encoding="utf-8")
    for name, value in changes.items():
        (line,) = [one for one in text.splitlines() if one.startswith(f"  {name}:")]
        text = text.replace(line, f"  {name}: {value}")
    file = folder / "case.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_an_overlap_that_counts_as_none_says_why(tmp_path: Path) -> None:
    case = written(tmp_path, overlap_short="45", overlap_long="40", contribution="20")
    told = " ".join(call("decide", case, "--full").out.split())
    assert "Overlap 45 now, 40 ahead: none, since contribution 20 is below 30*" in told
    assert "none now" not in told
    assert "Overlap 15 now, 15 ahead: none now (below 25*), none ahead" in " ".join(
        call("decide", CASE).out.split()
    )


def test_a_star_is_our_default_and_not_what_a_house_made_of_it(tmp_path: Path) -> None:
    (tmp_path / "h.yaml").write_text("thresholds:\n  value_unmet: {value: 41, because: our board says so}\n")
    told = call("decide", CASE, "--full", "--rules", str(tmp_path)).out
    assert "unmet (below 41)" in told
    assert "none now (below 25*)" in told
    assert "unmet (below 40*)" in call("decide", CASE, "--full").out


SPONSORS = """scenario: 1
facts:
  has_sponsor: true
  sponsors:
    - {name: u, weight: %s, value_now: 80, value_outlook: 65, stance: negotiable, need_kind: other, contribution: 60}
    - {name: v, weight: %s, value_now: 80, value_outlook: 65, stance: negotiable, need_kind: other, contribution: 60}
"""


def test_sponsors_that_weigh_nothing_are_averaged_by_nobody(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(SPONSORS % ("0", "0"))
    told = call("why", str(file), "sponsor_value_unmet")
    assert told.code == 2
    assert told.err.startswith("SV207")
    file.write_text(SPONSORS % ("0", "0.001"))
    assert call("decide", str(file)).code == 0, "one that weighs is enough"
    file.write_text(SPONSORS % ("{between: [0, 1]}", "0"))
    assert call("decide", str(file)).code == 0, "one that may weigh is enough"


def test_needs_that_nobody_named_have_no_shares(tmp_path: Path) -> None:
    file = tmp_path / "n.yaml"
    need = "scenario: 1\nfacts:\n  has_sponsor: true\n  needs:\n    - {label: n, cited_by: %s, satisfied: 10, within_purpose: false}\n"
    file.write_text(need % 0)
    assert call("decide", str(file)).err.startswith("SV207")
    file.write_text(need % 1)
    assert call("decide", str(file)).code == 0


def test_a_map_of_which_nothing_was_seen_says_nothing_of_it() -> None:
    book = load()
    worlds = form(book, load_scenario(CASE, book))
    axes = read_axes(worlds, "segments[experts].overlap", "openness_to_realign")
    told = "\n".join(map_lines(landscape(worlds, *axes, 0.0)))
    assert "after 0 of 10,201 points" in told
    assert "the same on the whole map" not in told


def test_more_overlap_is_an_improvement_that_somebody_can_bring_about(tmp_path: Path) -> None:
    told = call("flip", written(tmp_path, overlap_short="15", overlap_long="45")).out
    advised, _, undone = told.partition("WHAT WOULD UNDO THIS")
    assert "overlap now 15 -> 25" in advised
    assert "You and the sponsor" in advised
    assert "overlap now 15 ->" not in undone


@pytest.mark.parametrize("full", [True, False])
def test_what_only_an_open_branch_asks_for_stands_under_it(full: bool) -> None:
    case = "scenarios/the-survey-is-three-years-old.yaml"
    book = load()
    actions = advise(form(book, load_scenario(case, book))).actions
    under = {
        mode: [a.text for a in actions if a.mode == mode]
        for mode in dict.fromkeys(a.mode for a in actions if a.mode)
    }
    assert under, "the modes of this case are open"
    told = " ".join(call("decide", case, *(["--full"] if full else [])).out.split()).lower()
    before, _, branches = told.partition('if "')
    for texts in under.values():
        assert texts[0].lower() in branches
        assert all(text.lower() not in before for text in texts)
        assert all(text.lower() in branches for text in texts) or not full


@pytest.mark.parametrize(
    "kept", ["segments", "segments[experts]", "segments[experts].overlap", 'segments["EXPERTS"].overlap']
)
def test_what_is_kept_may_be_named_in_every_way(kept: str) -> None:
    found = call("flip", CASE, "--keep", kept, "--to", "keep-course")
    assert (found.code, found.err) == (0, "")
    assert "overlap (experts)" not in found.out


@pytest.mark.parametrize("kept", ["segments[nobody].overlap", "segments[experts].nothing", "contributions"])
def test_what_is_kept_and_is_not_there_is_told(kept: str) -> None:
    assert call("flip", CASE, "--keep", kept).err.startswith("SV204")


def test_what_cannot_come_about_undoes_nothing() -> None:
    """One sponsor is not in conflict with itself, nobody grows younger, and a talk that was had was had."""
    archivists = call("decide", "--full", scenario("town-archivists-nobody-is-left")).out
    assert "48 -> 11" not in archivists  # months
    told = [
        call("decide", "--full", scenario(name)).out
        for name in ("neophytes-and-experts", "mathoverflow-research-level-only")
    ]
    undone = [line for out in told for line in out.splitlines() if line.lstrip().startswith("Undone by")]
    assert any("contribution of the kept group alone" in line for line in undone)
    assert not any(
        words in line
        for line in undone
        for words in ("in conflict", "age in months", "-> not contacted", "failed repairs")
    )


def test_where_the_rule_that_decides_is_open_those_that_may_are_named_with_what_it_hangs_on() -> None:
    path = str(ROOT / "scenarios" / "the-survey-is-three-years-old.yaml")
    told = json.loads(call("decide", path, "--json").out)
    assert told["certain"]
    assert [one["rule"] for one in told["deciding"]] == ["Z01", "Z02"]
    for command in ("decide", "why"):
        printed = " ".join(call(command, path).out.split())
        assert (
            "Open which rule decides: keep course, or keep course and repair, depending on member value"
            in printed
        )
    worlds = form(BOOK, load_scenario(path, BOOK))
    for value, rule in ((800, "Z01"), (200, "Z02")):
        stated = {name: Domain.known(value) for name in ("member_value_now", "member_value_outlook")}
        assert [one.rule for one in decide(suppose(worlds, stated)).deciding.branches] == [rule]


def test_a_brief_says_what_is_open_of_how_it_is_done_and_what_to_do_in_each_case() -> None:
    path = str(ROOT / "scenarios" / "the-survey-is-three-years-old.yaml")
    told = brief(advise(form(BOOK, load_scenario(path, BOOK))))
    assert told.open[0] == "Still open: as it is, or repair what members get."
    assert told.open[1].startswith("Open which rule decides: ")
    assert [step.text.split(":")[0] for step in told.steps] == [
        'If "as it is"',
        'If "repair what members get"',
    ]


def test_a_sweep_says_of_every_value_what_decide_says_of_it() -> None:
    found = call("sweep", CASE, "--set", "members_total=1160", "--vary", "segments[neophytes].overlap=27..52")
    rows = [" ".join(line.split()) for line in found.out.splitlines()]
    assert (found.code, found.err) == (0, "")
    assert "Restrict the membership 2 7.7 %" in rows  # 27 and 28
    assert "Not yet 22 84.6 %" in rows  # 29 to 50: whether the mismatch follows the groups is open
    assert "Keep course 2 7.7 %" in rows  # 51 and 52, by one of two rules
    assert "Z02 Keep course and repair; or Z21 2 7.7 %" in rows
    text = Path(CASE).read_text(encoding="utf-8")
    for overlap, outcome in (
        (28, "RESTRICT_MEMBERSHIP"),
        (29, "NOT_YET"),
        (50, "NOT_YET"),
        (51, "KEEP_COURSE"),
    ):
        changed = text.replace("level: novice, overlap: 10", f"level: novice, overlap: {overlap}")
        assert changed != text
        decision = decide(form(BOOK, read_scenario(parse(changed, "made"), BOOK, "made")))
        assert decision.outcome == outcome, overlap


def test_the_ends_of_a_range_are_among_what_is_searched(tmp_path: Path) -> None:
    for openness, outcome in (
        ("49.5", "RESTRICT_MEMBERSHIP"),
        ("50", "SHIFT_FOCUS"),
        ("{between: [49.5, 50]}", "NOT_YET"),
        ("{one_of: [49.5, 50]}", "NOT_YET"),
    ):
        case = load_scenario(written(tmp_path, openness_to_realign=openness, sponsor_need_moved="true"), BOOK)
        assert decide(form(BOOK, case)).outcome == outcome, openness


def test_how_one_knows_that_a_need_is_fixed_plays_a_part_in_every_command() -> None:
    set_to = call("what-if", CASE, "--set", "stance_source=leader_inferred").out
    assert "outcome     Restrict the membership  Not yet" in set_to
    assert (
        "source of the stance (assumed): stays with sponsor said, document" in call("sensitivity", CASE).out
    )
    assert "source of the stance: sponsor said (assumed)" in " ".join(call("reasons", CASE).out.split())
    assert "Stands on what you did not say: source of the stance" in call("decide", CASE).out


def test_a_printed_command_quotes_a_name_that_a_shell_would_part(tmp_path: Path) -> None:
    file = tmp_path / "our survey(1).yaml"
    made = call("scenario", "new", str(file))
    assert f"sharedvalue decide '{file}'" in " ".join(f"{made.out} {made.err}".split())
