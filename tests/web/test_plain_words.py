"""No identifier, rule expression or flag of a command in any room: what a leader reads is words."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from sharedvalue.engine.language.loading import load
from tests.web.serving import Served

CASES = ("neophytes-and-experts", "silent-drift", "no-sponsor-at-all")
VIEWS = ("questions", "questions/next", "questions/contribution", "questions/segments", "questions/needs", "questions/sponsors",
         "questions/end", "decision?whole=1", "decision/chain", "decision/picture", "decision/changes", "decision/borders",
         "decision/reasons?whole=1", "decision/why-not/keep_course", "decision/why-not/shift_focus",
         "decision/why-not/restrict_membership", "decision/why-not/not_yet", "decision/why-not/no_viable_course", "what-if",
         "what-if?f.contribution=80&f.sponsor_stance=negotiable", "what-if/map?whole=1", "evidence", "record")  # fmt: skip
ROOMS = ("/?whole=1", "/compare?one=silent-drift&other=neophytes-and-experts",
         "/records", "/records/due", "/records/check", "/practice", "/practice/group", "/rules", "/rules/thresholds",
         "/rules/claims", "/nope")  # fmt: skip
UNDERSCORE = re.compile(r"\b\w*[a-z0-9]_[a-z0-9]\w*", re.IGNORECASE)
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
EXPRESSION = re.compile(r"[\w)\]]\s*(?:==|!=|<=|>=)\s*[\w('\"]|\bin \[")


class Words(HTMLParser):
    """The text of a page, with what a screen reader hears; without what somebody asked for: the text of a rule or a file."""

    SILENT = ("script", "style", "head")

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.text = 0, list[str]()
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        silent = tag in self.SILENT or "asked-for" in (values.get("class") or "").split()
        if tag not in ("input", "br", "meta", "link", "hr", "img", "path", "rect", "circle"):
            self.open.append((tag, silent))
            self.depth += silent
        if not self.depth:
            self.text += [v for n in ("aria-label", "title", "placeholder") if (v := values.get(n))]

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            name, silent = self.open.pop()
            self.depth -= silent
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.text.append(data)


def spoken(html: str) -> str:
    reader = Words()
    reader.feed(html)
    return " ".join(" ".join(reader.text).split())


def offences(text: str) -> list[str]:
    return sorted({m.group() for one in (UNDERSCORE, FLAG, EXPRESSION) for m in one.finditer(text)})


def test_the_test_finds_what_it_looks_for() -> None:
    assert offences("the sponsor_stance is --set FACT, a >= b, x in [1], half-way -- and 3 < 4") == [
        "--set", "a >= b", "in [", "sponsor_stance"]  # fmt: skip
    assert spoken('<p title="a_b">x</p><pre class="asked-for">y_z</pre><b>w</b>') == "a_b x w"


@pytest.mark.parametrize("case", CASES)
def test_no_room_of_a_case_speaks_in_names_of_the_rule_book(page: Served, case: str) -> None:
    client, found = page.client(), dict[str, list[str]]()
    for view in VIEWS:
        answer = client.get(f"/s/{case}/{view}")
        assert answer.status in (200, 303), view
        if wrong := offences(spoken(answer.text)):
            found[view] = wrong
    assert not found, "\n".join(f"{path}: {', '.join(wrong)}" for path, wrong in found.items())


def test_no_other_room_does(page: Served) -> None:
    client, found = page.client(), dict[str, list[str]]()
    for path in (*ROOMS, *(f"/rules/{rule}" for rule in load().rules)):
        answer = client.get(path)
        assert answer.status in (200, 303, 404), path
        if wrong := offences(spoken(answer.text)):
            found[path] = wrong
    assert not found, "\n".join(f"{path}: {', '.join(wrong)}" for path, wrong in found.items())
