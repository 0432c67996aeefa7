"""What the library answers with: the objects that the commands print from, which show themselves in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from sharedvalue.engine.questions.portfolio_result import Result as Decided

T = TypeVar("T")
Json = dict[str, Any]


@dataclass(frozen=True)
class Result(Generic[T]):
    """The answer to a question. `value` is the frozen object that the command of the same name prints from.

    `str()` gives what the command prints, `to_dict()` its `--json`. In a notebook it shows itself, with its picture
    where it has one.
    """

    value: T = field(repr=False)
    _json: Callable[[T], Mapping[str, object]] = field(repr=False)
    _lines: Callable[[T], Iterable[str]] = field(repr=False)
    _draw: Callable[[T], str] | None = field(repr=False, default=None)

    def to_dict(self) -> Json:
        """The same as the command's `--json` (schemas in docs/schemas)."""
        return dict(self._json(self.value))

    def __str__(self) -> str:
        return "\n".join(self._lines(self.value))

    def __repr__(self) -> str:
        return f"<{type(self.value).__name__}; print() shows it in words>"

    def _repr_svg_(self) -> str | None:
        return None if self._draw is None else self._draw(self.value)

    def _repr_html_(self) -> str:
        return preformatted(str(self), self._repr_svg_() or "")


@dataclass(frozen=True)
class Portfolio:
    """The decisions of a table of communities. `value` is what `sharedvalue portfolio` prints from."""

    value: Decided
    _make: Callable[[dict[str, list[object]]], Any] = field(repr=False)

    @property
    def frame(self) -> Any:
        """A row a community, in the kind of frame that was given: outcome, modes, rule, certain, rules, conclusions, asks,
        mistakes. The same columns as `sharedvalue portfolio -o` writes.
        """
        return self._make(self.value.columns())

    def to_dict(self) -> Json:
        """The same as `sharedvalue portfolio --json`."""
        return self.value.as_json()

    def __str__(self) -> str:
        from sharedvalue.cli.portfolio import lines

        return "\n".join(lines(self.value))

    def __repr__(self) -> str:
        return f"<Portfolio of {len(self.value.rows):,} communities, {len(self.value.decided):,} decided>"

    def _repr_html_(self) -> str:
        return preformatted(str(self))


def preformatted(text: str, picture: str = "") -> str:
    """A text as the terminal shows it, below a picture."""
    return f'{picture}<pre style="line-height:1.35">{escape(text)}</pre>'
