"""`sharedvalue serve`: the same answers as a page in the browser, on this machine."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.engine.errors import mistake

PORT = 8765
LOCAL = "127.0.0.1"


@click.command(
    epilog="\b\nExamples:\n  sharedvalue serve\n  sharedvalue serve --folder my-communities --port 8800 --no-browser\n"
    "  sharedvalue serve --add-person ada --role leader --people people.json"
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The folder of your scenarios; this one unless you say otherwise.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Where it answers; 0 takes a free one.",
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option("--address", default=LOCAL, show_default=True, help="Another one needs --people and --public.")
@click.option(
    "--public", default="", metavar="URL", help="The address that people type, of a proxy with TLS in front."
)
@click.option(
    "--ledger", default="", metavar="FILE-or-URL", help="Where decisions are recorded; else as for `record`."
)
@click.option("--people", type=click.Path(path_type=Path), metavar="FILE", help="Who may sign in.")
@click.option(
    "--proxy", default=LOCAL, show_default=True, help="The proxy's own address, as this machine sees it."
)
@click.option(
    "--no-token",
    is_flag=True,
    help="Open without the token: every user of this machine can read and change everything.",
)
@click.option(
    "--add-person", "new", metavar="NAME", help="Add somebody to --people (asks for a secret), and stop."
)
@click.option(
    "--role",
    type=click.Choice(["viewer", "leader", "board"]),
    default="leader",
    show_default=True,
    help="Of --add-person.",
)
@global_options
def serve(
    call: Call,
    folder: Path,
    port: int,
    no_browser: bool,
    address: str,
    public: str,
    ledger: str,
    people: Path | None,
    proxy: str,
    no_token: bool,
    new: str | None,
    role: str,
) -> None:
    """Open a page for whoever does not use a terminal: questions, decision, what if, evidence, records, practice, rule book.

    It answers on this machine only, to whoever has the token in the address that it prints; loads nothing from elsewhere;
    and works on the scenario files of a folder.
    """
    if new is not None:
        _add(call, people, new, role)
        return
    from sharedvalue.web.serve import serve as run
    from sharedvalue.web.settings import Settings

    if call.rules:
        call.book  # noqa: B018  # a house rule directory with mistakes is told before anything starts
    settings = Settings(folder, call.rules, address, port, public, people, proxy=proxy, ledger=ledger)
    run(replace(settings, token="") if no_token else settings, not no_browser, call.note)


def _add(call: Call, people: Path | None, name: str, role: str) -> None:
    if people is None:
        raise mistake("SV120", "--add-person", "it is not said which file", "Add --people FILE.")
    from sharedvalue.web.people import add_person

    if sys.stdin.isatty():
        secret = click.prompt(
            "Secret (nothing is shown)", hide_input=True, confirmation_prompt=True, err=True
        )
    else:  # from another program: one line, which nobody sees
        secret = sys.stdin.readline().rstrip("\r\n")
    add_person(people, name, role, secret)
    call.note(f"{name} may sign in as {role}: {people}")
