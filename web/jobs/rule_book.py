"""The rule book for people to read, and what a change of one threshold would do before it is made."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario_writer import quoted
from sharedvalue.engine.language.source import parse, plain
from sharedvalue.engine.language.texts import parts
from sharedvalue.engine.language.thresholds import Threshold
from sharedvalue.engine.language.types import say
from sharedvalue.engine.telling.conditions import flat, said
from sharedvalue.web.jobs import case

Json = dict[str, Any]
MOST_WHY = 1000
SLOT = re.compile(r"\{([a-z_]+)[^}]*\}")  # in the words of a rule: what the case says stands here


def contents(house: tuple[str, ...], stamp: str) -> Json:
    """Chapters with their rules, and the house changes in force."""
    book = case.book(house, stamp)
    return {
        "version": book.version,
        "date": str(book.date),
        "hash": book.hash,
        "chapters": [
            {
                "letter": letter,
                "title": chapter.title,
                "about": chapter.about,
                "rules": [{"id": r.id, "title": r.title} for r in book.rules.values() if r.chapter == letter],
            }
            for letter, chapter in book.chapters.items()
        ],
        "changes": [{"name": c.name, "what": c.what, "because": c.because} for c in book.house_changes],
        "credit": book.article.attribution,
    }


def rule(name: str, house: tuple[str, ...], stamp: str) -> Json:
    """One rule: what it asks, what follows, and what it rests on."""
    book = case.book(house, stamp)
    found = book.rules.get(name)
    if found is None:
        raise mistake("SV209", name, "the rule book has no rule of this name", "See the list of rules.")
    return {
        "id": found.id,
        "title": found.title,
        "about": found.about,
        "chapter": book.chapters[found.chapter].title,
        "kind": list(found.kind),
        "blocks": [
            {
                "part": "" if block.part.isdigit() else block.part.replace("_", " "),
                "when": str(block.when) if block.when is not None else "",
                "unless": str(block.unless) if block.unless is not None else "",
                "asks": asdict(said(block.when.node, book, dict(block.records)))
                if block.when is not None
                else None,
                "but_not": asdict(said(block.unless.node, book, dict(block.records)))
                if block.unless is not None
                else None,
                "concludes": [c.name for c in block.concludes],
                "outcome": book.outcomes.outcomes[block.outcome].title if block.outcome else "",
                "because": _slotted(book, block.because.value, dict(block.records)),
            }
            for block in found.blocks
        ],
        "claims": [_claim(book, c) for c in found.cites if c in book.claims],
        "credit": book.article.attribution,
        "sources": [
            {"id": s, "cite": book.sources[s].cite, "url": book.sources[s].url}
            for s in found.sources
            if s in book.sources
        ],
        "thresholds": [
            {
                "name": t.name,
                "title": t.title,
                "value": str(t),
                "house": t.basis == "house",
                "because": t.because,
            }
            for t in book.thresholds.values()
            if any(re.search(rf"\b{t.name}\b", f"{block.when} {block.unless}") for block in found.blocks)
        ],
    }


def _slotted(book: RuleBook, text: str, records: dict[str, str]) -> list[Json]:
    """The words of a rule in pieces; a `slot` is filled with what the case says."""
    found: list[Json] = []
    for condition, part in parts(text):
        if condition is not None:
            found.append({"text": f" ({flat(condition.node, book, records)}: ", "slot": False})
        found += [
            {"text": piece.replace("_", " "), "slot": number % 2 == 1}
            for number, piece in enumerate(SLOT.split(part))
            if piece
        ]
        if condition is not None:
            found.append({"text": ") ", "slot": False})
    return found


def _claim(book: RuleBook, name: str) -> Json:
    claim = book.claims[name]
    return {"id": name, "quote": claim.quote, "says": claim.says, "modality": claim.modality}


def claims(house: tuple[str, ...], stamp: str) -> Json:
    """Every claim of the article with its words, and the rules that cite it."""
    book = case.book(house, stamp)
    return {
        "claims": [
            {**_claim(book, name), "rules": [r.id for r in book.rules.values() if name in r.cites]}
            for name in book.claims
        ],
        "credit": book.article.attribution,
    }


def thresholds(house: tuple[str, ...], stamp: str) -> list[Json]:
    """Every threshold with its value, its reason and what it rests on."""
    book, shipped = case.book(house, stamp), case.book((), "")
    return [_threshold(t, shipped.thresholds.get(name)) for name, t in book.thresholds.items()]


def _threshold(one: Threshold, shipped: Threshold | None) -> Json:
    return {
        "name": one.name,
        "title": one.title,
        "value": str(one),
        "low": say(one.type.lo, one.type),
        "high": say(one.type.hi, one.type),
        "unit": one.type.unit,
        "basis": one.basis,
        "sources": list(one.sources),
        "because": one.house_change or one.because,
        "changed": bool(one.house_change),
        "shipped": str(shipped) if shipped is not None else "",
        "since": one.since,
    }


# --- a change, before it is made -----------------------------------------------------------------------------------
def changed_text(text: str, name: str, value: str, why: str) -> str:
    """The house file with one threshold changed; without a value, as the rule book has it."""
    tree: Any = plain(parse(text, "house rules")) if text.strip() else {}
    kept = tree.get("thresholds", {}) if isinstance(tree, dict) else None
    if not isinstance(kept, dict) or set(tree) - {"thresholds"}:
        raise mistake(
            "SV242",
            "house rules",
            "this file was written by hand, and the page leaves it as it is",
            "Edit it yourself.",
        )
    kept = {n: dict(v) for n, v in kept.items()}
    kept.pop(name, None)
    if value:
        if not why.strip():
            raise mistake(
                "SV205", name, "a change needs its why", "Say what makes this line right for your house."
            )
        kept[name] = {"value": value, "because": " ".join(why.split())[:MOST_WHY]}
    lines = ["# House rules, written on the page. Each line in the sand has its why.", "thresholds:"]
    lines += [
        f"  {n}: {{value: {v['value']}, because: {quoted(str(v['because']))}}}" for n, v in kept.items()
    ]
    return "\n".join(lines) + "\n" if kept else ""


def written(text: str, name: str, value: str, why: str, house: tuple[str, ...], stamp: str) -> str:
    """The new text of the house file.

    Raises:
        UserError: SV209 for an unknown threshold, SV205 for what is no number or has no reason.
    """
    book = case.book(house, stamp)
    if name not in book.thresholds:
        raise mistake(
            "SV209", name, "the rule book has no threshold of this name", "See the list of thresholds."
        )
    said = " ".join(value.split()).replace(",", ".")
    if said and not said.lstrip("-").replace(".", "", 1).isdigit():
        raise mistake("SV205", name, f"'{said[:40]}' is no number", "Write it in digits.")
    return changed_text(text, name, said, why)


def preview(
    folder: str, given: tuple[str, ...], files: list[tuple[str, str, str]], house: tuple[str, ...], stamp: str
) -> Json:
    """What the house rules of `folder` (a draft) would do: the mistakes in them, or the scenarios decided differently."""
    from sharedvalue.engine.telling.phrases import Phrases

    old, new = case.book(house, stamp), load((*given, folder) if any(Path(folder).glob("*.yaml")) else given)
    differ, agree = [], 0
    for slug, file, text in files:
        before, after = _decided(old, text, file), _decided(new, text, file)
        if before is None or after is None:
            continue
        if before == after:
            agree += 1
        else:
            told = (Phrases(case.advice(book, text, file)).headline() for book in (old, new))
            differ.append({"slug": slug, "title": before[0], "before": next(told), "after": next(told)})
    return {
        "changes": [{"name": c.name, "what": c.what, "because": c.because} for c in new.house_changes],
        "differ": differ,
        "agree": agree,
    }


def _decided(book: RuleBook, text: str, file: str) -> tuple[object, ...] | None:
    """What counts as the decision of a scenario; None where it cannot be decided. The title comes first."""
    try:
        d = case.decision(book, text, file)
    except UserError:
        return None
    return d.worlds.scenario.title or file, d.outcome, d.modes, d.open_modes, d.status, d.kept, d.certain


def proofs(folder: str, given: tuple[str, ...], budget: float, house: tuple[str, ...], stamp: str) -> Json:
    """What is proven of the rule book with a draft of house rules."""
    del house, stamp
    from sharedvalue.engine.questions.audit import audit

    found = audit(load((*given, folder) if any(Path(folder).glob("*.yaml")) else given), budget)
    return {
        "total": found.total,
        "open": list(found.open_shapes),
        "holes": [
            f"{shape}: {', '.join(f'{n} {v}' for n, v in world.items())}"
            for shape, world in found.holes.items()
        ],
        "clashes": [" and ".join(pair) for pair in found.clashes],
        "never_fire": [never.name for never in found.never_fire],
        "never_decide": [never.name for never in found.never_decide],
        "unsettled": list(found.unsettled),
        "seconds": found.seconds,
    }
