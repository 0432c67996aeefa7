"""The scenarios that the page shows: the files of one folder and the samples, by names that no request can make up."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.language.scenario_file import read_text, save
from sharedvalue.engine.language.whole_file import write_whole

SUFFIXES = (".yaml", ".yml")
SAMPLE = "sample--"
ARCHIVE = "archive"  # the folder, below that of the scenarios, of what was put away
MOST_FILES = 2000
MOST_STEPS = 200  # of undo, for one scenario
MOST_TEXT = 200_000  # characters of a file that is edited on the page


@dataclass(frozen=True)
class Case:
    """One file. `slug` is its name in addresses; it is looked up, and never made into a path."""

    slug: str
    path: Path
    sample: bool

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True)
class Opened:
    """A file as it was read. `version` is the fingerprint of its text."""

    case: Case
    text: str
    version: str


class Changed(Exception):
    """The file is no longer what the form was made from."""

    def __init__(self, now: Opened) -> None:
        self.now = now


@dataclass
class Steps:
    """Texts that a scenario had, for undo and redo. They last as long as the program runs."""

    texts: list[str] = field(default_factory=list)
    at: int = -1

    def begin(self, text: str) -> None:
        """Another program may have changed the file: what was done before cannot be undone then."""
        if self.at < 0 or self.texts[self.at] != text:
            self.texts, self.at = [text], 0

    def push(self, text: str) -> None:
        self.texts = [*self.texts[: self.at + 1], text][-MOST_STEPS:]
        self.at = len(self.texts) - 1

    def step(self, by: int) -> str | None:
        return self.texts[self.at + by] if 0 <= self.at + by < len(self.texts) else None


class Folder:
    """The folder of scenarios."""

    def __init__(self, folder: Path, samples: Path) -> None:
        self.folder, self.samples = folder.resolve(), samples.resolve()
        self.steps: defaultdict[Path, Steps] = defaultdict(Steps)
        self.locks: defaultdict[Path, asyncio.Lock] = defaultdict(asyncio.Lock)

    # --- finding --------------------------------------------------------------------------------------------
    def listing(self) -> dict[str, Case]:
        """All scenarios by slug; own ones first."""
        found: dict[str, Case] = {}
        for path in _files(self.folder):
            _add(found, slug_of(path.stem), path, False)
        if self.samples != self.folder:
            for path in _files(self.samples):
                _add(found, SAMPLE + slug_of(path.stem), path, True)
        return found

    def open(self, slug: str) -> Opened | None:
        """The scenario of a slug as it is now.

        Raises:
            UserError: where the file cannot be read.
        """
        case = self.listing().get(slug)
        return None if case is None else opened(case)

    # --- changing -------------------------------------------------------------------------------------------
    async def write(self, before: Opened, after: str) -> Opened:
        """Another text for a file that is still what it was. Raises Changed where it is not."""
        if before.case.sample:
            raise mistake(
                "SV121",
                before.case.name,
                "this is a sample, which stays as it is",
                "Make a copy of it first.",
            )
        if len(after) > MOST_TEXT:
            raise mistake("SV104", before.case.name, "the scenario would be too long", "Shorten its texts.")
        async with self.locks[before.case.path]:
            now = opened(before.case)
            if now.version != before.version:
                raise Changed(now)
            if after != now.text:
                steps = self.steps[before.case.path]
                steps.begin(now.text)
                saved(before, now.text, after)
                steps.push(after)
        return opened(before.case)

    async def step(self, before: Opened, by: int) -> Opened:
        """One step back (-1) or forward (1). Raises Changed where the file is another by now."""
        async with self.locks[before.case.path]:
            now, steps = opened(before.case), self.steps[before.case.path]
            if now.version != before.version:
                raise Changed(now)
            steps.begin(now.text)
            text = steps.step(by)
            if text is not None and text != now.text:
                saved(before, now.text, text)
                steps.at += by
        return opened(before.case)

    def can_step(self, now: Opened) -> tuple[bool, bool]:
        """Whether there is something to undo, and to redo."""
        steps = self.steps.get(now.case.path)
        if steps is None or steps.at < 0 or steps.texts[steps.at] != now.text:
            return False, False
        return steps.at > 0, steps.at + 1 < len(steps.texts)

    # --- putting away ---------------------------------------------------------------------------------------
    @property
    def away(self) -> Path:
        return self.folder / ARCHIVE

    def archived(self) -> dict[str, Case]:
        """What was put away, by slugs of their own."""
        found: dict[str, Case] = {}
        for path in _files(self.away):
            _add(found, slug_of(path.stem), path, False)
        return found

    async def archive(self, before: Opened) -> None:
        """Puts a scenario away, where it is not listed; its file is moved, and nothing is lost. Raises Changed."""
        if before.case.sample:
            raise mistake(
                "SV121",
                before.case.name,
                "this is a sample, which stays as it is",
                "Make a copy of it first.",
            )
        async with self.locks[before.case.path]:
            now = opened(before.case)
            if now.version != before.version:
                raise Changed(now)
            self.moved(before.case.path, self.away)

    def restore(self, slug: str) -> Case | None:
        """A scenario that was put away, back in the list; None where there is none of this name."""
        case = self.archived().get(slug)
        if case is None:
            return None
        path = self.moved(case.path, self.folder)
        return next(c for c in self.listing().values() if c.path == path)

    def moved(self, path: Path, to: Path) -> Path:
        """A file in another folder, under a name that is free there."""
        try:
            to.mkdir(exist_ok=True)
            for number in range(1, MOST_FILES):
                target = to / f"{path.stem}{'' if number == 1 else f'-{number}'}{path.suffix}"
                if not target.exists():
                    path.rename(target)
                    return target
        except OSError as error:
            why = error.strerror or str(error)
            raise mistake(
                "SV121", path.name, f"it cannot be moved: {why}", "See who may write there."
            ) from None
        raise mistake(
            "SV112", path.stem, "there are too many scenarios of this name", "Give it another name."
        )

    def create(self, title: str, text: str) -> Case:
        """A new file, named after its title.

        Raises:
            UserError: SV121 where nothing can be written.
        """
        stem = slug_of(title)
        for number in range(1, MOST_FILES):
            path = self.folder / f"{stem}{'' if number == 1 else f'-{number}'}.yaml"
            try:
                write_whole(path, text.encode(), replace=False)
            except FileExistsError:
                continue
            except OSError as error:
                raise mistake(
                    "SV121",
                    str(path),
                    f"it cannot be written: {error.strerror or error}",
                    "Choose another folder.",
                ) from None
            return next(case for case in self.listing().values() if case.path == path)
        raise mistake("SV112", stem, "there are too many scenarios of this name", "Give it another name.")


def saved(before: Opened, now: str, after: str) -> None:
    """Writes a text in the place of the one that was read. Raises Changed where another program came in between."""
    try:
        save(before.case.path, now, after)
    except UserError as error:
        if error.problems[0].code == "SV243":
            raise Changed(opened(before.case)) from None
        raise


def opened(case: Case) -> Opened:
    text = read_text(case.path)
    return Opened(case, text, version_of(text))


def version_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def slug_of(text: str) -> str:
    """A name for addresses and files: small letters, digits and single dashes."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.casefold()[:200]).strip("-")[:60].strip("-")
    return plain or "community"


def _files(folder: Path) -> list[Path]:
    """Regular files of scenarios directly in a folder; links that lead out of it are left alone."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                e.name for e in entries if e.name.endswith(SUFFIXES) and not e.name.startswith(".")
            )
    except OSError:
        return []
    paths = [folder / name for name in names[:MOST_FILES]]
    return [path for path in paths if path.is_file() and path.resolve().parent == folder]


def _add(found: dict[str, Case], slug: str, path: Path, sample: bool) -> None:
    number, free = 1, slug
    while free in found:
        number += 1
        free = f"{slug}-{number}"
    found[free] = Case(free, path, sample)
