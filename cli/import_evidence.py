"""`sharedvalue import`: reads an export of a survey, register, meeting or forum; shows what it is, or takes it into a scenario."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.export_words import TITLES
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.evidence.export import Column, Export

LARGE = 20_000_000  # bytes from which a person waits long enough to want a progress bar


@click.command(
    "import",
    epilog="\b\nExamples:\n  sharedvalue import answers.csv --inspect\n"
    "  sharedvalue import answers.csv --as google-forms --inspect --json\n"
    "  sharedvalue import zoom-may.csv zoom-june.csv --into my-community.yaml --members 400 --dry-run\n"
    "  sharedvalue import answers.csv --into my-community.yaml --mapping my-survey.yaml --dry-run\n"
    "  sharedvalue import answers.csv --into my-community.yaml --mapping my-survey.yaml\n"
    "  sharedvalue import 2020.csv 2021.csv --into my-community.yaml --mapping 2020.yaml --mapping 2021.yaml",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--inspect",
    is_flag=True,
    help="Show what the file is, and what was answered. Nothing is written. This is done where nothing else is asked for.",
)
@click.option(
    "--as",
    "as_format",
    default="",
    metavar="FORMAT",
    help=f"Read it as this format, whatever it looks like: {', '.join(TITLES)}.",
)
@click.option(
    "--encoding",
    default="",
    metavar="NAME",
    help="How its text is encoded, such as windows-1251, where it is read wrongly.",
)
@click.option(
    "--sheet",
    default="",
    metavar="NAME",
    help="Of a workbook, this sheet; else the first that holds anything.",
)
@click.option(
    "--all", "every", is_flag=True, help="With --inspect: all answers of each column, not the most frequent."
)
@click.option("--into", metavar="SCENARIO", help="The scenario that the evidence is written into.")
@click.option(
    "--mapping",
    multiple=True,
    metavar="FILE",
    help="Which columns say what about which fact; one for all files, or one each.",
)
@click.option(
    "--write-mapping",
    metavar="FILE",
    help="Where a new mapping is kept; not at a terminal, one to fill in is written.",
)
@click.option(
    "--date",
    "day",
    default="",
    metavar="DAY",
    help="The last day that a file counts, where it names none: 2026-05-31.",
)
@click.option(
    "--date-order",
    type=click.Choice(["month first", "day first", "year first"]),
    help="Which part of a date stands first, where the file leaves it open.",
)
@click.option(
    "--members",
    type=click.IntRange(1, 100_000_000),
    help="How many members there are; written to the scenario.",
)
@click.option(
    "--guests-are-members",
    is_flag=True,
    help="Whoever came to a meeting as a guest is a member all the same.",
)
@click.option("--population", type=click.IntRange(1, 100_000_000), help="How many could have answered.")
@click.option("--drawn-from-all", is_flag=True, help="All of them were asked, or a random part of all.")
@click.option(
    "--names-nobody",
    multiple=True,
    metavar="HEADING",
    help="A column that is held back as if it named people, and does not; once for each.",
)
@click.option("--dry-run", is_flag=True, help="With --into: show what would be written, and write nothing.")
@click.option(
    "--pseudonyms",
    metavar="OUT",
    help="Write a copy as CSV with pseudonyms in place of names, and without free texts. Needs --salt.",
)
@click.option(
    "--salt",
    metavar="FILE",
    help="The salt of the pseudonyms; made where there is none. Keep it to yourself.",
)
@global_options
def import_(
    call: Call,
    files: tuple[Path, ...],
    inspect: bool,
    as_format: str,
    encoding: str,
    sheet: str,
    every: bool,
    into: str | None,
    mapping: tuple[str, ...],
    write_mapping: str | None,
    day: str,
    date_order: str | None,
    members: int | None,
    guests_are_members: bool,
    population: int | None,
    drawn_from_all: bool,
    names_nobody: tuple[str, ...],
    dry_run: bool,
    pseudonyms: str | None,
    salt: str | None,
) -> None:
    """Read an export: what it is and why, how many answered, and what. Nothing leaves this machine.

    Recognised by content: Google Forms, Microsoft Forms, SurveyMonkey, Qualtrics, KoboToolbox, LimeSurvey, Typeform,
    Alchemer, Zoom, Teams, Google Meet, Meetup, Eventbrite, Mailchimp, Google Analytics, Matomo, Plausible, Discourse, Stack
    Exchange, Slack, Discord, GitHub Discussions, a register of members, interviews (notes or a coded table). Names, e-mails
    and addresses are never shown.
    """
    chosen = [
        name for name, on in (("--inspect", inspect), ("--into", into), ("--pseudonyms", pseudonyms)) if on
    ]
    if len(chosen) > 1:
        raise click.UsageError(f"Say {' or '.join(chosen)}, not both.")
    if bool(pseudonyms) != bool(salt):
        raise click.UsageError("--pseudonyms OUT and --salt FILE go together.")
    if len(files) > 1 and not into:
        raise click.UsageError(f"{chosen[0] if chosen else 'Looking at a file'} takes one file at a time.")
    if call.rules:
        from sharedvalue.engine.evidence.house_tools import speak_as

        speak_as(call.rules, call.book)
    if pseudonyms and salt:
        from sharedvalue.cli.import_pseudonyms import write_pseudonyms

        write_pseudonyms(
            call, read_with_progress(files[0], as_format, names_nobody, encoding, sheet), pseudonyms, salt
        )
        return
    if into:
        from sharedvalue.cli.import_into import import_into
        from sharedvalue.engine.evidence.built_in import Said

        import_into(
            call,
            [read_with_progress(file, as_format, names_nobody, encoding, sheet) for file in files],
            into,
            mapping,
            dry_run,
            write_mapping,
            Said(
                _day(day), date_order or "", population or 0, drawn_from_all, members or 0, guests_are_members
            ),
        )
        return
    export = read_with_progress(files[0], as_format, names_nobody, encoding, sheet)
    if call.json:
        from sharedvalue.engine.evidence.inspect import inspect_json

        call.print_json(inspect_json(export))
    else:
        call.print(inspect_lines(export, every))


def _day(text: str) -> str:
    import datetime as dt

    try:
        return dt.date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise click.UsageError(f"--date {text}: write it as year-month-day, such as 2026-05-31.") from None


def read_with_progress(
    file: Path, as_format: str, names_nobody: tuple[str, ...] = (), encoding: str = "", sheet: str = ""
) -> Export:
    """Reads an export; where it is large and a person waits, with a progress bar on standard error."""
    from sharedvalue.engine.evidence.read import read

    try:
        large = file.stat().st_size >= LARGE
    except OSError:
        large = False
    if not large or not sys.stderr.isatty():
        return read(file, as_format, keep=names_nobody, encoding=encoding, of=sheet)
    with click.progressbar(length=file.stat().st_size, label="Reading", file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.update(max(0, min(done, total) - bar.pos))

        return read(file, as_format, progress, names_nobody, encoding, sheet)


def inspect_lines(export: Export, every: bool = False) -> Iterator[str]:
    """The printed form: what it is and why, what counts, then one entry a column."""
    from sharedvalue.engine.telling.exports import because, counted, printable, shortened, title

    yield from fold(title(export), WIDTH)
    for entry in because(export):
        yield from entry.lines()
    yield ""
    for entry in counted(export):
        yield from entry.lines()
    yield ""
    yield f"{'col':>4}  {'kind':<12} {'answered':>9}  heading, and what was answered"
    stem = ""
    for column in export.columns:
        yield from _column(column, every, same=bool(column.part) and column.question == stem)
        stem = column.question if column.part else ""
    yield ""
    identities = sum(c.kind == "identity" for c in export.columns)
    if identities:
        plural = (
            "columns name people: their values are"
            if identities > 1
            else "column names people: its values are"
        )
        yield from fold(f"{identities} {plural} never shown nor kept.", WIDTH)
    held = [c.name for c in export.columns if c.kind == "held-back"]
    if held:
        named = ", ".join(f"'{shortened(printable(name), 40)}'" for name in held)
        yield from fold(
            f"Held back, as they may name people: {named}. Where one names nobody: --names-nobody HEADING.",
            WIDTH,
        )
    yield from fold(
        f"Shares are of those who answered the column. Next: {_next(export)}",
        WIDTH,
    )


def _next(export: Export) -> str:
    from sharedvalue.engine.evidence.built_in import built_in

    if export.format == "interview-notes":
        return "sharedvalue import FILE --into SCENARIO --write-mapping coding.csv, and code the passages"
    if export.format == "interview-table" or built_in(export) is not None:
        return "sharedvalue import FILE --into SCENARIO --dry-run (its columns are known)"
    return (
        "sharedvalue import FILE --into SCENARIO at a terminal asks which column is what; elsewhere, "
        "--write-mapping MAPPING writes a mapping to fill in"
    )


def _column(column: Column, every: bool, same: bool) -> Iterator[str]:
    """One column: its number, kind, count and heading, and below it the answers."""
    from sharedvalue.engine.telling.exports import TIED, answers, printable, shortened

    lead = f"{column.index:>4}  {column.kind:<12} {column.answered:>9,}  "
    name = (f"... [{column.part}]" if same else column.name) or "(no heading)"
    name = printable(name) if every else shortened(printable(name), 2 * (WIDTH - len(lead)))
    yield from fold(name, WIDTH, " " * len(lead), first=lead)
    if said := answers(column, every):
        for line in fold(said, WIDTH, " " * (len(lead) + 2), first=" " * len(lead)):
            yield line.replace(TIED, " ")
