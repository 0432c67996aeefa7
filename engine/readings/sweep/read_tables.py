"""A table from a file (CSV, Parquet, XLSX) as texts, bounded. What unpacks is read by a process of its own (engine.sheets.apart)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO, Any

import polars as pl

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.sheets import read_workbook
from sharedvalue.engine.sheets.apart import apart, main

READ = (".csv", ".parquet", ".xlsx")
MOST_BYTES = 200_000_000
MOST_ROWS = 1_000_000
MOST_COLUMNS = 2_000
MEMORY = 1_000_000_000  # bytes that reading a Parquet file may take
PACKED = (
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
    b"\x78\x01",
    b"\x78\x9c",
    b"\x78\xda",
    b"PK\x03\x04",
)  # gzip, zstd, zlib, zip


def read_table(path: Path) -> tuple[list[str], list[list[str]]]:
    """The column names of a table and its rows, every cell as the text that was written ('' where there is none).

    Raises:
        UserError: SV101 to SV104 for a file that cannot be read, SV110 where it holds too much, SV113 where
        it is no table.
    """
    name = str(path)
    if not path.exists():
        raise mistake("SV101", name, "there is no such file")
    if path.is_dir():
        raise mistake("SV102", name, "this is a directory", "Give one table.")
    if not path.is_file():
        raise mistake("SV103", name, "this is not a regular file", "Give the path of a table.")
    kind = path.suffix.lower()
    if kind not in READ:
        raise mistake(
            "SV113",
            name,
            f"'{path.suffix or path.name}' is not a kind of table that can be read",
            f"Use one of: {', '.join(READ)}.",
        )
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise mistake(
            "SV104",
            name,
            f"{size:,} bytes are more than the {MOST_BYTES:,} that a table may have",
            "Split it.",
        )
    if kind == ".xlsx":
        return _of_workbook(path)
    if kind == ".parquet":
        return _rows(_parquet(path))
    with path.open("rb") as stream:
        if stream.read(4).startswith(PACKED):
            raise mistake("SV113", name, "this is packed, not a CSV table", "Unpack it first.")
    try:
        frame = pl.read_csv(path, has_header=False, infer_schema=False, n_rows=MOST_ROWS + 2)
    except (pl.exceptions.PolarsError, OSError, ValueError, RuntimeError) as error:
        raise no_table(path, error) from error
    headings = [
        ("" if cell is None else cell).strip() for cell in frame.row(0)
    ]  # one may stand twice: that is told
    return headings, _rows(bounded(path, frame.slice(1)))[1]


def _rows(frame: pl.DataFrame) -> tuple[list[str], list[list[str]]]:
    return frame.columns, [list(row) for row in frame.rows()]


def no_table(path: Path, error: Exception) -> UserError:
    return mistake(
        "SV113",
        str(path),
        f"this does not read as a {path.suffix[1:].upper()} table: {' '.join(str(error).split())[:160]}",
        "Write one row a community, below one row of column names.",
    )


def bounded(path: Path, frame: pl.DataFrame) -> pl.DataFrame:
    """A table as texts, if it is not too much.

    Raises:
        UserError: SV110 for more rows, columns or text than are read.
    """
    if frame.height > MOST_ROWS or frame.width > MOST_COLUMNS:
        raise mistake(
            "SV110",
            str(path),
            f"{frame.height:,} rows of {frame.width:,} columns are more than {MOST_ROWS:,} of {MOST_COLUMNS:,}",
            "Split it.",
        )
    texts = frame.select(_as_text(name, dtype) for name, dtype in frame.schema.items())
    size = sum(texts.select(pl.all().str.len_bytes().sum().cast(pl.Int64)).row(0)) if texts.width else 0
    if size > MOST_BYTES:
        raise mistake(
            "SV110", str(path), f"its cells hold more than {MOST_BYTES:,} bytes of text", "Split it."
        )
    return texts


def _of_workbook(path: Path) -> tuple[list[str], list[list[str]]]:
    """The first sheet that holds anything; rows that are blank are left out."""
    book = read_workbook(path)
    if book.bare:
        raise mistake(
            "SV113",
            str(path),
            f"{book.bare:,} formulas hold no computed value",
            "Open the workbook in a spreadsheet and save it, so that their values are there.",
        )
    rows = (row for row in book.rows() if any(row))
    headings = next(rows, [])
    if not any(headings):
        raise mistake(
            "SV113", str(path), "no sheet of the workbook holds anything", "Save it again as XLSX or CSV."
        )
    if book.wide > MOST_COLUMNS:
        raise mistake("SV110", str(path), f"more than {MOST_COLUMNS:,} columns", "Split it.")
    same: dict[str, str] = {}  # cells that say the same are one text in memory
    return headings, [[same.setdefault(cell, cell) for cell in row] for row in rows]


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_nested() or dtype == pl.Binary:
        return pl.lit("(not a value)").alias(name)
    return pl.col(name).cast(pl.String).fill_null("").str.strip_chars().alias(name)


def _parquet(path: Path) -> pl.DataFrame:
    with tempfile.TemporaryFile(prefix="sharedvalue-") as kept:
        apart(__name__, path, kept, MEMORY)
        kept.seek(0)
        return pl.read_ipc(kept)


def _work(path: Path, out: IO[bytes]) -> dict[str, Any]:
    try:
        if pl.scan_parquet(path).select(pl.len()).collect().item() > MOST_ROWS:
            raise mistake("SV110", str(path), f"more than {MOST_ROWS:,} rows", "Split it.")
        bounded(path, pl.read_parquet(path)).write_ipc(out)
    except (pl.exceptions.PolarsError, OSError, ValueError, RuntimeError) as error:
        raise no_table(path, error) from None
    return {}


if __name__ == "__main__":
    main(_work)
