"""Where every key and value of a YAML text begins and ends, by character: what editing in place needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, eq=False)
class Span:
    """One node. `kind` is text | list | table; `block` is true for a list or table without brackets.

    `column` is that of its first character; of a block list, that of its dashes.
    """

    kind: str
    start: int
    end: int
    column: int
    block: bool = False
    value: str = ""
    items: tuple[Span, ...] = ()
    entries: tuple[tuple[Span, Span], ...] = ()
    dashes: tuple[int, ...] = ()

    def get(self, key: str) -> Span | None:
        return next((value for name, value in self.entries if name.value == key), None)

    def key(self, key: str) -> Span:
        return next(name for name, _ in self.entries if name.value == key)

    def at(self, path: tuple[str | int, ...]) -> Span | None:
        """What keys and positions lead to."""
        found: Span | None = self
        for step in path:
            if found is None:
                return None
            if isinstance(step, int):
                found = found.items[step] if step < len(found.items) else None
            else:
                found = found.get(step)
        return found

    def pairs(self) -> list[tuple[int, Span]]:
        """Each entry or item: where it begins (with its key or dash), and its value."""
        if self.kind == "table":
            return [(key.start, value) for key, value in self.entries]
        return list(zip(self.dashes, self.items, strict=True))


def spans(text: str) -> Span:
    """The spans of a text that engine.language.source has read without a mistake."""
    events = yaml.parse(text, Loader=_LOADER)
    next(events)
    next(events)
    return _node(next(events), events, text)


def _end(event: Any) -> int:
    return int(event.end_mark.index)


def _node(event: Any, events: Iterator[Any], text: str) -> Span:
    start, column, stop = event.start_mark.index, event.start_mark.column, event.end_mark.index
    if isinstance(event, yaml.ScalarEvent):
        end = stop
        if event.style in ("|", ">") or end > start:
            end = start + len(text[start:end].rstrip()) if event.style in ("|", ">", None) else end
        return Span("text", start, end, column, value=event.value)
    block = not event.flow_style
    if isinstance(event, yaml.SequenceStartEvent):
        items, dashes = [], []
        while not isinstance(child := next(events), yaml.SequenceEndEvent):
            items.append(_node(child, events, text))
            begin = items[-1].start
            dashes.append(text.rfind("-", 0, begin if begin > start else begin + 1) if block else begin)
        end = (items[-1].end if items else start) if block else _end(child)
        if block and items:
            start, column = dashes[0], dashes[0] - text.rfind("\n", 0, dashes[0]) - 1
        return Span("list", start, end, column, block, items=tuple(items), dashes=tuple(dashes))
    entries = []
    while not isinstance(child := next(events), yaml.MappingEndEvent):
        key = _node(child, events, text)
        entries.append((key, _node(next(events), events, text)))
    end = max(entries[-1][1].end, entries[-1][0].end) if block and entries else _end(child)
    return Span("table", start, end, column, block, entries=tuple(entries))
