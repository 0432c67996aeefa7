"""Rule book: chapters, rules, the article's claims, thresholds with reasons; a house threshold changed after a look ahead."""

from __future__ import annotations

import tempfile
from pathlib import Path

from starlette.responses import Response

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.language.scenario_file import read_text
from sharedvalue.engine.language.whole_file import Elsewhere, rewrite
from sharedvalue.web.cases import MOST_TEXT, version_of
from sharedvalue.web.house import House
from sharedvalue.web.rooms.start import text_of
from sharedvalue.web.visit import HTTPException, Room, Visit, acts, shows
from sharedvalue.web.words import later
from sharedvalue.web.work import SLOW


async def contents(visit: Visit) -> Response:
    found = await visit.work("rule_book:contents")
    return visit.render("rule_book/contents.html", room="rule_book", found=found)


async def claims(visit: Visit) -> Response:
    return visit.render("rule_book/claims.html", room="rule_book", found=await visit.work("rule_book:claims"))


async def rule(visit: Visit) -> Response:
    try:
        found = await visit.work("rule_book:rule", name=visit.request.path_params["name"][:60])
    except UserError as error:
        if error.problems[0].code == "SV209":
            raise HTTPException(404) from None
        raise
    return visit.render("rule_book/rule.html", room="rule_book", found=found)


async def thresholds(visit: Visit) -> Response:
    found = await visit.work("rule_book:thresholds")
    return visit.render(
        "rule_book/thresholds.html",
        room="rule_book",
        found=found,
        version=version_of(house_text(visit.place.house)),
        may_agree=visit.person.may("agree"),
    )


async def ahead(visit: Visit) -> Response:
    """What a change would do, before it is made."""
    name, value, why = visit.said("name", 100), visit.said("value", 40), visit.said("why", 1000)
    text = await _text(visit, _before(visit), name, value, why)
    with tempfile.TemporaryDirectory(prefix="sharedvalue-") as draft:
        _draft(draft, text)
        files = [(c.slug, c.name, text_of(c)) for c in visit.place.folder.listing().values()]
        files = [file for file in files if len(file[2]) <= MOST_TEXT]
        given = visit.place.house.given
        found = await visit.work("rule_book:preview", lane=SLOW, folder=draft, given=given, files=files)
    return visit.render(
        "rule_book/ahead.html",
        room="rule_book",
        found=found,
        seconds=round(visit.place.settings.search_seconds),
        form={"name": name, "value": value, "why": why, "version": visit.said("version", 100)},
    )


async def proofs(visit: Visit) -> Response:
    """What is proven of the rule book with a change."""
    text = await _text(
        visit, _before(visit), visit.said("name", 100), visit.said("value", 40), visit.said("why", 1000)
    )
    with tempfile.TemporaryDirectory(prefix="sharedvalue-") as draft:
        _draft(draft, text)
        found = await visit.work(
            "rule_book:proofs",
            lane=SLOW,
            folder=draft,
            given=visit.place.house.given,
            budget=visit.place.settings.search_seconds,
        )
    return visit.render("rule_book/proofs.html", proofs=found)


async def change(visit: Visit) -> Response:
    before = _before(visit)
    text = await _text(
        visit, before, visit.said("name", 100), visit.said("value", 40), visit.said("why", 1000)
    )
    with tempfile.TemporaryDirectory(prefix="sharedvalue-") as draft:
        _draft(draft, text)
        await visit.work("rule_book:preview", folder=draft, given=visit.place.house.given, files=[])
    write(visit.place.house, before, text)
    return visit.go("/rules/thresholds")


def _before(visit: Visit) -> str:
    """The house rules, if they are those that the form was made from."""
    before = house_text(visit.place.house)
    if version_of(before) != visit.said("version", 100):
        raise changed_elsewhere()
    return before


def changed_elsewhere() -> UserError:
    return mistake(
        "SV243",
        "house rules",
        "the house rules were changed elsewhere since you opened this page",
        "Nothing was written. Load the page again.",
    )


async def _text(visit: Visit, before: str, name: str, value: str, why: str) -> str:
    text: str = await visit.work("rule_book:written", text=before, name=name, value=value, why=why)
    return text


def _draft(folder: str, text: str) -> None:
    if text:
        (Path(folder) / "draft.yaml").write_text(text, "utf-8")


def house_text(house: House) -> str:
    return read_text(house.file) if house.file.is_file() else ""


def write(house: House, before: str, text: str) -> None:
    """The house file whole, or not at all, in the place of what it was; without text it goes.

    Raises:
        UserError: SV243 where somebody else wrote meanwhile, SV121 where nothing can be written.
    """

    def change(now: bytes) -> bytes | None:
        if now != before.encode():
            raise Elsewhere
        return text.encode() or None

    try:
        house.own.mkdir(exist_ok=True)
        rewrite(house.file, change)
    except Elsewhere:
        raise changed_elsewhere() from None
    except OSError as error:
        raise mistake(
            "SV121", str(house.file), f"it cannot be written: {error.strerror or error}", "Check the folder."
        ) from None


ROOM = Room(
    "rule_book",
    later("Rule book"),
    "/rules",
    (
        shows("/rules", contents),
        shows("/rules/claims", claims),
        shows("/rules/thresholds", thresholds),
        acts("/rules/thresholds/ahead", ahead, needs="agree"),
        acts("/rules/thresholds/proofs", proofs, needs="agree"),
        acts("/rules/thresholds/change", change, needs="agree"),
        shows("/rules/{name}", rule),
    ),
)
