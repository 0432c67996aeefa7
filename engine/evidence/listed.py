"""Tools whose export is one table with fixed headings: each is a file in `rules/exports/lists/` that says how it is known and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sharedvalue.engine.evidence.layout import Layout, Row, Sheet, folded, folded_row, lacking, place
from sharedvalue.engine.evidence.splitting import SEPARATORS
from sharedvalue.engine.evidence.tool_files import kept, listed_trees
from sharedvalue.engine.language.source import Items, Node, Table, Text


@dataclass(frozen=True)
class Listed:
    """One tool. `recognised_by` are sets of headings, one of which must be there whole; `kinds` says what its own columns are;
    `drop` is a column with the words by which a row is no record, each with its reason; `came` is a column with the words for
    whoever came, and the reason why nobody else is a record, where any row has one of them; `undated` is a note where no column
    has dates; `roles` are for the mapping."""

    name: str
    title: str
    record: tuple[str, str]
    recognised_by: tuple[tuple[str, ...], ...]
    kinds: Mapping[str, str]
    drop: tuple[str, Mapping[str, str]] = ("", field(default_factory=dict))
    came: tuple[str, frozenset[str], str] = ("", frozenset(), "")
    unique: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    note: str = ""
    undated: str = ""
    source: str = ""
    accounts: bool = False
    title_of: tuple[str, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def test(self, sheet: Sheet) -> list[str]:
        have = set(folded_row(sheet.first))
        for wanted in self.recognised_by:
            if {folded(word) for word in wanted} <= have:
                return [f"the headings {', '.join(repr(word) for word in wanted)}"]
        return []

    def layout(self, sheet: Sheet) -> Layout:
        if not self.test(sheet):
            raise lacking(sheet, self.name, self.recognised_by[0], sheet.first)
        names = sheet.first
        kinds = {i: self.kinds[folded(name)] for i, name in enumerate(names) if folded(name) in self.kinds}
        column, words = place(names, self.drop[0]) if self.drop[0] else None, self.drop[1]
        came, present, otherwise = place(names, self.came[0]) if self.came[0] else None, *self.came[1:]
        if came is not None and not any(
            len(row) > came and folded(row[came]) in present for row in sheet.rows()
        ):
            came = None

        def keep(row: Row) -> str:
            if column is not None and (reason := words.get(folded(row[column]), "")):
                return reason
            return "" if came is None or folded(row[came]) in present else otherwise

        unique = place(names, *self.unique) if self.unique else None
        when = tuple(i for word in self.when if (i := place(names, word)) is not None)
        named = place(names, *self.title_of) if self.title_of else None
        first = sheet.line(1)
        return Layout(
            names,
            kinds=kinds,
            separators=SEPARATORS,
            keep=keep if column is not None or came is not None else None,
            unique=() if unique is None else (unique,),
            when=when[:1],
            notes=tuple(filter(None, (self.note, "" if when else self.undated))),
            title=first[named] if named is not None and named < len(first) else "",
        )


@kept
def listed() -> tuple[Listed, ...]:
    """All tools of this kind, by name."""
    return tuple(_read(tree) for tree in listed_trees())


@kept
def known_as(name: str) -> Listed | None:
    return next((each for each in listed() if each.name == name), None)


def _read(node: Table) -> Listed:
    columns, drop, came, roles = (node.get(key) for key in ("columns", "drop", "came", "roles"))
    assert isinstance(columns, Table)
    assert isinstance(roles, Table)
    sets = node.get("recognised_by")
    assert isinstance(sets, Items)
    words = drop.get("words") if isinstance(drop, Table) else None
    record = _words(node.get("record"))
    return Listed(
        _text(node.get("tool")),
        _text(node.get("title")),
        (record[0], record[1]),
        tuple(_words(each) for each in sets.items),
        {folded(name): kind for kind, names in columns.entries.items() for name in _words(names)},
        (
            _text(drop.get("column")) if isinstance(drop, Table) else "",
            {folded(word): _text(why) for word, why in words.entries.items()}
            if isinstance(words, Table)
            else {},
        ),
        (
            _text(came.get("column")),
            frozenset(map(folded, _words(came.get("words")))),
            _text(came.get("otherwise")),
        )
        if isinstance(came, Table)
        else ("", frozenset(), ""),
        _words(node.get("unique")),
        _words(node.get("when")),
        _text(node.get("note")),
        _text(node.get("undated")),
        _text(node.get("source")),
        _text(node.get("accounts")) == "true",
        _words(node.get("title_of")),
        {role: _words(names) for role, names in roles.entries.items()},
    )


def _text(node: Node | None) -> str:
    return node.value if isinstance(node, Text) else ""


def _words(node: Node | None) -> tuple[str, ...]:
    return (
        tuple(item.value for item in node.items if isinstance(item, Text)) if isinstance(node, Items) else ()
    )
