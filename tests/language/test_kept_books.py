"""A rule book that was read once: found again, never another one, and nothing in what was kept is run."""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language import kept_books
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook, default_folder

HOUSE = "thresholds:\n  value_met: {value: 60, because: we ask for more}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kept = tmp_path / "kept"
    monkeypatch.setenv(kept_books.VARIABLE, str(kept))
    forget()
    return kept


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "ours.yaml").write_text(HOUSE)
    return tmp_path / "house"


def forget() -> None:
    """As a new process begins."""
    kept_books._books.clear()


def read_anew(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The folders that are read from now on, not taken from what was kept."""
    from sharedvalue.engine.language import loading

    seen: list[object] = []
    read = loading._read

    def noted(*given):  # type: ignore[no-untyped-def]  # it only passes on
        seen.append(given[0])
        return read(*given)

    monkeypatch.setattr(loading, "_read", noted)
    return seen


def test_the_second_process_gets_the_same_book_without_reading(
    folder: Path, house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load([house])
    forget()
    read = read_anew(monkeypatch)
    assert load([house]) == first
    assert load([house]) is load([house])
    assert read == []


@pytest.mark.parametrize("change", ["content", "name", "added"])
def test_a_house_that_changed_is_read_anew(folder: Path, house: Path, change: str) -> None:
    before = load([house])
    if change == "content":
        (house / "ours.yaml").write_text(HOUSE.replace("60", "61"))
    elif change == "name":
        (house / "ours.yaml").rename(house / "theirs.yaml")
    else:
        (house / "more.yaml").write_text("thresholds:\n  value_unmet: {value: 30, because: we bear more}\n")
    after = load([house])
    assert after.hash != before.hash
    assert {c.file for c in after.house_changes} == {str(path) for path in house.iterdir()}


def test_a_mistake_is_told_each_time(folder: Path, house: Path) -> None:
    (house / "ours.yaml").write_text(HOUSE.replace("value_met", "valu_met"))
    for _ in range(2):
        forget()
        with pytest.raises(UserError, match="valu_met"):
            load([house])
    assert not folder.exists()


def spoilt(folder: Path, content: bytes) -> None:
    forget()
    for path in folder.glob("*.book"):
        path.write_bytes(content)


class Runs:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch ran",)


def test_what_was_damaged_or_would_run_is_not_taken(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    book = load()
    whole = next(folder.glob("*.book")).read_bytes()
    evil = pickle.dumps(Runs())
    read = read_anew(monkeypatch)
    contents = (b"", whole[:1000], whole[:-1] + b"?", hashlib.sha256(evil).digest() + evil)
    for content in contents:
        spoilt(folder, content)
        assert load() == book
    assert len(read) == len(contents)
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system has no owners of files")
def test_what_others_could_have_written_is_not_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load()
    forget()
    for path in folder.glob("*.book"):
        path.chmod(0o666)
    read = read_anew(monkeypatch)
    load()
    assert read == [default_folder()]


def test_where_nothing_can_be_written_it_is_read_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    for place in (str(tmp_path / "file"), "off"):
        monkeypatch.setenv(kept_books.VARIABLE, place)
        forget()
        assert isinstance(load(), RuleBook)


def test_only_the_latest_are_kept(folder: Path, house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_books, "ON_DISK", 2)
    monkeypatch.setattr(kept_books._books, "most", 2)
    for value in (60, 61, 62):
        (house / "ours.yaml").write_text(HOUSE.replace("60", str(value)))
        load([house])
    assert len(list(folder.glob("*.book"))) == len(kept_books._books) == 2


def test_a_pipe_or_a_link_in_a_house_is_left_to_the_reader(folder: Path, house: Path) -> None:
    (house / "link.yaml").symlink_to(house / "ours.yaml")
    assert kept_books.key_of(default_folder(), [house]) is None
    (house / "link.yaml").unlink()
    if hasattr(os, "mkfifo"):
        os.mkfifo(house / "pipe.yaml")
        assert kept_books.key_of(default_folder(), [house]) is None
