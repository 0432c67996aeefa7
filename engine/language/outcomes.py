"""Outcomes, modes, statuses and risks: their plain words, their actions and their order, all from outcomes.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sharedvalue.engine.errors import Place
from sharedvalue.engine.language.expressions import Written
from sharedvalue.engine.language.facts import OWNERS
from sharedvalue.engine.language.pictures import Look, Pictures, read_pictures
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.rules import MODALITIES, When, expression, read_conditional

NOWHERE = Place("rules/outcomes.yaml")
WAITS_FOR = ("sponsor", "facts")


@dataclass(frozen=True)
class Keeps:
    """Which records an outcome keeps: those of a list for which a condition holds; `kept` and `left` say what becomes of a
    record that is kept, and of one that is not."""

    list: str
    variable: str
    where: Written
    place: Place
    kept: str = "Would keep their place"
    left: str = "Would lose their place"


@dataclass(frozen=True)
class WhyNot:
    """What is said where an outcome did not come out: rules that stopped it, and rules that it needs and that did not fire.

    A rule is named by its id, or by its id and part: V01, V04.fixed. With a condition, it is told of only where that
    holds; of several entries for one rule the first counts. `words` stand in for what the rule itself says.
    """

    needs: tuple[When, ...] = ()
    stopped_by: tuple[When, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """One answer. `hard` asks for what would avoid it, `toward` names going there, `say_first` rules told with the headline.

    `doors` are the conclusions each of which would have opened another course: this one comes out where none does.
    `near` is another headline, for where one small change leads to another outcome: (that outcome, the headline).
    """

    name: str
    title: str
    headline: str
    means: str
    actions: tuple[When, ...]
    risks: tuple[When, ...]
    keeps: Keeps | None
    place: Place
    hard: bool = False
    toward: str = ""
    say_first: tuple[str, ...] = ()
    why_not: WhyNot = WhyNot()
    near: tuple[str, str] | None = None
    doors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mode:
    """How an outcome is carried out. A mode with `joins_when` joins every mode of its outcomes then, by `rule`.

    `quotes` are the claims whose words of the article may be shown with it, the first that stands. `expires`: it holds until
    its review date, no longer. `left` says what becomes of a record that its outcome does not keep, where that is not what the
    outcome says. `asks_sponsor`: it is done once the sponsor has agreed.
    """

    name: str
    outcomes: tuple[str, ...]
    title: str
    headline: str
    means: str
    actions: tuple[When, ...]
    risks: tuple[When, ...]
    joins_when: Written | None
    rule: str
    place: Place
    quotes: tuple[When, ...] = ()
    expires: bool = False
    left: str = ""
    asks_sponsor: bool = False


@dataclass(frozen=True)
class Level:
    """A status or a risk level, or whether the sponsor must be told: what is said when its condition holds.

    `lead` stands before the headline, `then` over the actions. `surely` is a further condition that counts only where it
    holds in every world: what is not known raises nothing by it. `waits_for` says whose answer a status waits for: that of
    the sponsor, or facts that are not known yet.
    """

    name: str
    when: Written | None
    words: str
    place: Place
    modality: str = "is"
    risk: str = ""
    lead: str = ""
    then: str = ""
    surely: Written | None = None
    waits_for: str = ""


@dataclass(frozen=True)
class Recording:
    """What a recorded decision is held to, all by name: `log` is the list in which agreements stand, `proposed_while` the
    conclusion by which a decision is a proposal only, `flagged` those that wait for an answer, `sponsor` the fact without
    which no sponsor can have taken part, `people` the facts that count people, `foretells` for a fact that looks ahead the one
    by which it is measured later, `problem` the text in which the sponsor's problem is told, `options` the courses that a
    report compares, each an outcome or OUTCOME.mode, `agreed` the conclusion that the sponsor had agreed before, `dated` the field of the
    log that says when: an entry older than the facts speaks of another proposal; `names` the field that names its record, and
    `about` the one that names the outcome which it agreed to."""

    log: str = ""
    proposed_while: str = ""
    flagged: tuple[str, ...] = ()
    sponsor: str = ""
    people: tuple[str, ...] = ()
    foretells: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    options: tuple[str, ...] = ()
    agreed: str = ""
    dated: str = ""
    names: str = ""
    about: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True)
class Outcomes:
    """All of outcomes.yaml, in its order.

    `say_first` are the rules told with the headline where they fire, `situation` those told of every case; `owners` are
    the words for those who can change a fact.
    """

    outcomes: Mapping[str, Outcome]
    modes: Mapping[str, Mode]
    statuses: Mapping[str, Level]
    risk_levels: Mapping[str, Level]
    risk_routes: Mapping[str, Level]
    tell_sponsor: Level | None
    say_first: tuple[str, ...] = ()
    situation: tuple[str, ...] = ()
    owners: Mapping[str, str] = field(default_factory=dict)
    recording: Recording = Recording()
    pictures: Pictures = field(default_factory=Pictures)

    def look(self, outcome: str) -> Look:
        """The colour and the sign of an outcome."""
        return self.pictures.look(outcome, list(self.outcomes).index(outcome))


def read_outcomes(reader: Reader) -> Outcomes:
    """The whole of outcomes.yaml."""
    outcomes = {name: _outcome(name, below) for name, below in reader.each("outcomes", "outcome")}
    modes = {name: _mode(name, below) for name, below in reader.each("modes", "mode")}
    levels = {
        key: {name: _level(name, below) for name, below in reader.each(key, what)}
        for key, what in (
            ("statuses", "status"),
            ("risk_levels", "risk level"),
            ("risk_routes", "risk route"),
        )
    }
    tell = reader.reader("tell_sponsor")
    result = Outcomes(
        outcomes,
        modes,
        levels["statuses"],
        levels["risk_levels"],
        levels["risk_routes"],
        _level("tell_sponsor", tell) if tell else None,
        reader.words("say_first"),
        reader.words("situation"),
        _owners(reader.reader("owners")),
        _recording(reader.reader("recording")),
        read_pictures(reader.reader("pictures")),
    )
    reader.done()
    return result


def _owners(reader: Reader | None) -> Mapping[str, str]:
    if reader is None:
        return {}
    words = {owner: reader.text(owner) for owner in OWNERS if reader.has(owner)}
    reader.done()
    return words


def _recording(reader: Reader | None) -> Recording:
    if reader is None:
        return Recording()
    found = Recording(
        reader.text("log", required=True),
        reader.text("proposed_while", required=True),
        reader.words("flagged"),
        reader.text("sponsor", required=True),
        reader.words("people"),
        _foretells(reader.reader("foretells")),
        reader.text("problem"),
        reader.words("options"),
        reader.text("agreed"),
        reader.text("dated"),
        reader.text("names"),
        reader.text("about"),
        reader.table.place,
    )
    reader.done()
    return found


def _foretells(reader: Reader | None) -> Mapping[str, str]:
    if reader is None:
        return {}
    found = {ahead: reader.text(ahead, required=True) for ahead in reader.table.entries}
    reader.done()
    return found


def _why_not(reader: Reader | None) -> WhyNot:
    if reader is None:
        return WhyNot()
    found = WhyNot(read_conditional(reader, "needs", "rule"), read_conditional(reader, "stopped_by", "rule"))
    reader.done()
    return found


def _outcome(name: str, reader: Reader) -> Outcome:
    keeps = None
    below = reader.reader("keeps")
    if below is not None:
        where = expression(below, "where")
        if where is not None:
            keeps = Keeps(
                below.text("list", required=True),
                below.text("as", default="s"),
                where,
                below.table.place,
                below.text("kept", default=Keeps.kept),
                below.text("left", default=Keeps.left),
            )
        below.done()
    near, closer = None, reader.reader("near")
    if closer is not None:
        near = (closer.text("outcome", required=True), closer.text("headline", required=True))
        closer.done()
    outcome = Outcome(
        name,
        reader.text("title", required=True),
        reader.text("headline", required=True),
        reader.text("means"),
        read_conditional(reader, "actions", "action"),
        read_conditional(reader, "risks", "risk"),
        keeps,
        reader.table.place,
        reader.yes_no("hard"),
        reader.text("toward"),
        reader.words("say_first"),
        _why_not(reader.reader("why_not")),
        near,
        reader.words("doors"),
    )
    reader.done()
    return outcome


def _mode(name: str, reader: Reader) -> Mode:
    mode = Mode(
        name,
        reader.words("outcome"),
        reader.text("title", required=True),
        reader.text("headline"),
        reader.text("means"),
        read_conditional(reader, "actions", "action"),
        read_conditional(reader, "risks", "risk"),
        expression(reader, "joins_when"),
        reader.text("rule"),
        reader.table.place,
        read_conditional(reader, "quote", "claim"),
        reader.yes_no("expires"),
        reader.text("left"),
        reader.yes_no("asks_sponsor"),
    )
    reader.done()
    return mode


def _level(name: str, reader: Reader) -> Level:
    level = Level(
        name,
        expression(reader, "when"),
        reader.text("words", required=True),
        reader.table.place,
        reader.word("modality", MODALITIES, default="is"),
        reader.text("risk"),
        reader.text("lead"),
        reader.text("then"),
        expression(reader, "surely"),
        reader.word("waits_for", WAITS_FOR),
    )
    reader.done()
    return level
