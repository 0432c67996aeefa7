"""Generated cases: what they promise is checked by deciding them, for every rule of the book."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from statistics import correlation

import pytest

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.language.types import ChoiceType, RecordsType
from sharedvalue.engine.practice import drawing
from sharedvalue.engine.practice.cases import Case, Cases
from sharedvalue.engine.practice.generate import firing_keys
from sharedvalue.engine.practice.made_up import worlds_of
from sharedvalue.engine.practice.maker import Maker
from sharedvalue.engine.practice.sense import contradicts, strange
from sharedvalue.engine.practice.turning import turning
from sharedvalue.engine.worlds import form

BOOK = load()
RULES = [rule.id for rule in BOOK.rules.values() if not rule.is_note]


@lru_cache(maxsize=1)
def cases() -> Cases:
    return Cases(BOOK)


@lru_cache(maxsize=16)
def made(name: str) -> Case:
    return cases().get(name)


def again(case: Case) -> Decision:
    return decide(form(BOOK, read_scenario(parse(case.text(), "file"), BOOK, "file")))


SOME = [
    "E01",
    "Z06",
    "Z09",
    "Z14",
]  # of each stage, and one that groups hang on; all the others in the deep run
DEEP = [pytest.param(rule, marks=() if rule in SOME else pytest.mark.deep) for rule in RULES]


@pytest.mark.parametrize("rule", DEEP)
def test_a_case_for_a_rule_fires_it_also_when_read_from_its_file(rule: str) -> None:
    case = made(f"rule-{rule}-1")
    scenario = read_scenario(parse(case.text(), "file"), BOOK, "file")
    assert firing_keys(decide(form(BOOK, scenario)), rule)
    assert not contradicts(case.decision, {})
    assert not case.decision.worlds.warnings  # nothing that the rule book calls unlikely


@pytest.mark.parametrize("rule", DEEP)
def test_a_near_miss_becomes_a_hit_by_one_change(rule: str) -> None:
    near = cases().generator.near_miss(rule, 1)
    community = near.community
    if isinstance(near.was, str):
        hit = replace(community, texts={**community.texts, near.changed: near.was})
    elif near.was is None:
        hit = community.without(frozenset({near.changed}))
    else:
        hit = community.with_value(near.changed, near.was)
    after = firing_keys(decide(worlds_of(hit, BOOK)), rule)
    assert after - firing_keys(near.decision, rule)


@pytest.mark.parametrize("seed", [0, 3, *(pytest.param(n, marks=pytest.mark.deep) for n in range(4, 10))])
def test_twins_differ_in_one_fact_and_in_their_outcomes(seed: int) -> None:
    one, other = cases().twins(seed)
    assert one.decision.outcome != other.decision.outcome
    assert {n for n, s in one.scenario.stated.items() if s.values != other.scenario.stated[n].values} == {
        one.changed
    }
    assert set(one.scenario.stated) == set(other.scenario.stated)
    assert again(one).outcome == one.decision.outcome


@pytest.mark.parametrize("name", list(Cases(BOOK).about.popular))
@pytest.mark.parametrize(
    "seed", [2, pytest.param(1, marks=pytest.mark.deep), pytest.param(3, marks=pytest.mark.deep)]
)
def test_a_popular_rule_misleads_in_its_case(name: str, seed: int) -> None:
    case = made(f"popular-{name}-{seed}")
    popular = cases().about.popular[name]
    assert case.decision.certain
    assert case.decision.outcome != popular.and_so
    assert popular.absent in {entry.rule for entry in BOOK.absent}
    assert popular.and_so in BOOK.outcome_names
    # One fact changed changes the answer, and not what the popular rule would say.
    assert isinstance(case.was, int)
    found = cases().generator.popular(name, seed)
    other = decide(worlds_of(found.community.with_value(case.changed, case.was), BOOK))
    assert other.certain
    assert other.outcome != case.decision.outcome
    for decision in (found.decision, other):
        assert cases().generator.speaks((popular.when,), decision)
    turn = turning(case)
    assert turn is not None
    assert popular.title in turn.words


NEVER_DRAWN = {
    "not_contacted",  # then nothing of the sponsor is known, and no case can be drawn whole
    "leader_inferred",  # a doubt: see `doubt` in practice.yaml
}


def test_each_fact_that_is_asked_for_is_drawn_and_with_it_each_of_its_words() -> None:
    draws = cases().about.draws
    for fact in BOOK.facts.values():
        if fact.ask is None or isinstance(fact.type, RecordsType):
            continue
        assert fact.name in draws, fact.name
        if isinstance(fact.type, ChoiceType):
            left = set(fact.type.codes) - set(draws[fact.name].values)
            assert {fact.type.option(code) for code in left} <= NEVER_DRAWN, fact.name


def test_what_moves_together_in_life_does_so_in_what_is_drawn() -> None:
    """Signs of rank correlations over communities as chance has them, before anything is mended."""
    maker = Maker(BOOK, cases().about, "together", 1)
    form = dict.fromkeys(cases().about.lists, ()) | {"sponsors": ({"name": "a host", "weight": "1"},)}
    drawn = [maker.drawn(form).values for _ in range(300)]

    def together(one: str, other: str) -> float:
        ranks = []
        for name in (one, other):
            values = [values[name] for values in drawn]
            order = sorted(range(len(values)), key=values.__getitem__)
            ranks.append([order.index(n) for n in range(len(values))])
        return correlation(*ranks)

    for one, other in (
        ("member_value_now", "active_share_90d"),
        ("overlap_short", "sponsor_value_now"),
        ("overlap_short", "contribution"),
        ("members_total", "core_group_size"),
    ):
        assert together(one, other) > 0.4, (one, other)
    assert together("member_value_now", "leave_rate_12m") < -0.4
    assert abs(together("member_value_now", "launch_origin")) < 0.2


def test_nothing_of_communities_is_named_where_cases_are_made() -> None:
    """No fact, field or outcome of the rule book stands in the programs that make cases up; `evidence` is a file's own word."""
    fields = {s.name for f in BOOK.facts.values() if isinstance(f.type, RecordsType) for s in f.type.fields}
    named = {*BOOK.facts, *BOOK.outcome_names, *BOOK.measures} | {name for name in fields if "_" in name}
    folder = Path(drawing.__file__).parent
    for file in ("maker", "generate", "made_up", "drawing", "turning"):
        words = set(re.findall(r"[A-Za-z_]+", (folder / f"{file}.py").read_text("utf-8")))
        assert words & named <= {"evidence", "needs"}, file


