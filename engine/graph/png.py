"""The graph as PNG: our SVG, drawn by resvg with the font that comes with sharedvalue."""

from __future__ import annotations

import re

from sharedvalue.engine.graph.fonts import FILES

_SIZE = re.compile(r'width="([0-9.]+)" height="([0-9.]+)" role=')
LARGEST = 12_000  # pixels on a side


def png(svg: str, zoom: float = 2.0) -> bytes:
    """The picture at twice its size, or smaller where it would be too large for a picture viewer."""
    import resvg_py

    size = _SIZE.search(svg)
    largest = max(float(size.group(1)), float(size.group(2))) if size else 1.0
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=min(zoom, (LARGEST - 1) / largest),  # what is drawn is rounded up
        font_files=[str(path) for path in FILES],
        font_family="DejaVu Sans",
        sans_serif_family="DejaVu Sans",
    )
    return bytes(drawn)
