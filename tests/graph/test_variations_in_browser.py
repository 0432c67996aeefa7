"""The page of variations side by side in a real browser: no barriers (axe-core), nothing fetched, readable when narrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sharedvalue.cli.variations import draw
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.questions.variations import side_by_side
from sharedvalue.engine.questions.variations_file import load_variations
from tests.graph.test_in_browser import SIZES, opened
from tests.graph.test_in_browser import browser as browser  # the fixture

SHIPPED = sorted(Path("scenarios/variations").glob("*.yaml"))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    book, folder = load(), tmp_path_factory.mktemp("variations")
    for path in SHIPPED:
        list(draw(side_by_side(book, load_variations(path, book)), str(folder / f"{path.stem}.html")))
    return {path.stem: folder / f"{path.stem}.html" for path in SHIPPED}


@pytest.mark.parametrize("width,scheme", SIZES)
@pytest.mark.parametrize("name", [path.stem for path in SHIPPED])
def test_axe_finds_no_barriers(
    browser: Any, pages: dict[str, Path], name: str, width: int, scheme: str
) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    page, said = opened(browser, pages[name], width, scheme)
    found = axe.Axe().run(page).response["violations"]
    page.close()
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []
    assert said == []


@pytest.mark.parametrize("name", [path.stem for path in SHIPPED])
def test_a_narrow_page_does_not_scroll_sideways(browser: Any, pages: dict[str, Path], name: str) -> None:
    page, _ = opened(browser, pages[name], 320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()
