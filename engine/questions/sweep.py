"""What follows in each of very many variations of a case: how many end in which outcome, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from sharedvalue.engine.decision.apart import as_given
from sharedvalue.engine.errors import Place, UserError, mistake
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.dependencies import stands_on
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import reads
from sharedvalue.engine.language.grounded import GroundConstraint, Grounded
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, Stated
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.questions.sweep_plan import Plan, Progress, Share, Swept
from sharedvalue.engine.questions.sweep_rows import Rows
from sharedvalue.engine.questions.vary import Varied, read_varied
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.readings.sweep import (
    NOTHING,
    Axis,
    Block,
    Draw,
    Grid,
    Labels,
    Program,
    Sample,
    Tally,
    Writing,
    on_all_cores,
)
from sharedvalue.engine.worlds import Worlds, form
from sharedvalue.engine.worlds.restated import forms_otherwise

if TYPE_CHECKING:
    from sharedvalue.engine.readings.sweep import Frame

MOST_WORLDS = 10**12
WRITTEN_AT_ONCE = 1 << 17  # rows: they hold words, so they are far wider than what is read
SAMPLES = 100_000  # drawn where a distribution is given and no number
SEED = 0
MOST_DECIDED = 20_000  # worlds that are formed anew one by one, where what varies forms the case otherwise


def plan(
    book: RuleBook,
    scenario: Scenario,
    specs: Iterable[str],
    samples: int | None = None,
    seed: int = SEED,
    vary_unknown: bool = False,
) -> Plan:
    """A sweep over what `specs` say (see vary.py).

    `samples` worlds are drawn where it is given, or where a spec is a distribution; else every combination is a world.
    `vary_unknown`: whatever else is open varies over all that it may be.

    Raises:
        UserError: SV204 to SV206 for the specs, SV240 where something else is open, and what forming the worlds raises.
    """
    varied = read_varied(specs, scenario, book)
    worlds = form(book, with_varied(scenario, varied))
    for v in varied:
        if fact_of(v.name) in worlds.ignored:
            gate = book.facts[fact_of(v.name)].applies_when
            raise mistake(
                "SV205",
                f"--vary {v.written}",
                f"{v.address} means nothing here: {gate} is false",
                f"Leave it out, or vary {gate} as well.",
            )
    domains = {**worlds.domains, **{v.name: v.domain for v in varied if v.name in worlds.domains}}
    named = {v.name for v in varied}
    domains |= only_bounding(worlds.grounded, domains, named)
    reading = Program.from_grounded(worlds.grounded).of(domains, positions=True)
    open_names = [name for name in worlds.grounded.inputs if name in reading.inputs and name not in named]
    drawn = samples is not None or any(v.ends is not None for v in varied)
    small = not drawn and not vary_unknown and prod(v.domain.size for v in varied) <= MOST_DECIDED
    if open_names and not vary_unknown:
        hang = Prover.from_grounded(worlds.grounded).possible(domains)
        matter = [name for name in open_names if name in hang.pivotal or name in hang.unsure_facts]
        if matter or not small:
            raise _open(worlds, matter or open_names)
        return Plan(worlds, varied, reading, samples, seed, anew=True)
    anew = forms_otherwise(form(book, scenario), {v.name: v.domain for v in varied})
    kinds = worlds.grounded.variables
    varied += tuple(
        Varied(n, worlds.scenario.address(n), kinds[n].type, domains[n], "", None, False) for n in open_names
    )
    if samples is None and any(v.ends is not None for v in varied):
        samples = SAMPLES
    if samples is not None and samples < 1:
        raise mistake(
            "SV205", f"--samples {samples}", "a sample has at least one world", "Write --samples 100000."
        )
    return Plan(worlds, varied, reading, samples, seed, anew=anew and small, held=anew and not small)


def only_bounding(grounded: Grounded, domains: Mapping[str, Domain], varied: Set[str]) -> dict[str, Domain]:
    """A value for each open fact that no answer hangs on, though it stands in what cannot be.

    How many members there are decides nothing, and bounds how many a group may have. At the value given here it forbids
    none of the worlds, so each of them can be; where there is no such value, the fact is left open.
    """
    free = Program.from_grounded(replace(grounded, constraints=())).of(domains).inputs
    bound = Program.from_grounded(grounded).of(domains).inputs
    names = [n for n in bound if n not in free and n not in varied and not domains[n].is_known]
    if not names:
        return {}
    about = tuple(c for c in grounded.constraints if _reads_any(grounded, c, frozenset(names)))
    for end in (max, min):
        tried = {name: Domain.known(end(domains[name].lo, domains[name].hi)) for name in names}
        bounded = Program.from_grounded(replace(grounded, constraints=about)).of({**domains, **tried})
        if not bounded.may_be_forbidden:
            return tried
    return {}


def _reads_any(grounded: Grounded, constraint: GroundConstraint, names: frozenset[str]) -> bool:
    read = frozenset(reads(constraint.never))
    return not names.isdisjoint(read.union(*(stands_on(grounded, name) for name in read)))


def with_varied(scenario: Scenario, varied: Sequence[Varied]) -> Scenario:
    """The scenario in which what varies is stated as open, so that it counts as given."""
    stated, types = dict(scenario.stated), dict(scenario.types)
    for v in varied:
        kind = "known" if v.domain.is_known else "range" if isinstance(v.type, NumberType) else "listed"
        values = (v.domain.lo, v.domain.hi) if kind == "range" else tuple(v.domain.values())
        stated[v.name], types[v.name] = Stated(kind, values, "", Place(f"--vary {v.written}")), v.type
    return replace(scenario, stated=stated, types=types)


def _open(worlds: Worlds, names: Sequence[str]) -> UserError:
    said = [worlds.scenario.address(name) for name in as_given(worlds.book, names)]
    shown = ", ".join(said[:8]) + (f" and {len(said) - 8} more" if len(said) > 8 else "")
    return mistake(
        "SV240",
        worlds.scenario.file,
        f"still open, and the answer can hang on it: {shown}",
        "State it in the scenario or with --set, vary it with --vary, or let everything open vary: --vary-unknown.",
    )


# --- counting ---------------------------------------------------------------------------------------------------
def count(
    planned: Plan, progress: Progress | None = None, cancelled: Callable[[], bool] = lambda: False
) -> Swept:
    """How many worlds end in which outcome. Of a grid, values that no rule tells apart are read once.

    Stopped (`cancelled`, or Ctrl-C), it tells what it has, marked as partial.

    Raises:
        UserError: SV910 for more worlds than can be gone through.
    """
    if planned.anew:
        rows = Rows(planned)
        for _ in rows.each(progress, cancelled):
            pass
        return rows.swept()
    if planned.samples is not None:
        blocks = ((block, block.frame.height, 1) for block in _sample(planned).blocks())
        return _counted(planned, blocks, None, progress, cancelled)
    axes, outside = [], 1
    for v in planned.varied:
        if v.name in planned.reading.inputs:
            cuts = planned.reading.cuts[v.name]
            axes.append(
                Axis(v.name, v.domain.size) if cuts is None else Axis(v.name, v.domain.size).joined(cuts)
            )
        else:
            outside *= v.domain.size
    grid = Grid(sorted(axes, key=lambda axis: -axis.size))
    _refuse(planned, grid.size)
    weight = "#weight" if grid.weighted else None
    blocks = (
        (
            block,
            (int(block.frame[weight].sum()) if weight else block.frame.height) * block.factor * outside,
            block.factor * outside,
        )
        for block in grid.blocks()
    )
    return _counted(planned, blocks, weight, progress, cancelled)


Counting = tuple[Block, int, int]  # a block, the worlds in it, and what each counts for beside its weight


def _counted(
    planned: Plan,
    blocks: Iterator[Counting],
    weight: str | None,
    progress: Progress | None,
    cancelled: Callable[[], bool],
) -> Swept:
    tally, done = NOTHING, 0

    def read(item: Counting) -> tuple[Tally, int, int]:
        block, worlds, factor = item
        return planned.reading.tally(block.frame, weight), worlds, factor

    try:
        for found, worlds, factor in on_all_cores(read, blocks):
            tally, done = tally.plus(found, factor), done + worlds
            if progress is not None:
                progress(done, planned.size)
            if cancelled():
                break
    except KeyboardInterrupt:  # what was counted so far is told, as a part
        pass
    return _swept(planned, tally, done)


def shares_of(grounded: Grounded, book: RuleBook, tally: Tally, times: int = 1) -> tuple[Share, ...]:
    """A tally by outcome and deciding rule, the most frequent first; each world counts `times`."""
    shares = dict[str, dict[tuple[str, ...], int]]()
    for branch in grounded.branches:
        worlds = tally.places.get(branch.place, 0) * times
        if worlds:
            rules = shares.setdefault(book.outcome_names[branch.outcome], {})
            rules[branch.rule,] = rules.get((branch.rule,), 0) + worlds
    found = [
        Share(outcome, sum(rules.values()), dict(sorted(rules.items(), key=lambda r: -r[1])))
        for outcome, rules in shares.items()
    ]
    return tuple(sorted(found, key=lambda s: -s.worlds))


def _swept(planned: Plan, tally: Tally, done: int, file: Path | None = None) -> Swept:
    book = planned.worlds.book
    found = shares_of(planned.worlds.grounded, book, tally)
    modes = {
        mode: tally.modes[f"mode:{mode}"] for mode in book.outcomes.modes if f"mode:{mode}" in tally.modes
    }
    return Swept(
        planned,
        done - tally.forbidden,
        tally.forbidden,
        found,
        modes,
        done,
        done < planned.size,
        file,
    )


def _refuse(planned: Plan, worlds: int) -> None:
    if worlds > MOST_WORLDS:
        raise mistake(
            "SV910",
            planned.worlds.scenario.file,
            f"{worlds:,} worlds are more than the {MOST_WORLDS:,} that a sweep goes through",
            "Vary fewer facts, take larger steps (0..100/5), or draw a sample: --samples 1000000.",
        )


def _sample(planned: Plan) -> Sample:
    _refuse(planned, planned.size)
    return Sample([Draw(v.name, v.domain.size, v.ends) for v in planned.varied], planned.size, planned.seed)


# --- every world ------------------------------------------------------------------------------------------------
def write(
    planned: Plan, path: Path, progress: Progress | None = None, cancelled: Callable[[], bool] = lambda: False
) -> Swept:
    """Writes every world with its outcome, rule and modes (CSV or Parquet), and counts them as it goes.

    Worlds that cannot be are left out. The file is there whole or not at all; stopped, the part that was done is kept
    beside it, named as partial.

    Raises:
        UserError: SV910 for more worlds than can be gone through, SV120 or SV121 where the file cannot be written.
    """
    _refuse(planned, planned.size)
    source: Grid | Sample = (
        _sample(planned)
        if planned.samples is not None
        else Grid([Axis(v.name, v.domain.size) for v in planned.varied], WRITTEN_AT_ONCE)
    )
    shown = {v.name: (v.address, v.shown()) for v in planned.varied}
    labels = Labels(planned.reading, shown, planned.worlds.book.outcome_names)
    if planned.anew:
        going = Rows(planned)
        table = labels.of_rows(list(going.each(progress, cancelled)))
        return replace(going.swept(), file=Writing(path, iter([table]), labels.schema).run())
    tally, done = NOTHING, 0

    def frames() -> Iterator[Frame]:
        nonlocal tally, done
        for rows, found, worlds in on_all_cores(lambda block: labels.read(block.frame), source.blocks()):
            yield rows
            tally, done = tally.plus(found), done + worlds
            if progress is not None:
                progress(done, planned.size)
            if cancelled():
                writing.stop.set()
                return

    writing = Writing(path, frames(), labels.schema)
    file = writing.run()
    return _swept(planned, tally, done, file)
