"""The console script. Commands are imported when they are used; whatever goes wrong is told in words, never in a traceback."""

from __future__ import annotations

import errno
import io
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.engine.errors import Place, Problem, UserError, mistake

# name -> (module, what it answers). A command that is not used is not imported, not even for --help.
COMMANDS = {
    "ask": ("sharedvalue.cli.ask", "Ask me at most fifteen plain questions, then decide."),
    "decide": ("sharedvalue.cli.decide", "What should become of this community, why, and how firm is that?"),
    "why": ("sharedvalue.cli.why", "The chain of rules that led to the decision, or to a conclusion."),
    "why-not": (
        "sharedvalue.cli.why_not",
        "What kept another outcome from being the answer, and by how much.",
    ),
    "graph": ("sharedvalue.cli.graph", "Draw the reasoning: svg, png, html, dot, mmd, graphml, json."),
    "what-if": ("sharedvalue.cli.what_if", "Set facts: before, after, and what changed in the reasoning."),
    "flip": (
        "sharedvalue.cli.flip",
        "What would have to change for another outcome, and who could change it.",
    ),
    "map": ("sharedvalue.cli.map", "Which answer where, when two facts vary: regions, borders, thresholds."),
    "sweep": ("sharedvalue.cli.sweep", "Which outcome in how many of the variations of some facts."),
    "portfolio": ("sharedvalue.cli.portfolio", "Decide a table of communities, one row each."),
    "reasons": ("sharedvalue.cli.reasons", "Every minimal set of facts that alone forces the outcome."),
    "sensitivity": ("sharedvalue.cli.sensitivity", "How far each fact may move before the outcome changes."),
    "scenario": ("sharedvalue.cli.scenario", "Start, check or list scenario files."),
    "facts": ("sharedvalue.cli.facts", "The facts that a scenario may state, and how each is estimated."),
    "rules": ("sharedvalue.cli.rules", "The rule book: list, show, check."),
    "evidence": ("sharedvalue.cli.evidence", "How large a survey must be, and which facts rest on what."),
    "import": ("sharedvalue.cli.import_evidence", "Read an export of a survey, register, meeting or forum."),
    "record": ("sharedvalue.cli.record", "Put a decision on record, with who took part and what was agreed."),
    "review": (
        "sharedvalue.cli.review",
        "What is due, what ran out, and what would come out otherwise today.",
    ),
    "report": (
        "sharedvalue.cli.report",
        "One record as a document for the board: html, pdf, xlsx, md, provenance.",
    ),
    "replay": ("sharedvalue.cli.replay", "Decide a record again, from the ledger alone: is it the same?"),
    "ledger": ("sharedvalue.cli.ledger", "The ledger of decisions: list, show, verify, backup, keys."),
    "practice": (
        "sharedvalue.cli.practice",
        "Learn the judgement: judge a case first, then see the answer and why.",
    ),
    "serve": ("sharedvalue.cli.serve", "Open a page in the browser, on this machine."),
    "explain": ("sharedvalue.cli.explain", "More about an error code."),
}
FUNCTIONS = {"import": "import_"}  # `import` is a word of Python
EXIT_MISTAKE_OF_OURS = 70  # EX_SOFTWARE in sysexits.h
EXIT_INTERRUPTED = 130
REPORT = "Please report it with the command and the file: SHAREDVALUE_DEBUG=1 shows where it happened."


