"""What `decide` prints of one case, as a page: the answer first, then why, why not, how firm, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cli.page import ALWAYS, WIDTH, Entry, Page, Section, sentence
from cli.phrases import Phrases, lower
from engine.advice import Advice
from engine.language.rules import Block, When
from engine.language.texts import placeholders
from engine.questions.checks import Checker
from engine.questions.moves import Move
from engine.readings.trace import Firing

LINES = 30
HANG = "  "


def answer_lines(advice: Advice, file: str, full: bool = False) -> list[str]:
    """The printed answer: at most 30 lines of 80 columns, or everything."""
    page = answer_page(advice, file, full)
    return page.lines() if full else page.fitted_lines(LINES)


def answer_page(advice: Advice, file: str, full: bool = False) -> Page:
    """All that is said, each entry with its weight."""
    writer = _Writer(advice, file, full)
    body = writer.open_body() if advice.decision.by_open_facts else writer.settled_body()
    return Page(tuple(section for section in (writer.head(), *body, writer.foot()) if section.entries))


class _Writer:
    def __init__(self, advice: Advice, file: str, full: bool) -> None:
        self.advice, self.decision, self.file, self.full = advice, advice.decision, file, full
        self.say = Phrases(advice)
        self.book, self.worlds = self.say.book, self.say.worlds
        self.checker = Checker(self.decision)
        self.outcome = self.book.outcomes.outcomes[self.decision.outcome]

    # --- head ---------------------------------------------------------------------------------------------------
    def head(self) -> Section:
        """The headline, who would lose what, what would avoid it, what it means, and the risk."""
        entries = [Entry(self.say.headline(), weight=ALWAYS, indent="", hang=HANG, strong=True)]
        entries += [Entry(sentence(self.say.line(f)), right=f.rule.rule, weight=ALWAYS, indent="", hang=HANG) for f in self.said_first()]
        if self.outcome.hard:
            entries.append(self.avoid())
        entries += [Entry(text, weight=57 if self.outcome.hard else 76, indent="", hang=HANG) for text in self.meanings()]
        entries.append(Entry(self.risk(), weight=94, indent="", hang=HANG))
        entries += [Entry(text, weight=93, indent="", hang=HANG) for text in self.warned()]
        entries += [Entry(text, weight=92, indent="", hang=HANG) for text in self.still_open()]
        return Section("", tuple(entries))

    def said_first(self) -> list[Firing]:
        return [f for ref in (*self.outcome.say_first, *self.book.outcomes.say_first) for f in self.fired(ref)]

    def avoid(self) -> Entry:
        """For a hard answer: the cheapest change that would avoid it, and how near it is."""
        found = self.avoiding()
        if not found:
            return Entry("No single change that someone could make would avoid it.", weight=ALWAYS, indent="", hang=HANG)
        told = [(f"{self.say.change(m)}{self.say.how_far(m)}", self.say.leads_to(m)) for m in found]
        if len({where for _, where in told}) == 1:
            text = f"Would avoid it: {', or '.join(change for change, _ in told)} (then: {told[0][1]})."
        else:
            text = f"Would avoid it: {'; or '.join(f'{change} (then: {where})' for change, where in told)}."
        return Entry(text, weight=ALWAYS, indent="", hang=HANG)

    def avoiding(self) -> list[Move]:
        """The cheapest improving change to another outcome, and the cheapest that is up to somebody else."""
        found = [m for m in self.advice.avoid if not any(self.book.outcomes.outcomes[o].hard for o in m.outcomes)]
        return found[:1] + [m for m in found[1:] if m.owner != found[0].owner][:1]

    def meanings(self) -> list[str]:
        means = [self.book.outcomes.modes[name].means for name in self.decision.modes] or [self.outcome.means]
        return [self.say.wording.say(text) for text in means if text]

    def risk(self) -> str:
        level = self.book.outcomes.risk_levels[self.decision.risk]
        routes = [self.book.outcomes.risk_routes[name].words for name in self.decision.routes]
        certain = self.decision.true(f"risk:{self.decision.risk}")
        return sentence(f"{'' if certain else 'At worst: '}{level.words}{': ' if routes else ''}{'; '.join(routes)}")

    def warned(self) -> list[str]:
        """The risks that the rule book names for cases like this one only."""
        modes = [self.book.outcomes.modes[m] for m in (*self.decision.modes, *self.decision.open_modes)]
        particular = {w.name for entry in (self.outcome, *modes) for w in entry.risks if w.when is not None}
        return [sentence(risk.text) for risk in self.advice.risks if risk.id in particular]

    def still_open(self) -> Iterator[str]:
        if self.decision.open_modes:
            yield sentence(f"Still open: {self.say.modes(self.decision.open_modes, ', or ')}")
        if self.decision.kept_perhaps:
            yield sentence(f"Open whether it holds for: {', '.join(self.decision.kept_perhaps)}")

    # --- a settled answer ---------------------------------------------------------------------------------------
    def settled_body(self) -> Iterator[Section]:
        yield Section("WHY", tuple([*self.why(), *self.quote()]))
        yield Section("WHY NOT", tuple(self.why_not(o for o in self.book.outcomes.outcomes if o != self.decision.outcome)))
        yield Section("HOW FIRM", tuple(self.firm()), beside=True)
        yield self.actions()

    def why(self) -> Iterator[Entry]:
        """The situation, then the chain to the decision, which comes last; a line that says no more than another is left out."""
        situation = list(self.situation())
        told = {f.rule.key for f in (*situation, *self.said_first())}
        chain = [f for f in (*self.for_modes(), *reversed(self.decision.path)) if f.rule.key not in told]
        lines = [(f, 64 + 2 * self.rank(f)) for f in situation] + [(f, 74) for f in chain]
        for firing, weight in lines:
            if not self.says_nothing_new(firing, [f for f, _ in lines if f is not firing]):
                yield Entry(self.say.line(firing), right=firing.rule.rule, weight=90 if self.is_deciding(firing) else weight, hang=HANG)
        for rule_id in self.unsettled():
            yield Entry(f"Open: {lower(self.book.rules[rule_id].title)}", right=rule_id, weight=63, hang=HANG)

    def unsettled(self) -> Iterator[str]:
        """The rules of the situation of which it is open what they find."""
        for ref in self.book.outcomes.situation:
            rules = [r for r in self.decision.trace.grounded.rules if r.rule == ref.partition(".")[0]]
            if not self.fired(ref) and len([r for r in rules if any(self.decision.may(c) for c in r.concludes)]) > 1:
                yield ref.partition(".")[0]

    def for_modes(self) -> Iterator[Firing]:
        """The rules that decided how the outcome is carried out."""
        trace, path = self.decision.trace, {f.rule.key for f in self.decision.path}
        for mode in self.decision.modes:
            tests = [t for f in trace.concluded_by.get(f"mode:{mode}", ()) for way in f.matched for t in way if (t.op, t.right) == ("==", 1)]
            for firing in (f for t in tests if not t.left.startswith("candidate:") for f in trace.concluded_by.get(t.left, ())):
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
        return [f for f in self.decision.trace.firings
                if f.rule.rule == rule and (not part or f.rule.part == part) and self.decision.holds_everywhere(f)]

    def says_nothing_new(self, firing: Firing, others: Iterable[Firing]) -> bool:
        """Whether the head, or another line, names all the values that this one names, and more."""
        mine = self.named(firing)
        head = {m.name for m in placeholders(self.outcome.headline)}.union(*(self.named(f) for f in self.said_first()))
        if not mine:
            return False
        return mine <= head or (not self.is_deciding(firing) and any(mine < self.named(other) for other in others))

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
        table = self.book.outcomes.modes
        wanted = [table[mode].quote for mode in self.decision.modes if table[mode].quote]
        chosen = self.decision.trace.chosen
        decided = chosen is not None and self.decision.true(chosen.candidate)
        cited = list(self.book.rules[chosen.rule].cites) if chosen is not None and decided else []
        claims = wanted[:1] or cited[:1]
        if self.full:
            claims = list(dict.fromkeys([*claims, *cited]))
        for claim in claims:
            article = self.book.article
            yield Entry(f'"{self.book.claims[claim].quote}" - {article.credit or article.attribution}', weight=73, hang="")

    def why_not(self, outcomes: Iterable[str], weight: int = 73) -> Iterator[Entry]:
        """The other courses, one entry an outcome: what it needs and has not, or what stopped it."""
        rows = [(self.book.outcomes.outcomes[name].title, self.against(name)) for name in outcomes]
        width = max((len(title) for title, said in rows if said), default=0)
        for number, (title, said) in enumerate(rows):
            if said:
                text = f"{title:<{width}}  {'; '.join(said)}"
                if len(text) > WIDTH - 1 and not self.full:
                    text = f"{title:<{width}}  {said[0]}"
                yield Entry(text, weight=weight - 2 * number, hang=" " * (width + 2))

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
        later = any(self.book.outcome_names[b.outcome] == outcome and self.decision.true(b.candidate)
                    for b in self.decision.trace.grounded.branches)
        if not texts and later and not self.decision.by_open_facts:
            return ["would hold as well, but comes later in the order"]
        return texts if self.full else texts[:2]

    def applies(self, entry: When) -> bool:
        return entry.when is None or self.checker.passes(self.checker.translate.condition(entry.when.node, {})) is True

    def stopping(self, entry: When) -> str:
        """What a rule says that fires, and so stops an outcome."""
        fired = self.fired(entry.name)
        return (self.say.wording.say(entry.words) if entry.words else self.say.line(fired[0])) if fired else ""

    def missing(self, entry: When) -> str:
        """Why a rule fires in no world: all its cases fail, so the last that has words for it says it."""
        rule, _, part = entry.name.partition(".")
        rules = [r for r in self.decision.trace.grounded.rules if r.rule == rule and (not part or r.part == part)]
        if not rules or any(self.decision.may(c) for r in rules for c in r.concludes):
            return ""
        if entry.words:
            return self.say.wording.say(entry.words)
        return self.say.wording.otherwise(next((r for r in rules if self.decision.wording.block(r).otherwise), rules[-1]))

    def firm(self) -> Iterator[Entry]:
        """How firm the answer is: provisional or not, what it rests on, and what would change it."""
        last = [f for f in self.decision.after.firings if f.rule.concludes == ("provisional",)]
        first = self.say.wording_after.line(last[0].rule) if last else "not provisional"
        yield Entry(f"{lower(first)}; {self.rests_on()}", weight=88, hang=HANG)
        if self.advice.margin_outcomes:
            others = [lower(self.say.title(o)) for o in self.advice.margin_outcomes if o != self.decision.outcome]
            yield Entry(f"Within the margins of your evidence it could be: {', '.join(others)}" if others
                        else "Within the margins of your evidence the answer holds", weight=86, hang=HANG)
        shown = self.avoiding() if self.outcome.hard else []
        flips = [m for m in self.advice.avoid if m not in shown]
        for number, move in enumerate(flips[: 9 if self.full else 2]):
            yield Entry(f"{upper(self.say.change(move))}: {self.say.leads_to(move)}", weight=70 - 6 * number, hang=HANG)
        for number, move in enumerate(self.advice.undo[: 9 if self.full else 1]):
            yield Entry(f"Undone by: {self.say.change(move)} ({self.say.leads_to(move)})", weight=68 - number, hang=HANG)
        if not self.advice.avoid and not self.advice.undo:
            yield Entry("No change of one single known value was found that would change the outcome", weight=64, hang=HANG)
        yield from self.immaterial()

    def rests_on(self) -> str:
        """Estimates against evidence, of the known values that the answer may stand on."""
        beliefs = [b for n, b in self.worlds.beliefs.items() if b.origin in ("given", "evidence") and n in self.worlds.domains]
        rated = [b for b in beliefs if b.confidence]
        if not rated:
            return "every value is your estimate"
        levels = [f"{n} {level}" for level in ("high", "medium", "low", "unknown") if (n := sum(b.confidence == level for b in rated))]
        return f"{len(beliefs) - len(rated)} of {len(beliefs)} values are your estimates; rated: {', '.join(levels)}"

    def immaterial(self) -> Iterator[Entry]:
        if self.decision.immaterial:
            names = [self.say.naming.title(name) for name in self.decision.immaterial]
            shown = names if self.full else names[:5]
            more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
            yield Entry(f"Not known, and would not change the answer: {', '.join(shown)}{more}", weight=64, hang=HANG)

    def actions(self) -> Section:
        """What to do, under the words of the status, and whom to tell."""
        status = self.book.outcomes.statuses[self.decision.status]
        texts = [f"{a.text}. {a.detail}" if self.full else a.text for a in self.advice.actions]
        entries = [Entry(f"{n} {text}", weight=89 - 3 * n if n <= 3 and not self.decision.by_open_facts else 69 - 2 * n, hang=HANG) for n, text in enumerate(texts, 1)]
        if self.decision.tell_sponsor and self.book.outcomes.tell_sponsor:
            entries.append(Entry(self.say.wording.say(self.book.outcomes.tell_sponsor.words), weight=65, hang=HANG))
        if self.full:
            entries += [Entry(f"Risk: {r.text}. {r.detail}", weight=50, hang=HANG) for r in self.advice.risks]
        return Section((status.then or "what to do").upper(), tuple(entries))

    # --- an open answer -----------------------------------------------------------------------------------------
    def open_body(self) -> Iterator[Section]:
        yield Section("KNOWN", tuple(self.why()))
        yield Section("WHAT COULD FOLLOW", tuple(self.could_follow()), note=self.shared_example())
        yield Section("ASK NEXT", tuple(self.ask_next()))
        possible = {p.outcome for p in self.decision.possible}
        yield Section("NOT POSSIBLE", tuple(self.why_not((o for o in self.book.outcomes.outcomes if o not in possible), 60)))
        yield self.actions()

    def could_follow(self) -> Iterator[Entry]:
        for number, possible in enumerate(self.decision.possible):
            modes = sorted({m for modes in possible.modes for m in modes}, key=list(self.book.outcomes.modes).index)
            common = [m for m in modes if all(m in s for s in possible.modes)]
            said = self.say.answer_after(possible.outcome, common or modes[:1])
            rule = possible.trace.chosen.rule if possible.trace.chosen else ""
            yield Entry(upper(said), right=rule, weight=91 - number, hang=HANG)
            shown = self.example(possible.example, [n for n in self.decision.pivotal if n in possible.example and not self.is_shared(n)])
            if shown:
                yield Entry(f"for example: {shown}", weight=79 - number, indent="   ", hang=HANG)

    def example(self, values: Mapping[str, int], names: list[str]) -> str:
        return "; ".join(self.say.value(n, values[n]) for n in (names if self.full else names[:4]))

    def is_shared(self, name: str) -> bool:
        """Whether a fact has one value in the examples of all outcomes."""
        return len({possible.example.get(name) for possible in self.decision.possible}) == 1

    def shared_example(self) -> str:
        values = self.decision.possible[0].example
        shown = self.example(values, [n for n in self.decision.pivotal if n in values and self.is_shared(n)])
        return f"in these examples, {shown}" if shown else ""

    def ask_next(self) -> Iterator[Entry]:
        for number, ask in enumerate(self.advice.ask_next[: 5 if self.full else 3], 1):
            question = ask.question or f"{upper(self.say.naming.title(ask.name))}: {lower(ask.how)}"
            yield Entry(f"{number} {question}{' ' + ask.how if self.full and ask.question else ''}", weight=ALWAYS - (number > 1) * (12 + number), hang=HANG)
        yield from self.immaterial()

    # --- foot ---------------------------------------------------------------------------------------------------
    def foot(self) -> Section:
        entries: list[Entry] = []
        if self.worlds.assumed:
            said = "; ".join(self.say.value(n, v) for n, v in self.worlds.assumed.items())
            entries.append(Entry(f"Assumed, since not given: {said}", weight=59, indent="", hang=HANG))
        entries += [Entry(f"Warning: {text}", weight=ALWAYS, indent="", hang=HANG) for text in self.worlds.warnings]
        if self.book.house_changes:
            said = "; ".join(f"{c.name} {c.what}" for c in self.book.house_changes)
            entries.append(Entry(f"House changes in force: {said}", weight=ALWAYS, indent="", hang=HANG))
        if not self.decision.complete:
            entries.append(Entry("Not all was proven in the time given: more outcomes may be possible.", weight=ALWAYS, indent="", hang=HANG))
        command, rest = ("what-if", " --set FACT=VALUE") if self.decision.by_open_facts else ("why", "")
        text = f"* house default    Next: sharedvalue {command} {self.file}{rest}"
        if len(text) > WIDTH or self.file == "-":
            text = f"* house default    Next: sharedvalue {command} FILE{rest}"
        entries.append(Entry(text, weight=95, indent="", hang=HANG))
        return Section("", tuple(entries), tight=len(entries) == 1)


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]


__all__ = ["LINES", "answer_lines", "answer_page"]
