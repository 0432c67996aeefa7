"""`sharedvalue practice`: judge a case first, then see the answer; for trainees. What trainers use is in practice_trainer.py."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.files import write_text
from sharedvalue.cli.practice_cases import generate, twins
from sharedvalue.cli.practice_concordance import concordance, intervals, panel
from sharedvalue.cli.practice_options import cases_of, file_option, now, store_of
from sharedvalue.cli.practice_pages import case_lines, progress_lines, table_lines
from sharedvalue.cli.practice_sitting import Table
from sharedvalue.cli.practice_trainer import agreement, course, group, label
from sharedvalue.engine.errors import mistake
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.practice.reveal import Reveal
    from sharedvalue.engine.practice.session import Sitting


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  sharedvalue practice                    the next case: what is due, else a new one\n"
    "  sharedvalue practice --ask-for-facts    facts are told only when you ask, each at a cost\n"
    "  sharedvalue practice --case market-inspectors-ghana\n  sharedvalue practice progress\n"
    "  sharedvalue practice course first-session.yaml",
)
@click.option("--case", "case_id", metavar="CASE", help="This case, not the next one.")
@click.option(
    "--ask-for-facts", "hidden", is_flag=True, help="Facts are told only when asked for, at a cost."
)
@click.option(
    "--graph", "drawn", metavar="FILE", help="After the answer, draw its graph: .svg .png .html ..."
)
@file_option
@global_options
@click.pass_context
def practice(
    ctx: click.Context, call: Call, case_id: str | None, hidden: bool, drawn: str | None, file: str | None
) -> None:
    """Learn the judgement: read a case, commit to an outcome, and only then see the answer and why.

    Without a command, the next case: what you missed comes back when it is due, else a new one.
    """
    if ctx.invoked_subcommand is not None:
        return
    from sharedvalue.engine.practice.coming import next_case
    from sharedvalue.engine.practice.session import Sitting

    if drawn:
        from sharedvalue.engine.graph import check

        check(drawn)
    store, cases = store_of(file), cases_of(call)
    case = cases.get(case_id) if case_id else next_case(cases, store, now())
    table = Table(call, store)
    found = table.sit_through(cases, Sitting(case, hidden))
    if found is not None and drawn:
        draw(found, drawn)
        call.note(f"The graph is in {drawn}.")


def draw(found: Reveal, target: str) -> None:
    from sharedvalue.engine.graph import explanation, write

    write(explanation(found.decision, False), target)


# --- looking and answering without a conversation ------------------------------------------------------------


@practice.command(
    epilog="\b\nExamples:\n  sharedvalue practice cases\n  sharedvalue practice cases --json",
)
@global_options
def cases(call: Call) -> None:
    """The saved cases, and how generated ones are named."""
    found = cases_of(call)
    popular = found.about.popular
    if call.json:
        call.print_json(
            {
                "schema": "sharedvalue/practice-cases/1",
                "saved": list(found.saved),
                "popular": [{"name": p.name, "title": p.title} for p in popular.values()],
            }
        )
        return
    titles = found.titles()
    call.print("CASES TO READ")
    call.print(f" {name:<40} {titles[name]}" for name in found.written)
    call.print(["", "CASES IN FACTS"])
    call.print(f" {name:<40} {titles[name]}" for name in found.saved if name not in found.written)
    call.print(
        ["", "MADE-UP CASES, for a trainer (the last number is the seed; a trainee sees another name)"]
    )
    call.print(
        [
            " rule-V05-1     a community in which rule V05 fires",
            " near-V05-1     one in which it does not, and would after one change",
            " twin-1-a       with twin-1-b: they differ in one fact, and in the outcome",
            *(f" {f'popular-{p.name}-1':<29} {p.title}" for p in popular.values()),
        ]
    )


@practice.command(
    epilog="\b\nExamples:\n  sharedvalue practice show housing-officers-canada\n"
    "  sharedvalue practice show near-V05-2 --ask contribution --json",
)
@click.argument("case")
@click.option(
    "--ask", "asked", multiple=True, metavar="FACT", help="Show only the facts asked for; repeatable."
)
@global_options
def show(call: Call, case: str, asked: tuple[str, ...]) -> None:
    """A case as it lies on the table, without its answer."""
    sitting = _sitting(call, case, asked)
    if call.json:
        from sharedvalue.engine.practice.as_json import case_json

        call.print_json(case_json(sitting))
    else:
        call.print(case_lines(sitting))


def _sitting(call: Call, case: str, asked: tuple[str, ...], hidden: bool = False) -> Sitting:
    from sharedvalue.engine.practice.session import Sitting

    sitting = Sitting(cases_of(call).get(case), hidden or bool(asked))
    for fact in asked:
        sitting = sitting.ask(fact)
    return sitting


@practice.command(
    epilog="\b\nExamples:\n  sharedvalue practice answer irrigation-engineers-morocco --outcome not-yet --confidence 80 \\\n"
    "      --facts sponsor_engaged,needs_shift\n"
    "  sharedvalue practice answer twin-1-a --outcome keep-course --confidence 60 --no-save --json",
)
@click.argument("case")
@click.option("--outcome", required=True, metavar="OUTCOME", help="What should become of it.")
@click.option("--confidence", required=True, type=int, metavar="PERCENT", help="How sure you are, 0 to 100.")
@click.option("--facts", default="", metavar="A,B,C", help="The facts that decide, by name, label or number.")
@click.option("--ask", "asked", multiple=True, metavar="FACT", help="A fact that was asked for; repeatable.")
@click.option("--graph", "drawn", metavar="FILE", help="Draw the answer's graph: .svg .png .html ...")
@click.option(
    "--otherwise", default="", metavar="WHY", help="You still see it otherwise, and why; it is kept."
)
@click.option("--no-save", is_flag=True, help="Do not keep the answer.")
@file_option
@global_options
def answer(
    call: Call,
    case: str,
    outcome: str,
    confidence: int,
    facts: str,
    asked: tuple[str, ...],
    drawn: str | None,
    otherwise: str,
    no_save: bool,
    file: str | None,
) -> None:
    """Commits to an answer in one line, and shows the reveal: for teaching tools and for tests."""
    from sharedvalue.engine.practice.answering import keep, keep_disagreement
    from sharedvalue.engine.practice.as_json import reveal_json
    from sharedvalue.engine.practice.reveal import reveal
    from sharedvalue.engine.practice.words import revealed

    if drawn:
        from sharedvalue.engine.graph import check

        check(drawn)
    sitting = _sitting(call, case, asked)
    sitting = sitting.commit(outcome, confidence, sitting.named(facts))
    found = reveal(sitting)
    if not no_save:
        keep(store_of(file), found, now())
        if otherwise.strip():
            keep_disagreement(store_of(file), found.sitting.case, found.commitment.outcome, otherwise, now())
    if drawn:
        draw(found, drawn)
    if call.json:
        call.print_json(reveal_json(found))
    else:
        call.print(revealed(found).lines())


# --- progress -------------------------------------------------------------------------------------------------


@practice.command(
    epilog="\b\nExamples:\n  sharedvalue practice progress\n  sharedvalue practice progress --json"
)
@file_option
@global_options
def progress(call: Call, file: str | None) -> None:
    """How well you judge: confidence, the facts you name, twins, by chapter and by rule; and what is due."""
    from sharedvalue.engine.practice.progress import progress as add_up
    from sharedvalue.engine.practice.progress import progress_json
    from sharedvalue.engine.practice.words import coming_back

    store = store_of(file)
    found, due = add_up(store.answers()), store.due(now())
    if call.json:
        call.print_json(
            {
                "schema": "sharedvalue/practice-progress/1",
                "file": str(store.path),
                "due": len(due),
                **progress_json(found),
            }
        )
        return
    call.print(progress_lines(found, call.book))
    if found.answers:
        cards = {topic: (when, times) for topic, (_, when, times) in store.cards().items()}
        call.print(["", *table_lines(coming_back(cards, cases_of(call).titles(), now()))])
        call.print(
            ["", *fold(f"Due now: {len(due)}. Your answers are in {store.path}, nowhere else.", WIDTH)]
        )


@practice.command(
    epilog="\b\nExamples:\n  sharedvalue practice export my-practice.json --who Ana\n  sharedvalue practice export -",
)
@click.argument("target", metavar="FILE")
@click.option("--who", default="", help="Your name or a code, for your trainer; else none is written.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@file_option
@global_options
def export(call: Call, target: str, who: str, force: bool, file: str | None) -> None:
    """Writes all your answers as JSON ('-' for the screen), to keep or to give to a trainer."""
    from sharedvalue.engine.practice.course import export_json

    answers = store_of(file).answers()
    text = json.dumps(export_json(answers, who), indent=2, ensure_ascii=False)
    if target == "-":
        call.print(text)
        return
    write_text(target, text + "\n", force)
    if call.json:
        call.print_json({"schema": "sharedvalue/practice-exported/1", "file": target, "count": len(answers)})
    else:
        call.print(f"wrote {target}: {len(answers)} answers")


@practice.command(epilog="\b\nExamples:\n  sharedvalue practice forget\n  sharedvalue practice forget --yes")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@file_option
@global_options
def forget(call: Call, yes: bool, file: str | None) -> None:
    """Deletes your practice file, with all your answers. It cannot be undone."""
    store = store_of(file)
    count = len(store.answers())
    if store.path.exists() and not yes:
        if not sys.stdin.isatty():
            raise mistake(
                "SV120", "practice forget", "this deletes all your answers", "Say --yes if that is meant."
            )
        if not click.confirm(f"Delete {store.path} with {count} answers?", err=True):
            call.note("Nothing was deleted.")
            return
    gone = store.forget()
    if call.json:
        call.print_json(
            {"schema": "sharedvalue/practice-forgotten/1", "file": str(store.path), "deleted": gone}
        )
    else:
        call.print(f"Deleted {store.path}." if gone else "There was nothing to delete.")


for more in (generate, twins, concordance, panel, intervals, course, group, label, agreement):
    practice.add_command(more)
