"""The facts that generated rule books speak of, and cases for them: complete ones, and ones with a few unknowns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from hypothesis import strategies as st

from tests.conformance.comparing import world_of
from tests.conformance.oracle import Value, World

LEVELS = ("any", "novice", "practitioner", "expert")
COLOURS = ("red", "green", "blue")
HELPS = (Fraction(0), Fraction(1, 2), Fraction(1))


@dataclass(frozen=True)
class Kind:
    """The type of a fact, field or measure: `unit` as in rules, `written` as in facts.yaml; `options` of words only."""

    unit: str
    written: object
    options: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        return self.unit in FINEST


FINEST = {
    "percent": Fraction(1, 10),
    "count": Fraction(1),
    "months": Fraction(1),
    "weight": Fraction(1, 1000),
    "number": Fraction(1, 1000),
}
STEP = {**FINEST, "percent": Fraction(1)}  # how far apart values are that a rule is tried at
YES_NO = Kind("yes_no", "yes_no")
PERCENT = Kind("percent", "percent")
WIDE = Kind("percent", {"percent": [-100, 300]})
COUNT = Kind("count", "count")
MONTHS = Kind("months", {"months": [0, 60]})
WEIGHT = Kind("weight", "weight")
NUMBER = Kind("number", {"number": [-50, 50]})
COLOUR = Kind("choice", {"choice": list(COLOURS)}, COLOURS)
LEVEL = Kind("level", "level", LEVELS)
SOME_LEVELS = Kind("level", {"level": ["any", "practitioner", "expert"]}, ("any", "practitioner", "expert"))
ENDS: dict[str, tuple[Fraction, Fraction]] = {
    "percent": (Fraction(0), Fraction(100)),
    "count": (Fraction(0), Fraction(9)),
    "months": (Fraction(0), Fraction(60)),
    "weight": (Fraction(0), Fraction(1)),
    "number": (Fraction(-50), Fraction(50)),
}

FACTS: dict[str, Kind] = {
    "share": PERCENT,
    "reach": PERCENT,
    "swing": WIDE,
    "heads": COUNT,
    "chairs": COUNT,
    "wait": MONTHS,
    "heft": WEIGHT,
    "pull": NUMBER,
    "paid": YES_NO,
    "local": YES_NO,
    "tone": COLOUR,
    "mood": COLOUR,
    "rank": LEVEL,
    "asked": SOME_LEVELS,
}
LISTS: dict[str, dict[str, Kind]] = {
    "groups": {"size": COUNT, "part": PERCENT, "heft": WEIGHT, "keen": YES_NO, "tone": COLOUR, "rank": LEVEL},
    "works": {"effort": PERCENT, "hours": COUNT, "done": YES_NO},
}
MAPS: dict[str, Kind] = {
    "helps": Kind("number", {"map": "groups", "values": [0, 0.5, 1]}),
    "liked": Kind("yes_no", {"map": "groups", "of": "yes_no"}),
}  # of works, for each of groups
DEFAULT = ("groups", "heft", Fraction(1, 2))

THRESHOLDS: dict[str, tuple[str, tuple[int | float, ...]]] = {
    "low_line": ("percent", (0, 20, 33.3)),
    "high_line": ("percent", (40, 50, 99.9)),
    "few": ("count", (1, 2, 3)),
    "many": ("count", (3, 4)),
    "soon": ("months", (3, 12)),
    "heavy": ("weight", (0.25, 0.5, 0.333)),
    "strong": ("number", (-1.5, 0.5, 7)),
    "late": ("months", (12, 24)),
    "light": ("weight", (0, 0.1, 0.25)),
    "weak": ("number", (-20, -1.5, 0)),
}


def facts_file(twins: Mapping[str, Kind]) -> dict[str, object]:
    """facts.yaml. `twins` are measures that may be given directly."""
    facts: dict[str, object] = {}
    for number, (name, kind) in enumerate([*FACTS.items(), *twins.items()], 1):
        facts[name] = _fact(number, name, kind.written)
    for number, (name, fields) in enumerate(LISTS.items(), 101):
        specs: dict[str, object] = {"name": {"type": "text", "key": True}}
        specs |= {spec: {"type": kind.written} for spec, kind in fields.items()}
        if name == DEFAULT[0]:
            specs[DEFAULT[1]] = {"type": "weight", "default": 0.5}
        if name == "works":
            specs |= {spec: {"type": kind.written} for spec, kind in MAPS.items()}
        facts[name] = {**_fact(number, name, "records"), "fields": specs}
    return {"level_order": list(LEVELS), "facts": facts}


def _fact(number: int, name: str, kind: object) -> dict[str, object]:
    return {
        "id": f"F{number:02}",
        "group": "community",
        "title": name,
        "type": kind,
        "review_needs": True,
        "how": "Ask.",
    }


@dataclass(frozen=True)
class Case:
    """One case: `facts` as a scenario has them, `known` and `open` what each value may be, `counts` the lists given."""

    facts: Mapping[str, object]
    known: Mapping[str, Value]
    open: Mapping[str, tuple[Value, ...]]
    counts: Mapping[str, int]

    def world(self, values: Mapping[str, Value]) -> World:
        """The world in which what is open has these values."""
        return world_of(self.counts, {**self.known, **values})


@dataclass(frozen=True)
class About:
    """What cases need to know of a rule book: values of thresholds by unit, measures that may be given directly, and
    what the choice leans on."""

    near: Mapping[str, Sequence[Fraction]]
    twins: Mapping[str, Kind]
    matters: frozenset[str]


@dataclass
class _CaseMaking:
    draw: st.DrawFn
    about: About
    unknowns: int
    wanted: frozenset[str] = frozenset()  # facts to leave open
    known: dict[str, Value] = field(default_factory=dict)
    open: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == one_in

    def value(self, kind: Kind) -> Value:
        if kind.unit == "yes_no":
            return self.draw(st.booleans())
        if kind.options:
            return self.draw(st.sampled_from(kind.options))
        lo, hi = ENDS[kind.unit]
        if self.chance(5):
            return self.draw(st.sampled_from([lo, hi]))
        middle = self.draw(st.sampled_from(self.about.near[kind.unit]))
        step: Fraction = self.draw(st.sampled_from([STEP, FINEST]))[kind.unit]
        away = step * self.draw(st.sampled_from([0, 0, 1, -1]))
        return sorted((lo, middle + away, hi))[1]

    def written(self, address: str, kind: Kind) -> object:
        """What the scenario says of one value; None where it leaves it out."""
        if self.unknowns and (address in self.wanted or ("." in address and self.chance(4))):
            return self.unknown(address, kind)
        return self.given(address, self.value(kind))

    def given(self, address: str, value: Value) -> object:
        self.known[address] = value
        return as_written(value)

    def unknown(self, address: str, kind: Kind) -> object:
        self.unknowns -= 1
        if kind.unit == "yes_no" or (kind.options and self.chance(2)):
            self.open[address] = kind.options or (False, True)
            return "unknown" if self.chance(2) else None
        if kind.unit in ("count", "months", "percent") and self.chance(2):
            lo, hi = ENDS[kind.unit]
            middle = self.value(kind)
            assert isinstance(middle, Fraction)
            whole, step = max(lo, min(hi - 3, Fraction(int(middle) - 1))), FINEST[kind.unit]
            if kind.unit == "percent":
                whole = max(whole, Fraction(1))  # less than one percent is written with its sign
            count = self.draw(st.integers(2, 4))
            self.open[address] = tuple(whole + at * step for at in range(count))
            return {"between": [as_written(whole), as_written(whole + (count - 1) * step)]}
        values = sorted({self.value(kind) for _ in range(self.draw(st.integers(2, 4)))}, key=str)
        if len(values) == 1:
            self.known[address] = values[0]
        else:
            self.open[address] = tuple(values)
        return {"one_of": [as_written(value) for value in values]}

    def put(self, table: dict[str, object], key: str, address: str, kind: Kind) -> None:
        found = self.written(address, kind)
        if found is not None:
            table[key] = found

    def records(self, where: str) -> list[dict[str, object]]:
        count = self.draw(st.sampled_from([0, 1, 2, 2, 3]))
        self.counts[where] = count
        found: list[dict[str, object]] = []
        for position in range(count):
            record: dict[str, object] = {"name": f"{where} {position}"}
            for spec, kind in LISTS[where].items():
                address = f"{where}[{position}].{spec}"
                if (where, spec) == DEFAULT[:2] and self.chance(3):
                    self.known[address] = DEFAULT[2]
                else:
                    self.put(record, spec, address, kind)
            if where == "works":
                for spec in MAPS:
                    record[spec] = self.map(f"{where}[{position}].{spec}", spec)
            found.append(record)
        return found

    def map(self, address: str, spec: str) -> dict[str, object]:
        entries: dict[str, object] = {}
        for other in range(self.counts["groups"]):
            value: Value = self.draw(st.booleans()) if spec == "liked" else self.draw(st.sampled_from(HELPS))
            entries[f"groups {other}"] = self.given(f"{address}[{other}]", value)
        return entries


@st.composite
def cases(draw: st.DrawFn, about: About, unknowns: int) -> Case:
    """A case with at most so many unknowns; only a case with unknowns leaves a list out."""
    making = _CaseMaking(draw, about, unknowns)
    facts: dict[str, object] = {}
    if unknowns:
        likely = [name for name in FACTS if name in about.matters] or list(FACTS)
        some = st.frozensets(st.sampled_from(likely), min_size=min(2, len(likely)), max_size=3)
        making.wanted = draw(some) | draw(st.frozensets(st.sampled_from(list(FACTS)), max_size=1))
    for name, kind in FACTS.items():
        making.put(facts, name, name, kind)
    left_out = draw(st.sampled_from(["", "", "groups", "works"])) if unknowns else ""
    for where in LISTS:
        if where == left_out or (where == "works" and left_out == "groups"):
            continue
        facts[where] = making.records(where)
    for name, kind in about.twins.items():
        if left_out or making.chance(4):
            making.put(facts, name, name, kind)
            if (
                facts.get(name, "unknown") == "unknown"
            ):  # what is not given is computed from the list, so say what it may be
                facts[name] = {"one_of": [as_written(value) for value in making.open[name]]}
    order = draw(st.permutations(list(facts))) if making.chance(4) else list(facts)
    return Case({name: facts[name] for name in order}, making.known, making.open, making.counts)


def as_written(value: Value) -> object:
    """A value as a scenario has it."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value
