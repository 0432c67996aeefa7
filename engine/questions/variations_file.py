"""A file of named variations: a baseline, and for each variation the facts that it states otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sharedvalue.engine.errors import Place, Problems, UserError, did_you_mean
from sharedvalue.engine.language.addresses import fact_of
from sharedvalue.engine.language.reader import Reader
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, load_scenario, read_scenario, read_stated, type_of
from sharedvalue.engine.language.source import Node, Table, Text, mistake_at, parse_file

FORMAT = 1
KEY = "what_if"
MOST_VARIATIONS = 20
START = (
    f"A file of variations begins with '{KEY}: {FORMAT}', then has 'baseline:' and 'variations:'. "
    "To set single facts, use --set."
)


@dataclass(frozen=True)
class Variation:
    """One variation as written: the baseline with some facts stated otherwise. `names` are these facts."""

    name: str
    why: str
    scenario: Scenario
    names: tuple[str, ...]


@dataclass(frozen=True)
class Variations:
    """The whole file. `file` is the file of variations; the baseline may come from another one."""

    title: str
    file: str
    baseline: Scenario
    variations: tuple[Variation, ...]


def load_variations(path: Path | str, book: RuleBook) -> Variations:
    """The variations of a file ('-' for standard input).

    Raises:
        UserError: SV210 where the file is none of variations, else with every mistake in it.
    """
    return read_variations(parse_file(path), book, path)


def is_variations(tree: Node) -> bool:
    """Whether a parsed file says of itself that it holds variations."""
    return isinstance(tree, Table) and KEY in tree.entries


def read_variations(tree: Node, book: RuleBook, path: Path | str) -> Variations:
    """The variations of a parsed file. A baseline that is a path is looked for from the directory of the file."""
    file = "standard input" if str(path) == "-" else str(path)
    if not isinstance(tree, Table) or not is_variations(tree):
        raise mistake_at("SV210", tree.place, "this is not a file of variations", START)
    problems = Problems()
    reader = Reader(tree, problems, "the file of variations")
    version = reader.scalar(KEY, required=True)
    if version is not None and version.value != str(FORMAT):
        raise mistake_at(
            "SV202",
            version.place,
            f"format version '{version.value}' of variations is not known to this release",
            f"This release reads '{KEY}: {FORMAT}'; a newer file needs a newer sharedvalue.",
        )
    title = reader.text("title")
    written = reader.node("baseline")
    items = reader.items("variations")
    reader.done()
    if written is None:
        problems.add(
            "SV303",
            tree.place,
            "the file of variations has no 'baseline'",
            "Add 'baseline: FILE', the scenario that is varied, or write the scenario below it.",
        )
    if not items and not any(p.place == reader.place("variations") for p in problems.found):
        problems.add(
            "SV210",
            reader.place("variations"),
            "there is no variation in it",
            "List at least one: '- {name: ..., set: {FACT: VALUE}}'.",
        )
    if len(items) > MOST_VARIATIONS:
        problems.add(
            "SV901",
            reader.place("variations"),
            f"{len(items):,} variations are more than the {MOST_VARIATIONS} that can be seen side by side",
            "Split the file; for very many, use sharedvalue sweep.",
        )
        items = ()
    baseline = None
    try:
        baseline = _baseline(written, book, path, file) if written is not None else None
    except UserError as error:
        problems.extend(error)
    found = _each(items, baseline, book, problems)
    problems.stop_if_any()
    assert baseline is not None
    return Variations(title or baseline.title, file, baseline, tuple(found))


def _baseline(written: Node, book: RuleBook, path: Path | str, file: str) -> Scenario:
    if isinstance(written, Table):
        return read_scenario(written, book, file)
    if not isinstance(written, Text) or not written.value.strip():
        raise mistake_at(
            "SV302",
            written.place,
            "'baseline' must be the path of a scenario file, or a scenario",
            "Write 'baseline: my-community.yaml', or the scenario below it, beginning with 'scenario: 1'.",
        )
    beside = Path() if str(path) == "-" else Path(path).parent
    try:
        return load_scenario(beside / written.value.strip(), book)
    except UserError as error:
        if [p.code for p in error.problems] == ["SV101"]:
            mend = f"{error.problems[0].mend} The path counts from where the file of variations is.".strip()
            raise mistake_at(
                "SV101", written.place, f"there is no scenario file {beside / written.value.strip()}", mend
            ) from None
        raise


def _each(
    items: tuple[Node, ...], baseline: Scenario | None, book: RuleBook, problems: Problems
) -> list[Variation]:
    """Every variation. Without a baseline only the shape of each is read."""
    found, seen = list[Variation](), dict[str, str]()
    for number, item in enumerate(items, 1):
        reader = Reader.of(item, problems, f"variation {number}", item.place)
        if not isinstance(item, Table):
            continue
        name, why = reader.text("name", required=True), reader.text("why")
        if name.casefold() in seen:
            problems.add(
                "SV206",
                reader.place("name"),
                f"two variations have the name '{name}'",
                "Give each its own: the answers are told apart by it.",
            )
        seen[name.casefold()] = name
        settings = reader.reader("set", required=True)
        reader.done()
        assert settings is not None
        if not settings.table.entries and isinstance(reader.node("set"), Table):
            problems.add(
                "SV210",
                reader.place("set"),
                f"variation '{name}' sets nothing",
                "Write 'set: {FACT: VALUE}', with at least one fact.",
            )
        if baseline is not None:
            found.append(_variation(name, why, baseline, settings.table, book, problems))
    return found


def _variation(
    name: str, why: str, baseline: Scenario, settings: Table, book: RuleBook, problems: Problems
) -> Variation:
    stated, types, names = dict(baseline.stated), dict(baseline.types), dict[str, str]()
    for address, node in settings.entries.items():
        place = _wide(settings.keys.get(address, node.place), address)
        fact = baseline.resolve(address)
        kind = type_of(book, fact) if fact else None
        if fact is None or kind is None or fact_of(fact) == "evidence":
            known = dict.fromkeys([*book.facts, *(baseline.address(n) for n in baseline.stated)])
            problems.add(
                "SV204",
                place,
                f"there is no fact '{address}' here",
                did_you_mean(address, known) or "List them with: sharedvalue facts",
            )
        elif fact in names:
            what = f"'{address}' and '{names[fact]}' are the same fact"
            problems.add("SV206", place, what, "Say once what it is.")
        else:
            names[fact] = address
            value = read_stated(node, kind, address, problems)
            if value is not None:
                stated[fact], types[fact] = value, kind
    return Variation(name, why, replace(baseline, stated=stated, types=types), tuple(names))


def _wide(place: Place, text: str) -> Place:
    return replace(place, width=len(text))
