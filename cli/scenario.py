"""`scenario`: start a scenario file, check that it is sound and decides as it expects, list those that come along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.engine.errors import UserError, did_you_mean, mistake
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.language.rulebook import RuleBook
    from sharedvalue.engine.language.scenario import Expectation

NEW_SCHEMA = "sharedvalue/scenario-new/1"
CHECK_SCHEMA = "sharedvalue/scenario-check/1"
LIST_SCHEMA = "sharedvalue/scenarios/1"


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  sharedvalue scenario new my-community.yaml\n"
    "  sharedvalue scenario check my-community.yaml\n  sharedvalue scenario list",
)
@global_options
@click.pass_context
def scenario(ctx: click.Context, call: Call) -> None:
    """Start, check or list scenario files."""
    if ctx.invoked_subcommand is None:
        call.print(ctx.get_help())


# --- new --------------------------------------------------------------------------------------------------------------
@scenario.command(
    epilog="\b\nExamples:\n  sharedvalue scenario new my-community.yaml\n"
    "  sharedvalue scenario new my-community.yaml --from the-sweet-spot\n  sharedvalue scenario new - > template.yaml"
)
@click.argument("file")
@click.option(
    "--from",
    "case",
    metavar="CASE",
    help="Copy a built-in scenario (see: scenario list) instead of the empty form.",
)
@click.option("--title", default="", help="What the scenario is called.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@global_options
def new(call: Call, file: str, case: str | None, title: str, force: bool) -> None:
    """Write a new scenario FILE: a form with every fact, how to estimate it, and 'unknown' in its place; - prints it."""
    from sharedvalue.cli.files import write_text

    text = _copied(case) if case else _form(call, file, title)
    if file == "-":
        call.print(text.rstrip("\n"))
        return
    write_text(file, text, force)
    if call.json:
        call.print_json({"schema": NEW_SCHEMA, "file": file, "from": case})
        return
    call.note(f"wrote {file}. Fill in what you know, then: sharedvalue decide {quote(str(file))}")


def _form(call: Call, file: str, title: str) -> str:
    from sharedvalue.engine.language.scenario_writer import template

    plain = " ".join(title.split()) or (
        "Our community" if file == "-" else Path(file).stem.replace("-", " ").replace("_", " ").capitalize()
    )
    return template(call.book, "".join(c for c in plain if c.isprintable()) or "Our community")


def _copied(case: str) -> str:
    from sharedvalue.engine.language.rulebook import shipped_scenarios
    from sharedvalue.engine.language.source import read_file

    found = shipped_scenarios()
    name = case.removesuffix(".yaml")
    if name not in found:
        raise mistake(
            "SV101",
            "--from",
            f"there is no built-in scenario '{case}'",
            did_you_mean(name, found) or "List them with: sharedvalue scenario list",
        )
    text = read_file(found[name])
    return text if text.endswith("\n") else text + "\n"


# --- check ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Checked:
    """What came of one file. `result` is holds | differs | no expectation | mistakes."""

    file: str
    result: str
    outcome: str = ""
    modes: tuple[str, ...] = ()
    open_modes: tuple[str, ...] = ()
    expected: Expectation | None = None
    error: UserError | None = None

    def as_json(self) -> dict[str, object]:
        return {
            "file": self.file,
            "result": self.result,
            "outcome": self.outcome or None,
            "modes": list(self.modes),
            "open_modes": list(self.open_modes),
            "expected": None
            if self.expected is None
            else {
                "outcome": self.expected.outcome,
                "modes": None if self.expected.modes is None else sorted(self.expected.modes),
            },
            "problems": [] if self.error is None else [p.as_json() for p in self.error.problems],
        }


@scenario.command(
    epilog="\b\nExamples:\n  sharedvalue scenario check my-community.yaml\n  sharedvalue scenario check scenarios/*.yaml\n"
    "  sharedvalue scenario check --rules our-house/ cases/*.yaml"
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@global_options
@click.pass_context
def check(ctx: click.Context, call: Call, files: tuple[str, ...]) -> None:
    """Read and decide scenario files, and hold each to the outcome and modes that it expects.

    Exit 0 when all hold, 1 when one decides otherwise, 2 when one has mistakes.
    """
    from sharedvalue.cli.problems import print_problems

    book = call.book
    found = [checked(call, book, file) for file in files]
    if call.json:
        call.print_json(
            {
                "schema": CHECK_SCHEMA,
                "holds": all(c.result not in ("differs", "mistakes") for c in found),
                "scenarios": [c.as_json() for c in found],
            }
        )
    else:
        call.print(_table(found))
        for one in found:
            if one.error is not None:
                print_problems(one.error, as_json=False)
    if any(c.result == "mistakes" for c in found):
        ctx.exit(2)
    if any(c.result == "differs" for c in found):
        ctx.exit(1)


def checked(call: Call, book: RuleBook, file: str) -> Checked:
    """One file, decided and compared with what it expects."""
    from sharedvalue.engine.decision import decide
    from sharedvalue.engine.worlds import form

    try:
        read = call.scenario(file)
        decision = decide(form(book, read))
    except UserError as error:
        return Checked(file, "mistakes", error=error)
    expected = read.expect
    if expected is None:
        result = "no expectation"
    else:
        same = decision.outcome == expected.outcome and (
            expected.modes is None or set(decision.modes) == expected.modes
        )
        result = "holds" if same else "differs"
    return Checked(file, result, decision.outcome, decision.modes, decision.open_modes, expected)


def _table(found: list[Checked]) -> Iterator[str]:
    from sharedvalue.cli.tables import table

    def said(outcome: str, modes: tuple[str, ...]) -> str:
        return outcome + (f" ({', '.join(modes)})" if modes else "")

    rows = []
    for one in found:
        expected = (
            ""
            if one.expected is None or one.result == "holds"
            else said(one.expected.outcome, tuple(sorted(one.expected.modes or ())))
        )
        rows.append(
            [
                Path(one.file).name,
                said(one.outcome, (*one.modes, *(f"{m}?" for m in one.open_modes))),
                one.result,
                expected,
            ]
        )
    with_expected = any(row[3] for row in rows)
    yield table(
        ["file", "decides", "result", "expected"][: 4 if with_expected else 3],
        [row[: 4 if with_expected else 3] for row in rows],
    )
    if len(found) > 1:
        counts = {
            result: sum(c.result == result for c in found)
            for result in dict.fromkeys(c.result for c in found)
        }
        yield from fold(", ".join(f"{number} {result}" for result, number in counts.items()), WIDTH)


# --- list -------------------------------------------------------------------------------------------------------------
@scenario.command(
    "list",
    epilog="\b\nExamples:\n  sharedvalue scenario list\n  sharedvalue scenario list --outcome NOT_YET\n  sharedvalue scenario list --json",
)
@click.option("--outcome", metavar="OUTCOME", help="Only those that expect this outcome.")
@global_options
def list_scenarios(call: Call, outcome: str | None) -> None:
    """The scenarios that come with sharedvalue: name, title, and the outcome that each expects."""
    from sharedvalue.engine.language.rulebook import shipped_scenarios

    book = call.book
    wanted = None if outcome is None else outcome.upper().replace("-", "_")
    if wanted is not None and wanted not in book.outcome_names:
        raise mistake(
            "SV209",
            "--outcome",
            f"there is no outcome '{outcome}'",
            did_you_mean(wanted, book.outcome_names) or f"Outcomes: {', '.join(book.outcome_names)}.",
        )
    rows = []
    for name, path in shipped_scenarios().items():
        read = call.scenario(str(path))
        expected = read.expect.outcome if read.expect else ""
        if wanted in (None, expected):
            rows.append(
                {
                    "name": name,
                    "file": str(path),
                    "title": read.title,
                    "story": read.story,
                    "source": read.source,
                    "outcome": expected or None,
                    "modes": sorted(read.expect.modes or ()) if read.expect else [],
                }
            )
    if call.json:
        call.print_json({"schema": LIST_SCHEMA, "scenarios": rows})
        return
    from sharedvalue.cli.tables import table

    call.print(
        table(["name", "decides"], [[f"{r['name']}\n  {r['title']}", r["outcome"]] for r in rows], [58, None])
    )
    if rows:
        call.note(f"A copy of your own: sharedvalue scenario new FILE --from {rows[0]['name']}")
