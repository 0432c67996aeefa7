"""Asks a person what a column that was chosen says: which answers count, which are needs, which stand for a level."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.import_prompts import Words, confirm, prompt, say, whole, within
from sharedvalue.engine.errors import did_you_mean

if TYPE_CHECKING:
    from sharedvalue.engine.evidence.export import Export
    from sharedvalue.engine.evidence.guess import Candidate
    from sharedvalue.engine.evidence.mapping import Group, Use
    from sharedvalue.engine.evidence.offered import Scale
    from sharedvalue.engine.language.rulebook import RuleBook


def ask_use(
    role: str, chosen: Candidate, export: Export, book: RuleBook, purposes: dict[str, str] | None = None
) -> Use:
    """What a person says of a column. `purposes` holds what was said of each need before somebody went back, and is filled."""
    from sharedvalue.engine.evidence.mapping import ROLES, Use

    place = (
        {"question": chosen.heading} if chosen.question else {"column": chosen.heading, "index": chosen.index}
    )
    use = Use(role, fact=ROLES[role].fact, **place)
    if role == "needs":
        return _ask_needs(use, chosen, export, {} if purposes is None else purposes)
    if "counts" in ROLES[role].takes:
        return _ask_counts(use, chosen)
    if role == "level":
        return _ask_levels(use, chosen, book)
    return _ask_nothing(use, chosen) if role == "segment" else use


def _ask_counts(use: Use, chosen: Candidate) -> Use:
    """Which answers count: a number from which on, or the answers themselves."""
    from dataclasses import replace

    _tell_rare(chosen)
    use = _ask_nothing(use, chosen)
    scale = chosen.offered.scale
    if scale is not None:
        return _ask_scale(use, chosen, scale)
    say("Which of these answers count as a yes?")
    answers = (*chosen.answers, *(a for a in chosen.offered.nothing if a not in use.no_answer))
    counts, silent = _ask_answers(answers, chosen.offered.yes)
    silent = silent or _ask_silent(chosen.answers, counts)
    use = replace(use, no_answer=(*use.no_answer, *silent))
    return replace(use, counts=counts, known=_known(use, chosen))


def _known(use: Use, chosen: Candidate) -> tuple[str, ...]:
    """All answers there may be, where none is hidden."""
    known = [a for a in (*chosen.offered.known, *chosen.offered.nothing) if a not in use.no_answer]
    return tuple(known) if chosen.offered.known else ()


def _tell_rare(chosen: Candidate) -> None:
    """How many rare answers are not shown."""
    if chosen.offered.others:
        say(
            f"Answers that only one or two people gave are not shown, as they may be somebody's own words. They were given "
            f"{chosen.offered.others} times in all, and count as a no."
        )


def _ask_nothing(use: Use, chosen: Candidate) -> Use:
    """Which answers say nothing and leave the base of the share."""
    from dataclasses import replace

    if not chosen.offered.nothing:
        return use
    say("Do these say nothing, so that whoever gave them is not counted at all?")
    for answer in chosen.offered.nothing:
        click.echo(f"     {answer}")
    return (
        replace(use, no_answer=chosen.offered.nothing) if confirm("  They say nothing", default=True) else use
    )


def _ask_scale(use: Use, chosen: Candidate, scale: Scale) -> Use:
    """The ends of a scale of numbers, which of them is the better one, and from where on somebody agrees."""
    from dataclasses import replace

    from sharedvalue.engine.evidence.offered import LOW

    if chosen.kind == "number":
        say("The answers are numbers.")
    else:
        say(f"Answers there are: {', '.join(chosen.answers)}.")
    if scale.said:
        say(f"The file says: {scale.said}. Were these the ends of what could be chosen?")
    else:
        say("A file does not say the ends of its scale.")
    low = within("Lowest that could be chosen", scale.low)
    high = within("Highest that could be chosen", max(scale.high, low + 1), least=low + 1)
    likely = None if scale.said and not scale.best else str(low if scale.best == LOW else high)
    best = prompt(
        f"Which end is the better one, {low} or {high}", click.Choice([str(low), str(high)]), default=likely
    )
    ends = replace(scale, low=low, high=high, best=LOW if best == str(low) and low != high else "high")
    if ends.best == LOW:
        end = within("Up to which number does somebody agree", ends.start, low, high)
        return replace(use, scale=(Fraction(low), Fraction(high)), at_most=Fraction(end))
    start = within("From which number on does somebody agree", ends.start, low, high)
    return replace(use, scale=(Fraction(low), Fraction(high)), at_least=Fraction(start))


def _ask_answers(
    answers: Sequence[str], likely: Sequence[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Some of the answers, and those that say nothing; Enter takes the likely ones, where there are any. Neither leaves the column
    out."""
    from sharedvalue.engine.evidence.asked import short

    for number, answer in enumerate(answers, start=1):
        click.echo(f"  {number}  {short(answer, 70)}")
    ticked = " ".join(str(answers.index(a) + 1) for a in likely) or None
    while True:
        words = (
            prompt(
                "  Numbers, such as 1 2; after a 0 those that say nothing, such as 1 0 3; or - to leave the column out",
                default=ticked,
            )
            .replace(",", " ")
            .split()
        )
        if words == ["-"]:
            return (), ()
        at = words.index("0") if "0" in words else len(words)
        numbers = [w for place, w in enumerate(words) if place != at]
        if words[:at] and all(w.isdecimal() and 1 <= int(w) <= len(answers) for w in numbers):
            said = tuple(answers[int(w) - 1] for w in numbers)
            return said[:at], said[at:]
        say(
            f"Give numbers from 1 to {len(answers)}, with blanks between: first those that count, then, after a 0, those that say nothing."
        )


