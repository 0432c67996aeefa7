"""The graph as PNG: our SVG, drawn by resvg with the font that comes with sharedvalue."""

from __future__ import annotations

from engine.graph.fonts import FILES

LARGEST = 12_000  # pixels on a side


def png(svg: str, width: float, height: float, zoom: float = 2.0) -> bytes:
    """The picture at twice its size, or smaller where it would be too large for a picture viewer."""
    import resvg_py

    zoom = min(zoom, LARGEST / max(width, height, 1.0))
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=zoom,
        font_files=[str(path) for path in FILES],
        font_family="DejaVu Sans",
        sans_serif_family="DejaVu Sans",
    )
    return bytes(drawn)
