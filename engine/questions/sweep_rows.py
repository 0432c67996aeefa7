"""A sweep in which what varies forms the case otherwise: each world is decided as its file would be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import product

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.questions.landscape import deciding_rules
from sharedvalue.engine.questions.sweep_plan import Plan, Progress, Share, Swept
from sharedvalue.engine.worlds import Worlds, suppose

Row = dict[str, object]


class Rows:
    """Goes through the worlds of a plan one by one; those that are formed alike and differ in nothing are decided once."""

    def __init__(self, planned: Plan) -> None:
        self.planned = planned
        self.outcomes: dict[str, Counter[tuple[str, ...]]] = {}
        self.modes: Counter[str] = Counter()
        self.done = self.cannot_be = 0
        self.met: dict[object, Decision | None] = {}

    def each(
        self, progress: Progress | None = None, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Row]:
        """Every world that can be, as a row: what varies, then the outcome, the rule and the modes."""
        varied = self.planned.varied
        shown = [dict(zip(v.domain.values(), v.shown(), strict=True)) for v in varied]
        for values in product(*(v.domain.values() for v in varied)):
            found = self.decided({v.name: value for v, value in zip(varied, values, strict=True)})
            self.done += 1
            if progress is not None and not self.done % 64:
                progress(self.done, self.planned.size)
            if found is None:
                self.cannot_be += 1
            else:
                rules = deciding_rules(found)
                self.outcomes.setdefault(found.outcome, Counter())[rules] += 1
                self.modes.update(found.modes)
                said: Row = {v.address: by[value] for v, by, value in zip(varied, shown, values, strict=True)}
                yield {
                    **said,
                    "outcome": found.outcome,
                    "rule": " or ".join(rules),
                    "branch": "",
                    "modes": " + ".join(found.modes),
                }
            if cancelled():
                return

    def decided(self, values: Mapping[str, int]) -> Decision | None:
        """What `decide` says of the case with these values; None where it cannot be."""
        try:
            worlds = suppose(self.planned.worlds, {n: Domain.known(v) for n, v in values.items()})
        except UserError:
            return None
        key = self.kind(worlds, values)
        if key not in self.met:
            try:
                self.met[key] = decide(worlds)
            except UserError:
                self.met[key] = None
        return self.met[key]

    def kind(self, worlds: Worlds, values: Mapping[str, int]) -> object:
        """What two worlds have in common that are decided alike: no comparison parts what varies, and all else is the same."""
        reading = self.planned.reading
        places = []
        for v in self.planned.varied:
            cuts = reading.cuts.get(v.name) if v.name in reading.inputs else ()
            place = v.domain.place(values[v.name])
            places.append(place if cuts is None else sum(cut <= place for cut in cuts))
        rest = tuple((n, d) for n, d in worlds.domains.items() if n not in values or not d.is_known)
        return tuple(places), rest

    def swept(self) -> Swept:
        shares = [
            Share(outcome, sum(rules.values()), dict(rules.most_common()))
            for outcome, rules in self.outcomes.items()
        ]
        order = self.planned.worlds.book.outcomes.modes
        return Swept(
            self.planned,
            self.done - self.cannot_be,
            self.cannot_be,
            tuple(sorted(shares, key=lambda share: -share.worlds)),
            {mode: self.modes[mode] for mode in order if mode in self.modes},
            self.done,
            self.done < self.planned.size,
        )
