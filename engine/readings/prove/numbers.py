"""Numbers that depend on unknowns: polynomials, cases, extremes and ratios."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Polynomial:
    """A sum of products of factors and a coefficient. A factor is an unknown, or a number that is kept whole."""

    terms: tuple[tuple[tuple[Factor, ...], int], ...]
    constant: int
    lo: int
    hi: int


@dataclass(frozen=True)
class Cases:
    """One of several numbers: exactly one of the literals holds."""

    cases: tuple[tuple[int, Sym], ...]
    lo: int
    hi: int
    size: int = field(compare=False)  # how many plain numbers it is made of


@dataclass(frozen=True)
class Extreme:
    """The least, greatest or middle of the items whose literal holds, else the default."""

    kind: str
    items: tuple[tuple[int, Sym], ...]
    default: Sym
    lo: int
    hi: int
    size: int = field(compare=False)  # how many plain numbers it is made of


@dataclass(frozen=True)
class Ratio:
    """The floor of top / bottom; 0 when the bottom is 0 or less."""

    top: Sym
    bottom: Sym
    lo: int
    hi: int
    size: int = field(compare=False)  # how many plain numbers it is made of


@dataclass(frozen=True)
class Times:
    """A product that is kept whole."""

    first: Sym
    second: Sym
    lo: int
    hi: int


@dataclass(frozen=True)
class Whole:
    """A number kept whole, as a factor. Within one arithmetic its name says which."""

    name: str
    number: Cases | Extreme | Ratio | Times = field(compare=False)
    support: int = field(compare=False)


Factor = str | Whole
Sym = int | Polynomial | Cases | Extreme | Ratio | Times


def lowest(number: Sym) -> int:
    return number if isinstance(number, int) else number.lo


def highest(number: Sym) -> int:
    return number if isinstance(number, int) else number.hi


def factor_order(factor: Factor) -> str:
    return factor if isinstance(factor, str) else factor.name


def term_order(term: tuple[tuple[Factor, ...], int]) -> tuple[str, ...]:
    return tuple([factor_order(factor) for factor in term[0]])


def size(number: Sym) -> int:
    return number.size if isinstance(number, Cases | Extreme | Ratio) else 1


def product_range(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    corners = (a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1])
    return min(corners), max(corners)
