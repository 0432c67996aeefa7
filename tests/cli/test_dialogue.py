"""The decision form asked question by question, at a real terminal: what is typed is what is recorded, and nothing before a yes."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from sharedvalue.cli.main import main
from sharedvalue.engine.governance.ledger import open_ledger
from tests.governance.common import scenario

SECONDS = 60


def at_terminal(arguments: Sequence[str], answers: Sequence[str]) -> tuple[int, str]:
    """The exit code and all that a terminal showed, each answer typed once the program waits for one."""
    child, terminal = pty.fork()
    if child == 0:
        _in_terminal(arguments)
    shown, end, waiting = "", time.monotonic() + SECONDS, list(answers)
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.05)[0]:
            continue
        try:
            piece = os.read(terminal, 65536).decode("utf-8", "replace")
        except OSError:  # the program has ended
            break
        if not piece:
            break
        shown += piece
        if waiting and shown.endswith((": ", "? ")):
            _until_it_waits(child, end)
            os.write(terminal, f"{waiting.pop(0)}\n".encode())
    else:
        os.kill(child, signal.SIGKILL)  # it waits for something that was not typed
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    assert not waiting, (waiting, shown)
    return os.waitstatus_to_exitcode(status), shown.replace("\r", "")


def _until_it_waits(child: int, end: float) -> None:
    """Until the program reads: a key that comes while the terminal is being set for input may get lost, and how long that takes
    depends on what else the machine does."""
    stat, still = Path(f"/proc/{child}/stat"), 0
    if not stat.exists():
        time.sleep(0.3)  # as a person takes
    while stat.exists() and still < 3 and time.monotonic() < end:
        time.sleep(0.01)
        sleeps = stat.read_text().rpartition(")")[2].split()[0] == "S"
        still = still + 1 if sleeps else 0


def _in_terminal(arguments: Sequence[str]) -> NoReturn:
    code = 70
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as a shell in the foreground starts it
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    try:
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115  # open as long as the process
        main(arguments)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 70
    finally:
        try:  # where nobody reads any more, flushing fails; the copy of the tests that this is must end all the same
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)
    raise AssertionError


def record(ledger: Path, *more: str) -> list[str]:
    return ["record", *more, "--ledger", str(ledger)]


WHOLE = [
    "", "steering group, community leader",  # who decided: needed
    "9", "KEEP_COURSE",  # a number that is none, then a name
    "", "n", "most of us", "7, 2, 1",  # modes as proposed would depart; no own words; a vote that is none
    "", "We want to know first",  # why it departs: needed
    "two leads: too early", "",
    "3", "unit manager", "soon", "2031-01-01", "2026-11-25", "",  # refuses, by whom, when
    "newcomers: keep the evening", "",
    "2027-03-01", "ask the unit | leader | 2027-01-31", "", "", "community leader",
]  # fmt: skip


def test_what_is_typed_is_what_is_recorded(tmp_path: Path) -> None:
    ledger = tmp_path / "l.sqlite"
    code, shown = at_terminal(record(ledger, scenario("silent-drift")), [*WHOLE, "y"])
    assert code == 0, shown
    assert shown.count("The record needs an answer to this") == 2
    assert "is not a vote" in shown
    assert "'soon' is not a date" in shown
    assert "2031-01-01 lies ahead" in shown
    with open_ledger(str(ledger)) as opened:
        form = opened.record("R0001").payload["form"]
    assert form["by"] == ["steering group", "community leader"]
    assert (form["decision"], form["why"]) == ("KEEP_COURSE", "We want to know first")
    assert form["votes"] == {"for_it": 7, "against": 2, "abstained": 1}
    assert (form["sponsor"], form["sponsor_role"], form["sponsor_date"]) == (
        "refuses",
        "unit manager",
        "2026-11-25",
    )
    assert form["heard"] == [{"who": "newcomers", "said": "keep the evening"}]
    assert form["actions"] == [{"what": "ask the unit", "owner": "leader", "due": "2027-01-31"}]
    assert (form["review_date"], form["risks_with"]) == ("2027-03-01", "community leader")
    happened = [
        "leader",
        "",
        "2",
        "The unit said no",
        "y",
        "y",
    ]  # a result is needed; one action, done; record it
    code, shown = at_terminal(record(ledger, "--what-happened", "R0001"), happened)
    assert code == 0, shown
    with open_ledger(str(ledger)) as opened:
        said = opened.record("R0002").payload["happened"]
    assert (said["result"], said["words"], said["done"]) == ("not_done", "The unit said no", ["ask the unit"])


def test_modes_of_the_same_course_can_be_chosen_and_no_records_nothing(tmp_path: Path) -> None:
    ledger = tmp_path / "l.sqlite"
    asked_for = [
        "board",
        "RESTRICT_MEMBERSHIP",
        "tiered",
        "n",
        "",
        "It is milder",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "n",
    ]
    code, shown = at_terminal(
        record(ledger, scenario("laboratories-in-two-tiers")), asked_for[:5] + asked_for[6:]
    )
    assert code == 0, shown
    assert re.search(r"Follows the proposal: yes", shown)  # in tiers was proposed
    assert "Nothing was recorded." in shown
    assert not ledger.exists()


@pytest.mark.parametrize("typed", ["\x03", "\x04"])
def test_stopping_in_between_records_nothing(tmp_path: Path, typed: str) -> None:
    code, shown = at_terminal(record(tmp_path / "l", scenario("silent-drift")), ["leader", typed])
    assert code != 0
    assert "Stopped." in shown
    assert "Traceback" not in shown
    assert not (tmp_path / "l").exists()
