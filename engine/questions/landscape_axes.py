"""The two axes of a map as people write them, and the parts of it within which a case is read in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

from sharedvalue.engine.errors import Place, UserError, did_you_mean, mistake
from sharedvalue.engine.language.addresses import fact_of, setting
from sharedvalue.engine.language.dependencies import deciding_inputs, stands_on
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.formulas import Missing, number, reads
from sharedvalue.engine.language.grounded import Grounded
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, Stated
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.language.types import NumberType, ValueType, show
from sharedvalue.engine.questions.landscape_doubts import Doubts
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.questions.vary import Varied, read_varied
from sharedvalue.engine.readings.prove import FALSE, TRUE
from sharedvalue.engine.readings.prove import Program as Prover
from sharedvalue.engine.readings.sweep import Program
from sharedvalue.engine.worlds import Worlds, form
from sharedvalue.engine.worlds.belief import whole_steps
from sharedvalue.engine.worlds.restated import doubted_alone

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


@dataclass(frozen=True)
class Part:
    """A rectangle of a map: what the two facts may be in it, and at which places it begins. `mixed` where the budget ran out
    before it was cut as far as it needs to be: it may not be read in one way. `steady` where rules of the evidence chapter
    that the two facts bear on fire, the same everywhere in it.
    """

    x_domain: Domain
    y_domain: Domain
    x_first: int
    y_first: int
    mixed: bool = False
    steady: bool = False

    @property
    def points(self) -> int:
        return self.x_domain.size * self.y_domain.size

    @property
    def x_last(self) -> int:
        return self.x_first + self.x_domain.size - 1

    @property
    def y_last(self) -> int:
        return self.y_first + self.y_domain.size - 1

    def ends(self, on_x: bool) -> tuple[int, int]:
        """The first and last place of this part on an axis."""
        return (self.x_first, self.x_last) if on_x else (self.y_first, self.y_last)

    def holds(self, x: int, y: int) -> bool:
        return self.x_first <= x <= self.x_last and self.y_first <= y <= self.y_last

    def between(self, on_x: bool, start: int, end: int) -> Part:
        """The places from start up to end (not included) of one axis."""
        values = (self.x_domain if on_x else self.y_domain).values()[start:end]
        part = values if isinstance(values, range) else tuple(values)
        domain = Domain.known(part[0]) if len(part) == 1 else Domain(part)
        if on_x:
            return Part(domain, self.y_domain, self.x_first + start, self.y_first)
        return Part(self.x_domain, domain, self.x_first, self.y_first + start)

    def every_place(self, on_x: bool) -> list[Part]:
        return [self.between(on_x, i, i + 1) for i in range((self.x_domain if on_x else self.y_domain).size)]

    def halves(self) -> list[Part]:
        on_x = self.x_domain.size >= self.y_domain.size
        size = max(self.x_domain.size, self.y_domain.size)
        return [self.between(on_x, 0, size // 2), self.between(on_x, size // 2, size)]


@dataclass(frozen=True)
class Formed(Part):
    """A part with the worlds that the case allows there; None where nothing can be so.

    Where what the evidence chapter doubts moves with the two facts, `worlds` are those of the first point, and `doubts`
    says how they are elsewhere.
    """

    worlds: Worlds | None = None
    doubts: Doubts | None = None

    def worlds_at(self, point: Mapping[str, Domain]) -> Worlds:
        """The worlds of one point, given as what the two facts are there."""
        assert self.worlds is not None
        if self.points == 1:
            return self.worlds  # formed for this point alone
        doubted = {} if self.doubts is None else self.doubts.at({n: d.lo for n, d in point.items()})
        return replace(self.worlds, domains={**self.worlds.domains, **doubted, **point})


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


# --- parts that are read in one way -----------------------------------------------------------------------------
def parts(worlds: Worlds, x: Axis, y: Axis, spent: Callable[[], bool]) -> Iterator[Part]:
    """The parts of a map within which a case is formed in one way. What is assumed, what applies and how far evidence is
    trusted may itself hang on a fact; where it does, the map is cut there, until the budget is `spent`.
    """
    whole = Part(x.domain, y.domain, 0, 0)
    pieces = [whole]
    doubted = doubted_alone(worlds, {x.name: x.domain, y.name: y.domain})
    for on_x, axis in ((True, x), (False, y)):
        if doubted or _gates(worlds, axis):
            pieces = [piece for part in pieces for piece in part.every_place(on_x)]
    chapter = Chapter(worlds, x, y)
    for piece in pieces:
        yield from chapter.cut(piece, spent)


def _gates(worlds: Worlds, axis: Axis) -> bool:
    """Whether what applies, or what is assumed, hangs on a fact."""
    book, name = worlds.book, axis.name
    translate = Translator(book, "world", worlds.shape)
    return any(fact.applies_when == name for fact in book.facts.values()) or any(
        name in reads(translate.condition(assumption.when.node, {}))
        for fact in book.facts.values()
        if fact.name not in worlds.scenario.stated
        for assumption in fact.assume or ()
        if assumption.when is not None
    )


class Chapter:
    """Where on a map the evidence chapter comes to read a case otherwise."""

    def __init__(self, worlds: Worlds, x: Axis, y: Axis) -> None:
        self.worlds, self.names = worlds, (x.name, y.name)
        book = worlds.book
        shapes = [Shape((("items", len(group.items)),)) for group in worlds.evidence.values()]
        self.on_items = any(self.touches(ground(book, "evidence", shape)) for shape in shapes)
        self.grounded = ground(book, "evidence", worlds.shape)
        self.on_case = self.touches(self.grounded)
        self.rules = [
            rule
            for rule in self.grounded.rules
            if any(b.part == rule.part and b.effects for b in book.rules[rule.rule].blocks)
            and any(self.bears(name) for name in reads(rule.when))
        ]
        self.known = self.values()

    def bears(self, read: str) -> bool:
        """Whether something that the chapter reads is one of the two facts, or is made from one."""
        below = {read, *stands_on(self.grounded, read)}
        return any(
            n in below or any(n in stands_on(self.worlds.grounded, one) for one in below) for n in self.names
        )

    def touches(self, grounded: Grounded) -> bool:
        below = {name for rule in grounded.rules for name in reads(rule.when)}
        below |= {name for read in below for name in stands_on(grounded, read)}
        world = self.worlds.grounded
        return any(n in below or any(n in stands_on(world, one) for one in below) for n in self.names)

    def values(self) -> dict[str, int]:
        """What the chapter knows beside the two facts."""
        found = {
            n: b.value for n, b in self.worlds.beliefs.items() if b.value is not None and n not in self.names
        }
        for measure in (m for stratum in self.worlds.grounded.strata[:1] for m in stratum.measures):
            if not any(n in stands_on(self.worlds.grounded, measure.name) for n in self.names):
                try:
                    found.setdefault(measure.name, number(measure.formula, found))
                except Missing:
                    continue
        return found

    def cut(self, part: Part, spent: Callable[[], bool]) -> Iterator[Part]:
        """A part cut until in each piece the rules that the two facts bear on fire nowhere, or the same everywhere, or it
        is one point.
        """
        waiting = [part]
        while waiting:
            piece = waiting.pop()
            if spent():
                yield replace(piece, mixed=True)
            elif piece.points == 1 or (not self.on_items and (not self.on_case or self.silent(piece))):
                yield piece
            elif not self.on_items and self.is_steady(piece):
                yield replace(piece, steady=True)
            else:
                waiting += reversed(piece.halves())

    def silent(self, part: Part) -> bool:
        """Whether it is proven that none of these rules fires anywhere in a part."""
        found = self.concluded(part)
        if found is None:
            return not self.rules
        return all(found.get(c, FALSE) == FALSE for rule in self.rules for c in rule.concludes)

    def is_steady(self, part: Part) -> bool:
        """Whether it is proven that each of these rules fires everywhere in a part or nowhere, and all else that the
        chapter reads or doubts stays as it is.
        """
        found = self.concluded(part) if self.alone else None
        return found is not None and all(
            found.get(c, FALSE) in (TRUE, FALSE) for rule in self.rules for c in rule.concludes
        )

    def concluded(self, part: Part) -> Mapping[str, int] | None:
        """What the chapter concludes in a part; None where it reads what is not known."""
        domains = dict(zip(self.names, (part.x_domain, part.y_domain), strict=True))
        for name in self.grounded.inputs:
            if name not in domains:
                if name not in self.known:
                    return None
                domains[name] = Domain.known(self.known[name])
        return (
            Prover.from_grounded(self.grounded)
            .residual({n: domains[n] for n in self.grounded.inputs})
            .conclusions
        )

    @cached_property
    def alone(self) -> bool:
        """Whether the two facts reach the chapter and what it doubts only by themselves, and each of the rules that they
        bear on is the only one to conclude what it does.
        """
        effects = [
            e
            for rule in self.grounded.rules
            for b in self.worlds.book.rules[rule.rule].blocks
            for e in b.effects
        ]
        others = {*self.grounded.inputs, *(e.fact for e in effects if e.fact)} - {*self.names}
        made = any(name in stands_on(self.worlds.grounded, one) for name in self.names for one in others)
        concluded = [c for rule in self.rules for c in rule.concludes]
        return not made and all(len(self.grounded.rules_for[c]) == 1 for c in concluded)


def formed(worlds: Worlds, x: Axis, y: Axis, part: Part) -> Formed:
    """A part with its worlds."""
    first = part.between(True, 0, 1).between(False, 0, 1) if part.steady else part
    allowed = _worlds(worlds, x, y, first.x_domain, first.y_domain)
    doubts = Doubts(allowed, (x.name, y.name)) if part.steady and allowed is not None else None
    return Formed(
        **{one.name: getattr(part, one.name) for one in fields(Part)}, worlds=allowed, doubts=doubts
    )


def _worlds(worlds: Worlds, x: Axis, y: Axis, x_domain: Domain, y_domain: Domain) -> Worlds | None:
    """The worlds of a part, in which the two facts may be anything that it shows."""
    scenario = _stating(
        worlds.scenario, {x.name: x_domain, y.name: y_domain}, {x.name: x.type, y.name: y.type}
    )
    formed = _form(worlds.book, scenario, (x.name, y.name))
    if formed is None:
        return None
    both = ((x.name, x_domain), (y.name, y_domain))
    exact = {n: d for n, d in both if n in formed.domains and not (x_domain.is_known and y_domain.is_known)}
    return replace(formed, domains={**formed.domains, **exact})


def _form(book: RuleBook, scenario: Scenario, supposed: Sequence[str] = ()) -> Worlds | None:
    try:
        return form(book, scenario, supposed)
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
