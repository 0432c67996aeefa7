"""`sharedvalue what-if` on a file of variations: their answers side by side, in words and as pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sharedvalue.cli.tables import table
from sharedvalue.engine.questions.variations import SideBySide, Varied, deciding_rule
from sharedvalue.engine.telling.comparing import modes, outcome, pivotal, said, summary, told
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.decision import Decision
    from sharedvalue.engine.graph.side_by_side import Column

ROWS = ("Outcome", "How", "Status", "Risk", "Deciding rule", "Depends on", "Rules gained", "Rules lost")


def lines(found: SideBySide) -> Iterator[str]:
    """The answers as a table, then what each variation sets and changes."""
    answers = [("as it is", found.baseline), *((f"{i} {v.name}", v.found.after) for i, v in _numbered(found))]
    yield from fold(found.title, WIDTH)
    yield ""
    kept = sum(varied.found.same_answer for varied in found.varied)
    yield from fold(summary(kept, len(found.varied)), WIDTH)
    yield ""
    yield table(
        ["", "Outcome", "How", "Status", "Risk", "Rule"],
        [[name, outcome(d), modes(d), d.status, d.risk, deciding_rule(d)] for name, d in answers],
    )
    for number, varied in _numbered(found):
        yield ""
        yield from _variation(number, varied)
    yield ""
    yield "+ rule gained   - rule lost   > on the way to the decision"


def _numbered(found: SideBySide) -> list[tuple[int, Varied]]:
    return list(enumerate(found.varied, 1))


def _variation(number: int, varied: Varied) -> Iterator[str]:
    one = varied.found
    yield from fold(f"{number} {varied.name.upper()}", WIDTH, "  ")
    if varied.why:
        yield from fold(varied.why, WIDTH, "  ", first="  ")
    for changed in one.set:
        yield from fold(f"Set: {said(changed)}", WIDTH, "    ", first="  ")
    for changed in one.followed:
        yield from fold(f"With it: {said(changed)}", WIDTH, "    ", first="  ")
    for sign, findings in (("+", one.rules_gained), ("-", one.rules_lost)):
        for finding in findings:
            yield from fold(
                f"{sign}{'>' if finding.deciding else ' '} {told(finding)}", WIDTH, "         ", first="  "
            )
    if not one.rules_gained and not one.rules_lost:
        yield "  The same rules fire as in the case as it is."


# --- pictures ---------------------------------------------------------------------------------------------------
def draw(found: SideBySide, output: str) -> Iterator[str]:
    """Draws the differences, and says what was written as soon as it is: one page (html), or a file for each variation."""
    from sharedvalue.engine.graph import difference, write

    target = Path(output)
    graphs = [difference(found.baseline, varied.found.after) for varied in found.varied]
    if target.suffix.lower() == ".html":
        from sharedvalue.engine.graph.side_by_side import Panel, write_page

        panels = [
            Panel(v.name, v.why, tuple(said(c) for c in v.found.set), graph)
            for v, graph in zip(found.varied, graphs, strict=True)
        ]
        write_page(target, found.title, ROWS, list(_columns(found)), panels)
        yield f"wrote {output}: {len(panels)} variations side by side"
        return
    for number, graph in enumerate(graphs, 1):
        path = target if len(graphs) == 1 else target.with_name(f"{target.stem}-{number}{target.suffix}")
        write(graph, path)
        yield f"wrote {path}: {found.varied[number - 1].name}"


def _columns(found: SideBySide) -> Iterator[Column]:
    from sharedvalue.engine.graph.side_by_side import Column

    def cells(decision: Decision) -> tuple[tuple[str, ...], ...]:
        texts = (
            outcome(decision),
            modes(decision),
            decision.status,
            decision.risk,
            deciding_rule(decision),
            pivotal(decision),
        )
        return tuple((text,) for text in texts)

    yield Column("As it is", (*cells(found.baseline), (), ()))
    for number, varied in _numbered(found):
        gained, lost = (
            tuple(map(told, some)) for some in (varied.found.rules_gained, varied.found.rules_lost)
        )
        yield Column(f"{number}. {varied.name}", (*cells(varied.found.after), gained, lost))
