"""The interview: plain questions to a first decision. It knows no terminal; a page may lead it just as well.

Only what can still turn the outcome is asked. The questions come in the order of the rule book while many facts are open;
then the one worth most for its effort comes first, as in `ask_next` of the decision. Where a scenario is gone on with, that
is so from the first question.
Every state is kept, so that one can go back. A list of records (groups of members) is asked as a small dialogue within.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import Place, Problems, UserError, mistake
from sharedvalue.engine.kept import Kept, KeptOf
from sharedvalue.engine.language.addresses import fact_of, known_as, name_of
from sharedvalue.engine.language.measures import Picked
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, Stated, read_stated
from sharedvalue.engine.language.source import Text
from sharedvalue.engine.language.strata import names_read
from sharedvalue.engine.language.types import (
    ChoiceType,
    FieldSpec,
    MapType,
    NumberType,
    RecordsType,
    TextType,
    ValueType,
    YesNo,
    say,
)
from sharedvalue.engine.language.values import expected_of, read_value
from sharedvalue.engine.questions.meaning import standing
from sharedvalue.engine.questions.worth import MANY, ask_next
from sharedvalue.engine.readings.prove import OutOfBudget, Steps
from sharedvalue.engine.worlds import Worlds, form
from sharedvalue.engine.worlds.belief import everything

MOST = 15
KEPT = 24  # decisions and what follows from each: everybody begins alike, and going back meets them again
MOST_GROUPS = 20
SECONDS = 3.0


@dataclass(frozen=True)
class Option:
    """One answer to choose: the value as it is written, and its plain words."""

    value: str
    words: str


@dataclass(frozen=True)
class Question:
    """What is asked. `key` is a fact, a field of a record (segments[0].level), or 'segments#' for how many there are.

    `kind` is yes_no | choice | number | name. `number` counts the questions, those within a list as one; `within` says
    which record a question within a list is about. `assumed` is the value that counts unless something else is said.
    """

    key: str
    fact: str
    title: str
    text: str
    help: str
    how: str
    kind: str
    options: tuple[Option, ...]
    expected: str
    number: int
    at_most: int
    within: str = ""
    assumed: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "key": self.key,
            "fact": self.fact,
            "title": self.title,
            "question": self.text,
            "help": self.help,
            "how": self.how,
            "kind": self.kind,
            "options": [{"value": o.value, "words": o.words} for o in self.options],
            "expected": self.expected,
            "number": self.number,
            "at_most": self.at_most,
            "within": self.within,
        }


@dataclass(frozen=True)
class State:
    """Where the interview stands: what is said so far, which facts were asked, and what is left of a list."""

    scenario: Scenario
    asked: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    decision: Decision | None = None


_decisions: Kept[Decision] = Kept(KEPT)
_turning: KeptOf[tuple[str, ...]] = KeptOf(KEPT)
_ranks: KeptOf[Mapping[str, int]] = KeptOf(KEPT)


def _decision(
    book: RuleBook, scenario: Scenario, worlds: Worlds | None = None, brief: bool = False
) -> Decision:
    """The decision of a case, within the budget of an answer."""
    return _decisions.of(
        (book.hash, repr(scenario), brief),
        lambda: decide(worlds or form(book, scenario), SECONDS, brief=brief),
    )


class Interview:
    """Leads from what is known to a decision. `question` is None once it is done; `done_because` then says why."""

    def __init__(
        self, book: RuleBook, scenario: Scenario | None = None, most: int = MOST, title: str = ""
    ) -> None:
        self.book = book
        self.most = most
        self.states = [State(scenario or empty_scenario(book, title))]
        self.fresh = scenario is None
        self.done_because = ""
        self._steers: tuple[State, Decision] | None = None
        self._decide()
        self.question = self._next()

    # --- what is known ----------------------------------------------------------------------------------------
    @property
    def state(self) -> State:
        return self.states[-1]

    @property
    def scenario(self) -> Scenario:
        return self.state.scenario

    @property
    def decision(self) -> Decision | None:
        """The decision on what is known so far; None before it is known whether there is a sponsor."""
        return self.state.decision

    @property
    def certain(self) -> bool:
        """Whether no further answer can turn the outcome: not while another value of what was assumed could."""
        return self.settled and not self.rests_on

    @property
    def settled(self) -> bool:
        """Whether one outcome is left, with what was assumed taken as it is."""
        return self.decision is not None and len(self.decision.possible) == 1

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The assumed facts that a settled outcome hangs on: with another value of theirs, another one could follow."""
        decision = self.decision
        if decision is None or not self.settled:
            return ()
        return _turning.of(decision, lambda: self._turning(decision))

    def _turning(self, decision: Decision) -> tuple[str, ...]:
        """Each alone, the case formed anew for each other value; and all of them open at once."""
        kinds = self._assumed_kinds(decision)
        assumed = decision.worlds.assumed
        anything = self._with_open(kinds)
        pivotal = () if anything is None or len(anything.possible) == 1 else anything.pivotal
        left = {p.outcome for p in decision.possible}

        def turns(name: str) -> bool:
            others = [value for value in everything(kinds[name]).values() if value != assumed[name]]
            budget = Steps(SECONDS)
            try:
                found = [standing(decision.worlds, {name: value}, budget) for value in others]
            except OutOfBudget:
                return True  # it may
            return any(other.can_be and set(other.outcomes) != left for other in found)

        return tuple(name for name in kinds if name in pivotal or turns(name))

    def _assumed_kinds(self, decision: Decision) -> Mapping[str, YesNo | ChoiceType]:
        """The facts that are assumed, and that a word could answer, with their types."""
        assumed = (n for n in decision.worlds.assumed if n not in decision.worlds.unasked)
        return {n: kind for n in assumed if isinstance(kind := self.book.facts[n].type, YesNo | ChoiceType)}

    def _with_open(self, kinds: Mapping[str, YesNo | ChoiceType]) -> Decision | None:
        return self._decided({n: tuple(everything(kind).values()) for n, kind in kinds.items()})

    @property
    def steering(self) -> Decision | None:
        """The decision that says what to ask: what is assumed and was not asked about is open until somebody says it."""
        decision = self.decision
        if decision is None or self.settled:
            return decision
        if self._steers is None or self._steers[0] is not self.state:
            kinds = self._assumed_kinds(decision)
            left = {n: kind for n, kind in kinds.items() if n not in self.state.asked}
            self._steers = (self.state, (self._with_open(left) if left else None) or decision)
        return self._steers[1]

    def _decided(self, values: Mapping[str, tuple[int, ...]]) -> Decision | None:
        """The decision where facts are stated as some values; None where that cannot be."""
        stated, types = dict(self.scenario.stated), dict(self.scenario.types)
        for name, listed in values.items():
            kind = self._kind(name)
            assert isinstance(kind, NumberType | YesNo | ChoiceType)
            stated[name] = Stated("known" if len(listed) == 1 else "listed", listed, "", Place("answers"))
            types[name] = kind
        try:
            return _decision(self.book, replace(self.scenario, stated=stated, types=types), brief=True)
        except UserError:
            return None

    def assumptions(self) -> Iterator[tuple[str, str]]:
        """Each assumed fact that a settled outcome hangs on, and what was assumed, in words."""
        for name in self.rests_on:
            fact = self.book.facts[name]
            assert self.decision is not None
            assert isinstance(fact.type, YesNo | ChoiceType)
            value = self.decision.worlds.assumed[name]
            words = fact.ask.words.get(_written(value, fact.type), "") if fact.ask else ""
            yield fact.short, words[:1].lower() + words[1:] if words else say(value, fact.type)

    @property
    def possible(self) -> tuple[str, ...]:
        """The outcomes that the answers so far leave possible."""
        steering = self.steering
        return self.book.outcome_names if steering is None else tuple(p.outcome for p in steering.possible)

    @property
    def changed(self) -> bool:
        return len(self.states) > 1

    @cached_property
    def _lists_of(self) -> Mapping[str, frozenset[str]]:
        """For each measure, the lists of records that it reads, itself or through other measures and conclusions."""
        below: dict[str, set[str]] = {}
        for name, measure in self.book.measures.items():
            below[name] = (
                {measure.formula.list}
                if isinstance(measure.formula, Picked)
                else set(names_read(measure.formula.node))
            )
        lists = {n for n, f in self.book.facts.items() if isinstance(f.type, RecordsType)}

        def reach(name: str, seen: frozenset[str]) -> frozenset[str]:
            if name in lists:
                return frozenset((name,))
            if name in seen:
                return frozenset()
            return frozenset[str]().union(*(reach(n, seen | {name}) for n in below.get(name, ())))

        return {name: reach(name, frozenset()) for name in self.book.measures}

    # --- moving -----------------------------------------------------------------------------------------------
    def answer(self, text: str) -> None:
        """Takes an answer to the question.

        Raises:
            UserError: SV205, SV206 or SV207, with a mend, when it is no answer to this question or cannot be; nothing changes.
        """
        question = self._open_question()
        state = (
            self._list_begun(question, text)
            if question.key.endswith("#")
            else self._with_answer(question, text)
        )
        self._push(state, question)

    def dont_know(self) -> None:
        """Leaves the question open: the fact counts as unknown; where the rule book assumes a value, that value."""
        question = self._open_question()
        fact = self.book.facts[question.fact]
        if fact.required:
            raise mistake(
                "SV203", question.key, "this one must be known", "Everything else may be left open."
            )
        stated = dict(self.scenario.stated)
        given = stated.get(question.key)  # a range that was given is known better than not at all
        if (
            question.key in self.book.facts
            and not isinstance(fact.type, RecordsType)
            and not fact.assume
            and given is None
        ):
            stated[question.key] = Stated("unknown", (), "", Place("answers"))
        self._push(
            replace(self.state, scenario=replace(self.scenario, stated=stated, types=self._types(stated))),
            question,
        )

    def as_assumed(self) -> None:
        """Takes what is assumed as the answer: from now on it is said, and no longer assumed."""
        question = self._open_question()
        assert self.decision is not None
        kind = self._kind(question.key)
        assert isinstance(kind, NumberType | YesNo | ChoiceType)
        value = Stated("known", (self.decision.worlds.assumed[question.key],), "", Place("answers"))
        stated = {**self.scenario.stated, question.key: value}
        self._push(
            replace(self.state, scenario=replace(self.scenario, stated=stated, types=self._types(stated))),
            question,
        )

    def back(self) -> bool:
        """One question back; False at the first."""
        if not self.changed:
            return False
        self.states.pop()
        self.question = self._next()
        return True

    def _open_question(self) -> Question:
        if self.question is None:
            raise mistake("SV205", "answers", "there is no question left", "The interview is done.")
        return self.question

    def _push(self, state: State, question: Question) -> None:
        waiting = state.waiting[1:] if question.key in state.waiting[:1] else state.waiting
        asked = state.asked if question.fact in state.asked else (*state.asked, question.fact)
        self.states.append(replace(state, asked=asked, waiting=waiting))
        try:
            self._decide()
        except UserError:
            self.states.pop()
            raise
        self.question = self._next()

    def _decide(self) -> None:
        """Forms the worlds of what is known; decides once nothing of a list is left to ask."""
        state = self.state
        if any(fact.required and fact.name not in state.scenario.stated for fact in self.book.facts.values()):
            return
        worlds = form(self.book, state.scenario)
        if not state.waiting:
            self.states[-1] = replace(state, decision=_decision(self.book, state.scenario, worlds))

    # --- answers ----------------------------------------------------------------------------------------------
    def _types(self, stated: Mapping[str, Stated]) -> Mapping[str, ValueType]:
        types = dict(self.scenario.types)
        for name in stated:
            if name not in types:
                kind = self._kind(name)
                assert isinstance(kind, NumberType | YesNo | ChoiceType)
                types[name] = kind
        return types

    def _kind(self, name: str) -> object:
        spec = self._field(name)
        return spec.type if spec is not None else self.book.facts[name].type

    def _field(self, name: str) -> FieldSpec | None:
        parts = name_of(name)
        kind = self.book.facts[parts.fact].type if parts is not None and parts.field else None
        return kind.field(parts.field) if parts is not None and isinstance(kind, RecordsType) else None

    def _with_answer(self, question: Question, text: str) -> State:
        scenario, kind = self.scenario, self._kind(question.key)
        if isinstance(kind, TextType):
            return self._named(question, text)
        assert isinstance(kind, NumberType | YesNo | ChoiceType)
        problems = Problems()
        stated = read_stated(understood(text, question, kind), kind, question.title, problems)
        if problems.found or stated is None or stated.kind == "unknown":
            said = " ".join(text.split())
            raise mistake(
                "SV205",
                "answer",
                f"'{said if len(said) <= 40 else said[:37] + '...'}' is no answer to this",
                how_to_answer(question),
            )
        if self.book.facts[question.fact].required and stated.kind != "known":
            raise mistake(
                "SV205", "answer", f"{question.title} must be known", f"It must be {expected_of(kind)}."
            )
        found = {**scenario.stated, question.key: stated}
        return replace(self.state, scenario=replace(scenario, stated=found, types=self._types(found)))

    def _named(self, question: Question, text: str) -> State:
        """A record's name, which must be its own."""
        parts = name_of(question.key)
        assert parts is not None
        assert parts.record is not None
        listed, position, name = parts.fact, parts.record, " ".join(text.split())
        keys = list(self.scenario.records[listed])
        if not name or not name.isprintable():
            raise mistake("SV205", "answer", "a name is needed", "One or two words are enough.")
        if known_as(name) in (known_as(key) for i, key in enumerate(keys) if i != position):
            raise mistake("SV206", "answer", f"there is a '{name}' already", "Give each its own name.")
        keys[position] = name
        scenario = replace(
            self.scenario,
            records={**self.scenario.records, listed: tuple(keys)},
            texts={**self.scenario.texts, question.key: name},
        )
        return replace(self.state, scenario=scenario)

    def _list_begun(self, question: Question, text: str) -> State:
        """How many records a list has: their fields are asked next."""
        count = read_value(Text(text.strip(), Place("answer")), NumberType.of("count", 0, MOST_GROUPS))
        if not isinstance(count, int):
            raise mistake(
                "SV205",
                "answer",
                f"'{text.strip()[:40]}' is not a number from 0 to {MOST_GROUPS}",
                "Say 0 when none can be told apart; join small ones into larger ones.",
            )
        fact = self.book.facts[question.fact]
        assert isinstance(fact.type, RecordsType)
        names = tuple(f"group {position + 1}" for position in range(count))
        texts = {f"{fact.name}[{i}].{fact.type.key}": name for i, name in enumerate(names)}
        fields = [spec.name for spec in fact.type.fields if not spec.optional and spec.default is None]
        waiting = tuple(f"{fact.name}[{i}].{name}" for i in range(count) for name in fields)
        prefix = f"{fact.name}["
        stated = {n: s for n, s in self.scenario.stated.items() if not n.startswith(prefix)}
        for i in range(count):
            for spec in fact.type.fields:
                if isinstance(spec.default, int) and not isinstance(spec.type, MapType):
                    stated[f"{fact.name}[{i}].{spec.name}"] = Stated(
                        "known", (spec.default,), "", Place("answers")
                    )
        scenario = replace(
            self.scenario,
            records={**self.scenario.records, fact.name: names},
            stated=stated,
            texts={**self.scenario.texts, **texts},
            types=self._types(stated),
        )
        return replace(self.state, scenario=scenario, waiting=waiting)

    # --- the next question ------------------------------------------------------------------------------------
    def _next(self) -> Question | None:
        self.done_because = ""
        state = self.state
        if state.waiting:
            return self._asked(state.waiting[0], len(state.asked))
        for fact in self.book.facts.values():
            if fact.required and fact.name not in state.scenario.stated:
                return self._asked(fact.name, len(state.asked) + 1)
        candidates = list(self._candidates())
        rank = self._ranks() if len(candidates) > 1 else {}
        key = min(
            candidates,
            key=lambda key: (rank.get(_fact(key), len(rank)), self._place(key)),
            default=None,
        )
        if key is None:
            self.done_because = (
                "certain" if self.certain else "assumed" if self.settled else "nothing left to ask"
            )
        elif len(state.asked) >= self.most:
            self.done_because = "certain" if self.certain else "assumed" if self.settled else "limit"
            return None
        return None if key is None else self._asked(key, len(state.asked) + 1)

    def _place(self, key: str) -> tuple[int, str]:
        ask = self.book.facts[_fact(key)].ask
        return (ask.place if ask else 1000, key)

    def _ranks(self) -> Mapping[str, int]:
        """The place of each fact among those worth asking, the one worth most for its effort first; empty: by the rule book."""
        steering = self.steering
        if steering is None or self.settled:
            return {}
        if 2 * len(steering.pivotal) > MANY:
            return self._at_first
        return self._ranked(steering)

    @cached_property
    def _at_first(self) -> Mapping[str, int]:
        """The ranks where a scenario is gone on with: found once, as long as so many facts are open that it takes long."""
        decision = None if self.fresh else self.states[0].decision
        return {} if decision is None else self._ranked(decision)

    @staticmethod
    def _ranked(decision: Decision) -> Mapping[str, int]:
        def ranks() -> Mapping[str, int]:
            ranked = (_fact(ask.name) for ask in ask_next(decision, len(decision.pivotal)))
            return {name: place for place, name in enumerate(dict.fromkeys(ranked))}

        return _ranks.of(decision, ranks)

    def _candidates(self) -> Iterator[str]:
        """The questions whose answers can still turn the outcome."""
        steering = self.steering
        if steering is None:
            return
        pivotal = self._hung_on() if self.settled else steering.pivotal
        for name in pivotal:
            for key in self._keys(name):
                fact = self.book.facts[_fact(key)]
                if (
                    fact.ask is not None
                    and fact.name not in self.state.asked
                    and self._has_sense(fact.ask.after)
                ):
                    yield key

    def _hung_on(self) -> tuple[str, ...]:
        """The assumed facts that the outcome hangs on, and what they are about where that is open."""
        asks = {name: self.book.facts[name].ask for name in self.rests_on}
        about = [ask.after for ask in asks.values() if ask is not None and ask.after]
        return (*asks, *(name for name in about if not self._has_sense(name)))

    def _has_sense(self, after: str) -> bool:
        """Whether what a question is about is known."""
        stated = self.scenario.stated.get(after)
        return not after or (stated is not None and stated.kind != "unknown")

    def _keys(self, pivotal: str) -> Iterator[str]:
        """The questions behind a pivotal value: itself, or the list that its measure reads."""
        if pivotal in self.book.facts or self._field(pivotal) is not None:
            yield pivotal
            return
        for listed in self._lists_of.get(pivotal, ()):
            kind = self.book.facts[listed].type
            assert isinstance(kind, RecordsType)
            if listed not in self.scenario.records:
                yield f"{listed}#"
                continue
            for position in range(len(self.scenario.records[listed])):
                for spec in kind.fields:
                    name = f"{listed}[{position}].{spec.name}"
                    stated = self.scenario.stated.get(name)
                    if not isinstance(spec.type, TextType | MapType) and (
                        stated is None or stated.kind == "unknown"
                    ):
                        yield name

    # --- words ------------------------------------------------------------------------------------------------
    def _asked(self, key: str, number: int) -> Question:
        fact = self.book.facts[_fact(key)]
        ask, kind = fact.ask, fact.type
        text, helping = (ask.question, ask.help) if ask else (fact.title, "")
        at_most = max(self.most, number)
        if key.endswith("#"):
            return Question(
                key,
                fact.name,
                fact.title,
                text,
                helping,
                fact.how,
                "number",
                (),
                f"how many there are, from 0 to {MOST_GROUPS}",
                number,
                at_most,
            )
        spec, parts = self._field(key), name_of(key)
        if spec is not None and parts is not None and parts.record is not None:
            keys, position = self.scenario.records[fact.name], parts.record
            within = f"{position + 1} of {len(keys)}" + ("" if spec.key else f", {keys[position]}")
            spec_type = spec.type
            assert not isinstance(spec_type, MapType)
            return Question(
                key,
                fact.name,
                spec.name.replace("_", " "),
                spec.how,
                "",
                spec.how,
                kind_of(spec_type),
                options_of(spec_type, {}),
                "a name" if spec.key else expected_answer(spec_type),
                number,
                at_most,
                within,
            )
        assert isinstance(kind, NumberType | YesNo | ChoiceType)
        assumed = self.decision.worlds.assumed.get(key) if self.decision is not None else None
        options = options_of(kind, ask.words if ask else {})
        words = (
            ""
            if assumed is None
            else next(
                (o.words for o in options if o.value == _written(assumed, kind)), _written(assumed, kind)
            )
        )
        return Question(
            key,
            fact.name,
            fact.title,
            text,
            helping,
            fact.how,
            kind_of(kind),
            options,
            expected_answer(kind),
            number,
            at_most,
            assumed=words,
        )


