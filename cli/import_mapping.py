"""Asks a person, column by column and in plain words, what an export holds; a guess is offered, and Enter takes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.evidence.export import Export
    from sharedvalue.engine.evidence.guess import Candidate
    from sharedvalue.engine.evidence.mapping import Group, Mapping, Use
    from sharedvalue.engine.evidence.offered import Scale
    from sharedvalue.engine.evidence.proposals import Proposal
    from sharedvalue.engine.language.rulebook import RuleBook

SHOWN = 4  # likely columns shown of a role
LONGEST = 220  # characters shown of a heading
MOST = 9  # columns shown that hold a word
NAMES = {
    "needs": "what people need", "value_now": "whether it helps now", "value_outlook": "whether it will matter later",
    "openness": "whether people would take part", "segment": "the group", "level": "the experience",
    "participation": "who takes part", "date": "the date",
}  # fmt: skip


def ask_mapping(export: Export, book: RuleBook, target: str) -> Mapping:
    """A mapping from a person's answers."""
    from sharedvalue.engine.evidence.chosen import ASKED
    from sharedvalue.engine.evidence.guess import candidates, who_answered
    from sharedvalue.engine.evidence.mapping import Mapping

    roles = [role for role in ASKED if candidates(export, role, book)]
    questions = (
        "One short question says" if len(roles) == 1 else f"{_counted(len(roles))} short questions say"
    )
    say(
        f"{export.file.name} holds {export.records:,} records. {questions} which column is what. The answers are "
        f"kept in {target}, so they are asked once only."
    )
    if len(roles) < len(ASKED):
        say(
            "Not asked, as no column could be it: "
            + ", ".join(NAMES[role] for role in ASKED if role not in roles)
            + "."
        )
    say(
        "Enter takes what stands in brackets. To find another column, write a word of its heading; - is none."
    )
    uses: list[Use] = []
    taken: set[int] = set()
    for number, role in enumerate(roles, start=1):
        use = _ask_role(role, number, len(roles), export, book, taken)
        if use is not None:
            uses.append(use)
    if not any(use.role not in ("date", "participation", "level") for use in uses):
        raise mistake(
            "SV450",
            str(export.file),
            "no column was chosen that says what people need, how they value it, or who they are",
            "Nothing was written. Look at the columns with --inspect, and try again.",
        )
    who = who_answered(export)
    if who is not None:
        say(
            f"Who answered twice is counted once, with the newest answer: '{who.column}' tells. No address is shown or written."
        )
        uses.append(who)
    date = "" if any(u.role == "date" for u in uses) else _ask_date(export)
    order = _ask_order(export, uses)
    population = _ask_whole("How many people could have answered, as far as you know? (Enter: not known)")
    drawn = bool(population) and click.confirm(
        "Were all of them asked, or a random part of all?", default=False
    )
    return Mapping(target, export.file.stem, "survey", tuple(uses), date, order, population, drawn)


def _counted(number: int) -> str:
    return ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")[number]


def say(text: str) -> None:
    click.echo("\n".join(fold(text, WIDTH)))


def _ask_role(role: str, number: int, of: int, export: Export, book: RuleBook, taken: set[int]) -> Use | None:
    from sharedvalue.engine.evidence.guess import ENOUGH, candidates, guessed
    from sharedvalue.engine.telling.imports import QUESTIONS

    found = [each for each in candidates(export, role, book) if each.index not in taken]
    click.echo("")
    say(f"{number} of {of}. {QUESTIONS[role]}")
    if not found:
        say("No column is left that could be it.")
        return None
    shown = [each for each in found if each.likely >= ENOUGH][:SHOWN]
    guess = guessed(export, role, book)
    if guess is not None and guess in found:
        shown = [guess, *(each for each in shown if each != guess)][:SHOWN]
    if not shown:
        say("No heading reads like that.")
    chosen = _ask_candidate(found, shown, guess)
    if chosen is None:
        return None
    use = _ask_use(role, chosen, export, book)
    says_nothing = role in ("needs", "level") and not (use.groups or use.grouping)
    left_out = use.question and role == "needs" and not (use.counts or use.top)
    if says_nothing or left_out or (_is_counted(role) and not use.counts and not use.by_number):
        return None
    taken.add(chosen.index)
    return use


