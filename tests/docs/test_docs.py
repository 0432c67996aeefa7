"""The docs cannot lag: every command in them is run, every command is in them, and the generated pages are current."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from sharedvalue.cli.main import main
from tests.cli.calling import call, process
from tools.reference import pages

ROOT = Path(__file__).resolve().parents[2]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n)?^```(?P<kind>[^\n]*)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE
)
FOR_BEGINNERS = (ROOT / "README.md", ROOT / "docs" / "tutorial" / "first-decision.md")  # run as processes
SET_UP = 2  # the README's first two blocks install; tests/packaging and CI run those


def blocks(page: Path) -> list[tuple[str, str, str]]:
    """(kind, text, file to write or '') of every fenced block of a page."""
    found = BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [(m["kind"].strip(), m["text"], m["file"] or "") for m in found]


@pytest.mark.parametrize("page", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    commands = [b for b in blocks(page) if b[0] == "sh" or b[2]]
    for kind, text, file in commands[SET_UP if page.name == "README.md" else 0 :]:
        if file:
            (tmp_path / file).write_text(text, encoding="utf-8")
            continue
        assert kind == "sh"
        for line in text.strip().splitlines():
            program, *words = shlex.split(line)
            if program != "sharedvalue":
                subprocess.run([program, *words], cwd=tmp_path, check=True, capture_output=True, timeout=120)
                continue
            done = (process if page in FOR_BEGINNERS else call)(*words, folder=tmp_path)
            assert done.code == 0, f"{line}\n{done.out}{done.err}"


def test_first_two_blocks_are_the_set_up_commands() -> None:
    first, second = [text.strip() for kind, text, _ in blocks(ROOT / "README.md") if kind == "sh"][:2]
    assert "\n" not in first
    assert "\n" not in second
    scenario = next(word for word in shlex.split(first) if word.startswith("scenarios/"))
    assert (ROOT / scenario).is_file()


def test_every_command_is_documented() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in DOCS)
    import click

    import sharedvalue.cli.main as entry

    group = next(value for value in vars(entry).values() if isinstance(value, click.Group))
    missing = [
        name for name in group.list_commands(click.Context(group)) if f"sharedvalue {name}" not in text
    ]
    assert not missing, f"no page shows: {missing}"
    assert callable(main)


def test_every_link_leads_somewhere() -> None:
    for page in DOCS:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"


def test_generated_pages_are_current() -> None:
    stale = [
        str(path.relative_to(ROOT))
        for path, text in pages().items()
        if path.read_text(encoding="utf-8") != text
    ]
    assert not stale, f"run python -m tools.reference for {stale}"
