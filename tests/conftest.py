"""How generated tests run: the same cases every time by default, many fresh ones with `--hypothesis-profile deep`.

Also what several folders share: tests of the reading `fire` run with each of its matchers.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.matchers import MATCHERS, matched_by

settings.register_profile(
    "ci",
    max_examples=100,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "deep", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci")


def pytest_collection_finish() -> None:
    """Thousands of collected tests are no garbage: they are not looked through again at each collection of it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def nothing_of_whoever_runs_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is kept of ledgers that were seen and of rule books that were read, here and in the processes that tests start, is not the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHAREDVALUE_SEEN", str(tmp_path_factory.mktemp("seen") / "heads.json"))
        patch.setenv("SHAREDVALUE_CACHE", str(tmp_path_factory.mktemp("books")))
        yield


@pytest.fixture(scope="module", params=MATCHERS)
def each_matcher(request: pytest.FixtureRequest) -> Iterator[str]:
    """The reading `fire` by durable-rules and in plain Python, one after the other: the same exam for both."""
    try:
        with matched_by(request.param):
            yield request.param
    except ImportError as error:
        pytest.skip(f"{request.param} cannot be loaded here: {error}")
