"""The two axes of a map as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sharedvalue.engine.errors import Place, UserError, did_you_mean, mistake
from sharedvalue.engine.language.addresses import fact_of, setting
from sharedvalue.engine.language.dependencies import deciding_inputs, stands_on
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, Stated, supposing
from sharedvalue.engine.language.types import NumberType, ValueType, show
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.questions.vary import Varied, read_varied
from sharedvalue.engine.readings.sweep import Program
from sharedvalue.engine.worlds import Worlds, form
from sharedvalue.engine.worlds.belief import whole_steps

ROUND = (10, 15, 20, 30, 40, 50, 60, 80, 100)  # a range that nobody gave ends at such a number of tenths
FAR = 5
SEVERAL = 2  # times the highest number that matters: where the axis of a count ends


@dataclass(frozen=True)
class Axis:
    """One axis: every whole step of `domain`. `whole` is False where it is only a part of what the fact may be."""

    name: str
    address: str
    title: str
    type: ValueType
    domain: Domain
    whole: bool

    @property
    def is_number(self) -> bool:
        return isinstance(self.type, NumberType)

    def value(self, place: int) -> int:
        return self.domain.values()[place]

    def shown(self, place: int) -> object:
        """The value at a place as a person writes it."""
        return show(self.value(place), self.type)


# --- what people write ------------------------------------------------------------------------------------------
def read_axes(worlds: Worlds, x: str, y: str) -> tuple[Axis, Axis]:
    """The axes that --x and --y ask for: a fact, or FACT=LO..HI; of a choice also FACT=a|b.

    Raises:
        UserError: SV204 for an unknown fact, SV205 for what cannot be an axis, SV206 where both are one fact.
    """
    book, scenario = worlds.book, worlds.scenario
    one, other = (_varied(option, spec, scenario, book) for option, spec in (("--x", x), ("--y", y)))
    if one.name == other.name:
        raise mistake(
            "SV206", f"--y {y}", f"{other.address} is on both axes", "Put another fact on one of them."
        )
    return _axis("--x", x, one, worlds), _axis("--y", y, other, worlds)


def _varied(option: str, spec: str, scenario: Scenario, book: RuleBook) -> Varied:
    place, (address, _, written) = f"{option} {spec}", setting(spec)
    name = scenario.resolve(address)
    if name is not None and fact_of(name) == "evidence":
        raise _no_axis(place, f"{address} is evidence, and no fact that has a value of its own")
    fact = book.facts.get(name or address)
    if fact is not None and fact.type.unit in ("records", "text", "date", "map"):
        raise _no_axis(place, f"{address} cannot be an axis: it has no single value")
    if "(" in written or "/" in written:
        raise mistake(
            "SV205",
            place,
            "a map shows every whole step of a range",
            f"Write {option} {address}, or {option} {address}=LOWEST..HIGHEST.",
        )
    try:
        (found,) = read_varied([spec], scenario, book)
    except UserError as error:
        raise UserError(
            replace(
                problem,
                place=Place(place),
                mend=_near(problem.mend, problem.code, address, worlds_names(scenario, book)),
            )
            for problem in error.problems
        ) from None
    return found


def worlds_names(scenario: Scenario, book: RuleBook) -> list[str]:
    return list(dict.fromkeys([*book.facts, *(scenario.address(n) for n in scenario.stated)]))


def _near(mend: str, code: str, address: str, known: Sequence[str]) -> str:
    return mend if code != "SV204" else did_you_mean(address, known) or "List them with: sharedvalue facts"


def _no_axis(place: str, what: str) -> UserError:
    return mistake(
        "SV205",
        place,
        what,
        "Choose a number, a choice or a yes-or-no fact; for a record: segments[experts].overlap.",
    )


def _axis(option: str, spec: str, varied: Varied, worlds: Worlds) -> Axis:
    place, book = f"{option} {spec}", worlds.book
    stated = _stating(worlds.scenario, {varied.name: varied.domain}, {varied.name: varied.type})
    formed = _form(book, stated) or worlds
    listed = fact_of(varied.name)
    if listed in formed.ignored:
        gate = book.facts[listed].applies_when
        raise mistake(
            "SV205", place, f"{varied.address} means nothing here: {gate} is false", "Choose another fact."
        )
    grounded = formed.grounded
    modes = [name for name in grounded.rules_for if name.startswith("mode:")]
    if varied.name not in deciding_inputs(grounded).union(*(stands_on(grounded, mode) for mode in modes)):
        raise mistake(
            "SV205",
            place,
            f"no rule of this case reads {varied.address} on the way to the outcome or its modes",
            "Choose a fact that matters here; sharedvalue sensitivity SCENARIO lists them.",
        )
    everywhere = whole_steps(varied.type)
    domain = varied.domain
    if not setting(spec)[1]:
        domain = _usual(formed, worlds.scenario.stated.get(varied.name), varied, everywhere)
    elif isinstance(varied.type, NumberType):
        inside = [v for v in (domain.lo, domain.hi) if not everywhere.contains(v)]
        step, lo = varied.type.step, everywhere.lo
        if inside and isinstance(everywhere.values(), range):
            first = lo + -(-(domain.lo - lo) // step) * step
            last = lo + (domain.hi - lo) // step * step
            if first > last:
                raise mistake(
                    "SV205",
                    place,
                    "no whole step lies in this range",
                    f"Write a wider one: {option} {varied.address}.",
                )
            domain = Domain.span(first, last, step)
    return Axis(
        varied.name,
        varied.address,
        Naming(worlds).title(varied.name),
        varied.type,
        domain,
        domain.size == everywhere.size,
    )


def _usual(worlds: Worlds, own: Stated | None, varied: Varied, everywhere: Domain) -> Domain:
    """All that a fact may be; of a count, as far as it matters: twice the highest number at which something turns."""
    kind = varied.type
    if not isinstance(kind, NumberType) or kind.unit in ("percent", "weight"):
        return everywhere
    domains = {**worlds.domains, varied.name: everywhere}
    cuts = Program.from_grounded(worlds.grounded).of(domains, positions=True).cuts.get(varied.name) or ()
    values = everywhere.values()
    numbers = list(own.values) if own is not None else []
    most = FAR * max([*numbers, 100 * kind.scale])  # what turns beyond that is no matter of this community
    numbers += [values[cut] for cut in cuts if 0 < cut < len(values) and abs(values[cut]) <= most]
    top = SEVERAL * max([*numbers, everywhere.lo + 5 * kind.scale])
    scale = 1
    while scale * ROUND[-1] < top * 10:
        scale *= 10
    end = next(scale * r // 10 for r in ROUND if scale * r >= top * 10)
    start = min([everywhere.lo if everywhere.lo > -end else -end, *numbers])
    return Domain.span(start, min(everywhere.hi, end), kind.step)


# --- the worlds of a whole map ------------------------------------------------------------------------------------
def whole_map(worlds: Worlds, x: Axis, y: Axis) -> Worlds | None:
    """The worlds in which the two facts may be anything that a map shows; None where nothing can be so."""
    x_domain, y_domain = x.domain, y.domain
    scenario = _stating(
        worlds.scenario, {x.name: x_domain, y.name: y_domain}, {x.name: x.type, y.name: y.type}
    )
    formed = _form(worlds.book, supposing(scenario, (x.name, y.name)))
    if formed is None:
        return None
    both = ((x.name, x_domain), (y.name, y_domain))
    exact = {n: d for n, d in both if n in formed.domains and not (x_domain.is_known and y_domain.is_known)}
    return replace(formed, domains={**formed.domains, **exact})


def _form(book: RuleBook, scenario: Scenario) -> Worlds | None:
    try:
        return form(book, scenario)
    except UserError as error:
        if any(problem.code != "SV207" for problem in error.problems):
            raise
        return None


def _stating(scenario: Scenario, domains: dict[str, Domain], types: dict[str, ValueType]) -> Scenario:
    """The scenario in which some facts are given, each as all that its domain holds."""
    stated = dict(scenario.stated)
    for name, domain in domains.items():
        if domain.is_known:
            stated[name] = Stated("known", (domain.lo,), "", Place("map"))
        elif isinstance(types[name], NumberType) and isinstance(domain.values(), range):
            stated[name] = Stated("range", (domain.lo, domain.hi), "", Place("map"))
        else:
            stated[name] = Stated("listed", tuple(domain.values()), "", Place("map"))
    return replace(scenario, stated=stated, types={**scenario.types, **types})
