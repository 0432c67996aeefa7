"""Checked rule books, kept by the hash of all that they are read from: reading and checking one takes a third of a second.

What is kept is a copy: where it is lacking, damaged, somebody else's or made by another program, the files are read. Only
data of the rule language is taken out of it, nothing that runs.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sharedvalue.engine.kept import Kept

if TYPE_CHECKING:
    from sharedvalue.engine.language.rulebook import RuleBook

VARIABLE = "SHAREDVALUE_CACHE"  # the folder; "off" for none
IN_MEMORY = 8  # books of one process: a house, an earlier version, a what-if of thresholds
ON_DISK = 20  # files of about half a megabyte
LARGEST = 1_000_000  # bytes of a house's files; more is refused where it is read
MOST_ENTRIES = 10_000  # of a house directory

PLAIN = {("builtins", "range"), ("builtins", "frozenset"), ("builtins", "set"), ("fractions", "Fraction")}

_books: Kept[RuleBook] = Kept(IN_MEMORY)


def key_of(folder: Path, overlays: Sequence[Path]) -> str | None:
    """What a book hangs on, in one hash: its files, where they lie, and the program that reads them.

    None where that cannot be said at once: a link, a pipe, too much. Then the book is read, and whoever reads it complains.
    """
    digest = hashlib.sha256(_program())
    try:
        for place, files in ((folder, _shipped(folder)), *((path, _house(path)) for path in overlays)):
            digest.update(f"\0{place}\0".encode("utf-8", "surrogateescape"))
            for path in files:
                content = path.read_bytes()
                digest.update(f"\0{path}\0{len(content)}\0".encode("utf-8", "surrogateescape") + content)
    except (OSError, _Unsure):
        return None
    return digest.hexdigest()


def find(key: str) -> RuleBook | None:
    """The book that was kept under a key; None where there is none that can be trusted."""
    book = _books.get(key)
    if book is None and (book := _from_disk(key)) is not None:
        _books.put(key, book)
    return book


def keep(key: str, book: RuleBook) -> None:
    """Keeps a checked book. Where nothing can be written, nothing is: it is read again next time."""
    _books.put(key, book)
    folder = kept_folder()
    if folder is None:
        return
    from sharedvalue.engine.language.whole_file import write_whole

    content = pickle.dumps(book, protocol=pickle.HIGHEST_PROTOCOL)
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(folder / f"{key}.book", hashlib.sha256(content).digest() + content, rights=0o600)
        for old in sorted(folder.glob("*.book"), key=lambda path: path.stat().st_mtime)[:-ON_DISK]:
            old.unlink(missing_ok=True)


class _Unsure(Exception):
    pass


def _shipped(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("*.yaml"))


def _house(folder: Path) -> Iterator[Path]:
    entries = list(islice(folder.rglob("*"), MOST_ENTRIES + 1))
    paths = sorted(path for path in entries if path.suffix.lower() in (".yaml", ".yml"))
    if len(entries) > MOST_ENTRIES or any(path.is_symlink() or not path.is_file() for path in paths):
        raise _Unsure
    if sum(path.stat().st_size for path in paths) > LARGEST:
        raise _Unsure
    yield from paths


@lru_cache(1)
def _program() -> bytes:
    """The program that reads and checks a book, as Python tells whether what it compiled is of a source: by size and time."""
    here = Path(__file__).resolve().parent
    sources = sorted([*here.glob("*.py"), here.parent / "errors.py"])
    stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in sources]
    return repr((sys.version_info[:3], stats)).encode()


def kept_folder() -> Path | None:
    """Where what is worth keeping lies; None where nothing shall be kept."""
    asked = os.environ.get(VARIABLE)
    if asked == "off":
        return None
    if asked:
        return Path(asked)
    import platformdirs

    return Path(platformdirs.user_cache_path("sharedvalue", appauthor=False)) / "books"


def _from_disk(key: str) -> RuleBook | None:
    folder = kept_folder()
    if folder is None:
        return None
    content = own_bytes(folder / f"{key}.book")
    if content is None:
        return None
    try:
        book: RuleBook = _OnlyData(io.BytesIO(content)).load()
        os.utime(folder / f"{key}.book")  # the latest used are kept longest
    except Exception:  # noqa: BLE001  # whatever is wrong with it, the files are read instead
        return None
    return book


def own_bytes(path: Path) -> bytes | None:
    """What was kept in a file, after the hash of it; None where it is not whole, or somebody else could have written it."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022):
                return None
            raw = file.read()
    except OSError:
        return None
    return raw[32:] if hashlib.sha256(raw[32:]).digest() == raw[:32] else None


class _OnlyData(pickle.Unpickler):
    """Takes out the types of the rule language, and nothing else: no function of any module is called."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in PLAIN:
            return super().find_class(module, name)
        if module.startswith("sharedvalue.engine.language.") or module == "sharedvalue.engine.errors":
            found = getattr(import_module(module), name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a rule book")
