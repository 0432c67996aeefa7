"""The cases of practice: saved scenarios and generated ones, each under an id from which it can be made again."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.language.rulebook import RuleBook, scenarios_folder
from sharedvalue.engine.language.scenario import Scenario, load_scenario, read_scenario
from sharedvalue.engine.language.scenario_writer import write_scenario
from sharedvalue.engine.language.source import parse
from sharedvalue.engine.practice.generate import Generator, Made, firing_keys
from sharedvalue.engine.practice.made_up import told
from sharedvalue.engine.practice.material import Material, material
from sharedvalue.engine.worlds import form

KINDS = ("scenario", "rule", "near", "twin", "popular", "file")
MOST_SEED = 999_999
_GENERATED = re.compile(r"^(rule|near|popular)-([A-Za-z0-9_]+)-([0-9]{1,6})$")
_TWIN = re.compile(r"^twin-([0-9]{1,6})-([ab])$")


@dataclass(frozen=True)
class Case:
    """One case to judge.

    `topic` is what it practises: a saved scenario, or a kind of generated case without its seed. `rule` and `changed` say
    what a generated case is about, and `was` how the changed fact stands in its other form; `popular` names the popular rule
    that would mislead; `pair` the twins it is one of.
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

    @cached_property
    def saved(self) -> tuple[str, ...]:
        """The ids of the saved scenarios: those of the curriculum first."""
        folder = scenarios_folder()
        stems = sorted(path.stem for path in folder.glob("*.yaml")) if folder.is_dir() else []
        first = [name for name in self.about.curriculum if name in stems]
        return (*first, *(name for name in stems if name not in first))

    def get(self, case_id: str) -> Case:
        """The case of an id, or of a scenario file. Raises UserError SV560 where there is none."""
        if case_id in self.saved:
            path = scenarios_folder() / f"{case_id}.yaml"
            return self.of_scenario(load_scenario(str(path), self.book), case_id, "scenario")
        if match := _GENERATED.match(case_id):
            return self.generated(match[1], match[2], int(match[3]))
        if match := _TWIN.match(case_id):
            return self.twins(int(match[1]))[match[2] == "b"]
        if case_id.endswith((".yaml", ".yml")) or "/" in case_id:
            return self.of_scenario(load_scenario(case_id, self.book), case_id, "file")
        mend = did_you_mean(case_id, self.saved) or "List them with: sharedvalue practice cases"
        raise mistake("SV560", case_id, "there is no case of this name", mend)

    def of_scenario(self, scenario: Scenario, case_id: str, kind: str) -> Case:
        return Case(case_id, kind, case_id, scenario, decide(form(self.book, scenario)))

    def from_text(self, text: str, case_id: str, kind: str, topic: str, pair: str = "") -> Case:
        """A case as it was kept."""
        scenario = read_scenario(parse(text, case_id), self.book, case_id)
        rule = topic.split("-", 1)[1] if topic.startswith(("rule-", "near-")) else ""
        popular = topic.split("-", 1)[1] if topic.startswith("popular-") else ""
        return Case(
            case_id, kind, topic, scenario, decide(form(self.book, scenario)), rule, "", popular, pair
        )

    def generated(self, kind: str, name: str, seed: int) -> Case:
        """A case for a rule, for a near miss of it, or where a popular rule misleads."""
        if kind == "popular":
            made = self.generator.popular(name, seed)
            return self._case(made, f"popular-{name}-{seed}", kind, f"popular-{name}", popular=name)
        name = name.upper()
        if kind == "near":
            made = self.generator.near_miss(name, seed)
            return self._case(made, f"near-{name}-{seed}", kind, f"near-{name}", rule=name)
        made = self.generator.for_rule(name, seed)
        case = self._case(made, f"rule-{name}-{seed}", kind, f"rule-{name}", rule=name)
        if not firing_keys(case.decision, name):  # as written and read again; a mistake of ours
            raise AssertionError(f"{case.id} does not fire {name}")
        return case

    def twins(self, seed: int) -> tuple[Case, Case]:
        """Two cases that differ in one fact, and in their outcomes."""
        one, other = self.generator.twins(seed)
        first, second = (
            self._case(
                replace(made, was=beside.community.values.get(made.changed)),
                f"twin-{seed}-{letter}",
                "twin",
                "twin",
                pair=f"twin-{seed}",
            )
            for made, beside, letter in ((one, other, "a"), (other, one, "b"))
        )
        return first, second

    def _case(
        self,
        made: Made,
        case_id: str,
        kind: str,
        topic: str,
        rule: str = "",
        popular: str = "",
        pair: str = "",
    ) -> Case:
        scenario = told(made.community, self.book, self.about)
        decision = decide(form(self.book, scenario))
        if decision.outcome != made.decision.outcome:  # as written and read again; a mistake of ours
            raise AssertionError(f"{case_id} reads back as another case")
        return Case(case_id, kind, topic, scenario, decision, rule, made.changed, popular, pair, made.was)

    # --- what comes next ----------------------------------------------------------------------------------------
    def new(self, seen: Sequence[str], number: int) -> Case:
        """A case not seen yet: saved ones in their order, with generated ones between them."""
        unseen = [name for name in self.saved if name not in seen]
        if unseen and number % 3 != 2:
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


def file_stem(case_id: str) -> str:
    """A case's id as a file name."""
    return Path(case_id).stem
