"""What `decide` prints of one case, as a page: the answer first, then why, why not, how firm, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sharedvalue.engine.advice import Advice
from sharedvalue.engine.decision.apart import example_of
from sharedvalue.engine.questions.moves import Move
from sharedvalue.engine.telling.because import HANG, Reasons
from sharedvalue.engine.telling.page import ALWAYS, ASKED, FOOTNOTE, Entry, Page, Section, sentence
from sharedvalue.engine.telling.phrases import Phrases, lower

LINES = 30
SHOWN_CHANGES = 4  # of a house; with --full, all of them
MOST_OF_AN_EXAMPLE = 8  # facts of an example, with --full; all of them stand in the JSON


def answer_lines(advice: Advice, going_on: str = "", full: bool = False) -> list[str]:
    """The printed answer: at most 30 lines of 80 columns, or everything. `going_on` is said last: how to ask on."""
    page = answer_page(advice, full, going_on)
    return page.lines() if full else page.fitted_lines(LINES)


def answer_page(advice: Advice, full: bool = False, going_on: str = "") -> Page:
    """All that is said, each entry with its weight."""
    writer = Writer(advice, full, going_on)
    body = writer.open_body() if advice.decision.by_open_facts else writer.settled_body()
    return Page(tuple(section for section in (writer.head(), *body, writer.foot()) if section.entries))


def stakes(advice: Advice) -> list[str]:
    """What happens if nothing changes, and what is still open of how it is done."""
    writer = Writer(advice, True)
    return [writer.risk(), *writer.still_open()]


def avoiding(advice: Advice) -> list[Move] | None:
    """The changes by which a hard answer could be avoided, none where no single one would; None where the answer is not hard."""
    writer = Writer(advice, True)
    return writer.avoiding() if writer.outcome.hard else None


def headline_height(advice: Advice) -> int:
    """How many lines the headline takes."""
    return len(Entry(Phrases(advice).headline(), indent="", hang=HANG).lines())


class Writer:
    def __init__(self, advice: Advice, full: bool, going_on: str = "") -> None:
        self.advice, self.decision, self.full, self.going_on = advice, advice.decision, full, going_on
        self.say = Phrases(advice)
        self.book, self.worlds = self.say.book, self.say.worlds
        self.reasons = Reasons(self.say, full)
        self.outcome = self.book.outcomes.outcomes[self.decision.outcome]

    # --- head ---------------------------------------------------------------------------------------------------
    def head(self) -> Section:
        """The headline, who would lose what, what would avoid it, what it means, and the risk."""
        entries = [Entry(self.say.headline(), weight=ALWAYS, indent="", hang=HANG)]
        entries += [
            Entry(sentence(self.say.line(f)), right=f.rule.rule, weight=ALWAYS, indent="", hang=HANG)
            for f in self.reasons.said_first()
        ]
        if self.outcome.hard:
            entries.append(self.avoid())
        entries += [
            Entry(text, weight=57 if self.outcome.hard else 76, indent="", hang=HANG)
            for text in self.meanings()
        ]
        entries.append(Entry(self.risk(), weight=94, indent="", hang=HANG))
        entries += [Entry(text, weight=93, indent="", hang=HANG) for text in self.warned()]
        entries += [Entry(text, weight=92, indent="", hang=HANG) for text in self.still_open()]
        return Section("", tuple(entries))

    def avoid(self) -> Entry:
        """For a hard answer: the cheapest change that would avoid it, and how near it is."""
        found = self.avoiding()
        if not found:
            return Entry(
                "No single change that someone could make would avoid it.",
                weight=ALWAYS,
                indent="",
                hang=HANG,
            )
        told = [(f"{self.say.change(m)}{self.say.how_far(m)}", self.say.leads_to(m)) for m in found]
        if len({where for _, where in told}) == 1:
            text = f"Would avoid it: {', or '.join(change for change, _ in told)} (then: {told[0][1]})."
        else:
            text = f"Would avoid it: {'; or '.join(f'{change} (then: {where})' for change, where in told)}."
        return Entry(text, weight=ALWAYS, indent="", hang=HANG)

    def avoiding(self) -> list[Move]:
        """The cheapest improving change to another outcome, and the cheapest that is up to somebody else."""
        found = [
            m for m in self.advice.avoid if not any(self.book.outcomes.outcomes[o].hard for o in m.outcomes)
        ]
        return found[:1] + [m for m in found[1:] if m.owner != found[0].owner][:1]

    def meanings(self) -> list[str]:
        means = [self.book.outcomes.modes[name].means for name in self.decision.modes] or [self.outcome.means]
        return [said for text in means if (said := self.say.wording.say(text))]

    def risk(self) -> str:
        level = self.book.outcomes.risk_levels[self.decision.risk]
        routes = [self.book.outcomes.risk_routes[name].words for name in self.decision.routes]
        certain = self.decision.risk_is_certain
        return sentence(
            f"{'' if certain else 'At worst: '}{level.words}{': ' if routes else ''}{'; '.join(routes)}"
        )

    def warned(self) -> list[str]:
        """The risks that the rule book names for cases like this one only."""
        modes = [self.book.outcomes.modes[m] for m in (*self.decision.modes, *self.decision.open_modes)]
        told = [*self.outcome.risks, *(risk for mode in modes for risk in mode.risks)]
        particular = {risk.name for risk in told if risk.when is not None}
        return [sentence(risk.text) for risk in self.advice.risks if risk.id in particular]

    def still_open(self) -> Iterator[str]:
        if self.decision.open_modes:
            yield sentence(f"Still open: {self.say.modes(self.decision.open_modes, ', or ')}")
        if self.decision.kept_perhaps:
            yield sentence(f"Open whether it holds for: {', '.join(self.decision.kept_perhaps)}")

    # --- a settled answer ---------------------------------------------------------------------------------------
    def settled_body(self) -> Iterator[Section]:
        yield Section("WHY", (*self.reasons.why(), *self.reasons.quote()))
        yield Section(
            "WHY NOT",
            tuple(self.reasons.why_not(o for o in self.book.outcomes.outcomes if o != self.decision.outcome)),
        )
        yield Section("HOW FIRM", tuple(self.firm()), beside=True)
        yield self.actions()

    def firm(self) -> Iterator[Entry]:
        """How firm the answer is: provisional or not, what it rests on, and what would change it."""
        last = [f for f in self.decision.after.firings if f.rule.concludes == ("provisional",)]
        first = self.say.wording_after.line(last[0].rule) if last else "not provisional"
        yield Entry(f"{lower(first)}; {self.rests_on()}", weight=88, hang=HANG)
        if self.advice.margin_outcomes:
            others = [
                lower(self.say.title(o)) for o in self.advice.margin_outcomes if o != self.decision.outcome
            ]
            within = self.say.within_margins()
            said = f"it could be: {', '.join(others)}" if others else "the answer holds"
            yield Entry(f"{within} {said}", weight=86, hang=HANG)
        shown = self.avoiding() if self.outcome.hard else []
        flips = [m for m in self.advice.avoid if m not in shown]
        for number, move in enumerate(flips[: 9 if self.full else 2]):
            yield Entry(
                f"{upper(self.say.change(move))}: {self.say.leads_to(move)}",
                weight=70 - 6 * number,
                hang=HANG,
            )
        for number, move in enumerate(self.advice.undo[: 9 if self.full else 1]):
            yield Entry(
                f"Undone by: {self.say.change(move)}: {self.say.leads_to(move)}",
                weight=68 - number,
                hang=HANG,
            )
        if not self.advice.avoid and not self.advice.undo:
            yield Entry(
                "No change of one single known value was found that would change the outcome",
                weight=64,
                hang=HANG,
            )
        yield from self.immaterial()

    def otherwise(self, move: Move) -> str:
        """In full: what another value than the one assumed would lead to."""
        return (
            f" ({self.say.naming.proposed(move.name, move.to)}: {self.say.leads_to(move)})"
            if self.full
            else ""
        )

    def by_default(self, name: str) -> bool:
        stated = self.worlds.scenario.stated.get(name)
        return stated is not None and stated.by_default

    def rests_on(self) -> str:
        """Estimates against evidence, of the known values that the answer may stand on."""
        beliefs = [
            b
            for n, b in self.worlds.beliefs.items()
            if b.origin in ("given", "evidence") and n in self.worlds.domains and not self.by_default(n)
        ]
        rated = [b for b in beliefs if b.confidence]
        worded = sum(bool(b.word) for b in beliefs if not b.confidence)
        in_words = f", {worded} in words" if worded else ""
        if not rated:
            return f"every value given is your estimate{in_words}"
        levels = [
            f"{n} {level}"
            for level in ("high", "medium", "low", "unknown")
            if (n := sum(b.confidence == level for b in rated))
        ]
        return f"{len(beliefs) - len(rated)} of {len(beliefs)} values are your estimates{in_words}; rated: {', '.join(levels)}"

    def immaterial(self) -> Iterator[Entry]:
        if self.decision.immaterial:
            names = [self.say.naming.title(name) for name in self.decision.immaterial]
            shown = names if self.full else names[:5]
            more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
            yield Entry(
                f"Not known, and would not change the answer: {', '.join(shown)}{more}", weight=64, hang=HANG
            )

    def actions(self) -> Section:
        """What to do, under the words of the status, and whom to tell."""
        status = self.book.outcomes.statuses[self.decision.status]
        texts = [f"{a.text}. {a.detail}" if self.full else a.text for a in self.advice.actions if not a.mode]
        entries = [
            Entry(
                text,
                weight=89 - 3 * n if n <= 3 and not self.decision.by_open_facts else 69 - 2 * n,
                hang=HANG,
                number=n,
            )
            for n, text in enumerate(texts, 1)
        ]
        if self.decision.tell_sponsor and self.book.outcomes.tell_sponsor:
            entries.append(
                Entry(self.say.wording.say(self.book.outcomes.tell_sponsor.words), weight=65, hang=HANG)
            )
        entries += self.branches()
        if self.full:
            entries += [Entry(f"Risk: {r.text}. {r.detail}", weight=50, hang=HANG) for r in self.advice.risks]
        return Section((status.then or "what to do").upper(), tuple(entries))

    def branches(self) -> Iterator[Entry]:
        """Under each mode that is still open, what to do only if it comes to that."""
        for number, mode in enumerate(dict.fromkeys(a.mode for a in self.advice.actions if a.mode)):
            under = [a for a in self.advice.actions if a.mode == mode]
            if not self.full:
                yield Entry(
                    f'If "{self.say.modes((mode,), "")}": {lower(under[0].text)}',
                    weight=76 - 3 * number,
                    hang=HANG,
                )
                continue
            yield Entry(f'If "{self.say.modes((mode,), "")}":', weight=62, hang=HANG)
            for action in under:
                yield Entry(f"- {action.text}. {action.detail}", weight=61, indent="   ", hang=HANG)

    # --- an open answer -----------------------------------------------------------------------------------------
    def open_body(self) -> Iterator[Section]:
        yield Section("KNOWN", tuple(self.reasons.why()))
        yield Section("WHAT COULD FOLLOW", tuple(self.could_follow()), note=self.shared_example())
        yield Section("ASK NEXT", tuple(self.ask_next()), kind=ASKED)
        possible = {p.outcome for p in self.decision.possible}
        yield Section(
            "NOT POSSIBLE",
            tuple(self.reasons.why_not((o for o in self.book.outcomes.outcomes if o not in possible), 60)),
        )
        yield self.actions()

    def could_follow(self) -> Iterator[Entry]:
        """One line an outcome, each one world: its modes, its rule and its example belong together."""
        for number, possible in enumerate(self.decision.possible):
            modes = [m for m in self.book.outcomes.modes if possible.trace.holds(f"mode:{m}")]
            said = self.say.answer_after(possible.outcome, modes)
            others = len(possible.modes) - 1
            more = (
                f" (or otherwise: {others} more way{'s' if others > 1 else ''} to it)" if others > 0 else ""
            )
            rule = possible.trace.chosen.rule if possible.trace.chosen else ""
            yield Entry(f"{upper(said)}{more}", right=rule, weight=91 - number, hang=HANG)
            told = example_of(self.decision, possible)
            shown = self.example(possible.example, [n for n in told.facts if not self.is_shared(n)])
            lists = ", ".join(self.book.facts[name].short for name in told.lists)
            parts = [f"for example: {shown}"] if shown else []
            if lists:
                parts.append(f"{'depends also' if shown else 'depends'} on: {lists} (not given)")
            if parts:
                yield Entry("; ".join(parts), weight=79 - number, indent="   ", hang=HANG)

    def example(self, values: Mapping[str, int], names: list[str]) -> str:
        most = MOST_OF_AN_EXAMPLE if self.full else 4
        more = f"; and {len(names) - most} more" if self.full and len(names) > most else ""
        return "; ".join(self.say.value(n, values[n]) for n in names[:most]) + more

    def is_shared(self, name: str) -> bool:
        """Whether a fact has one value in the examples of all outcomes."""
        return len({possible.example.get(name) for possible in self.decision.possible}) == 1

    def shared_example(self) -> str:
        first = self.decision.possible[0]
        names = [n for n in example_of(self.decision, first).facts if self.is_shared(n)]
        shown = self.example(first.example, names)
        return f"in these examples, {shown}" if shown else ""

    def ask_next(self) -> Iterator[Entry]:
        for number, ask in enumerate(self.advice.ask_next[: 5 if self.full else 3], 1):
            question = ask.question or f"{upper(self.say.naming.title(ask.name))}: {lower(ask.how)}"
            yield Entry(
                f"{question}{' ' + ask.how if self.full and ask.question else ''}",
                weight=ALWAYS - (number > 1) * (12 + number),
                hang=HANG,
                number=number,
                fact=ask.name,
            )
        yield from self.immaterial()

    # --- foot ---------------------------------------------------------------------------------------------------
    def foot(self) -> Section:
        entries: list[Entry] = []
        entries += self.assumed()
        entries += [
            Entry(f"Warning: {text}", weight=ALWAYS, indent="", hang=HANG) for text in self.worlds.warnings
        ]
        if self.book.house_changes:
            changes = self.book.house_changes
            shown = changes if self.full else changes[:SHOWN_CHANGES]
            said = "; ".join(f"{c.name} {c.what}" for c in shown)
            more = f"; and {len(changes) - len(shown)} more (--full)" if len(shown) < len(changes) else ""
            entries.append(
                Entry(f"House changes in force: {said}{more}", weight=ALWAYS, indent="", hang=HANG)
            )
        if not self.decision.complete:
            text = "Not all was proven in the time given: more outcomes may be possible."
            entries.append(Entry(text, weight=ALWAYS, indent="", hang=HANG))
        elif self.advice.cut_short:
            text = "Not every change and question was weighed in the time given: there may be nearer ones."
            entries.append(Entry(text, weight=ALWAYS, indent="", hang=HANG))
        text = f"* house default{'    ' if self.going_on else ''}{self.going_on}"
        entries.append(Entry(text, weight=95, indent="", hang=HANG, kind=FOOTNOTE))
        return Section("", tuple(entries), tight=len(entries) == 1)

    def assumed(self) -> Iterator[Entry]:
        """What was assumed: first what a certain answer stands on; in full with what another value would lead to."""
        above = {m.name for m in self.avoiding()} if self.outcome.hard else set()  # in the head, as assumed
        turns = {m.name: m for m in self.advice.unsaid if m.name not in above}
        assumed = {n: v for n, v in self.worlds.assumed.items() if n in turns or n not in self.worlds.unasked}
        if turns:
            said = "; ".join(f"{self.say.assumed(n, m.start)}{self.otherwise(m)}" for n, m in turns.items())
            yield Entry(f"Stands on what you did not say: {said}", weight=87, indent="", hang=HANG)
        rest = [self.say.assumed(n, v) for n, v in assumed.items() if n not in turns]
        if rest:
            complete = "" if self.advice.cut_short else ", and turns no outcome alone"
            told = f"Assumed too{complete}" if turns else "Assumed, since not given"
            yield Entry(f"{told}: {'; '.join(rest)}", weight=59, indent="", hang=HANG)


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]


__all__ = ["LINES", "answer_lines", "answer_page"]