def how_to_answer(question: Question) -> str:
    """What may be said to a question."""
    if question.options and question.kind == "choice":
        return (
            "Give the number, or the first letters, of one of: "
            + "; ".join(o.words for o in question.options)
            + "."
        )
    if question.kind == "yes_no":
        return "Say yes or no, or that you do not know."
    if question.kind == "number" and not question.key.endswith("#"):
        return f"Give {question.expected}, or a range such as 40-60; or say that you do not know."
    return f"Give {question.expected}."


def expected_answer(kind: ValueType | TextType | RecordsType) -> str:
    """What a value of a type looks like, for people who are asked."""
    if isinstance(kind, NumberType):
        if kind.hi > 10**6:
            return f"a whole number from {kind.lo} up" if kind.scale == 1 else "a number"
        return f"a number from {say(kind.lo, kind)} to {say(kind.hi, kind)}"
    return expected_of(kind)


def empty_scenario(book: RuleBook, title: str = "") -> Scenario:
    """A scenario in which nothing is said."""
    return Scenario(
        title=title or "Our community",
        story="",
        source="",
        as_of=None,
        file="answers",
        stated={},
        types={},
        texts={},
        records={},
        expect=None,
        warnings=(),
        entry_lists=book.entry_lists,
    )


def kind_of(kind: ValueType | TextType | RecordsType) -> str:
    return (
        "yes_no"
        if isinstance(kind, YesNo)
        else "choice"
        if isinstance(kind, ChoiceType)
        else "name"
        if isinstance(kind, TextType)
        else "number"
    )


