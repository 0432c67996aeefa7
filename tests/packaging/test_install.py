"""install.py says what is missing and what to do, on whatever Python it is started with."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", ROOT / "install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def python(install: ModuleType, **changes: Any) -> dict[str, Any]:
    """What this Python tells of itself, with some of it changed."""
    told: dict[str, Any] = install.probe(sys.executable)
    return told | changes


def test_syntax_is_that_of_python_3_6() -> None:
    ast.parse((ROOT / "install.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_python_that_is_too_old_is_a_clear_stop(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "candidates", lambda asked: [python(install, version=[3, 9, 18])])
    with pytest.raises(install.Stop, match=r"3\.9\.18") as stop:
        install.choose_python(None)
    assert stop.value.code == "SV001"
    assert "python3.12" in stop.value.mend


@pytest.mark.parametrize("version", [[3, 10, 0], [3, 13, 0], [3, 14, 2], [3, 15, 0]])
def test_every_newer_python_is_taken(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, version: list[int]
) -> None:
    one = python(install, version=version)
    monkeypatch.setattr(install, "candidates", lambda asked: [one])
    monkeypatch.setattr(install, "cannot_build", lambda python: None)
    assert install.choose_python(None) == (one, None)


def test_a_python_that_can_build_goes_before_one_that_cannot(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = python(install, path="first"), python(install, path="second")
    monkeypatch.setattr(install, "candidates", lambda asked: [first, second])
    monkeypatch.setattr(install, "cannot_build", lambda one: "no C" if one is first else None)
    assert install.choose_python(None) == (second, None)
    monkeypatch.setattr(install, "cannot_build", lambda one: "no C")
    assert install.choose_python(None) == (first, "no C")


def test_missing_ensurepip_is_named(install: ModuleType) -> None:
    assert install.lacks(python(install, ensurepip=False)).code == "SV002"


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows only trying tells")
def test_without_a_compiler_it_goes_on_and_says_why(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install.lacks(python(install)) is None
    assert (
        install.cannot_build(python(install, cc="gcc -pthread"))
        == "no C compiler (looked for gcc, cc, clang)"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows only trying tells")
def test_missing_headers_are_named(install: ModuleType, tmp_path: Path) -> None:
    if install.compiler_for(python(install)) is None:
        pytest.skip("there is no compiler here")
    assert "Python.h" in install.cannot_build(python(install, include=[str(tmp_path)]))


def test_every_stop_has_a_mend_and_exit_2(tmp_path: Path) -> None:
    copy = tmp_path / "install.py"
    copy.write_text((ROOT / "install.py").read_text(encoding="utf-8"), encoding="utf-8")
    locks = ("requirements.lock", "requirements-build.lock", "requirements-durable.lock")
    for name in ("pyproject.toml", *locks):
        (tmp_path / name).write_text("", encoding="utf-8")
    command = [sys.executable, str(copy), "--python", str(tmp_path / "no-python")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("SV001 ")
    assert "Install a newer Python" in done.stderr


def test_readme_opens_with_the_two_commands() -> None:
    blocks = re.findall(
        r"^```(.*?)\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S
    )
    (first, second) = blocks[:2]
    assert first[0] == second[0] == "sh"
    assert first[1].count("\n") == second[1].count("\n") == 1
    assert first[1].startswith("python3 install.py && .venv/bin/sharedvalue decide scenarios/")
    assert second[1] == "python3 install.py --test\n"
