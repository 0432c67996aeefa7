"""API: the same JSON as the commands, for other programs on this page's scenarios or on one that is sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.responses import Response

from sharedvalue.engine.errors import mistake
from sharedvalue.web.cases import MOST_TEXT
from sharedvalue.web.visit import Room, Visit, acts, shows
from sharedvalue.web.words import later
from sharedvalue.web.work import QUICK, SLOW

SCHEMAS = Path(__file__).resolve().parent.parent / "api_schemas.json"  # written by tools/api_schemas.py
SENT = "sent"  # what a scenario that is sent is called
JSON = "application/json"


@dataclass(frozen=True)
class Answer:
    """One question of the API: its job, its schema, and what it asks besides the scenario."""

    job: str
    schema: str
    says: str
    lane: str = QUICK
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


ANSWERS = {
    "decide": Answer(
        "decide", "decision-1", "What should become of the community, why, and how firm that is."
    ),
    "why": Answer(
        "why", "why-1", "The chain of rules to the decision, or to a conclusion.", may=("conclusion",)
    ),
    "why-not": Answer(
        "why_not", "why-not-1", "What kept another outcome from being the answer.", needs=("outcome",)
    ),
    "what-if": Answer(
        "what_if",
        "what-if-1",
        "Before and after, with some facts set otherwise: ?set.FACT=VALUE",
        may=("set",),
    ),
    "flip": Answer(
        "flip", "flip-1", "What would have to change, and who could change it.", SLOW, may=("to",)
    ),
    "reasons": Answer(
        "reasons", "reasons-1", "Every smallest set of facts that alone forces the outcome.", SLOW
    ),
    "sensitivity": Answer(
        "sensitivity", "sensitivity-1", "How far each fact may move before the outcome changes.", SLOW
    ),
    "graph": Answer("graph", "graph-1", "The explanation graph.", SLOW),
    "map": Answer("map", "map-1", "Which answer where, when two facts vary.", SLOW, needs=("x", "y")),
}
SCHEMA_NAMES = (*sorted({a.schema for a in ANSWERS.values()}), "problems-1")


async def listed(visit: Visit) -> Response:
    cases = visit.place.folder.listing().values()
    return visit.json(
        {
            "scenarios": [{"name": c.slug, "file": c.name, "sample": c.sample} for c in cases],
            "answers": sorted(ANSWERS),
        }
    )


async def token(visit: Visit) -> Response:
    """What a POST must carry as X-CSRF-Token, together with the cookie that comes with this answer."""
    return visit.json({"token": visit.token})


async def of_stored(visit: Visit) -> Response:
    opened = visit.opened()
    return await answered(visit, opened.text, opened.case.name)


async def of_sent(visit: Visit) -> Response:
    """The answer on a scenario that is sent: {"scenario": text or table}."""
    try:
        sent = json.loads(await visit.request.body())
        scenario = sent["scenario"]
        text = scenario if isinstance(scenario, str) else json.dumps(scenario, ensure_ascii=False)
        text.encode()
    except (
        ValueError,
        KeyError,
        TypeError,
        RuntimeError,
    ):  # RuntimeError: nested too deep, or read as a form
        raise mistake(
            "SV205",
            "body",
            'the body must be {"scenario": ...} in JSON',
            "The scenario may be YAML text or a table.",
        ) from None
    if len(text) > MOST_TEXT:
        raise mistake("SV104", SENT, "the scenario is too long", f"At most {MOST_TEXT:,} characters.")
    return await answered(visit, text, SENT)


async def answered(visit: Visit, text: str, file: str) -> Response:
    name = visit.request.path_params["question"]
    asked = ANSWERS.get(name)
    if asked is None:
        return visit.json({"error": f"There is no answer of this name. There are: {', '.join(ANSWERS)}"}, 404)
    query = visit.request.query_params
    given: dict[str, Any] = {n: query[n][:200] for n in (*asked.needs, *asked.may) if n in query}
    if missing := [n for n in asked.needs if n not in given]:
        raise mistake("SV205", name, f"it is not said which {missing[0]}", f"Add ?{missing[0]}=...")
    if "set" in asked.may:
        settings = {n.removeprefix("set."): v[:100] for n, v in query.multi_items() if n.startswith("set.")}
        if not settings:
            raise mistake(
                "SV205", name, "nothing is set", "Add ?set.FACT=VALUE, for example ?set.contribution=40"
            )
        given = {"settings": settings}
    return visit.json(await visit.work(f"api:{asked.job}", lane=asked.lane, text=text, file=file, **given))


# --- the description ----------------------------------------------------------------------------------------------
async def description(visit: Visit) -> Response:
    return visit.json(openapi())


@lru_cache(maxsize=1)
def openapi() -> dict[str, Any]:
    """The API as OpenAPI 3.1 describes one; the schemas are those of docs/schemas."""
    schemas: dict[str, Any] = json.loads(SCHEMAS.read_text("utf-8"))
    paths: dict[str, Any] = {
        "/api/token": {
            "get": _operation("token", "What a POST must carry as X-CSRF-Token, with the cookie.", [], None)
        },
        "/api/scenarios": {
            "get": _operation("scenarios", "The scenarios of the folder, and the samples.", [], None)
        },
    }
    for name, one in ANSWERS.items():
        asked = [
            _parameter(n, "query", n in one.needs) for n in (*one.needs, *(m for m in one.may if m != "set"))
        ]
        if "set" in one.may:
            asked.append(
                {
                    **_parameter("set", "query", True),
                    "style": "form",
                    "explode": True,
                    "schema": {"type": "object", "additionalProperties": {"type": "string"}},
                    "description": "Facts set otherwise, each written set.FACT=VALUE.",
                }
            )
        stored = [_parameter("slug", "path", True), *asked]
        paths[f"/api/scenarios/{{slug}}/{name}"] = {
            "get": _operation(f"{one.job}_of_stored", one.says, stored, one.schema)
        }
        sent = _operation(
            f"{one.job}_of_sent", one.says, [*asked, _parameter("X-CSRF-Token", "header", True)], one.schema
        )
        sent["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": {"type": "object", "required": ["scenario"], "properties": {
                "scenario": {"description": "A scenario as YAML text, or as a table.", "type": ["string", "object"]}}}}},
        }  # fmt: skip
        paths[f"/api/{name}"] = {"post": sent}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "sharedvalue",
            "version": "1",
            "description": "The same JSON as the commands print with --json.",
        },
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(name: str, says: str, parameters: list[dict[str, Any]], schema: str | None) -> dict[str, Any]:
    answer: dict[str, Any] = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    problems = {"$ref": "#/components/schemas/problems-1"}
    return {
        "operationId": name,
        "summary": says,
        "parameters": parameters,
        "responses": {
            "200": {"description": "The answer.", "content": {JSON: {"schema": answer}}},
            "422": {
                "description": "What is wrong with the scenario or the question.",
                "content": {JSON: {"schema": problems}},
            },
            "503": {"description": "The budget ran out, or too many are asking. Nothing was changed."},
        },
    }


def _parameter(name: str, where: str, required: bool) -> dict[str, Any]:
    return {"name": name, "in": where, "required": required, "schema": {"type": "string"}}


ROOM = Room(
    "api",
    later("API"),
    "/api/openapi.json",
    (
        shows("/api/openapi.json", description),
        shows("/api/token", token, needs=""),
        shows("/api/scenarios", listed),
        shows("/api/scenarios/{slug}/{question}", of_stored),
        acts("/api/{question}", of_sent, needs="read"),
    ),
    shown=False,
)
