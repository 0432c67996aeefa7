"""A map as one HTML file that loads nothing: values under the pointer or the arrow keys, and the same as two tables."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from string import Template

from sharedvalue.engine.graph.html import HERE, POLICY
from sharedvalue.engine.graph.ink import esc
from sharedvalue.engine.graph.map_parts import Map, MapAxis
from sharedvalue.engine.graph.map_style import dark_css
from sharedvalue.engine.graph.map_svg import PLOT_HIGH, PLOT_WIDE, picture, plot_of


def map_page(drawn: Map) -> str:
    """The whole page. Nothing in it is loaded from elsewhere, and only the one script in it may run."""
    script = (Path(HERE) / "map.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return Template((Path(HERE) / "map.html").read_text("utf-8")).substitute(
        policy=esc(POLICY.format(digest=digest)),
        css=f"{(HERE / 'page.css').read_text('utf-8')}{(HERE / 'map.css').read_text('utf-8')}"
        f"@media screen and (prefers-color-scheme: dark) {{\n{dark_css()}\n}}\n",
        script=script,
        title=esc(drawn.title),
        subtitle=esc(drawn.subtitle),
        here=esc(drawn.here_said),
        picture=picture(drawn, True),
        data=_data(drawn),
        regions="\n".join(_row(r.letter, r.said, r.where, r.share) for r in drawn.regions),
        borders="\n".join(
            _row(b.between, b.where, b.label or "the fact itself, or more than one comparison")
            for b in drawn.borders
        )
        or _row("none", "one answer on the whole map", ""),
        notes="".join(f"<p>{esc(note)}</p>" for note in drawn.notes),
        rulebook=esc(drawn.rulebook),
    )


def _row(first: str, *cells: str) -> str:
    return f'<tr><th scope="row">{esc(first)}</th>{"".join(f"<td>{esc(cell)}</td>" for cell in cells)}</tr>'


def _data(drawn: Map) -> str:
    """What the script reads: the plot, the axes and the rectangles of every region."""
    plot = plot_of(drawn, True)
    data = {
        "plot": [plot.left, plot.top, PLOT_WIDE, PLOT_HIGH],
        "x": _axis(drawn.x),
        "y": _axis(drawn.y),
        "here": drawn.here,
        "regions": [{"said": f"{r.letter}: {r.said}", "areas": r.rectangles} for r in drawn.regions],
    }
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _axis(axis: MapAxis) -> dict[str, object]:
    return {
        "title": axis.title,
        "count": axis.count,
        "start": axis.start,
        "step": axis.step,
        "bands": list(axis.bands),
    }