def _ask_silent(answers: Sequence[str], counts: Sequence[str]) -> tuple[str, ...]:
    """Which of the answers that count as a no say nothing: asked where some of them are no plain no, in whatever words."""
    from sharedvalue.engine.evidence.asked import short
    from sharedvalue.engine.evidence.layout import folded
    from sharedvalue.engine.evidence.words import no_words

    others = [answer for answer in answers if answer not in counts]
    if not counts or all(folded(answer) in no_words() for answer in others):
        return ()
    say("The others count as a no. Do some of them say nothing, so that whoever gave them is not counted?")
    for number, answer in enumerate(others, start=1):
        click.echo(f"  {number}  {short(answer, 70)}")
    while True:
        words = prompt("  Numbers of those that say nothing; Enter: none", default="", show_default=False)
        numbers = words.replace(",", " ").replace("-", " ").split()
        if all(word.isdecimal() and 1 <= int(word) <= len(others) for word in numbers):
            return tuple(others[int(word) - 1] for word in numbers)
        say(f"Give numbers from 1 to {len(others)}, with blanks between, or Enter.")


def _ask_needs(use: Use, chosen: Candidate, export: Export, purposes: dict[str, str]) -> Use:
    from dataclasses import replace

    from sharedvalue.engine.evidence.asked import folded_set
    from sharedvalue.engine.evidence.guess import grid_rows, ticks
    from sharedvalue.engine.evidence.layout import folded
    from sharedvalue.engine.evidence.offered import options_under, within_one_another
    from sharedvalue.engine.evidence.words import names_nothing

    if chosen.kind == "text":
        say(
            "These are free texts. They are put together in a file that you can change; import again after that."
        )
        return replace(use, grouping=f"needs-{export.file.stem}.yaml")
    labels = [c.part for c in grid_rows(export, chosen.heading)] if chosen.question else list(chosen.answers)
    _tell_rare(chosen)
    use = _ask_nothing(use, chosen)
    if chosen.by_ticks:
        use = replace(use, counts=ticks(export, chosen.heading))
    elif chosen.question:
        say("Which of these answers mean that somebody needs it?")
        counts, silent = _ask_answers(chosen.answers, chosen.offered.yes)
        silent = silent or _ask_silent(chosen.answers, counts)
        use = replace(use, counts=counts, no_answer=(*use.no_answer, *silent))
        use = replace(use, known=_known(use, chosen))
        if not use.counts:
            return use
    elif chosen.offered.separator:
        use = replace(use, separator=_ask_separator(chosen.offered.separator))
        if use.separator != chosen.offered.separator:
            without = folded_set(chosen.offered.nothing)
            labels = [
                label
                for label in options_under(export, chosen.index, use.separator)
                if folded(label) not in without
            ]
    elif within_one_another(labels) and (between := _ask_whether_several()):
        use = replace(use, separator=between)
        labels = list(options_under(export, chosen.index, between))
    if none := [label for label in labels if folded(label) in names_nothing()]:
        say(f"Not asked, as no need is named by: {', '.join(none)}.")
        labels = [label for label in labels if label not in none]
    say(
        "For each need: does it fall within the purpose the community began with? y, n, ? for not known, - to leave it out."
    )
    return replace(
        use, groups=tuple(group for label in labels if (group := _ask_need(label, purposes)) is not None)
    )


def _ask_separator(found: str) -> str:
    """What stands between several answers in one cell: as found, or as a person says."""
    from sharedvalue.engine.telling.exports import SEPARATED

    say(f"Several answers stand in one cell, {SEPARATED[found]} between them.")
    if confirm("  Is that right?", default=True):
        return found
    given = prompt("  What stands between them, such as ; or | (line for a line break)").strip()
    return "\n" if given == "line" else given or found


def _ask_whether_several() -> str:
    say("Some of these answers hold others of them, as if several stood in one cell.")
    given = prompt("  What stands between them, such as + or & (Enter: each is one answer)", default="")
    return given.strip()


def _ask_need(label: str, purposes: dict[str, str]) -> Group | None:
    from sharedvalue.engine.evidence.asked import short
    from sharedvalue.engine.evidence.mapping import Group

    answer = prompt(f"  {short(label, 60)}", Words(["y", "n", "?", "-"]), default=purposes.get(label, "?"))
    purposes[label] = answer
    within = {"y": True, "n": False}.get(answer)
    return None if answer == "-" else Group(label, (label,), within_purpose=within)


def _ask_levels(use: Use, chosen: Candidate, book: RuleBook) -> Use:
    from dataclasses import replace

    from sharedvalue.engine.evidence.mapping import Group
    from sharedvalue.engine.language.scenario import type_of
    from sharedvalue.engine.language.types import ChoiceType

    kind = type_of(book, "segments[0].level")
    levels = kind.options if isinstance(kind, ChoiceType) else ()
    if chosen.kind == "number":
        bounds = [
            whole(f"From which number on is somebody a {level}", place) for place, level in enumerate(levels)
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
    say(f"For each answer, its level: {', '.join(levels)}, or its first letter; Enter for none.")
    for answer in chosen.answers:
        while True:
            said = prompt(f"  {answer[:60]}", default="", show_default=False).strip().casefold()
            fitting = [level for level in levels if level.startswith(said)]
            if not said or len(fitting) == 1:
                break
            say(did_you_mean(said, levels) or f"Levels: {', '.join(levels)}.")
        if said:
            answers[fitting[0]].append(answer)
    return replace(use, groups=tuple(Group(level, tuple(given)) for level, given in answers.items() if given))
