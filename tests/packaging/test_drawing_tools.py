"""What the lock file brings for drawing works with nothing from the system: layout, PNG, and a font for its text."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from pathlib import Path

import resvg_py

FONTS = Path(__file__).resolve().parents[2] / "engine" / "fonts"


def test_layout_places_nodes_and_edges() -> None:
    program = shutil.which("graphviz-pure", path=sysconfig.get_path("scripts"))
    assert program is not None
    dot = 'digraph { node [shape=box fixedsize=true label="" width=2 height=0.5]; a -> b; a -> c }'
    done = subprocess.run(
        [program, "-Kdot", "-Tjson0"], input=dot, capture_output=True, text=True, check=True
    )
    drawn = json.loads(done.stdout)
    heights = {node["name"]: float(node["pos"].split(",")[1]) for node in drawn["objects"]}
    assert heights["a"] > heights["b"] == heights["c"]
    assert all(edge["pos"] for edge in drawn["edges"])
    assert done.stderr == ""


def picture(text: str) -> bytes:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
        f'<text x="5" y="30" font-size="24" font-family="DejaVu Sans">{text}</text></svg>'
    )
    files = [str(file) for file in sorted(FONTS.glob("*.ttf"))]
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=files))


def test_png_shows_text_and_every_mark() -> None:
    blank = picture("")
    assert blank.startswith(b"\x89PNG")
    pictures = {mark: picture(mark) for mark in "Aé→≥✓✗■□●○◆◇▲"}
    assert [mark for mark, png in pictures.items() if png == blank] == []
    assert len(set(pictures.values())) == len(pictures)
