"""Generated cases: one for a rule, for a near miss of it, twins that differ in one fact, and where a popular rule misleads.

Each is made by the solver and then checked by deciding it. The same recipe, seed and release give the same case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sharedvalue.engine.advice import advise
from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import UserError, did_you_mean, mistake
from sharedvalue.engine.language.expressions import Written
from sharedvalue.engine.language.formulas import Missing, holds
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import type_of
from sharedvalue.engine.language.translator import Translator
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.practice.made_up import Community, worlds_of
from sharedvalue.engine.practice.maker import Maker, Wish
from sharedvalue.engine.practice.material import Material, Popular
from sharedvalue.engine.practice.sense import contradicts, strange
from sharedvalue.engine.questions.flip import flip
from sharedvalue.engine.questions.moves import Moves

ON_PATH = 5  # communities made until the rule lies on the way to the decision
TRIALS = 400  # communities looked at for a rule that the solver cannot be asked for
WHILE = 20  # of these, until something odd is taken
FEW = 4  # pairs that would not be believed, until one of these is taken
NEAR = 6  # values on each side that are tried for a near miss


@dataclass(frozen=True)
class Made:
    """A made community, decided. `changed` is the fact that matters in it: of a near miss, the one that would make it.

    `was` is the value that would; None where not knowing it would.
    """

    community: Community
    decision: Decision
    changed: str = ""
    was: int | str | None = None


def no_case(what: str, why: str, mend: str) -> UserError:
    return mistake("SV560", what, why, mend)


def check_rule(book: RuleBook, rule: str) -> str:
    """The id of a rule for which a case can be made. Raises UserError SV560."""
    asked = rule.strip().upper()
    if asked not in book.rules:
        mend = did_you_mean(asked, book.rules) or "See: sharedvalue rules list"
        raise no_case("--rule", f"the rule book has no rule '{rule}'", mend)
    if book.rules[asked].is_note:
        raise no_case(
            "--rule", f"{asked} is a note: it has no condition, so no case can fire it", "Name another rule."
        )
    return asked


class Generator:
    """All generated cases of one rule book."""

    def __init__(self, book: RuleBook, about: Material) -> None:
        self.book, self.about = book, about

    # --- a case for a rule ------------------------------------------------------------------------------------
    def for_rule(self, rule: str, seed: int) -> Made:
        """A community in which a rule fires (a rule of the choice: decides), on the way to the decision if that can be."""
        rule = check_rule(self.book, rule)
        stage = self.book.rules[rule].stage
        if stage != "world":
            return self._by_trial(rule, seed)
        maker = Maker(self.book, self.about, f"rule {rule}", seed)
        first: Made | None = None
        for _ in range(ON_PATH):
            made = self._decided(maker.make(Wish(rule=rule)))
            if made is None or not fires(made.decision, rule):
                continue
            if any(firing.rule.rule == rule for firing in made.decision.path):
                return self._quieted(maker, made, lambda other: fires(other, rule))
            first = first or made
        if first is None:
            raise no_case(rule, f"no community was found in which {rule} fires", "Try another --seed.")
        return self._quieted(maker, first, lambda other: fires(other, rule))

    def _quieted(self, maker: Maker, made: Made, still: Callable[[Decision], bool]) -> Made:
        """The community without facts that nobody would state of it, as far as it stays the case that it is."""

        def same(left: frozenset[str]) -> Made | None:
            other = self._decided(made.community.unsaid(left))
            if other is None or other.decision.outcome != made.decision.outcome:
                return None
            return (
                other if other.decision.certain == made.decision.certain and still(other.decision) else None
            )

        def without(names: list[str], already: frozenset[str]) -> frozenset[str]:
            """As many of the names as may be left out, beside others; all at once, where that can be."""
            if not names or same(already | set(names)) is not None:
                return already | set(names)
            half = len(names) // 2
            return already if not half else without(names[half:], without(names[:half], already))

        return same(without(maker.unsaid(made.community, made.decision), frozenset())) or made

    def _by_trial(self, rule: str, seed: int) -> Made:
        """For rules about evidence and about the decision itself: communities with pieces of evidence and open facts."""
        maker = Maker(self.book, self.about, f"rule {rule}", seed)
        outcomes = self.book.outcome_names
        made: Made | None = None
        odd: Made | None = None  # what would not be believed: only where a while brings nothing better
        for trial in range(TRIALS):
            if odd is not None and trial % WHILE == 0:
                return odd
            if made is None or trial % 4 == 0:
                wish = Wish(outcome=outcomes[maker.rng.randrange(len(outcomes))])
                made = self._decided(maker.make(wish))
            if made is None:
                continue
            found = self._decided(self._doubted(maker, made.community, rule))
            if found is not None and fires(found.decision, rule):
                if not found.decision.worlds.warnings and strange(found.decision) <= strange(made.decision):
                    return found
                odd = odd or found
        if odd is not None:
            return odd
        raise no_case(rule, f"no community was found in which {rule} fires", "Try another --seed.")

    def _doubted(self, maker: Maker, whole: Community, rule: str) -> Community:
        """A community in which something is in doubt: evidence on some facts, a guess at the sponsor, open facts."""
        rng = maker.rng
        if self.book.rules[rule].stage == "decision":
            if rng.random() < 0.3:
                return whole
            known = [n for n in whole.values if "[" not in n and not maker.needed(n)]
            return whole.without(frozenset(rng.sample(known, rng.randrange(1, 3))))
        found = whole
        if rng.randrange(100) < self.about.evidence.chance:
            found = self._with_evidence(maker, found)
        for doubt in self.about.doubts:
            if rng.randrange(100) < doubt.chance and (not doubt.when or whole.values.get(doubt.when)):
                for name, draw in doubt.draws.items():
                    found = found.with_value(name, maker.pick(draw))
        return found

    def _with_evidence(self, maker: Maker, whole: Community) -> Community:
        rng, pieces = maker.rng, self.about.evidence
        fact = pieces.facts[rng.randrange(len(pieces.facts))]
        values, texts = (
            {n: v for n, v in whole.values.items() if n not in (fact, *pieces.unsaid)},
            dict(whole.texts),
        )
        day = dt.date.fromisoformat(self.book.date)
        count = rng.randrange(1, pieces.most + 1)
        field, counts = pieces.population
        for position in range(count):
            prefix = f"evidence[{position}]."
            days = 31 * pieces.months_old[rng.randrange(len(pieces.months_old))]
            texts[f"{prefix}fact"] = fact
            texts[f"{prefix}date"] = (day - dt.timedelta(days=days)).isoformat()
            for drawn in pieces.fields:
                draw = self.about.draw(prefix + drawn)
                assert draw is not None, drawn
                values[prefix + drawn] = maker.pick(draw)
            values[prefix + field] = max(values[counts], values[f"{prefix}n"])
        keys = tuple(str(n + 1) for n in range(count))
        return replace(whole, values=values, texts=texts, records={**whole.records, "evidence": keys})

    # --- a near miss --------------------------------------------------------------------------------------------
    def near_miss(self, rule: str, seed: int) -> Made:
        """A community in which a rule does not fire, and would after a change of one fact (`changed`).

        Of a rule with several cases or parts, it is one of these that does not hold.
        """
        rule = check_rule(self.book, rule)
        maker = Maker(self.book, self.about, f"near {rule}", seed)
        rng = maker.rng
        for again in range(NEAR):
            fired = self.for_rule(rule, seed + 1000 * again)
            keys = sorted(firing_keys(fired.decision, rule))
            key = keys[rng.randrange(len(keys))]
            values = fired.community.values
            names = [n for n in values if not maker.needed(n) and not maker.as_drawn(n)]
            names += sorted(fired.community.left_out)
            rng.shuffle(names)
            names += [n for n in values if maker.needed(n)]
            other: Made | None = None
            odd: Made | None = None  # what would not be believed: only where nothing else is found
            before = strange(fired.decision)
            for name in names:
                for value in self._beside(fired.community, name):
                    missed = self._decided(fired.community.with_value(name, value), name)
                    if missed is None or key in firing_keys(missed.decision, rule):
                        continue
                    missed = replace(missed, was=fired.community.values.get(name))
                    if strange(missed.decision) > before:
                        odd = odd or missed
                        break
                    if missed.decision.outcome != fired.decision.outcome:
                        return self._seeded(missed, seed)
                    other = other or missed
                    break
            other = other or odd or self._other_date(fired, key, rule)
            if other is not None:
                return self._seeded(other, seed)
        raise no_case(rule, f"no near miss of {rule} was found", "Try another --seed.")

    def _other_date(self, fired: Made, key: str, rule: str) -> Made | None:
        """The community with a piece of evidence of another date, where that is what makes a rule fire."""
        texts, day = fired.community.texts, dt.date.fromisoformat(self.book.date)
        for name in sorted(n for n in texts if n.endswith("].date")):
            for months in self.about.evidence.months_old:
                date = (day - dt.timedelta(days=31 * months)).isoformat()
                other = replace(fired.community, texts={**texts, name: date})
                missed = self._decided(other, name)
                if missed is not None and key not in firing_keys(missed.decision, rule):
                    return replace(missed, was=texts[name])
        return None

    def _beside(self, community: Community, name: str) -> Iterator[int]:
        """Other values of one fact, the nearest first; as few as show whether it matters."""
        draw, start = self.about.draw(name), community.values.get(name, 0)
        if draw is None:
            return
        values = sorted(set(draw.values) - {community.values.get(name)}, key=lambda v: (abs(v - start), v))
        if isinstance(type_of(self.book, name), NumberType):
            values = values[
                :: -(-len(values) // (2 * NEAR))
            ]  # some over all the range, still the nearest first
        yield from values

    @staticmethod
    def _seeded(made: Made, seed: int) -> Made:
        return replace(made, community=replace(made.community, seed=seed))

    # --- twins --------------------------------------------------------------------------------------------------
    def twins(self, seed: int) -> tuple[Made, Made]:
        """Two communities that differ in one fact, and in their outcomes."""
        maker = Maker(self.book, self.about, "twins", seed)
        outcomes = self.book.outcome_names
        odd: list[
            tuple[Made, Made]
        ] = []  # what would not be believed: only where a while brings nothing better
        for _ in range(ON_PATH * 3):
            one = self._decided(maker.make(Wish(outcome=outcomes[maker.rng.randrange(len(outcomes))])))
            if one is None or not one.decision.certain:
                continue
            one = self._quieted(maker, one, lambda other: True)
            names = [n for n in Moves(one.decision).names if n in one.community.values]
            names = [
                n
                for n in names
                if not maker.needed(n) and not maker.as_drawn(n) and n not in maker.all_totals
            ]
            maker.rng.shuffle(names)
            for name in names:
                for value in self._beside(one.community, name):
                    other = self._decided(one.community.with_value(name, value), name)
                    if other is None or not other.decision.certain:
                        continue
                    if other.decision.outcome == one.decision.outcome:
                        continue
                    pair = (replace(one, changed=name), other)
                    pair = pair if maker.rng.randrange(2) else (pair[1], pair[0])
                    if strange(other.decision) <= strange(one.decision):
                        return pair
                    odd.append(pair)
                    break
                if len(odd) >= FEW:
                    return odd[0]
        if odd:
            return odd[0]
        raise no_case("twins", "no twins were found", "Try another --seed.")

    # --- where a popular rule misleads ----------------------------------------------------------------------------
    def popular(self, name: str, seed: int) -> Made:
        """A community in which a popular rule would say one outcome, and another is right.

        It isolates the mistake: one other fact (`changed`) decides. With it changed the right answer is another, and the
        popular rule says the same as before.
        """
        popular = self.popular_rule(name)
        maker = Maker(self.book, self.about, f"popular {name}", seed)
        for wishes in ([popular.when, popular.look], [popular.when]):
            wanted = tuple(written for written in wishes if written is not None)
            for _ in range(ON_PATH):
                found = maker.make(Wish(holds=wanted, not_outcome=popular.and_so))
                if found is None:
                    continue
                made = self._decided(replace(found, colour=popular.colour))
                if made is None or not made.decision.certain or made.decision.outcome == popular.and_so:
                    continue
                made = self._quieted(maker, made, partial(self.speaks, wanted))
                if (pair := self._isolated(made, popular)) is not None:
                    return pair
        raise no_case(name, "no community was found in which this rule misleads", "Try another --seed.")

    def _isolated(self, made: Made, popular: Popular) -> Made | None:
        """The case with the one fact that decides it and that the popular rule does not look at; None where there is none."""
        for one in flip(made.decision).flips:
            if len(one.changes) != 1 or one.changes[0].name not in made.community.values:
                continue
            change = one.changes[0]
            other = self._decided(made.community.with_value(change.name, change.to))
            if other is None or not other.decision.certain or other.decision.outcome == made.decision.outcome:
                continue
            if all(self.speaks((popular.when,), one.decision) for one in (made, other)):
                return replace(made, changed=change.name, was=change.to)
        return None

    def speaks(self, asked: Sequence[Written], decision: Decision) -> bool:
        """Whether a popular rule would speak in a case: conditions of it hold there."""
        worlds = decision.worlds
        translator = Translator(self.book, "world", worlds.shape)
        known = {n: b.value for n, b in worlds.beliefs.items() if b.value is not None}
        try:
            return all(
                holds(translator.condition(one.node, {}), {**known, **decision.trace.values}) for one in asked
            )
        except Missing:
            return False

    def popular_rule(self, name: str) -> Popular:
        found = self.about.popular.get(name)
        if found is None:
            known = self.about.popular
            mend = did_you_mean(name, known) or f"Popular rules: {', '.join(known)}."
            raise no_case("--popular", f"there is no popular rule '{name}'", mend)
        return found

    def _decided(self, community: Community | None, changed: str = "") -> Made | None:
        if community is None:
            return None
        try:
            decision = decide(worlds_of(community, self.book))
        except UserError:
            return None
        return None if contradicts(decision, {}) else Made(community, decision, changed)


def fires(decision: Decision, rule: str) -> bool:
    """Whether a rule fires in a case for certain; of a rule of the choice, whether it decides."""
    return bool(firing_keys(decision, rule))


def firing_keys(decision: Decision, rule: str) -> frozenset[str]:
    """Which cases or parts of a rule fire for certain, each with its records; of a rule of the choice, which branch decides."""
    book, worlds = decision.worlds.book, decision.worlds
    stage, branches = book.rules[rule].stage, book.rules[rule].form == "branches"
    if stage == "evidence":
        traces = [worlds.whole, *(group.trace for group in worlds.evidence.values())]
        return frozenset(f.rule.key for trace in traces for f in trace.firings if f.rule.rule == rule)
    if branches:
        chosen = decision.after.chosen if stage == "decision" else decision.trace.chosen
        settled = stage == "decision" or not decision.by_open_facts
        return (
            frozenset({chosen.part})
            if settled and chosen is not None and chosen.rule == rule
            else frozenset()
        )
    if stage == "decision":
        after = decision.after
        if not any(f.rule.rule == rule for f in after.firings) and decision.certain:
            after = advise(worlds).decision.after  # some read how near another outcome is
        return frozenset(f.rule.key for f in after.firings if f.rule.rule == rule)
    return frozenset(
        f.rule.key for f in decision.trace.firings if f.rule.rule == rule and decision.holds_everywhere(f)
    )
