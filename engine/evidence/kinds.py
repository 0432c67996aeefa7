"""What kind of column it is, by its heading and by what was answered in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

from sharedvalue.engine.evidence.dates import is_date
from sharedvalue.engine.evidence.export import Answer, Column
from sharedvalue.engine.evidence.layout import Group, Layout, folded
from sharedvalue.engine.evidence.splitting import FEW, RARE, options
from sharedvalue.engine.evidence.tally import LONGEST, ColumnTally, Tally

MOST_ANSWERS = 60
LONG = 80  # an option is rarely longer, an opinion rarely shorter
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}")
WHOLE_EMAIL = re.compile(rf"(?:mailto:)?{EMAIL.pattern}")
IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{0,4}")
PHONE = re.compile(
    r"(?<![\w.,/])(?:\+|00?)\d(?:[ ().\-/]{0,2}\d){6,13}(?![\w])|(?<!\d)\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)"
)
UUID = re.compile(r"(?:uuid:)?[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
NUMBER = re.compile(
    r"[-+]?[$€£]?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|[-+]?[$€£]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?\s?%?"
)
WHOLE = re.compile(r"\d{1,2}")
ENDS = re.compile(r"(\d{1,2})\s*[:=(–-]\s*\D.*", re.DOTALL)
AMOUNT = re.compile(
    r"\b(how many|how long|how old|how much (time|money)|number of|in (years|months|hours|days))\b",
    re.IGNORECASE,
)
_WHO = """
    e-mail|email|e-mail address|email address|user email|username|user name|name|full name|first name|last name|your name|surname|
    ip address|ip|ipaddress|ipaddr|ip_address|phone|phone number|telephone|mobile|user id|userid|user_id|account id|response id|
    responseid|respondent id|member id|member_id|participant id|participant id (upn)|upn|latitude|longitude|nickname|handle|
    display name|displayname|your e-mail|your email|your e-mail address|your email address|what is your name?|what is your email?|
    what is your email address?|what is your e-mail address?|external reference|externalreference|github username|twitter handle|
    contact details
