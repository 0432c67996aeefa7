"""What varies in a sweep, as people write it: FACT=20..80, 20..80/5, fixed|negotiable, normal(50,10), or just FACT."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

from sharedvalue.engine.errors import Place, Problems, UserError, did_you_mean, mistake
from sharedvalue.engine.language.addresses import fact_of, setting
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.reader import as_number
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, type_of
from sharedvalue.engine.language.source import Items, Table, Text
from sharedvalue.engine.language.types import NumberType, ValueType, show
from sharedvalue.engine.language.values import expected_of, in_full, mend_of, read_value
from sharedvalue.engine.worlds.belief import whole_steps

MOST_DRAWN = 100_000  # values that one distribution may have
SHARES = 1 << 32
_DISTRIBUTION = re.compile(r"^([a-z]+)\(([^()]*)\)(?:/(.+))?$")
_WRITTEN = {
    "normal": "normal(MEAN,SPREAD)",
    "uniform": "uniform(LOWEST,HIGHEST)",
    "triangular": "triangular(LOWEST,LIKELIEST,HIGHEST)",
}


@dataclass(frozen=True)
class Varied:
    """One value that varies over the points of `domain`.

    `ends` is None where all points are alike; of a distribution it says where the share of each point ends, in parts of
    SHARES. `asked` is False for a value that varies because nobody said what it is.
    """

    name: str
    address: str
    type: ValueType
    domain: Domain
    written: str
    ends: tuple[int, ...] | None = None
    asked: bool = True

    def shown(self) -> list[object]:
        """Every point as a person writes it."""
        return [show(value, self.type) for value in self.domain.values()]


def read_varied(specs: Iterable[str], scenario: Scenario, book: RuleBook) -> tuple[Varied, ...]:
    """What some --vary options say.

    Raises:
        UserError: SV204 for an unknown fact, SV205 for values that it cannot have, SV206 for a fact that stands twice.
    """
    problems, found = Problems(), dict[str, Varied]()
    for spec in specs:
        try:
            varied = _read(spec, scenario, book)
        except UserError as error:
            problems.extend(error)
            continue
        if varied.name in found:
            problems.add(
                "SV206", Place(f"--vary {spec}"), f"{varied.address} varies twice", "Say once how it varies."
            )
        found[varied.name] = varied
    problems.stop_if_any()
    return tuple(found.values())


def _read(spec: str, scenario: Scenario, book: RuleBook) -> Varied:
    address, equals, written = setting(spec)
    place = f"--vary {spec}"
    name = scenario.resolve(address)
    kind = type_of(book, name) if name else None
    if name is None or kind is None or fact_of(name) == "evidence":
        known = dict.fromkeys([*book.facts, *(scenario.address(n) for n in scenario.stated)])
        raise mistake(
            "SV204",
            place,
            f"there is no fact '{address}' here",
            did_you_mean(address, known) or "List them with: sharedvalue facts",
        )
    if equals and not written:
        raise _not_values(place, address, kind)
    match = _DISTRIBUTION.match(written)
    if not written:
        domain, ends = whole_steps(kind), None
    elif match:
        domain, ends = _distribution(match, kind, address, place)
    elif ends_of := _ends_of(written, kind):
        domain, ends = _range(*ends_of, kind, address, place), None
    else:
        domain, ends = _list(written, kind, address, place), None
    return Varied(name, address, kind, domain, spec, ends)


def _not_values(place: str, address: str, kind: ValueType, why: str = "") -> UserError:
    examples = "LOWEST..HIGHEST, LOWEST..HIGHEST/STEP, A|B|C" + (
        ", " + ", ".join(_WRITTEN.values()) if isinstance(kind, NumberType) else ""
    )
    return mistake(
        "SV205",
        place,
        why or f"this does not say what {address} may be",
        f"Each value must be {expected_of(kind)}; write one of {examples}.",
    )


def _value(text: str, kind: ValueType, address: str, place: str) -> int:
    value = read_value(Text(text.strip(), Place(place)), kind)
    if not isinstance(value, int):
        mend = mend_of(Text(text.strip(), Place(place)), kind, "")
        raise mistake("SV205", place, f"'{text.strip()[:40]}' is not a value of {address}", mend)
    return value


def _list(written: str, kind: ValueType, address: str, place: str) -> Domain:
    return Domain.listed(_value(text, kind, address, place) for text in written.split("|"))


def _ends_of(written: str, kind: ValueType) -> tuple[str, str, str] | None:
    """The ends and the step of a range, as they are written; None where it is none."""
    ends, _, by = written.partition("/")
    node = in_full(Text(ends.strip(), Place("")), kind)
    between = node.entries.get("between") if isinstance(node, Table) else None
    if not isinstance(between, Items) or len(between.items) != 2:
        return None
    low, high = between.items
    assert isinstance(low, Text)
    assert isinstance(high, Text)
    return low.value, high.value, by


def _range(low: str, high: str, by: str, kind: ValueType, address: str, place: str) -> Domain:
    if not isinstance(kind, NumberType):
        raise _not_values(place, address, kind, f"{address} has no range: it is no number")
    lo, hi = _value(low, kind, address, place), _value(high, kind, address, place)
    if lo > hi:
        raise mistake(
            "SV205",
            place,
            f"no value lies from {low} to {high}",
            f"Write the lower one first: {high}..{low}.",
        )
    if kind.values:
        return Domain.listed(value for value in kind.values if lo <= value <= hi)
    return Domain.span(lo, hi, _step(by, kind, place) if by else kind.step)


def _step(written: str, kind: NumberType, place: str) -> int:
    value = as_number(Text(written.strip(), Place(place)))
    scaled = None if value is None else value * kind.scale
    if scaled is None or scaled <= 0 or scaled.denominator != 1:
        raise mistake(
            "SV205",
            place,
            f"'{written.strip()[:40]}' is not a step",
            f"It must be above 0, and a multiple of {float(Fraction(1, kind.scale)):g}.",
        )
    return int(scaled)


# --- distributions ----------------------------------------------------------------------------------------------
def _distribution(
    match: re.Match[str], kind: ValueType, address: str, place: str
) -> tuple[Domain, tuple[int, ...]]:
    word, inside, by = match.groups()
    if word not in _WRITTEN:
        raise mistake(
            "SV205",
            place,
            f"there is no distribution '{word}'",
            did_you_mean(word, _WRITTEN) or f"Write one of: {', '.join(_WRITTEN.values())}.",
        )
    if not isinstance(kind, NumberType):
        raise _not_values(place, address, kind, f"{address} has no distribution: it is no number")
    numbers = [as_number(Text(text.strip(), Place(place))) for text in inside.split(",")]
    if any(number is None for number in numbers) or len(numbers) != _WRITTEN[word].count(",") + 1:
        raise mistake(
            "SV205", place, f"'{match.group(0)[:60]}' does not say its numbers", f"Write {_WRITTEN[word]}."
        )
    scaled = [float(number * kind.scale) for number in numbers if number is not None]
    below, lo, hi = _curve(word, scaled, place)
    step = _step(by, kind, place) if by else kind.step
    first, last = max(kind.lo, math.floor(lo / step) * step), min(kind.hi, math.ceil(hi / step) * step)
    first, last = -(-first // step) * step, last // step * step
    if first > last:
        raise mistake(
            "SV205",
            place,
            f"all of it lies outside what {address} can be",
            f"It must be {expected_of(kind)}.",
        )
    if (last - first) // step >= MOST_DRAWN:
        raise mistake(
            "SV205",
            place,
            f"{(last - first) // step + 1:,} values are too many for a distribution",
            f"Add a step, for example {match.group(0)}/{-(-(last - first) // MOST_DRAWN // kind.scale) or 1}.",
        )
    domain = Domain.span(first, last, step)
    shares = [below(value + step / 2) - below(value - step / 2) for value in domain.values()]
    whole = sum(shares)
    if whole < 1e-9:
        raise mistake(
            "SV205",
            place,
            f"all of it lies outside what {address} can be",
            f"It must be {expected_of(kind)}.",
        )
    return domain, _ends(shares, whole)


def _ends(shares: Sequence[float], whole: float) -> tuple[int, ...]:
    ends, so_far = [], 0.0
    for share in shares:
        so_far += share
        ends.append(min(SHARES, round(so_far / whole * SHARES)))
    ends[-1] = SHARES
    return tuple(ends)


def _curve(word: str, numbers: list[float], place: str) -> tuple[Callable[[float], float], float, float]:
    """How much of a distribution lies below a value, and where it begins and ends."""
    if word == "normal":
        mean, spread = numbers
        if spread <= 0:
            raise mistake(
                "SV205", place, "the spread of a normal distribution is above 0", "Write normal(50,10)."
            )
        return NormalDist(mean, spread).cdf, mean - 6 * spread, mean + 6 * spread
    lo, hi = numbers[0], numbers[-1]
    mode = numbers[1] if word == "triangular" else lo
    if not lo < hi or not lo <= mode <= hi:
        raise mistake("SV205", place, "the numbers of a distribution ascend", f"Write {_WRITTEN[word]}.")
    if word == "uniform":
        return (lambda value: min(1.0, max(0.0, (value - lo) / (hi - lo)))), lo, hi

    def below(value: float) -> float:
        if value <= lo or value >= hi:
            return 0.0 if value <= lo else 1.0
        if value <= mode:
            return (value - lo) ** 2 / ((hi - lo) * (mode - lo))
        return 1 - (hi - value) ** 2 / ((hi - lo) * (hi - mode))

    return below, lo, hi
