"""How far people who label the same cases blind agree: Krippendorff's alpha for names, with a bootstrap interval."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DRAWS = 2000
SEED = 1
FEW_CASES = 5  # below this many cases with two labels, no statistic is said

Labels = Mapping[str, Mapping[str, str]]  # rater -> case -> outcome


@dataclass(frozen=True)
class Agreement:
    """`alpha` is None where it is not defined: nothing was labelled twice, or all labels are the same.

    `cases` have at least two labels; `labels` are counted in those. `interval` holds the middle 95 % of alphas over cases
    drawn again with replacement (bootstrap, seeded), None where too few draws had an alpha.
    """

    raters: int
    cases: int
    labels: int
    alpha: float | None
    agreed: float | None
    interval: tuple[float, float] | None

    @property
    def few(self) -> bool:
        return self.cases < FEW_CASES


def agreement(labels: Labels) -> Agreement:
    """The agreement between raters. Cases with one label only say nothing about it."""
    units = _units(labels)
    count = sum(len(unit) for unit in units)
    interval = _bootstrap(units) if len(units) >= FEW_CASES else None
    return Agreement(len(labels), len(units), count, alpha(units), _agreed(units), interval)


def _units(labels: Labels) -> list[list[str]]:
    by_case: dict[str, list[str]] = {}
    for given in labels.values():
        for case, outcome in given.items():
            by_case.setdefault(case, []).append(outcome)
    return [by_case[case] for case in sorted(by_case) if len(by_case[case]) > 1]


def alpha(units: Sequence[Sequence[str]]) -> float | None:
    """Krippendorff's alpha for nominal values, from the coincidences of values within units of two values or more."""
    pairable = [unit for unit in units if len(unit) > 1]
    total = sum(len(unit) for unit in pairable)
    if total < 2:
        return None
    overall: Counter[str] = Counter()
    within = 0.0  # coincidences of unlike values
    for unit in pairable:
        counts = Counter(unit)
        overall.update(counts)
        unlike = len(unit) ** 2 - sum(n * n for n in counts.values())
        within += unlike / (len(unit) - 1)
    expected = total**2 - sum(n * n for n in overall.values())
    if expected == 0:
        return None
    return 1 - (total - 1) * within / expected


def _agreed(units: Sequence[Sequence[str]]) -> float | None:
    """The share of pairs of labels on one case that are the same."""
    same = pairs = 0
    for unit in units:
        pairs += len(unit) * (len(unit) - 1)
        same += sum(n * (n - 1) for n in Counter(unit).values())
    return same / pairs if pairs else None


def _bootstrap(units: Sequence[Sequence[str]]) -> tuple[float, float] | None:
    rng = random.Random(SEED)
    found = sorted(
        value
        for _ in range(DRAWS)
        if (value := alpha([units[rng.randrange(len(units))] for _ in units])) is not None
    )
    if len(found) < DRAWS // 2:
        return None
    return found[int(len(found) * 0.025)], found[min(len(found) - 1, int(len(found) * 0.975))]


@dataclass(frozen=True)
class Disagreement:
    """A case with how people labelled it, against the rule book."""

    case: str
    outcome: str
    labels: Mapping[str, int]

    @property
    def against(self) -> int:
        return sum(n for outcome, n in self.labels.items() if outcome != self.outcome)


def against_book(labels: Labels, outcomes: Mapping[str, str]) -> tuple[Disagreement, ...]:
    """Every labelled case beside the outcome of the rule book; those that most people see otherwise come first."""
    found = []
    for case, outcome in outcomes.items():
        counts = Counter(given[case] for given in labels.values() if case in given)
        if counts:
            found.append(Disagreement(case, outcome, dict(sorted(counts.items()))))
    return tuple(sorted(found, key=lambda d: (-d.against / sum(d.labels.values()), d.case)))
