"""The engine says what is; each door words its commands, options and fields. Where texts of the engine still name some, it is listed."""

from __future__ import annotations

import ast
import re
from collections import Counter

from sharedvalue.cli.main import COMMANDS
from tests.cli.calling import ROOT

OPTION = re.compile(r"(?<![\w-])(?<!var\()--[a-z][a-z-]+")
COMMAND = re.compile(rf"\bsharedvalue ({'|'.join(sorted(COMMANDS))})\b")


def command_words(text: str) -> int:
    """How many texts of a module name a command or an option; docstrings and comments are not said to anybody."""
    if not OPTION.search(text) and not COMMAND.search(text):
        return 0  # nothing to be looked at closely
    tree = ast.parse(text)
    silent = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    said = (n for n in ast.walk(tree) if isinstance(n, ast.Constant))
    texts = [n.value for n in said if isinstance(n.value, str) and id(n) not in silent]
    return sum(bool(OPTION.search(text) or COMMAND.search(text)) for text in texts)


def test_a_text_that_names_a_command_or_an_option_is_seen() -> None:
    assert command_words('x = f"Next: sharedvalue report {name}"') == 1
    assert command_words('x = "say --force"') == 1
    assert command_words('"""As --force says."""\nx = "a -- b, and sharedvalue itself"  # --force') == 0


def test_no_more_texts_of_the_engine_name_commands() -> None:
    found = Counter[str]()
    for path in sorted((ROOT / "engine").rglob("*.py")):
        words = command_words(path.read_text(encoding="utf-8"))
        if words:
            found[path.relative_to(ROOT / "engine").as_posix()] = words
    assert dict(found) == LISTED, (
        "a door words commands and options: what is new goes there, what went comes off this list"
    )


LISTED = {  # how many of them are left in each module
    "error_codes.py": 65,
    "evidence/attendance.py": 1,
    "evidence/files.py": 5,
    "evidence/guess.py": 2,
    "evidence/into.py": 3,
    "evidence/into_groups.py": 5,
    "evidence/layout.py": 1,
    "evidence/mapping.py": 2,
    "evidence/recognise.py": 2,
    "evidence/resonance.py": 2,
    "evidence/sources/plain.py": 1,
    "evidence/survey.py": 4,
    "evidence/workbook.py": 1,
    "governance/beside.py": 1,
    "governance/books.py": 1,
    "governance/chain.py": 2,
    "governance/contents.py": 1,
    "governance/faults.py": 4,
    "governance/follow_up.py": 3,
    "governance/form.py": 2,
    "governance/form_file.py": 2,
    "governance/heads.py": 3,
    "governance/ledger.py": 3,
    "governance/place.py": 3,
    "governance/record.py": 1,
    "governance/report/write.py": 1,
    "governance/review.py": 2,
    "governance/signing.py": 3,
    "governance/store.py": 4,
    "language/loading.py": 2,
    "language/scenario.py": 7,
    "language/scenario_writer.py": 2,
    "language/source.py": 1,
    "practice/cases.py": 1,
    "practice/course.py": 2,
    "practice/generate.py": 9,
    "practice/group.py": 1,
    "practice/panel.py": 6,
    "practice/store.py": 2,
    "questions/flip.py": 3,
    "questions/landscape_axes.py": 2,
    "questions/missing.py": 1,
    "questions/portfolio.py": 1,
    "questions/portfolio_rows.py": 2,
    "questions/portfolio_spark.py": 3,
    "questions/sweep.py": 6,
    "questions/sweep_table.py": 2,
    "questions/variations_file.py": 3,
    "questions/vary.py": 3,
    "questions/why.py": 1,
    "telling/answer.py": 1,
    "telling/imports.py": 1,
}
