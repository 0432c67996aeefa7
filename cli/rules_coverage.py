"""`rules coverage`: what saved scenarios exercise of a rule book, and minimal scenarios for what they leave out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.progress import Shown
from sharedvalue.cli.rules_compare import saved
from sharedvalue.engine.errors import mistake
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.language.rulebook import RuleBook
    from sharedvalue.engine.questions.coverage import Coverage
    from sharedvalue.engine.questions.missing import Missing

SHOWN = 15


@click.command(
    epilog="\b\nExamples:\n  sharedvalue rules coverage\n  sharedvalue rules coverage my-scenarios/*.yaml\n  sharedvalue rules coverage --json\n"
    "  sharedvalue rules coverage my-scenarios/*.yaml --generate missing/ --dry-run"
)
@click.argument("scenarios", nargs=-1)
@click.option("--all", "everything", is_flag=True, help=f"Print every condition, not only {SHOWN}.")
@click.option(
    "--generate", metavar="DIR", help="Write a minimal scenario for all that is missing, into this folder."
)
@click.option(
    "--dry-run", is_flag=True, help="With --generate: say what would be written, and write nothing."
)
@click.option(
    "--budget", type=click.FloatRange(1, 3600), default=60.0, show_default=True, metavar="SECONDS",
    help="How long proofs may take.",
)  # fmt: skip
@global_options
def coverage(
    call: Call,
    scenarios: tuple[str, ...],
    everything: bool,
    generate: str | None,
    dry_run: bool,
    budget: float,
) -> None:
    """Which rules, conditions, outcomes and modes the saved scenarios exercise, and which not.

    With --generate, a scenario of as few facts as suffice is made for each, or the proof given that there is none.
    """
    from sharedvalue.engine.questions.coverage import coverage as ask_coverage
    from sharedvalue.engine.questions.coverage import coverage_json

    if dry_run and generate is None:
        raise mistake(
            "SV130", "--dry-run", "there is nothing to write", "Say where scenarios would go: --generate DIR."
        )
    found = ask_coverage(call.book, saved(scenarios))
    made = files = None
    if generate is not None:
        made, files = _generate(call, found, Path(generate), dry_run, budget)
    if call.json:
        report = coverage_json(call.book, found)
        if made is not None:
            from sharedvalue.engine.questions.missing import missing_json

            report["generated"] = missing_json(made, files or {})
        call.print_json(report)
        return
    call.print(coverage_lines(call.book, found, everything))
    if made is not None:
        call.print(_generated(made, files or {}, dry_run))


def _generate(
    call: Call, found: Coverage, folder: Path, dry_run: bool, budget: float
) -> tuple[Missing, dict[str, str]]:
    """Makes what is missing and writes it; the files by what each is for (none of a dry run)."""
    from sharedvalue.cli.files import check_target, write_text
    from sharedvalue.engine.questions.missing import missing, texts

    with Shown("scenarios") as progress:
        made = missing(call.book, found, budget, progress or (lambda done, of: None))
    targets = {
        str(one.target): (folder / name, text)
        for one, (name, text) in zip(made.made, texts(made), strict=True)
    }
    if dry_run or not targets:
        return made, {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise mistake(
            "SV121",
            str(folder),
            f"it cannot be made: {error.strerror or error}",
            "Give the name of a folder.",
        ) from None
    for path, _ in targets.values():
        check_target(path, force=False)  # before any is written
    for path, text in targets.values():
        write_text(path, text, force=False)
    return made, {target: str(path) for target, (path, _) in targets.items()}


def _generated(made: Missing, files: Mapping[str, str], dry_run: bool) -> Iterator[str]:
    yield ""
    verb = "WOULD BE WRITTEN" if dry_run else "WRITTEN"
    yield f"{verb}  {len(made.made)} scenario{'' if len(made.made) == 1 else 's'}, of as few facts as suffice"
    for one in made.made:
        more = f", and {len(one.also)} more" if one.also else ""
        yield from fold(
            f"{files.get(str(one.target), one.file_name)}: {one.target}{more}; today {one.outcome}",
            WIDTH,
            "     ",
            first=" ",
        )
    if made.made:
        yield from fold(
            "Judge each outcome yourself, then write it into the file as `expect:`. "
            "A number in it is the first that proof found, not what a community would say.",
            WIDTH,
        )
    if made.never:
        yield from fold(
            f"Proven: no case can exercise {'; '.join(map(str, made.never))} "
            f"(looked at: {', '.join(made.shapes)}).",
            WIDTH,
            "  ",
        )
    if made.unsettled:
        yield from fold(
            f"Not settled within {made.seconds:g} seconds: {'; '.join(map(str, made.unsettled))}.",
            WIDTH,
            "  ",
        )


def coverage_lines(book: RuleBook, found: Coverage, everything: bool) -> Iterator[str]:
    """The coverage for a person."""
    met, all_sides = len(found.held) + len(found.failed), 2 * len(found.conditions)
    yield f"{found.scenarios} scenarios exercise"
    yield f" rules       {len(found.fired & found.rules)} of {len(found.rules)}"
    yield f" conditions  {met} of {all_sides} (each met and missed)"
    for heading, every, some in (
        ("outcomes   ", book.outcome_names, found.outcomes),
        ("modes      ", tuple(book.outcomes.modes), found.modes),
    ):
        missing = [name for name in every if name not in some]
        yield from fold(
            f"{heading} {len(every) - len(missing)} of {len(every)}{'; not ' if missing else ''}{', '.join(missing)}",
            WIDTH,
            "   ",
            first=" ",
        )
    if found.never_fired:
        yield ""
        yield from fold(f"Never fired: {', '.join(found.never_fired)}.", WIDTH, "  ")
    half = found.half if everything else found.half[:SHOWN]
    if half:
        yield ""
        yield "Conditions of which one side was not met"
        for rule, text, side in half:
            yield from fold(f"{rule}: nowhere {side}: {text}", WIDTH, "     ", first=" ")
        if len(half) < len(found.half):
            yield f" and {len(found.half) - len(half)} more (--all)"
