"""What is kept: at most so many, the latest used, and what has no hash by which one it is."""

from __future__ import annotations

from functools import partial

from sharedvalue.engine.kept import Kept, KeptOf


def test_the_latest_used_stay_and_each_is_made_once() -> None:
    made: list[str] = []

    def making(key: str) -> str:
        def make() -> str:
            made.append(key)
            return key

        return kept.of(key, make)

    kept: Kept[str] = Kept(2)
    assert [making(key) for key in "aba"] == ["a", "b", "a"]
    making("c")
    assert made == ["a", "b", "c"]
    making("a")  # used after b, so b went when c came
    making("b")
    assert made == ["a", "b", "c", "b"]
    assert len(kept) == 2


def test_things_that_are_equal_are_told_apart_and_live_as_long_as_what_is_kept_of_them() -> None:
    kept: KeptOf[int] = KeptOf(2)
    first, second = {"a": 1}, {"a": 1}
    asked = ((1, first), (2, second), (3, first))
    assert [kept.of(thing, partial(int, number)) for number, thing in asked] == [1, 2, 1]
    for number in range(50):  # each could get the place in memory of one before it
        assert kept.of({}, partial(int, number)) == number
    kept.clear()
    assert len(kept) == 0
