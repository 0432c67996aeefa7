"""The report as an accessible PDF (PDF/UA-1), by typst; with the project's own font, so that it is the same everywhere."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sharedvalue.engine.governance.report.blocks import Block
from sharedvalue.engine.governance.report.document import Told
from sharedvalue.engine.governance.report.html import TEMPLATES

FONTS = Path(__file__).resolve().parents[2] / "fonts"
VIEW = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
UPRIGHT, FLIPPED = (174, 240), (261, 155)  # the room for a picture on a page, in mm
LEAST, MOST = 14, 44  # of the widths of columns, in signs
LONGEST = 700  # signs of a cell that stays on one page


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
            "breakable": any(len(cell) > LONGEST for b in document.blocks for row in b.rows for cell in row),
            **_pages(document.blocks),
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


def _pages(blocks: Sequence[Block]) -> dict[str, Any]:
    """The blocks before, on and after the page of the picture, which is turned where that makes it larger."""
    position = next((i for i, block in enumerate(blocks) if block.svg), None)
    if position is None:
        return {"blocks": [_block(b) for b in blocks], "landscape": [], "rest": [], "size": {}}
    size = VIEW.search(blocks[position].svg)
    width, height = (float(size[1]), float(size[2])) if size else UPRIGHT
    scales = [min(room[0] / width, room[1] / height) for room in (UPRIGHT, FLIPPED)]
    turned = scales[1] > scales[0]
    first = position - (1 if position and blocks[position - 1].kind == "heading" else 0)
    start = first if turned else position + 1
    return {
        "blocks": [_block(b) for b in blocks[:start]],
        "landscape": [_block(b) for b in blocks[start : position + 1]],
        "rest": [_block(b) for b in blocks[position + 1 :]],
        "size": {"width": width * max(scales), "height": height * max(scales)},
    }


def _block(block: Block) -> dict[str, Any]:
    found = block.as_json()
    if block.kind == "table":
        found["widths"] = [
            min(MOST, max(LEAST, len(name), *(len(row[i]) for row in block.rows))) if block.rows else 1
            for i, name in enumerate(block.head)
        ]
    return found