def test_the_same_seed_gives_the_same_case_and_another_seed_another() -> None:
    first = made("rule-Z14-1").text()
    assert Cases(BOOK).get("rule-Z14-1").text() == first
    assert cases().get("rule-Z14-4").text() != first


def test_groups_add_up_to_the_membership_and_no_story_tells_the_outcome() -> None:
    for rule in SOME:
        case = made(f"rule-{rule}-1")
        stated = case.scenario.stated
        counts = [s.values[0] for n, s in stated.items() if n.startswith("segments[") and n.endswith("count")]
        assert not counts or sum(counts) == stated["members_total"].values[0]
        titles = [entry.title.lower() for entry in BOOK.outcomes.outcomes.values()]
        assert not any(title in case.scenario.story.lower() for title in titles)
        assert "{" not in case.scenario.story
        assert "not a real community" in case.scenario.source


def test_stories_are_of_many_kinds_and_say_the_same_in_other_words() -> None:
    about = cases().about
    hosts = [tale.words["host"] for tale in about.tales]
    assert len(hosts) == len(set(hosts)) >= 30
    several = [line for entry in about.story for line in entry if len(line.say) > 1]
    assert len(several) > len([line for entry in about.story for line in entry]) / 2
    for popular in about.popular.values():
        assert len(set(popular.colour)) >= 3


def test_every_tale_has_all_the_words_and_each_kind_of_problem_has_several_tales() -> None:
    about = cases().about
    keys = {frozenset(tale.words) for tale in about.tales}
    assert len(keys) == 1
    said = [say for entry in about.story for line in entry for say in line.say]
    said += [tale.words["opening"] for tale in about.tales]
    used = {word.lower() for text in said for word in re.findall(r"{(\w+)}", text)}
    assert used <= next(iter(keys)) | {"sponsor"} | set(BOOK.facts)
    kinds = BOOK.facts["sponsor_need_kind"].type
    assert isinstance(kinds, ChoiceType)
    asked = [str(tale.when) for tale in about.tales if tale.when is not None]
    for kind in kinds.options:
        assert sum(f"'{kind}'" in text for text in asked) >= 5, kind


@pytest.mark.parametrize("name", ["rule-Z06-1", "rule-Z14-1", "popular-unhappy_sponsor-2"])
def test_little_in_a_made_up_community_would_not_be_believed(name: str) -> None:
    most = 5  # of more than fifty: what the rule asks for can be odd by itself
    assert strange(made(name).decision) <= most


@pytest.mark.parametrize("name", ["rule-Z10-1", "rule-XX-1", "popular-none-1", "no-such-case", "near-Z10-1"])
def test_what_cannot_be_made_is_told(name: str) -> None:
    with pytest.raises(UserError) as told:
        cases().get(name)
    assert told.value.problems[0].code == "SV560"
