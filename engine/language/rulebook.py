"""The rule book: checked, frozen and hashed (see loading.py), and the folders in which what comes with sharedvalue lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sharedvalue.engine.errors import Place
from sharedvalue.engine.language.expressions import Written
from sharedvalue.engine.language.facts import Asking, Fact
from sharedvalue.engine.language.library import (
    Advice,
    Article,
    Claim,
    Source,
)
from sharedvalue.engine.language.measures import (
    Measure,
    Provided,
    Words,
)
from sharedvalue.engine.language.outcomes import Outcomes
from sharedvalue.engine.language.rules import Rule
from sharedvalue.engine.language.thresholds import Threshold
from sharedvalue.engine.language.types import MapType, RecordsType
from sharedvalue.engine.language.word_scales import Scale


@dataclass(frozen=True)
class Chapter:
    letter: str
    title: str
    about: str
    stage: str


@dataclass(frozen=True)
class Constraint:
    """What cannot be, or is `unlikely` to be, with the reason that a person is told."""

    name: str
    records: tuple[tuple[str, str], ...]
    never: Written
    because: str
    place: Place
    unlikely: bool = False


@dataclass(frozen=True)
class HouseChange:
    """One change that an overlay makes: kind is threshold | words | rule | off."""

    kind: str
    name: str
    what: str
    because: str
    file: str

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "name": self.name, "what": self.what, "because": self.because}


@dataclass(frozen=True)
class Absent:
    """A rule that would be tempting and is left out on purpose."""

    rule: str
    why: str


@dataclass(frozen=True)
class RuleBook:
    """The whole rule book. All tables keep the order of the files."""

    version: str
    title: str
    date: str
    hash: str
    levels: tuple[str, ...]
    facts: Mapping[str, Fact]
    thresholds: Mapping[str, Threshold]
    measures: Mapping[str, Measure]
    words: Mapping[str, Words]
    provided: Mapping[str, Provided]
    chapters: Mapping[str, Chapter]
    rules: Mapping[str, Rule]
    constraints: tuple[Constraint, ...]
    outcomes: Outcomes
    actions: Mapping[str, Advice]
    risks: Mapping[str, Advice]
    article: Article
    claims: Mapping[str, Claim]
    sources: Mapping[str, Source]
    absent: tuple[Absent, ...]
    house_changes: tuple[HouseChange, ...]
    folders: tuple[str, ...] = ()
    word_scales: Mapping[str, Scale] = field(default_factory=dict)
    unlikely: tuple[Constraint, ...] = ()
    ascending: tuple[tuple[str, ...], ...] = ()
    asking: Asking = field(default_factory=Asking)

    def identity(self) -> dict[str, object]:
        """Which rule book this is, as it stands in everything that is decided by it."""
        changes = [change.as_json() for change in self.house_changes]
        return {"version": self.version, "hash": self.hash, "house_changes": changes}

    @cached_property
    def outcome_names(self) -> tuple[str, ...]:
        return tuple(self.outcomes.outcomes)

    @cached_property
    def entry_lists(self) -> Mapping[str, str]:
        """Which list the entries of each map field are about: {'needs.serves': 'sponsors'}."""
        return {
            f"{fact.name}.{spec.name}": spec.type.list
            for fact in self.facts.values()
            if isinstance(fact.type, RecordsType)
            for spec in fact.type.fields
            if isinstance(spec.type, MapType)
        }

    @cached_property
    def conclusions(self) -> Mapping[str, tuple[str, ...]]:
        """Each conclusion with the lists of the records that it is about (none for most)."""
        found: dict[str, tuple[str, ...]] = {}
        for rule in self.rules.values():
            for block in rule.blocks:
                lists = dict(block.records)
                for conclusion in block.concludes:
                    found.setdefault(conclusion.name, tuple(lists.get(a, a) for a in conclusion.arguments))
        return found

    @cached_property
    def concluded_by(self) -> Mapping[str, tuple[str, ...]]:
        """Each conclusion with the ids of the rules that may conclude it."""
        found: dict[str, dict[str, None]] = {}
        for rule in self.rules.values():
            for block in rule.blocks:
                for conclusion in block.concludes:
                    found.setdefault(conclusion.name, {})[rule.id] = None
        return {name: tuple(ids) for name, ids in found.items()}


EXPORTS = "exports"  # below it stands what tools write: read with evidence, and no part of the rules


def default_folder() -> Path:
    """The rule book that comes with sharedvalue: beside the engine, in a checkout and in an installed wheel alike."""
    return Path(__file__).resolve().parents[2] / "rules"


def earlier_folders() -> dict[str, Path]:
    """The rule books that came with sharedvalue before this one, by version: old records are decided again by them."""
    return {path.parent.name: path.parent for path in sorted(default_folder().glob("earlier/*/book.yaml"))}


def scenarios_folder() -> Path:
    """The scenarios that come with sharedvalue: beside the rule book."""
    return default_folder().parent / "scenarios"


def shipped_scenarios() -> dict[str, Path]:
    """The scenarios that come with sharedvalue, by name."""
    return {path.stem: path for path in sorted(scenarios_folder().glob("*.yaml"))}
