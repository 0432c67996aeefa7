"""The parts of a workbook: an archive of XML, read as a stream, counted as it unfolds."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.parsers import expat

from sharedvalue.engine.sheets.bounds import (
    LEAST_LIMIT,
    MOST_DEEP,
    MOST_PARTS,
    MOST_TIMES,
    MOST_UNPACKED,
    Damaged,
    TooMuch,
)

CHUNK = 1 << 18
Start = Callable[[str, Mapping[str, str]], object]
End = Callable[[str], object]


class Stop(Exception):
    """Whoever listens to a part has heard enough."""


class Parts:
    """An open archive. Names of parts are looked up without case, as spreadsheets do."""

    def __init__(self, path: Path) -> None:
        try:
            self.archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
            raise Damaged(f"the zip does not open ({error})") from None
        entries = self.archive.infolist()
        if len(entries) > MOST_PARTS:
            raise TooMuch(f"the file holds more than {MOST_PARTS:,} parts")
        self.names = {entry.filename.lstrip("/").casefold(): entry for entry in entries}
        self.left = self.limit = min(MOST_UNPACKED, max(LEAST_LIMIT, path.stat().st_size * MOST_TIMES))

    def has(self, name: str) -> bool:
        return name.casefold() in self.names

    def listen(self, name: str, start: Start, end: End, text: Callable[[str], object] | None = None) -> None:
        """Tells the elements of a part, by names without prefix, as they come."""
        entry = self.names.get(name.casefold())
        if entry is None:
            raise Damaged(f"the part {name[:80]} is missing")
        if entry.flag_bits & 1:
            raise Damaged("it is protected by a password")
        parser = _parser(start, end, text)
        try:
            with self.archive.open(entry) as stream:
                while chunk := stream.read(CHUNK):
                    self.left -= len(chunk)
                    if self.left < 0:
                        raise TooMuch(f"the file would unpack to more than {self.limit:,} bytes")
                    parser.Parse(chunk, False)
                parser.Parse(b"", True)
        except Stop:
            return
        except expat.ExpatError as error:
            raise Damaged(f"{name[:80]}: {error}") from None
        except (
            zipfile.BadZipFile,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
            LookupError,
        ) as error:
            raise Damaged(f"{name[:80]} does not unpack ({' '.join(str(error).split())[:100]})") from None

    def related(self, name: str) -> list[tuple[str, str, str]]:
        """What a part refers to: (id, the last word of its kind, the name of the part)."""
        folder, file = posixpath.split(name)
        found: list[tuple[str, str, str]] = []

        def start(element: str, attributes: Mapping[str, str]) -> None:
            if element == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                whole = target if target.startswith("/") else posixpath.join("/", folder, target)
                kind = attributes.get("Type", "").rpartition("/")[2]
                found.append((attributes.get("Id", ""), kind, posixpath.normpath(whole).lstrip("/")))

        relations = posixpath.join(folder, "_rels", f"{file}.rels")
        if self.has(relations):
            self.listen(relations, start, lambda _: None)
        return found


def _parser(start: Start, end: End, text: Callable[[str], object] | None) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    local: dict[str, str] = {}

    def plain(name: str) -> str:
        found = local.get(name)
        if found is None:
            if len(local) > 10_000:
                raise TooMuch("its parts hold thousands of kinds of elements")
            found = local[name] = name.rpartition(":")[2]
        return found

    def refused(*_: object) -> None:
        raise TooMuch("its parts declare a document type")

    deep = 0

    def begins(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal deep
        deep += 1
        if deep > MOST_DEEP:
            raise TooMuch(f"its parts nest more than {MOST_DEEP} deep")
        start(plain(name), attributes)

    def ends(name: str) -> None:
        nonlocal deep
        deep -= 1
        end(plain(name))

    parser.StartElementHandler = begins
    parser.EndElementHandler = ends
    parser.StartDoctypeDeclHandler = refused
    parser.EntityDeclHandler = refused
    if text is not None:
        parser.CharacterDataHandler = text
    return parser
