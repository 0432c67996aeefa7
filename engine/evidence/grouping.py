"""Free texts are put together by means that can be followed: cleaned, compared word by word, and written to a file to be changed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sharedvalue.engine.errors import Problem, UserError, mistake
from sharedvalue.engine.evidence.asked import harmless
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.titles import without_full_names
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario_edit import in_brackets as quoted
from sharedvalue.engine.language.source import Items, Table, Text, parse_file

MOST_TEXTS = 20_000
MOST_COMPARED = 3_000
ADDRESS = re.compile(r"\S+@\S+\.\S+|(?<!\w)@\w{2,}|https?://\S+|\+?\d[\d ()/-]{7,}\d")
FORMAT = "grouping"


@dataclass(frozen=True)
class Theme:
    """One label with the texts that stand for it."""

    label: str
    texts: tuple[str, ...]
    people: int


LEFT_OUT = "[left out]"


def cleaned(text: str) -> str:
    """For comparing: one way of writing letters, no case, no punctuation, single blanks."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^\w\s]|_", " ", plain).split())


def without_people(text: str) -> str:
    """A text without what could be an address, an account, a link or a number to call, and without first and last names."""
    return without_full_names(ADDRESS.sub(LEFT_OUT, " ".join(text.split())), LEFT_OUT)


def put_together(texts: Counter[str], book: RuleBook) -> tuple[Theme, ...]:
    """Texts that are written nearly alike, under the one that most people wrote; the largest first.

    Each text joins the first theme whose own text it is like enough; nothing is joined through a third. So the result
    depends on the texts and the threshold alone.

    Raises:
        UserError: SV458 for more texts than can be compared.
    """
    from rapidfuzz import fuzz, process

    if len(texts) > MOST_TEXTS:
        raise mistake("SV458", "free text", f"{len(texts):,} different texts are more than the {MOST_TEXTS:,} that are compared",
                      "Code them by hand, or group a random part of them.")  # fmt: skip
    threshold = book.thresholds["answers_alike"]
    alike = threshold.value / threshold.type.scale
    by_clean: dict[str, Counter[str]] = {}
    for text, n in texts.items():
        by_clean.setdefault(cleaned(text), Counter())[text] += n
    by_clean.pop("", None)
    order = sorted(by_clean, key=lambda c: (-by_clean[c].total(), len(c), c))
    heads: list[str] = []
    members: dict[str, list[str]] = {}
    for clean in order:
        near = process.extractOne(
            clean, heads[:MOST_COMPARED], scorer=fuzz.token_sort_ratio, score_cutoff=alike
        )
        head = near[0] if near else clean
        if head is clean:
            heads.append(clean)
        members.setdefault(head, []).append(clean)
    themes = []
    for head in heads:
        written = [text for clean in members[head] for text in sorted(by_clean[clean])]
        people = sum(by_clean[clean].total() for clean in members[head])
        label = min(by_clean[head], key=lambda t: (-by_clean[head][t], t))
        themes.append(Theme(harmless(without_people(label)), tuple(written), people))
    return tuple(sorted(themes, key=lambda theme: (-theme.people, theme.label)))


def grouping_text(themes: Sequence[Theme], what: str) -> str:
    """The file in which a person names, joins and splits themes. Addresses and full names are left out; texts are matched without them."""
    lines = [
        f"# What people wrote to: {' '.join(what.split())}",
        "# Each label stands above the texts that mean it. Rename a label, move a text under another label, or put it",
        "# under 'no need:' if it names none. Join labels by moving all texts of one. These are people's own words:",
        "# keep this file where the answers are kept.",
        f"{FORMAT}: 1",
        "themes:",
    ]
    for theme in themes:
        lines.append(f"  {quoted(_key(theme.label))}:   # {theme.people}")
        lines += [f"    - {quoted(without_people(text))}" for text in dict.fromkeys(theme.texts)]
    return "\n".join(lines) + "\n"


def _key(label: str) -> str:
    return label if len(label) <= 80 else f"{label[:77].rstrip()}..."


def read_grouping(path: Path | str) -> Mapping[str, str]:
    """Which label each text has, by its cleaned form; texts under `no need` have none.

    Raises:
        UserError: SV458 where the file is no grouping, or a text stands under two labels.
    """
    tree = parse_file(path, "Is it the right file? The import writes a grouping.")
    themes = tree.get("themes") if isinstance(tree, Table) else None
    if not isinstance(tree, Table) or tree.get(FORMAT) is None or not isinstance(themes, Table):
        raise mistake(
            "SV458", str(path), "this is no grouping", "It begins with 'grouping: 1' and has 'themes:'."
        )
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for label, node in themes.entries.items():
        for item in node.items if isinstance(node, Items) else ():
            if not isinstance(item, Text):
                continue
            key = cleaned(without_people(item.value))
            if found.get(key, label) != label:
                problems.append(
                    Problem(
                        "SV458",
                        item.place,
                        f"this text stands under '{found[key]}' and under '{label}'",
                        "Keep it under one.",
                    )
                )
            found[key] = label
    if problems:
        raise UserError(problems)
    return found


def labels(texts: Counter[str], grouping: Mapping[str, str]) -> dict[str, str]:
    """Each answer's label under a grouping, by the folded answer; answers that it does not hold have none."""
    found = {}
    for text in texts:
        label = grouping.get(cleaned(without_people(text)), "")
        if label and label != "no need":
            found[folded(text)] = label
    return found


def ungrouped(texts: Counter[str], grouping: Mapping[str, str]) -> Counter[str]:
    """The answers that a grouping does not hold yet: those of the next quarter."""
    return Counter({t: n for t, n in texts.items() if cleaned(without_people(t)) not in grouping})
