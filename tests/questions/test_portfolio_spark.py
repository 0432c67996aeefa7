"""The same table on a local Spark session: the same decisions as without it."""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.language.rulebook import load
from sharedvalue.engine.questions.portfolio import decide_table
from tests.questions.test_portfolio import rows_like_ours, written

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("pyspark", "pyarrow", "pandas")  # Spark wants pandas for its Arrow functions
ABSENT = [name for name in NEEDED if importlib.util.find_spec(name) is None]
MISSING = (
    f"not installed: {', '.join(ABSENT)} (the extra 'spark')"
    if ABSENT
    else "there is no Java on this machine"
    if shutil.which("java") is None
    else ""
)
pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=MISSING),
    pytest.mark.filterwarnings("ignore"),  # Spark's own: open sockets, and what it will change one day
]
ROWS = 2_000


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session = (
            SparkSession.builder.master("local[2]")
            .appName("sharedvalue")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "700")
            .getOrCreate()
        )
        yield session
        session.stop()


def test_spark_decides_as_one_machine_does(spark: Any, tmp_path: Path) -> None:
    from sharedvalue.engine.questions.portfolio_spark import decide_on_spark

    rows = rows_like_ours(ROWS, random.Random(11))
    rows[5]["member_value_now"] = "140"
    rows[9]["sponsor_stance"] = ""
    path = written(tmp_path / "many.csv", rows)
    frame = spark.read.csv(str(path), header=True).repartition(3)
    found = {row["community"]: row for row in decide_on_spark(frame).collect()}
    alone = decide_table(path, load())
    assert len(found) == ROWS
    for row in alone.rows:
        there = found[row.name]
        assert (there["outcome"] or "", there["rule"] or "") == (row.outcome, row.rule), row.name
        if row.problems:
            assert there["mistakes"].startswith("SV205"), row.name
            continue
        assert there["modes"] == " + ".join(row.modes)
        assert there["certain"] == row.certain
        assert there["rules"] == " ".join(row.rules)
        assert there["conclusions"] == " ".join(row.conclusions)
        assert there["asks"] == " ".join(row.asks)


def test_a_column_that_is_no_fact_is_told_before_anything_runs(spark: Any) -> None:
    from sharedvalue.engine.questions.portfolio_spark import decide_on_spark

    frame = spark.createDataFrame([("a", "40")], ["community", "member_valu_now"])
    with pytest.raises(UserError, match="SV204"):
        decide_on_spark(frame)
