"""How far people who label the same cases blind agree: Krippendorff's alpha, with bootstrap intervals over the cases.

Twice: for the outcomes as names (nominal), and with how sure each was. Who says an outcome with 70 % leaves the rest to the
other outcomes alike, and two labels are as far apart as these shares are: half the sum of their squared differences. Of
labels that are certain that is 1 where they differ, as it is of names; so one sum serves both.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DRAWS = 2000
SEED = 1
FEW_CASES = 5  # below this many cases with two labels, no statistic is said
CERTAIN = 100


@dataclass(frozen=True)
class Label:
    """What somebody says of a case, and how sure in percent; None where that was not said."""

    outcome: str
    sure: int | None = None


Labels = Mapping[str, Mapping[str, Label]]  # rater -> case -> label
Shares = tuple[int, ...]  # of each outcome, in whole numbers with the same sum in every label


@dataclass(frozen=True)
class Alpha:
    """`value` is None where it is not defined: nothing was labelled twice, or all labels are the same.

    `interval` holds the middle 95 % of alphas over cases drawn again with replacement (bootstrap, seeded), None where too
    few draws had an alpha. `cases` have at least two labels.
    """

    value: float | None
    interval: tuple[float, float] | None
    cases: int

    @property
    def few(self) -> bool:
        return self.cases < FEW_CASES


@dataclass(frozen=True)
class Agreement:
    """`cases` have at least two labels; `labels` are counted in those. `sure` is of the labels that say how sure."""

    raters: int
    cases: int
    labels: int
    names: Alpha
    sure: Alpha
    agreed: float | None

    @property
    def few(self) -> bool:
        return self.names.few


def agreement(labels: Labels, outcomes: Sequence[str]) -> Agreement:
    """The agreement between raters. Cases with one label only say nothing about it."""
    units = _units(labels)
    names = [[shares(Label(one.outcome, CERTAIN), outcomes) for one in unit] for unit in units]
    said = [[shares(one, outcomes) for one in unit if one.sure is not None] for unit in units]
    count = sum(len(unit) for unit in units)
    return Agreement(
        len(labels),
        len(units),
        count,
        _alpha(names),
        _alpha(said),
        _agreed([[x.outcome for x in u] for u in units]),
    )


def _units(labels: Labels) -> list[list[Label]]:
    by_case: dict[str, list[Label]] = {}
    for given in labels.values():
        for case, label in given.items():
            by_case.setdefault(case, []).append(label)
    return [by_case[case] for case in sorted(by_case) if len(by_case[case]) > 1]


def shares(label: Label, outcomes: Sequence[str]) -> Shares:
    """How a label is shared out over the outcomes: what it is not sure of goes to the others alike."""
    others = len(outcomes) - 1
    sure = CERTAIN if label.sure is None else label.sure
    return tuple(sure * others if name == label.outcome else CERTAIN - sure for name in outcomes)


def alpha(units: Sequence[Sequence[Shares]]) -> float | None:
    """Krippendorff's alpha from the distances within units of two labels or more, and between any two labels."""
    return _of([_Sums.of(unit) for unit in units if len(unit) > 1])


@dataclass(frozen=True)
class _Sums:
    """What alpha needs of a unit. Distances of all pairs sum up to: labels * squares - square of the total."""

    labels: int
    squares: int
    total: Shares

    @staticmethod
    def of(unit: Sequence[Shares]) -> _Sums:
        squares = sum(share * share for label in unit for share in label)
        return _Sums(len(unit), squares, tuple(map(sum, zip(*unit, strict=True))))

    @property
    def apart(self) -> int:
        return self.labels * self.squares - sum(share * share for share in self.total)


def _of(units: Sequence[_Sums]) -> float | None:
    if not units:
        return None
    within = sum(unit.apart / (unit.labels - 1) for unit in units)
    labels = sum(unit.labels for unit in units)
    total = tuple(map(sum, zip(*(unit.total for unit in units), strict=True)))
    between = _Sums(labels, sum(unit.squares for unit in units), total).apart
    return 1 - (labels - 1) * within / between if between else None


def _alpha(units: Sequence[Sequence[Shares]]) -> Alpha:
    sums = [_Sums.of(unit) for unit in units if len(unit) > 1]
    interval = _bootstrap(sums) if len(sums) >= FEW_CASES else None
    return Alpha(_of(sums), interval, len(sums))


def _bootstrap(units: Sequence[_Sums]) -> tuple[float, float] | None:
    rng = random.Random(SEED)
    drawn = (_of([units[rng.randrange(len(units))] for _ in units]) for _ in range(DRAWS))
    found = sorted(value for value in drawn if value is not None)
    if len(found) < DRAWS // 2:
        return None
    return found[int(len(found) * 0.025)], found[min(len(found) - 1, int(len(found) * 0.975))]


def _agreed(units: Sequence[Sequence[str]]) -> float | None:
    """The share of pairs of labels on one case that are the same."""
    same = pairs = 0
    for unit in units:
        pairs += len(unit) * (len(unit) - 1)
        same += sum(n * (n - 1) for n in Counter(unit).values())
    return same / pairs if pairs else None


@dataclass(frozen=True)
class Disagreement:
    """A case with how people labelled it, against the rule book. `agreed`: the share of pairs of them that say the same,
    None of one label; `sure`: how sure they were on average, None where nobody said."""

    case: str
    outcome: str
    labels: Mapping[str, int]
    agreed: float | None
    sure: float | None

    @property
    def against(self) -> int:
        return sum(n for outcome, n in self.labels.items() if outcome != self.outcome)


def against_book(labels: Labels, outcomes: Mapping[str, str]) -> tuple[Disagreement, ...]:
    """Every labelled case beside the outcome of the rule book; those that most people see otherwise come first."""
    found = []
    for case, outcome in outcomes.items():
        given = [mine[case] for mine in labels.values() if case in mine]
        if given:
            counts = Counter(one.outcome for one in given)
            sure = [one.sure for one in given if one.sure is not None]
            found.append(
                Disagreement(
                    case,
                    outcome,
                    dict(sorted(counts.items())),
                    _agreed([[one.outcome for one in given]]),
                    sum(sure) / len(sure) if sure else None,
                )
            )
    return tuple(sorted(found, key=lambda d: (-d.against / sum(d.labels.values()), d.case)))
