"""Exports with their mappings become a plan for a scenario: surveys, registers, what resonates, and who came."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.evidence.attendance import Attendance, attendance, register_of
from sharedvalue.engine.evidence.built_in import Said
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.grouping import grouping_text, labels, put_together, read_grouping, ungrouped
from sharedvalue.engine.evidence.interviews import interviews
from sharedvalue.engine.evidence.into import Plan, plan
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.mapping import Group, Mapping, lists_accounts
from sharedvalue.engine.evidence.register import Register, read_register
from sharedvalue.engine.evidence.resonance import Resonance, events, resonance
from sharedvalue.engine.evidence.survey import Counted, count
from sharedvalue.engine.evidence.titles import Names
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.language.types import NumberType

INTERVIEWS = "interview-table"
NOTHING_SAID = Said()


@dataclass(frozen=True)
class Grouped:
    """A file of groupings that would be written or grows: its path, its text, and how many answers it did not hold yet."""

    path: Path
    text: str
    new: int


@dataclass(frozen=True)
class Import:
    """All that an import found, and what it would write."""

    plan: Plan
    surveys: tuple[Counted, ...]
    registers: tuple[Register, ...]
    resonances: tuple[Resonance, ...]
    attendance: Attendance | None
    groupings: tuple[Grouped, ...]


def prepare(
    exports: Sequence[tuple[Export, Mapping]],
    file: str,
    text: str,
    book: RuleBook,
    today: dt.date,
    said: Said = NOTHING_SAID,
) -> Import:
    """What importing some exports into the text of a scenario would do. Nothing is written.

    `said` is what a person says beside the files, such as how many members there are.

    Raises:
        UserError: SV452 to SV458, and what the scenario would be refused for.
    """
    scenario = read_scenario(parse(text, file), book, file)
    as_of = scenario.as_of or today
    _twice([export for export, _ in exports])
    groupings: list[Grouped] = []
    surveys, registers, pages, lists = [], [], [], []
    for export, mapping in ((e, said.laid_over(m)) for e, m in exports):
        if export.format == INTERVIEWS:
            coded, known = interviews(export, book)
            surveys.append(count(coded, said.laid_over(known), as_of, None))
        elif mapping.is_resonance:
            pages.append((export, mapping))
        elif mapping.is_register:
            registers.append(read_register(export, mapping, as_of))
        elif mapping.is_attendance:
            lists.append((export, mapping))
        else:
            surveys.append(count(export, mapping, as_of, _grouper(mapping, groupings, book)))
    named = [group.name for _, m in pages for group in _named(m)]
    needs = list({folded(n): n for n in (*_needs(scenario, surveys), *named)}.values())
    names = Names.of(e for e, _ in exports) if pages else Names()
    found = [
        replace(resonance(e, m, needs, _matches(m), as_of, book, names), named=_named(m)) for e, m in pages
    ]
    members = said.members or _members(scenario, registers)
    people = _people([r.export for r in registers if not lists_accounts(r.export.format)])
    came = attendance(lists, members, as_of, people, said.guests_are_members) if lists else None
    if came is not None and (met := events(came, needs, as_of, book)) is not None:
        found.append(met)
    done = plan(surveys, scenario, text, book, today, registers, found, came, said.members)
    return Import(done, tuple(surveys), tuple(registers), tuple(found), came, tuple(groupings))


def _people(registers: Sequence[Export]) -> frozenset[int]:
    """Fingerprints of everybody in the registers of members."""
    return frozenset[int]().union(*map(register_of, registers))


def _twice(exports: Sequence[Export]) -> None:
    known: dict[str, str] = {}
    for export in exports:
        if export.sha256 in known:
            raise mistake(
                "SV455",
                str(export.file),
                f"the same content as {known[export.sha256]}",
                "Give each export once.",
            )
        known[export.sha256] = export.file.name


def _needs(scenario: Scenario, surveys: Sequence[Counted]) -> list[str]:
    counted = [need for survey in surveys for need in survey.needs.base if survey.listed.get(need, True)]
    return list({folded(n): n for n in (*scenario.records.get("needs", ()), *counted)}.values())


def _members(scenario: Scenario, registers: Sequence[Register]) -> int:
    if registers and _of_members(registers):
        return _of_members(registers)
    stated = scenario.stated.get("members_total")
    kind = scenario.types.get("members_total")
    known = stated is not None and stated.value is not None and isinstance(kind, NumberType)
    return stated.value // kind.scale if known else 0  # type: ignore[union-attr,operator]  # known says so


def _of_members(registers: Sequence[Register]) -> int:
    """How many a register of members holds; a list of accounts is none."""
    return next((r.all.count for r in reversed(registers) if not lists_accounts(r.export.format)), 0)


def beside(mapping: Mapping, name: str) -> Path:
    """A path in a mapping is meant from where the mapping lies."""
    return Path(mapping.file).parent / name


def _named(mapping: Mapping) -> tuple[Group, ...]:
    """The needs that a person named for items of an export."""
    use = mapping.one("item")
    return tuple(g for g in (use.groups if use else ()) if g.name != "no need")


def _matches(mapping: Mapping) -> dict[str, str]:
    """Which need each item is about, from the `needs:` of the column with the items."""
    use = mapping.one("item")
    return {folded(answer): group.name for group in (use.groups if use else ()) for answer in group.answers}


def _grouper(
    mapping: Mapping, groupings: list[Grouped], book: RuleBook
) -> Callable[[str, Counter[str]], dict[str, str]]:
    def group(name: str, texts: Counter[str]) -> dict[str, str]:
        path = beside(mapping, name) if name else None
        if path is not None and path.exists():
            known = read_grouping(path)
            fresh = ungrouped(texts, known)
            if fresh:
                themes = put_together(fresh, book)
                groupings.append(
                    Grouped(
                        path.with_suffix(f".new{path.suffix}"), grouping_text(themes, name), fresh.total()
                    )
                )
            return labels(texts, known)
        themes = put_together(texts, book)
        if path is not None:
            groupings.append(Grouped(path, grouping_text(themes, name), texts.total()))
        return {folded(text): theme.label for theme in themes if theme.people > 1 for text in theme.texts}

    return group


__all__ = ["Grouped", "Import", "beside", "prepare"]
