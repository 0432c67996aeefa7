"""The API: the same JSON as the commands, valid by their schemas, described so that a stock client can use it."""

from __future__ import annotations

import json
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from sharedvalue.web.rooms import api
from tests.cli.calling import call
from tests.schemas import fits
from tests.web.serving import SCENARIOS, Served
from tools.api_schemas import gathered

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
QUESTIONS = {
    "decide": ("decide", [], ""),
    "why": ("why", [], ""),
    "why-not": ("why-not", ["KEEP_COURSE"], "?outcome=KEEP_COURSE"),
    "what-if": ("what-if", ["--set", "contribution=80"], "?set.contribution=80"),
    "flip": ("flip", [], ""),
    "sensitivity": ("sensitivity", [], ""),
    "reasons": ("reasons", [], ""),
}


class Stock:
    """Nothing but the standard library: a cookie jar and the token that the API hands out."""

    def __init__(self, page: Served) -> None:
        self.url = page.url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.opener.open(page.entry, timeout=60).close()

    def get(self, path: str) -> Any:
        with self.opener.open(self.url + path, timeout=60) as found:
            return json.loads(found.read())

    def post(self, path: str, body: object) -> Any:
        headers = {"Content-Type": "application/json", "X-CSRF-Token": self.get("/api/token")["token"]}
        asked = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)
        with self.opener.open(asked, timeout=60) as found:
            return json.loads(found.read())


def without_file(answer: Any) -> Any:
    return {name: value for name, value in answer.items() if name not in ("file", "seconds")}


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_stock_client_gets_what_the_command_prints(page: Served, name: str) -> None:
    command, options, query = QUESTIONS[name]
    path = SCENARIOS / "neophytes-and-experts.yaml"
    printed = json.loads(call(command, str(path), *options, "--json").out)
    client = Stock(page)
    stored = client.get(f"/api/scenarios/neophytes-and-experts/{name}{query}")
    sent = client.post(f"/api/{name}{query}", {"scenario": path.read_text("utf-8")})
    assert without_file(stored) == without_file(printed)
    assert without_file(sent) == without_file(printed)
    described = client.get("/api/openapi.json")["paths"][f"/api/{name}"]["post"]["responses"]["200"]
    schema = described["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    if (SCHEMAS / f"{schema}.json").is_file():
        fits(stored, schema)


def test_the_description_fits_what_there_is(page: Served) -> None:
    client = Stock(page)
    found = client.get("/api/openapi.json")
    assert found["openapi"].startswith("3.1")
    names = [op["operationId"] for path in found["paths"].values() for op in path.values()]
    assert len(names) == len(set(names))
    for path, operations in found["paths"].items():
        if path.startswith("/api/scenarios/{slug}"):
            query = {
                "why-not": "?outcome=NOT_YET",
                "what-if": "?set.contribution=10",
                "map": "?x=contribution&y=overlap_short",
            }
            client.get(
                path.replace("{slug}", "neophytes-and-experts") + query.get(path.rpartition("/")[2], "")
            )
        for operation in operations.values():
            for answer in operation["responses"].values():
                for content in answer.get("content", {}).values():
                    ref = content["schema"].get("$ref")
                    assert ref is None or ref.rpartition("/")[2] in found["components"]["schemas"]


def test_the_schemas_that_are_shipped_are_those_of_the_documentation() -> None:
    assert api.SCHEMAS.read_text("utf-8") == gathered(), "run python -m tools.api_schemas"
    assert api.SCHEMAS.parent.name == "web"  # and so in the wheel


def test_a_scenario_may_be_sent_as_a_table(page: Served) -> None:
    found = Stock(page).post("/api/decide", {"scenario": {"scenario": 1, "facts": {"has_sponsor": False}}})
    assert found["schema"] == "sharedvalue/decision/1"


def test_a_form_is_no_question(page: Served) -> None:
    client = page.client()
    found = client.post("/api/decide", {"scenario": "scenario: 1"})
    assert found.status == 422
    assert found.json["problems"][0]["code"] == "SV205"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b'{"scenario": 5}', b'{"scenario": null}', b'{"scenario": "x: ["}',
                                  b'{"scenario": "\\ud800"}', b"[" * 5000, b'{"scenario": "' + b"a" * 300_000 + b'"}'])  # fmt: skip
def test_what_cannot_be_read_is_told_with_a_code(page: Served, body: bytes) -> None:
    client = page.client()
    found = client.send(
        "POST", "/api/decide", body, {"X-CSRF-Token": client.token(), "Content-Type": "application/json"}
    )
    assert found.status == 422
    assert found.json["schema"] == "sharedvalue/problems/1"
    assert found.json["problems"][0]["code"].startswith("SV")


def test_without_a_token_nothing_is_answered(page: Served) -> None:
    found = page.client().send(
        "POST", "/api/decide", b'{"scenario": "x"}', {"Content-Type": "application/json"}
    )
    assert found.status == 403
    assert "token" in found.json["error"]


def test_other_questions_are_not_there(page: Served) -> None:
    assert page.client().get("/api/scenarios/silent-drift/nope").status == 404
    assert page.client().get("/api/scenarios/nope/decide").status == 404
