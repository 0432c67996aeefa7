"""What a workbook may hold, whatever its references and its directory say."""

from __future__ import annotations

MOST_PARTS = 10_000  # entries of the archive
MOST_UNPACKED = 2_000_000_000  # bytes of all parts that are read
LEAST_LIMIT, MOST_TIMES = (
    20_000_000,
    150,
)  # a sheet of repeated answers shrinks to a fiftieth; beyond is a bomb
MOST_DEEP = 100  # elements within each other; the format needs a tenth
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # as the format has them
MOST_CELLS = 20_000_000  # of the table that a sheet spans
MOST_TEXT = 500_000_000  # characters of all cells, each time that one is repeated
MOST_SHARED = 150_000_000  # characters of the table of shared strings
MOST_SHARED_STRINGS = 4_000_000
LONGEST_CELL = 100_000  # characters; the format has 32,767
MEMORY = 1_000_000_000  # bytes that the reader may take beyond what Python itself takes


class TooMuch(Exception):
    """The workbook would unfold to more than is read; the words say of what."""


class Damaged(Exception):
    """The workbook is not what it says it is; the words say where."""
