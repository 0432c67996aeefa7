"""Asks a person which of the needs that were put together from titles are needs, and in whose words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.import_prompts import say
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.evidence.mapping import Group
    from sharedvalue.engine.evidence.proposals import Proposal


def ask_proposals(file: str, found: Sequence[Proposal]) -> tuple[Group, ...]:
    """Which of the proposals are needs, in whose words, and whether they are within the purpose."""
    from sharedvalue.engine.evidence.asked import short
    from sharedvalue.engine.evidence.mapping import Group

    say(
        f"What resonates in {file} was put together by the words of its titles. Which of it do members need? Write the need in your own "
        "words, Enter takes those shown, - is none. How many need it, a survey says; until then, your judgement may stand there, as one."
    )
    groups = []
    for number, each in enumerate(found, start=1):
        titles = "; ".join(short(item, 40) for item in each.items[:3])
        more = f" and {len(each.items) - 3} more" if len(each.items) > 3 else ""
        click.echo(
            "\n".join(fold(f"{each.times:,} times: {titles}{more}", WIDTH, "     ", first=f"  {number}  "))
        )
        named = " ".join(str(click.prompt("     Need", default=each.words)).split())
        if named == "-":
            continue
        answer = click.prompt(
            "     Within the purpose (y, n, ? for not known)",
            type=click.Choice(["y", "n", "?"]),
            default="?",
            show_choices=False,
        )
        within = {"y": True, "n": False}.get(answer)
        groups.append(Group(named[:80], each.items, within_purpose=within, needed_by=_ask_weight()))
    return tuple(groups)


def _ask_weight() -> Fraction | None:
    """How many have a need, as the person who is asked judges; None for no judgement."""
    while True:
        said = str(
            click.prompt(
                "     Of 100 members, how many need it, as you judge (Enter: no judgement)",
                default="",
                show_default=False,
            )
        ).strip()
        if not said:
            return None
        if said.isdigit() and int(said) <= 100:
            return Fraction(int(said))
        say("Write a number from 0 to 100, or Enter.")
