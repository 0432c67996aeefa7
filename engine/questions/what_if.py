"""What if: some facts set otherwise; before, after, and what changed in the reasoning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.language.scenario import with_values
from sharedvalue.engine.questions.naming import Naming
from sharedvalue.engine.readings.trace import Firing
from sharedvalue.engine.worlds import form


@dataclass(frozen=True)
class Changed:
    """One value: what it was said to be before and after. `widened` says why a value that was set counts as a range."""

    name: str
    title: str
    before: str
    after: str
    widened: str = ""


@dataclass(frozen=True)
class Finding:
    """A rule that fires on one side only, with its line there. `deciding` when it stands on the way to the decision."""

    rule: str
    part: str
    line: str
    deciding: bool


@dataclass(frozen=True)
class WhatIf:
    """Before and after. `set` are the facts that were set, `followed` those that changed with them (assumptions).

    `gained` and `lost` are conclusions that hold in every world on one side only, `rules_gained` and `rules_lost` likewise.
    """

    before: Decision
    after: Decision
    set: tuple[Changed, ...]
    followed: tuple[Changed, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    rules_gained: tuple[Finding, ...]
    rules_lost: tuple[Finding, ...]

    @property
    def same_answer(self) -> bool:
        one, other = self.before, self.after
        return (one.outcome, one.modes, one.open_modes) == (other.outcome, other.modes, other.open_modes)

    @property
    def same_possible(self) -> bool:
        """Whether the same outcomes could follow."""
        return {p.outcome for p in self.before.possible} == {p.outcome for p in self.after.possible}


def what_if(before: Decision, settings: Mapping[str, str]) -> WhatIf:
    """The case with some facts set: {'segments[experts].overlap': '30', 'sponsor_stance': 'unknown', 'x': '20..50'}.

    Raises:
        UserError: SV204 for an unknown fact, SV205 for a value that it cannot have, SV207 and SV230 for what cannot be.
    """
    worlds = before.worlds
    scenario = with_values(worlds.scenario, worlds.book, settings)
    names = [name for address in settings if (name := worlds.scenario.resolve(address)) is not None]
    after = decide(form(worlds.book, scenario))
    return compare(before, after, names)


def compare(before: Decision, after: Decision, names: Sequence[str]) -> WhatIf:
    """Two decisions of one case, in which these facts (by their names in the grounded table) are stated otherwise."""
    changed = tuple(_changed(before, after, name) for name in dict.fromkeys(names))
    others = [n for n in {**before.worlds.beliefs, **after.worlds.beliefs} if n not in names]
    followed = tuple(c for n in others if (c := _changed(before, after, n)).before != c.after)
    held, holds = _conclusions(before), _conclusions(after)
    fired, fires = _findings(before), _findings(after)
    naming = Naming(before.worlds)
    return WhatIf(
        before,
        after,
        changed,
        followed,
        gained=tuple(naming.address(n) for n in holds if n not in held),
        lost=tuple(naming.address(n) for n in held if n not in holds),
        rules_gained=tuple(fires[key] for key in fires if key not in fired),
        rules_lost=tuple(fired[key] for key in fired if key not in fires),
    )


def _changed(before: Decision, after: Decision, name: str) -> Changed:
    belief = after.worlds.beliefs.get(name)
    widened = belief.widened if belief is not None and belief.value is not None else ""
    return Changed(
        before.worlds.scenario.address(name),
        Naming(before.worlds).title(name),
        before.wording.in_words.variable(name),
        after.wording.in_words.variable(name),
        widened,
    )


def _conclusions(decision: Decision) -> list[str]:
    """What holds in every world, but for what outcomes.yaml says of the choice itself."""
    names = {
        name: None for rule in decision.trace.grounded.rules for name in rule.concludes if ":" not in name
    }
    return [name for name in names if decision.true(name)]


def _findings(decision: Decision) -> dict[str, Finding]:
    """The rules that fire in every world, those on the way to the decision first; not what they say of modes."""
    path = {firing.rule.key for firing in decision.path}
    book = decision.worlds.book
    fired = [
        f
        for f in decision.trace.firings
        if f.rule.rule in book.rules and "/" not in f.rule.part and _stands(decision, f)
    ]
    fired.sort(key=lambda f: f.rule.key not in path)
    return {
        f.rule.key: Finding(f.rule.rule, f.rule.part, decision.wording.line(f.rule), f.rule.key in path)
        for f in fired
    }


def _stands(decision: Decision, firing: Firing) -> bool:
    """Whether a firing may be told: it fires in every world, and is no branch behind the one that decided."""
    if not decision.holds_everywhere(firing):
        return False
    chosen = decision.trace.chosen
    branch = next((b for b in decision.trace.grounded.branches if b.candidate in firing.rule.concludes), None)
    return branch is None or (
        chosen is not None and not decision.by_open_facts and branch.candidate == chosen.candidate
    )
