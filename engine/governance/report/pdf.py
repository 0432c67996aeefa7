"""The report as an accessible PDF (PDF/UA-1), by typst; with the project's own font, so that it is the same everywhere."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from engine.governance.report.blocks import Block
from engine.governance.report.document import Told
from engine.governance.report.html import TEMPLATES

FONTS = Path(__file__).resolve().parents[2] / "fonts"
VIEW = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
PAGE_WIDTH, PAGE_HEIGHT = 174, 220  # of a picture, in mm
LEAST, MOST = 12, 40  # of the widths of columns, in signs


def pdf(told: Told) -> bytes:
    """The bytes of the PDF."""
    import typst

    document = told.document
    day = dt.date.fromisoformat(document.date)
    with tempfile.TemporaryDirectory(prefix="sharedvalue-") as scratch:
        folder = Path(scratch)
        shutil.copy(TEMPLATES / "report.typ", folder / "report.typ")
        data = {
            "title": document.title,
            "headline": document.headline,
            "record": document.record,
            "date": document.date,
            "status": document.status,
            "year": day.year,
            "month": day.month,
            "day": day.day,
            "tall": any(_is_tall(block.svg) for block in document.blocks if block.svg),
            "blocks": [_block(block) for block in document.blocks],
        }
        (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
        for block in document.blocks:
            if block.svg:
                (folder / "graph.svg").write_text(block.svg, encoding="utf-8")
        made = typst.compile(
            folder / "report.typ",
            root=folder,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=int(dt.datetime.combine(day, dt.time(), dt.timezone.utc).timestamp()),
        )
    assert isinstance(made, bytes)
    return made


def _is_tall(svg: str) -> bool:
    """Whether a picture as wide as the page would be higher than it."""
    size = VIEW.search(svg)
    return size is not None and float(size[2]) * PAGE_WIDTH > float(size[1]) * PAGE_HEIGHT


def _block(block: Block) -> dict[str, Any]:
    found = block.as_json()
    if block.kind == "table":
        found["widths"] = [
            min(MOST, max(LEAST, len(name), *(len(row[i]) for row in block.rows))) if block.rows else 1
            for i, name in enumerate(block.head)
        ]
    return found
