"""The library: `load` a rule book, `decide` a case, and ask the answer whatever the commands ask.

    book = sharedvalue.load(rules="our-house/")
    answer = book.decide({"has_sponsor": True, "sponsor_value_now": 30, "sponsor_stance": ["fixed", "negotiable"]})

A thin front: what answers is what the command line and the page call too. Every mistake in what is given is a `UserError`
that says what is wrong, where, and what mends it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sharedvalue.results import Portfolio, Result, preformatted

if TYPE_CHECKING:
    from networkx import DiGraph

    from sharedvalue.engine.advice import Advice
    from sharedvalue.engine.decision import Decision
    from sharedvalue.engine.language.rulebook import RuleBook
    from sharedvalue.engine.language.scenario import Scenario
    from sharedvalue.engine.questions.flip import Flips
    from sharedvalue.engine.questions.landscape_parts import Landscape
    from sharedvalue.engine.questions.reasons import Reasons
    from sharedvalue.engine.questions.sensitivity import Sensitivities
    from sharedvalue.engine.questions.sweep_plan import Swept
    from sharedvalue.engine.questions.what_if import WhatIf
    from sharedvalue.engine.questions.why import Why
    from sharedvalue.engine.questions.why_not import WhyNot

Case = Mapping[str, object] | str | Path
SECONDS = 60.0


def load(rules: str | Path | Sequence[str | Path] = ()) -> Book:
    """The rule book that comes with sharedvalue, with house rule directories laid over it in their order.

    Raises:
        UserError: every mistake in the house rules, all at once.
    """
    from sharedvalue.engine.language.loading import load

    return Book(load([rules] if isinstance(rules, str | Path) else list(rules)))


def scenarios() -> list[str]:
    """The names of the cases that come with sharedvalue; `Book.decide` takes them."""
    from sharedvalue.engine.language.rulebook import shipped_scenarios

    return list(shipped_scenarios())


@dataclass(frozen=True)
class Book:
    """A checked rule book, ready to decide. `value` is the engine's own object."""

    value: RuleBook

    @property
    def version(self) -> str:
        """The version of the rule book."""
        return self.value.version

    @property
    def hash(self) -> str:
        """The hash of all that it says, house changes included; every answer carries it."""
        return self.value.hash

    def decide(self, case: Case, title: str = "") -> Answer:
        """What should become of a community.

        `case` is a scenario file, the name of a case that comes along, facts by name, or a whole scenario as a mapping.
        A fact that is left out, or None, is unknown; a tuple (20, 50) is a range, a list ["fixed", "negotiable"] leaves
        its items possible. Lists of records (segments, needs, sponsors) are lists of mappings.

        Raises:
            UserError: every mistake in the case.
        """
        from sharedvalue.engine.advice import advise
        from sharedvalue.engine.worlds import form

        return Answer(advise(form(self.value, self.scenario(case, title))))

    def scenario(self, case: Case, title: str = "") -> Scenario:
        """A case read, and not decided."""
        from sharedvalue.engine.language.scenario import load_scenario, read_scenario
        from sharedvalue.engine.language.source import parse

        if isinstance(case, str | Path):
            return load_scenario(case, self.value)
        whole = case if "facts" in case else {"facts": case}
        tree = {"scenario": 1, "title": title or "A case from Python", **whole}
        tree["facts"] = {name: _fact(value) for name, value in _mapping(whole["facts"]).items()}
        return read_scenario(parse(json.dumps(tree, default=str), "the case"), self.value, "the case")

    def portfolio(self, table: Any, seconds: float = SECONDS) -> Portfolio:
        """The decision of every row of a table: a frame of polars or pandas, a mapping of columns, or a file.

        Columns are facts, as in `sharedvalue portfolio`; `frame` of the result is of the kind that was given. `seconds`
        is for rows in which open facts have to be proven one by one; the rest is told as a mistake of its row.

        Raises:
            UserError: where a column is no fact. Mistakes in rows stand in the result.
        """
        from sharedvalue.engine.questions.portfolio import decide_portfolio, decide_table
        from sharedvalue.engine.questions.portfolio_processes import cores
        from sharedvalue.engine.questions.portfolio_rows import portfolio_of
        from sharedvalue.engine.readings.sweep import Frame
        from sharedvalue.frames import texts

        if isinstance(table, str | Path):
            return Portfolio(decide_table(Path(table), self.value, seconds, processes=cores()), Frame)
        headings, rows = texts(table)
        found = decide_portfolio(
            portfolio_of(headings, rows, "the table", self.value), seconds, processes=cores()
        )
        return Portfolio(found, dict if isinstance(table, Mapping) else type(table))


