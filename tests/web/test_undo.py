"""Undo and redo: the last steps are kept, and what another program wrote ends them."""

from __future__ import annotations

from sharedvalue.web.cases import MOST_STEPS, Steps


def done(*texts: str) -> Steps:
    steps = Steps()
    steps.begin(texts[0])
    for text in texts[1:]:
        steps.push(text)
    return steps


def test_steps_go_back_and_forth_and_no_further() -> None:
    steps = done("a", "b", "c")
    assert (steps.step(0), steps.step(-1), steps.step(-2), steps.step(-3), steps.step(1)) == (
        "c", "b", "a", None, None,
    )  # fmt: skip


def test_a_change_after_an_undo_ends_what_could_be_done_again() -> None:
    steps = done("a", "b", "c")
    steps.at -= 1
    steps.push("d")
    assert (steps.texts, steps.at) == (["a", "b", "d"], 2)


def test_what_another_program_wrote_cannot_be_undone() -> None:
    steps = done("a", "b")
    steps.begin("b")
    assert steps.step(-1) == "a"
    steps.begin("x")
    assert (steps.step(0), steps.step(-1)) == ("x", None)


def test_of_very_many_steps_the_last_are_kept() -> None:
    steps = done(*(str(n) for n in range(MOST_STEPS + 10)))
    assert len(steps.texts) == MOST_STEPS
    assert (steps.step(0), steps.step(1 - MOST_STEPS)) == (str(MOST_STEPS + 9), "10")