def _written(value: int, kind: ValueType) -> str:
    return (
        ("yes" if value else "no")
        if isinstance(kind, YesNo)
        else kind.option(value)
        if isinstance(kind, ChoiceType)
        else str(value)
    )


def options_of(kind: object, words: Mapping[str, str]) -> tuple[Option, ...]:
    if isinstance(kind, YesNo):
        return (Option("yes", words.get("yes", "Yes")), Option("no", words.get("no", "No")))
    if isinstance(kind, ChoiceType):
        return tuple(Option(option, words.get(option, option.replace("_", " "))) for option in kind.options)
    return ()


def _fact(key: str) -> str:
    """The fact or list behind a key: segments[0].level and segments# are both of segments."""
    return fact_of(key.rstrip("#"))


def understood(text: str, question: Question, kind: ValueType) -> Text:
    """An answer as a scenario may have it: of several options, the one that was named by its number, word or beginning."""
    place, said = Place("answer", 0, 0, text), " ".join(text.split())
    if isinstance(kind, NumberType):
        return Text(said.rstrip(" .!"), place)
    low = said.casefold()
    if isinstance(kind, YesNo):
        low = {"y": "yes", "n": "no", "1": "yes", "2": "no", "j": "yes"}.get(low, low)
        return Text(low.rstrip(".!"), place)
    if low.isascii() and low.isdecimal() and 1 <= int(low) <= len(question.options):
        return Text(question.options[int(low) - 1].value, place)
    by_word = [
        o.value
        for o in question.options
        if low in (o.value.casefold(), o.words.casefold(), o.value.replace("_", " ").casefold())
    ]
    begins = [
        o.value
        for o in question.options
        if low and (o.value.casefold().startswith(low) or o.words.casefold().startswith(low))
    ]
    return Text((by_word or (begins if len(begins) == 1 else []) or [said])[0], place)


__all__ = [
    "Interview",
    "Option",
    "Question",
    "State",
    "empty_scenario",
    "expected_answer",
    "kind_of",
    "options_of",
    "understood",
]
