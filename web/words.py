"""The words of the page: templates, and texts for translation kept apart in web/locale (gettext catalogs of Babel).

The English is in the templates; a catalog of another language is compiled when the page starts.
"""

from __future__ import annotations

import gettext
import hashlib
import io
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

HERE = Path(__file__).parent
DOMAIN = "sharedvalue"


def later(text: str) -> str:
    """Marks a text for translation that is translated where it is shown."""
    return text


@lru_cache(maxsize=64)
def stamp(name: str) -> str:
    """A file of static/ with its fingerprint, so that a browser keeps it until it changes."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{digest}"


@lru_cache(maxsize=16)
def translations(locale: str) -> gettext.NullTranslations:
    """The texts of a locale; English where it has none."""
    source = HERE / "locale" / locale / "LC_MESSAGES" / f"{DOMAIN}.po"
    if locale == "en" or locale not in locales():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with source.open("rb") as catalog:
        write_mo(compiled, read_po(catalog, locale=locale))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@lru_cache(maxsize=1)
def locales() -> tuple[str, ...]:
    return tuple(sorted(path.name for path in (HERE / "locale").iterdir() if path.is_dir()))


def wanted(accepted: str) -> str:
    """The locale that a browser asks for, of those there are."""
    for part in accepted.split(","):
        name = part.split(";")[0].strip().replace("-", "_")
        for locale in (name, name.split("_")[0]):
            if locale in locales():
                return locale
    return "en"


@lru_cache(maxsize=16)
def templates(locale: str) -> Environment:
    """All values are escaped wherever they stand; a name that is not given is a mistake, never an empty text."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.install_gettext_translations(translations(locale), newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    found.globals["static"] = stamp
    found.filters["anchor"] = anchor
    found.policies["ext.i18n.trimmed"] = True
    return found


def anchor(name: str) -> str:
    """A name as part of an id: segments[0].overlap holds signs that a selector reads otherwise."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)


def rendered(template: str, locale: str, values: dict[str, Any]) -> str:
    text = templates(locale).get_template(template).render(lang=locale, **values)
    return text.replace(" -&gt; ", " → ")  # as the commands write it, an arrow would break over two lines
