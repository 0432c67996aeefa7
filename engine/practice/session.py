"""One sitting over one case: the facts are looked at, the trainee commits, and only then the answer is shown.

A pure state machine: each step returns a new sitting. The terminal and the page use the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sharedvalue.engine.errors import UserError, did_you_mean, mistake
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.facts import GROUP_TITLES, Fact
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.types import RecordsType, TextType, say
from sharedvalue.engine.practice.cases import Case
from sharedvalue.engine.practice.material import material
from sharedvalue.engine.questions.naming import Naming

LEAST_EFFORT = 1  # of a fact that the book never asks for
FEW_VALUES = 4  # that are listed, where it is not known which it is


@dataclass(frozen=True)
class Cue:
    """Something that a trainee can look at and name: a fact, or a whole list of groups or sponsors. `lines` is what it says."""

    name: str
    title: str
    short: str
    group: str
    lines: tuple[str, ...]
    known: bool
    effort: int


@dataclass(frozen=True)
class Commitment:
    """What the trainee said before the answer: outcome, how sure in percent that it is right, and the facts that decide it."""

    outcome: str
    confidence: int
    cues: tuple[str, ...]


@dataclass(frozen=True)
class Sitting:
    """A case on the table. With `hidden`, facts are told only when asked for; `asked` are those, in order.

    `second` is the outcome of a second try. It stands beside the commitment and takes nothing of it back. `twin_judged`: of a
    twin, whether the other one was judged, so that what they differ in may be told.
    """

    case: Case
    hidden: bool = False
    asked: tuple[str, ...] = ()
    commitment: Commitment | None = None
    second: str = ""
    twin_judged: bool = False

    @cached_property
    def cues(self) -> Mapping[str, Cue]:
        """All facts of the case, grouped; those that are not known and that matter come with them."""
        return {cue.name: cue for cue in _cues(self.case)}

    @property
    def drawn(self) -> bool:
        """Whether the trainee draws the facts from papers: they are named, and not told before the commitment."""
        return self.case.step is not None

    @property
    def shown(self) -> tuple[Cue, ...]:
        """The facts that may be seen now."""
        told = not (self.hidden or self.drawn) or self.commitment is not None
        return tuple(cue for cue in self.cues.values() if told or cue.name in self.asked)

    @property
    def effort(self) -> int:
        """What asking has cost so far; all of it where nothing was hidden."""
        return sum(cue.effort for cue in self.cues.values() if not self.hidden or cue.name in self.asked)

    def cue(self, name: str) -> Cue:
        """A fact by its name, its label on the screen or the beginning of one, or its number. Raises UserError SV561."""
        written = name.strip()
        names, label = list(self.cues), _plain(written)
        if written.isdigit() and 1 <= int(written) <= len(names):
            return self.cues[names[int(written) - 1]]
        if (plain := fact_of(written)) in self.cues:
            return self.cues[plain]
        labels = {_plain(said): cue for cue in self.cues.values() for said in (cue.title, cue.short)}
        begun = {cue.name for said, cue in labels.items() if label and said.startswith(label)}
        if label in labels or len(begun) == 1:
            return labels[label] if label in labels else self.cues[begun.pop()]
        close = did_you_mean(label, labels) or did_you_mean(plain, names)
        mend = close or f"Give its number, from 1 to {len(names)}, or its label."
        raise mistake("SV561", written[:60] or "facts", "this case has no such fact", mend)

    def named(self, said: str) -> tuple[str, ...]:
        """The facts of a line such as '3 7, contribution, members active in the last 90 days'."""
        found: list[str] = []
        for part in said.replace(";", ",").split(","):
            words = part.split()
            try:  # a label of several words, before several facts
                found += [self.cue(part).name] if words else []
            except UserError:
                if not all(word.isdigit() or word in self.cues for word in words):
                    raise
                found += [self.cue(word).name for word in words]
        return tuple(found)

    def ask(self, name: str) -> Sitting:
        """One more fact is asked for."""
        found = self.cue(name).name
        return self if found in self.asked else replace(self, asked=(*self.asked, found))

    def commit(self, outcome: str, confidence: int, cues: Iterable[str]) -> Sitting:
        """The trainee says what is right, how sure that is, and why. It cannot be taken back.

        Raises:
            UserError: SV562 when it was said already, SV561 for what is no outcome, percentage or fact of the case.
        """
        if self.commitment is not None:
            raise mistake(
                "SV562",
                self.case.id,
                "you have already answered this case",
                "An answer given cannot be changed.",
            )
        written = outcome_named(outcome, self.case.decision.worlds.book)
        if not 0 <= confidence <= 100:
            raise mistake(
                "SV561",
                "confidence",
                f"{confidence} is not a percentage",
                "Give a whole number from 0 to 100.",
            )
        named = tuple(dict.fromkeys(self.cue(name).name for name in cues))
        return replace(self, commitment=Commitment(written, confidence, named))

    def try_again(self, outcome: str) -> Sitting:
        """A second outcome, before the answer is shown."""
        return replace(self, second=outcome_named(outcome, self.case.decision.worlds.book))


def _plain(label: str) -> str:
    """A label without what people write differently: capitals, apostrophes, spaces."""
    return " ".join(label.casefold().replace("'", "").replace("’", "").split())


def outcome_named(said: str, book: RuleBook) -> str:
    """An outcome as somebody wrote it: its name, its title on the screen, the beginning of one, or its number.

    Raises:
        UserError: SV561 for what is none of them.
    """
    names, written = book.outcome_names, said.strip().upper().replace("-", "_").replace(" ", "_")
    if written.isdigit() and 1 <= int(written) <= len(names):
        return names[int(written) - 1]
    called = {name: name for name in names}
    called |= {entry.title.upper().replace(" ", "_"): name for name, entry in book.outcomes.outcomes.items()}
    begun = {name for title, name in called.items() if written and title.startswith(written)}
    if written in called or len(begun) == 1:
        return called.get(written) or begun.pop()
    titles = [book.outcomes.outcomes[name].title for name in names]
    mend = did_you_mean(said.strip(), titles) or f"Outcomes: {', '.join(titles)}."
    raise mistake("SV561", "outcome", f"there is no outcome '{said[:60]}'", mend)


def _cues(case: Case) -> Iterable[Cue]:
    worlds = case.decision.worlds
    book, naming = worlds.book, Naming(worlds)
    stated = set(worlds.scenario.stated)
    open_lists = {fact_of(name) for name in worlds.open}
    lists = material(book).lists
    found: list[Cue] = []
    for fact in book.facts.values():
        if isinstance(fact.type, TextType):
            continue
        if isinstance(fact.type, RecordsType):
            keys = worlds.scenario.records.get(fact.name)
            if keys:
                found.append(_cue(fact, tuple(_records(case, fact, keys)), True))
            elif keys is not None and fact.name in lists and lists[fact.name].empty:
                found.append(_cue(fact, (lists[fact.name].empty,), True))
        elif fact.name in stated or (fact.name in worlds.assumed and fact.name in worlds.beliefs):
            found.append(_cue(fact, (_value(case, naming, fact.name),), fact.name not in worlds.open))
        elif fact.name in worlds.open or fact.name in open_lists:
            found.append(_cue(fact, ("not known",), False))
        elif (belief := worlds.beliefs.get(fact.name)) is not None and belief.origin == "evidence":
            found.append(_cue(fact, (_value(case, naming, fact.name),), belief.value is not None))
    order = list(GROUP_TITLES)
    return sorted(found, key=lambda cue: order.index(cue.group))


def _cue(fact: Fact, lines: tuple[str, ...], known: bool) -> Cue:
    effort = fact.ask.effort if fact.ask is not None else LEAST_EFFORT
    return Cue(fact.name, fact.title, fact.short, fact.group, lines, known, effort)


def _value(case: Case, naming: Naming, name: str) -> str:
    worlds = case.decision.worlds
    belief = worlds.beliefs[name]
    if belief.value is None:
        domain = worlds.domains.get(name, belief.domain)
        if domain.is_known:
            return naming.said(name, domain.lo)
        if domain.size <= FEW_VALUES:
            return " or ".join(naming.said(name, value) for value in domain.values())
        return f"somewhere from {naming.said(name, domain.lo)} to {naming.said(name, domain.hi)}"
    kept = worlds.domains.get(name)
    sure = f" ({belief.confidence} confidence)" if belief.confidence else ""
    if kept is not None and not kept.is_known:
        return f"{naming.said(name, belief.value)}, but in doubt"
    return f"{naming.said(name, belief.value)}{sure}"


def _records(case: Case, fact: Fact, keys: tuple[str, ...]) -> Iterable[str]:
    worlds = case.decision.worlds
    naming = Naming(worlds)
    kind = fact.type
    assert isinstance(kind, RecordsType)
    for position, key in enumerate(keys):
        said = []
        for spec in kind.fields:
            name = f"{fact.name}[{position}].{spec.name}"
            known = worlds.scenario.stated.get(name)
            if known is not None and known.value is not None:
                value = naming.said(name, known.value) if name in worlds.beliefs else None
                if value is None:
                    value = say(known.value, worlds.scenario.types[name])
                if spec.name == "count":
                    said.append(f"{value} members")
                elif known.value != spec.default and value != "no":
                    said.append(
                        spec.name.replace("_", " ")
                        if value == "yes"
                        else f"{spec.name.replace('_', ' ')} {value}"
                    )
            elif (text := worlds.scenario.texts.get(name)) and not spec.key and spec.name != "label":
                said.append(text.replace("_", " "))
        yield f"{key}: {', '.join(said)}" if said else key
