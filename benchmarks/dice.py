"""Flips against dice-ml, which looks for changed facts by chance: `pip install dice-ml`, then `python -m benchmarks.dice`."""

from __future__ import annotations

import random
from importlib import import_module
from typing import Any

from benchmarks.measuring import Times, heading, table
from benchmarks.reasons import SEED, cheapest_by_trying, decisions, ratio
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.questions.flip import _Flipper, flip
from sharedvalue.engine.questions.moves import Moves

CASES = 6
ASKED = 4  # different flips that dice-ml is asked for, each time


class Model:
    """The rule book as dice-ml wants a model: for some values of two facts, one chance a outcome, which is 0 or 1."""

    def __init__(self, flipper: _Flipper, names: list[str], outcomes: list[str]) -> None:
        self.flipper, self.names, self.outcomes = flipper, names, outcomes
        self.classes_ = list(range(len(outcomes)))
        self.known: dict[tuple[int, ...], int] = {}

    def outcome(self, values: tuple[int, ...]) -> int:
        if values not in self.known:
            world = {
                **self.flipper.decision.possible[0].example,
                **dict(zip(self.names, values, strict=True)),
            }
            evaluated = self.flipper.prover.evaluate(world)["outcome"]
            self.known[values] = self.outcomes.index(self.flipper.worlds.book.outcome_names[evaluated])
        return self.known[values]

    def predict(self, frame: Any) -> Any:
        import numpy

        rows = frame[self.names].to_numpy(dtype=float)
        return numpy.array([self.outcome(tuple(round(v) * 10 for v in row)) for row in rows])

    def predict_proba(self, frame: Any) -> Any:
        import numpy

        return numpy.eye(len(self.outcomes))[self.predict(frame)]


def by_chance(
    flipper: _Flipper, names: list[str], outcomes: list[str], to: int, seed: int
) -> list[tuple[int, ...]]:
    """What dice-ml proposes for an outcome: the values of two facts, in tenths. None of them where it finds nothing."""
    dice_ml, pandas = import_module("dice_ml"), import_module("pandas")  # not among what is locked

    points = {n: [v for v in flipper.domain(n).points if _within(flipper, n, v)] for n in names}
    model, rng = Model(flipper, names, outcomes), random.Random(seed)
    data = pandas.DataFrame({n: [rng.choice(points[n]) // 10 for _ in range(200)] for n in names})
    data["outcome"] = model.predict(data)
    here = pandas.DataFrame({n: [flipper.decision.possible[0].example[n] // 10] for n in names})
    explainer = dice_ml.Dice(
        dice_ml.Data(dataframe=data, continuous_features=names, outcome_name="outcome"),
        dice_ml.Model(model=model, backend="sklearn", model_type="classifier"),
        method="random",
    )
    try:
        found = explainer.generate_counterfactuals(
            here, total_CFs=ASKED, desired_class=to, random_seed=seed, verbose=False,
            permitted_range={n: [points[n][0] // 10, points[n][-1] // 10] for n in names},
        )  # fmt: skip
    except Exception as error:  # it has an error of its own for "none found"
        if "counterfactual" not in str(error).lower():
            raise
        return []
    frame = found.cf_examples_list[0].final_cfs_df
    return (
        [] if frame is None else [tuple(round(float(v)) * 10 for v in row) for row in frame[names].to_numpy()]
    )


def _within(flipper: _Flipper, name: str, value: int) -> bool:
    lo, hi = flipper.ends(name, "improve")
    return lo <= value <= hi


def main() -> None:
    import warnings
    from importlib.util import find_spec

    if find_spec("dice_ml") is None:
        print("dice-ml is not installed: pip install dice-ml")
        return
    warnings.filterwarnings("ignore")
    book, rng = load(), random.Random(SEED)
    ours, theirs = Times(), Times()
    reached = found = proposed = valid = least = 0
    extra: list[float] = []
    closed = [d for d in decisions(book) if not _Flipper(d, frozenset(), 60).open]
    for decision in rng.sample(closed, len(closed)):
        flipper = _Flipper(decision, frozenset(), 60)
        movable = [n for n, m in flipper.movable.items() if m.type.unit == "percent"]
        ways = [[c.name for c in f.changes] for f in flip(decision).flips if f.direction == "improve"]
        way = next((w for w in ways if len(w) <= 2 and set(w) <= set(movable)), None)
        others = [n for n in movable if n not in (way or ())]
        if way is None or len(way) + len(others) < 2:
            continue
        names = (way + rng.sample(others, 1))[:2]
        keep = [decision.worlds.scenario.address(n) for n in Moves(decision).names if n not in names]
        flipper = _Flipper(decision, flip(decision, None, keep).keep, 60)
        best = cheapest_by_trying(flipper)
        ours.run(flip, decision, None, keep)
        outcomes = list(book.outcome_names)
        for outcome, cost in best.items():
            tried = theirs.run(by_chance, flipper, names, outcomes, outcomes.index(outcome), SEED)
            model = Model(flipper, names, outcomes)
            good = [v for v in tried if model.outcome(v) == outcomes.index(outcome)]
            reached += 1
            found += bool(good)
            proposed += len(tried)
            valid += len(good)
            costs = [
                sum(flipper.cost(n).cost(v) for n, v in zip(names, values, strict=True)) for values in good
            ]
            if costs:
                least += min(costs) == cost
                extra.append(min(costs) / cost)
        if len(ours.clock) >= CASES:
            break
    heading(
        "Cheapest flips against dice-ml (method random)",
        f"{len(ours.clock)} scenarios, two percentages of which a flip is made, {reached} outcomes that can be reached (seed {SEED})",
        f"dice-ml found {found} of {reached}; {valid} of {proposed} proposals lead where they should; {least} are the cheapest",
        f"its best costs {sorted(extra)[len(extra) // 2]:.1f} times the least in the middle case"
        if extra
        else "",
    )
    print(
        table([ours.row("flips to every outcome"), theirs.row("dice-ml, one outcome", ratio(ours, theirs))])
    )


if __name__ == "__main__":
    main()
