"""What a house says of its tools, in `exports/` of its folder: checked whole before any of it is believed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sharedvalue.engine.errors import Place, Problems, did_you_mean
from sharedvalue.engine.evidence.export import KINDS
from sharedvalue.engine.evidence.mapping import ROLES
from sharedvalue.engine.evidence.tool_files import EMPTY, LISTED, SAME_ROLE, files_of, lay_over, ours
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.rulebook import EXPORTS, RuleBook, default_folder
from sharedvalue.engine.language.scenario import type_of
from sharedvalue.engine.language.source import Items, Node, Table, Text, parse_file
from sharedvalue.engine.language.types import ChoiceType

WORDS_EXPECTED = "a word, a list of words, or words by language"
HEADINGS = "lists of headings, one of which is there whole: [[Joined, Badge]]"
RECORD = "what one record is called, and several: [member, members]"


def speak_as(houses: Sequence[Path | str], book: RuleBook) -> None:
    """From now on, these house folders say what their tools write, besides what is known here.

    Raises:
        UserError: every mistake in what they say, all at once.
    """
    found = tuple(path for house in houses for path in files_of(Path(house) / EXPORTS))
    problems = Problems()
    sources = type_of(book, "evidence[0].source")
    for path in found:
        _check(path, sources.options if isinstance(sources, ChoiceType) else (), problems)
    problems.stop_if_any()
    lay_over(houses, tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in found))


def _check(path: Path, sources: tuple[str, ...], problems: Problems) -> None:
    reader = Reader.of(parse_file(path, EMPTY), problems, f"the file {path.name}", Place(str(path)))
    if path.parent.name == LISTED:
        _check_listed(reader, sources)
        return
    known = sorted(p.stem for p in (default_folder() / EXPORTS).glob("*.yaml"))
    if path.stem not in known:
        near = did_you_mean(path.stem, known) or f"Known: {', '.join(known)}."
        what = f"no words are kept for '{path.stem[:40]}'"
        problems.add("SV304", Place(str(path)), what, f"{near} A tool of your own belongs in {LISTED}/.")
        return
    known_here = ours(path.stem)
    reader.text("tool")
    for key, node in known_here.entries.items():
        if key != "tool" and reader.has(key):
            _check_like(reader, key, node, problems)
    reader.done()


def _check_like(reader: Reader, key: str, alike: Node, problems: Problems) -> None:
    """Words where ours has words; the same keys where ours has a table of them."""
    node = reader.node(key)
    if not isinstance(alike, Table) or set(map(len, alike.entries)) == {len("en")}:
        if not _is_words(node):
            reader.wrong(key, WORDS_EXPECTED)
        return
    below = Reader.of(node, problems, f"'{key}' of {reader.what}", reader.place(key))
    for inner, theirs in alike.entries.items():
        if below.has(inner):
            _check_like(below, inner, theirs, problems)
    below.done()


def _is_words(node: Node | None) -> bool:
    if isinstance(node, Table):
        return all(_is_words(inner) for inner in node.entries.values())
    return isinstance(node, Text) or (
        isinstance(node, Items) and all(isinstance(item, Text) for item in node.items)
    )


def _check_listed(reader: Reader, sources: tuple[str, ...]) -> None:
    reader.text("tool", required=True)
    reader.text("title", required=True)
    if len(reader.words("record")) != 2:
        reader.wrong("record", RECORD)
    sets = reader.items("recognised_by")
    if not sets or not all(isinstance(each, Items) and each.items and _is_words(each) for each in sets):
        reader.wrong("recognised_by", HEADINGS)
    columns = reader.reader("columns", required=True)
    _only_words(columns, KINDS)
    if drop := reader.reader("drop"):
        drop.text("column", required=True)
        if words := drop.reader("words", required=True):
            for word in words.table.entries:
                words.text(word, required=True)
        drop.done()
    if came := reader.reader("came"):
        came.text("column", required=True)
        came.words("words")
        came.text("otherwise", required=True)
        came.done()
    for key in ("unique", "when", "title_of"):
        reader.words(key)
    reader.text("note")
    reader.text("undated")
    reader.word("source", sources, required=True)
    reader.yes_no("accounts")
    _only_words(reader.reader("roles", required=True), (*ROLES, *SAME_ROLE))
    reader.done()


def _only_words(reader: Reader | None, known: Sequence[str]) -> None:
    """Each key is a known one, and has a list of words."""
    if reader is not None:
        for key in known:
            reader.words(key)
        reader.done()
