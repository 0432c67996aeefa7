"""What the columns of an export may be: a guess from their kind and wording, to be confirmed; and a mapping written as a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sharedvalue.engine.evidence.asked import short
from sharedvalue.engine.evidence.export import Column, Export
from sharedvalue.engine.evidence.kinds import labels
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.mapping import ROLES, Group, Mapping, Use
from sharedvalue.engine.evidence.offered import LOW, Offered, offered
from sharedvalue.engine.evidence.proposals import Proposal
from sharedvalue.engine.evidence.words import cued, cued_rather
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario_edit import in_brackets as quoted

BY_KIND = ("needs", "date")
LONG_GRID = 8  # a grid of more rows lists wishes; a shorter one may rate how things are
MOSTLY = 0.9  # different titles of all, from which on a column names things
FEWEST_GROUPS = 3  # a question with two answers tells no groups apart
ENOUGH = 60  # how alike a heading and a question of the rule book must be to be offered, of 100
KINDS = {
    "needs": ("grid-row", "multi-choice", "rank", "choice", "text"),
    "value_now": ("scale", "grid-row", "choice", "number"),
    "value_outlook": ("scale", "grid-row", "choice", "number"),
    "openness": ("scale", "choice", "number"),
    "segment": ("choice", "multi-choice"),
    "level": ("choice", "number", "scale"),
    "participation": ("choice", "multi-choice", "scale"),
    "date": ("date",),
}
# Words that speak for another role: what will matter later is not how things are now, and who took part is not who would.
OF_ANOTHER = {"value_now": "value_outlook", "openness": "participation"}
CUE, EACH_MORE = 65, 10  # how much one such word, and each further one, speaks for a column


NOTHING_OFFERED = Offered((), (), (), (), 0, None, "")


@dataclass(frozen=True)
class Candidate:
    """A column, or all rows of a grid question, that may have a role. `alike` says how far its wording is that of the
    rule book, `cued` how far single words speak for it; these are shown, and never taken unasked."""

    role: str
    heading: str
    question: bool
    index: int
    kind: str
    answered: int
    answers: tuple[str, ...]
    alike: int
    cued: int = 0
    offered: Offered = NOTHING_OFFERED

    @property
    def likely(self) -> int:
        return max(self.alike, self.cued)

    @property
    def by_ticks(self) -> bool:
        """Whether it is a question of which each choice has a column, ticked or not."""
        return self.question and self.kind == "multi-choice"


def candidates(export: Export, role: str, book: RuleBook) -> tuple[Candidate, ...]:
    """The columns of the kinds that a role may have: those that are worded like it first; where the kind tells more, by kind."""
    from rapidfuzz import fuzz, utils

    wording = _wording(role, book)
    found: dict[tuple[str, bool], Candidate] = {}
    whole: dict[str, Offered] = {}  # what a grid offered, by its question
    for column in export.columns:
        if column.kind not in KINDS.get(role, ()) or not column.answered or _is_beside_grid(export, column):
            continue
        grid = role == "needs" and (column.kind == "grid-row" or column.is_tick)
        if grid and column.question not in whole:
            whole[column.question] = (
                NOTHING_OFFERED if column.is_tick else offered(_whole_grid(export, column.question, column))
            )
        what = whole[column.question] if grid else offered(column)
        if column.kind == "number" and role != "level" and what.scale is None:
            continue
        heading = column.question if grid else column.name
        if role == "segment" and len(column.answers) < FEWEST_GROUPS:
            continue
        if column.kind == "grid-row" and not grid and len(grid_rows(export, column.question)) > LONG_GRID:
            continue
        other = OF_ANOTHER.get(role)
        elsewhere = other is not None and cued_rather(heading, role, other)
        alike = max(
            (fuzz.token_sort_ratio(heading, text, processor=utils.default_process) for text in wording),
            default=0,
        )
        key = (folded(heading), grid)
        if key not in found or found[key].answered < column.answered:
            found[key] = Candidate(
                role,
                heading,
                grid,
                column.index,
                column.kind,
                column.answered,
                what.answers,
                min(round(alike), ENOUGH - 1) if elsewhere else round(alike),
                0 if elsewhere else _cued(heading, role),
                what,
            )
    order = {kind: place for place, kind in enumerate(KINDS.get(role, ()))}

    def place(each: Candidate) -> tuple[bool, int, int, int]:
        kind, worded = order[each.kind], -each.likely
        first, second = (kind, worded) if role in BY_KIND or each.likely < ENOUGH else (worded, kind)
        return each.likely < ENOUGH, first, second, each.index

    return tuple(sorted(found.values(), key=place))


def _is_beside_grid(export: Export, column: Column) -> bool:
    """Whether it holds what somebody wrote beside "Other" of a grid, or of several choices."""
    alike = export.columns if column.kind == "text" and column.part else ()
    return any(
        (each.kind == "grid-row" or each.is_tick) and each.question == column.question for each in alike
    )


def _whole_grid(export: Export, question: str, like: Column) -> Column:
    """A grid question as one column: all answers that any of its rows holds."""
    rows, counts = grid_rows(export, question), Counter[str]()
    for row in rows:
        counts.update({answer.label: answer.n for answer in row.answers})
    return replace(like, answers=labels(counts, like.kind), others=sum(row.others for row in rows))


def _cued(heading: str, role: str) -> int:
    hits = cued(heading, role)
    return CUE + EACH_MORE * (hits - 1) if hits else 0


def _wording(role: str, book: RuleBook) -> tuple[str, ...]:
    fact = book.facts.get(ROLES[role].fact or role)
    asked = (fact.ask.question, fact.how) if fact and fact.ask else (fact.how,) if fact else ()
    return (ROLES[role].says, *asked)


def guessed(export: Export, role: str, book: RuleBook) -> Candidate | None:
    """The one candidate worth offering: alike in wording, or a date, or a grid of what is wanted. Else none is better."""
    found = candidates(export, role, book)
    if found and role in BY_KIND and found[0].kind == KINDS[role][0]:
        return found[0]
    alike = [each for each in found if each.alike >= ENOUGH]
    return max(alike, key=lambda each: each.alike) if alike else None


def things(export: Export) -> tuple[tuple[Column, ...], tuple[Column, ...], tuple[Column, ...]]:
    """The columns that may say what a list holds, how often it was met, and since when it is there."""
    rows = max(1, export.records)
    different = [len({row[i] for row in export.rows()}) / rows for i in range(len(export.columns))]
    titles = tuple(
        c for i, c in enumerate(export.columns) if c.kind in ("text", "choice") and different[i] >= MOSTLY
    )
    numbers = tuple(c for c in export.columns if c.kind in ("number", "scale") and not c.part)
    return titles, numbers, tuple(c for c in export.columns if c.kind == "date")


def lists_things(export: Export) -> bool:
    """Whether a table of no known tool may list things: titles that are nearly all different, before numbers."""
    if export.format != "plain" or not export.records:
        return False
    titles, numbers, _ = things(export)
    return bool(titles and numbers) and titles[0].index < numbers[0].index


def who_answered(export: Export) -> Use | None:
    """The column with e-mail addresses, by which the same person is counted once. None where a single cell is no address:
    "anonymous" in every row would make one person of all."""
    for place, column in enumerate(export.columns):
        addresses = column.kind == "identity" and "mail" in column.name.casefold() and column.answered
        if addresses and all("@" in row[place] for row in export.rows() if row[place]):
            return Use("person", column=column.name, index=column.index)
    return None


def grid_rows(export: Export, question: str) -> tuple[Column, ...]:
    """The rows of a grid question, without those that hold people's own words."""
    same = (c for c in export.columns if c.part and folded(c.question) == folded(question))
    return tuple(c for c in same if c.kind != "text")


