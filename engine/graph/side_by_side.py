"""Several differences on one HTML page that loads nothing: a table side by side, then each picture with its table."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sharedvalue.engine.graph.html import HERE, STRICT, _row
from sharedvalue.engine.graph.ink import esc
from sharedvalue.engine.graph.layout import layout
from sharedvalue.engine.graph.svg import picture, reading_order, summary
from sharedvalue.engine.graph.write import save

if TYPE_CHECKING:
    from sharedvalue.engine.graph.parts import Graph

POLICY = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; {STRICT}"
STYLE = """
.compared { table-layout: auto; }
.compared th, .compared td { min-width: 9rem; width: auto !important; }
.compared tbody th { min-width: 6rem; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 46rem), 1fr)); gap: 1.5rem; }
.panels > section { min-width: 0; }
.graph { overflow: auto; border: 1px solid var(--line); border-radius: 8px; max-height: 85vh; }
.graph img { display: block; width: 100%; min-width: 44rem; height: auto; background: #ffffff; }
.compared ul { margin: 0; padding-left: 1.1rem; }
"""


@dataclass(frozen=True)
class Column:
    """One column of the table: a heading, and one cell for each row of it (several lines make a list)."""

    heading: str
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Panel:
    """One variation: what it is called, why it is looked at, what it sets, and the graph of what it changes."""

    name: str
    why: str
    set: tuple[str, ...]
    graph: Graph


def page(title: str, rows: Sequence[str], columns: Sequence[Column], panels: Sequence[Panel]) -> str:
    """The whole page. `rows` names the rows of the table, whose first column of cells is the baseline."""
    graph = panels[0].graph.graph
    parts = "\n".join(_panel(number, panel) for number, panel in enumerate(panels, 1))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{esc(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{esc(title)}: variations</title>
<style>{(HERE / "page.css").read_text("utf-8")}{STYLE}</style>
</head>
<body>
<header>
<h1>{esc(title)}: variations</h1>
<p class="how">Each column is the same case with some facts stated otherwise.
Below, each variation has a picture of what changed in the reasoning, and a table that says the same.</p>
</header>
<main>
{_table(rows, columns)}
<div class="panels">
{parts}
</div>
</main>
<footer>
<p>{esc(str(graph.get("attribution", "")))}</p>
<p>Rule book {esc(f"{graph.get('rulebook', '')}, {str(graph.get('hash', ''))[:19]}")}</p>
</footer>
</body>
</html>
"""


def write_page(
    path: Path, title: str, rows: Sequence[str], columns: Sequence[Column], panels: Sequence[Panel]
) -> None:
    """Writes the page, whole or not at all. Raises UserError (SV121) where nothing can be written."""
    save(path, page(title, rows, columns, panels).encode("utf-8"))


def _table(rows: Sequence[str], columns: Sequence[Column]) -> str:
    head = "".join(f'<th scope="col">{esc(column.heading)}</th>' for column in columns)
    body = "\n".join(
        f'<tr><th scope="row">{esc(row)}</th>{"".join(_cell(column.cells[i]) for column in columns)}</tr>'
        for i, row in enumerate(rows)
    )
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="The variations side by side; it may be scrolled">\n'
        f'<table class="compared">\n<caption>The answers side by side.</caption>\n'
        f"<thead><tr><td></td>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )


def _cell(lines: tuple[str, ...]) -> str:
    if len(lines) < 2:
        return f"<td>{esc(lines[0]) if lines else ''}</td>"
    return f"<td><ul>{''.join(f'<li>{esc(line)}</li>' for line in lines)}</ul></td>"


def _panel(number: int, panel: Panel) -> str:
    graph = panel.graph
    placed = layout(graph)
    drawn = base64.b64encode(picture(graph, placed=placed).encode("utf-8")).decode()
    rows = "\n".join(_row(graph, node, told) for node, told in reading_order(graph, placed))
    why = f"<p>{esc(panel.why)}</p>" if panel.why else ""
    name = esc(panel.name)
    return f"""<section aria-labelledby="v{number}">
<h2 id="v{number}">{number}. {name}</h2>
{why}<p class="kind">{esc("; ".join(panel.set))}</p>
<div class="graph" tabindex="0" role="region" aria-label="Picture {number}; it may be scrolled">
<img src="data:image/svg+xml;base64,{drawn}"
alt="{esc(summary(graph))} The table below says the same."></div>
<details><summary>The same as a table</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Table {number}; it may be scrolled">
<table class="twin">
<caption>What came in, fell away or reads otherwise with “{name}”, and what it touches.</caption>
<thead><tr><th scope="col">What</th><th scope="col">In short</th><th scope="col">In full</th><th scope="col">Leads to</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>
</details>
</section>"""
