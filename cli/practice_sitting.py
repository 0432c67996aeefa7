"""One sitting at a terminal or from a pipe: the case, the commitment, and then the answer.

Questions go to standard error; the case and the answer to standard output.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import click

from sharedvalue.cli.practice_options import now
from sharedvalue.cli.practice_pages import border_lines, case_lines, item_lines, outcome_lines
from sharedvalue.engine.errors import UserError
from sharedvalue.engine.practice.session import Sitting
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.cli.call import Call
    from sharedvalue.engine.practice.agreement import Label
    from sharedvalue.engine.practice.cases import Cases
    from sharedvalue.engine.practice.concordance import Item
    from sharedvalue.engine.practice.intervals import Border, Range
    from sharedvalue.engine.practice.reveal import Reveal
    from sharedvalue.engine.practice.store import Store

Result = TypeVar("Result")
STOP = ("q", "quit", "s", "stop")
BLANK = ("", "-", "skip")


class Stopped(Exception):
    """The trainee stopped before committing; nothing is kept."""


class Table:
    """Where a trainee sits."""

    def __init__(self, call: Call, store: Store | None) -> None:
        self.call, self.store, self.book = call, store, call.book

    # --- talking ----------------------------------------------------------------------------------------------
    def say(self, *lines: str) -> None:
        for line in lines:
            click.echo(line, err=True)

    def read(self) -> str:
        click.echo("> ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            raise Stopped
        if not sys.stdin.isatty():
            self.say(line.rstrip("\n")[:WIDTH])
        said = line.encode("utf-8", "replace").decode("utf-8").strip()
        if said.casefold() in STOP:
            raise Stopped
        return said

    def until(self, understood: Callable[[str], Result]) -> Result:
        """Asks again until an answer is understood."""
        while True:
            said = self.read()
            try:
                return understood(said)
            except UserError as error:
                for problem in error.problems:
                    self.say(
                        *fold(f"{problem.what[:1].upper()}{problem.what[1:]}. {problem.mend}".strip(), WIDTH)
                    )

    # --- a case -----------------------------------------------------------------------------------------------
    def sit(self, sitting: Sitting, goes_on: bool = False) -> Reveal | None:
        """The whole sitting; None when the trainee stopped before committing."""
        from sharedvalue.engine.practice.answering import keep
        from sharedvalue.engine.practice.as_json import reveal_json
        from sharedvalue.engine.practice.reveal import reveal
        from sharedvalue.engine.practice.words import revealed

        if not self.call.json:
            self.call.print(case_lines(sitting, goes_on))
        try:
            committed = self.commit(self.asking(sitting) if sitting.hidden else sitting)
            other = sitting.case.other
            if other and self.store is not None and any(one.case == other for one in self.store.answers()):
                committed = replace(committed, twin_judged=True)
        except Stopped:
            self.say("", "Stopped. Nothing was kept of this case.")
            return None
        found = self.second(reveal(committed))
        if self.call.json:
            self.call.print_json(reveal_json(found))
        else:
            self.call.print(["", *revealed(found).lines()])
        if self.store is not None:
            keep(self.store, found, now())
            self.otherwise(found)
        return found

    def second(self, found: Reveal) -> Reveal:
        """A second try, before the answer is shown, to whom the first one failed."""
        from sharedvalue.engine.practice.words import SECOND_TRY, once_more

        if found.right:
            return found
        self.say("", *fold(once_more(found), WIDTH), SECOND_TRY, *outcome_lines(self.book))
        try:
            said = self.until(lambda said: found.sitting.try_again(said) if said else found.sitting)
        except Stopped:
            return found
        return replace(found, sitting=said)

    def otherwise(self, found: Reveal) -> None:
        """Who still sees it otherwise may say why; that is kept."""
        from sharedvalue.engine.practice.answering import keep_disagreement
        from sharedvalue.engine.practice.words import KEPT_REASON, OTHERWISE

        said = found.sitting.second or found.commitment.outcome
        if said == found.decision.outcome or self.store is None:
            return
        self.say("", *fold(OTHERWISE, WIDTH))
        try:
            reason = self.read()
        except Stopped:
            return
        if reason:
            keep_disagreement(self.store, found.sitting.case, said, reason, now())
            self.say(KEPT_REASON)

    def sit_through(self, cases: Cases, sitting: Sitting) -> Reveal | None:
        """A case with all that it unfolds into; None when the trainee stopped before the last answer."""
        found = self.sit(sitting)
        while found is not None and found.sitting.case.follows and not self.call.json:
            self.call.print("")
            found = self.sit(Sitting(cases.get(found.sitting.case.follows), sitting.hidden), True)
        return found

    def asking(self, sitting: Sitting) -> Sitting:
        """Facts are asked for one by one; an empty line ends it."""
        self.say(
            "",
            *fold(
                "Ask for a fact by its number; what stands in brackets is what it costs. Enter when you know enough.",
                WIDTH,
            ),
        )
        while True:
            asked = self.asked(sitting)
            if asked is None:
                return sitting
            sitting = asked
            cue = sitting.cues[sitting.asked[-1]]
            self.say(
                *fold(f"{cue.short}: {'; '.join(cue.lines)}   (spent so far: {sitting.effort})", WIDTH, "  ")
            )

    def commit(self, sitting: Sitting) -> Sitting:
        from sharedvalue.engine.practice.progress import MOST_ASKED
        from sharedvalue.engine.practice.words import HOW_SURE, WHAT_BECOMES, WHICH_FACTS

        self.say("", f"{WHAT_BECOMES} (q stops)", *outcome_lines(self.book))
        outcome = self.until(lambda said: self.outcome(sitting, said))
        self.say("", HOW_SURE)
        confidence = self.until(lambda said: self.confidence(sitting, outcome, said))
        self.say("", f"{WHICH_FACTS} Give the numbers of up to {MOST_ASKED}, those that settle it: 3 7 12")
        return self.until(lambda said: sitting.commit(outcome, confidence, sitting.named(said)))

    def outcome(self, sitting: Sitting, said: str) -> str:
        done = sitting.commit(said, 0, ()).commitment
        assert done is not None
        return done.outcome

    def confidence(self, sitting: Sitting, outcome: str, said: str) -> int:
        from sharedvalue.engine.errors import mistake

        digits = said.removesuffix("%").strip()
        if not digits:
            raise mistake("SV561", "confidence", "nothing was said", "Give a whole number: 20 is a guess.")
        if not digits.isdecimal() or len(digits) > 3:
            raise mistake(
                "SV561", "confidence", "that is not a percentage", "Give a whole number from 0 to 100."
            )
        sitting.commit(outcome, int(digits), ())
        return int(digits)

    # --- a label ------------------------------------------------------------------------------------------------
    def label(self, sitting: Sitting) -> Label | None:
        """An outcome and how sure, without any answer being shown; None where the person does not say. Stopped ends the sheet."""
        from sharedvalue.engine.practice.agreement import Label
        from sharedvalue.engine.practice.words import HOW_SURE

        self.call.print(case_lines(sitting))
        self.say("", "What should become of it? (Enter: cannot say; q: stop here)", *outcome_lines(self.book))
        outcome = self.until(lambda said: "" if said in BLANK else self.outcome(sitting, said))
        if not outcome:
            return None
        self.say("", HOW_SURE)
        return Label(outcome, self.until(lambda said: self.confidence(sitting, outcome, said)))

    # --- concordance ------------------------------------------------------------------------------------------------
    def likely(self, items: tuple[Item, ...], with_case: bool = False) -> tuple[int, ...]:
        """An answer to each question, from -2 to 2; as many as were given before the trainee stopped.

        `with_case`: the case is shown before the first question on it.
        """
        from sharedvalue.engine.practice.concordance import SCALE

        found: list[int] = []
        shown = ""
        try:
            for number, item in enumerate(items, 1):
                if with_case and item.case.id != shown:
                    shown = item.case.id
                    self.say("", *case_lines(Sitting(item.case)), "")
                self.say(*item_lines(number, item), *fold(self._scale(), WIDTH, "   ", first="   "))
                while (said := self.read().removeprefix("+")) not in map(str, SCALE):
                    self.say("Please say a number from -2 to 2.")
                found.append(int(said))
        except Stopped:
            self.say("", "Stopped.")
        return tuple(found)

    def asked(self, sitting: Sitting) -> Sitting | None:
        """The sitting with one more fact; None once an empty line ends it."""
        return self.until(lambda said: sitting.ask(said) if said else None)

    def range_for(self, border: Border) -> Range:
        from sharedvalue.engine.practice.intervals import range_of

        return self.until(lambda said: range_of(said, border))

    def ranges(self, asked: tuple[Border, ...]) -> tuple[Range, ...]:
        """A range to each question; as many as were given before the trainee stopped."""
        from sharedvalue.engine.practice.words import HOW_WIDE

        found: list[Range] = []
        try:
            for number, border in enumerate(asked, 1):
                self.say(*border_lines(number, border), *fold(HOW_WIDE, WIDTH, "   ", first="   "))
                found.append(self.range_for(border))
        except Stopped:
            self.say("", "Stopped.")
        return tuple(found)

    @staticmethod
    def _scale() -> str:
        from sharedvalue.engine.practice.concordance import SCALE

        return ", ".join(f"{number} {said}" for number, said in SCALE.items())
