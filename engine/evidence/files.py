"""The bytes of an export: what holds them (plain, gzip, zip), their fingerprint, their encoding; bounded before anything is unpacked."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, BinaryIO

from sharedvalue.engine.errors import UserError, mistake

MOST_BYTES = 8_000_000_000  # on disk; more is no export of one community
MOST_UNPACKED = 2_000_000_000  # of a compressed file
MOST_TIMES = (
    150  # text shrinks to a tenth, a sheet of repeated answers to a fiftieth; beyond this it is a bomb
)
LONGEST_LINE = 64_000_000
CHUNK = 1 << 20
HEAD = 65_536
Progress = Callable[[int, int], None]

# The mark at the start of a text, and how what follows is read. A mark that the codec leaves in is taken out with the first line.
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
OTHER_FILES = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)
CODEC_NAMES = {
    "cp932": "shift-jis",
    **{f"cp{number}": f"windows-{number}" for number in (*range(1250, 1257), 949)},
}
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
PAGES = re.compile(r"(?:^|/)(?:imported_)?pages[\w-]*\.csv$")  # of the zip that Plausible makes of a site
DAY_OF_MESSAGES = re.compile(r"(?:^|/)[^/]+/\d{4}-\d\d-\d\d\.json$")
WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
OWN_FILE = re.compile(rb"\A(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?:scenario|mapping):[ \t]*1\b")


@dataclass(frozen=True)
class File:
    """A file of evidence. `packing` is plain, gzip, zip (of which `member` is read), workbook or workspace (of Slack)."""

    path: Path
    size: int
    sha256: str
    packing: str
    head: bytes
    member: str = ""
    codec: str = ""
    cut_off: bool = False
    notes: tuple[str, ...] = ()

    @property
    def encoding(self) -> str:
        return CODEC_NAMES.get(self.codec, self.codec)

    def open(self) -> IO[bytes]:
        """The unpacked bytes, from the start."""
        if self.packing == "gzip":
            return gzip.open(self.path)  # type: ignore[return-value]  # a GzipFile reads as any stream of bytes
        if self.packing == "zip":
            return zipfile.ZipFile(self.path).open(self.member)
        return self.path.open("rb")

    def text(self, progress: Progress | None = None) -> io.TextIOWrapper:
        """The unpacked text, from the start; line ends stay as they were written."""
        errors = "ignore" if self.cut_off else "strict"
        raw = self.open()
        stream = _Watched(raw, self.size, progress) if progress else raw
        return io.TextIOWrapper(stream, encoding=self.codec, errors=errors, newline="")  # type: ignore[arg-type]  # any readable stream will do


class _Watched(io.BufferedIOBase):
    """A stream that tells how far it was read."""

    def __init__(self, raw: IO[bytes], total: int, progress: Progress) -> None:
        self.raw_stream, self.total, self.progress, self.done = raw, total, progress, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        data = self.raw_stream.read(-1 if size is None else size)
        self.done += len(data)
        self.progress(self.done, self.total)
        return data

    def read1(self, size: int = -1, /) -> bytes:
        return self.read(CHUNK if size < 0 else max(size, CHUNK >> 2))

    def close(self) -> None:
        self.raw_stream.close()
        super().close()


def look(path: Path, encoding: str = "") -> File:
    """What a file is, before it is understood. `encoding` is what a person says of its text.

    Raises:
        UserError: SV101 to SV104 where it cannot be read, SV410 where it is something else, SV413 where it is damaged,
        SV414 where it would unpack to too much.
    """
    _check_path(path)
    size = path.stat().st_size
    if size == 0:
        raise mistake("SV105", str(path), "the file is empty", "Export it again.")
    if size > MOST_BYTES:
        raise mistake("SV104", str(path), f"{size:,} bytes; at most {MOST_BYTES:,} are read", "Split it.")
    with path.open("rb") as stream:
        start = stream.read(HEAD)
    for magic, what in OTHER_FILES:
        if start.startswith(magic):
            raise mistake("SV410", str(path), f"this is {what}, not an export", "Export it as CSV or XLSX.")
    if WEB_PAGE.match(start):
        raise mistake(
            "SV410",
            str(path),
            "this is a web page, not an export",
            "In the tool, look for Export or Download, and choose CSV or XLSX; saving the page in the browser is not enough.",
        )
    if OWN_FILE.search(start):
        raise mistake(
            "SV410",
            str(path),
            "this is a file of sharedvalue's own, not an export",
            "A scenario belongs after --into, a mapping after --mapping.",
        )
    if start.startswith(OLD_OFFICE):
        raise mistake(
            "SV410",
            str(path),
            "this workbook is protected by a password, or in the format before 2007",
            "Save it as XLSX without a password, or as CSV.",
        )
    fingerprint = sha256(path)
    if start.startswith(b"\x1f\x8b"):
        return _text(File(path, size, fingerprint, "gzip", b""), encoding)
    if start.startswith(b"PK"):
        return _zip(File(path, size, fingerprint, "zip", b""), encoding)
    return _text(File(path, size, fingerprint, "plain", start), encoding)


def _check_path(path: Path) -> None:
    try:
        if not path.exists():
            raise mistake("SV101", str(path), "there is no such file", "Check the path.")
        if path.is_dir():
            raise mistake(
                "SV102", str(path), "this is a directory without interview notes (*.md)", "Give a file."
            )
        if not path.is_file():
            raise mistake("SV103", str(path), "this is not a regular file", "Save it to disk first.")
        path.open("rb").close()
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", "") or str(error)
        raise mistake(
            "SV103", str(path), f"cannot be read: {words}", "Check the path and its permissions."
        ) from None


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _zip(file: File, encoding: str) -> File:
    """A workbook, or a zip that holds one export."""
    name = str(file.path)
    try:
        with zipfile.ZipFile(file.path) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir() and "__MACOSX" not in e.filename]
            if any(e.flag_bits & 1 for e in entries):
                raise mistake("SV410", name, "the zip is protected by a password", "Unpack it first.")
            names = {e.filename for e in entries}
            workbook = "xl/workbook.xml" in names
            if not workbook and any(n.startswith(("word/", "ppt/")) or n == "mimetype" for n in names):
                raise mistake(
                    "SV410", name, "this is an office document, not a table", "Save the table as XLSX or CSV."
                )
            if workbook:
                return replace(file, packing="workbook")
            if is_workspace([e.filename for e in entries]):
                bounded(file, [e for e in entries if e.filename.endswith(".json")])
                return replace(file, packing="workspace")
            wanted = [
                e for e in entries if e.filename.lower().endswith((".csv", ".tsv", ".txt", ".xml", ".json"))
            ]
            if pages := [e for e in wanted if PAGES.search(e.filename)]:
                left = len(wanted) - 1
                told = f"Of the zip, {pages[0].filename} is read; {left} other tables are left alone."
                wanted, file = pages[:1], replace(file, notes=(*file.notes, told) if left else file.notes)
            if len(wanted) != 1:
                shown = ", ".join(sorted(e.filename for e in wanted)[:6]) or "none"
                raise mistake(
                    "SV410",
                    name,
                    f"the zip should hold one export (CSV, XML or JSON); found: {shown}",
                    "Unpack it and give one file.",
                )
            bounded(file, wanted)
            return _text(replace(file, member=wanted[0].filename), encoding)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        raise damaged(name, f"the zip does not open ({error})") from None


def bounded(file: File, entries: list[zipfile.ZipInfo]) -> None:
    """Refuses what unpacks to too much. Declared sizes are checked first; then the truth, since they may lie."""
    limit = min(MOST_UNPACKED, max(20_000_000, file.size * MOST_TIMES))
    if len(entries) > 10_000 or sum(e.file_size for e in entries) > limit:
        raise bomb(file.path, limit)
    total = 0
    with file.path.open("rb") as stream:
        for entry in entries:
            total += _true_size(stream, entry, limit - total)
            if total > limit:
                raise bomb(file.path, limit)


def _true_size(stream: BinaryIO, entry: zipfile.ZipInfo, room: int) -> int:
    """How many bytes an entry unpacks to, whatever it declares; stops just beyond `room`."""
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return entry.file_size if entry.compress_type == zipfile.ZIP_STORED else room + 1
    stream.seek(entry.header_offset)
    header = stream.read(30)
    stream.seek(
        int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), io.SEEK_CUR
    )
    unpack, size, left = zlib.decompressobj(-15), 0, entry.compress_size
    while left > 0 and size <= room:
        data = stream.read(min(left, CHUNK))
        if not data:
            break
        left -= len(data)
        while data and not unpack.eof and size <= room:
            size += len(unpack.decompress(data, CHUNK))
            data = unpack.unconsumed_tail
    return size


def bomb(path: Path, limit: int, what: str = "") -> UserError:
    what = what or f"the file would unpack to more than {limit:,} bytes"
    return mistake("SV414", str(path), what, "Is it the right file? No export is packed so densely.")


def damaged(name: str, what: str) -> UserError:
    return mistake("SV413", name, what, "It was cut off or changed on its way: export it again.")


def _text(file: File, encoding: str) -> File:
    """Finds the encoding: what a person says, else by BOM, else UTF-8, else by its letters, with a note that shows some of them.

    The whole file is checked.
    """
    limit = (
        MOST_BYTES
        if file.packing == "plain"
        else min(MOST_UNPACKED, max(20_000_000, file.size * MOST_TIMES * 4))
    )
    try:
        with file.open() as stream:
            head = stream.read(HEAD)
            file = replace(file, head=head)
            codec = _named(encoding) if encoding else _first_guess(file)
            problem = _decodes(file, stream, head, codec, limit)
            if problem == "wrong" and codec == "utf-8" and not encoding:
                return _by_letters(file, limit)
    except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as error:
        raise damaged(str(file.path), f"the compressed file does not open ({error})") from None
    if problem == "wrong":
        raise mistake(
            "SV412",
            str(file.path),
            f"some bytes are no text in {codec.upper()}",
            "Save it as UTF-8, or export it again; --encoding says which encoding it is in.",
        )
    cut = problem == "cut off"
    told = ("The file ends in the middle of a character: it looks cut off.",) if cut else ()
    return replace(file, codec=codec, cut_off=cut, notes=(*file.notes, *told))


def is_workspace(names: Sequence[str]) -> bool:
    """Whether these are the files of a Slack workspace: its channels, and a file of messages a day."""
    last = {name.rpartition("/")[2] for name in names}
    return "channels.json" in last and any(DAY_OF_MESSAGES.search(name) for name in names)


def _named(encoding: str) -> str:
    """The codec of a name that a person gives.

    Raises:
        UserError: SV412 for a name of no encoding of texts.
    """
    try:
        found = codecs.lookup(encoding)
        if not getattr(found, "_is_text_encoding", True):
            raise LookupError
    except LookupError:
        raise mistake(
            "SV412",
            "--encoding",
            f"'{encoding[:40]}' is no encoding",
            "Such as: utf-8, windows-1251, shift-jis, gb18030.",
        ) from None
    return found.name


def _by_letters(file: File, limit: int) -> File:
    """The likeliest encoding in which the whole file is text."""
    from sharedvalue.engine.evidence.encodings import SAMPLE, TITLES, likely, shown

    with file.open() as stream:
        sample = stream.read(SAMPLE)
    whole = []
    for codec in likely(sample[: sample.rfind(b"\n") + 1] or sample):
        with file.open() as again:
            if _decodes(file, again, again.read(HEAD), codec, limit) == "":
                whole.append(codec)
        if len(whole) == 2:
            break
    if not whole:
        raise mistake(
            "SV412",
            str(file.path),
            "its bytes are no text in UTF-8, nor in any other encoding that is known here",
            "Save it as UTF-8, or export it again; --encoding says which encoding it is in.",
        )
    letters = shown(sample.decode(whole[0], "replace"))
    reads = f" It then reads: {letters}." if letters else ""
    other = (
        f" If that looks wrong, try --encoding {CODEC_NAMES.get(whole[1], whole[1])}, or save it as UTF-8."
        if len(whole) > 1
        else ""
    )
    note = f"No UTF-8, so read as {TITLES[whole[0]]}.{reads}{other}"
    return replace(file, codec=whole[0], notes=(*file.notes, note))


def _first_guess(file: File) -> str:
    for mark, codec in BOMS:
        if file.head.startswith(mark):
            return codec
    sample = file.head[:4096]
    if b"\0" in sample:
        if (unmarked := _utf_16(sample)) is not None:
            return unmarked
        raise mistake(
            "SV410",
            str(file.path),
            "this is no text, no workbook and no archive",
            "Export it as CSV or XLSX.",
        )
    return "utf-8"


def _utf_16(sample: bytes) -> str | None:
    """UTF-16 without a mark: in one of its two orders the sample has lines of signs that can be shown, and in the other none."""
    for codec in ("utf-16-le", "utf-16-be"):
        text = sample[: len(sample) // 2 * 2].decode(codec, "replace")
        shown = sum(c.isprintable() or c in "\r\n\t" for c in text)
        if "\n" in text and len(text) >= 4 and shown >= 0.98 * len(text):
            return codec
    return None


def _decodes(file: File, stream: IO[bytes], head: bytes, codec: str, limit: int) -> str:
    """'' where all bytes are text in this encoding, else 'wrong', or 'cut off' where only the last character is not whole."""
    decoder, chunk, total, line = codecs.getincrementaldecoder(codec)("strict"), head, 0, 0
    is_table = head.lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n")[:1] not in (b"<", b"{", b"[")
    try:
        while chunk:
            total += len(chunk)
            line = 0 if b"\n" in chunk or b"\r" in chunk else line + len(chunk)
            if total > limit:
                raise bomb(file.path, limit)
            if is_table and line > LONGEST_LINE:
                raise mistake(
                    "SV415",
                    str(file.path),
                    f"a line of more than {LONGEST_LINE:,} bytes",
                    "Is it the right file?",
                )
            decoder.decode(chunk)
            chunk = stream.read(CHUNK)
    except UnicodeDecodeError:
        return "wrong"
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cut off"
    return ""
