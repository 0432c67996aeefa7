"""What kind of column it is, by its heading and by what was answered in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from sharedvalue.engine.evidence.dates import is_date
from sharedvalue.engine.evidence.export import Answer, Column, Numbers
from sharedvalue.engine.evidence.layout import Group, Layout, folded
from sharedvalue.engine.evidence.personal import (
    MAYBE,
    SURELY,
    by_content,
    by_first_names,
    by_heading,
    could_be_name,
    names_someone,
)
from sharedvalue.engine.evidence.splitting import FEW, RARE, best_separator
from sharedvalue.engine.evidence.tally import ColumnTally, Tally
from sharedvalue.engine.evidence.titles import holds_a_name
from sharedvalue.engine.evidence.words import (
    names_nothing,
    plain_words_for,
    says_nothing,
    scale_of,
    scale_words,
    scales,
    yes_words,
)

MOST_ANSWERS = 60
SENTENCE = 4  # words
OFTEN = 0.1  # of those who answered, from which on a sentence is an option
FEWEST_ROWS = 3  # of a grid, from which on it can be told which row is unlike the others
FEWEST_NUMBERS = 5  # below so many, a mean says something about somebody
LONG = 80  # an option is rarely longer, an opinion rarely shorter
NUMBER = re.compile(
    r"[-+]?[$€£]?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|[-+]?[$€£]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?\s?%?"
)
WHOLE = re.compile(r"\d{1,2}")
ENDS = re.compile(r"(\d{1,2})\s*[:=(–-]\s*\D.*", re.DOTALL)
AMOUNT = re.compile(
    r"\b(how many|how long|how old|how much (time|money)|number of|in (years|months|hours|days))\b",
    re.IGNORECASE,
)


def columns_of(layout: Layout, met: Tally, keep: Collection[str] = ()) -> tuple[Column, ...]:
    """The columns of a file; those at the end without heading and values are left out.

    `keep` are headings (folded) of which a person says that they name nobody; addresses are none the less no answers.
    """
    width = len(layout.names)
    while width and not layout.names[width - 1] and not met.columns[width - 1].answered:
        width -= 1
    ranked, own = _ranked(layout, met), _in_own_words(layout, met)
    in_group = {i: group for group in layout.groups for i in group.columns}
    return tuple(
        _column(i, layout, met, in_group.get(i), "text" if i in own else "", ranked, keep)
        for i in range(width)
    )


def _column(
    i: int,
    layout: Layout,
    met: Tally,
    group: Group | None,
    own: str,
    ranked: set[Group],
    keep: Collection[str],
) -> Column:
    name, seen = layout.names[i], met.columns[i]
    question, part = layout.parts.get(i, (name, ""))
    fixed = layout.kinds.get(i, "") or own
    if not seen.answered and not (group and group.form == "choices" and met.groups[group]):
        return Column(i, name, "identity" if fixed == "identity" else "empty", 0, (), question, part)
    private = "" if fixed else personal(name, seen, bool(group), folded(name) in keep)
    if fixed == "identity" or private == SURELY:
        return Column(i, name, "identity", seen.answered, (), question, part)
    if private:
        return Column(i, name, "held-back", seen.answered, (), question, part)
    if group and group.form == "choices" and fixed != "text":
        ticked = sum(n for cell, n in seen.counts.items() if cell not in group.unticked)
        answers = (Answer(part or name, ticked),) if ticked else ()
        return Column(
            i, name, "multi-choice", met.groups[group], answers, question, part, unticked=group.unticked
        )
    if fixed in ("text", "date", "number", "own"):
        return Column(i, name, fixed, seen.answered, (), question, part, numbers=_numbers(seen, fixed))
    if not fixed and layout.separators and not seen.many:
        several, rest, separator = _many(seen, layout.separators)
        if several:
            return Column(i, name, "multi-choice", seen.answered, several, question, part, separator, rest)
    if seen.dates:  # counted by their days, so never shown as answers
        kind = "date"
    else:
        kind = fixed or (_in_grid(seen, group, ranked) if group else kind_of(name, seen))
    shown = labels(seen.counts, kind) if kind in SHOWN and not seen.many else ()
    rest = seen.answered - sum(a.n for a in shown) if kind in SHOWN else 0
    return Column(i, name, kind, seen.answered, shown, question, part, "", rest, _numbers(seen, kind))


SHOWN = ("choice", "scale", "grid-row", "rank")


def _in_own_words(layout: Layout, met: Tally) -> set[int]:
    """The rows of a grid that hold other answers than its other rows do: what somebody wrote beside "Other"."""
    found = set[int]()
    for group in layout.groups:
        if group.form == "choices" or len(group.columns) < FEWEST_ROWS:
            continue
        said = {
            i: Counter({folded(cell): n for cell, n in met.columns[i].counts.items()}) for i in group.columns
        }
        rows = Counter(answer for answers in said.values() for answer in answers)
        other = {
            i
            for i, answers in said.items()
            if 2 * sum(n for answer, n in answers.items() if rows[answer] > 1) < answers.total()
        }
        if 2 * len(other) < len(said):
            found |= other
    return found


def _in_grid(seen: ColumnTally, group: Group, ranked: set[Group]) -> str:
    if group in ranked:
        return "rank"
    return "text" if seen.many or len(seen.counts) > MOST_ANSWERS else "grid-row"


def personal(name: str, seen: ColumnTally, grouped: bool, kept: bool) -> str:
    """Whether a column names people, by its heading or by what stands in it. A row of a grid, or a choice, is asked of everybody."""
    heading = "" if grouped or kept else by_heading(name)
    if heading == SURELY:
        return SURELY
    content = by_content(seen.counts, seen.answered)
    if content == SURELY:
        return SURELY
    if not content and not grouped and by_first_names(name, seen.counts):
        content = MAYBE
    return MAYBE if (content and not kept) or (heading and not _is_harmless(seen.counts)) else ""


def _is_harmless(cells: Iterable[str]) -> bool:
    """Whether answers are of a kind that names nobody: a small number, a word of a known scale, yes or no."""
    known = scale_words() | yes_words() | names_nothing()
    return all(WHOLE.fullmatch(cell) or folded(cell) in known for cell in cells)


def _many(seen: ColumnTally, separators: tuple[str, ...]) -> tuple[tuple[Answer, ...], int, str]:
    """The options of a cell with several answers, how many ticks are not among them, and what stands between them.

    A cell with an address or a telephone number is somebody's own words, whole: what stands beside it may be the name.
    """
    nameless = {cell: n for cell, n in seen.counts.items() if not names_someone(cell)}
    counts, separator = best_separator(nameless, separators)
    if counts is None:
        return (), 0, ""
    merged = _merged(counts)
    often = {word for a in merged if a.n > RARE for word in folded(a.label).split()}
    shown = tuple(a for a in merged if a.n > RARE or _is_offered(a.label, often))
    shown = shown[:MOST_ANSWERS]
    left_out = sum(seen.counts.values()) - sum(nameless.values())
    return shown, counts.total() - sum(a.n for a in shown) + left_out, separator


def _numbers(seen: ColumnTally, kind: str) -> Numbers | None:
    """How the numbers of a column spread; None where there are few, or not all were kept."""
    if kind != "number" or seen.many or seen.answered < FEWEST_NUMBERS:
        return None
    read = [(value, n) for cell, n in seen.counts.items() if (value := _value(cell)) is not None]
    total = sum(n for _, n in read)
    if total < FEWEST_NUMBERS:
        return None
    ordered = sorted(read)

    def quantile(part: float) -> float:
        wanted, below = part * total, 0
        for value, n in ordered:
            below += n
            if below >= wanted:
                return value
        return ordered[-1][0]

    mean = sum(value * n for value, n in read) / total
    return Numbers(total, mean, ordered[0][0], quantile(0.25), quantile(0.5), quantile(0.75), ordered[-1][0])


def _value(cell: str) -> float | None:
    plain = cell.strip("$€£% ").replace(
        ",", "." if cell.count(",") == 1 and len(cell.rpartition(",")[2]) != 3 else ""
    )
    try:
        found = float(plain)
    except ValueError:
        return None
    return found if abs(found) < 1e15 else None


def kind_of(name: str, seen: ColumnTally) -> str:
    """choice, scale, number, date or text, by what was answered."""
    counts, answered = seen.counts, seen.answered
    if _share(counts, is_date) >= 0.9:
        return "date"
    if _share(counts, lambda c: NUMBER.fullmatch(c) is not None) >= 0.98:
        whole = all(WHOLE.fullmatch(c) and int(c) <= 10 for c in counts)
        return (
            "scale"
            if whole and not seen.many and 1 < len(counts) <= 11 and not AMOUNT.search(name)
            else "number"
        )
    if seen.many:
        return "text"
    if _share(counts, lambda c: bool(WHOLE.fullmatch(c) or ENDS.fullmatch(c))) >= 0.98 and any(
        map(ENDS.fullmatch, counts)
    ):
        numbers = {(WHOLE.fullmatch(c) or ENDS.fullmatch(c)) and c[:2].strip(":=(–- ") for c in counts}
        if len(numbers) == len(counts) <= 11:
            return "scale"
    words = Counter[str]()
    for cell, n in counts.items():
        words[folded(cell)] += n
    plain = plain_words_for("yes") | plain_words_for("no")
    for scale in scales():
        if all(word in plain or word not in scale.answers for word in words):
            continue
        inside = sum(n for word, n in words.items() if word in scale.answers)
        outside = sum(
            n for word, n in words.items() if word not in scale.answers and word not in says_nothing()
        )
        if sum(word in scale.answers for word in words) > 1 and outside <= 0.1 * answered and inside:
            return "scale"
    return "choice" if _is_choice(words, answered) else "text"


def _is_choice(words: Mapping[str, int], answered: int) -> bool:
    words = {word: n for word, n in words.items() if not names_someone(word)}
    if any(len(word) > 2 * LONG and n <= RARE for word, n in words.items()) and len(words) > answered / 4:
        return False
    if answered < FEW:
        again = any(n > 1 for n in words.values())
        return all(len(word) <= LONG for word in words) and again and len(words) <= max(2, 0.7 * answered)
    often = [n for n in words.values() if n > RARE]
    if len(often) > 200 or sum(often) < 0.5 * answered:
        return False
    said = [n for word, n in words.items() if word.strip(".!- ") not in names_nothing()]
    repeated = sum(n for n in said if n > RARE)  # a free text that most leave at "no" is none the less free
    return not repeated or repeated >= 0.5 * sum(said)


def _share(counts: Mapping[str, int], test: Callable[[str], bool]) -> float:
    total = sum(counts.values())
    return sum(n for cell, n in counts.items() if test(cell)) / total if total else 0.0


def labels(counts: Mapping[str, int], kind: str = "") -> tuple[Answer, ...]:
    """Answers with counts. In an open choice, what was answered once or twice is somebody's own words: not shown, unless
    it is a word of a known scale, or says in part what many answered."""
    answered = sum(counts.values())
    found = [a for a in _merged(counts) if not names_someone(a.label) and not _is_a_remark(a, answered)]
    rare = [a for a in found if a.n <= RARE]
    open_choice = len(found) > 12 or (len(rare) > RARE and answered >= 10)
    if kind == "choice" and rare:
        often = {word for a in found if a.n > RARE for word in folded(a.label).split()}
        found = [
            a
            for a in found
            if a.n > RARE or (_is_offered(a.label, often) if open_choice else not could_be_name(a.label))
        ]
    if all(WHOLE.match(a.label) for a in found):
        found.sort(key=lambda a: int(WHOLE.match(a.label).group()))  # type: ignore[union-attr]  # all match
    elif kind in ("scale", "grid-row"):
        found = _in_order(found)
    return tuple(found[:MOST_ANSWERS])


def _is_a_remark(answer: Answer, answered: int) -> bool:
    """Whether few gave an answer, which is a sentence with somebody's name in it: no option, though it came in more than once."""
    return (
        len(answer.label.split()) >= SENTENCE and answer.n < OFTEN * answered and holds_a_name(answer.label)
    )


