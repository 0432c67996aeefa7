"""`ask`: leads through at most fifteen plain questions in a terminal or a pipe, then decides and saves the scenario.

Questions and prompts go to standard error, the decision to standard output.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.files import check_target, write_text
from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.language.scenario_writer import write_scenario
from sharedvalue.engine.questions.ask import MOST, Interview, Question, how_to_answer
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.questions.shares import Shares

SCHEMA = "sharedvalue/ask/1"
DEFAULT_NAME = "our-community.yaml"
COMMANDS = {
    "d": "dont_know",
    "don't know": "dont_know",
    "dont know": "dont_know",
    "unknown": "dont_know",
    "b": "back",
    "back": "back",
    "s": "save",
    "save": "save",
    "q": "save",
    "quit": "save",
    "?": "help",
    "help": "help",
}
KEYS = "d = don't know, b = back, s = save and stop, ? = help"


@click.command(
    epilog="\b\nExamples:\n  sharedvalue ask\n  sharedvalue ask -o my-community.yaml\n"
    "  sharedvalue ask my-community.yaml      goes on where you stopped\n"
    "  sharedvalue ask --dry-run < answers.txt      one answer a line; writes nothing"
)
@click.argument("scenario", required=False)
@click.option("-o", "--output", metavar="FILE", help="Where to save the scenario.")
@click.option("--title", default="", help="What the scenario is called.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@click.option(
    "--dry-run",
    is_flag=True,
    help="Print the scenario instead of saving it; the decision goes to standard error.",
)
@global_options
def ask(call: Call, scenario: str | None, output: str | None, title: str, force: bool, dry_run: bool) -> None:
    """Answer at most fifteen plain questions and get a first decision, with a scenario file to build on.

    With SCENARIO, asks only what is open in it. Every question may stay open: d says that you do not know.
    """
    if scenario == "-":
        raise mistake(
            "SV130",
            "ask",
            "the answers are read from standard input, so the scenario cannot be",
            "Give the scenario as a file.",
        )
    given = call.scenario(scenario) if scenario else None
    session = _Session(
        call, Interview(call.book, given, title=title), scenario, output, title, force, dry_run
    )
    session.run()


class _Session:
    """One interview at the terminal or from a pipe."""

    def __init__(
        self,
        call: Call,
        interview: Interview,
        scenario: str | None,
        output: str | None,
        title: str,
        force: bool,
        dry_run: bool,
    ) -> None:
        self.call, self.interview, self.title = call, interview, title
        self.resumed, self.force, self.dry_run = scenario, force, dry_run
        self.at_terminal = sys.stdin.isatty()
        self.target = output or scenario
        self.stood: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        if self.target and not dry_run:
            self.may_write(self.target)

    # --- talking ----------------------------------------------------------------------------------------------
    def say(self, *lines: str) -> None:
        for line in lines:
            click.echo(line, err=True)

    def read(self) -> str:
        """The next line. EOFError at the end of the input."""
        click.echo("> ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        if not self.at_terminal:
            self.say(line.rstrip("\n")[:WIDTH])
        return line.encode("utf-8", "replace").decode("utf-8").strip()

    def confirm(self, question: str, default: bool) -> bool:
        self.say(f"{question} [{'Y/n' if default else 'y/N'}]")
        while True:
            answer = self.read().casefold()
            if answer in ("", "y", "yes", "n", "no"):
                return default if not answer else answer.startswith("y")
            self.say("Please say y or n.")

    # --- the interview ----------------------------------------------------------------------------------------
    def run(self) -> None:
        self.greet()
        try:
            stopped = self.questions()
        except EOFError:
            self.say("", "The answers end here.")
            stopped = True
        except KeyboardInterrupt:
            self.interrupted()
        self.finish(stopped)

    def greet(self) -> None:
        if self.interview.question is None:
            self.say("Nothing is open that could turn the answer.")
            return
        self.say(
            *fold(
                f"At most {MOST} questions, then the decision. A number may be a range (40-60). At any question: {KEYS}.",
                WIDTH,
            )
        )

    def questions(self) -> bool:
        """Asks until nothing is left to ask; True when the person stopped before."""
        while (question := self.interview.question) is not None:
            self.say("", *question_lines(question), *self.standing())
            while True:
                said = self.read()
                command = COMMANDS.get(said.casefold(), "")
                if not said and question.assumed:
                    command = "as_assumed"
                if command == "save":
                    return True
                if command == "help":
                    self.say(*help_lines(question))
                    continue
                if self.moved(command, said):
                    break
        if self.interview.done_because == "certain" and self.interview.changed:
            self.say("", "That is enough: further answers could not turn the outcome.")
        elif self.interview.done_because == "assumed":
            self.say("", *fold(f"No question is left. {self.so_far()}", WIDTH))
        elif self.interview.done_because == "limit":
            self.say(
                "",
                *fold(
                    f"{MOST} questions are asked, and more than one outcome is still possible. Later you can go on with the same file.",
                    WIDTH,
                ),
            )
        return False

    def moved(self, command: str, said: str) -> bool:
        """Whether the answer was taken; if not, a friendly word was said."""
        try:
            if command == "back":
                if not self.interview.back():
                    self.say("This is the first question.")
                    return False
            elif command == "dont_know":
                self.interview.dont_know()
            elif command == "as_assumed":
                self.interview.as_assumed()
            elif not said:
                self.say(f"Please answer, or: {KEYS}.")
                return False
            else:
                self.interview.answer(said)
        except UserError as error:
            for problem in error.problems:
                self.say(
                    *fold(f"{problem.what[:1].upper()}{problem.what[1:]}. {problem.mend}".strip(), WIDTH)
                )
            return False
        return True

    def standing(self) -> Iterator[str]:
        """What is possible so far, when that has changed."""
        standing = (self.interview.possible, self.interview.rests_on)
        if self.interview.decision is None or standing == self.stood:
            return
        self.stood = standing
        yield from fold(f"({self.so_far()})", WIDTH, " ")

    def so_far(self) -> str:
        """The outcomes that are left; of a single one, on which assumptions it rests."""
        interview, outcomes = self.interview, self.call.book.outcomes.outcomes
        titles = ", ".join(outcomes[o].title.lower() for o in interview.possible)
        if not interview.settled:
            return f"So far possible: {titles}."
        said = "; ".join(f"{title} ({value})" for title, value in interview.assumptions())
        if not said:
            return f"The answer is certain: {titles}."
        return f"So far: {titles}, unless one of these is otherwise than assumed: {said}."

    def interrupted(self) -> None:
        """Ctrl-C: offers to save; a second one stops at once."""
        self.say("", "Stopped.")
        try:
            if (
                self.interview.decision is not None
                and self.at_terminal
                and self.confirm("Save what you have said so far?", True)
            ):
                self.say(f"Go on with: sharedvalue ask {self.save()}")
            else:
                self.say("Nothing was saved. Begin again with: sharedvalue ask")
        except (KeyboardInterrupt, EOFError):
            self.say("", "Nothing was saved.")
        raise click.exceptions.Exit(130)

    # --- the end ----------------------------------------------------------------------------------------------
    def finish(self, stopped: bool) -> None:
        if self.interview.decision is None:
            raise mistake(
                "SV203",
                "answers",
                "nothing was answered, so there is nothing to decide or to save",
                "Begin again with: sharedvalue ask",
            )
        file = self.save()
        self.decide(file)
        if file and (stopped or not self.interview.certain):
            self.say("", f"Go on with: sharedvalue ask {quote(str(file))}")

    def decide(self, file: str) -> None:
        from sharedvalue.engine.advice import advise, decision_json
        from sharedvalue.engine.questions.shares import shares, shares_json
        from sharedvalue.engine.worlds import form

        advice = advise(form(self.call.book, self.interview.scenario))
        left = shares(advice.decision)
        if self.call.json:
            self.call.print_json(
                {
                    "schema": SCHEMA,
                    "file": file or None,
                    "asked": len(self.interview.state.asked),
                    "done": self.interview.question is None,
                    "done_because": self.interview.done_because or None,
                    "shares": shares_json(left),
                    "decision": decision_json(advice),
                }
            )
            return
        from sharedvalue.cli.decide import going_on
        from sharedvalue.engine.telling.answer import answer_lines

        lines = [*answer_lines(advice, going_on(advice, file or "SCENARIO"))]
        if not advice.decision.certain:
            lines += ["", *share_lines(left)]
        self.say("")
        if self.dry_run:
            self.say(*lines)
        else:
            self.call.print(lines)

    def save(self) -> str:
        """Writes the scenario, and returns the name of its file; prints it on a dry run."""
        if self.dry_run:
            if not self.call.json:
                self.call.print(self.text("Our community").rstrip("\n"))
            return ""
        if self.resumed and self.target == self.resumed and not self.interview.changed:
            return self.resumed
        file, force = self.name()
        write_text(file, self.text(file), force)
        self.say("", f"Saved: {file}")
        return file

    def text(self, file: str) -> str:
        from dataclasses import replace

        scenario = self.interview.scenario
        if not self.resumed:
            plain = (
                " ".join(self.title.split())
                or Path(file).stem.replace("-", " ").replace("_", " ").capitalize()
            )
            scenario = replace(scenario, title=plain)
        return write_scenario(scenario, self.call.book)

    def name(self) -> tuple[str, bool]:
        """The file to write, and whether it may replace another one."""
        if self.target:
            return self.target, self.force
        default = free_name()
        if not self.at_terminal:
            return default, False
        while True:
            self.say("", f"Save as (Enter for {default}):")
            try:
                said = self.read() or default
            except EOFError:
                return default, False
            file = said if Path(said).suffix else f"{said}.yaml"
            try:
                check_target(file, self.force)
                return file, self.force
            except UserError as error:
                problem = error.problems[0]
                if problem.code == "SV112" and self.confirm(f"{file} is there already. Replace it?", False):
                    return file, True
                self.say(f"{file}: {problem.what}.")

    def may_write(self, file: str) -> None:
        """Whether the answers may go into a file: asks, at a terminal, before one is replaced; before any question."""
        try:
            check_target(file, self.force)
        except UserError as error:
            if error.problems[0].code != "SV112":
                raise
            if not self.at_terminal:
                raise mistake(
                    "SV112",
                    file,
                    "this file is there already",
                    "Say -o FILE to write another one, or --force to replace it.",
                ) from None
            what = (
                "Save the answers into it at the end? Comments of your own are lost."
                if file == self.resumed
                else "Replace it at the end?"
            )
            if self.confirm(f"{file} is there already. {what}", file == self.resumed):
                self.force = True
            else:
                self.target = None


def share_lines(left: Shares) -> Iterator[str]:
    """How much of what is still open leads to which outcome, as it is printed."""
    yield "WHAT IS STILL OPEN"
    if not left.worlds:
        yield from fold(
            "Not weighed: too much is open. Of the combinations drawn at random in the time given, none was one that can be.",
            WIDTH,
            " ",
            first=" ",
        )
        return
    facts = f"{len(left.facts)} open {'value' if len(left.facts) == 1 else 'values'}"
    basis = (
        f"All {left.worlds:,} combinations of {facts} were counted."
        if left.counted
        else f"A sample of {left.worlds:,} combinations of {facts} (seed {left.seed}), with the 95 % interval."
    )
    yield from fold(
        f"{basis} A share is no chance: how likely a combination is, nobody knows.", WIDTH, " ", first=" "
    )
    outcomes = left.decision.worlds.book.outcomes.outcomes
    for one in left.shares:
        interval = "" if left.counted else f"  ({100 * one.low:.1f} to {100 * one.high:.1f} %)"
        yield f" {100 * one.share:5.1f} %  {outcomes[one.outcome].title}{interval}"
    missing = [p.outcome for p in left.decision.possible if p.outcome not in {s.outcome for s in left.shares}]
    for outcome in missing:
        yield f"     -    {outcomes[outcome].title}: possible, but rare: not in the sample"


def free_name() -> str:
    """A file name that nothing has yet."""
    stem, suffix = Path(DEFAULT_NAME).stem, Path(DEFAULT_NAME).suffix
    number = 1
    while Path(name := f"{stem}{'' if number == 1 else f'-{number}'}{suffix}").exists():
        number += 1
    return name


def question_lines(question: Question) -> Iterator[str]:
    """A question as it is printed."""
    head = f"{question.number} of at most {question.at_most}"
    yield from fold(
        f"{head}   {question.title}" + (f" ({question.within})" if question.within else ""), WIDTH
    )
    yield from fold(question.text, WIDTH)
    if question.kind == "yes_no":
        yield "  y = yes, n = no"
    elif question.options:
        for number, option in enumerate(question.options, 1):
            yield from fold(option.words, WIDTH, "      ", first=f"  {number} = ")
    elif question.kind == "number":
        yield f"  ({question.expected})"
    if question.assumed:
        yield from fold(f"(Enter if it is as assumed: {question.assumed})", WIDTH, "  ", first="  ")


def help_lines(question: Question) -> Iterator[str]:
    """More about a question: what it means, how one finds out, and what may be typed."""
    if question.help:
        yield from fold(question.help, WIDTH)
    if question.how != question.text:
        yield from fold(f"How to find out: {question.how}", WIDTH)
    yield from fold(how_to_answer(question), WIDTH)
    yield from fold(KEYS, WIDTH)
