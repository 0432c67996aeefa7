"""A frame of polars or pandas, or a mapping of columns, as rows of texts: what the reader of tables takes."""

from __future__ import annotations

from typing import Any


def texts(table: Any) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the rows. What is missing, in whatever way, becomes an empty cell.

    Raises:
        TypeError: where the columns of the table cannot be told.
    """
    names = getattr(table, "columns", None)
    if names is None:
        if not hasattr(table, "keys"):
            raise TypeError(
                "a table is a frame of polars or pandas, a mapping of columns, or the path of a file"
            )
        names = list(table.keys())
    columns = [_values(table[name]) for name in names]
    return [str(name) for name in names], [list(row) for row in zip(*columns, strict=True)]


def _values(column: Any) -> list[str]:
    listed = column.to_list() if hasattr(column, "to_list") else list(column)
    return [_text(value) for value in listed]


def _text(value: object) -> str:
    """A cell as a person would type it."""
    if value is None or _is_missing(value):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _is_missing(value: object) -> bool:
    """Whether a value is none: it is not even equal to itself (NaN, NaT), or will not say so (pandas.NA)."""
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return True