def _is_counted(role: str) -> bool:
    from sharedvalue.engine.evidence.mapping import ROLES

    return role != "needs" and "counts" in ROLES[role].takes


def _ask_candidate(
    found: Sequence[Candidate], shown: Sequence[Candidate], guess: Candidate | None
) -> Candidate | None:
    """Enter takes a column only where its wording is that of the rule book: a careless Enter must not fill a fact."""
    _list(shown)
    sought = False
    while True:
        default = "1" if shown and (shown[0] == guess or sought) else "-"
        answer = " ".join(str(click.prompt("  Number, word, or -", default=default)).split()).casefold()
        if answer in ("-", "0"):
            return None
        if answer.isdigit() and 1 <= int(answer) <= len(shown):
            return shown[int(answer) - 1]
        holding = [each for each in found if answer in each.heading.casefold()][:MOST]
        if answer.isdigit() or not holding:
            say(
                f"  There is no such {'number' if answer.isdigit() else 'heading among the columns that could be it'}."
            )
        else:
            shown, sought = holding, True
            _list(shown)


def _list(shown: Sequence[Candidate]) -> None:
    """Headings in full, as long ones differ at their ends; and how many answered."""
    for number, each in enumerate(shown, start=1):
        said = f"{' '.join(each.heading.split())[:LONGEST]} ({each.answered:,} answered)"
        click.echo("\n".join(fold(said, WIDTH, "     ", first=f"  {number}  ")))


def _ask_use(role: str, chosen: Candidate, export: Export, book: RuleBook) -> Use:
    from sharedvalue.engine.evidence.mapping import ROLES, Use

    place = (
        {"question": chosen.heading} if chosen.question else {"column": chosen.heading, "index": chosen.index}
    )
    use = Use(role, fact=ROLES[role].fact, **place)
    if role == "needs":
        return _ask_needs(use, chosen, export)
    if "counts" in ROLES[role].takes:
        return _ask_counts(use, chosen)
    if role == "level":
        return _ask_levels(use, chosen, book)
    return use


def _ask_counts(use: Use, chosen: Candidate) -> Use:
    """Which answers count: a number from which on, or the answers themselves."""
    from dataclasses import replace

    use = _ask_nothing(use, chosen)
    scale = chosen.offered.scale
    if scale is not None:
        return _ask_scale(use, chosen, scale)
    say("Which of these answers count as a yes?")
    counts = _ask_answers(chosen.answers, chosen.offered.yes)
    return replace(use, counts=counts, known=_known(use, chosen))


def _known(use: Use, chosen: Candidate) -> tuple[str, ...]:
    """All answers there may be, where none is hidden."""
    rest = [a for a in chosen.offered.nothing if a not in use.no_answer]
    return (*chosen.offered.known, *rest) if chosen.offered.known else ()


def _ask_nothing(use: Use, chosen: Candidate) -> Use:
    """Which answers say nothing and leave the base of the share; and how many rare ones are not shown."""
    from dataclasses import replace

    if chosen.offered.others:
        say(
            f"{chosen.offered.others} answers given once or twice are not shown, as they may be somebody's own words; they count as a no."
        )
    if not chosen.offered.nothing:
        return use
    say("Do these say nothing, so that whoever gave them is not counted at all?")
    for answer in chosen.offered.nothing:
        click.echo(f"     {answer}")
    return (
        replace(use, no_answer=chosen.offered.nothing)
        if click.confirm("  They say nothing", default=True)
        else use
    )


