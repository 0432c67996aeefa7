"""Several answers in one cell: split outside brackets and quotes, and options that hold the separator themselves kept whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from sharedvalue.engine.evidence.export import Column

RARE = 2  # a piece that occurs once or twice is free text typed under "Other", not an option
FEW = 15  # below so many answers, what is met twice is met often
OPEN, CLOSE = "([{“（【「『《", ")]}”）】」』》"
BULLETS = "•‣▪●◦"  # what a list of answers is led by
# What may stand between several answers, with what it is called: also the commas, semicolons and dots of Chinese, Japanese and
# Arabic, and what Microsoft Lists writes.
SEPARATED = {
    ", ": "a comma", ";": "a semicolon", "\n": "a line break", "|": "a bar", "/": "a stroke", ";#": "a semicolon and #",
    "，": "a comma", "、": "a comma", "；": "a semicolon", "・": "a dot", "،": "a comma", "؛": "a semicolon",
}  # fmt: skip
SEPARATORS = tuple(SEPARATED)


def _mark(separator: str) -> str:
    return separator.strip() or separator


def split(text: str, separator: str) -> list[str]:
    """The pieces of a cell; a separator within brackets or quotes does not split."""
    mark = _mark(separator)
    if '"' not in text and not any(c in text for c in OPEN):
        return _filled(text.split(mark))
    pieces, start, depth, quoted = [], 0, 0, False
    for i, c in enumerate(text):
        if c == '"':
            quoted = not quoted
        elif c in OPEN:
            depth += 1
        elif c in CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0 and not quoted and text.startswith(mark, i):
            pieces.append(text[start:i])
            start = i + len(mark)
    if depth or quoted:  # a bracket that is never closed says nothing
        pieces, start = text.split(mark), len(text)
    return _filled([*pieces, text[start:]])


def _filled(pieces: Iterable[str]) -> list[str]:
    return [piece for piece in (p.strip().lstrip(BULLETS).strip() for p in pieces) if piece]


def answers_of(cell: str, column: Column) -> tuple[str, ...]:
    """What one cell of a multi-choice column answers: known options first, longest first; what is left is split."""
    return tuple(_with_options(cell, column.separator, [a.label for a in column.answers]))


def _with_options(cell: str, separator: str, options: Iterable[str]) -> list[str]:
    mark = _mark(separator)
    pieces = split(cell, separator)
    for option in sorted((o for o in options if mark in o), key=len, reverse=True):
        whole = split(option, separator)
        for i in range(len(pieces) - len(whole) + 1):
            if pieces[i : i + len(whole)] == whole:
                pieces[i : i + len(whole)] = [option]
                break
    return pieces


def best_separator(cells: Mapping[str, int], separators: Sequence[str]) -> tuple[Counter[str] | None, str]:
    """How often each option was ticked under the separator that makes the fewest different ones; of equals, the first."""
    best: tuple[Counter[str] | None, str] = (None, "")
    fewest = 0
    for separator in separators:
        counts = options(cells, separator)
        if counts is None or (separator == "/" and _only_joined(counts)):
            continue
        if best[0] is None or len(counts) < fewest:
            best, fewest = (counts, separator), len(counts)
    return best


def _only_joined(counts: Counter[str]) -> bool:
    """Whether the pieces are too short to be answers: n/a, and/or, 24/7."""
    return any(len(piece) < 3 for piece in counts)


def options(cells: Mapping[str, int], separator: str) -> Counter[str] | None:
    """How often each piece was ticked, where the cells hold several answers; None where they do not."""
    mark = _mark(separator)
    if not any(mark in cell for cell in cells):
        return None
    parted = [(split(cell, separator), n) for cell, n in cells.items()]
    answered = sum(n for _, n in parted)
    if _one_choice(parted, answered):
        return None
    joined = _kept_whole(parted, f"{mark} " if mark in ",;" else mark)
    counts: Counter[str] = Counter()
    for pieces, n in joined:
        for piece in set(pieces):
            counts[piece] += n
    often = {piece for piece, n in counts.items() if n > (RARE if answered >= FEW else 1)}
    if len(often) < 2:
        return None
    several = sum(n for pieces, n in joined if sum(p in often for p in pieces) > 1)
    covered = sum(counts[piece] for piece in often)
    if several < max(2, 0.05 * answered) or covered < 0.5 * counts.total():
        return None
    return counts


def _one_choice(parted: Sequence[tuple[list[str], int]], answered: int) -> bool:
    """Whether whole cells come back as they are, so that the separator is only punctuation: `Yes, definitely!`."""
    whole = [(pieces, n) for pieces, n in parted if n > 1 and pieces]
    if sum(n for _, n in whole) < 0.7 * answered:
        return False
    met = Counter(piece for pieces, _ in whole for piece in set(pieces))
    return len(whole) < len(met) or all(n == 1 for n in met.values())


def _kept_whole(parted: Sequence[tuple[list[str], int]], between: str) -> list[tuple[list[str], int]]:
    """Pieces that are always met together, in this order, are one option that holds the separator."""
    rows = [(list(pieces), n) for pieces, n in parted]
    for _ in range(3):
        alone: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for pieces, n in rows:
            for piece in pieces:
                alone[piece] += n
            for pair in pairwise(pieces):
                pairs[pair] += n
        capitals = sum(piece[:1].isupper() for piece in alone) > len(alone) / 2
        one = {
            (a, b)
            for (a, b), n in pairs.items()
            if n == alone[a] == alone[b] and n > 1 and ((capitals and b[:1].islower()) or n >= 5)
        }
        if not one:
            return rows
        for pieces, _ in rows:
            i = 0
            while i < len(pieces) - 1:
                if (pieces[i], pieces[i + 1]) in one:
                    pieces[i : i + 2] = [f"{pieces[i]}{between}{pieces[i + 1]}"]
                else:
                    i += 1
    return rows
