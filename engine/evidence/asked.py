"""What one answer says under a mapping: whether it counts, which needs it names, which group, level or day it stands for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from sharedvalue.engine.errors import Problems, did_you_mean
from sharedvalue.engine.evidence import mapping as mapped
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.personal import names_someone
from sharedvalue.engine.evidence.splitting import RARE, split
from sharedvalue.engine.evidence.words import says_nothing, scale_words, yes_words
from sharedvalue.engine.language.source import UNSHOWN

_NUMBER = re.compile(r"^\s*(-?\d+(?:[.,]\d+)?)(?!\d)")
Row = Sequence[str]
MOST_TOLD = 5
SHOWN = 70  # characters of a heading in a message
ALIKE = 70  # of 100: from here on a heading is offered as the one that was meant


@dataclass
class Columns:
    """Where the columns of a mapping stand in an export. A heading that stands twice is one question: its filled cell counts."""

    export: Export
    problems: Problems
    moved: list[str] = field(default_factory=list)

    def of(self, use: mapped.Use) -> tuple[int, ...]:
        """The positions in a row; a problem is noted where there is none."""
        columns = self.export.columns
        if use.question:
            found = [
                p for p, c in enumerate(columns) if folded(c.question) == folded(use.question) and c.part
            ]
        else:
            found = [p for p, c in enumerate(columns) if folded(c.name) == folded(use.column)]
            exact = [p for p in found if columns[p].index == use.index]
            if exact:
                found = exact
            elif found and use.index is not None:
                self.moved.append(
                    f"'{short(use.column)}' stands in column {columns[found[0]].index} now, not {use.index}"
                )
        if not found:
            names = [c.question or c.name for c in columns] if use.question else [c.name for c in columns]
            self.problems.add(
                "SV452",
                use.place,
                f"{self.export.file.name} has no {'question' if use.question else 'column'} '{short(use.named)}'",
                nearest(use.named, names)
                or f"Headings there: {', '.join(short(n, 30) for n in names[:6])} ...",
            )
        if use.role != "person" and any(columns[p].kind == "identity" for p in found):
            self.problems.add(
                "SV452",
                use.place,
                f"'{short(use.named)}' of {self.export.file.name} names people, so it cannot be used as {use.role}",
                "Names are only matched, with role: person. Choose another column.",
            )
        return tuple(found)

    def name(self, position: int) -> str:
        column = self.export.columns[position]
        return f"{short(harmless(column.name), 160)} ({column.index})"


def unforeseen_words(answers: Counter[str]) -> str:
    """Answers with counts. What was answered once or twice, or could name somebody, is told as a number only."""
    often = [(a, n) for a, n in answers.most_common() if n > RARE and not names_someone(a)]
    plain = [
        (a, n)
        for a, n in answers.items()
        if n <= RARE and (number_of(a) is not None or folded(a) in offered_words())
    ]
    shown = [*often, *plain][:MOST_TOLD]
    rest = answers.total() - sum(n for _, n in shown)
    said = [f"'{short(label, 40)}' ({n})" for label, n in shown]
    if rest:
        said.append(f"{rest} {'answer' if rest == 1 else 'answers'} that may be somebody's own words")
    return ", ".join(said)


def offered_words() -> frozenset[str]:
    return scale_words() | says_nothing() | yes_words()


def nearest(wanted: str, names: Sequence[str]) -> str:
    """A sentence with the headings that are most like one, also where much was added to them."""
    from rapidfuzz import fuzz, utils

    clean = utils.default_process(wanted)
    scored = []
    for name in dict.fromkeys(names):
        other = utils.default_process(name)
        scored.append((fuzz.token_set_ratio(clean, other), fuzz.ratio(clean, other), name))
    found = sorted((s for s in scored if s[0] >= ALIKE), reverse=True)[:2]
    named = told_apart([name for _, _, name in found])
    return f"Did you mean {' or '.join(map(repr, named))}?" if found else ""


def told_apart(names: Sequence[str]) -> list[str]:
    """Names shortened so that those which begin alike are still told apart: by their ends."""
    cut = [short(name) for name in names]
    if len(set(cut)) == len(cut):
        return cut
    plain = [" ".join(name.split()) for name in names]
    return [
        name if len(name) <= SHOWN else f"{name[:24].rstrip()} ... {name[-(SHOWN - 29) :].lstrip()}"
        for name in plain
    ]


def short(text: str, most: int = 70) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."


def filled(row: Row, positions: tuple[int, ...], no_answer: frozenset[str]) -> str:
    """The first cell of a question that holds an answer."""
    for position in positions:
        cell = row[position] if position < len(row) else ""
        if cell and (not no_answer or folded(cell) not in no_answer):
            return cell
    return ""


def harmless(text: str) -> str:
    """A text of a file in one line, without what a spreadsheet would run as a formula, or a terminal would obey."""
    return UNSHOWN.sub("", " ".join(text.split())).lstrip("=+-@ \t")


def number_of(cell: str) -> Fraction | None:
    """A number, also from a labelled end such as `5: the most challenging part`."""
    found = _NUMBER.match(cell)
    return Fraction(found.group(1).replace(",", ".")) if found else None


@dataclass(frozen=True)
class Parting:
    """The answers in a cell: one, or several with a separator between. `known` are answers as the mapping writes them, folded;
    one that holds the separator itself is kept whole."""

    separator: str
    known: frozenset[str]

    def __call__(self, cell: str) -> list[str]:
        if not self.separator or folded(cell) in self.known:
            return [cell]
        pieces = split(cell, self.separator)
        mark = self.separator.strip() or self.separator
        for option in self._holding(mark):
            whole = [folded(p) for p in split(option, self.separator)]
            for i in range(len(pieces) - len(whole) + 1):
                if [folded(p) for p in pieces[i : i + len(whole)]] == whole:
                    pieces[i : i + len(whole)] = [option]
                    break
        return pieces

    def _holding(self, mark: str) -> list[str]:
        return sorted((answer for answer in self.known if mark in answer), key=len, reverse=True)


@dataclass
class Counting:
    """Whether a cell counts under a use: True, False, or None where nothing was said. Unforeseen answers are collected.

    Of several answers in a cell one that counts is enough; those in `nothing` (folded) say nothing.
    """

    use: mapped.Use
    separator: str = ""
    nothing: frozenset[str] = frozenset()
    met: Counter[str] = field(default_factory=Counter)
    unforeseen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        use = self.use
        self.yes, self.no = {folded(a) for a in use.counts}, {folded(a) for a in use.but}
        self.all = {folded(a) for a in use.known} | (self.yes | self.no if use.known else set())
        self.parting = Parting(self.separator, frozenset(self.yes | self.no | self.all))

    def __call__(self, cell: str, n: int = 1) -> bool | None:
        """`n` people gave this cell."""
        if not cell:
            return None
        use = self.use
        if use.by_number:
            number = number_of(cell)
            low, high = use.scale or (Fraction(0), Fraction(0))
            if number is None or not low <= number <= high:
                self.unforeseen[cell] += n
                return None
            return number >= use.at_least if use.at_least is not None else number <= (use.at_most or 0)
        if use.top:
            number = number_of(cell)
            if number is None:
                self.unforeseen[cell] += n
            return None if number is None else number <= use.top
        said = [self.one(answer, n) for answer in self.parting(cell) if folded(answer) not in self.nothing]
        return None if None in said or not said else any(said)

    def one(self, cell: str, n: int) -> bool | None:
        """Whether one answer counts; None where it is unforeseen."""
        answer = folded(cell)
        self.met[answer] += n
        if self.all and answer not in self.all:
            self.unforeseen[cell] += n
            return None
        if self.use.but:
            return answer not in self.no
        return answer in self.yes if self.use.counts else True

    def check(self, problems: Problems, file: str) -> None:
        """Answers that the mapping does not know, and answers of the mapping that nobody gave."""
        use = self.use
        if self.unforeseen:
            told = unforeseen_words(self.unforeseen)
            expected = (
                f"a number from {float(use.scale[0]):g} to {float(use.scale[1]):g}"
                if use.scale
                else "one of " + ", ".join(use.known or ("the places 1, 2, 3 ...",))
            )
            problems.add("SV453", use.place, f"'{short(use.named)}' in {file} has answers that the mapping does not foresee: {told}",
                         f"Expected {expected}. List them under 'known:', or under 'no_answer:' where they say nothing.")  # fmt: skip
        if use.known or use.scale:
            return
        for label in (*use.counts, *use.but):
            if folded(label) not in self.met:
                problems.add("SV453", use.place, f"nobody in {file} answered '{short(label)}' to '{short(use.named)}'",
                             did_you_mean(folded(label), self.met) or "If it was offered all the same, list all answers under 'known:'.")  # fmt: skip


@dataclass
class Naming:
    """Which groups of a use (needs, segments, levels) a cell names. `others` counts answers that no group holds; those in
    `nothing` (folded) say nothing, also as one of several in a cell."""

    use: mapped.Use
    separator: str
    nothing: frozenset[str] = frozenset()
    others: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.none = self.nothing | {folded(a) for a in self.use.but}  # answers that name no group
        self.by_answer = {folded(a): g.name for g in self.use.groups for a in g.answers}
        self.answers = Parting(self.separator, frozenset(self.by_answer))

    def __call__(self, cell: str, n: int = 1) -> tuple[str, ...]:
        """`n` people gave this cell."""
        if not cell:
            return ()
        found: dict[str, None] = {}
        number = number_of(cell)
        for group in self.use.groups:
            if group.lo is not None or group.hi is not None:
                fits = (
                    number is not None
                    and (group.lo is None or number >= group.lo)
                    and (group.hi is None or number <= group.hi)
                )
                if fits:
                    self.met[group.name] += n
                    found[group.name] = None
        for answer in self.answers(cell):
            if folded(answer) in self.none:
                continue
            name = self.by_answer.get(folded(answer)) if self.use.groups else harmless(answer)
            self.met[folded(answer)] += n
            if name:
                found[name] = None
            elif not found:
                self.others[answer] += n
        return tuple(found)

    def says(self, cell: str) -> bool:
        """Whether anything is said in a cell, so that whoever gave it was asked."""
        return any(folded(answer) not in self.nothing for answer in self.answers(cell)) if cell else False

    def check(self, problems: Problems, file: str) -> None:
        for group in self.use.groups:
            for answer in group.answers:
                if folded(answer) not in self.met:
                    problems.add("SV453", group.place, f"nobody in {file} answered '{short(answer)}' to '{short(self.use.named)}'",
                                 did_you_mean(folded(answer), self.met) or "Take it out of the mapping, or write it as the file does.")  # fmt: skip


def folded_set(words: Mapping[str, object] | Sequence[str]) -> frozenset[str]:
    return frozenset(folded(word) for word in words)
