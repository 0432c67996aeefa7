"""How mistakes are printed: code, place, source line with a caret, what is wrong, the mend."""

from __future__ import annotations

import unicodedata

from sharedvalue.cli.problems import problem_lines
from sharedvalue.engine.errors import Place, Problem, UserError


def lines(*problems: Problem) -> list[str]:
    return list(problem_lines(UserError(problems)))


def test_one_mistake_with_its_place() -> None:
    place = Place("case.yaml", 9, 3, "  sponsor_value_nwo: 30", 17)
    assert lines(
        Problem(
            "SV204", place, "the rule book has no fact 'sponsor_value_nwo'", "Did you mean sponsor_value_now?"
        )
    ) == [
        "SV204 case.yaml:9:3  the rule book has no fact 'sponsor_value_nwo'",
        "    9 |   sponsor_value_nwo: 30",
        "      |   ^^^^^^^^^^^^^^^^^",
        "  Did you mean sponsor_value_now?",
        "  More: sharedvalue explain SV204",
    ]


def test_code_is_explained_once() -> None:
    two = [Problem("SV204", Place("case.yaml"), f"mistake {n}") for n in range(2)]
    found = lines(*two)
    assert found.count("  More: sharedvalue explain SV204") == 1
    assert found[-1] == "2 mistakes"


def test_long_line_is_cut_around_the_place() -> None:
    text = "x" * 500 + "here" + "y" * 500
    found = lines(Problem("SV205", Place("case.yaml", 1, 501, text, 4), "wrong"))
    shown, carets = found[1], found[2]
    assert len(shown) <= 80
    start = carets.index("^")
    assert shown[start : start + 4] == "here"


def test_what_cannot_be_printed_is_not() -> None:
    found = lines(Problem("SV205", Place("case.yaml", 1, 1, "a\x1b[31m\x07b", 4), "wrong"))
    assert not any(unicodedata.category(c) == "Cc" for line in found for c in line)
