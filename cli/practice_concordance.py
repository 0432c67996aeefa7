"""`practice concordance`, `panel` and `intervals`: what a new fact changes, the panel that this is scored by, and borders."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.files import write_text
from sharedvalue.cli.practice_options import SEEDS, cases_of, file_option, now, store_of
from sharedvalue.cli.practice_pages import border_lines, case_lines, item_lines, panel_lines, scored_lines
from sharedvalue.cli.practice_sitting import Table
from sharedvalue.engine.errors import mistake
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.practice.cases import Case
    from sharedvalue.engine.practice.panel import Panel

ASKED = 4  # questions on a case: one of each kind of proof


@click.command(
    epilog="\b\nExamples:\n  sharedvalue practice concordance beginners-and-specialists-one-network\n"
    "  sharedvalue practice concordance midwives-far-from-hospital --panel panel.yaml\n"
    "  sharedvalue practice concordance twin-1-a --answers 2,-2,0 --json",
)
@click.argument("case")
@click.option(
    "-n", "count", type=click.IntRange(1, 12), default=ASKED, show_default=True, help="How many questions."
)
@click.option("--seed", type=SEEDS, default=0, help="Another number, other questions.")
@click.option(
    "--panel", "panel_file", metavar="FILE", help="The questions of this panel; they are scored by it."
)
@click.option("--answers", metavar="A,B,C", help="From -2 (much less likely) to 2 (much more), in order.")
@file_option
@global_options
def concordance(
    call: Call,
    case: str,
    count: int,
    seed: int,
    panel_file: str | None,
    answers: str | None,
    file: str | None,
) -> None:
    """If you now learned this, would that outcome become more or less likely? Scored against a panel, where there is one.

    Without a panel of ten or more there is no score. What the rule book proves is shown beside, as what it is.
    """
    from sharedvalue.engine.practice.answering import keep_concordance
    from sharedvalue.engine.practice.as_json import items_json
    from sharedvalue.engine.practice.concordance import items
    from sharedvalue.engine.practice.panel import answers_of, load_panel, questions_of

    cases = cases_of(call)
    found = cases.get(case)
    panel: Panel | None = None
    numbers: tuple[int, ...] = ()
    if panel_file is None:
        asked = items(found, count, seed)
    else:
        panel = load_panel(panel_file, call.book)
        numbers = panel.of_case(found.id)
        asked = questions_of(panel, cases, numbers)
    if not asked:
        mend = "Take a case of the panel." if panel else "Take another case."
        raise mistake("SV560", case, "there are no such questions on this case", mend)
    said = answers_of(answers, len(asked)) if answers is not None else ()
    if not said and not call.json:
        if not _shown(call, found, [item_lines(n, item) for n, item in enumerate(asked, 1)]):
            return
        said = Table(call, store_of(file)).likely(asked)
        if len(said) < len(asked):
            call.note("Nothing was kept.")
            return
    places = numbers or tuple(range(len(asked)))
    earned = [panel.credit(number, one) if panel else None for number, one in zip(places, said, strict=False)]
    if said:
        keep_concordance(store_of(file), asked, earned, now())
    if call.json:
        call.print_json(items_json(found.id, asked, said, earned))
        return
    given = [panel.given(number) if panel else {} for number in places]
    for number, item in enumerate(asked):
        call.print(scored_lines(number + 1, item, said[number], given[number], earned[number]))


def _shown(call: Call, case: Case, questions: Iterable[Iterable[str]]) -> bool:
    """Shows the case; and where nobody is there to answer, the questions. Whether somebody is."""
    from sharedvalue.engine.practice.session import Sitting

    call.print([*case_lines(Sitting(case)), ""])
    if sys.stdin.isatty():
        return True
    call.print(line for question in questions for line in (*question, ""))
    return False


@click.command(
    epilog="\b\nExamples:\n  sharedvalue practice panel panel.yaml --course first-session.yaml\n"
    "  sharedvalue practice panel panel.yaml --who Ana\n  sharedvalue practice panel panel.yaml --add from-ben.yaml\n"
    "  sharedvalue practice panel panel.yaml",
)
@click.argument("panel", metavar="FILE")
@click.option(
    "--course", metavar="COURSE", help="Begin a new panel, with questions on the cases of this course."
)
@click.option(
    "-n",
    "count",
    type=click.IntRange(1, 12),
    default=ASKED,
    show_default=True,
    help="Questions on each case.",
)
@click.option("--who", metavar="NAME", help="A member answers, under a name or a code.")
@click.option("--answers", metavar="A,B,C", help="The member's answers in one line, from -2 to 2, in order.")
@click.option("--add", "added", multiple=True, metavar="FILE", help="Take answers from a copy; repeatable.")
@global_options
def panel(
    call: Call,
    panel: str,
    course: str | None,
    count: int,
    who: str | None,
    answers: str | None,
    added: tuple[str, ...],
) -> None:
    """Collects a panel's answers blind, in a file: no answer of another, and nothing of a proof, is ever shown.

    Members are people who know such communities well. From ten on, others can be scored against them. Without an option it
    says how far the panel is.
    """
    from sharedvalue.engine.practice.course import load_course
    from sharedvalue.engine.practice.panel import begun, load_panel, panel_text, save

    if course is not None:
        if who is not None or added:
            raise mistake(
                "SV120", "practice panel", "--course begins a panel, alone", "Leave out the others."
            )
        plan = load_course(course)
        found = begun(plan.title, cases_of(call), plan.cases, count)
        write_text(panel, panel_text(found, call.book), False)
        return _told(call, panel, found)
    found = load_panel(panel, call.book)
    if who is not None:
        found = _answered(call, panel, found, who, answers)
    elif answers is not None:
        raise mistake("SV120", "--answers", "it is not said whose answers they are", "Say --who NAME.")
    for path in added:
        other = load_panel(path, call.book)
        if other.questions != found.questions:
            raise mistake("SV563", path, "it asks other questions", "Give a copy of the same panel.")
        found = save(Path(panel), other.members, call.book)
    return _told(call, panel, found)


def _answered(call: Call, path: str, panel: Panel, who: str, answers: str | None) -> Panel:
    """The panel with the answers of a member to what that one has not answered; as far as it was gone through."""
    from sharedvalue.engine.practice.panel import answers_of, member_named, questions_of, save

    name = member_named(who)
    left = panel.left(name)
    if not left:
        raise mistake("SV562", name, "this member has answered all questions", "Give another name.")
    if answers is not None:
        said = answers_of(answers, len(left))
    else:
        asked = questions_of(panel, cases_of(call), left)
        said = Table(call, None).likely(asked, True)
    given = dict(zip(left, said, strict=False))
    if not given:
        return panel
    return save(Path(path), {name: tuple(given.get(n) for n in range(len(panel.questions)))}, call.book)


def _told(call: Call, path: str, panel: Panel) -> None:
    if call.json:
        call.print_json(
            {
                "schema": "sharedvalue/practice-panel/1",
                "file": path,
                "title": panel.title,
                "questions": len(panel.questions),
                "members": {name: len(panel.questions) - len(panel.left(name)) for name in panel.members},
                "can_be_scored": panel.ready,
            }
        )
    else:
        call.print(panel_lines(path, panel))


@click.command(
    epilog="\b\nExamples:\n  sharedvalue practice intervals beginners-and-specialists-one-network\n"
    "  sharedvalue practice intervals beginners-and-specialists-one-network --answers 30-50,0-20,40-60 --json",
)
@click.argument("case")
@click.option(
    "-n", "count", type=click.IntRange(1, 12), default=3, show_default=True, help="How many questions."
)
@click.option("--seed", type=SEEDS, default=0, help="Another number, other questions.")
@click.option("--answers", metavar="A-B,C-D", help="A range for each question, in order.")
@file_option
@global_options
def intervals(call: Call, case: str, count: int, seed: int, answers: str | None, file: str | None) -> None:
    """From which value on could the answer be another? You say ranges that are meant to hold it eight times in ten."""
    from sharedvalue.engine.practice.answering import keep_intervals
    from sharedvalue.engine.practice.as_json import intervals_json
    from sharedvalue.engine.practice.intervals import borders, ranges_of
    from sharedvalue.engine.practice.words import held

    found = cases_of(call).get(case)
    asked = borders(found, count, seed)
    if not asked:
        raise mistake("SV560", case, "no number of this case changes its answer alone", "Take another case.")
    said = ranges_of(answers, asked) if answers is not None else ()
    if not said and not call.json:
        if not _shown(call, found, [border_lines(n, one) for n, one in enumerate(asked, 1)]):
            return
        said = Table(call, store_of(file)).ranges(asked)
        if len(said) < len(asked):
            call.note("Nothing was kept.")
            return
    if said:
        keep_intervals(store_of(file), asked, said, now())
    if call.json:
        call.print_json(intervals_json(found.id, asked, said))
        return
    for number, (border, one) in enumerate(zip(asked, said, strict=True), 1):
        call.print(fold(f"{number}  {border.asked[0]} {held(border, one)}", WIDTH, "   "))
