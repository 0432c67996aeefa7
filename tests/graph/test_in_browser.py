"""The page in a real browser: chosen by mouse and keyboard, readable when narrow and dark, without barriers (axe-core)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sharedvalue.engine.graph import explanation, write
from sharedvalue.engine.graph.map_write import write_map
from tests.graph.cases import EXPERTS, changed, drawn, hostile
from tests.graph.test_map import drawn as drawn_map

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
SIZES = [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS), env=environment)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    defeated = changed(EXPERTS, ("restriction_allowed: true", "restriction_allowed: false"))
    graphs = {
        "experts": drawn(EXPERTS),
        "drift": drawn("silent-drift"),
        "hostile": hostile(),
        "defeated": explanation(defeated),
    }
    for name, graph in graphs.items():
        write(graph, folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in graphs}


def opened(browser: Any, path: Path, width: int = 1280, scheme: str = "light") -> tuple[Any, list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    said: list[str] = []

    def dialog(shown: Any) -> None:
        said.append("dialog")
        shown.dismiss()

    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", dialog)
    page.on("request", lambda request: said.extend(u for u in [request.url] if not u.startswith("file:")))
    page.goto(path.as_uri())
    return page, said


def in_full(page: Any) -> Any:
    """The page with the whole picture in sight; it opens by chapter."""
    if page.locator("[data-show=full]").count():
        page.locator("[data-show=full]").click()
    return page


@pytest.mark.parametrize("width,scheme", SIZES)
@pytest.mark.parametrize("name", ["experts", "drift", "hostile", "defeated"])
def test_axe_finds_no_barriers(
    browser: Any, pages: dict[str, Path], name: str, width: int, scheme: str
) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    page, said = opened(browser, pages[name], width, scheme)
    first = axe.Axe().run(page).response["violations"]
    in_full(page).locator(".node").first.click()
    found = first + axe.Axe().run(page).response["violations"]
    page.close()
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []
    assert said == []


@pytest.mark.parametrize("name", ["experts", "drift", "hostile"])
def test_a_narrow_page_does_not_scroll_sideways(browser: Any, pages: dict[str, Path], name: str) -> None:
    page, _ = opened(browser, pages[name], 320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


def test_a_box_is_chosen_by_mouse_and_by_keyboard(browser: Any, pages: dict[str, Path]) -> None:
    page, said = opened(browser, pages["experts"])
    in_full(page)
    panel, rule = page.locator("#panel"), page.locator('.node[aria-label^="Rule · V05"]')
    rule.click()
    assert "The membership might have to change." in panel.inner_text()
    assert "asked: at least 50 (contribution restrict, house); 25 apart; holds" in panel.inner_text()
    assert "CC BY 4.0" in panel.inner_text()
    assert rule.get_attribute("aria-pressed") == "true"
    assert page.locator(".edge.near").count() > 3
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert panel.inner_text().startswith("Course · Z06")
    page.keyboard.press("Escape")
    assert page.locator('.node[aria-pressed="true"]').count() == 0
    page.close()
    assert said == []


def test_a_chapter_opens_into_its_part_of_the_whole_and_zoom_goes_back(
    browser: Any, pages: dict[str, Path]
) -> None:
    page, said = opened(browser, pages["experts"])
    shown = "() => document.querySelector('.graph:not([hidden])').dataset.stage"
    box = "() => document.querySelector('[data-stage=full] svg').getAttribute('viewBox')"
    assert page.evaluate(shown) == "chapters"
    assert 3 <= page.locator(".box").count() <= 10
    assert page.locator("[data-stage=chapters] svg").bounding_box()["height"] <= 800
    whole = page.evaluate(box)
    page.locator(".box").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate(shown) == "full"
    assert page.evaluate(box) != whole
    assert page.evaluate("() => document.activeElement.classList.contains('lit')")
    page.keyboard.press("0")
    assert [float(v) for v in page.evaluate(box).split()] == [float(v) for v in whole.split()]
    page.keyboard.press("+")
    assert float(page.evaluate(box).split()[2]) < float(whole.split()[2])
    place = page.locator("[data-stage=full] svg").bounding_box()
    before = page.evaluate(box)
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] / 2 - 60, place["y"] + place["height"] / 2 - 20, steps=4)
    page.mouse.up()
    assert page.evaluate(box) != before
    page.get_by_role("button", name="Whole", exact=True).click()
    assert [float(v) for v in page.evaluate(box).split()] == [float(v) for v in whole.split()]
    page.close()
    assert said == []


def test_every_text_lies_inside_its_box(browser: Any, pages: dict[str, Path]) -> None:
    for path in pages.values():
        page, _ = opened(browser, path)
        in_full(page)
        outside = page.evaluate(
            """() => Array.from(document.querySelectorAll('.node')).flatMap(g => {
                const box = g.querySelector('.shape').getBBox();
                return Array.from(g.querySelectorAll('text')).filter(t => {
                    const b = t.getBBox();
                    return b.x < box.x - 1 || b.x + b.width > box.x + box.width + 1
                        || b.y < box.y - 1 || b.y + b.height > box.y + box.height + 1;
                }).map(t => t.textContent);
            })"""
        )
        page.close()
        assert outside == []


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_no_barriers_in_a_map(browser: Any, tmp_path: Path, width: int, scheme: str) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    write_map(drawn_map(), str(tmp_path / "map.html"))
    page, said = opened(browser, tmp_path / "map.html", width, scheme)
    found = axe.Axe().run(page).response["violations"]
    page.close()
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []
    assert said == []