def ticks(export: Export, question: str) -> tuple[str, ...]:
    """How a choice that was made is written in the columns of a question."""
    indices = {c.index for c in grid_rows(export, question) if c.is_tick}
    places = [(p, c) for p, c in enumerate(export.columns) if c.index in indices]
    return tuple(dict.fromkeys(row[p] for row in export.rows() for p, c in places if c.ticked(row[p])))


def skeleton(export: Export, book: RuleBook) -> str:
    """A mapping to fill in: one commented entry for each role with a guess, then the headings that there are."""
    lines = [
        f"# What the columns of {export.file.name} are ({export.format}, {export.records:,} records).",
        "# Take the # away from what holds, correct the headings, and say which answers count. Then:",
        f"#   sharedvalue import {export.file.name} --into SCENARIO --mapping THIS_FILE --dry-run",
        "mapping: 1",
        f"about: {quoted(export.file.stem)}",
        "source: survey          # or interview, page_visits, views_comments, questions, attendance ...",
        "# population: 600       # how many could have answered",
        "# drawn_from_all: true  # if all of them were asked, or a random part of all",
    ]
    if not export.period[1]:
        lines.append("# date: 2026-05-31      # the last day, as the file has no dates")
    lines.append("columns:")
    for role in ROLES.values():
        found = guessed(export, role.name, book) if role.name in KINDS else None
        lines += _entry(role.name, found, export, role.name == "date" and found is not None)
    lines.append("# Headings of the file, with the number of answers:")
    for column in export.columns:
        if column.kind not in ("empty",):
            lines.append(
                f"#  {column.index:>3}  {column.kind:<12} {column.answered:>6,}  {short(column.name, 90)}"
            )
    return "\n".join(lines) + "\n"