def _ask_scale(use: Use, chosen: Candidate, scale: Scale) -> Use:
    """The ends of a scale of numbers, which of them is the better one, and from where on somebody agrees."""
    from dataclasses import replace

    from sharedvalue.engine.evidence.offered import LOW

    if chosen.kind == "number":
        say("The answers are numbers. A file does not say the ends of its scale.")
    else:
        say(f"Answers there are: {', '.join(chosen.answers)}. A file does not say the ends of its scale.")
    low = _ask_number("Lowest that could be chosen", scale.low)
    high = _ask_number("Highest that could be chosen", scale.high)
    if scale.said:
        say(f"The file says: {scale.said}.")
    best = click.prompt(
        f"Which end is the better one, {low} or {high}",
        type=click.Choice([str(low), str(high)]),
        default=str(low if scale.best == LOW else high),
        show_choices=False,
    )
    ends = replace(scale, low=low, high=high, best=LOW if best == str(low) and low != high else "high")
    if ends.best == LOW:
        end = _ask_number("Up to which number does somebody agree", ends.start)
        return replace(use, scale=(Fraction(low), Fraction(high)), at_most=Fraction(end))
    start = _ask_number("From which number on does somebody agree", ends.start)
    return replace(use, scale=(Fraction(low), Fraction(high)), at_least=Fraction(start))


def _ask_answers(answers: Sequence[str], likely: Sequence[str] = ()) -> tuple[str, ...]:
    """Some of the answers; Enter takes the likely ones, where there are any. None of them leaves the column out."""
    from sharedvalue.engine.evidence.asked import short

    for number, answer in enumerate(answers, start=1):
        click.echo(f"  {number}  {short(answer, 70)}")
    ticked = " ".join(str(answers.index(a) + 1) for a in likely) or None
    while True:
        words = (
            str(click.prompt("  Numbers, such as 1 3, or - to leave the column out", default=ticked))
            .replace(",", " ")
            .split()
        )
        if words == ["-"]:
            return ()
        if words and all(w.isdigit() and 1 <= int(w) <= len(answers) for w in words):
            return tuple(answers[int(w) - 1] for w in words)
        say(f"Give numbers from 1 to {len(answers)}, with blanks between.")


def _ask_needs(use: Use, chosen: Candidate, export: Export) -> Use:
    from dataclasses import replace

    from sharedvalue.engine.evidence.guess import grid_rows
    from sharedvalue.engine.evidence.offered import options_under

    if chosen.kind == "text":
        say(
            "These are free texts. They are put together in a file that you can change; import again after that."
        )
        return replace(use, grouping=f"needs-{export.file.stem}.yaml")
    labels = [c.part for c in grid_rows(export, chosen.heading)] if chosen.question else list(chosen.answers)
    if chosen.question:
        use = _ask_nothing(use, chosen)
        say("Which of these answers mean that somebody needs it?")
        use = replace(use, counts=_ask_answers(chosen.answers, chosen.offered.yes), known=_known(use, chosen))
        if not use.counts:
            return use
    elif chosen.offered.separator:
        use = replace(use, separator=_ask_separator(chosen.offered.separator))
        if use.separator != chosen.offered.separator:
            labels = list(options_under(export, chosen.index, use.separator))
    say(
        "For each need: does it fall within the purpose the community began with? y, n, ? for not known, - to leave it out."
    )
    return replace(use, groups=tuple(group for label in labels if (group := _ask_need(label)) is not None))


def _ask_separator(found: str) -> str:
    """What stands between several answers in one cell: as found, or as a person says."""
    from sharedvalue.engine.telling.exports import SEPARATED

    say(f"Several answers stand in one cell, {SEPARATED[found]} between them.")
    if click.confirm("  Is that right?", default=True):
        return found
    given = str(click.prompt("  What stands between them, such as ; or | (line for a line break)")).strip()
    return "\n" if given == "line" else given or found


def _ask_need(label: str) -> Group | None:
    from sharedvalue.engine.evidence.asked import short
    from sharedvalue.engine.evidence.mapping import Group

    answer = click.prompt(
        f"  {short(label, 60)}", type=click.Choice(["y", "n", "?", "-"]), default="?", show_choices=False
    )
    within = {"y": True, "n": False}.get(answer)
    return None if answer == "-" else Group(label, (label,), within_purpose=within)


