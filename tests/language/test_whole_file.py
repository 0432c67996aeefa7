"""Files that several programs write: compared and written in one step, whole or not at all, nothing left of those that were killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sharedvalue.engine.language.locks import NAME, locked
from sharedvalue.engine.language.whole_file import Elsewhere, rewrite, write_whole
from tests.cli.calling import ROOT

COUNTS = """
import sys
from pathlib import Path
from sharedvalue.engine.language.whole_file import rewrite
for _ in range(int(sys.argv[2])):
    rewrite(Path(sys.argv[1]), lambda now: str(int(now or b"0") + 1).encode())
    print(".", flush=True)
"""
SAVES = """
import sys
from pathlib import Path
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.scenario_file import read_text, save
path, own = Path(sys.argv[1]), sys.argv[2]
saved = 0
while saved < int(sys.argv[3]):
    text = read_text(path)
    try:
        save(path, text, text + f"# {own} {saved}\\n")
    except UserError as error:
        assert error.problems[0].code == "SV243", error
        continue
    saved += 1
"""


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", code, *arguments], env=environment, stdout=subprocess.PIPE, text=True)  # fmt: skip


def test_programs_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    running = [python(COUNTS, str(tmp_path / "count"), "60") for _ in range(3)]
    assert [process.communicate(timeout=120)[0].count(".") for process in running] == [60, 60, 60]
    assert (tmp_path / "count").read_text() == "180"
    assert [path.name for path in tmp_path.iterdir()] == ["count"], "the lock went with the last of them"


def test_new_file_where_a_file_has_one_name_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")  # what a memory stick says

    monkeypatch.setattr(os, "link", link)
    write_whole(tmp_path / "f", b"ours", replace=False)
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "f", b"more of ours", replace=False)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("f", b"ours")]


def test_a_lock_within_a_lock_is_let_go_with_the_outer_one(tmp_path: Path) -> None:
    with locked(tmp_path / "a"):
        with locked(tmp_path / "b"):
            pass
        assert (tmp_path / NAME).exists()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_a_killed_program_left_is_free(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    rewrite(tmp_path / "f", lambda _: b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_two_programs_that_save_one_scenario_lose_no_change(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("scenario: 1\n")
    running = [python(SAVES, str(path), own, "40") for own in ("a", "b")]
    for process in running:
        process.communicate(timeout=120)
        assert process.returncode == 0
    lines = path.read_text().splitlines()[1:]
    assert sorted(lines) == sorted(f"# {own} {n}" for own in ("a", "b") for n in range(40))


def test_what_another_wrote_meanwhile_is_not_undone(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"theirs")

    def change(now: bytes) -> bytes:
        if now != b"ours":
            raise Elsewhere
        return b"more of ours"

    with pytest.raises(Elsewhere):
        rewrite(tmp_path / "f", change)
    assert (tmp_path / "f").read_bytes() == b"theirs"


def test_none_takes_the_file_away_and_nothing_makes_an_empty_one(tmp_path: Path) -> None:
    rewrite(tmp_path / "f", lambda _: b"")
    assert (tmp_path / "f").read_bytes() == b""
    rewrite(tmp_path / "f", lambda _: None)
    assert not (tmp_path / "f").exists()


@pytest.mark.skipif(os.name != "posix", reason="whether a process runs is asked so on POSIX only")
def test_drafts_of_programs_that_were_killed_go_and_those_of_others_stay(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = tmp_path / f".case-{ended.pid}-0123abcd.part"
    alive = tmp_path / f".case-{os.getpid()}-0123abcd.part"
    foreign = tmp_path / ".something.part"
    for path in (dead, alive, foreign):
        path.write_text("half")
    write_whole(tmp_path / "case.yaml", b"whole")
    assert not dead.exists()
    assert alive.exists()
    assert foreign.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to try")
def test_full_disk_leaves_no_file_behind(tmp_path: Path) -> None:
    code = """
import resource, signal, sys
from pathlib import Path
from sharedvalue.engine.language.whole_file import write_whole
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    write_whole(Path(sys.argv[1]), b"x" * 10_000)
except OSError:
    sys.exit(7)
"""
    process = python(code, str(tmp_path / "new.yaml"))
    process.communicate(timeout=60)
    assert process.returncode == 7
    assert list(tmp_path.iterdir()) == []


def test_file_and_folder_are_on_the_disk_before_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    real = os.fsync

    def noted(handle: int) -> None:
        synced.append(os.path.isdir(f"/proc/self/fd/{handle}"))
        real(handle)

    monkeypatch.setattr(os, "fsync", noted)
    write_whole(tmp_path / "f", b"x")
    if Path("/proc/self/fd").exists():
        assert synced == [False, True]