def _entry(role: str, found: Candidate | None, export: Export, sure: bool) -> Iterator[str]:
    off = "  " if sure else "  # "
    yield f"  # {role}: {ROLES[role].says}"
    if found is None and role not in KINDS:
        return
    heading = quoted(found.heading) if found else '"..."'
    yield f"{off}- {'question' if found and found.question else 'column'}: {heading}"
    if found and not found.question:
        yield f"{off}  index: {found.index}"
    yield f"{off}  role: {role}"
    if role == "needs":
        parts = (
            [c.part for c in grid_rows(export, found.heading)]
            if found and found.question
            else list(found.answers if found else ())
        )
        if found and found.question:
            some = ticks(export, found.heading) if found.by_ticks else found.offered.yes or found.answers
            counts = [a for a in some if a not in found.offered.nothing]
            yield f"{off}  counts: [{', '.join(quoted(a) for a in counts)}]   # keep those that mean: I need it"
        yield f"{off}  needs:"
        for part in parts[:30] or ["..."]:
            yield f"{off}    {quoted(part)}: {{answers: [{quoted(part)}], within_purpose: unknown}}"
    elif "counts" in ROLES[role].takes and found:
        scale = found.offered.scale
        if scale is not None:
            ends = f"[{scale.low}, {scale.high}]"
            yield f"{off}  scale: {ends}   # both ends as they were offered; the file does not say"
            yield f"{off}  {'to' if scale.best == LOW else 'from'}: {scale.start}   # from: where the high end is best, to: where the low end is"
        else:
            likely = found.offered.yes or found.answers[:8]
            yield f"{off}  counts: [{', '.join(quoted(a) for a in likely)}]   # keep those that agree"
    if found and found.offered.nothing:
        yield f"{off}  no_answer: [{', '.join(quoted(a) for a in found.offered.nothing)}]   # these say nothing"


def mapping_text(mapping: Mapping) -> str:
    """A mapping as its file. Reads back as the same mapping."""
    lines = ["mapping: 1"]
    for key, text in (
        ("about", mapping.about),
        ("source", mapping.source),
        ("format", mapping.format),
        ("date_order", mapping.date_order),
    ):
        if text:
            lines.append(f"{key}: {quoted(text)}")
    if mapping.date:
        lines.append(f"date: {mapping.date}")
    if mapping.population:
        lines.append(f"population: {mapping.population}")
    lines.append(f"drawn_from_all: {str(mapping.drawn_from_all).lower()}")
    if mapping.no_answer:
        lines.append(f"no_answer: {_listed(mapping.no_answer)}")
    lines.append("columns:")
    for use in mapping.columns:
        first, *rest = _use_lines(use)
        lines += [f"  - {first}", *(f"    {line}" for line in rest)]
    return "\n".join(lines) + "\n"


def items_to_sort(found: Sequence[Proposal]) -> str:
    """The items that match no need yet, put together by their words, as lines for a person to name below the column with them."""
    if not found:
        return ""
    lines = [
        "# These resonate most and match no need by their words. Where some are about a need, put the lines below 'role: item',",
        "# without the #, and name the need in your words; whether it is within the purpose, you say, too:",
        "#    needs:",
    ]
    for each in found:
        items = ", ".join(quoted(item) for item in each.items)
        lines.append(
            f"#      {quoted(each.words)}: {{answers: [{items}], within_purpose: true}}   # {each.times:,} times"
        )
    return "\n".join(lines) + "\n"


def _use_lines(use: Use) -> Iterator[str]:
    yield f"column: {quoted(use.column)}" if use.column else f"question: {quoted(use.question)}"
    if use.index is not None:
        yield f"index: {use.index}"
    yield f"role: {use.role}"
    if use.fact and use.fact != ROLES[use.role].fact:
        yield f"fact: {use.fact}"
    for key, words in (("counts", use.counts), ("counts_all_but", use.but), ("known", use.known)):
        if words:
            yield f"{key}: {_listed(words)}"
    if use.scale:
        yield f"scale: [{_number(use.scale[0])}, {_number(use.scale[1])}]"
    if use.at_least is not None:
        yield f"from: {_number(use.at_least)}"
    if use.at_most is not None:
        yield f"to: {_number(use.at_most)}"
    if use.no_answer:
        yield f"no_answer: {_listed(use.no_answer)}"
    if use.top:
        yield f"top: {use.top}"
    if use.separator:
        yield f"separator: {quoted(use.separator)}"
    if use.grouping:
        yield f"grouping: {quoted(use.grouping)}"
    if use.groups:
        yield {"segment": "segments:", "level": "levels:"}.get(use.role, "needs:")
        for group in use.groups:
            yield f"  {quoted(group.name)}: {{{', '.join(_group(group))}}}"


def _group(group: Group) -> Iterator[str]:
    if group.answers:
        yield f"answers: {_listed(group.answers)}"
    for key, end in (("from", group.lo), ("to", group.hi)):
        if end is not None:
            yield f"{key}: {_number(end)}"
    if group.within_purpose is not None:
        yield f"within_purpose: {str(group.within_purpose).lower()}"
    if not group.listed:
        yield "listed: false"
    if group.needed_by is not None:
        yield f"needed_by: {_number(group.needed_by)}"


def _number(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _listed(words: Iterable[str]) -> str:
    return f"[{', '.join(quoted(word) for word in words)}]"