def _is_offered(label: str, often: Collection[str]) -> bool:
    """Whether a rare answer was surely offered: all its words are in answers that many gave, or it says nothing."""
    return folded(label) in says_nothing() or all(word in often for word in folded(label).split())


def _in_order(found: list[Answer]) -> list[Answer]:
    """Answers of a known scale from its worst to its best; then whatever is none of them."""
    scale = scale_of([a.label for a in found])
    if scale is None:
        return found
    place = {answer: i for i, answer in enumerate(scale.answers)}
    return sorted(found, key=lambda a: place.get(folded(a.label), len(scale.answers)))


def _merged(counts: Mapping[str, int]) -> list[Answer]:
    """Answers that differ by case or blanks only are one, shown as it was written most often."""
    together: dict[str, list[tuple[int, str]]] = {}
    for label, n in counts.items():
        together.setdefault(folded(label), []).append((n, label))
    merged = [
        Answer(max(written, key=lambda w: (w[0], w[1]))[1], sum(n for n, _ in written))
        for written in together.values()
    ]
    return sorted(merged, key=lambda a: (-a.n, a.label))


def _ranked(layout: Layout, met: Tally) -> set[Group]:
    """Grids in which every place is given once by each person: 1 to the number of rows, none more often than there are people."""
    found = set()
    for group in layout.groups:
        size, people = len(group.columns), met.groups.get(group, 0)
        if group.form == "choices" or size < 3 or not people:
            continue
        total: Counter[str] = Counter()
        for i in group.columns:
            total.update(met.columns[i].counts)
        places = {str(k) for k in range(1, size + 1)}
        if total and set(total) == places and max(total.values()) <= people and total["1"] >= 0.9 * people:
            found.add(group)
    return found
