"""Exports read, and taken into a scenario: a million answers, a million pages, a long dump of posts; time and memory of a process.

python -m benchmarks.evidence [--quick]
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import heading, table

HEAD = ("read and counted", "rows", "MB", "seconds", "CPU seconds", "peak MB", "reach")
WORK = """
import resource, sys, time
from pathlib import Path
from sharedvalue.engine.evidence.read import read
started = time.perf_counter()
export = read(Path(sys.argv[1]))
used = resource.getrusage(resource.RUSAGE_SELF)
print(export.records, time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
INTO = """
import datetime as dt, resource, sys, time
from pathlib import Path
started = time.perf_counter()
from sharedvalue.engine.decision import decide
from sharedvalue.engine.evidence.built_in import built_in
from sharedvalue.engine.evidence.imports import prepare
from sharedvalue.engine.evidence.mapping import read_mapping
from sharedvalue.engine.evidence.read import read
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import read_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.worlds import form
book = load()
export = read(Path(sys.argv[1]))
mapping = built_in(export) or read_mapping(sys.argv[2], book)
found = prepare([(export, mapping)], "case.yaml", sys.argv[3], book, dt.date(2026, 11, 24))
decide(form(book, read_scenario(parse(found.plan.text, "case.yaml"), book, "case.yaml")))
assert found.plan.written
used = resource.getrusage(resource.RUSAGE_SELF)
print(export.records, time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
CASE = """scenario: 1
as_of: 2026-11-24
facts:
  has_sponsor: true
  needs: [{label: page 7, cited_by: 40, satisfied: 50, within_purpose: true}]
"""
MAPPING = """mapping: 1
date_order: month first
columns:
  - {column: Timestamp, role: date}
  - {column: Email Address, role: person}
  - {column: Role, role: segment}
  - {column: "Satisfied?", role: value_now, scale: [1, 5], from: 4}
  - column: Needs
    role: needs
    separator: ", "
    needs: {advice: [Advice], templates: [Templates], events: [Events], money: [Money]}
"""
NEEDS = ("Advice", "Templates", "Events", "Money", "Time (e.g., slots, rooms)")
RATES = ("Not Important", "Somewhat important", "Very Important", "Critical")


def survey(path: Path, rows: int) -> None:
    """Answers of a Google form: eleven columns, one of them with several answers in a cell, one of them text."""
    pick, start = random.Random(1), dt.datetime(2026, 1, 1)
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow(
            [
                "Timestamp",
                "Email Address",
                "Role",
                "Needs",
                *(f"Rate [{n}]" for n in NEEDS[:3]),
                "Years",
                "Satisfied?",
                "Join?",
                "More?",
            ]
        )
        for i in range(rows):
            at = start + dt.timedelta(seconds=20 * i)
            out.writerow(
                [
                    f"{at.month}/{at.day}/{at.year} {at.hour}:{at:%M:%S}",
                    f"member{i}@example.org",
                    pick.choice(("Teacher", "Head", "Adviser")),
                    ", ".join(need for need in NEEDS if pick.random() < 0.4),
                    *(pick.choice(RATES) for _ in range(3)),
                    pick.randint(0, 30),
                    pick.randint(1, 5),
                    pick.choice(("Yes, I'd like to", "No")),
                    f"words number {i}" if pick.random() < 0.1 else "",
                ]
            )


def pages(path: Path, rows: int) -> None:
    """Pages of Google Analytics 4."""
    pick = random.Random(1)
    sample = Path(__file__).parents[1] / "tests/evidence/exports/ga4.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(sample.read_text("utf-8").split("/start/")[0])
        for i in range(rows):
            stream.write(
                f"/page/{i},{pick.randint(1, 9999)},{pick.randint(1, 999)},2.86186186,{pick.random() * 60},{i},0,0\n"
            )


def posts(path: Path, rows: int) -> None:
    """Posts of a Stack Exchange dump, about a kilobyte each."""
    body = "&lt;p&gt;" + "words of a question " * 45 + "&lt;/p&gt;"
    with path.open("w", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0" encoding="utf-8"?>\n<posts>\n')
        for i in range(rows):
            stream.write(
                f'  <row Id="{i}" PostTypeId="{1 + i % 2}" CreationDate="2026-01-{1 + i % 28:02}T20:09:32.720" Score="{i % 9}" '
                f'ViewCount="{i}" Body="{body}" OwnerUserId="{i % 999}" Title="How {i}?" Tags="|a|" AnswerCount="1" CommentCount="0" />\n'
            )
        stream.write("</posts>\n")


def main() -> int:
    rows = 50_000 if "--quick" in sys.argv else 1_000_000
    cases = (
        ("answers of a Google form, 11 columns", survey, rows, WORK, "10 s at 1,000,000"),
        ("the same, taken into a scenario", survey, rows, INTO, "10 s at 1,000,000"),
        ("pages of Google Analytics 4, 8 columns", pages, rows, WORK, "10 s at 1,000,000"),
        ("the same, taken into a scenario", pages, rows, INTO, "10 s at 1,000,000"),
        ("Posts.xml", posts, rows // 2, WORK, "constant memory"),
    )
    heading(
        "Exports read and counted", "each in a process of its own; the files are made here, and are not kept"
    )
    found = []
    with tempfile.TemporaryDirectory() as folder:
        mapping = Path(folder) / "mapping.yaml"
        mapping.write_text(MAPPING, encoding="utf-8")
        made = None
        for what, make, size, work, reach in cases:
            path = Path(folder) / "export"
            if make is not made:
                make(path, size)
                made = make
            done = subprocess.run(
                [sys.executable, "-c", work, str(path), str(mapping), CASE],
                capture_output=True,
                text=True,
                check=True,
            )
            records, seconds, cpu, memory = done.stdout.split()
            assert int(records) == size, "every record is counted"
            megabytes = path.stat().st_size / 1e6
            found.append(
                [
                    what,
                    f"{size:,}",
                    f"{megabytes:.0f}",
                    f"{float(seconds):.2f}",
                    f"{float(cpu):.2f}",
                    f"{float(memory):.0f}",
                    reach,
                ]
            )
    print(table(found, HEAD))
    return 0


if __name__ == "__main__":
    sys.exit(main())
