"""`sharedvalue sweep`: what follows in very many variations of a case, as shares or as a table of all."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.call import Call, global_options

if TYPE_CHECKING:
    from engine.questions.sweep import Progress, Swept


@click.command(
    epilog="\b\nExamples:\n  sharedvalue sweep my-community.yaml --vary member_value_now=0..100 --vary sponsor_stance\n"
    "  sharedvalue sweep my-community.yaml --vary contribution=0..100/5 -o all.csv\n"
    "  sharedvalue sweep my-community.yaml --vary 'segments[experts].overlap=40..90'\n"
    "  sharedvalue sweep my-community.yaml --vary 'overlap_short=normal(50,10)' --samples 1000000 --seed 7"
)
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--vary",
    "specs",
    multiple=True,
    metavar="FACT=VALUES",
    help="LO..HI, LO..HI/STEP, A|B|C, normal(MEAN,SPREAD), uniform(LO,HI), triangular(LO,MODE,HI); or only FACT: "
    "all that it may be.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="FACT=VALUE",
    help="State a fact otherwise than the scenario does.",
)
@click.option("--vary-unknown", is_flag=True, help="Whatever else is open varies over all that it may be.")
@click.option(
    "--samples", type=int, metavar="N", help="Draw N worlds instead of going through every combination."
)
@click.option(
    "--seed", type=int, default=0, show_default=True, metavar="S", help="The same seed draws the same worlds."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write every world: .csv or .parquet.",
)
@global_options
def sweep(
    call: Call,
    scenario: str,
    specs: tuple[str, ...],
    settings: tuple[str, ...],
    vary_unknown: bool,
    samples: int | None,
    seed: int,
    output: Path | None,
) -> int:
    """How often does which outcome come out, and by which rule, when these facts vary?

    Every combination is a world: the shares are exact. With a distribution or --samples, worlds are drawn,
    and the answer says so. Numbers move in whole points or units.
    """
    from engine.language.scenario import with_values
    from engine.questions import sweep as question

    case = call.scenario(scenario)
    if settings:
        case = with_values(case, call.book, dict(_setting(text) for text in settings))
    if not specs and not vary_unknown:
        raise click.UsageError("Nothing varies. Say what does: --vary FACT=LO..HI")
    planned = question.plan(call.book, case, specs, samples, seed, vary_unknown)
    with Shown() as progress:
        swept = (
            question.count(planned, progress) if output is None else question.write(planned, output, progress)
        )
    if call.json:
        call.print_json(swept.as_json())
    else:
        call.print(lines(swept))
    if swept.partial:
        call.note(f"Stopped after {swept.done:,} of {planned.size:,} worlds: this is a part only.")
    return 130 if swept.partial else 0


def _setting(text: str) -> tuple[str, str]:
    address, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"'{text}' does not set anything. Write --set FACT=VALUE.")
    return address.strip(), value.strip()


def lines(swept: Swept) -> Iterator[str]:
    """The shares as a table, and below it what kind of count it is."""
    from cli.tables import table

    book, planned = swept.plan.worlds.book, swept.plan
    rows: list[list[object]] = []
    for share in swept.shares:
        rows.append(
            [
                book.outcomes.outcomes[share.outcome].title,
                "",
                f"{share.worlds:,}",
                percent(swept.share(share.worlds)),
            ]
        )
        rows += [
            ["", f"{rule} {book.rules[rule].title}", f"{count:,}", percent(swept.share(count))]
            for rule, count in share.rules.items()
        ]
    yield table(["Outcome", "Rule", "Worlds", "Share"], rows)
    if swept.modes:
        yield ""
        yield table(
            ["How", "Worlds", "Share"],
            [
                [book.outcomes.modes[m].title, f"{n:,}", percent(swept.share(n))]
                for m, n in swept.modes.items()
            ],
        )
    yield ""
    varied = [v for v in planned.varied if v.asked]
    also = len(planned.varied) - len(varied)
    facts = f"{len(varied)} fact{'' if len(varied) == 1 else 's'} varied" + (
        f", and {also} that nobody stated" if also else ""
    )
    if planned.samples is None:
        yield f"{swept.worlds:,} worlds, {'every one counted' if not swept.partial else 'a part of the grid'}: {facts}."
    else:
        yield f"A sample of {swept.worlds:,} worlds (seed {planned.seed}): {facts}. Shares are estimates."
    if swept.cannot_be:
        yield f"Left out: {swept.cannot_be:,} combinations that cannot be."
    if planned.idle:
        yield f"Makes no difference here: {', '.join(planned.idle)}."
    if swept.file is not None:
        yield f"{'A part only, in' if swept.partial else 'Written to'} {swept.file}."


def percent(share: float) -> str:
    """A share in percent; never 0 or 100 unless it is."""
    if 0 < share < 0.001:
        return "< 0.1 %"
    return "> 99.9 %" if 0.999 < share < 1 else f"{100 * share:.1f} %"


class Shown:
    """How far it is, on standard error, where that is a terminal and it takes long."""

    AFTER, EVERY = 1.0, 0.2

    def __enter__(self) -> Progress | None:
        self._started = self._last = time.monotonic()
        self._shown = False
        return self._show if sys.stderr.isatty() else None

    def _show(self, done: int, size: int) -> None:
        now = time.monotonic()
        if now - self._started < self.AFTER or now - self._last < self.EVERY:
            return
        self._last, self._shown = now, True
        left = (now - self._started) * (size - done) / done if done else 0
        click.echo(
            f"\r{done:,} of {size:,} worlds ({100 * done // max(1, size)} %), {left:.0f} s left   ",
            nl=False,
            err=True,
        )

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo(f"\r{' ' * 78}\r", nl=False, err=True)
