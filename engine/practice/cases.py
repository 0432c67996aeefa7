"""The cases of practice: cases to read, saved scenarios and made-up ones, each under an id by which it is found again."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.kept import Kept
from sharedvalue.engine.language.rulebook import RuleBook, scenarios_folder
from sharedvalue.engine.language.scenario import Scenario, load_scenario
from sharedvalue.engine.language.scenario_writer import write_scenario
from sharedvalue.engine.practice.generate import Generator, Made, firing_keys
from sharedvalue.engine.practice.made_up import title_of, told
from sharedvalue.engine.practice.material import Material, material
from sharedvalue.engine.practice.written import Step, written, written_names
from sharedvalue.engine.worlds import form

MOST_SEED = 999_999
PAIRS = 4  # of twins that are kept: the other one is soon asked for
_RECIPE = re.compile(r"^(rule|near|popular)-([A-Za-z0-9_]+)-([0-9]{1,6})$")
_TWIN = re.compile(r"^twin-([0-9]{1,6})-([ab])$")
_NUMBERED = re.compile(r"^([a-z0-9-]+)-([0-9]{1,10})$")


@dataclass(frozen=True)
class Case:
    """One case to judge. Its id and title tell a trade and a place, never what is right.

    `kind` is written, scenario, file, or how it was made up: rule, near, twin, popular. `topic` is what it practises: the
    case itself, or a kind of made-up case without its seed. `rule` and `changed` say what a made-up case is about, and `was`
    how the changed fact stands in its other form; `popular` names the popular rule that would mislead; `pair` the twins it
    is one of, and `other` the other of them. A written case has a `step` (`after` it `follows`, where it goes on), of which
    the first `thoughts` of the expert are shown.
    """

    id: str
    kind: str
    topic: str
    scenario: Scenario
    decision: Decision
    rule: str = ""
    changed: str = ""
    popular: str = ""
    pair: str = ""
    was: int | str | None = None
    other: str = ""
    step: Step | None = None
    follows: str = ""
    thoughts: int = 0

    @cached_property
    def decided_by(self) -> str:
        """The rule that decided."""
        after, chosen = self.decision.after.chosen, self.decision.trace.chosen
        branch = after or chosen
        return branch.rule if branch else ""

    @cached_property
    def chapters(self) -> tuple[str, ...]:
        """The letters of the chapters that the way to the decision goes through."""
        found = {f.rule.rule[0] for f in self.decision.path} | {self.rule[:1], self.decided_by[:1]}
        return tuple(letter for letter in self.decision.worlds.book.chapters if letter in found)

    def text(self) -> str:
        """The case as a scenario file."""
        return write_scenario(self.scenario, self.decision.worlds.book)


class Cases:
    """All cases of one rule book."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self.about: Material = material(book)
        self.generator = Generator(book, self.about)
        self._pairs: Kept[tuple[Case, Case]] = Kept(PAIRS)

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The ids of the cases to read: those of the curriculum first."""
        there = written_names()
        first = [name for name in self.about.reading if name in there]
        return (*first, *(name for name in there if name not in first))

    @cached_property
    def saved(self) -> tuple[str, ...]:
        """The ids of all cases that are not made up, in the order in which a newcomer meets them."""
        return (*self.written, *self.about.scenarios)

    def titles(self) -> Mapping[str, str]:
        """The title of each case that is not made up, and of what it unfolds into."""
        read: dict[str, str] = {}
        for name in self.written:
            for number, step in enumerate(written(name, self.book), 1):
                more = number > 1
                read[f"{name}-{number}" if more else name] = (
                    f"{step.scenario.title}{', later' if more else ''}"
                )
        return read | {name: one.title for name, one in self.about.scenarios.items()}

    @cached_property
    def recipes(self) -> tuple[tuple[str, str], ...]:
        """Every kind of made-up case, with what it is about."""
        rules = [rule.id for rule in self.book.rules.values() if not rule.is_note]
        return (
            *(("rule", name) for name in rules),
            *(("near", name) for name in rules),
            *(("popular", name) for name in self.about.popular),
            ("twin", "a"),
            ("twin", "b"),
        )

    def get(self, asked: str) -> Case:
        """The case of an id, of a recipe such as rule-V05-1, or of a scenario file. Raises UserError SV560 for none."""
        if (found := self._read(asked)) is not None:
            return found
        if (named := self._named(asked)) is not None:
            name, stem = named
            scenario = load_scenario(str(scenarios_folder() / f"{stem}.yaml"), self.book)
            if (one := self.about.scenarios.get(name)) is not None:
                scenario = replace(scenario, title=one.title, story=one.story or scenario.story)
            return self.of_scenario(scenario, name, "scenario")
        if match := _RECIPE.match(asked):
            return self.generated(match[1], match[2], int(match[3]))
        if match := _TWIN.match(asked):
            return self.twins(int(match[1]))[match[2] == "b"]
        if asked.endswith((".yaml", ".yml")) or "/" in asked:
            return self.of_scenario(load_scenario(asked, self.book), asked, "file")
        if (match := _NUMBERED.match(asked)) and (made := self._numbered(asked, int(match[2]))) is not None:
            return made
        mend = did_you_mean(asked, self.saved) or "List them with: sharedvalue practice cases"
        raise mistake("SV560", asked, "there is no case of this name", mend)

    def id_of(self, asked: str) -> str:
        """The id under which answers to a case are kept, whatever it is called by."""
        if asked in self.saved or asked.endswith((".yaml", ".yml")) or "/" in asked:
            return asked
        named = self._named(asked)
        return named[0] if named is not None else self.get(asked).id

    def _named(self, asked: str) -> tuple[str, str] | None:
        """The id and the file of a saved scenario, asked for by either."""
        for name, one in self.about.scenarios.items():
            if asked in (name, one.file):
                return name, one.file
        there = re.fullmatch(r"[A-Za-z0-9_-]+", asked) and (scenarios_folder() / f"{asked}.yaml").is_file()
        return (asked, asked) if there else None

    def _read(self, asked: str) -> Case | None:
        """A step of a case to read: the first under its name, the others numbered from 2."""
        name, number = asked, 1
        if asked not in self.written and (match := _NUMBERED.match(asked)):
            name, number = match[1], int(match[2])
        if name not in self.written:
            return None
        steps = written(name, self.book)
        if (number == 1) != (asked == name) or not 1 <= number <= len(steps):
            return None
        step, more = steps[number - 1], f"{name}-{number + 1}" if number < len(steps) else ""
        shown = self.about.reading.get(name)
        case = self.of_scenario(step.scenario, asked, "written")
        return replace(case, step=step, follows=more, thoughts=len(step.thinking) if shown is None else shown)

    def _numbered(self, asked: str, number: int) -> Case | None:
        """A made-up case by its id."""
        seed, place = divmod(number, len(self.recipes))
        if seed > MOST_SEED:
            return None
        kind, about = self.recipes[place]
        found = self.twins(seed)[about == "b"] if kind == "twin" else self.generated(kind, about, seed)
        return found if found.id == asked else None

    def twin_of(self, case_id: str) -> str:
        """The id of the other twin: it has the next number, or the one before."""
        trade, _, number = case_id.rpartition("-")
        second = int(number) % len(self.recipes) == len(self.recipes) - 1
        return f"{trade}-{int(number) + (-1 if second else 1)}"

    def _id(self, made: Made, kind: str, about: str, seed: int) -> str:
        """The id of a made-up case: trade, place, and a number that says how it is made again."""
        number = seed * len(self.recipes) + self.recipes.index((kind, about))
        return f"{'-'.join(re.findall('[a-z0-9]+', title_of(made.community, self.about).lower()))}-{number}"

    def of_scenario(self, scenario: Scenario, case_id: str, kind: str) -> Case:
        return Case(case_id, kind, case_id, scenario, decide(form(self.book, scenario)))

    def generated(self, kind: str, name: str, seed: int) -> Case:
        """A case for a rule, for a near miss of it, or where a popular rule misleads."""
        if kind == "popular":
            made = self.generator.popular(name, seed)
            return self._case(made, kind, name, seed, popular=name)
        name = name.upper()
        if kind == "near":
            return self._case(self.generator.near_miss(name, seed), kind, name, seed, rule=name)
        case = self._case(self.generator.for_rule(name, seed), kind, name, seed, rule=name)
        if not firing_keys(case.decision, name):  # as written and read again; a mistake of ours
            raise AssertionError(f"{case.id} does not fire {name}")
        return case

    def twins(self, seed: int) -> tuple[Case, Case]:
        """Two cases that differ in one fact, and in their outcomes."""
        return self._pairs.of(str(seed), lambda: self._twins(seed))

    def _twins(self, seed: int) -> tuple[Case, Case]:
        one, other = self.generator.twins(seed)
        found = [
            self._case(replace(made, was=beside.community.values.get(made.changed)), "twin", letter, seed)
            for made, beside, letter in ((one, other, "a"), (other, one, "b"))
        ]
        first, second = (
            replace(case, topic="twin", pair=f"twin-{seed}", other=self.twin_of(case.id)) for case in found
        )
        return first, second

    def _case(self, made: Made, kind: str, about: str, seed: int, rule: str = "", popular: str = "") -> Case:
        scenario = told(made.community, self.book, self.about)
        decision, case_id = decide(form(self.book, scenario)), self._id(made, kind, about, seed)
        if decision.outcome != made.decision.outcome:  # as written and read again; a mistake of ours
            raise AssertionError(f"{case_id} reads back as another case")
        topic = f"{kind}-{about}"
        return Case(case_id, kind, topic, scenario, decision, rule, made.changed, popular, was=made.was)

    # --- what comes next ----------------------------------------------------------------------------------------
    def new(self, seen: Sequence[str], number: int) -> Case:
        """A case not seen yet: saved ones in their order, and made-up ones once all of these were seen."""
        unseen = [name for name in self.saved if name not in seen]
        if unseen:
            return self.get(unseen[0])
        rng = random.Random(f"next {number}")
        kind = ("popular", "rule", "near", "twin")[rng.randrange(4)]
        seed = number + 1
        if kind == "twin":
            return self.twins(seed)[0]
        names = list(self.about.popular) if kind == "popular" else self.worlds_rules
        return self.generated(kind, names[rng.randrange(len(names))], seed)

    @cached_property
    def worlds_rules(self) -> list[str]:
        """The rules of the choice: a case for one of them turns on it."""
        return [r.id for r in self.book.rules.values() if r.stage == "world" and r.form == "branches"]

    def again(self, topic: str, times: int) -> Case:
        """A case of a topic that is due: the saved scenario, or a fresh one of its kind."""
        if topic == "twin":
            return self.twins(1000 + times)[times % 2]
        if topic.startswith(("rule-", "near-", "popular-")):
            kind, name = topic.split("-", 1)
            return self.generated(kind, name, 1000 + times)
        return self.get(topic)
