"""What practice prints: a case, the reveal, progress, and what a group or experts agree on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from fractions import Fraction

    from sharedvalue.engine.language.rulebook import RuleBook
    from sharedvalue.engine.practice.agreement import Agreement, Alpha, Disagreement
    from sharedvalue.engine.practice.concordance import Item
    from sharedvalue.engine.practice.debrief import Otherwise, Talk
    from sharedvalue.engine.practice.intervals import Border
    from sharedvalue.engine.practice.panel import Panel
    from sharedvalue.engine.practice.progress import Progress
    from sharedvalue.engine.practice.session import Cue, Sitting
    from sharedvalue.engine.practice.words import Rows
    from sharedvalue.engine.practice.written import Step

COLUMN = 39


def case_lines(sitting: Sitting, goes_on: bool = False) -> Iterator[str]:
    """The case as it lies on the table: papers or story, and facts; nothing of the answer.

    `goes_on`: what was there before was just read, so only what is new is shown.
    """
    from sharedvalue.engine.language.facts import GROUP_TITLES

    scenario = sitting.case.scenario
    yield from fold(scenario.title, WIDTH)
    if sitting.case.step is not None:
        yield from _papers(sitting.case.step, goes_on)
        if not sitting.hidden:
            yield from ("", "FACTS TO DRAW FROM IT")
            named = [
                (number, cue, cue in sitting.shown) for number, cue in enumerate(sitting.cues.values(), 1)
            ]
            yield from _columns(
                [_short(*one) if one[2] else [f"{one[0]:>2} {one[1].short}"] for one in named]
            )
            return
    if scenario.story:
        yield from fold(scenario.story, WIDTH, " ", first=" ")
    if scenario.source:
        yield from fold(f"({scenario.source})", WIDTH, "  ", first=" ")
    shown = {cue.name for cue in sitting.shown}
    for group, title in GROUP_TITLES.items():
        mine = [
            (number, cue)
            for number, cue in enumerate(sitting.cues.values(), 1)
            if cue.group == group and (cue.known or sitting.hidden)
        ]
        if mine:
            yield ""
            yield title.upper()
            yield from _columns([_short(number, cue, cue.name in shown) for number, cue in mine])
    unknown = (
        [] if sitting.hidden else [(n, c) for n, c in enumerate(sitting.cues.values(), 1) if not c.known]
    )
    if unknown:
        yield ""
        yield "NOT KNOWN FOR SURE"
        yield from _columns([_short(number, cue, True) for number, cue in unknown])


def _papers(step: Step, goes_on: bool) -> Iterator[str]:
    from sharedvalue.engine.practice.documents import document_lines

    for paper in () if goes_on else step.earlier:
        yield ""
        yield from document_lines(paper)
    if step.after:
        yield from ("", step.after.upper())
    for paper in step.papers:
        yield ""
        yield from document_lines(paper)


def _short(number: int, cue: Cue, shown: bool) -> list[str]:
    if not shown:
        return [f"{number:>2} {cue.short} [{cue.effort}]"]
    if len(cue.lines) == 1:
        said = "" if cue.lines[0] == "not known" else f": {cue.lines[0]}"
        return [f"{number:>2} {cue.short}{said}"]
    return [f"{number:>2} {cue.short}:", *(f"   {line}" for line in cue.lines)]


def _columns(entries: Sequence[list[str]]) -> Iterator[str]:
    """Entries in two columns, those first that fit one; what is longer, or has several lines, over both."""
    short = [entry[0] for entry in entries if len(entry) == 1 and len(entry[0]) <= COLUMN]
    half = (len(short) + 1) // 2
    for left, right in zip(short[:half], [*short[half:], ""], strict=False):
        yield f" {left:<{COLUMN}} {right}".rstrip()
    for entry in entries:
        if entry[0] not in short:
            for number, line in enumerate(entry):
                yield from fold(line, WIDTH, " " * 7, first=" " if number == 0 else "    ")


def outcome_lines(book: RuleBook) -> Iterator[str]:
    """The outcomes by number, in plain words."""
    for number, entry in enumerate(book.outcomes.outcomes.values(), 1):
        yield from fold(f"{number} {entry.title}: {entry.means}", WIDTH, "     ", first="  ")


# --- progress -------------------------------------------------------------------------------------------------


def progress_lines(found: Progress, book: RuleBook) -> Iterator[str]:
    """What the answers add up to."""
    from sharedvalue.engine.practice.words import NOTHING_YET, progressed

    tables = progressed(found, book)
    if not tables:
        yield f"{NOTHING_YET} Begin with: sharedvalue practice"
    for number, table in enumerate(tables):
        if number:
            yield ""
        yield from table_lines(table)


def table_lines(table: Rows) -> Iterator[str]:
    """A heading, and its rows."""
    yield f"{table.lead}  {table.heading}" if table.lead else table.heading
    for label, text in table.rows:
        yield from _row(label, text)


def _row(label: str, text: str) -> list[str]:
    if len(label) > 26:
        return [*fold(label, WIDTH, "   ", first=" "), *fold(text, WIDTH, " " * 30, first=" " * 28)]
    return fold(text, WIDTH, " " * 30, first=f" {label:<26} ")


# --- concordance ----------------------------------------------------------------------------------------------


def item_lines(number: int, item: Item) -> Iterator[str]:
    """One question of concordance."""
    from sharedvalue.engine.practice.words import asked

    for position, text in enumerate(asked(item)):
        yield from fold(
            text if position else f"{number}  {text}", WIDTH, "   ", first="   " if position else ""
        )


def scored_lines(
    number: int, item: Item, said: int, given: Mapping[int, int], credit: Fraction | None
) -> Iterator[str]:
    """What an answer to it earns against a panel; and what is proven, called what it is."""
    from sharedvalue.engine.practice.words import by_panel, proven

    yield from fold(f"{number}  {by_panel(said, given, credit)}", WIDTH, "   ")
    yield from fold(proven(item), WIDTH, "   ", first="   ")


def border_lines(number: int, border: Border) -> Iterator[str]:
    """One interval question."""
    for position, text in enumerate(border.asked):
        first = "   " if position else ""
        yield from fold(text if position else f"{number}  {text}", WIDTH, "   ", first=first)


def panel_lines(path: str, panel: Panel) -> Iterator[str]:
    """How far a panel is; nothing of what anybody answered."""
    from sharedvalue.engine.practice.panel import LEAST
    from sharedvalue.engine.practice.words import count

    total, members = len(panel.questions), len(panel.members)
    cases = count(len({one.case for one in panel.questions}), "case")
    yield from fold(f"PANEL  {panel.title}: {count(total, 'question')} on {cases}", WIDTH)
    for name in panel.members:
        yield from _row(name, f"{total - len(panel.left(name))} of {total} answered")
    if members < LEAST:
        yield from fold(
            f"{count(members, 'member')} of the {LEAST} that a score needs. Next: "
            f"sharedvalue practice panel {path} --who NAME",
            WIDTH,
            " ",
        )
    else:
        yield from fold(f"{panel.ready} of {count(total, 'question')} can be scored.", WIDTH, " ")


# --- trainers -------------------------------------------------------------------------------------------------


def debrief_lines(talks: Sequence[Talk], otherwise: Sequence[Otherwise], book: RuleBook) -> Iterator[str]:
    """What a trainer talks over with the group: the cases that split it, and who sees something otherwise."""
    from sharedvalue.engine.practice.words import otherwise_words, talk_words

    if talks:
        yield from ("", "TO TALK OVER, what split the group most first")
    for one in talks:
        for number, line in enumerate(talk_words(one, book)):
            hang, first = ("     ", "   ") if number else ("   ", " ")
            yield from fold(line, WIDTH, hang, first=first)
    if otherwise:
        yield from ("", "WHO SEES IT OTHERWISE")
    for said in otherwise:
        yield from fold(otherwise_words(said, book), WIDTH, "   ", first=" ")


def agreement_lines(
    found: Agreement, rows: Iterable[Disagreement], raters: Sequence[str], titles: Mapping[str, str]
) -> Iterator[str]:
    """How far people agree, and where the rule book stands apart."""
    from sharedvalue.engine.practice.words import count

    yield f"AGREEMENT  {count(found.raters, 'person').replace('persons', 'people')}: {', '.join(raters)}"
    yield from _row(
        "Labelled by two or more", f"{count(found.cases, 'case')}, {count(found.labels, 'label')}"
    )
    yield from _row("Krippendorff's alpha", _alpha(found.names, "of outcomes as names"))
    if found.sure.cases:
        yield from _row("the same, with how sure", _alpha(found.sure, f"{count(found.sure.cases, 'case')}"))
    if found.agreed is not None and not found.few:
        yield from _row("Pairs that agree", f"{100 * found.agreed:.0f} % of pairs of labels on one case")
    yield ""
    yield "AGAINST THE RULE BOOK, most against it first"
    for row in rows:
        said = ", ".join(f"{n} {titles[outcome].lower()}" for outcome, n in row.labels.items())
        agreed = "" if row.agreed is None else f"; {100 * row.agreed:.0f} % of pairs agree"
        sure = "" if row.sure is None else f", {row.sure:.0f} % sure on average"
        yield from fold(
            f"{row.case}: the book says {titles[row.outcome].lower()}; people say {said}{agreed}{sure}",
            WIDTH,
            "   ",
            first=" ",
        )


def _alpha(found: Alpha, of: str) -> str:
    if found.few:
        return "too few cases with two labels yet (5 needed)"
    if found.value is None:
        return "not defined: all labels are the same"
    interval = (
        f"; bootstrap 95 % interval {found.interval[0]:.2f} to {found.interval[1]:.2f}, 2,000 draws of cases"
        if found.interval
        else "; no interval, too few draws had a value"
    )
    return f"{found.value:.2f} ({of}; 1 all agree, 0 as by chance{interval})"
