"""Why and why not, as entries of a page: the situation, the chain to the decision, the quote, and the other courses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sharedvalue.engine.advice import Advice
from sharedvalue.engine.decision import Decision
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.dependencies import stands_on
from sharedvalue.engine.language.grounded import GroundRule
from sharedvalue.engine.language.rules import Block, When
from sharedvalue.engine.language.texts import placeholders
from sharedvalue.engine.questions.checks import Checker
from sharedvalue.engine.readings.trace import Firing
from sharedvalue.engine.telling.page import WIDTH, Entry
from sharedvalue.engine.telling.phrases import Phrases, lower

HANG = "  "


def quotable(decision: Decision) -> list[str]:
    """The claims whose words belong to the answer and stand in this case: those of its modes, then those of the rule that
    decided."""
    book, chosen = decision.worlds.book, decision.trace.chosen
    told = [quote for mode in decision.modes for quote in book.outcomes.modes[mode].quotes]
    passes = decision.wording.certainty.passes
    wanted = [q.name for q in told if q.when is None or passes(q.when.node) is True]
    decided = chosen is not None and decision.true(chosen.candidate)
    cited = book.rules[chosen.rule].cites if chosen is not None and decided else ()
    return [claim for claim in dict.fromkeys([*wanted, *cited]) if decision.stands(claim)]


def rules_that_may_decide(decision: Decision) -> tuple[str, ...]:
    """The rules of which one decides an outcome that is certain, whatever is open."""
    if not decision.certain or not decision.worlds.open:
        return ()
    return tuple(dict.fromkeys(branch.rule for branch in decision.deciding.branches))


def which_decides(say: Phrases) -> str:
    """Which rules may decide, and on what it hangs which of them does."""
    ways = (lower(say.book.rules[rule].title) for rule in rules_that_may_decide(say.decision))
    facts = (lower(say.naming.title(name)) for name in say.decision.deciding.facts)
    return f"Open which rule decides: {', or '.join(ways)}, depending on {', '.join(facts)}"


def whatever_decides(advice: Advice) -> Iterator[str]:
    """Where it is open which rule decides: what holds in any case, in full sentences, and which rules may."""
    say = Phrases(advice)
    if len(rules_that_may_decide(say.decision)) > 1:
        for firing, _ in Reasons(say, False).weighed():
            yield say.wording.because(firing)
        yield which_decides(say)


class Reasons:
    """The reasons of one answer. `full` tells everything, not only what fits a page."""

    def __init__(self, say: Phrases, full: bool) -> None:
        self.say, self.full, self.book, self.decision = say, full, say.book, say.decision
        self.checker = Checker(self.decision)
        self.outcome = self.book.outcomes.outcomes[self.decision.outcome]

    def said_first(self) -> list[Firing]:
        return [
            f for ref in (*self.outcome.say_first, *self.book.outcomes.say_first) for f in self.fired(ref)
        ]

    def why(self) -> Iterator[Entry]:
        """The situation, then the chain to the decision, which comes last."""
        for firing, weight in self.weighed():
            yield Entry(self.say.line(firing), right=firing.rule.rule, weight=weight, hang=HANG)
        for rule_id in self.unsettled():
            text = f"Open: {self.between(rule_id)}{self.doubted(rule_id)}"
            yield Entry(text, right=rule_id, weight=63, hang=HANG)
        yield from self.by_one_of_several()

    def by_one_of_several(self) -> Iterator[Entry]:
        """Where it is open which rule decides: which of them may, and what it hangs on."""
        rules = rules_that_may_decide(self.decision)
        if len(rules) > 1:
            yield Entry(which_decides(self.say), right=", ".join(rules), weight=90, hang=HANG)

    def weighed(self) -> Iterator[tuple[Firing, int]]:
        """What is told as a reason, in order, each with its weight; what says no more than another is left out."""
        situation = list(self.situation())
        told = {f.rule.key for f in (*situation, *self.said_first())}
        chain = [f for f in (*self.for_modes(), *reversed(self.decision.path)) if f.rule.key not in told]
        lines = [(f, 64 + 2 * self.rank(f)) for f in situation] + [(f, 74) for f in chain]
        for firing, weight in lines:
            if not self.says_nothing_new(firing, [f for f, _ in lines if f is not firing]):
                yield firing, 90 if self.is_deciding(firing) else weight

    def unsettled(self) -> Iterator[str]:
        """The rules of the situation of which it is open what they find."""
        for ref in self.book.outcomes.situation:
            rules = [r for r in self.decision.trace.grounded.rules if r.rule == ref.partition(".")[0]]
            if (
                not self.fired(ref)
                and len([r for r in rules if any(self.decision.may(c) for c in r.concludes)]) > 1
            ):
                yield ref.partition(".")[0]

    def between(self, rule_id: str) -> str:
        """What a rule may find: its title, or, where some of that is ruled out, what is left."""
        rules = [r for r in self.decision.trace.grounded.rules if r.rule == rule_id]
        concluded = list(dict.fromkeys(c for r in rules for c in r.concludes))
        left = [c for c in concluded if self.decision.may(c)]
        if len(left) == len(concluded):
            return lower(self.book.rules[rule_id].title)
        return ", or ".join(self.say.naming.conclusion(name) for name in left)

    def doubted(self, rule_id: str) -> str:
        """Between what a given value lies that such a rule reads and that is in doubt, and why it is; empty where none is."""
        worlds, grounded = self.decision.worlds, self.decision.trace.grounded
        found = {c for r in grounded.rules if r.rule == rule_id for c in r.concludes}
        read = {name for conclusion in found for name in stands_on(grounded, conclusion)}
        told = [
            f"{self.say.naming.title(name)} {self.say.wording.variable(name)} ({belief.widened})"
            for name, belief in worlds.beliefs.items()
            if name in read and belief.widened not in ("", "unknown", "range") and self.say.known(name)
        ]
        return f": {', '.join(told)}" if told else ""

    def for_modes(self) -> Iterator[Firing]:
        """The rules that decided how the outcome is carried out."""
        trace, path = self.decision.trace, {f.rule.key for f in self.decision.path}
        for mode in self.decision.modes:
            tests = [
                t
                for f in trace.concluded_by.get(f"mode:{mode}", ())
                for way in f.matched
                for t in way
                if (t.op, t.right) == ("==", 1)
            ]
            for firing in (
                f
                for t in tests
                if not t.left.startswith(("candidate:", "mode:"))
                for f in trace.concluded_by.get(t.left, ())
            ):
                if firing.rule.key not in path and self.decision.holds_everywhere(firing):
                    path.add(firing.rule.key)
                    yield firing

    def rank(self, firing: Firing) -> int:
        """How late a rule stands in the situation: the later, the longer it stays on a full page."""
        return [ref.partition(".")[0] for ref in self.book.outcomes.situation].index(firing.rule.rule)

    def situation(self) -> Iterator[Firing]:
        for ref in self.book.outcomes.situation:
            yield from self.fired(ref)

    def fired(self, ref: str) -> list[Firing]:
        """The firings of a rule, or of one part of it, that stand in every world."""
        rule, _, part = ref.partition(".")
        return [
            f
            for f in self.decision.trace.firings
            if f.rule.rule == rule and (not part or f.rule.part == part) and self.decision.holds_everywhere(f)
        ]

    def says_nothing_new(self, firing: Firing, others: Iterable[Firing]) -> bool:
        """Whether the head, or another line, names all the values that this one names, and more."""
        mine = self.named(firing)
        head = {m.name for m in placeholders(self.outcome.headline)}.union(
            *(self.named(f) for f in self.said_first())
        )
        if not mine:
            return False
        return mine <= head or (
            not self.is_deciding(firing) and any(mine < self.named(other) for other in others)
        )

    def is_deciding(self, firing: Firing) -> bool:
        chosen = self.decision.trace.chosen
        return chosen is not None and chosen.candidate in firing.rule.concludes

    def named(self, firing: Firing) -> set[str]:
        line = self.block(firing).line
        return {m.name for m in placeholders(line) if m.name not in self.book.thresholds} if line else set()

    def block(self, firing: Firing) -> Block:
        return self.decision.wording.block(firing.rule)

    def quote(self) -> Iterator[Entry]:
        """The article's words behind the answer, with attribution."""
        for words, credit in self.quoted():
            yield Entry(f'"{words}" - {credit}', weight=73, hang="")

    def quoted(self) -> Iterator[tuple[str, str]]:
        """The article's words behind the answer, and whose they are."""
        claims, article = quotable(self.decision), self.book.article
        for claim in claims if self.full else claims[:1]:
            yield self.book.claims[claim].quote, article.credit or article.attribution

    def why_not(self, outcomes: Iterable[str], weight: int = 73) -> Iterator[Entry]:
        """The other courses, one entry an outcome: what it needs and has not, or what stopped it."""
        rows = [(self.book.outcomes.outcomes[name].title, self.against(name)) for name in outcomes]
        width = max((len(title) for title, said in rows if said), default=0)
        for number, (title, said) in enumerate(rows):
            if said:
                text = "; ".join(said)
                if width + 2 + len(text) > WIDTH - 1 and not self.full:
                    text = said[0]
                yield Entry(text, weight=weight - 2 * number, hang=" " * (width + 2), lead=title, wide=width)

    def against(self, outcome: str) -> list[str]:
        spec = self.book.outcomes.outcomes[outcome].why_not
        if not spec.needs and not spec.stopped_by:
            return []
        said: dict[str, str] = {}
        for entry in (*spec.stopped_by, *spec.needs):
            if entry.name not in said and self.applies(entry):
                found = self.stopping(entry) if entry in spec.stopped_by else self.missing(entry)
                if found:
                    said[entry.name] = lower(found)
        texts = list(said.values())
        later = any(
            self.book.outcome_names[b.outcome] == outcome and self.decision.true(b.candidate)
            for b in self.decision.trace.grounded.branches
        )
        if not texts and later and not self.decision.by_open_facts:
            return ["would hold as well, but comes later in the order"]
        return texts if self.full else texts[:2]

    def standing_in_the_way(self, outcome: str) -> tuple[str, ...]:
        """The facts that `against` tells of: those that its sentences name, else those that its rules read."""
        spec = self.book.outcomes.outcomes[outcome].why_not
        found: list[str] = []
        for entry in (*spec.stopped_by, *spec.needs):
            stops = entry in spec.stopped_by
            if not self.applies(entry) or not (self.stopping(entry) if stops else self.missing(entry)):
                continue
            fired = self.fired(entry.name) if stops else []
            texts = [entry.words] if entry.words else [self.block(f).line for f in fired]
            if not texts:
                last = self.unsaid(entry)[-1]
                texts = [self.decision.wording.block(last).otherwise]
            told = [mark.name for text in texts if text for mark in placeholders(text)]
            found += self.facts_among(told) or [name for f in fired for name in self.facts_read(f)]
        return tuple(dict.fromkeys(found))

    def told_of(self) -> tuple[str, ...]:
        """The facts of `why`, what decided first: those that its sentences name, else those that its rules read."""
        lines = reversed([f for f, _ in self.weighed()])
        told = (self.facts_among(sorted(self.named(f))) or self.facts_read(f) for f in lines)
        return tuple(dict.fromkeys(name for names in told for name in names))

    def facts_read(self, firing: Firing) -> list[str]:
        return self.facts_among(test.left for way in firing.matched for test in way)

    def facts_among(self, names: Iterable[str]) -> list[str]:
        return [fact_of(name) for name in names if fact_of(name) in self.book.facts]

    def applies(self, entry: When) -> bool:
        return (
            entry.when is None
            or self.checker.passes(self.checker.translate.condition(entry.when.node, {})) is True
        )

    def stopping(self, entry: When) -> str:
        """What a rule says that fires, and so stops an outcome."""
        fired = self.fired(entry.name)
        return (
            (self.say.wording.say(entry.words) if entry.words else self.say.line(fired[0])) if fired else ""
        )

    def unsaid(self, entry: When) -> list[GroundRule]:
        """The cases of a rule that an entry names; the one that has words for not firing comes last."""
        rule, _, part = entry.name.partition(".")
        rules = [
            r for r in self.decision.trace.grounded.rules if r.rule == rule and (not part or r.part == part)
        ]
        first = next((r for r in rules if self.decision.wording.block(r).otherwise), None)
        return rules if first is None else [*(r for r in rules if r is not first), first]

    def missing(self, entry: When) -> str:
        """Why a rule fires in no world: all its cases fail, so the last that has words for it says it."""
        rules = self.unsaid(entry)
        if not rules or any(self.decision.may(c) for r in rules for c in r.concludes):
            return ""
        if entry.words:
            return self.say.wording.say(entry.words)
        return self.say.wording.otherwise(rules[-1])
