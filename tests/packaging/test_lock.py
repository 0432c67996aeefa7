"""The lock files hold what pyproject.toml asks for, and nothing in them is left open."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pinned(lock: str) -> dict[str, list[str]]:
    """Each package of a lock file with its versions: one, or one for each range of Pythons."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line):
            found.setdefault(match[1].lower(), []).append(match[2])
    return found


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
@pytest.mark.parametrize("wish", PROJECT["dependencies"])
def test_lock_holds_what_the_project_needs(lock: str, wish: str) -> None:
    requirement = Requirement(wish)
    versions = pinned(lock).get(requirement.name.lower(), [])
    assert versions, f"{requirement.name} is not in {lock}: nox -s lock"
    assert all(requirement.specifier.contains(version) for version in versions)


@pytest.mark.parametrize("wish", PROJECT["optional-dependencies"]["dev"])
def test_dev_lock_holds_what_developers_need(wish: str) -> None:
    requirement = Requirement(wish)
    versions = pinned("requirements-dev.lock").get(requirement.name.lower(), [])
    assert versions, f"{requirement.name} is not in requirements-dev.lock: nox -s lock"
    assert all(requirement.specifier.contains(version) for version in versions)


def test_both_locks_pin_the_same_versions() -> None:
    dev = pinned("requirements-dev.lock")
    assert {name: dev.get(name) for name in pinned("requirements.lock")} == pinned("requirements.lock")


def test_the_extra_durable_and_its_lock_say_the_same() -> None:
    (wish,) = PROJECT["optional-dependencies"]["durable"]
    requirement = Requirement(wish)
    assert pinned("requirements-durable.lock") == {
        requirement.name: [str(requirement.specifier).removeprefix("==")]
    }
    assert wish in (ROOT / "requirements-durable.in").read_text(encoding="utf-8").splitlines()
    assert requirement.name not in pinned("requirements.lock"), "who has no compiler could not install"


def test_the_extra_postgres_and_its_lock_say_the_same() -> None:
    (wish,) = PROJECT["optional-dependencies"]["postgres"]
    requirement, locked = Requirement(wish), pinned("requirements-postgres.lock")
    assert wish in (ROOT / "requirements-postgres.in").read_text(encoding="utf-8").splitlines()
    assert all(requirement.specifier.contains(version) for version in locked[requirement.name])
    dev = pinned("requirements-dev.lock")
    assert {name: dev.get(name) for name in locked} == locked


def test_licences_are_those_that_the_packages_state() -> None:
    text, told = (ROOT / "pyproject.toml").read_text(encoding="utf-8"), 0
    for wish in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["postgres"]]:
        try:
            stated = dict(metadata(Requirement(wish).name).items()).get("License-Expression")  # type: ignore[attr-defined]  # a message has items()
        except PackageNotFoundError:
            continue
        if stated is None:
            continue
        comment = next(line.partition("#")[2] for line in text.splitlines() if f'"{wish}"' in line)
        assert comment.rpartition("; ")[2].strip().lower() == stated.lower(), wish
        told += 1
    assert told > 10


@pytest.mark.parametrize(
    "lock",
    [
        "requirements-durable.lock",
        "requirements-build.lock",
        "requirements.lock",
        "requirements-dev.lock",
        "requirements-postgres.lock",
        "requirements-mutation.lock",
    ],
)
def test_every_pin_has_a_hash(lock: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / lock).read_text(encoding="utf-8"))[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
