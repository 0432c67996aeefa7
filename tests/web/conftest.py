"""One page for all tests that only read, and one for those that write."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.serving import Client, Served, served

SHOWN = ("silent-drift", "neophytes-and-experts", "no-sponsor-at-all")


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    found = served(tmp_path_factory.mktemp("page"), scenarios=SHOWN)
    yield found
    found.stop()


@pytest.fixture
def client(page: Served) -> Client:
    return page.client()
