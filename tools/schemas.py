"""The JSON Schemas of scenario files and rule book files, from the vocabulary: `python -m tools.schemas`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sharedvalue.engine.language.facts import GROUPS, OWNERS
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.rules import EFFECTS, KINDS, MODALITIES
from sharedvalue.engine.language.thresholds import BASES
from sharedvalue.engine.language.types import (
    ChoiceType,
    FactType,
    MapType,
    NumberType,
    RecordsType,
    TextType,
    YesNo,
)

ROOT = Path(__file__).resolve().parents[1]
Json = dict[str, object]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXTS: Json = {"type": ["string", "array"], "items": {"type": "string"}}
TEXT: Json = {"type": "string"}


def plain(kind: FactType | MapType) -> Json:
    """A known value of a type."""
    if isinstance(kind, NumberType):
        number: Json = {"type": "number", "minimum": kind.lo / kind.scale, "maximum": kind.hi / kind.scale}
        return {"anyOf": [number, {"enum": [word.name for word in kind.words]}]} if kind.words else number
    if isinstance(kind, YesNo):
        return {"type": "boolean"}
    return {"enum": list(kind.options)} if isinstance(kind, ChoiceType) else TEXT


def value(kind: FactType | MapType) -> Json:
    """What a scenario may say of a value: known, unknown, a range, some values, or one with a confidence."""
    if isinstance(kind, RecordsType):
        fields = {spec.name: value(spec.type) for spec in kind.fields}
        record = {"type": "object", "properties": fields, "additionalProperties": False}
        return {"anyOf": [{"type": "array", "items": record}, {"const": "unknown"}]}
    if isinstance(kind, MapType):
        any_of: Json = {"type": ["number", "boolean", "string"]}
        listed: Json = {"type": "array", "items": TEXT}
        return {"anyOf": [any_of, {"type": "object", "additionalProperties": any_of}, listed]}
    if isinstance(kind, TextType):
        return TEXT
    one, several = plain(kind), {"type": "array", "items": plain(kind), "minItems": 1}
    confidence: Json = {"enum": ["low", "medium", "high"]}
    forms: list[Json] = [
        one,
        {"type": ["string", "null"], "enum": ["unknown", None]},
        {"type": "object", "required": ["value"], "additionalProperties": False,
         "properties": {"value": {"anyOf": [one, {"const": "unknown"}]}, "confidence": confidence}},
        {"type": "object", "required": ["one_of"], "additionalProperties": False,
         "properties": {"one_of": several, "confidence": confidence}},
    ]  # fmt: skip
    if isinstance(kind, NumberType) and kind.words:
        word = {"enum": [word.name for word in kind.words]}
        forms.append({"type": "object", "required": ["word"], "additionalProperties": False,
                      "properties": {"word": word, "confidence": confidence}})  # fmt: skip
    if isinstance(kind, NumberType):
        ends = {"type": "array", "items": one, "minItems": 2, "maxItems": 2}
        forms.append({"type": "object", "required": ["between"], "additionalProperties": False,
                      "properties": {"between": ends, "confidence": confidence}})  # fmt: skip
    return {"anyOf": forms}


def scenario_schema(book: RuleBook) -> Json:
    """A scenario file."""
    facts = {
        f.name: {"title": f.title, "description": f.how, **value(f.type)}
        for f in book.facts.values()
        if not f.top_level
    }
    top = {f.name: value(f.type) for f in book.facts.values() if f.top_level}
    required = [f.name for f in book.facts.values() if f.required]
    modes: Json = {"type": "array", "items": {"enum": list(book.outcomes.modes)}}
    courses = [
        *book.outcome_names,
        *(f"{o}.{m.name}" for m in book.outcomes.modes.values() for o in m.outcomes),
    ]
    amount: Json = {"anyOf": [TEXT, {
        "type": "object", "required": ["amount", "unit", "basis", "date"], "additionalProperties": False,
        "properties": {"amount": {"type": "number", "minimum": 0}, "unit": TEXT, "basis": TEXT, "date": {**TEXT, "format": "date"}},
    }]}  # fmt: skip
    costs: Json = {"anyOf": [TEXT, {"type": "object", "properties": {"cost": amount, "effort": amount}, "additionalProperties": False}]}  # fmt: skip
    expect: Json = {"type": "object", "required": ["outcome"], "additionalProperties": False,
                    "properties": {"outcome": {"enum": list(book.outcome_names)}, "modes": modes}}  # fmt: skip
    return {
        "$schema": DRAFT, "$id": "https://sharedvalue.invalid/schemas/scenario-1.json", "title": "A scenario file, format 1",
        "type": "object", "required": ["scenario", "facts"], "additionalProperties": False,
        "properties": {
            "scenario": {"const": 1}, "as_of": {**TEXT, "format": "date"}, "title": TEXT, "story": TEXT, "source": TEXT,
            "facts": {"type": "object", "properties": facts, "required": required, "additionalProperties": False},
            "costs": {"type": "object", "properties": dict.fromkeys(courses, costs), "additionalProperties": False},
            "expect": expect, **top,
        },
    }  # fmt: skip


def block_properties() -> Json:
    conditional = {"anyOf": [TEXTS, {"type": "array", "items": {"type": ["string", "object"]}}]}
    effect = {
        "type": "object",
        "properties": {name: {} for name in (*EFFECTS, "fact")},
        "additionalProperties": False,
    }
    kind = {"enum": list(KINDS)}
    return {
        "kind": {"anyOf": [kind, {"type": "array", "items": kind}]},
        "for": {"type": "object", "additionalProperties": TEXT}, "when": {"type": ["string", "boolean"]}, "unless": TEXT,
        "conclude": TEXTS, "because": TEXT, "line": TEXT, "otherwise": TEXT, "modality": {"enum": list(MODALITIES)},
        "advise": conditional, "warn": conditional, "effect": {"anyOf": [effect, {"type": "array", "items": effect}]},
        "outcome": TEXT, "place": {"type": "integer"}, "modes": conditional, "name": TEXT,
    }  # fmt: skip


def rulebook_schema() -> Json:
    """Any file of a rule book, or of a house overlay."""
    block = {"type": "object", "properties": block_properties(), "additionalProperties": False}
    blocks = {"anyOf": [{"type": "array", "items": block}, {"type": "object", "additionalProperties": block}]}
    rule = {
        "type": "object", "required": ["title", "kind"], "additionalProperties": False,
        "properties": {
            **block_properties(), "chapter": TEXT, "title": TEXT,
            "cites": TEXTS, "sources": TEXTS, "about": TEXT, "why": TEXT, "stage": {"enum": ["evidence", "world", "decision"]},
            "cases": blocks, "parts": blocks, "branches": blocks,
        },
    }  # fmt: skip
    threshold = {"type": "object", "required": ["because"], "properties": {"basis": {"enum": list(BASES)}}}
    fact = {"type": "object", "required": ["title", "type", "how", "group"],
            "properties": {"group": {"enum": list(GROUPS)}, "owner": {"enum": list(OWNERS)}}}  # fmt: skip
    return {
        "$schema": DRAFT, "$id": "https://sharedvalue.invalid/schemas/rulebook-1.json",
        "title": "A file of a rule book, or of a house overlay", "type": "object",
        "properties": {
            "rules": {"type": "object", "additionalProperties": rule},
            "thresholds": {"type": "object", "additionalProperties": threshold},
            "facts": {"type": "object", "additionalProperties": fact},
            "off": {"type": "object", "additionalProperties": TEXT},
        },
    }  # fmt: skip


def pages() -> dict[Path, str]:
    """Each generated schema file with its text."""
    folder = ROOT / "docs" / "schemas"
    found = {"scenario-1.json": scenario_schema(load()), "rulebook-1.json": rulebook_schema()}
    return {
        folder / name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in found.items()
    }


def main() -> int:
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