"""
# Words of ordered scales as survey tools offer them, one family a line; answers that are all of one family make a scale.
_SCALES = """
strongly disagree|disagree|somewhat disagree|rather disagree|neutral|neither agree nor disagree|undecided|somewhat agree|rather agree|agree|\
strongly agree|completely agree|completely disagree
not important|not at all important|not so important|unimportant|slightly important|somewhat important|moderately important|\
fairly important|important|very important|extremely important|critical
horrible|terrible|awful|very bad|bad|very poor|poor|below average|fair|ok|okay|average|neutral|good|above average|very good|great|excellent
very dissatisfied|dissatisfied|somewhat dissatisfied|neutral|neither satisfied nor dissatisfied|somewhat satisfied|satisfied|\
very satisfied|extremely satisfied
never|rarely|seldom|occasionally|sometimes|often|frequently|usually|always|daily|weekly|monthly|quarterly|yearly|annually|every day|\
every week|every month|several times a week|several times a month|once a week|once a month|less often
not useful|not at all useful|not very useful|slightly useful|somewhat useful|moderately useful|useful|very useful|extremely useful
not helpful|not at all helpful|slightly helpful|somewhat helpful|moderately helpful|helpful|very helpful|extremely helpful
very unlikely|unlikely|neutral|likely|very likely|extremely likely|not at all likely|not likely|somewhat likely
definitely not|probably not|maybe|possibly|probably|definitely|yes, definitely|yes, definitely!|unsure|not sure
not at all|a little|slightly|somewhat|moderately|quite|quite a bit|very|very much|a lot|extremely|completely
none|very low|low|medium|moderate|high|very high
novice|beginner|intermediate|practitioner|advanced|proficient|expert
"""
IDENTITIES = frozenset(word.strip() for word in _WHO.split("|"))
SCALES = tuple(frozenset(line.split("|")) for line in _SCALES.strip().splitlines())
DOES_NOT_APPLY = frozenset(
    (
        "na",
        "n/a",
        "not applicable",
        "don't know",
        "don’t know",
        "i don't know",
        "i don’t know",
        "no opinion",
        "other",
        "no answer",
    )
)

NOTHING = DOES_NOT_APPLY | {"no", "none", "nothing", "nope", "nil", ""}


def columns_of(layout: Layout, met: Tally) -> tuple[Column, ...]:
    """The columns of a file; those at the end without heading and values are left out."""
    width = len(layout.names)
    while width and not layout.names[width - 1] and not met.columns[width - 1].answered:
        width -= 1
    ranked = _ranked(layout, met)
    in_group = {i: group for group in layout.groups for i in group.columns}
    return tuple(_column(i, layout, met, in_group.get(i), ranked) for i in range(width))


def _column(i: int, layout: Layout, met: Tally, group: Group | None, ranked: set[Group]) -> Column:
    name, seen = layout.names[i], met.columns[i]
    question, part = layout.parts.get(i, (name, ""))
    fixed = layout.kinds.get(i, "")
    if not seen.answered and not (group and group.form == "choices" and met.groups[group]):
        return Column(i, name, "identity" if fixed == "identity" else "empty", 0, (), question, part)
    if fixed == "identity" or (not fixed and is_identity(name, seen.counts)):
        return Column(i, name, "identity", seen.answered, (), question, part)
    if group and group.form == "choices" and fixed != "text":
        ticked = sum(n for cell, n in seen.counts.items() if cell not in group.unticked)
        answers = (Answer(part or name, ticked),) if ticked else ()
        return Column(i, name, "multi-choice", met.groups[group], answers, question, part)
    if fixed in ("text", "date", "number"):
        return Column(i, name, fixed, seen.answered, (), question, part)
    if not fixed and layout.separator and not seen.many:
        several, rest = _many(seen, layout.separator)
        if several:
            return Column(
                i, name, "multi-choice", seen.answered, several, question, part, layout.separator, rest
            )
    kind = fixed or (
        _in_grid(seen, group, ranked) if group else "date" if seen.dates else kind_of(name, seen)
    )
    shown = _labels(seen.counts, kind) if kind in SHOWN and not seen.many else ()
    rest = seen.answered - sum(a.n for a in shown) if kind in SHOWN else 0
    return Column(i, name, kind, seen.answered, shown, question, part, "", rest)


SHOWN = ("choice", "scale", "grid-row", "rank")


def _in_grid(seen: ColumnTally, group: Group, ranked: set[Group]) -> str:
    if group in ranked:
        return "rank"
    return "text" if seen.many or len(seen.counts) > MOST_ANSWERS else "grid-row"


def _many(seen: ColumnTally, separator: str) -> tuple[tuple[Answer, ...], int]:
    """The options of a cell with several answers, and how many ticks are not among them.

    A cell with an address or a telephone number is somebody's own words, whole: what stands beside it may be the name.
    """
    nameless = {cell: n for cell, n in seen.counts.items() if not _names_someone(cell)}
    counts = options(nameless, separator)
    if counts is None:
        return (), 0
    shown = tuple(a for a in _merged(counts) if a.n > RARE)[:MOST_ANSWERS]
    left_out = sum(seen.counts.values()) - sum(nameless.values())
    return shown, counts.total() - sum(a.n for a in shown) + left_out


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
    for family in SCALES:
        inside = sum(n for word, n in words.items() if word in family)
        outside = sum(n for word, n in words.items() if word not in family and word not in DOES_NOT_APPLY)
        if sum(word in family for word in words) > 1 and outside <= 0.1 * answered and inside:
            return "scale"
    return "choice" if _is_choice(words, answered) else "text"


def _is_choice(words: Mapping[str, int], answered: int) -> bool:
    words = {word: n for word, n in words.items() if not _names_someone(word)}
    if any(len(word) > 2 * LONG and n <= RARE for word, n in words.items()) and len(words) > answered / 4:
        return False
    if answered < FEW:
        again = any(n > 1 for n in words.values())
        return all(len(word) <= LONG for word in words) and again and len(words) <= max(2, 0.7 * answered)
    often = [n for n in words.values() if n > RARE]
    if len(often) > 200 or sum(often) < 0.5 * answered:
        return False
    said = [n for word, n in words.items() if word.strip(".!- ") not in NOTHING]
    repeated = sum(n for n in said if n > RARE)  # a free text that most leave at "no" is none the less free
    return not repeated or repeated >= 0.5 * sum(said)


def is_identity(name: str, counts: Mapping[str, int]) -> bool:
    """Whether a column names people: by its heading, or because most of what is in it are addresses."""
    if folded(name).rstrip("*: ") in IDENTITIES:
        return True
    some = list(counts)[:2_000]
    named = sum(bool(WHOLE_EMAIL.fullmatch(c) or IP.fullmatch(c) or UUID.fullmatch(c)) for c in some)
    return named >= 1 and named >= 0.5 * len(some)


def _share(counts: Mapping[str, int], test: Callable[[str], bool]) -> float:
    total = sum(counts.values())
    return sum(n for cell, n in counts.items() if test(cell)) / total if total else 0.0


def _labels(counts: Mapping[str, int], kind: str = "") -> tuple[Answer, ...]:
    """Answers with counts. In an open choice, what was answered once or twice is somebody's own words: not shown."""
    found = [a for a in _merged(counts) if not _names_someone(a.label)]
    rare = [a for a in found if a.n <= RARE]
    if kind == "choice" and (len(found) > 12 or (len(rare) > RARE and sum(counts.values()) >= 10)):
        found = [a for a in found if a.n > RARE]
    if all(WHOLE.match(a.label) for a in found):
        found.sort(key=lambda a: int(WHOLE.match(a.label).group()))  # type: ignore[union-attr]  # all match
    return tuple(found[:MOST_ANSWERS])


def _names_someone(label: str) -> bool:
    """Whether somebody can be reached by what a text holds: an e-mail address, a telephone number, an address on the net."""
    text = label[:LONGEST]
    return (
        ("@" in text and EMAIL.search(text) is not None)
        or IP.fullmatch(text) is not None
        or (sum(map(str.isdigit, text)) >= 7 and PHONE.search(text) is not None)
    )


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
