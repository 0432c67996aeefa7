"""A house puts its own branch before or after another; the how-to's example ends in the answer that it promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sharedvalue.engine.advice import advise
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook, scenarios_folder
from sharedvalue.engine.language.scenario import load_scenario
from sharedvalue.engine.telling.answer import answer_lines
from sharedvalue.engine.worlds import form

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-rule.md"
RULE = """
rules:
  H09:
    chapter: Z
    title: A rule of the house
    kind: house
    {where}
    outcome: KEEP_COURSE
    modes: [as_is]
    when: has_sponsor and alternative_home == 'exists' and restrict_viable
    because: The house says so.
    otherwise: the house says nothing
    why: a test
"""


def house(folder: Path, text: str, name: str = "house.yaml") -> RuleBook:
    (folder / name).write_text(text, "utf-8")
    return load([folder])


def order(book: RuleBook) -> list[str]:
    """The branches of the choice as they are tried."""
    branches = [
        (block.order, f"{rule.id}.{block.part}".rstrip("."))
        for rule in book.rules.values()
        if rule.stage == "world"
        for block in rule.blocks
        if block.outcome
    ]
    assert [place for place, _ in sorted(branches)] == list(range(1, len(branches) + 1))
    return [name for _, name in sorted(branches)]


SHIPPED = order(load())


@pytest.mark.parametrize(
    ("where", "before", "after"),
    [
        ("after: Z03", "Z03.bridge", "Z13.both_met"),
        ("after: Z03.time_boxed", "Z03.time_boxed", "Z03.bridge"),
        ("before: Z06", "Z20.circle", "Z06.restrict"),
        ("before: Z07", None, "Z07.members_alone_unmet"),
        ("after: Z16", "Z16.reconsider", "Z07.nothing_holds"),
    ],
)
def test_branch_stands_where_the_house_puts_it(
    tmp_path: Path, where: str, before: str | None, after: str
) -> None:
    found = order(house(tmp_path, RULE.format(where=where)))
    at = found.index("H09")
    assert (found[at - 1] if at else None, found[at + 1]) == (before, after)
    assert [name for name in found if name != "H09"] == SHIPPED


def test_two_branches_at_one_side_keep_the_order_in_which_they_are_written(tmp_path: Path) -> None:
    second = RULE.format(where="after: Z03").replace("H09", "H10").replace("\nrules:\n", "")
    found = order(house(tmp_path, RULE.format(where="after: Z03") + second))
    assert found[found.index("H09") + 1] == "H10"


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("place: 12.5", "no place"),
        ("after: Z99", "no branch"),
        ("after: V05", "no branch"),
        ("after: Z03\n    before: Z06", "before"),
    ],
)
def test_place_that_is_none_is_told_with_a_mend(tmp_path: Path, where: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        house(tmp_path, RULE.format(where=where))
    assert any(words in problem.what and problem.mend for problem in caught.value.problems)


def test_rule_of_the_how_to_decides_and_advises_as_promised(tmp_path: Path) -> None:
    blocks = re.findall(
        r"<!-- file: house/(.*?) -->\n```yaml\n(.*?)```", HOW_TO.read_text("utf-8"), re.DOTALL
    )
    assert {name for name, _ in blocks} == {"mentors.yaml", "circle-first.yaml"}
    for name, text in blocks:
        book = house(tmp_path, text, name)
    worlds = form(book, load_scenario(scenarios_folder() / "laboratories-in-two-tiers.yaml", book))
    advice = advise(worlds)
    assert (advice.decision.outcome, advice.decision.modes) == ("KEEP_COURSE", ("inner_circle",))
    assert advice.actions[0].id == "A12"
    printed = "\n".join(answer_lines(advice))
    assert "H02" in printed
    assert "1 Open a way in for members who grow" in printed