def ask_proposals(file: str, found: Sequence[Proposal]) -> tuple[Group, ...]:
    """Which of the proposals are needs, in whose words, and whether they are within the purpose."""
    from sharedvalue.engine.evidence.asked import short
    from sharedvalue.engine.evidence.mapping import Group

    say(
        f"What resonates in {file} was put together by the words of its titles. Which of it do members need? Write the need in your own "
        "words, Enter takes those shown, - is none. How many need it, a survey says; until then, your judgement may stand there, as one."
    )
    groups = []
    for number, each in enumerate(found, start=1):
        titles = "; ".join(short(item, 40) for item in each.items[:3])
        more = f" and {len(each.items) - 3} more" if len(each.items) > 3 else ""
        click.echo(
            "\n".join(fold(f"{each.times:,} times: {titles}{more}", WIDTH, "     ", first=f"  {number}  "))
        )
        named = " ".join(str(click.prompt("     Need", default=each.words)).split())
        if named == "-":
            continue
        answer = click.prompt(
            "     Within the purpose (y, n, ? for not known)",
            type=click.Choice(["y", "n", "?"]),
            default="?",
            show_choices=False,
        )
        within = {"y": True, "n": False}.get(answer)
        groups.append(Group(named[:80], each.items, within_purpose=within, needed_by=_ask_weight()))
    return tuple(groups)


def _ask_weight() -> Fraction | None:
    """How many have a need, as the person who is asked judges; None for no judgement."""
    while True:
        said = str(
            click.prompt(
                "     Of 100 members, how many need it, as you judge (Enter: no judgement)",
                default="",
                show_default=False,
            )
        ).strip()
        if not said:
            return None
        if said.isdigit() and int(said) <= 100:
            return Fraction(int(said))
        say("Write a number from 0 to 100, or Enter.")


def _ask_levels(use: Use, chosen: Candidate, book: RuleBook) -> Use:
    from dataclasses import replace

    from sharedvalue.engine.evidence.mapping import Group
    from sharedvalue.engine.language.scenario import type_of
    from sharedvalue.engine.language.types import ChoiceType

    kind = type_of(book, "segments[0].level")
    levels = kind.options if isinstance(kind, ChoiceType) else ()
    if chosen.kind == "number":
        bounds = [
            _ask_number(f"From which number on is somebody a {level}", place)
            for place, level in enumerate(levels)
        ]
        ends = [*(Fraction(b) - Fraction(1, 1000) for b in bounds[1:]), None]
        return replace(
            use,
            groups=tuple(
                Group(level, (), Fraction(low), high)
                for level, low, high in zip(levels, bounds, ends, strict=True)
            ),
        )
    answers: dict[str, list[str]] = {level: [] for level in levels}
    say(f"For each answer, its level: {', '.join(levels)}; Enter for none.")
    for answer in chosen.answers:
        while True:
            said = str(click.prompt(f"  {answer[:60]}", default="", show_default=False)).strip()
            if not said or said in levels:
                break
            say(did_you_mean(said, levels) or f"Levels: {', '.join(levels)}.")
        if said:
            answers[said].append(answer)
    return replace(use, groups=tuple(Group(level, tuple(given)) for level, given in answers.items() if given))


def _ask_number(text: str, default: int) -> int:
    return int(click.prompt(text, type=int, default=default))


def _ask_whole(text: str) -> int:
    return max(0, int(click.prompt(text, type=int, default=0, show_default=False)))


def _ask_date(export: Export) -> str:
    if export.period[1]:
        return ""
    return ask_day("The file has no dates. The last day on which it was answered (2026-05-31)")


def ask_day(text: str) -> str:
    while True:
        answer = str(click.prompt(text)).strip()
        try:
            return dt.date.fromisoformat(answer).isoformat()
        except ValueError:
            say("Write it as year-month-day: 2026-05-31.")


def _ask_order(export: Export, uses: Sequence[Use]) -> str:
    if not any(use.role == "date" for use in uses) or export.period[1]:
        return ""
    return str(
        click.prompt(
            "Dates: which stands first", type=click.Choice(["month first", "day first", "year first"])
        )
    )
