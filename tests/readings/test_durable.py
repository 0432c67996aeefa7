"""What durable-rules keeps between readings, and what it refuses: nothing is left behind, and nothing is passed over."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sharedvalue.engine.language.formulas import Test

durable = pytest.importorskip(
    "sharedvalue.engine.readings.fire.durable", reason="durable-rules is not installed", exc_type=ImportError
)
library = durable.library
Board = durable.Board


def test_names_of_fields_do_not_share_a_hash() -> None:
    def hashed(name: str) -> int:  # as the library does
        found = 2166136261
        for letter in name.encode():
            found = (found ^ letter) * 16777619 % 2**32
        return found

    names = ["id", "sid", "$s", "_g", *(f"v{place}" for place in range(durable.PROPERTIES_A_BOARD))]
    assert len({hashed(name) for name in names}) == len(names)


def test_a_reading_leaves_nothing_behind() -> None:
    board = Board([(0, (Test("a", ">", 0),))])
    for _ in range(3):
        assert list(board.matches({"a": 1})) == [0]
        assert list(board.matches({})) == []
        with pytest.raises(library.error):
            library.delete_state(board._handle, durable.SESSION)


def test_a_first_session_in_which_nothing_fires_is_deleted_safely() -> None:
    code = """
from sharedvalue.engine.language.formulas import Test
from sharedvalue.engine.readings.fire.durable import Matcher
assert Matcher([(Test("a", ">", 0),)]).matches({"a": 0}) == []
"""
    # Fresh memory holds rubbish here (glibc only), so that freeing a pointer that nobody set crashes.
    environment = {**os.environ, "MALLOC_PERTURB_": "165", "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_a_refused_fact_is_an_error_and_the_next_reading_works() -> None:
    board = Board([(0, (Test("a", ">", 0),))])
    for fact in ("{", "nonsense", '{"id":"f","_g":"_go","v0":[}'):
        with pytest.raises(durable.LibraryError):
            board._fire(fact)
    assert list(board.matches({"a": 1})) == [0]


def test_more_firings_than_rules_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board([(0, (Test("a", ">", 0),))])

    class Endless:
        error = library.error
        assert_fact = staticmethod(lambda handle, fact: (0, 1))
        start_action_for_state = staticmethod(lambda handle, session: ("{}", '{"0":{}}'))
        complete_and_start_action = staticmethod(lambda handle, session: '{"0":{}}')
        delete_state = staticmethod(lambda handle, session: None)

    monkeypatch.setattr(durable, "library", Endless)
    with pytest.raises(durable.LibraryError, match="more rules fired"):
        board.matches({"a": 1})


def test_a_ruleset_is_deleted_with_its_board() -> None:
    board = Board([(0, (Test("a", ">", 0),))])
    handle = board._handle
    del board
    gc.collect()
    with pytest.raises(library.error):
        library.assert_fact(handle, '{"id":"f","_g":"_go"}')
