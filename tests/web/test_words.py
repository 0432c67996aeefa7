"""Texts for translation: all of them are listed, and another language takes their place where it has them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from sharedvalue.web import words
from tests.web.serving import Client

WEB = Path(words.__file__).parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "words": None, "later": None}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


def found_in_code() -> set[str]:
    options = {"**/templates/**.html": {"newstyle_gettext": "true", "trimmed": "true", "encoding": "utf-8"}}
    told = extract_from_dir(WEB, METHODS, options, keywords=KEYWORDS)
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in told}


def test_every_text_of_the_page_is_listed_for_translation() -> None:
    with (WEB / "locale" / "sharedvalue.pot").open("rb") as file:
        listed = {m.id[0] if isinstance(m.id, tuple) else m.id for m in read_po(file) if m.id}
    assert found_in_code() == listed
    with (WEB / "locale" / "en" / "LC_MESSAGES" / "sharedvalue.po").open("rb") as file:
        assert {m.id[0] if isinstance(m.id, tuple) else m.id for m in read_po(file) if m.id} == listed


def test_another_language_takes_the_place_of_the_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    for name in ("templates", "static", "locale"):
        shutil.copytree(WEB / name, tmp_path / name)
    catalog = tmp_path / "locale" / "de" / "LC_MESSAGES" / "sharedvalue.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Start"\nmsgstr "Anfang"\n',
        "utf-8",
    )
    monkeypatch.setattr(words, "HERE", tmp_path)
    for cached in (words.locales, words.translations, words.templates):
        cached.cache_clear()
    try:
        assert words.wanted("fr, de-AT;q=0.8") == "de"
        assert words.wanted("fr") == "en"
        assert words.translations("de").gettext("Start") == "Anfang"
        assert "Anfang" in client.get("/", Accept_Language="de").text
        assert "What should become of a community?" in client.get("/", Accept_Language="de").text
    finally:
        for cached in (words.locales, words.translations, words.templates):
            cached.cache_clear()
