"""Tables in files: long ones written block by block, so that a file is there whole or not at all; any read as text."""

from __future__ import annotations

import os
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.readings.sweep.program import Reading

Frame = pl.DataFrame  # for those who hand frames on and need not know what they are
WRITTEN = (".csv", ".parquet")
READ = (".csv", ".parquet", ".xlsx")
MOST_BYTES = 200_000_000
MOST_ROWS = 1_000_000
MOST_COLUMNS = 2_000


def checked_target(path: Path) -> Path:
    """The path, if a table can be written there."""
    if path.suffix.lower() not in WRITTEN:
        raise mistake(
            "SV120",
            str(path),
            f"'{path.suffix or path.name}' is not a kind of table that can be written",
            f"End the name with {' or '.join(WRITTEN)}.",
        )
    if not path.parent.is_dir():
        raise mistake("SV121", str(path), "there is no such directory to write to", "Make it first.")
    if path.is_dir():
        raise mistake("SV121", str(path), "this is a directory", "Give the name of a file in it.")
    return path


def partial_of(path: Path) -> Path:
    """Where the first part of a table goes when it could not be finished: beside it, and named so."""
    return path.with_name(f"{path.stem}.partial{path.suffix}")


def temporary_of(path: Path) -> Path:
    """Where a table is written until it is whole: in the same directory, so that it can be moved at once."""
    return path.with_name(f".{path.name}.{os.getpid()}.writing")


class Writing:
    """Writes the frames of an iterator to a file. The file appears under its name only when all of them are in it.

    Frames are drawn in a thread of their own, so that Ctrl-C reaches the caller. When `stop` is set, what was
    written so far is kept beside the target, marked as partial; when the disk is full, nothing is kept. An
    older file stays in both.
    """

    def __init__(
        self, path: Path, frames: Iterator[pl.DataFrame], schema: dict[str, pl.DataType | type[pl.DataType]]
    ) -> None:
        self.path, self._frames, self._schema = checked_target(path), frames, schema
        self.stop = threading.Event()
        self._error: BaseException | None = None

    def run(self) -> Path:
        """Where the table is: the target, or beside it when it was stopped."""
        temporary = temporary_of(self.path)
        thread = threading.Thread(target=self._write, args=(temporary,), daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                try:
                    thread.join(0.1)
                except KeyboardInterrupt:
                    self.stop.set()
            if self._error is not None:
                raise self._error
            target = partial_of(self.path) if self.stop.is_set() else self.path
            os.replace(temporary, target)
            return target
        except (OSError, pl.exceptions.ComputeError) as error:
            raise _unwritable(self.path, error) from error
        finally:
            with suppress(OSError):
                temporary.unlink()

    def _write(self, temporary: Path) -> None:
        try:
            frame = register_io_source(self._source, schema=self._schema)
            if self.path.suffix.lower() == ".csv":
                frame.sink_csv(temporary)
            else:
                frame.sink_parquet(temporary)
        except BaseException as error:  # noqa: BLE001  # handed to the thread that waits
            self._error = error

    def _source(
        self,
        with_columns: list[str] | None,
        predicate: pl.Expr | None,
        n_rows: int | None,
        batch_size: int | None,
    ) -> Iterator[pl.DataFrame]:
        del n_rows, batch_size, predicate  # a sink asks for everything
        for frame in self._frames:
            if self.stop.is_set():
                return
            yield frame if with_columns is None else frame.select(with_columns)


def _unwritable(path: Path, error: Exception) -> UserError:
    text = getattr(error, "strerror", None) or str(error)
    words = (
        "the disk is full"
        if "No space left" in text or "os error 28" in text
        else f"cannot be written: {text}"
    )
    return mistake(
        "SV121", str(path), words, "Nothing was kept, and an older file of this name is as it was."
    )


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
    size = _unpacked(path) if kind == ".xlsx" else path.stat().st_size
    if size > MOST_BYTES:
        raise mistake(
            "SV104",
            name,
            f"{size:,} bytes are more than the {MOST_BYTES:,} that a table may have",
            "Split it.",
        )
    try:
        frame = _read(path, kind)
    except UserError:
        raise
    except (pl.exceptions.PolarsError, OSError, ValueError, RuntimeError) as error:
        raise mistake(
            "SV113",
            name,
            f"this does not read as a {kind[1:].upper()} table: {' '.join(str(error).split())[:160]}",
            "Write one row a community, below one row of column names.",
        ) from error
    if frame.height > MOST_ROWS or frame.width > MOST_COLUMNS:
        raise mistake(
            "SV110",
            name,
            f"{frame.height:,} rows of {frame.width:,} columns are more than {MOST_ROWS:,} of {MOST_COLUMNS:,}",
            "Split it.",
        )
    texts = frame.select(_as_text(name, dtype) for name, dtype in frame.schema.items())
    return frame.columns, [list(row) for row in texts.rows()]


def _read(path: Path, kind: str) -> pl.DataFrame:
    if kind == ".parquet":
        if pl.scan_parquet(path).select(pl.len()).collect().item() > MOST_ROWS:
            raise mistake("SV110", str(path), f"more than {MOST_ROWS:,} rows", "Split it.")
        return pl.read_parquet(path)
    if kind == ".csv":
        return pl.read_csv(path, infer_schema=False, n_rows=MOST_ROWS + 1)
    try:
        found: pl.DataFrame = pl.read_excel(path, infer_schema_length=None)
    except ModuleNotFoundError:
        raise mistake(
            "SV113",
            str(path),
            "reading XLSX needs the package fastexcel",
            "Install sharedvalue[xlsx], or save the table as CSV.",
        ) from None
    return found


def _unpacked(path: Path) -> int:
    """How large an XLSX file (a zip archive) is once unpacked: known before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        raise mistake(
            "SV113", str(path), "this does not read as an XLSX table", "Save it again as XLSX or CSV."
        ) from None


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_nested() or dtype == pl.Binary:
        return pl.lit("(not a value)").alias(name)
    return pl.col(name).cast(pl.String).fill_null("").str.strip_chars().alias(name)


def frame_of(reading: Reading, worlds: Sequence[Mapping[str, int]]) -> pl.DataFrame:
    """Some worlds as a frame that a reading (of values, not of positions) can read."""
    columns = {name: pl.Series([world[name] for world in worlds], dtype=pl.Int64) for name in reading.inputs}
    return pl.DataFrame(columns) if columns else pl.DataFrame({"#": pl.repeat(0, len(worlds), eager=True)})


def write_rows(path: Path, columns: Mapping[str, Sequence[object]]) -> None:
    """A short table, whole or not at all: where Ctrl-C was pressed meanwhile, nothing is kept, and it is raised."""
    frame = pl.DataFrame({name: list(values) for name, values in columns.items()}, strict=False)
    written = Writing(path, iter([frame]), dict(frame.schema)).run()
    if written != path:
        written.unlink()
        raise KeyboardInterrupt
