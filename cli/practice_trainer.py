"""What a trainer uses: `practice course`, `practice group`, `practice label` and `practice agreement`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.files import check_target, write_text
from sharedvalue.cli.practice_pages import agreement_lines, debrief_lines, progress_lines
from sharedvalue.cli.practice_sitting import Stopped, Table
from sharedvalue.engine.errors import Problems, UserError
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.practice.agreement import Alpha, Label


@click.command(
    epilog="\b\nExamples:\n  sharedvalue practice course first-session.yaml\n"
    "  sharedvalue practice course first-session.yaml --check",
)
@click.argument("course", metavar="FILE")
@click.option("--check", is_flag=True, help="Only check that all its cases are there.")
@click.option("--file", metavar="FILE", help="The practice file; else your own, in your data folder.")
@global_options
def course(call: Call, course: str, check: bool, file: str | None) -> None:
    """Goes through a chosen sequence of cases; those already answered are left out, so that you can stop and go on."""
    from sharedvalue.engine.practice.cases import Cases
    from sharedvalue.engine.practice.course import load_course
    from sharedvalue.engine.practice.session import Sitting
    from sharedvalue.engine.practice.store import Store

    plan, cases = load_course(course), Cases(call.book)
    if check:
        problems = Problems()
        for name in plan.cases:
            try:
                cases.get(name)
            except UserError as error:
                problems.extend(error)
        problems.stop_if_any()
        if call.json:
            call.print_json(
                {"schema": "sharedvalue/practice-course/1", "title": plan.title, "cases": list(plan.cases)}
            )
        else:
            call.print(f"{plan.title}: {len(plan.cases)} cases, all there")
        return
    store = Store(Path(file)) if file else Store()
    done = {answer.case for answer in store.answers()}
    left = [name for name in plan.cases if cases.id_of(name) not in done]
    call.note(f"{plan.title}: {len(left)} of {len(plan.cases)} cases to go")
    for name in left:
        if Table(call, store).sit_through(cases, Sitting(cases.get(name), plan.ask)) is None:
            call.note(f"Go on with: sharedvalue practice course {course}")
            return
    if left:
        call.note("That was the last case. See: sharedvalue practice progress")


@click.command(
    epilog="\b\nExamples:\n  sharedvalue practice group ana.json ben.json\n"
    "  sharedvalue practice group exports/*.json --json",
)
@click.argument("files", nargs=-1, required=True, metavar="EXPORT...")
@global_options
def group(call: Call, files: tuple[str, ...]) -> None:
    """A summary of several trainees, from their exports: all together, each, cases most often missed, and what to talk over."""
    from sharedvalue.engine.practice.cases import Cases
    from sharedvalue.engine.practice.course import load_export
    from sharedvalue.engine.practice.debrief import disagreements, splits, talks
    from sharedvalue.engine.practice.group import group as add_up
    from sharedvalue.engine.practice.progress import progress_json, share_json
    from sharedvalue.engine.practice.words import share_words

    exports = [load_export(path) for path in files]
    found, otherwise = add_up(exports), list(disagreements(exports))
    talk = list(talks(Cases(call.book), splits(exports)))
    if call.json:
        call.print_json(
            {
                "schema": "sharedvalue/practice-group/1",
                "people": {who: progress_json(one) for who, one in found.each.items()},
                "all": progress_json(found.everybody),
                "cases": {case: share_json(share) for case, share in found.cases.items()},
                "debrief": [
                    {
                        "case": one.split.case,
                        "given": dict(one.split.given),
                        "outcome": one.outcome,
                        "other": one.other,
                        "facts_that_tell_apart": list(one.facts),
                        "other_would_be_right_with": list(one.change),
                    }
                    for one in talk
                ],
                "disagreements": [
                    {"who": one.who, "case": one.case, "outcome": one.outcome, "reason": one.reason}
                    for one in otherwise
                ],
            }
        )
        return
    call.print(progress_lines(found.everybody, call.book))
    call.print(["", "EACH PERSON"])
    for who, one in found.each.items():
        call.print(fold(f"{who}: {share_words(one.calibration.share)}", WIDTH, "   ", first=" "))
    call.print(["", "EACH CASE, the most often missed first"])
    for case, share in found.cases.items():
        call.print(fold(f"{case}: {share_words(share)}", WIDTH, "   ", first=" "))
    call.print(debrief_lines(talk, otherwise, call.book))


@click.command(
    epilog="\b\nExamples:\n  sharedvalue practice label first-session.yaml --rater Ana -o ana.yaml\n"
    "  sharedvalue practice label first-session.yaml --blank -o sheet.yaml",
)
@click.argument("course", metavar="COURSE")
@click.option("--rater", default="", help="Who labels.")
@click.option("--blank", is_flag=True, help="Only write an empty sheet, to fill in by hand.")
@click.option("-o", "--output", required=True, metavar="FILE", help="Where the sheet is written.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@global_options
def label(call: Call, course: str, rater: str, blank: bool, output: str, force: bool) -> None:
    """Label the cases of a course blind: no answer is ever shown. Sheets of several people: see practice agreement."""
    from sharedvalue.engine.practice.cases import Cases
    from sharedvalue.engine.practice.course import load_course, sheet_text
    from sharedvalue.engine.practice.session import Sitting

    plan, cases = load_course(course), Cases(call.book)
    check_target(output, force)
    found = [cases.get(name) for name in plan.cases]
    labels: dict[str, Label] = {}
    if not blank:
        table = Table(call, None)
        for number, case in enumerate(found, 1):
            call.note(f"\n{number} of {len(found)}")
            try:
                said = table.label(Sitting(case))
            except Stopped:
                break
            if said is not None:
                labels[case.id] = said
    write_text(output, sheet_text(plan, found, rater or Path(output).stem, labels), force)
    if call.json:
        call.print_json(
            {
                "schema": "sharedvalue/practice-sheet/1",
                "file": output,
                "cases": len(found),
                "labelled": len(labels),
            }
        )
    else:
        call.print(f"wrote {output}: {len(found)} cases, {len(labels)} labelled")


@click.command(
    epilog="\b\nExamples:\n  sharedvalue practice agreement ana.yaml ben.yaml chi.yaml",
)
@click.argument("sheets", nargs=-1, required=True, metavar="SHEET...")
@global_options
def agreement(call: Call, sheets: tuple[str, ...]) -> None:
    """How far people who labelled blind agree with each other, and with the rule book."""
    from sharedvalue.engine.practice.agreement import against_book
    from sharedvalue.engine.practice.agreement import agreement as agree
    from sharedvalue.engine.practice.cases import Cases
    from sharedvalue.engine.practice.course import load_sheets

    cases = Cases(call.book)
    found = load_sheets(sheets, cases)
    labels = {sheet.rater: sheet.labels for sheet in found}
    named = sorted({case for sheet in found for case in sheet.labels})
    outcomes = {case: cases.get(case).decision.outcome for case in named}
    result, rows = agree(labels, call.book.outcome_names), against_book(labels, outcomes)
    if call.json:
        call.print_json(
            {
                "schema": "sharedvalue/practice-agreement/1",
                "raters": list(labels),
                "cases": result.cases,
                "labels": result.labels,
                **_alpha_json(result.names),
                "with_confidence": {"cases": result.sure.cases, **_alpha_json(result.sure)},
                "pairs_that_agree": None if result.few or result.agreed is None else round(result.agreed, 4),
                "against_book": [
                    {
                        "case": row.case,
                        "outcome": row.outcome,
                        "labels": dict(row.labels),
                        "pairs_that_agree": None if row.agreed is None else round(row.agreed, 4),
                        "confidence": None if row.sure is None else round(row.sure, 2),
                    }
                    for row in rows
                ],
            }
        )
        return
    titles = {name: entry.title for name, entry in call.book.outcomes.outcomes.items()}
    call.print(agreement_lines(result, rows, list(labels), titles))


def _alpha_json(found: Alpha) -> dict[str, object]:
    few = found.few
    return {
        "alpha": None if few or found.value is None else round(found.value, 4),
        "bootstrap_interval_95": None
        if few or found.interval is None
        else [round(end, 4) for end in found.interval],
    }
