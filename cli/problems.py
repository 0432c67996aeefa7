"""Prints the mistakes of a user: each with its code, place, source line, what is wrong, and the mend."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from sharedvalue.engine.errors import Problem, UserError
from sharedvalue.engine.telling.page import WIDTH, fold

SCHEMA = "sharedvalue/problems/1"


def print_problems(error: UserError, as_json: bool) -> None:
    """To standard error, all of them."""
    if as_json:
        click.echo(json.dumps(problems_json(error), indent=2, ensure_ascii=False), err=True)
    else:
        click.echo("\n".join(problem_lines(error)), err=True)


def problems_json(error: UserError) -> dict[str, object]:
    return {"schema": SCHEMA, "problems": [problem.as_json() for problem in error.problems]}


def problem_lines(error: UserError) -> Iterator[str]:
    """The printed form; the code is explained once, below its last mistake."""
    last = {problem.code: number for number, problem in enumerate(error.problems)}
    for number, problem in enumerate(error.problems):
        yield from _one(problem)
        if last[problem.code] == number:
            yield f"  More: sharedvalue explain {problem.code}"
    if len(error.problems) > 1:
        yield f"{len(error.problems)} mistakes"


def _one(problem: Problem) -> Iterator[str]:
    place = problem.place
    start = f"{problem.code} {place}"
    if len(start) < WIDTH // 2:
        yield from fold(f"{start}  {problem.what}", WIDTH, "  ")
    else:  # a place is never broken: people and editors jump to it
        yield start
        yield from fold(problem.what, WIDTH, "  ", first="  ")
    if place.line and place.text.strip():
        yield from _excerpt(place.text, place.line, place.column, place.width)
    if problem.mend:
        yield from fold(problem.mend, WIDTH, "  ", first="  ")


def _excerpt(text: str, line: int, column: int, width: int) -> Iterator[str]:
    """The source line with a caret line below it; of a long line, the part around the place."""
    room = WIDTH - 8
    start = max(0, column - 1 - room // 2) if len(text) > room else 0
    shown = "".join(c if c.isprintable() else " " for c in text[start : start + room].rstrip())
    at = min(max(0, column - 1 - start), len(shown))
    carets = max(1, min(width, len(shown) - at)) if shown else 1
    yield f"{line:>5} | {shown}".rstrip()
    yield f"      | {' ' * at}{'^' * carets}"
