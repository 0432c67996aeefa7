"""`practice generate` and `practice twins`: made-up communities."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.files import check_target, write_text
from sharedvalue.cli.practice_options import SEEDS, cases_of
from sharedvalue.engine.errors import mistake

if TYPE_CHECKING:
    from sharedvalue.engine.practice.cases import Case


@click.command(
    epilog="\b\nExamples:\n  sharedvalue practice generate --rule Z06\n"
    "  sharedvalue practice generate --rule Z06 --near-miss --seed 3 -o near.yaml\n"
    "  sharedvalue practice generate --popular low_activity",
)
@click.option("--rule", metavar="RULE", help="A community in which this rule fires.")
@click.option("--near-miss", is_flag=True, help="One in which it does not, and would after one change.")
@click.option("--popular", metavar="NAME", help="One in which this popular rule misleads.")
@click.option("--seed", type=SEEDS, default=1, show_default=True, help="Another number, another community.")
@click.option("-o", "--output", metavar="FILE", help="Write the scenario there, not to the screen.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@global_options
def generate(
    call: Call,
    rule: str | None,
    near_miss: bool,
    popular: str | None,
    seed: int,
    output: str | None,
    force: bool,
) -> None:
    """Makes up a realistic community for a rule, for a near miss of it, or where a popular rule misleads.

    It is checked by deciding it. The same seed and release give the same community.
    """
    if (rule is None) == (popular is None) or (near_miss and rule is None):
        raise mistake(
            "SV120",
            "practice generate",
            "say --rule or --popular, one of them",
            "For example: --rule Z06 --near-miss",
        )
    found = cases_of(call)
    if output:
        check_target(output, force)
    case = found.generated(
        "near" if near_miss else "rule" if rule else "popular", rule or popular or "", seed
    )
    _made(call, [case], [output] if output else [], force)


@click.command(
    epilog="\b\nExamples:\n  sharedvalue practice twins\n  sharedvalue practice twins --seed 7 -o twins/",
)
@click.option("--seed", type=SEEDS, default=1, show_default=True, help="Another number, other twins.")
@click.option("-o", "--output", metavar="FOLDER", help="Write the two scenarios into this folder.")
@click.option("--force", is_flag=True, help="Replace files that are there already.")
@global_options
def twins(call: Call, seed: int, output: str | None, force: bool) -> None:
    """Two made-up communities that differ in one fact, and in their outcomes."""
    if output and not Path(output).is_dir():
        raise mistake("SV121", output, "there is no folder of this name", "Make it first.")
    pair = cases_of(call).twins(seed)
    _made(call, list(pair), [str(Path(output) / f"{c.id}.yaml") for c in pair] if output else [], force)


def _made(call: Call, found: list[Case], files: list[str], force: bool) -> None:
    for path, case in zip(files, found, strict=False):
        write_text(path, case.text(), force)
    if call.json:
        call.print_json(
            {
                "schema": "sharedvalue/practice-generated/1",
                "cases": [
                    {
                        "case": case.id,
                        "outcome": case.decision.outcome,
                        "modes": list(case.decision.modes),
                        "rule": case.rule or None,
                        "changed": case.changed or None,
                        "scenario": case.text(),
                    }
                    for case in found
                ],
            }
        )
        return
    if files:
        for path, case in zip(files, found, strict=True):
            call.print(f"wrote {path}: {case.id}")
    else:
        call.print("\n".join(case.text().rstrip("\n") for case in found))
