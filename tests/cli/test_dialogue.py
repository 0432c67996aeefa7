"""Questions asked one by one: a way back, answers that cannot be taken, and several ways to name one."""

from __future__ import annotations

import click
from click.testing import CliRunner

from sharedvalue.cli.dialogue import Dialogue
from sharedvalue.engine.errors import mistake

WAYS = {"keep": "Keep course", "shift": "Shift the focus", "show": "Show it"}


def held(typed: str) -> tuple[dict[str, object], str]:
    """What was answered to four questions, and what stood on the screen."""
    found: dict[str, object] = {}

    def day(text: str) -> str:
        if text != "2027-01-31":
            raise mistake("SV508", "--day", f"'{text}' is no day", "Write it so.")
        return text

    def ask(talk: Dialogue) -> None:
        found.clear()
        found["who"] = talk.ask("Who?", "Roles.", needed=True)
        found["way"] = talk.choose("Which?", WAYS)
        found["day"] = talk.ask("When?", "", day)
        found["sure"] = talk.sure("Done?")

    @click.command()
    def command() -> None:
        Dialogue().hold(ask)

    result = CliRunner().invoke(command, input=typed)
    assert result.exit_code == 0, result.output
    return found, result.output


def test_going_back_asks_the_question_before_once_more_and_shows_no_other() -> None:
    found, screen = held("boardd\nkeep\nb\nshift\n2027-01-31\nb\n\ny\n")
    assert found == {"who": "boardd", "way": "shift", "day": None, "sure": True}
    assert screen.count("Roles.") == 1
    assert screen.count("Which?") == 2
    found, screen = held("boardd\nb\nboard\n1\n\n\n")
    assert found == {"who": "board", "way": "keep", "day": None, "sure": False}


def test_what_cannot_be_taken_is_asked_again_and_is_nothing_to_go_back_to() -> None:
    found, screen = held("\nboard\nsh\n3\nsoon\nb\nkeep course\n2027-01-31\nno\n")
    assert "needs an answer" in screen
    assert "Type a number from 1 to 3" in screen  # two begin so
    assert "'soon' is no day" in screen
    assert found == {"who": "board", "way": "keep", "day": "2027-01-31", "sure": False}