@dataclass(frozen=True)
class Answer:
    """The decision of one case, and all that can be asked of it. `value` is what `sharedvalue decide` prints from."""

    value: Advice

    # --- what was decided -------------------------------------------------------------------------------------
    @property
    def decision(self) -> Decision:
        """The engine's own decision: traces, worlds, possible outcomes."""
        return self.value.decision

    @property
    def outcome(self) -> str:
        """KEEP_COURSE, SHIFT_FOCUS, RESTRICT_MEMBERSHIP, NOT_YET or whatever else the rule book names."""
        return self.decision.outcome

    @property
    def modes(self) -> tuple[str, ...]:
        """How the outcome is meant: in full, as a repair, with an inner circle and so on."""
        return self.decision.modes

    @property
    def certain(self) -> bool:
        """Whether it is the same whatever the open facts are."""
        return self.decision.certain

    @property
    def graph(self) -> DiGraph[str]:
        """The explanation as a networkx graph, from the facts to the decision. (`_repr_svg_` draws it.)"""
        from sharedvalue.engine.graph import explanation

        return explanation(self.decision)

    def to_dict(self) -> dict[str, Any]:
        """The same as `sharedvalue decide --json`."""
        from sharedvalue.engine.advice import decision_json

        return decision_json(self.value)

    def __str__(self) -> str:
        from sharedvalue.engine.telling.answer import answer_lines

        return "\n".join(answer_lines(self.value))

    def __repr__(self) -> str:
        modes = f" ({', '.join(self.modes)})" if self.modes else ""
        return f"<Answer {self.outcome}{modes}, {'certain' if self.certain else 'open facts decide'}>"

    def _repr_html_(self) -> str:
        return preformatted(str(self))

    def _repr_svg_(self) -> str:
        from sharedvalue.engine.graph.svg import picture

        return picture(self.graph)

    # --- what can be asked of it ------------------------------------------------------------------------------
    def why(self, conclusion: str | None = None) -> Result[Why]:
        """The chain of rules to the decision, or to a conclusion, a rule or a fact."""
        from sharedvalue.cli.why import why_lines
        from sharedvalue.engine.questions.as_json import why_json
        from sharedvalue.engine.questions.why import why

        return Result(
            why(self.decision, conclusion),
            lambda found: why_json(self.decision, found),
            lambda found: why_lines(self.value, found, self._file),
        )

    def why_not(self, outcome: str) -> Result[WhyNot]:
        """What kept an outcome, a mode or a conclusion from being the answer, and by how much."""
        from sharedvalue.cli.why_not import why_not_lines
        from sharedvalue.engine.questions.as_json import why_not_json
        from sharedvalue.engine.questions.why_not import why_not

        return Result(
            why_not(self.decision, outcome),
            lambda found: why_not_json(self.decision, found),
            lambda found: why_not_lines(self.value, found, self._file),
        )

    def what_if(self, changes: Mapping[str, object] | None = None, **facts: object) -> Result[WhatIf]:
        """Before and after, with some facts set otherwise: `what_if(contribution=66)`, or by address:
        `what_if({"segments[experts].overlap": 30})`.
        """
        from sharedvalue.cli.what_if import what_if_lines
        from sharedvalue.engine.graph import difference
        from sharedvalue.engine.graph.svg import picture
        from sharedvalue.engine.questions.as_json import what_if_json
        from sharedvalue.engine.questions.what_if import what_if

        settings = {name: _written(value) for name, value in {**(changes or {}), **facts}.items()}
        return Result(
            what_if(self.decision, settings),
            what_if_json,
            what_if_lines,
            lambda found: picture(difference(found.before, found.after)),
        )

    def flips(self, to: str | None = None, keep: Sequence[str] = ()) -> Result[Flips]:
        """The cheapest changes that would lead to another outcome, by who can make them; proven minimal."""
        from sharedvalue.cli.flip import flip_lines
        from sharedvalue.engine.questions.flip import flip, flips_json

        return Result(flip(self.decision, to, tuple(keep)), flips_json, flip_lines)

    def reasons(self, seconds: float = 10.0, cells: bool = False) -> Result[Reasons]:
        """Every minimal set of facts that alone forces the outcome."""
        from sharedvalue.cli.reasons import reasons_lines
        from sharedvalue.engine.questions.reasons import reasons, reasons_json

        return Result(
            reasons(self.decision, budget=seconds, cells=cells),
            reasons_json,
            lambda found: reasons_lines(found, everything=True),
        )

    def sensitivity(self) -> Result[Sensitivities]:
        """For each fact and threshold, how far it may move before the outcome changes."""
        from sharedvalue.cli.sensitivity import sensitivity_lines
        from sharedvalue.engine.questions.sensitivity import sensitivity, sensitivity_json

        return Result(sensitivity(self.decision), sensitivity_json, sensitivity_lines)

    def map(self, x: str, y: str, seconds: float = 20.0) -> Result[Landscape]:
        """Which answer where, when two facts vary: `map("contribution", "openness_to_realign=20..60")`."""
        from sharedvalue.cli.map import map_lines
        from sharedvalue.engine.graph.map_svg import picture
        from sharedvalue.engine.questions.landscape import landscape
        from sharedvalue.engine.questions.landscape_axes import read_axes
        from sharedvalue.engine.questions.landscape_words import as_map, map_json

        worlds = self.decision.worlds
        return Result(
            landscape(worlds, *read_axes(worlds, x, y), seconds),
            map_json,
            map_lines,
            lambda found: picture(as_map(found)),
        )

    def sweep(
        self,
        vary: Mapping[str, object] | Sequence[str],
        samples: int | None = None,
        seed: int = 0,
        vary_unknown: bool = False,
    ) -> Result[Swept]:
        """How often which outcome comes out when facts vary: `sweep({"contribution": range(0, 101, 5)})`, or as on the
        command line: `sweep(["contribution=0..100/5", "sponsor_stance"])`.
        """
        from sharedvalue.cli.sweep import lines
        from sharedvalue.engine.questions.sweep import count, plan

        specs = [_varied(*item) for item in vary.items()] if isinstance(vary, Mapping) else list(vary)
        worlds = self.decision.worlds
        planned = plan(worlds.book, worlds.scenario, specs, samples, seed, vary_unknown)
        return Result(count(planned), lambda swept: swept.as_json(), lines)

    @property
    def _file(self) -> str:
        return self.decision.worlds.scenario.file


# --- what people write in Python ----------------------------------------------------------------------------------
def _mapping(facts: object) -> Mapping[str, object]:
    return facts if isinstance(facts, Mapping) else {}


def _fact(value: object) -> object:
    """A value of a scenario: a tuple is a range, a list of plain values is a choice among them, None is unknown."""
    if value is None:
        return "unknown"
    if isinstance(value, tuple):
        return {"between": list(value)}
    if isinstance(value, list) and value and not any(isinstance(item, Mapping) for item in value):
        return {"one_of": value}
    if isinstance(value, list):
        return [
            {k: _fact(v) for k, v in item.items()} if isinstance(item, Mapping) else item for item in value
        ]
    return value


def _written(value: object) -> str:
    """A value as `--set` takes it."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "..".join(map(_written, value))
    return "|".join(map(_written, value)) if isinstance(value, list) else str(value)


def _varied(name: str, values: object) -> str:
    """A fact and its values as `--vary` takes them."""
    if values is None:
        return name
    if isinstance(values, range) and len(values) > 1:
        return f"{name}={values[0]}..{values[-1]}/{values.step}"
    return f"{name}={_written(list(values) if isinstance(values, range) else values)}"
