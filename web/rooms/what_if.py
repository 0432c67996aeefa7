"""What if: facts moved beside the live decision; two facts as a map; variations saved, and seen side by side."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from sharedvalue.engine.errors import mistake
from sharedvalue.web import variations
from sharedvalue.web.cases import Changed, Opened, version_of
from sharedvalue.web.visit import Room, Visit, acts, shows, soon
from sharedvalue.web.words import later
from sharedvalue.web.work import SLOW

FACT = "f."  # what the parameters of facts begin with
MOST_VALUE = 100
COARSE_SECONDS = 2.0  # for the coarse one, while the exact one is drawn
MAP_SECONDS = 8  # then the map is told as incomplete


def settings_of(visit: Visit, controls: dict[str, Any]) -> dict[str, str]:
    """What the address sets otherwise than the scenario does."""
    said = {f["address"]: f for group in controls["groups"] for f in group["fields"]}
    found = {}
    for name, value in visit.request.query_params.multi_items():
        address = name.removeprefix(FACT)
        if name.startswith(FACT) and address in said and len(value) <= MOST_VALUE:
            plain = " ".join(value.split())
            as_is = plain in ("", said[address]["said"])
            if not as_is and not (plain == "unknown" and not said[address]["said"]):
                found[address] = plain
    return found


def query_of(settings: dict[str, str]) -> str:
    return urlencode({f"{FACT}{name}": value for name, value in settings.items()})


async def what_if(visit: Visit) -> Response:
    opened = visit.opened()
    controls = await visit.about("what_if:controls", opened)
    settings = settings_of(visit, controls)
    found = await visit.about("what_if:compared", opened, settings=settings) if settings else None
    saved = variations.text_of(opened)
    tips = await soon(visit.about("what_if:tips", opened, lane=SLOW), None)
    return visit.render(
        "what_if/what_if.html",
        tips=tips,
        room="what_if",
        opened=opened,
        case_title=controls["title"],
        controls=controls,
        settings=settings,
        query=query_of(settings),
        found=found,
        saved=await visit.work("what_if:side_by_side", variations=saved, path=str(variations.path_of(opened)))
        if saved
        else None,
        saved_version=version_of(saved),
        can_write=visit.person.may("write") and not opened.case.sample,
    )


async def live(visit: Visit) -> Response:
    """What follows from what is moved; the address of the page follows too, so that a reload loses nothing."""
    opened = visit.opened()
    controls = await visit.about("what_if:controls", opened)
    settings = settings_of(visit, controls)
    found = await visit.about("what_if:compared", opened, settings=settings) if settings else None
    query = query_of(settings)
    path = f"/s/{opened.case.slug}/what-if{'?' if query else ''}{query}"
    headers = {} if visit.request.query_params.get("on") == "map" else {"HX-Replace-Url": path}
    return visit.render(
        "what_if/live.html",
        headers=headers,
        opened=opened,
        controls=controls,
        settings=settings,
        query=query,
        found=found,
        can_write=visit.person.may("write") and not opened.case.sample,
        saved_version=version_of(variations.text_of(opened)),
    )


async def tips(visit: Visit) -> Response:
    """Where each slider turns the answer, for the page that came without."""
    opened = visit.opened()
    found = await visit.about("what_if:tips", opened, lane=SLOW)
    return visit.render("what_if/tips.html", opened=opened, tips=found)


async def on_map(visit: Visit) -> Response:
    """Two facts as a map."""
    opened = visit.opened()
    controls = await visit.about("what_if:controls", opened)
    axes = await visit.about("what_if:axes", opened)
    known = {axis["address"] for axis in axes}
    x, y = (visit.request.query_params.get(one, "") for one in ("x", "y"))
    if not (x in known and y in known and x != y):
        numbers = {axis["address"] for axis in axes if axis["number"]}
        fields = [f for g in controls["groups"] for f in g["fields"] if f["address"] in known]
        moving = sorted(
            (f["address"] for f in fields if f["matters"]), key=lambda address: address not in numbers
        )
        moving += [f["address"] for f in fields if f["address"] in numbers]
        order = list(dict.fromkeys([*(a for a in (x, y) if a in known), *moving, *sorted(known)]))
        x, y = (order[0], order[1]) if len(order) > 1 else ("", "")
    land, coarse, whole = None, None, visit.by_htmx or visit.request.query_params.get("whole") == "1"
    if x:
        drawn = visit.about(
            "what_if:mapped", opened, lane=SLOW, x=x, y=y, settings={}, budget=float(MAP_SECONDS)
        )
        land = await (drawn if whole else soon(drawn, None))
        if land is None:
            drawn = visit.about(
                "what_if:mapped", opened, x=x, y=y, settings={}, budget=COARSE_SECONDS, coarse=True
            )
            coarse = await drawn
    return visit.render(
        "what_if/drawn.html" if visit.by_htmx else "what_if/map.html",
        room="what_if",
        opened=opened,
        case_title=controls["title"],
        controls=controls,
        axes=axes,
        x=x,
        y=y,
        land=land,
        coarse=coarse,
        seconds=MAP_SECONDS,
        said={f["address"]: f["said"] for g in controls["groups"] for f in g["fields"]},
        found=None,
        settings={},
        can_write=False,
    )


async def keep(visit: Visit) -> Response:
    """Saves what is moved as a variation."""
    opened = visit.opened()
    before = _file_of(visit, opened)
    settings = {n.removeprefix(FACT): visit.said(n, MOST_VALUE) for n in visit.form if n.startswith(FACT)}
    after = await visit.about(
        "what_if:saved",
        opened,
        variations=before,
        baseline=f"../{opened.case.name}",
        title=f"What if: {opened.case.path.stem}",
        name=visit.said("name", 100),
        why=visit.said("why", 500),
        settings=settings,
    )
    variations.write(opened, before, after)
    return visit.go(f"/s/{opened.case.slug}/what-if?{query_of(settings)}#saved")


async def forget(visit: Visit) -> Response:
    opened = visit.opened()
    before = _file_of(visit, opened)
    variations.write(
        opened, before, await visit.work("what_if:forgotten", variations=before, name=visit.said("name", 100))
    )
    return visit.go(f"/s/{opened.case.slug}/what-if")


def _file_of(visit: Visit, opened: Opened) -> str:
    if opened.case.sample:
        raise mistake(
            "SV121", opened.case.name, "this is a sample, which stays as it is", "Make a copy of it first."
        )
    before = variations.text_of(opened)
    if version_of(before) != visit.said("version", 100):
        raise Changed(opened)
    return before


ROOM = Room(
    "what_if",
    later("What if"),
    "what-if",
    (
        shows("/s/{slug}/what-if", what_if),
        shows("/s/{slug}/what-if/live", live),
        shows("/s/{slug}/what-if/tips", tips),
        shows("/s/{slug}/what-if/map", on_map),
        acts("/s/{slug}/what-if/keep", keep),
        acts("/s/{slug}/what-if/forget", forget),
    ),
    of_case=True,
)
