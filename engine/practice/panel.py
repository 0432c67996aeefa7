"""A panel that answers questions of concordance blind, in a file, and the score that others get against it.

An answer earns the share of its number of panel members in that of the answer which most of them gave: all of a point for
that one, part of one for others, none for what nobody said (the aggregate method of script concordance tests: Charlin and
others, 2000). There is no score against fewer than ten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from sharedvalue.engine.errors import Place, Problems, UserError, did_you_mean, mistake
from sharedvalue.engine.language.reader import Reader, as_number
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import type_of
from sharedvalue.engine.language.scenario_writer import quoted, written_value
from sharedvalue.engine.language.source import Items, Node, Text, parse, parse_file
from sharedvalue.engine.language.types import RecordsType
from sharedvalue.engine.language.values import read_value
from sharedvalue.engine.language.whole_file import rewrite
from sharedvalue.engine.practice.cases import Cases
from sharedvalue.engine.practice.concordance import SCALE, Asked, Item, item_of, items

FORMAT = 1
LEAST = 10  # members of a panel, before anybody is scored against it
MOST_ASKED, MOST_MEMBERS = 200, 500
MOST_NAME = 60


@dataclass(frozen=True)
class Question:
    """A question of a panel: of which case, and what is asked."""

    case: str
    asked: Asked


@dataclass(frozen=True)
class Panel:
    """Questions, and of each member the answers to them in order, from -2 to 2; None where that one did not say."""

    title: str
    questions: tuple[Question, ...]
    members: Mapping[str, tuple[int | None, ...]]

    def given(self, number: int) -> Counter[int]:
        """How many members gave each answer to a question."""
        said = (answers[number] for answers in self.members.values())
        return Counter(one for one in said if one is not None)

    def credit(self, number: int, said: int) -> Fraction | None:
        """What an answer earns, from 0 to 1; None where fewer than ten members answered."""
        given = self.given(number)
        return Fraction(given[said], max(given.values())) if given.total() >= LEAST else None

    def of_case(self, case: str) -> tuple[int, ...]:
        """The places of the questions on one case."""
        return tuple(number for number, one in enumerate(self.questions) if one.case == case)

    @property
    def ready(self) -> int:
        """Of how many questions a score can be said."""
        return sum(self.given(number).total() >= LEAST for number in range(len(self.questions)))

    def left(self, member: str) -> tuple[int, ...]:
        """The places of the questions that a member has not answered."""
        said = self.members.get(member, (None,) * len(self.questions))
        return tuple(number for number, one in enumerate(said) if one is None)


def begun(title: str, cases: Cases, names: Sequence[str], each: int) -> Panel:
    """A panel without members, that is asked up to `each` questions on every case."""
    found = [Question(item.case.id, item.asked) for name in names for item in items(cases.get(name), each)]
    if not found:
        raise _wrong(title, "no such question can be asked of these cases", "Take other cases.")
    if len(found) > MOST_ASKED:
        raise _wrong(title, f"{len(found)} questions are more than {MOST_ASKED}", "Take fewer cases.")
    return Panel(title, tuple(found), {})


def questions_of(panel: Panel, cases: Cases, numbers: Sequence[int]) -> tuple[Item, ...]:
    """Questions of a panel as they are asked. UserError SV563 where one cannot be asked by this rule book."""
    found = []
    for number in numbers:
        question = panel.questions[number]
        item = item_of(cases.get(question.case), question.asked)
        if item is None:
            what = f"question {number + 1} cannot be asked of '{question.case}' by this rule book"
            raise _wrong(panel.title, what, "Begin a new panel, with the rule book that is used now.")
        found.append(item)
    return tuple(found)


def joined(panel: Panel, members: Mapping[str, tuple[int | None, ...]]) -> Panel:
    """The panel with answers added; what a member said before stays. UserError SV563 where they say it otherwise."""
    found = dict(panel.members)
    for name, said in members.items():
        before = found.get(name, (None,) * len(panel.questions))
        if any(None not in (one, other) and one != other for one, other in zip(before, said, strict=True)):
            raise _wrong(name, "this member has answered already, and otherwise", "Give another name.")
        found[name] = tuple(other if one is None else one for one, other in zip(before, said, strict=True))
    return replace(panel, members=found)


def save(path: Path, members: Mapping[str, tuple[int | None, ...]], book: RuleBook) -> Panel:
    """Adds answers to the panel of a file, as it is at that moment: several may write at once."""
    saved: list[Panel] = []

    def change(content: bytes) -> bytes:
        panel = joined(_read(parse(content.decode("utf-8", "replace"), str(path)), str(path), book), members)
        saved.append(panel)
        return panel_text(panel, book).encode("utf-8")

    try:
        rewrite(path, change)
    except OSError as error:
        what = f"it cannot be written: {error.strerror or error}"
        raise mistake("SV121", str(path), what, "Choose another place.") from None
    return saved[0]


# --- the file ---------------------------------------------------------------------------------------------------


def panel_text(panel: Panel, book: RuleBook) -> str:
    """A panel as a file."""
    lines = [f"panel: {FORMAT}", f"title: {quoted(panel.title)}", "questions:"]
    for one in panel.questions:
        kind = type_of(book, one.asked.fact)
        assert kind is not None
        lines += [
            f"  - case: {quoted(one.case)}",
            f"    not_known: [{', '.join(one.asked.opened)}]",
            f"    learned: {one.asked.fact}",
            f"    value: {quoted(written_value(one.asked.value, kind))}",
            f"    outcome: {one.asked.outcome}",
        ]
    scale = ", ".join(f"{number} {said}" for number, said in SCALE.items())
    lines += ["", f"# Answers in the order of the questions: {scale}; ~ not said"]
    lines.append("members:" if panel.members else "members: {}")
    for name, said in panel.members.items():
        listed = ", ".join("~" if one is None else str(one) for one in said)
        lines.append(f"  {quoted(name)}: [{listed}]")
    return "\n".join(lines) + "\n"


def load_panel(path: str, book: RuleBook) -> Panel:
    """The panel of a file. Raises UserError with every mistake in it."""
    return _read(
        parse_file(path, "Begin one with: sharedvalue practice panel FILE --course COURSE"), path, book
    )


def _read(tree: Node, path: str, book: RuleBook) -> Panel:
    problems = Problems()
    reader = Reader.of(tree, problems, "the panel", Place(path))
    version = reader.scalar("panel")
    if version is None or version.value != str(FORMAT):
        what = f"it does not begin with 'panel: {FORMAT}'"
        problems.add("SV563", reader.place("panel"), what, "Is it the file of a panel, of this release?")
        problems.stop_if_any()
    title = reader.text("title", required=True)
    nodes = reader.items("questions")
    if not nodes or len(nodes) > MOST_ASKED:
        reader.wrong("questions", f"a list of 1 to {MOST_ASKED} questions")
    questions = [one for node in nodes if (one := _question(node, problems, path, book)) is not None]
    below = reader.reader("members", required=True)
    members = dict(_members(below, len(nodes))) if below is not None else {}
    reader.done()
    problems.stop_if_any()
    return Panel(title, tuple(questions), members)


def _question(node: Node, problems: Problems, path: str, book: RuleBook) -> Question | None:
    reader = Reader.of(node, problems, "a question", Place(path))
    case, opened = reader.text("case", required=True), reader.words("not_known")
    fact = reader.word("learned", tuple(opened), required=True)
    value, outcome = reader.scalar("value", required=True), reader.word("outcome", book.outcome_names, True)
    for name in opened:
        if name not in book.facts or isinstance(book.facts[name].type, RecordsType):
            mend = did_you_mean(name, book.facts) or "See: sharedvalue facts."
            problems.add("SV204", reader.place("not_known"), f"the rule book has no fact '{name}'", mend)
            return None
    reader.done()
    kind = type_of(book, fact)
    if kind is None or value is None:
        return None
    learned = read_value(value, kind)
    if not isinstance(learned, int):
        reader.wrong("value", f"a value of {fact}")
        return None
    return Question(case, Asked(tuple(opened), fact, learned, outcome))


def _members(below: Reader, count: int) -> Iterator[tuple[str, tuple[int | None, ...]]]:
    if len(below.table.entries) > MOST_MEMBERS:
        below.problems.add("SV563", below.table.place, f"it has more than {MOST_MEMBERS} members")
        return
    for name in below.table.entries:
        node = below.node(name)
        try:
            said = tuple(_answer(item) for item in node.items) if isinstance(node, Items) else ()
        except ValueError:
            said = ()
        if len(said) == count:
            yield name, said
        else:
            below.wrong(name, f"a list of {count} answers from -2 to 2, ~ where there is none")


def _answer(node: Node) -> int | None:
    """An answer as it is written, None for none. Raises ValueError for what is no answer."""
    if isinstance(node, Text) and node.value.strip().lower() in ("", "~", "null"):
        return None
    number = as_number(node) if isinstance(node, Text) else None
    if number is None or number not in SCALE:
        raise ValueError(node)
    return int(number)


def answers_of(said: str, count: int) -> tuple[int, ...]:
    """Answers in one line, such as '2,-1,0'. UserError SV561 for what is none."""
    parts = [part.strip() for part in said.split(",")]
    words = (
        {word: number for number, word in SCALE.items()}
        | {f"{n:+d}": n for n in SCALE}
        | {str(n): n for n in SCALE}
    )
    if len(parts) != count or any(part.lower() not in words for part in parts):
        example = ",".join(str((2, -1, 0, 1)[n % 4]) for n in range(count))
        raise mistake(
            "SV561",
            "--answers",
            f"it needs {count} answers, each a whole number from -2 to 2",
            f"For example: --answers={example}",
        )
    return tuple(words[part.lower()] for part in parts)


def member_named(name: str) -> str:
    """The name of a member as it is kept. UserError SV563 for none."""
    found = " ".join(name.split())
    if not found or len(found) > MOST_NAME:
        raise _wrong("--who", f"a name has 1 to {MOST_NAME} signs", "Give a name or a code: --who Ana.")
    return found


def _wrong(where: str, what: str, mend: str) -> UserError:
    return mistake("SV563", where[:60], what, mend)
