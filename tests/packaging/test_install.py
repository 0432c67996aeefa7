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


def test_only_python_3_13_is_a_clear_stop(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "candidates", lambda asked: [python(install, version=[3, 13, 0])])
    with pytest.raises(install.Stop, match=r"3\.13\.0") as stop:
        install.choose_python(None)
    assert stop.value.code == "SV001"
    assert "python3.12" in stop.value.mend


def test_another_python_is_taken_where_the_first_does_not_suit(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = python(install)
    monkeypatch.setattr(install, "candidates", lambda asked: [python(install, version=[3, 13, 0]), good])
    monkeypatch.setattr(install, "lacks", lambda one: None)
    assert install.choose_python(None) == good


def test_missing_ensurepip_is_named(install: ModuleType) -> None:
    assert install.lacks(python(install, ensurepip=False)).code == "SV002"


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows pip looks for the compiler")
def test_missing_compiler_is_named(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    stop = install.lacks(python(install, cc="gcc -pthread"))
    assert stop.code == "SV003"
    assert "gcc" in stop.what


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows pip looks for the compiler")
def test_missing_headers_are_named(install: ModuleType, tmp_path: Path) -> None:
    stop = install.lacks(python(install, include=[str(tmp_path)]))
    assert stop.code == "SV004"
    assert "Python.h" in stop.what


def test_every_stop_has_a_mend_and_exit_2(tmp_path: Path) -> None:
    copy = tmp_path / "install.py"
    copy.write_text((ROOT / "install.py").read_text(encoding="utf-8"), encoding="utf-8")
    for name in ("pyproject.toml", "requirements.lock", "requirements-build.lock"):
        (tmp_path / name).write_text("", encoding="utf-8")
    command = [sys.executable, str(copy), "--python", str(tmp_path / "no-python")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("SV001 ")
    assert "Install Python 3.12" in done.stderr


def test_readme_opens_with_the_two_commands() -> None:
    blocks = re.findall(
        r"^```(.*?)\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S
    )
    (first, second) = blocks[:2]
    assert first[0] == second[0] == "sh"
    assert first[1].count("\n") == second[1].count("\n") == 1
    assert first[1].startswith("python3 install.py && .venv/bin/sharedvalue decide scenarios/")
    assert second[1] == "python3 install.py --test\n"
