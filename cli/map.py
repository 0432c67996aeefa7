"""`sharedvalue map`: two facts on the axes, and which answer holds where, by which rule, with exact borders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options, read_settings
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.questions.landscape_parts import Landscape

MOST_REGIONS, MOST_BORDERS = 12, 12
SECONDS = 20.0


@click.command(
    epilog="\b\nExamples:\n  sharedvalue map scenarios/neophytes-and-experts.yaml --x 'segments[experts].overlap' "
    "--y openness_to_realign\n"
    "  sharedvalue map my-community.yaml --x contribution --y sponsor_stance -o map.html\n"
    "  sharedvalue map my-community.yaml --x contribution=20..60 --y member_value_now -o map.svg"
)
@click.argument("scenario")
@click.option(
    "--x", "x", required=True, metavar="FACT", help="The fact on the x axis: FACT, FACT=LO..HI, or FACT=a|b."
)
@click.option("--y", "y", required=True, metavar="FACT", help="The fact on the y axis, likewise.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="FACT=VALUE",
    help="State a fact otherwise than the scenario does. Repeatable.",
)
@click.option(
    "-o", "--output", metavar="FILE", help="Draw it: .svg, .png, or .html with the values under the pointer."
)
@click.option(
    "--budget",
    type=click.FloatRange(min=0.01, max=3600),
    default=SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="How long it may take. What is not reached is marked, never guessed.",
)
@global_options
def map(
    call: Call, scenario: str, x: str, y: str, settings: tuple[str, ...], output: str | None, budget: float
) -> None:
    """Which answer where, when two facts vary and all others stay: regions, borders, and the thresholds that make them.

    Exact: every whole step is decided, or proven to be as its neighbours. A field of a record is written
    segments[experts].overlap.
    """
    from sharedvalue.engine.language.scenario import with_values
    from sharedvalue.engine.questions.landscape import landscape
    from sharedvalue.engine.questions.landscape_axes import read_axes
    from sharedvalue.engine.questions.landscape_words import as_map, map_json
    from sharedvalue.engine.worlds import form

    if output is not None:
        from sharedvalue.engine.graph.map_write import check_map

        check_map(output)
    case = call.scenario(scenario)
    if settings:
        case = with_values(case, call.book, read_settings(settings))
    worlds = form(call.book, case)
    found = landscape(worlds, *read_axes(worlds, x, y), budget)
    if call.json:
        call.print_json(map_json(found))
    else:
        call.print(map_lines(found))
    if output is not None:
        from sharedvalue.engine.graph.map_write import write_map

        write_map(as_map(found), output)
        call.note(f"wrote {output}: {len(found.regions)} region{'s' if len(found.regions) != 1 else ''}")


def map_lines(found: Landscape) -> Iterator[str]:
    """The printed form: where the case lies, the regions, the borders."""
    from sharedvalue.cli.tables import table
    from sharedvalue.engine.questions.landscape_words import Words, as_map

    words, drawn = Words(found), as_map(found)
    yield from fold(drawn.here_said, WIDTH)
    yield ""
    for axis, own in (("across", found.x), ("up", found.y)):
        part = "" if own.whole else " (a part of what it may be)"
        yield f"{axis:<7}{own.title}, {words.value(own, 0)} to {words.value(own, own.domain.size - 1)}{part}"
    yield ""
    rows = [
        [
            r.letter,
            f"{r.heading}{': ' + r.detail if r.detail else ''}",
            r.rule,
            r.where,
            r.share.split(" ")[0] + " %",
        ]
        for r in drawn.regions[:MOST_REGIONS]
    ]
    yield table(["", "answer", "rule", "where", "points"], rows, [3, 30, 8, 24, 7])
    if len(drawn.regions) > MOST_REGIONS:
        yield f"and {len(drawn.regions) - MOST_REGIONS} smaller regions; --json lists all"
    yield ""
    if drawn.borders:
        yield table(
            ["border", "where it begins", "made by"],
            [[b.between, b.where, b.label] for b in drawn.borders[:MOST_BORDERS]],
            [12, 34, 30],
        )
        if len(drawn.borders) > MOST_BORDERS:
            yield f"and {len(drawn.borders) - MOST_BORDERS} more borders; --json lists all"
    elif found.complete:
        yield "No border: the answer is the same on the whole map."
    else:
        yield "No border was found in what was looked at."
    yield ""
    for note in drawn.notes:
        yield from fold(note, WIDTH)
