"""Every mistake that a user can make: its code, its place, what is wrong, and the mend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches


@dataclass(frozen=True)
class Place:
    """Where something was written: a file, and where known its line and column (both from 1)."""

    file: str
    line: int = 0
    column: int = 0
    text: str = ""
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class Problem:
    """One mistake. `code` is listed in engine/error_codes.py; `mend` says what to do, in a sentence."""

    code: str
    place: Place
    what: str
    mend: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "file": self.place.file,
            "line": self.place.line or None,
            "column": self.place.column or None,
            "what": self.what,
            "mend": self.mend,
        }


class UserError(Exception):
    """One or more mistakes of a user, all found in one pass. Never shown with a traceback."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("; ".join(f"{p.code} {p.place}: {p.what}" for p in self.problems))


def mistake(code: str, place: Place | str, what: str, mend: str = "") -> UserError:
    """A UserError with one problem."""
    return UserError(Problem(code, Place(place) if isinstance(place, str) else place, what, mend))


MOST = 100


@dataclass
class Problems:
    """Collects mistakes, so that all of them are told at once."""

    found: list[Problem] = field(default_factory=list)

    def add(self, code: str, place: Place, what: str, mend: str = "") -> None:
        """Notes a mistake. After MOST of them the reading stops: the file is another one, or made to do harm."""
        self.found.append(Problem(code, place, what, mend))
        if len(self.found) >= MOST:
            self.stop_if_any()

    def take_back(self, problem: Problem) -> None:
        """A mistake that turned out to be part of another one."""
        self.found = [known for known in self.found if known != problem]

    def extend(self, error: UserError) -> None:
        self.found.extend(error.problems)

    def stop_if_any(self) -> None:
        if self.found:
            ordered = sorted(
                dict.fromkeys(self.found), key=lambda p: (p.place.file, p.place.line, p.place.column, p.code)
            )
            if len(ordered) >= MOST:
                rest = f"more than {MOST - 1} mistakes; the rest is not told"
                ordered = [
                    *ordered[: MOST - 1],
                    Problem("SV110", Place(ordered[0].place.file), rest, "Is it the right file?"),
                ]
            raise UserError(ordered)


def did_you_mean(word: str, known: Sequence[str] | Iterable[str]) -> str:
    """A sentence with the nearest known words, or an empty string."""
    near = get_close_matches(word, list(dict.fromkeys(known)), n=2, cutoff=0.6)
    return f"Did you mean {' or '.join(near)}?" if near else ""
