"""The published schemas, each checked and made once: what is printed is held against them hundreds of times."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).resolve().parents[1] / "docs" / "schemas"


@cache
def _validator(name: str) -> Any:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def fits(printed: Any, name: str | None = None) -> None:
    """Raises where JSON does not fit the schema that it names itself, or that is named (as sharedvalue/decide/1 or decide-1)."""
    named: str = name or printed["schema"]
    _validator(named.removeprefix("sharedvalue/").replace("/", "-")).validate(printed)
