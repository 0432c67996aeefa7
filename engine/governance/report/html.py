"""The report as one HTML page: nothing is loaded from elsewhere, it prints well, and a screen reader gets all of it."""

from __future__ import annotations

from pathlib import Path

from sharedvalue.engine.governance.report.document import Told

TEMPLATES = Path(__file__).resolve().parent / "templates"


def html(told: Told) -> str:
    """The page. Every text is escaped by the template; the picture is drawn by the graph, which escapes its own."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    return environment.get_template("report.html.j2").render(document=told.document)
