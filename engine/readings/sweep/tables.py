"""Tables written to files: long ones block by block, so that a file is there whole or not at all."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.language.formula_cells import safe
from sharedvalue.engine.readings.sweep.program import Reading

Frame = pl.DataFrame  # for those who hand frames on and need not know what they are
WRITTEN = (".csv", ".parquet")


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


def frame_of(reading: Reading, worlds: Sequence[Mapping[str, int]]) -> pl.DataFrame:
    """Some worlds as a frame that a reading (of values, not of positions) can read."""
    columns = {name: pl.Series([world[name] for world in worlds], dtype=pl.Int64) for name in reading.inputs}
    return pl.DataFrame(columns) if columns else pl.DataFrame({"#": pl.repeat(0, len(worlds), eager=True)})


def write_rows(path: Path, columns: Mapping[str, Sequence[object]]) -> None:
    """A short table, whole or not at all: where Ctrl-C was pressed meanwhile, nothing is kept, and it is raised."""
    plain = path.suffix.lower() == ".csv"
    cells = {
        name: [safe(v) if plain and isinstance(v, str) else v for v in values]
        for name, values in columns.items()
    }
    frame = pl.DataFrame(cells, strict=False)
    written = Writing(path, iter([frame]), dict(frame.schema)).run()
    if written != path:
        written.unlink()
        raise KeyboardInterrupt
