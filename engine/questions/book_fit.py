"""A scenario as another rule book can read it: without the facts and values that only its own knows."""

from __future__ import annotations

from collections.abc import Iterator

from sharedvalue.engine.errors import Problems, UserError
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, read_scenario, read_stated
from sharedvalue.engine.language.scenario_writer import written_value
from sharedvalue.engine.language.source import Items, Node, Table, Text, parse_file
from sharedvalue.engine.language.types import MapType, NumberType, RecordsType, TextType, ValueType


class Fitting:
    """Reads scenarios of one book by another. `left_out` says, in words, what the last one said that the other does not know:
    a fact, or only the value that was given."""

    def __init__(self, book: RuleBook, own: RuleBook) -> None:
        self.book, self.own = book, own
        self.left_out: list[str] = []

    def read(self, path: str) -> Scenario:
        """Raises UserError where even what is left cannot be read."""
        self.left_out = []
        tree = parse_file(path)
        if not isinstance(tree, Table):
            return read_scenario(tree, self.book, path)
        try:
            return read_scenario(_without(tree, "expect"), self.book, path)
        except UserError:
            facts = tree.entries.get("facts")
            if isinstance(facts, Table):
                tree = _with(tree, "facts", _with_entries(facts, dict(self.facts(facts))))
            return read_scenario(_without(tree, "expect"), self.book, path)

    def facts(self, facts: Table) -> Iterator[tuple[str, Node]]:
        for name, node in facts.entries.items():
            fact = self.book.facts.get(name)
            if fact is None:
                self.left_out.append(self.called(name))
            elif isinstance(fact.type, RecordsType) and isinstance(node, Items):
                own = self.own.facts[name].type if name in self.own.facts else fact.type
                assert isinstance(own, RecordsType)
                items = tuple(self.record(name, item, fact.type, own) for item in node.items)
                yield name, Items(items, node.place)
            elif isinstance(fact.type, TextType | RecordsType):
                yield name, node
            else:
                own_type = self.own.facts[name].type if name in self.own.facts else fact.type
                if (fitted := self.value(node, fact.type, own_type)) is not None:
                    yield name, fitted
                else:
                    self.left_out.append(f"what is said of {self.called(name)}")

    def called(self, name: str) -> str:
        fact = self.own.facts.get(name)
        return fact.short if fact else name

    def record(self, listed: str, item: Node, kind: RecordsType, own: RecordsType) -> Node:
        if not isinstance(item, Table):
            return item
        found: dict[str, Node] = {}
        for name, node in item.entries.items():
            spec, mine = kind.field(name), own.field(name)
            if spec is None:
                self.left_out.append(f"{name.replace('_', ' ')} in {self.called(listed)}")
            elif isinstance(spec.type, TextType | MapType):
                found[name] = node
            elif (fitted := self.value(node, spec.type, mine.type if mine else spec.type)) is not None:
                found[name] = fitted
            else:
                self.left_out.append(f"what is said of {name.replace('_', ' ')} in {self.called(listed)}")
        return _with_entries(item, found)

    def value(self, node: Node, kind: ValueType, own: object) -> Node | None:
        """The value as the book can read it: itself, or the number that a word stands for; None where it cannot."""
        problems = Problems()
        if read_stated(node, kind, "a value", problems) is not None and not problems.found:
            return node
        if isinstance(own, NumberType) and isinstance(kind, NumberType):
            stated = read_stated(node, own, "a value", Problems())
            if stated is not None and stated.value is not None:
                return Text(written_value(stated.value, kind), node.place)
        return None


def _with_entries(table: Table, entries: dict[str, Node]) -> Table:
    return Table(entries, table.place, {key: table.keys[key] for key in entries if key in table.keys})


def _with(table: Table, key: str, node: Node) -> Table:
    return _with_entries(table, {**table.entries, key: node})


def _without(table: Table, key: str) -> Table:
    return _with_entries(table, {k: v for k, v in table.entries.items() if k != key})