class LazyGroup(click.Group):
    """A group that imports a command when it is called; --help needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click calls it so
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click calls it so
        if cmd_name not in COMMANDS:
            return None
        module = COMMANDS[cmd_name][0]
        try:
            found = import_module(module)
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            raise UserError(
                Problem(
                    "SV120",
                    Place(f"sharedvalue {cmd_name}"),
                    "this command is not part of this installation",
                    "Install a complete sharedvalue.",
                )
            ) from None
        command = getattr(found, FUNCTIONS.get(cmd_name, module.rpartition(".")[2]))
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from sharedvalue.engine.errors import did_you_mean

        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            raise click.UsageError(
                " ".join(filter(None, (f"There is no command '{name}'.", did_you_mean(name, COMMANDS)))), ctx
            )
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            result: object = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except BrokenPipeError:
            raise ReaderLeft from None
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise UserError(
                Problem("SV121", Place("standard output"), "the disk is full", "Make room, and run it again.")
            ) from None
        except KeyboardInterrupt:
            raise Stopped from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click calls it so
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


class ReaderLeft(Exception):
    """Whoever read our output has gone, as `head` does."""


class Stopped(Exception):
    """The user pressed Ctrl-C."""


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nExamples:\n  sharedvalue ask\n  sharedvalue decide scenarios/silent-drift.yaml\n"
    "  sharedvalue why-not scenarios/silent-drift.yaml keep-course\n  sharedvalue decide --help",
)
@click.option(
    "--version", "version", is_flag=True, help="Show the version, and the rule book's version and hash."
)
@global_options
@click.pass_context
def sharedvalue(ctx: click.Context, call: Call, version: bool) -> None:
    """Does a community serve its members and its sponsor, and what should become of it?

    Decides by a rule book that says why: keep course, shift the focus, restrict the membership, not yet, or no viable
    course. Options --rules and --json may stand before or after the command.
    """
    if version:
        call.print_version()
        ctx.exit(0)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
        ctx.exit(0)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and exits: 0 answered, 1 checked and does not hold, 2 bad input or use."""
    if sys.stdin is None:  # closed by the caller: there is nothing to read
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  # open as long as the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(
            stream, io.TextIOWrapper
        ):  # what a terminal cannot show becomes a question mark, not an error
            stream.reconfigure(errors="replace")
    try:
        code = run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:  # pressed while a mistake was being told
        click.echo("Stopped.", err=True)
        code = EXIT_INTERRUPTED
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """The exit code of one call."""
    try:
        if sys.stdout is None:
            raise mistake(
                "SV121", "standard output", "it is closed, so no answer can be told", "Leave it open."
            )
        code = sharedvalue.main(arguments, prog_name="sharedvalue", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except UserError as error:
        return _tell(error, arguments)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.UsageError as error:
        return _misused(error, arguments)
    except click.ClickException as error:
        return _tell(UserError(Problem("SV120", Place("sharedvalue"), error.format_message())), arguments)
    except (click.Abort, Stopped):
        click.echo("Stopped.", err=True)
        return EXIT_INTERRUPTED
    except ReaderLeft:
        return _reader_left()
    except Exception as error:  # noqa: BLE001  # the last door: whatever is left is ours, and is told in one line
        return _ours(error)


def _tell(error: UserError, arguments: Sequence[str]) -> int:
    from sharedvalue.cli.problems import print_problems

    print_problems(error, as_json=_wants_json(arguments))
    return 2


def _wants_json(arguments: Sequence[str]) -> bool:
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in before or "-j" in before


_CLICK_TYPE = re.compile(r"not a valid (?:integer|float)(?: range)?")  # no words for people


def _misused(error: click.UsageError, arguments: Sequence[str]) -> int:
    path = error.ctx.command_path if error.ctx else "sharedvalue"
    said = _CLICK_TYPE.sub(
        lambda m: "not a whole number" if "integer" in m[0] else "not a number", error.format_message()
    )
    problem = Problem("SV120", Place(path), said.rstrip("."), f"See: {path} --help")
    return _tell(UserError(problem), arguments)


def _reader_left() -> int:
    """The reader of our output has left (`| head`): nothing to say, and nothing to flush at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _ours(error: Exception) -> int:
    if os.environ.get("SHAREDVALUE_DEBUG") == "1":
        raise error
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    click.echo(f"This is a mistake of sharedvalue itself, not yours ({what}). {REPORT}", err=True)
    return EXIT_MISTAKE_OF_OURS


if __name__ == "__main__":
    main()
