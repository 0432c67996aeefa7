"""How many answers a survey needs before the rule book trusts it: the smallest number that its own measure accepts."""

from __future__ import annotations

from dataclasses import dataclass

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.language.formulas import number
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import type_of
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.types import ChoiceType

MEASURE = "survey_adequate"
THRESHOLDS = ("survey_error", "survey_z")
MOST = 100_000_000


@dataclass(frozen=True)
class Sample:
    """The answers that a survey of all members, or of a random part of them, needs."""

    population: int
    answers: int

    @property
    def share(self) -> float:
        return round(100 * self.answers / self.population, 1)


def required(book: RuleBook, population: int) -> Sample:
    """The smallest number of answers that is enough for a population; whole numbers throughout.

    Raises:
        UserError: SV402 for a population that no community has.
    """
    if not 1 <= population <= MOST:
        raise mistake(
            "SV402",
            "population",
            f"{population:,} is no population",
            f"Give a whole number from 1 to {MOST:,}.",
        )
    formula = ground(book, "evidence", Shape((("items", 1),))).measures[MEASURE]
    source = type_of(book, "evidence[0].source")
    assert isinstance(source, ChoiceType)

    def enough(answers: int) -> bool:
        world = {
            "items[0].source": source.code("survey"),
            "items[0].drawn_from_all": 1,
            "items[0].population": population,
            "items[0].n": answers,
        }
        return number(formula, world) == 1  # type: ignore[arg-type]  # a measure's formula is a number

    low, high = 1, population
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return Sample(population, low)
