"""A table of communities on several machines: the same decisions, through PySpark's `mapInArrow`. The one home of PySpark.

An optional extra: `pip install 'sharedvalue[spark]'`, and Java. Each machine needs sharedvalue and the house rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sharedvalue.engine.language.rulebook import RuleBook, load
from sharedvalue.engine.questions.portfolio import SECONDS, decide_portfolio
from sharedvalue.engine.questions.portfolio_result import Decided
from sharedvalue.engine.questions.portfolio_rows import portfolio_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

COLUMNS = {
    "community": "string",
    "outcome": "string",
    "modes": "string",
    "rule": "string",
    "certain": "boolean",
    "rules": "string",
    "conclusions": "string",
    "asks": "string",
    "mistakes": "string",
}
SCHEMA = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())


def decide_on_spark(frame: DataFrame, house: Sequence[str] = (), seconds: float = SECONDS) -> DataFrame:
    """The decision of every row of a Spark frame, whose columns are named as those of a table of communities.

    `house` are house rule directories, with the same paths on every machine. `seconds` is what each part of the frame
    may take for rows that are decided one by one. As Spark keeps no order, rows are told apart by their community.

    Raises:
        UserError: where a column is no fact; told at once, not by the machines.
    """
    portfolio_of(frame.columns, (), "the Spark frame", _book(tuple(house)))
    plain = enumerate(frame.columns)  # mapInArrow cannot read columns with a point in their name
    texts = frame.selectExpr(*(f"CAST(`{_quoted(name)}` AS STRING) AS c{i}" for i, name in plain))
    return texts.mapInArrow(_deciding(tuple(frame.columns), tuple(house), seconds), SCHEMA)


def _quoted(name: str) -> str:
    return name.replace("`", "``")


@lru_cache(maxsize=4)
def _book(house: tuple[str, ...]) -> RuleBook:
    """The rule book, loaded once in each process."""
    return load(house)


def _deciding(
    headings: tuple[str, ...], house: tuple[str, ...], seconds: float
) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What a machine does with its part: batches of texts in, batches of decisions out."""

    def decide(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow

        for batch in batches:
            columns = [[text if text is not None else "" for text in c.to_pylist()] for c in batch.columns]
            rows = [[text.strip() for text in row] for row in zip(*columns, strict=True)]
            portfolio = portfolio_of(headings, rows, "the Spark frame", _book(house))
            found = decide_portfolio(portfolio, seconds).rows
            told = [_told(row) for row in found]
            yield pyarrow.RecordBatch.from_pydict(
                {name: [one[name] for one in told] for name in COLUMNS}, _types()
            )

    return decide


def _types() -> Any:
    import pyarrow

    kinds = {"string": pyarrow.string(), "boolean": pyarrow.bool_()}
    return pyarrow.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])


def _told(row: Decided) -> dict[str, object]:
    """A row as `sharedvalue portfolio -o` writes it."""
    bad = bool(row.problems)
    return {
        "community": row.name,
        "outcome": row.outcome or None,
        "modes": None if bad else " + ".join(row.modes),
        "rule": row.rule or None,
        "certain": None if bad else row.certain,
        "rules": None if bad else " ".join(row.rules),
        "conclusions": None if bad else " ".join(row.conclusions),
        "asks": None if bad else " ".join(row.asks),
        "mistakes": "; ".join(f"{p.code} {p.what}" for p in row.problems) or None,
    }
