"""Edits the text of a scenario in place: one value, one record or one line changes, every other byte stays as it is.

The text is edited by the places of its YAML, and what results is read again: it must be exactly the old scenario with the
changes, or nothing is returned. A later page that saves single facts uses the same functions.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sharedvalue.engine.errors import UserError, did_you_mean, mistake
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario_writer import WIDTH, quoted
from sharedvalue.engine.language.source import parse, plain
from sharedvalue.engine.language.spans import Span, spans
from sharedvalue.engine.language.types import RecordsType

Value = str | int | float | bool | dt.date | None | Sequence["Value"] | Mapping[str, "Value"]
Address = str | tuple[str, ...]
BESIDE = ("scenario", "as_of", "title", "story", "source", "costs", "expect")  # what stands beside `facts:`
MARK = "# import: "
COMMENT_COLUMN = 42


@dataclass(frozen=True)
class Changes:
    """What to do, in this order: remove, set, append.

    An address is `member_value_now`, `as_of`, or a tuple for what lies within a record: ("needs", "speed", "cited_by"). A
    record is found by its name or label, a piece of evidence by its number from 0. `append` adds records to a list. `notes` are
    comments: by the address of a fact that is set, of a record, ("needs", "speed"), or by the place in `append` of what is
    appended, ("needs", "+0").
    """

    set: Mapping[Address, Value] = field(default_factory=dict)
    append: Mapping[str, Sequence[Mapping[str, Value]]] = field(default_factory=dict)
    remove: Sequence[Address] = ()
    notes: Mapping[Address, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.set or self.remove or any(self.append.values()))


def edited(text: str, changes: Changes, book: RuleBook, file: str = "scenario") -> str:
    """The text with the changes made.

    Raises:
        UserError: SV204 where an address leads nowhere, SV242 where the text cannot be edited in place.
    """
    editor = _Editor(text, book, file)
    wanted = plain(parse(text, file))
    try:
        for address in changes.remove:
            wanted = _without(wanted, editor.remove(address))
        for address, value in changes.set.items():
            wanted = _with(wanted, editor.set(address, value, changes.notes.get(address, "")), value)
        for listed, records in changes.append.items():
            for position, record in enumerate(records):
                note = changes.notes.get((listed, f"+{position}"), "")
                wanted = _with(wanted, editor.append(listed, record, note), record)
        for address, note in changes.notes.items():
            if isinstance(address, tuple) and len(address) == 2 and not address[1].startswith("+"):
                editor.note_record(address, note)
        found = plain(parse(editor.text, file))
    except UserError as error:
        if all(problem.code == "SV204" for problem in error.problems):
            raise
        raise _not_in_place(file) from None
    if found != wanted:
        raise _not_in_place(file)
    return editor.text


def in_brackets(text: str) -> str:
    """A text as a scalar that every YAML reader reads back, within brackets too: some end a text at a question mark there."""
    found = quoted(text)
    return json.dumps(found, ensure_ascii=False) if "?" in found and not found.startswith('"') else found


def written(value: Value, as_json: bool = False) -> str:
    """A value as it is written in one line of a scenario, in YAML or in JSON."""
    if as_json:
        return json.dumps(value, ensure_ascii=False, default=str)
    if value is None or value == "unknown":
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return in_brackets(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{in_brackets(k)}: {written(v)}" for k, v in value.items()) + "}"
    return "[" + ", ".join(written(v) for v in value) + "]"


def written_pair(pair: tuple[str, Value]) -> str:
    return f"{in_brackets(pair[0])}: {written(pair[1])}"


def _not_in_place(file: str) -> UserError:
    return mistake(
        "SV242",
        file,
        "this file is written in a way that cannot be edited in place without touching more than what changes",
        "Nothing was written. Write the changes in by hand.",
    )


def as_plain(value: Value) -> object:
    """A value as the reader sees it: texts, lists and tables."""
    return plain(parse(written(value), "value"))


Step = str | int


def _with(tree: object, path: tuple[Step, ...], value: Value) -> object:
    if not path:
        return as_plain(value)
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        items = list(tree) if isinstance(tree, list) else []
        if first < len(items):
            items[first] = _with(items[first], rest, value)
        else:
            items.append(_with({}, rest, value))
        return items
    table = dict(tree) if isinstance(tree, dict) else {}
    table[first] = _with(table.get(first), rest, value)
    return table


def _without(tree: object, path: tuple[Step, ...]) -> object:
    first, rest = path[0], path[1:]
    if isinstance(first, int) and isinstance(tree, list):
        kept = [_without(item, rest) if rest and i == first else item for i, item in enumerate(tree)]
        return kept if rest else [item for i, item in enumerate(tree) if i != first]
    assert isinstance(tree, dict)
    assert isinstance(first, str)
    return {k: _without(v, rest) if k == first else v for k, v in tree.items() if rest or k != first}


class _Editor:
    def __init__(self, text: str, book: RuleBook, file: str) -> None:
        self.text, self.book, self.file = text, book, file
        self.json = text.lstrip("\ufeff \t\r\n").startswith("{") and _is_json(text)
        self.newline = "\r\n" if "\r\n" in text else "\n"

    # --- finding ------------------------------------------------------------------------------------------------------
    def path(self, address: Address, root: Span) -> tuple[Step, ...]:
        """The keys and positions that lead to an address; records by position."""
        parts = (address,) if isinstance(address, str) else address
        head, fact = parts[0], self.book.facts.get(parts[0])
        if fact is None and head not in BESIDE:
            near = did_you_mean(head, (*self.book.facts, *BESIDE))
            raise mistake("SV204", self.file, f"the rule book has no fact '{head}'", near)
        start: tuple[Step, ...] = (head,) if fact is None or fact.top_level else ("facts", head)
        if len(parts) == 1 or fact is None or not isinstance(fact.type, RecordsType):
            return (*start, *parts[1:])
        key = next((spec.name for spec in fact.type.fields if spec.key), None)
        return (*start, self.position(root.at(start), key, parts), *parts[2:])

    def position(self, listed: Span | None, key: str | None, parts: tuple[str, ...]) -> int:
        wanted = " ".join(parts[1].split()).casefold()
        items = listed.items if listed else ()
        for position, item in enumerate(items):
            named = item.get(key) if key else None
            if named is not None and " ".join(named.value.split()).casefold() == wanted:
                return position
        if key is None and wanted.isdigit() and int(wanted) < len(items):
            return int(wanted)
        raise mistake(
            "SV204", self.file, f"there is none of {parts[0]} named '{parts[1]}'", "Append it first."
        )

    # --- changing -----------------------------------------------------------------------------------------------------
    def set(self, address: Address, value: Value, note: str) -> tuple[Step, ...]:
        root = spans(self.text)
        path = self.path(address, root)
        there = root.at(path)
        if there is not None:
            parent = root.at(path[:-1])
            assert parent is not None
            self.replace(parent, path[-1], there, written(value, self.json), note)
            return path
        depth = next(d for d in range(len(path) - 1, -1, -1) if root.at(path[:d]) is not None)
        parent = root.at(path[:depth])
        assert parent is not None
        inner = value
        for step in reversed(path[depth + 1 :]):
            inner = {str(step): inner}
        self.insert(parent, str(path[depth]), inner, note)
        return path

    def replace(self, parent: Span, key: Step, old: Span, new: str, note: str) -> None:
        text = self.text
        if old.start == old.end:  # `key:` with nothing behind it
            self.text = f"{text[: old.start]} {new}{text[old.end :]}"
            end = old.start + 1 + len(new)
        elif old.block and isinstance(key, str):  # a block below its key gives way to one line beside it
            colon = text.index(":", parent.key(key).end) + 1
            line_end = self.line_end(colon)
            rest = text[colon:line_end] if old.start > line_end else ""
            self.text = f"{text[:colon]} {new}{rest}{text[old.end :]}"
            end = colon + 1 + len(new)
        else:
            self.text = text[: old.start] + new + text[old.end :]
            end = old.start + len(new)
        self.note(end, note)

    def insert(self, parent: Span, key: str, value: Value, note: str) -> None:
        """A new key at the end of a table."""
        name = json.dumps(key) if self.json else in_brackets(key)
        text = self.text
        if parent.start == parent.end:  # `facts:` with nothing behind it
            self.text = f"{text[: parent.start]} {{{name}: {written(value, self.json)}}}{text[parent.end :]}"
        elif not parent.block:
            self.into_flow(parent, f"{name}: {written(value, self.json)}")
        else:
            indent = " " * parent.entries[0][0].column
            listed = isinstance(value, Sequence) and not isinstance(value, str) and value
            line = f"{indent}{name}:" if listed else f"{indent}{name}: {written(value)}"
            if not listed and note and not self.json:
                line = _commented(line, MARK + note)
            lines = [line]
            if listed:
                for item in value:  # type: ignore[union-attr]  # a list that is not empty
                    lines += self.item_lines(f"{indent}  ", item, "")
            self.new_lines(parent.end, lines)

    def append(self, listed: str, record: Mapping[str, Value], note: str) -> tuple[Step, ...]:
        root = spans(self.text)
        path = self.path(listed, root)
        there = root.at(path)
        new = written(record, self.json)
        if there is None or there.kind != "list" or not there.items:
            self.set(listed, [record], "")
            if there is not None and not self.json:
                self.unfold(listed, record)
            self.note_last(listed, note)
            return (*path, 0)
        if there.block:
            self.new_lines(there.end, self.item_lines(" " * there.column, record, note))
        else:
            self.into_flow(there, new)
        return (*path, len(there.items))

    @staticmethod
    def item_lines(indent: str, item: Value, note: str) -> list[str]:
        """An entry of a list: in one line where it fits, else a line for each of its fields."""
        line = f"{indent}- {written(item)}"
        if len(line) <= WIDTH or not isinstance(item, Mapping):
            return [_commented(line, note)]
        first = _commented(f"{indent}- {written_pair(next(iter(item.items())))}", note)
        return [first, *(f"{indent}  {written_pair(pair)}" for pair in list(item.items())[1:])]

    def unfold(self, listed: str, record: Mapping[str, Value]) -> None:
        """`evidence: [{...}]`, where `[]` stood, becomes a line of its own, so that others can follow."""
        root = spans(self.text)
        path = self.path(listed, root)
        there, parent = root.at(path), root.at(path[:-1])
        assert there is not None
        assert parent is not None
        if parent.block and not there.block and self.text[there.end : self.line_end(there.end)].strip() == "":
            before = self.text[: there.start].rstrip(" ")
            indent = " " * (parent.entries[0][0].column + 2)
            lines = self.newline.join(self.item_lines(indent, record, ""))
            self.text = f"{before}{self.newline}{lines}{self.text[there.end :]}"

    def note_last(self, listed: str, note: str) -> None:
        root = spans(self.text)
        there = root.at(self.path(listed, root))
        if note and there is not None and there.block and not self.json:
            last = there.items[-1]
            end = last.entries[0][1].end if last.block and last.entries else last.end
            if self.text[end : self.line_end(end)].strip() == "":
                self.text = f"{self.text[:end]}   # {_one_line(note)}{self.text[end:]}"

    def note_record(self, address: tuple[str, ...], note: str) -> None:
        """A comment beside a record: behind its bracket, or in its first line."""
        root = spans(self.text)
        record = root.at(self.path(address, root))
        if record is None or record.kind != "table":
            return
        self.note(record.entries[0][1].end if record.block and record.entries else record.end, note)

    def remove(self, address: Address) -> tuple[Step, ...]:
        root = spans(self.text)
        path = self.path(address, root)
        there, parent = root.at(path), root.at(path[:-1])
        if there is None or parent is None:
            raise mistake("SV204", self.file, f"there is no {address} to remove", "Check the name.")
        pairs = parent.pairs()
        position = next(i for i, (_, value) in enumerate(pairs) if value is there)
        start, end = pairs[position][0], max(there.end, pairs[position][0])
        text = self.text
        if len(pairs) == 1:
            empty = "{}" if parent.kind == "table" else "[]"
            gap = " " if text[parent.start - 1] not in " \n" else ""
            self.text = f"{text[: parent.start]}{gap}{empty}{text[parent.end :]}"
        elif not parent.block and position + 1 < len(pairs):
            self.text = text[:start] + text[pairs[position + 1][0] :]
        elif not parent.block:
            self.text = text[: pairs[position - 1][1].end] + text[end:]
        elif text[self.line_start(start) : start].strip(" ") or text[:start].rfind("\n") < 0:
            self.text = text[:start] + text[pairs[position + 1][0] :] if position + 1 < len(pairs) else text
        else:
            after = self.line_end(end)
            self.text = text[: self.line_start(start)] + text[min(after + 1, len(text)) :]
        return path

    # --- text ---------------------------------------------------------------------------------------------------------
    def into_flow(self, parent: Span, new: str) -> None:
        pairs = parent.pairs()
        at = pairs[-1][1].end if pairs else parent.start + 1
        if pairs and pairs[-1][1].end < pairs[-1][0]:
            at = pairs[-1][0]
        mark = ", " if pairs else ""
        if pairs and at - self.line_start(at) + len(new) > WIDTH and self.line_end(at) < len(self.text):
            mark = f",{self.newline}{' ' * (parent.column + 1)}"
        self.text = f"{self.text[:at]}{mark}{new}{self.text[at:]}"

    def new_lines(self, end: int, lines: Sequence[str]) -> None:
        """New lines below the line in which something ends; its comment stays beside it."""
        at = self.line_end(end)
        body = self.newline.join(lines)
        head = self.text[:at]
        if head.endswith("\r"):
            head, at = head[:-1], at - 1
        self.text = f"{head}{self.newline}{body}{self.text[at:]}"

    def note(self, end: int, note: str) -> None:
        """Our comment at the end of a line: in place of an earlier one of ours, after one of a person."""
        if not note or self.json:
            return
        stop = self.line_end(end)
        rest = self.text[end:stop]
        if rest.strip() and not rest.lstrip().startswith("#"):
            return  # more of a table follows in this line
        kept = rest.split(MARK)[0].rstrip()
        self.text = f"{self.text[:end]}{kept}   {MARK}{_one_line(note)}{self.text[stop:]}"

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found


def _is_json(text: str) -> bool:
    try:
        json.loads(text.lstrip("\ufeff"))
    except ValueError:
        return False
    return True


def _one_line(note: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in " ".join(note.split()))


def _commented(line: str, note: str) -> str:
    if not note:
        return line
    note = note if note.startswith("#") else f"# {note}"
    return f"{line}{' ' * max(3, COMMENT_COLUMN - len(line))}{_one_line(note)}"


__all__ = ["Address", "Changes", "Value", "as_plain", "edited", "in_brackets", "written"]
