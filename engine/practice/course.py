"""What a trainer uses: a course (a chosen sequence of cases), exports of several trainees, and sheets of blind labels."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sharedvalue.engine.errors import Place, Problems, UserError, mistake
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario_writer import quoted
from sharedvalue.engine.language.source import parse_file, read_file
from sharedvalue.engine.practice.agreement import CERTAIN, Label
from sharedvalue.engine.practice.cases import Case, Cases
from sharedvalue.engine.practice.made_up import release
from sharedvalue.engine.practice.session import outcome_named
from sharedvalue.engine.practice.store import MOST_ANSWERS, Answer, answer_json, answer_of, damaged

FORMAT = 1
MOST_CASES = 200
EXPORT = "sharedvalue/practice-export/1"
_SURE = re.compile(r"^\s*(\S.*?)[\s,;]+(\d{1,3})\s*%?\s*$", re.ASCII)


@dataclass(frozen=True)
class Course:
    """A sequence of cases. With `ask`, facts are told only when asked for."""

    title: str
    cases: tuple[str, ...]
    ask: bool = False


def load_course(path: str) -> Course:
    """The course of a file. Raises UserError with every mistake in it."""
    problems = Problems()
    reader = Reader.of(
        parse_file(path, "A course lists its cases: see docs/how-to/run-a-practice-session.md."),
        problems,
        "the course",
        Place(path),
    )
    _format(reader, "course")
    title = reader.text("title", default=Path(path).stem)
    listed, ask = reader.texts("cases"), reader.yes_no("ask_for_facts")
    if not listed and not problems.found:
        problems.add(
            "SV563",
            reader.table.place,
            "the course has no cases",
            "List them: cases: [market-inspectors-ghana, ...]",
        )
    if len(listed) > MOST_CASES:
        problems.add(
            "SV563",
            reader.place("cases"),
            f"{len(listed)} cases are more than the {MOST_CASES} of one course",
            "Make several courses of it.",
        )
    twice = [text for n, text in enumerate(listed) if text.value in [t.value for t in listed[:n]]]
    for text in twice:
        problems.add("SV563", text.place, f"'{text.value}' stands twice in the course", "Take one out.")
    reader.done()
    problems.stop_if_any()
    folder = Path(path).parent
    return Course(title, tuple(_beside(text.value, folder) for text in listed), ask)


def _format(reader: Reader, key: str) -> None:
    version = reader.scalar(key)
    if version is None or version.value != str(FORMAT):
        reader.problems.add(
            "SV563",
            reader.place(key),
            f"it does not begin with '{key}: {FORMAT}'",
            "That line says which format the file has; a newer one needs a newer sharedvalue.",
        )


def _beside(name: str, folder: Path) -> str:
    """A file of a course is looked for beside the course."""
    if name.endswith((".yaml", ".yml")) and not Path(name).is_absolute():
        return str(folder / name)
    return name


# --- exports --------------------------------------------------------------------------------------------------


def export_json(answers: Sequence[Answer], who: str = "") -> dict[str, object]:
    """All answers, to keep or to give to a trainer."""
    return {
        "schema": EXPORT,
        "release": release(),
        "who": who,
        "count": len(answers),
        "answers": [answer_json(answer) for answer in answers],
    }


def load_export(path: str) -> tuple[str, tuple[Answer, ...]]:
    """Who answered, and the answers. Raises UserError SV551 for what is no export, SV552 for a newer one."""
    try:
        tree = json.loads(read_file(path, "Write one with: sharedvalue practice export FILE --who NAME"))
    except (ValueError, RecursionError):
        raise damaged(path, "it is not JSON") from None
    schema = tree.get("schema") if isinstance(tree, dict) else None
    if isinstance(schema, str) and schema != EXPORT and schema.startswith(EXPORT.rpartition("/")[0] + "/"):
        raise mistake(
            "SV552",
            path,
            f"a newer sharedvalue wrote this export ({schema[:60]})",
            "Install the newer sharedvalue.",
        )
    if not isinstance(tree, dict) or schema != EXPORT or not isinstance(tree.get("answers"), list):
        raise damaged(path, "it is not an export of practice")
    if len(tree["answers"]) > MOST_ANSWERS:
        raise damaged(path, f"it has more than {MOST_ANSWERS:,} answers")
    who = tree.get("who")
    return (
        who if isinstance(who, str) and who else Path(path).stem,
        tuple(answer_of(record, path) for record in tree["answers"]),
    )


# --- blind labels ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """What one person says of the cases of a course, without having seen an answer. Cases may be left out."""

    rater: str
    course: str
    labels: Mapping[str, Label]


def sheet_text(course: Course, cases: Sequence[Case], rater: str, labels: Mapping[str, Label]) -> str:
    """A sheet as a file to fill in, or filled in."""
    book = cases[0].decision.worlds.book if cases else None
    lines = [f"labels: {FORMAT}", f"course: {quoted(course.title)}", f"rater: {quoted(rater)}", ""]
    if book is not None:
        lines += [
            "# Write one of these after each case, and how sure you are: NOT_YET, 70 %. Leave out what you cannot say."
        ]
        lines += [f"#   {name:<20}{book.outcomes.outcomes[name].title}" for name in book.outcome_names]
    lines += ["", "cases:" if cases else "cases: {}"]
    for case in cases:
        lines.append(f"  # {' '.join(case.scenario.title.split())}")
        lines.append(f"  {quoted(case.id)}: {_written(labels.get(case.id))}".rstrip())
    return "\n".join(lines) + "\n"


def _written(label: Label | None) -> str:
    if label is None:
        return ""
    return label.outcome if label.sure is None else f"{label.outcome}, {label.sure} %"


def load_sheet(path: str, cases: Cases) -> Sheet:
    """A sheet that somebody filled in. Raises UserError with every mistake in it."""
    problems = Problems()
    reader = Reader.of(
        parse_file(path, "Write one with: sharedvalue practice label COURSE --blank -o FILE"),
        problems,
        "the sheet",
        Place(path),
    )
    _format(reader, "labels")
    course, rater = reader.text("course"), reader.text("rater", default=Path(path).stem)
    labels: dict[str, Label] = {}
    below = reader.reader("cases", required=True)
    for case in list(below.table.entries) if below else []:
        assert below is not None
        written = _blank(below, case)
        if not written:
            continue
        try:
            labels[case] = label_of(written, cases.book)
        except UserError as error:
            what = f"'{written[:60]}' is not an outcome, nor one with how sure you are"
            problems.add("SV563", below.place(case), what, error.problems[0].mend)
    reader.done()
    problems.stop_if_any()
    return Sheet(rater, course, labels)


def label_of(written: str, book: RuleBook) -> Label:
    """A label as it is written: an outcome, and after it how sure in percent, where that is said. UserError SV561."""
    match = _SURE.match(written)
    if match is None:
        return Label(outcome_named(written, book))
    sure = int(match[2])
    if sure > CERTAIN:
        raise mistake(
            "SV561", "confidence", f"{sure} is not a percentage", "Give a whole number from 0 to 100."
        )
    return Label(outcome_named(match[1], book), sure)


def _blank(below: Reader, key: str) -> str:
    node = below.node(key)
    value = getattr(node, "value", None)
    if value is None:
        below.wrong(key, "the name of an outcome, or nothing")
        return ""
    return "" if value.strip().lower() in ("", "~", "null") else str(value)


def load_sheets(paths: Sequence[str], cases: Cases) -> tuple[Sheet, ...]:
    """Several sheets, each of another person."""
    problems = Problems()
    found: list[Sheet] = []
    for path in paths:
        try:
            sheet = load_sheet(path, cases)
        except UserError as error:
            problems.extend(error)
            continue
        if any(sheet.rater == other.rater for other in found):
            problems.add(
                "SV563",
                Place(path),
                f"there are two sheets of '{sheet.rater}'",
                "Give each person a name of their own after 'rater:'.",
            )
        found.append(sheet)
    problems.stop_if_any()
    return tuple(found)
