"""The built wheel is whole: code, rule book, scenarios and font, found the same way as in a checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("engine", "cli", "web", "rules", "scenarios")
FRONT = ("__init__.py", "__main__.py")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that the checkout stays as it is."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, copy)
    (copy / "sharedvalue").mkdir()
    for name in FRONT:
        shutil.copy(ROOT / "sharedvalue" / name, copy / "sharedvalue")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__", "*_cache"))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(copy / "dist")]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = (copy / "dist").glob("*.whl")
    return built


def test_wheel_holds_every_file_of_every_part(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        "sharedvalue/" + path.relative_to(ROOT).as_posix()
        for part in PARTS
        for path in (ROOT / part).rglob("*")
        if path.is_file() and "cache" not in str(path.relative_to(ROOT)) and path.suffix != ".md"
    }
    assert wanted - names == set()


def test_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops <= {"sharedvalue", "sharedvalue-0.1.0.dist-info"}


def test_installed_wheel_finds_its_rule_book(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(site),
    ]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    look = "from sharedvalue.engine.language.rulebook import default_folder; print(default_folder())"
    start = f"import sys; sys.path.insert(0, {str(site)!r}); {look}"
    done = subprocess.run(
        [sys.executable, "-I", "-c", start], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    folder = Path(done.stdout.strip())
    assert folder == site.resolve() / "sharedvalue" / "rules"
    assert {path.name for path in folder.glob("*.yaml")} == {
        path.name for path in (ROOT / "rules").glob("*.yaml")
    }
