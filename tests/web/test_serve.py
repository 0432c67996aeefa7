"""`sharedvalue serve` as a process: it answers, tells what is wrong in words, and stops when it is asked to."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from sharedvalue.web.people import add_person, read_people
from tests.cli.calling import ROOT, call


def test_it_answers_and_stops_without_leaving_anybody_behind(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "sharedvalue",
        "serve",
        "--folder",
        str(tmp_path),
        "--port",
        "0",
        "--no-browser",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = process.stderr.readline()
    assert "http://127.0.0.1:" in said
    port = int(said.split("127.0.0.1:")[1].split("/")[0])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/", headers={"Authorization": f"Bearer {said.split('token=')[1].split()[0]}"})
    assert connection.getresponse().status == 200
    connection.close()
    children = _children(process.pid)
    assert children
    process.send_signal(signal.SIGINT)
    assert process.wait(20) in (0, 130, -signal.SIGINT)
    for _ in range(100):
        if not any(Path(f"/proc/{child}").exists() for child in children):
            break
        time.sleep(0.05)
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    rest = process.stderr.read()
    process.stderr.close()
    assert "Traceback" not in rest


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(path.parent.name))
    return found


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = call("serve", "--folder", str(tmp_path), "--port", str(port), "--no-browser")
    assert found.code == 2
    assert "answers there already" in found.err


def test_what_is_not_safe_does_not_start(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    add_person(people, "ada", "leader", "right-secret-1")
    for options in (
        ["--address", "0.0.0.0"],
        ["--folder", str(tmp_path / "nope")],
        ["--public", "ftp://x"],
        ["--public", "https://x.example"],
        ["--public", "http://x.example", "--people", str(people)],
        ["--people", str(tmp_path / "nope.json")],
    ):
        found = call("serve", "--no-browser", "--port", "0", *options)
        assert found.code == 2, options
        assert "SV" in found.err


def test_people_are_added_by_the_command(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    command = [
        sys.executable,
        "-m",
        "sharedvalue",
        "serve",
        "--add-person",
        "ada",
        "--role",
        "viewer",
        "--people",
        str(people),
    ]
    secret = "five plain words are enough\n"
    done = subprocess.run(command, cwd=ROOT, input=secret * 2, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert read_people(people)["ada"].role == "viewer"
    assert "five plain" not in people.read_text() + done.stdout + done.stderr
