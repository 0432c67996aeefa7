"""The report as an accessible PDF (PDF/UA-1), by typst; with the project's own font, so that it is the same everywhere."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sharedvalue.engine.governance.report.blocks import SIGNS, WIDE_SIGNS, Block
from sharedvalue.engine.governance.report.document import Told
from sharedvalue.engine.governance.report.html import TEMPLATES
from sharedvalue.engine.governance.report.texts import said
from sharedvalue.engine.governance.report.tiles import cut, on_paper

FONTS = Path(__file__).resolve().parents[2] / "fonts"
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
            "sections": _sections(document.blocks),
        }
        (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
        for block in document.blocks:
            for number, part in enumerate(block.parts, start=1):
                (folder / f"graph-{number}.svg").write_text(cut(block.svg, part), encoding="utf-8")
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


def _sections(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """The blocks page by page: what stands on pages of one direction, and whether these are turned."""
    found: list[dict[str, Any]] = [{"wide": False, "blocks": []}]
    into = found[0]["blocks"]
    for block in blocks:
        if block.kind == "page" and block.joined:
            together: dict[str, Any] = {"kind": "together", "blocks": []}
            found[-1]["blocks"].append(together)
            into = together["blocks"]
        elif block.kind == "page":
            found.append({"wide": block.wide, "blocks": []})
            into = found[-1]["blocks"]
        else:
            into.append(_block(block, found[-1]["wide"]))
    return [section for section in found if section["blocks"]]


def _block(block: Block, wide: bool) -> dict[str, Any]:
    found = block.as_json()
    if block.kind == "picture":
        found |= _picture(block)
    if block.kind == "table":
        found["widths"] = block.widths(WIDE_SIGNS if wide else SIGNS)
    return found


def _picture(block: Block) -> dict[str, Any]:
    """The size of each part of a picture on paper, in mm."""
    sizes = [on_paper(part, block.unit, block.wide) for part in block.parts]
    alts = [block.text, *[said("picture_more")] * (len(sizes) - 1)]
    return {
        "parts": [
            {"width": width, "height": height, "over": over, "alt": alt}
            for (width, height), over, alt in zip(sizes, block.items, alts, strict=True)
        ]
    }
