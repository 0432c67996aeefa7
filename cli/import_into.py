"""`sharedvalue import FILE... --into SCENARIO`: finds or asks for the mappings, imports, and writes whole or not at all."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call
from sharedvalue.engine.errors import did_you_mean, mistake

if TYPE_CHECKING:
    from sharedvalue.engine.evidence.built_in import Said
    from sharedvalue.engine.evidence.export import Export
    from sharedvalue.engine.evidence.imports import Import
    from sharedvalue.engine.evidence.mapping import Mapping


def import_into(
    call: Call,
    exports: Sequence[Export],
    scenario: str,
    mappings: Sequence[str],
    dry_run: bool = False,
    write_mapping: str | None = None,
    said: Said | None = None,
) -> None:
    """Imports exports into a scenario, each with its mapping; one mapping serves all where only one is given."""
    from sharedvalue.cli.import_page import import_lines
    from sharedvalue.engine.decision import decide
    from sharedvalue.engine.evidence.built_in import Said
    from sharedvalue.engine.evidence.imports import prepare
    from sharedvalue.engine.language.scenario import read_scenario
    from sharedvalue.engine.language.scenario_file import backup_of, read_text
    from sharedvalue.engine.language.source import parse
    from sharedvalue.engine.worlds import form

    if scenario == "-":
        raise mistake(
            "SV103", "standard input", "an import edits a file in place", "Give the path of a scenario."
        )
    if not Path(scenario).exists():
        raise _not_begun(scenario)
    text = read_text(scenario)
    before = call.scenario(scenario)
    pairs = list(zip(exports, _mappings(call, exports, mappings, write_mapping), strict=True))
    pairs, said = _still_open(call, pairs, said or Said(), before.stated.get("members_total") is not None)
    found = prepare(pairs, scenario, text, call.book, dt.date.today(), said)
    if not dry_run and (named := _named_needs(call, pairs, found, mappings)):
        pairs = named
        found = prepare(pairs, scenario, text, call.book, dt.date.today(), said)
    after = read_scenario(parse(found.plan.text, scenario), call.book, scenario)
    decisions = decide(form(call.book, before)), decide(form(call.book, after))
    written = not dry_run and not (found.plan.changes_nothing and not found.groupings)
    if write_mapping and not Path(write_mapping).exists():
        _keep_mapping(call, pairs, found, write_mapping)
    if written:
        _write(found, scenario, text)
    undo = (
        f"mv {quote(str(backup_of(scenario)))} {quote(str(scenario))}"
        if written and not found.plan.changes_nothing
        else ""
    )
    if call.json:
        from sharedvalue.cli.import_json import import_json

        call.print_json(import_json(found, scenario, decisions, call, written, undo))
    else:
        call.print(import_lines(found, scenario, decisions, written, undo))


def _write(found: Import, scenario: str, text: str) -> None:
    """The scenario and the new groupings: all of them, or none."""
    from sharedvalue.cli.files import OTHER_NAME, write_text
    from sharedvalue.engine.language.scenario_file import save

    made: list[Path] = []
    try:
        for grouping in found.groupings:
            if not grouping.path.exists():
                write_text(grouping.path, grouping.text, False, OTHER_NAME)
                made.append(grouping.path)
        if not found.plan.changes_nothing:
            save(scenario, text, found.plan.text)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


# --- mappings: given, built in, or asked for ---------------------------------------------------------------------------
def _mappings(
    call: Call, exports: Sequence[Export], paths: Sequence[str], write_to: str | None
) -> list[Mapping]:
    from sharedvalue.engine.evidence.mapping import read_mapping

    if len(paths) > 1 and len(paths) != len(exports):
        raise mistake(
            "SV450",
            paths[-1],
            f"{len(paths)} mappings for {len(exports)} files",
            "Give one mapping for all files, or one for each, in their order.",
        )
    read = [read_mapping(path, call.book) for path in paths]
    if read and len(read) == len(exports):
        return read
    return [_mapping(call, export, read[0] if read else None, write_to) for export in exports]


def _mapping(call: Call, export: Export, given: Mapping | None, write_to: str | None) -> Mapping:
    """What is built in for a format goes before one mapping for all files, unless that was made for the same format."""
    from sharedvalue.engine.evidence.built_in import built_in
    from sharedvalue.engine.evidence.interviews import INTERVIEW_MAPPING

    if export.format == "interview-notes":
        raise _uncoded(export, write_to)
    if given is not None and given.format == export.format:
        return given
    known = INTERVIEW_MAPPING if export.format == "interview-table" else built_in(export)
    return known or given or _asked(call, export, write_to)


def _not_begun(scenario: str) -> Exception:
    """A survey is often the first that there is of a community."""
    here, name = list(Path(scenario).parent.glob("*.yaml")), Path(scenario)
    alike = did_you_mean(name.stem, (path.stem for path in here))  # all names end alike, which says nothing
    near = did_you_mean(name.name, (path.name for path in here)) if alike else ""
    begin = f"Begin it with: sharedvalue scenario new {scenario} (or answer questions: sharedvalue ask -o {scenario}). Then import again."
    return mistake("SV101", scenario, "there is no such scenario yet", f"{near} {begin}".strip())


def _uncoded(export: Export, write_to: str | None) -> Exception:
    """Notes say what was asked; which need somebody names, a person says."""
    from sharedvalue.cli.files import OTHER_NAME, write_text
    from sharedvalue.engine.evidence.interviews import coding_table

    how = "give each passage a code (such as: peer advice) and a kind (need, value_story, sponsor, other), and import the table"
    what = f"{export.records} interviews as notes; nobody has said yet which passage names which need, and nothing was written"
    if write_to:
        write_text(write_to, coding_table(export), False, OTHER_NAME)
        return mistake(
            "SV450",
            str(export.file),
            what,
            f"{write_to} is a table of their passages: {how}. It holds people's own words: keep it where the notes are kept.",
        )
    target = f"{export.file.stem}-coding.csv"
    return mistake(
        "SV450",
        str(export.file),
        what,
        f"--write-mapping {quote(target)} writes a table of their passages: {how}.",
    )


def _asked(call: Call, export: Export, write_to: str | None) -> Mapping:
    """Asks a person at a terminal; elsewhere writes the skeleton where that was asked for, and refuses."""
    from sharedvalue.cli.files import OTHER_NAME, check_target, write_text
    from sharedvalue.engine.evidence.guess import mapping_text, skeleton

    target = write_to or f"mapping-{export.file.stem}.yaml"
    if not _at_a_terminal(call):
        if write_to:
            write_text(write_to, skeleton(export, call.book), False, OTHER_NAME)
            raise mistake("SV450", str(export.file), f"nobody has said what its columns are; {write_to} is a mapping to fill in",
                          f"Fill it in, then: sharedvalue import {quote(str(export.file))} --into SCENARIO --mapping {quote(write_to)}")  # fmt: skip
        likely = "; ".join(_likely(export, call))
        raise mistake("SV450", str(export.file), f"nobody has said what its columns are. {likely or 'No column can be guessed.'}",
                      f"--write-mapping {quote(target)} writes a mapping to fill in.")  # fmt: skip
    from sharedvalue.cli.import_mapping import ask_mapping
    from sharedvalue.cli.import_things import ask_things

    if Path(target).exists():
        raise mistake("SV112", target, "this file is there already",
                      f"If it says what you mean, use it: --mapping {quote(target)}. To be asked anew: --write-mapping ANOTHER_NAME.")  # fmt: skip
    check_target(target, False, OTHER_NAME)
    mapping = ask_things(export, target) or ask_mapping(export, call.book, target)
    write_text(target, mapping_text(mapping), False, OTHER_NAME)
    call.note(f"The mapping is kept in {target}. Next time: --mapping {quote(target)}")
    return mapping


def _at_a_terminal(call: Call) -> bool:
    return not call.json and sys.stdin.isatty() and sys.stdout.isatty()


def _likely(export: Export, call: Call) -> Iterator[str]:
    """The best guesses, where the wording of a column speaks for it."""
    from sharedvalue.engine.evidence.asked import short
    from sharedvalue.engine.evidence.guess import KINDS, guessed

    for role in KINDS:
        found = guessed(export, role, call.book)
        if found is not None:
            yield f"{role} may be '{short(found.heading, 50)}' ({found.index})"


# --- what no file says ---------------------------------------------------------------------------------------------------
def _still_open(
    call: Call, pairs: list[tuple[Export, Mapping]], said: Said, members_known: bool
) -> tuple[list[tuple[Export, Mapping]], Said]:
    """Asks at a terminal for the day and the number of members that the files leave open; elsewhere the import says what is missing."""
    from sharedvalue.cli.import_mapping import ask_day

    if not _at_a_terminal(call):
        return pairs, said
    asked = []
    for export, mapping in pairs:
        if (mapping.is_resonance or mapping.is_attendance) and not (
            said.date or mapping.date or export.period[1]
        ):
            what = "was held on" if mapping.is_attendance else "counts up to"
            mapping = replace(
                mapping, date=ask_day(f"{export.file.name} names no day. It {what} (2026-05-31)")
            )
        asked.append((export, mapping))
    if any(m.is_attendance for _, m in pairs) and not (members_known or said.members):
        members = click.prompt(
            "How many members are there? (Enter: not known)", type=int, default=0, show_default=False
        )
        said = replace(said, members=max(0, members))
    return asked, said


def _named_needs(
    call: Call, pairs: Sequence[tuple[Export, Mapping]], found: Import, mappings: Sequence[str]
) -> list[tuple[Export, Mapping]]:
    """Asks at a terminal which of the proposals are needs, and what they are called; nothing where none is, or a mapping says it."""
    from sharedvalue.cli.import_proposals import ask_proposals
    from sharedvalue.engine.evidence.proposals import proposals

    if not _at_a_terminal(call) or mappings:
        return []
    by_file = {r.export.sha256: proposals(r.items) for r in found.resonances}
    asked, any_named = [], False
    for export, mapping in pairs:
        use, proposed = mapping.one("item"), by_file.get(export.sha256, ())
        groups = ask_proposals(export.file.name, proposed) if use is not None and proposed else ()
        if groups and use is not None:
            columns = tuple(replace(u, groups=groups) if u is use else u for u in mapping.columns)
            mapping, any_named = replace(mapping, columns=columns), True
        asked.append((export, mapping))
    return asked if any_named else []


def _keep_mapping(call: Call, pairs: Sequence[tuple[Export, Mapping]], found: Import, target: str) -> None:
    """The mapping that is built in, as a file to change: such as which page is about which need."""
    from sharedvalue.cli.files import OTHER_NAME, write_text
    from sharedvalue.engine.evidence.guess import items_to_sort, mapping_text
    from sharedvalue.engine.evidence.proposals import proposals

    mapping = pairs[0][1]
    if not mapping.columns:
        return
    text = mapping_text(replace(mapping, date="" if mapping.file.startswith("built in") else mapping.date))
    proposed = proposals(found.resonances[0].items) if found.resonances else ()
    write_text(target, text + items_to_sort(proposed), False, OTHER_NAME)
    call.note(f"The mapping is kept in {target}. Next time: --mapping {quote(target)}")
