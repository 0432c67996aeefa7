"""The page is stopped in the middle of work, as a process: what was acknowledged is there, and nothing is half-written."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.scenario import load_scenario
from tests.cli.calling import ROOT, call
from tests.web.rooms_here import upload
from tests.web.serving import SCENARIOS, Client

OPEN = "scenario: 1\ntitle: Nearly nothing\nfacts:\n  has_sponsor: true\n"


def started(folder: Path) -> tuple[subprocess.Popen[str], Client]:
    ledger = folder / ".own" / "ledger.sqlite"
    command = [sys.executable, "-m", "sharedvalue", "serve", "--folder", str(folder), "--port", "0", "--no-browser",
               "--ledger", str(ledger)]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    port, _, token = process.stderr.readline().split("127.0.0.1:")[1].split()[0].partition("/?token=")
    client = Client(int(port))
    client.get(f"/?token={token}")
    return process, client


def saves(client: Client, said: list[int], stop: threading.Event) -> None:
    """Answers one question again and again, each time otherwise, and notes what was acknowledged."""
    version, token, number = client.version("silent-drift"), client.token(), 0
    while not stop.is_set():
        number = (number + 1) % 100
        fields = {"name": "strategic_potential", "value": str(number), "version": version}
        try:
            found = client.post("/s/silent-drift/answer", fields, token=token)
            if found.status == 303:
                said.append(number)
            version = client.version("silent-drift")
        except (OSError, AssertionError):
            return


def records(client: Client, told: list[int], stop: threading.Event) -> None:
    token = client.token()
    while not stop.is_set():
        try:
            page = client.get("/s/neophytes-and-experts/record").text
            version = page.split('name="version" value="')[1].split('"')[0]
            fields = {"version": version, "by": "Chair", "dissent": "",
                      "review_date": "2027-11-24", "answers": "", "once": str(len(told))}  # fmt: skip
            told.append(client.post("/s/neophytes-and-experts/record/keep", fields, token=token).status)
        except (OSError, IndexError):
            return


def drops(client: Client, told: list[int], stop: threading.Event) -> None:
    rows = "".join(f"2026-0{n % 9 + 1}-01,{n},{n % 7}\n" for n in range(20_000))
    token = client.token()
    while not stop.is_set():
        try:
            sent = [("answers.csv", f"Date,Sessions,Users\n{rows}".encode())]
            told.append(upload(client, "/s/neophytes-and-experts/evidence/drop", sent, token).status)
        except OSError:
            return


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_nothing_is_half_written_when_it_is_stopped(tmp_path: Path, by: signal.Signals) -> None:
    for name in ("silent-drift", "neophytes-and-experts"):
        shutil.copy(SCENARIOS / f"{name}.yaml", tmp_path)
    (tmp_path / "nearly-nothing.yaml").write_text(OPEN)
    process, client = started(tmp_path)
    stop, said, recorded, dropped, told = (
        threading.Event(),
        list[int](),
        list[int](),
        list[int](),
        list[int](),
    )

    def slow() -> None:  # a map that takes as long as it may
        path = "/s/nearly-nothing/what-if/map?x=member_value_now&y=contribution&whole=1"
        told.append(client.get(path).status)

    at_work = [
        threading.Thread(target=saves, args=(Client(client.port, dict(client.cookies)), said, stop)),
        threading.Thread(target=records, args=(Client(client.port, dict(client.cookies)), recorded, stop)),
        threading.Thread(target=drops, args=(Client(client.port, dict(client.cookies)), dropped, stop)),
    ]
    for one in at_work:
        one.start()
    for _ in range(600):
        if len(said) > 3 and recorded and dropped:
            break
        time.sleep(0.05)
    if by == signal.SIGTERM:
        at_work.append(threading.Thread(target=slow))
        at_work[-1].start()
    time.sleep(0.3)
    process.send_signal(by)
    try:
        assert process.wait(30) in (0, 130, -by)
    finally:
        stop.set()
        process.kill()
    for one in at_work:
        one.join(30)
    assert process.stderr is not None
    rest = process.stderr.read()
    process.stderr.close()
    assert len(said) > 3
    assert recorded
    assert dropped
    assert set(recorded) <= {303, 503}
    assert told in ([200], [503]) or by != signal.SIGTERM  # drawn in time, or told that the page was stopped
    assert rest.replace("Stopped.", "").strip() == ""
    assert not list(tmp_path.rglob("*.part"))
    book = load()
    for path in tmp_path.glob("*.yaml"):
        load_scenario(path, book)
    now = load_scenario(tmp_path / "silent-drift.yaml", book).stated["strategic_potential"].value
    assert now in (
        said[-1] * 10,
        (said[-1] + 1) % 100 * 10,
    )  # the last that was acknowledged, or the one on its way
    verified = call("ledger", "verify", "--ledger", str(tmp_path / ".own" / "ledger.sqlite"))
    assert verified.code == 0, verified.out + verified.err
