"""Where words go on a map: in each region the largest rectangle that lies wholly inside it."""

from __future__ import annotations

from collections.abc import Iterator

from sharedvalue.engine.graph.map_parts import Map, MapRegion

FINE = 96  # the plot is looked at in so many columns and rows
Share = tuple[float, float, float, float]  # left, top, right, bottom, as shares of the plot


def free_rectangles(drawn: Map) -> Iterator[tuple[MapRegion, Share]]:
    """Each region with the largest rectangle inside it, clear of where the case itself is marked, when it is to be seen."""
    rows = _sampled(drawn)
    for row, column in _marked(drawn):
        rows[row][column] = -2
    for i, region in enumerate(drawn.regions):
        found = _largest(rows, i)
        if found is not None:
            left, top, right, bottom = found
            yield region, (left / FINE, top / FINE, right / FINE, bottom / FINE)
        elif region.rectangles:  # too small to be met: in the middle of its largest rectangle
            a, b, c, d = max(region.rectangles, key=lambda r: (r[1] - r[0] + 1) * (r[3] - r[2] + 1))
            x, y = (a + b + 1) / 2 / drawn.x.count, 1 - (c + d + 1) / 2 / drawn.y.count
            yield region, (x, y, x, y)


def _sampled(drawn: Map) -> list[list[int]]:
    """The region at the middle of each fine cell, row by row from the top."""
    rows = [[-1] * FINE for _ in range(FINE)]
    for i, region in enumerate(drawn.regions):
        for a, b, c, d in region.rectangles:
            columns = _cells(a / drawn.x.count, (b + 1) / drawn.x.count)
            for row in _cells(1 - (d + 1) / drawn.y.count, 1 - c / drawn.y.count):
                for column in columns:
                    rows[row][column] = i
    return rows


def _cells(start: float, end: float) -> range:
    """The fine cells whose middle lies from start to end."""
    first, last = -int(-(start * FINE - 0.5) // 1), -int(-(end * FINE - 0.5) // 1)
    return range(max(0, first), min(FINE, last))


def _marked(drawn: Map) -> Iterator[tuple[int, int]]:
    """The fine cells around the mark of the case itself and its words."""
    if drawn.here is None:
        return
    a, b, c, d = drawn.here
    if a != b or c != d:
        columns = [int(a / drawn.x.count * FINE), int((b + 1) / drawn.x.count * FINE)]
        lines = [int((1 - (d + 1) / drawn.y.count) * FINE), int((1 - c / drawn.y.count) * FINE)]
        for row in range(max(0, lines[0] - 1), min(FINE, lines[1] + 1)):
            for column in range(max(0, columns[0] - 1), min(FINE, columns[1] + 1)):
                if min(abs(row - line) for line in lines) < 2 or min(abs(column - c) for c in columns) < 2:
                    yield row, column
        for row in range(
            max(0, lines[0] - 2), min(FINE, lines[0] + 3)
        ):  # the words at its upper right corner
            for column in range(max(0, columns[1] - 18), min(FINE, columns[1] + 18)):
                yield row, column
        return
    x, y = int((a + 0.5) / drawn.x.count * FINE), int((1 - (c + 0.5) / drawn.y.count) * FINE)
    left, right = (x - 3, x + 18) if x + 20 < FINE else (x - 18, x + 3)
    for row in range(max(0, y - 3), min(FINE, y + 4)):
        for column in range(max(0, left), min(FINE, right + 1)):
            yield row, column


def _largest(rows: list[list[int]], region: int) -> tuple[int, int, int, int] | None:
    """The largest rectangle of cells of one region, by the heights of its columns row by row; wide ones are liked."""
    heights = [0] * FINE
    best, found = 0.0, None
    for bottom, row in enumerate(rows):
        heights = [heights[i] + 1 if cell == region else 0 for i, cell in enumerate(row)]
        stack: list[int] = []
        for i in range(FINE + 1):
            height = heights[i] if i < FINE else 0
            while stack and heights[stack[-1]] >= height:
                high = heights[stack.pop()]
                left = stack[-1] + 1 if stack else 0
                size = (i - left) * min(high, 24)
                if high and size > best:
                    best, found = size, (left, bottom + 1 - high, i, bottom + 1)
            stack.append(i)
    return found
