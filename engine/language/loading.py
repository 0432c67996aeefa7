"""YAML and house overlays become one checked, frozen, hashed RuleBook. Nothing in it is ever run as code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

from sharedvalue.engine.errors import Place, Problems, UserError, did_you_mean, mistake
from sharedvalue.engine.kept import Kept
from sharedvalue.engine.language import kept_books
from sharedvalue.engine.language.check import check, check_off
from sharedvalue.engine.language.facts import Fact, read_asking, read_fact
from sharedvalue.engine.language.library import (
    Article,
    read_advice,
    read_article,
    read_claims,
    read_sources,
)
from sharedvalue.engine.language.measures import (
    Measure,
    read_measure,
    read_provided,
    read_words,
)
from sharedvalue.engine.language.outcomes import read_outcomes
from sharedvalue.engine.language.placing import in_order
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.rulebook import (
    EXPORTS,
    Absent,
    Chapter,
    Constraint,
    HouseChange,
    RuleBook,
    default_folder,
)
from sharedvalue.engine.language.rules import Rule, expression, read_rule
from sharedvalue.engine.language.source import Items, Node, Table, Text, parse, plain, read_file
from sharedvalue.engine.language.thresholds import Threshold, changed, read_threshold
from sharedvalue.engine.language.types import NumberType
from sharedvalue.engine.language.word_scales import Scale, in_words, read_scale

CHAPTERS = ("evidence", "members", "sponsor", "overlap", "drift", "viability", "decision")
VOCABULARY = (
    "book",
    "facts",
    "thresholds",
    "measures",
    "constraints",
    "outcomes",
    "actions",
    "risks",
    "claims",
    "sources",
)
MAX_OVERLAY_FILES = 100
MAX_OVERLAY_ENTRIES = 10_000  # looked at for YAML files
MAX_OVERLAY_BYTES = 1_000_000  # of all of them together
MAX_RULES = 1000
HARMLESS = ("SV304", "SV305")  # a book with such mistakes can still be checked for others


def load(overlays: Sequence[Path | str] = (), folder: Path | None = None) -> RuleBook:
    """The rule book of a folder with house overlays laid over it, in order.

    Raises:
        UserError: every mistake that can be found without facts, all at once.
    """
    folder, houses = folder or default_folder(), [Path(path) for path in overlays]
    key = kept_books.key_of(folder, houses)
    if key is not None and (kept := kept_books.find(key)) is not None:
        return kept
    book, off, problems = _read(folder, houses)
    try:
        check_off(book, off)
        check(book)  # not reached when a rule is missing: what it leaves behind is one mistake, not many
    except UserError as error:
        problems.extend(error)
    problems.stop_if_any()
    if key is not None:
        kept_books.keep(key, book)
    return book


@dataclass
class _Draft:
    problems: Problems = field(default_factory=Problems)
    trees: dict[str, object] = field(default_factory=dict)
    levels: tuple[str, ...] = ()
    chapters: dict[str, Chapter] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    thresholds: dict[str, Threshold] = field(default_factory=dict)
    word_scales: dict[str, Scale] = field(default_factory=dict)
    changes: list[HouseChange] = field(default_factory=list)
    off: dict[str, tuple[Rule, Place]] = field(default_factory=dict)


# files of the book itself: houses change, it stays
_read_before: Kept[Node] = Kept(2 * len((*VOCABULARY, *CHAPTERS)))


def _tree(draft: _Draft, path: Path, what: str, kept: bool = False) -> Reader:
    empty = "Remove it, or write thresholds:, rules: or off: into it."
    try:
        text = read_file(path, empty)
        make = partial(parse, text, str(path), empty)
        node: Node = _read_before.of((str(path), text), make) if kept else make()
        draft.trees[f"{len(draft.trees):03d} {path.name}"] = plain(node)
    except UserError as error:
        draft.problems.extend(error)
        node = Table({}, Place(str(path)))
    return Reader.of(node, draft.problems, what, Place(str(path)))


def _read(
    folder: Path, overlays: Sequence[Path]
) -> tuple[RuleBook, tuple[tuple[Rule, Place], ...], Problems]:
    """The book, not checked; the rules that the house switched off, each with where it did; and mistakes so far."""
    if not folder.is_dir():
        raise mistake(
            "SV101", str(folder), "there is no rule book here", "Reinstall sharedvalue, or give its folder."
        )
    draft = _Draft()
    names = (*VOCABULARY, *CHAPTERS)
    files = {name: _tree(draft, folder / f"{name}.yaml", f"{name}.yaml", kept=True) for name in names}
    draft.problems.stop_if_any()
    problems = draft.problems

    draft.levels = files["facts"].words("level_order")
    levels = draft.levels
    draft.word_scales = {
        n: s for n, r in files["facts"].each("word_scales", "word scale") if (s := read_scale(n, r))
    }
    asking = read_asking(files["facts"].reader("asking"))
    facts = {n: f for n, r in files["facts"].each("facts", "fact") if (f := read_fact(n, r, levels))}
    draft.thresholds = {
        n: t
        for n, r in files["thresholds"].each("thresholds", "threshold")
        if (t := read_threshold(n, r, levels))
    }
    files["thresholds"].node("notes")
    ascending = _ascending(files["thresholds"], draft)
    measures = {
        n: m for n, r in files["measures"].each("measures", "measure") if (m := read_measure(n, r, levels))
    }
    words = {n: read_words(n, r) for n, r in files["measures"].each("words", "words")}
    provided = {
        n: p for n, r in files["measures"].each("provided", "provided") if (p := read_provided(n, r, levels))
    }
    absent: tuple[Absent, ...] = ()
    for name in CHAPTERS:
        chapter = _chapter(files[name], draft, "evidence" if name == "evidence" else "world")
        _rules(files[name], draft, chapter)
        absent += _absent(files[name])
    stated = tuple(
        c for n, r in files["constraints"].each("constraints", "constraint") if (c := _constraint(n, r))
    )
    outcomes = read_outcomes(files["outcomes"])
    actions, risks = (
        read_advice(files["actions"], "actions", "action"),
        read_advice(files["risks"], "risks", "risk"),
    )
    article_reader = files["claims"].reader("article", required=True)
    article = read_article(article_reader) if article_reader else Article("", "", "", "", "")
    claims, sources = read_claims(files["claims"]), read_sources(files["sources"])
    version, title, date = (files["book"].text(key, required=True) for key in ("version", "title", "date"))
    for reader in files.values():
        reader.done()
    for overlay in overlays:
        _overlay(overlay, draft)
        if len(draft.rules) > MAX_RULES:
            raise mistake(
                "SV902",
                str(overlay),
                f"{len(draft.rules):,} rules are more than the {MAX_RULES:,} that are read together",
                "Nobody could survey them; keep those that decide.",
            )
    facts = in_words(facts, draft.word_scales, problems)
    measures = {name: _worded(measure, facts.get(name)) for name, measure in measures.items()}
    draft.rules = in_order(draft.rules, problems)
    if any(problem.code not in HARMLESS for problem in problems.found):
        problems.stop_if_any()
    off = tuple((rule, place) for rule, place in draft.off.values() if rule.id not in draft.rules)
    digest = hashlib.sha256(json.dumps(draft.trees, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    book = RuleBook(
        version,
        title,
        date,
        f"sha256:{digest}",
        levels,
        facts,
        draft.thresholds,
        measures,
        words,
        provided,
        draft.chapters,
        draft.rules,
        tuple(c for c in stated if not c.unlikely),
        outcomes,
        actions,
        risks,
        article,
        claims,
        sources,
        absent,
        tuple(draft.changes),
        (str(folder), *map(str, overlays)),
        draft.word_scales,
        tuple(c for c in stated if c.unlikely),
        ascending,
        asking,
    )
    return book, off, problems


def _worded(measure: Measure, fact: Fact | None) -> Measure:
    """The measure with the words of the fact that may stand in for it."""
    if fact is None or not isinstance(fact.type, NumberType) or not isinstance(measure.type, NumberType):
        return measure
    return replace(measure, type=replace(measure.type, words=fact.type.words))


def _ascending(reader: Reader, draft: _Draft) -> tuple[tuple[str, ...], ...]:
    """The thresholds that may not pass one another, lowest first."""
    found = []
    for node in reader.items("ascending"):
        texts = [
            item for item in (node.items if isinstance(node, Items) else (node,)) if isinstance(item, Text)
        ]
        for text in texts:
            if text.value not in draft.thresholds:
                near = did_you_mean(text.value, draft.thresholds)
                draft.problems.add(
                    "SV310", text.place, f"the rule book has no threshold '{text.value}'", near
                )
        found.append(tuple(text.value for text in texts if text.value in draft.thresholds))
    return tuple(found)


def _chapter(reader: Reader, draft: _Draft, stage: str) -> Chapter:
    below = reader.reader("chapter", required=True)
    assert below is not None
    chapter = Chapter(
        below.text("letter", required=True), below.text("title", required=True), below.text("about"), stage
    )
    below.done()
    draft.chapters[chapter.letter] = chapter
    return chapter


def _rules(reader: Reader, draft: _Draft, chapter: Chapter) -> None:
    for rule_id, below in reader.each("rules", "rule"):
        if rule_id in draft.rules:
            draft.problems.add(
                "SV309",
                reader.key_place(rule_id),
                f"rule {rule_id} stands twice in the rule book",
                f"The other is in {draft.rules[rule_id].place}; give one another id.",
            )
        draft.rules[rule_id] = read_rule(rule_id, below, chapter.letter, chapter.stage)


def _absent(reader: Reader) -> tuple[Absent, ...]:
    found = []
    for node in reader.items("absent"):
        below = Reader.of(node, reader.problems, "an entry of 'absent'", reader.table.place)
        found.append(Absent(below.text("rule", required=True), below.text("why", required=True)))
        below.done()
    return tuple(found)


def _constraint(name: str, reader: Reader) -> Constraint | None:
    loop = reader.reader("for")
    records = tuple((v, loop.text(v)) for v in list(loop.table.entries)) if loop else ()
    key = "unlikely" if reader.has("unlikely") else "never"
    never, because = expression(reader, key), reader.text("because", required=True)
    if never is None and not reader.has(key):
        reader.scalar("never", required=True)
    reader.done()
    if never is None:
        return None
    return Constraint(name, records, never, because, reader.table.place, key == "unlikely")


def _overlay(folder: Path, draft: _Draft) -> None:
    if not folder.is_dir():
        near = (
            did_you_mean(folder.name, (p.name for p in folder.parent.iterdir()))
            if folder.parent.is_dir()
            else ""
        )
        raise mistake(
            "SV101", str(folder), "there is no house rule directory of this name", near or "Check the path."
        )
    paths = sorted(
        p for p in islice(folder.rglob("*"), MAX_OVERLAY_ENTRIES) if p.suffix.lower() in (".yaml", ".yml")
    )
    if not paths:
        raise mistake(
            "SV101",
            str(folder),
            "the house rule directory holds no YAML file",
            "Put thresholds, rules or off in one.",
        )
    if len(paths) > MAX_OVERLAY_FILES:
        raise mistake(
            "SV110", str(folder), f"more than {MAX_OVERLAY_FILES} YAML files", "Is it the right directory?"
        )
    size = sum(path.stat().st_size for path in paths if path.is_file())
    if size > MAX_OVERLAY_BYTES:
        raise mistake(
            "SV110",
            str(folder),
            f"{size:,} bytes of YAML; the limit is {MAX_OVERLAY_BYTES:,}",
            "Is it the right directory?",
        )
    first: dict[
        tuple[str, str], str
    ] = {}  # what a file of this house changes, and which file was the first to
    for path in paths:
        if not _inside(path, folder):
            raise mistake(
                "SV111",
                str(path),
                "this link leads nowhere, or out of the house rule directory",
                "Copy the file into it.",
            )
        if EXPORTS in path.relative_to(folder).parts:
            continue
        before = len(draft.changes)
        _overlay_file(_tree(draft, path, f"the house file {path.name}"), draft, str(path))
        for change in draft.changes[before:]:
            kind = "rule" if change.kind == "off" else change.kind
            other = first.setdefault((kind, change.name), str(path))
            if other != str(path):
                draft.problems.add(
                    "SV309",
                    _place_of(change, draft, path),
                    f"{change.name} is changed in two files of one house",
                    f"The other is {other}; keep one of them.",
                )


def _place_of(change: HouseChange, draft: _Draft, path: Path) -> Place:
    if change.kind == "threshold":
        return draft.thresholds[change.name].place
    if change.kind == "rule" and change.name in draft.rules:
        return draft.rules[change.name].place
    return draft.off[change.name][1] if change.name in draft.off else Place(str(path))


def _inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link that leads nowhere, or in a circle
        return False


def _overlay_file(reader: Reader, draft: _Draft, file: str) -> None:
    problems = draft.problems
    for name, below in reader.each("thresholds", "threshold"):
        old = draft.thresholds.get(name)
        if old is None:
            problems.add(
                "SV310",
                reader.reader("thresholds").key_place(name),  # type: ignore[union-attr]  # each() found it
                f"the rule book has no threshold '{name}'",
                did_you_mean(name, draft.thresholds) or "See: sharedvalue rules list --thresholds",
            )
            continue
        draft.thresholds[name] = new = changed(old, below)
        draft.changes.append(HouseChange("threshold", name, f"{old} -> {new}", new.house_change, file))
    for name, below in reader.each("word_scales", "word scale"):
        known = draft.word_scales.get(name)
        if known is None:
            problems.add(
                "SV310",
                below.table.place,
                f"the rule book has no words '{name}'",
                did_you_mean(name, draft.word_scales) or f"Known: {', '.join(draft.word_scales)}.",
            )
        elif (scale := read_scale(name, below)) is not None:
            if not scale.house_change:
                problems.add(
                    "SV303",
                    below.table.place,
                    f"{below.what} has no 'because'",
                    "Say why the house changes it.",
                )
            draft.word_scales[name] = scale
            draft.changes.append(HouseChange("words", name, f"{known} -> {scale}", scale.house_change, file))
    for rule_id, below in reader.each("rules", "rule"):
        letter = below.text("chapter", required=True)
        if not letter:
            continue
        if letter not in draft.chapters:
            problems.add(
                "SV310",
                below.place("chapter"),
                f"'{letter}' is not a chapter",
                f"Chapters: {', '.join(draft.chapters)}.",
            )
            continue
        replaced = rule_id in draft.rules
        why = below.text("why", default="added by the house")
        rule = read_rule(rule_id, below, letter, draft.chapters[letter].stage)
        draft.rules[rule_id] = rule
        draft.changes.append(
            HouseChange("rule", rule_id, ("replaced: " if replaced else "added: ") + rule.title, why, file)
        )
    off = reader.reader("off")
    for rule_id in list(off.table.entries) if off else []:
        assert off is not None
        why = off.text(rule_id, required=True)
        if rule_id not in draft.rules:
            problems.add(
                "SV310",
                off.key_place(rule_id),
                f"the rule book has no rule '{rule_id}'",
                did_you_mean(rule_id, draft.rules) or "See: sharedvalue rules list",
            )
            continue
        draft.off[rule_id] = (draft.rules.pop(rule_id), off.key_place(rule_id))
        draft.changes.append(
            HouseChange("off", rule_id, f"switched off: {draft.off[rule_id][0].title}", why, file)
        )
    reader.done()
