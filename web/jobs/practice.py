"""Practice, for its room: a case as it lies on the table, the answer after a commitment, progress, courses, and groups.

The engine of practice is that of the command: sittings, reveals and the practice file are the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.kept import Kept
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.practice.cases import Case, Cases
from sharedvalue.engine.practice.session import Sitting
from sharedvalue.engine.practice.store import Store
from sharedvalue.engine.practice.words import Rows
from sharedvalue.engine.practice.written import Step
from sharedvalue.web.jobs import case as cases_of
from sharedvalue.web.jobs.records import entry

Json = dict[str, Any]
KEPT = 40
QUESTIONS = 4  # of concordance, on a case
RANGES = 3
_cases: Kept[Cases] = Kept(1)
_made: Kept[Case] = Kept(KEPT)


def _all(book: RuleBook) -> Cases:
    return _cases.of(book.hash, lambda: Cases(book))


def _case(book: RuleBook, name: str) -> Case:
    """A case by its name; never a file of this machine."""
    if not name.replace("-", "").replace("_", "").isalnum():
        raise mistake("SV560", name[:60], "there is no case of this name", "Choose one of the list.")
    return _made.of((book.hash, name), lambda: _all(book).get(name))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


def contents(file: str, house: tuple[str, ...], stamp: str) -> Json:
    """What can be practised: the saved cases with their titles, kinds of generated ones, and what is due."""
    book = cases_of.book(house, stamp)
    found = _all(book)
    titles = found.titles()
    store = Store(Path(file))
    answers = store.answers()
    return {
        "written": [(name, titles[name]) for name in found.written],
        "saved": [(name, titles[name]) for name in found.saved if name not in found.written],
        "popular": [{"name": p.name, "title": p.title} for p in found.about.popular.values()],
        "rules": [{"name": rule.id, "title": rule.title} for rule in book.rules.values() if not rule.is_note],
        "due": len(store.due(_now())),
        "answered": sorted({answer.case for answer in answers}),
        "answers": sum(answer.judged for answer in answers),
    }


def coming(file: str, house: tuple[str, ...], stamp: str) -> str:
    """The case that comes next."""
    from sharedvalue.engine.practice.coming import next_case

    return next_case(_all(cases_of.book(house, stamp)), Store(Path(file)), _now(), files=False).id


def _sitting(book: RuleBook, name: str, hidden: bool, asked: tuple[str, ...]) -> Sitting:
    sitting = Sitting(_case(book, name), hidden)
    for fact in asked:
        sitting = sitting.ask(fact)
    return sitting


def table(name: str, hidden: bool, asked: tuple[str, ...], house: tuple[str, ...], stamp: str) -> Json:
    """A case as it lies on the table: nothing in it tells the answer."""
    from sharedvalue.engine.language.facts import GROUP_TITLES
    from sharedvalue.engine.practice import words

    book = cases_of.book(house, stamp)
    sitting = _sitting(book, name, hidden, asked)
    scenario, shown = sitting.case.scenario, {cue.name for cue in sitting.shown}
    groups = []
    for group, title in GROUP_TITLES.items():
        facts = [
            {
                "name": cue.name,
                "short": cue.short,
                "title": cue.title,
                "effort": cue.effort,
                "shown": cue.name in shown,
                "lines": list(cue.lines) if cue.name in shown else [],
            }
            for cue in sitting.cues.values()
            if cue.group == group
        ]
        if facts:
            groups.append({"title": title, "facts": facts})
    return {
        "id": sitting.case.id,
        "title": scenario.title,
        "story": scenario.story,
        "source": scenario.source,
        "after": sitting.case.step.after if sitting.case.step else "",
        "papers": _papers(sitting.case.step) if sitting.case.step else [],
        "effort": sitting.effort if hidden else 0,
        "groups": groups,
        "outcomes": [
            {"name": outcome, "title": one.title, "means": one.means}
            for outcome, one in book.outcomes.outcomes.items()
        ],
        "questions": {"outcome": words.WHAT_BECOMES, "sure": words.HOW_SURE, "facts": words.WHICH_FACTS},
    }


def _papers(step: Step) -> list[Json]:
    """The papers of a case to read, the new ones first; a chart with its picture, which says in its label what it shows."""
    from sharedvalue.engine.practice.documents import chart_svg, stressed

    return [
        {
            "heading": one.heading,
            "title": one.title if one.sender else "",
            "paragraphs": [stressed(text) for text in one.paragraphs],
            "chart": chart_svg(one) if one.bars else "",
            "note": stressed(one.note),
            "new": one in step.papers,
        }
        for one in (*step.papers, *step.earlier)
    ]


def _committed(book: RuleBook, name: str, hidden: bool, asked: tuple[str, ...], said: Json) -> Sitting:
    found = _sitting(book, name, hidden, asked).commit(said["outcome"], said["confidence"], said["facts"])
    return found.try_again(said["second"]) if said.get("second") else found


def commit(
    name: str, hidden: bool, asked: tuple[str, ...], said: Json, file: str, house: tuple[str, ...], stamp: str
) -> None:
    """The answer of a trainee is kept, before anything of the right one is shown."""
    from sharedvalue.engine.practice.answering import keep_at_once

    sitting = _committed(cases_of.book(house, stamp), name, hidden, asked, said)
    keep_at_once(Store(Path(file)), sitting, _now())


def second(
    name: str, hidden: bool, asked: tuple[str, ...], said: Json, file: str, house: tuple[str, ...], stamp: str
) -> Json:
    """Whether the answer of a trainee is the book's; else what to look at once more, and nothing of the answer."""
    from sharedvalue.engine.practice import words
    from sharedvalue.engine.practice.answering import complete
    from sharedvalue.engine.practice.reveal import reveal

    book = cases_of.book(house, stamp)
    found = reveal(_committed(book, name, hidden, asked, said))
    complete(Store(Path(file)), found)
    return {
        "right": found.right,
        "title": found.sitting.case.scenario.title,
        "hint": words.once_more(found),
        "question": words.SECOND_TRY,
        "outcomes": [
            {"name": outcome, "title": one.title, "means": one.means}
            for outcome, one in book.outcomes.outcomes.items()
        ],
    }


def besides(
    name: str, kind: str, outcome: str, reason: str, file: str, house: tuple[str, ...], stamp: str
) -> None:
    """A second try, or that a trainee sees it otherwise and why, is kept beside the first answer."""
    from sharedvalue.engine.practice.answering import keep_disagreement, keep_second
    from sharedvalue.engine.practice.session import outcome_named

    book, store = cases_of.book(house, stamp), Store(Path(file))
    case, said = _case(book, name), outcome_named(outcome, book)
    if kind == "second":
        keep_second(store, case, said, _now())
    else:
        keep_disagreement(store, case, said, reason, _now())


def last(name: str, file: str, house: tuple[str, ...], stamp: str) -> Json | None:
    """What a trainee said last of a case; None where it was not answered."""
    del house, stamp
    for answer in reversed(Store(Path(file)).answers()):
        if answer.case == name and answer.judged:
            said = {"outcome": answer.answered, "confidence": answer.confidence, "facts": list(answer.cues)}
            return {"said": said, "hidden": bool(answer.asked or answer.effort), "asked": list(answer.asked)}
    return None


def revealed(
    name: str, hidden: bool, asked: tuple[str, ...], said: Json, file: str, house: tuple[str, ...], stamp: str
) -> Json:
    """The answer to a case, in the words of the command, with its graph."""
    from sharedvalue.engine.graph import explanation
    from sharedvalue.engine.graph.html import fragments
    from sharedvalue.engine.practice.reveal import reveal
    from sharedvalue.engine.practice.words import OTHERWISE
    from sharedvalue.engine.practice.words import revealed as told

    book = cases_of.book(house, stamp)
    other = _case(book, name).other
    sitting = _committed(book, name, hidden, asked, said)
    met = bool(other) and any(one.judged and one.case == other for one in Store(Path(file)).answers())
    found = reveal(replace(sitting, twin_judged=met))
    head, *rest = told(found).sections
    return {
        "title": found.sitting.case.scenario.title,
        "right": found.right,
        "verdict": head.entries[0].text,
        "headline": head.entries[1].text,
        "sections": [
            {
                "heading": one.heading,
                "entries": [{**entry(e), "rule": e.right} for e in one.entries],
            }
            for one in rest
            if one.heading
        ],
        "effort": found.sitting.effort if hidden else 0,
        "follows": found.sitting.case.follows,
        "otherwise": ""
        if (found.sitting.second or found.commitment.outcome) == found.decision.outcome
        else OTHERWISE.removesuffix(" (Enter: no)"),
        "picture": fragments(explanation(found.decision, False)),
    }


# --- more or less likely --------------------------------------------------------------------------------------


def likely(
    name: str, said: tuple[str, ...], panel: str, file: str, house: tuple[str, ...], stamp: str
) -> Json:
    """Questions of concordance about a case: of the panel in a file, where it has some on it; with answers, scored by it."""
    from sharedvalue.engine.practice.answering import keep_concordance
    from sharedvalue.engine.practice.concordance import SCALE, items
    from sharedvalue.engine.practice.panel import load_panel, questions_of
    from sharedvalue.engine.practice.words import asked, by_panel, proven

    book = cases_of.book(house, stamp)
    found = _case(book, name)
    asked_by = load_panel(panel, book) if Path(panel).is_file() else None
    numbers = asked_by.of_case(found.id) if asked_by is not None else ()
    if asked_by is not None and numbers:
        questions = questions_of(asked_by, _all(book), numbers)
    else:
        asked_by, questions = None, items(found, QUESTIONS)
    if not questions:
        raise mistake("SV560", name, "no such questions can be asked of this case", "Take another case.")
    answers = [int(one) for one in said if one in map(str, SCALE)]
    if said and len(answers) != len(questions):
        raise mistake("SV561", "answers", "a question has no answer", "Answer each of them, from -2 to 2.")
    lines = [{"lines": list(asked(item)), "said": None, "scored": "", "proof": ""} for item in questions]
    if answers:
        places = numbers or range(len(questions))
        given = [asked_by.given(n) if asked_by else {} for n in places]
        earned = [
            asked_by.credit(n, one) if asked_by else None for n, one in zip(places, answers, strict=True)
        ]
        keep_concordance(Store(Path(file)), questions, earned, _now())
        for line, item, one, theirs, credit in zip(lines, questions, answers, given, earned, strict=True):
            line |= {"said": SCALE[one], "scored": by_panel(one, theirs, credit), "proof": proven(item)}
    return {
        "title": found.scenario.title,
        "answers": list(SCALE.items()),
        "items": lines,
        "scored": bool(answers),
        "panel": asked_by.title if asked_by else "",
    }


def intervals(name: str, said: tuple[str, ...], file: str, house: tuple[str, ...], stamp: str) -> Json:
    """Interval questions about a case; with ranges, whether each holds the value, and kept."""
    from sharedvalue.engine.practice.answering import keep_intervals
    from sharedvalue.engine.practice.intervals import borders, ranges_of
    from sharedvalue.engine.practice.words import HOW_WIDE, held

    found = _case(cases_of.book(house, stamp), name)
    asked = borders(found, RANGES)
    ranges = ranges_of(",".join(one.replace(",", " ") for one in said), asked) if said else ()
    if ranges:
        keep_intervals(Store(Path(file)), asked, ranges, _now())
    told = [held(border, one) for border, one in zip(asked, ranges, strict=False)] or [""] * len(asked)
    return {
        "title": found.scenario.title,
        "how": HOW_WIDE,
        "items": [{"lines": border.asked, "told": line} for border, line in zip(asked, told, strict=True)],
        "scored": bool(ranges),
    }


# --- progress, courses, groups --------------------------------------------------------------------------------


def progress(file: str, house: tuple[str, ...], stamp: str) -> Json:
    """What the answers of a trainee add up to."""
    from sharedvalue.engine.practice.curve import curve_svg
    from sharedvalue.engine.practice.progress import progress as add_up
    from sharedvalue.engine.practice.words import coming_back

    store, book, now = Store(Path(file)), cases_of.book(house, stamp), _now()
    answers = store.answers()
    found, cards = add_up(answers), store.cards()
    back = coming_back({topic: (when, n) for topic, (_, when, n) in cards.items()}, _all(book).titles(), now)
    return {
        "tables": [*_tables(found, book), *([_table(back)] if back.rows else [])],
        "curve": curve_svg(found.calibration),
        "due": len(store.due(_now())),
        "count": sum(answer.judged for answer in answers),
    }


def _tables(found: Any, book: RuleBook) -> list[Json]:
    from sharedvalue.engine.practice.words import progressed

    return [_table(one) for one in progressed(found, book)]


def _table(one: Rows) -> Json:
    return {"heading": one.heading, "rows": [list(row) for row in one.rows]}


def export(file: str, named: str, house: tuple[str, ...], stamp: str) -> Json:
    """All answers of a trainee, to keep or to give to a trainer."""
    from sharedvalue.engine.practice.course import export_json

    del house, stamp
    return export_json(Store(Path(file)).answers(), named)


def forget(file: str, house: tuple[str, ...], stamp: str) -> bool:
    """Deletes the practice file."""
    del house, stamp
    return Store(Path(file)).forget()


def course(names: tuple[str, ...], file: str, house: tuple[str, ...], stamp: str) -> list[Json]:
    """The cases of a course, each with whether it was answered."""
    book = cases_of.book(house, stamp)
    done = {answer.case for answer in Store(Path(file)).answers()}
    found = []
    for name in names:
        try:
            one = _case(book, name)
        except UserError as error:
            found.append({"name": name, "title": name, "done": False, "problem": error.problems[0].what})
            continue
        found.append({"name": one.id, "title": one.scenario.title, "done": one.id in done, "problem": ""})
    return found


def read_course(path: str, house: tuple[str, ...], stamp: str) -> Json:
    """A course file that was sent; files of the sender's machine in it are not here."""
    from sharedvalue.engine.practice.course import load_course

    del house, stamp
    found = load_course(path)
    return {"title": found.title, "cases": [Path(name).stem for name in found.cases], "ask": found.ask}


def group(paths: tuple[str, ...], house: tuple[str, ...], stamp: str) -> Json:
    """A summary of several trainees, from their exports."""
    from sharedvalue.engine.practice.course import load_export
    from sharedvalue.engine.practice.debrief import disagreements, splits, talks
    from sharedvalue.engine.practice.group import group as add_up
    from sharedvalue.engine.practice.words import otherwise_words, share_words, talk_words

    book = cases_of.book(house, stamp)
    exports = [load_export(path) for path in paths]
    found, titles = add_up(exports), _all(book).titles()
    return {
        "tables": _tables(found.everybody, book),
        "people": [[who, share_words(one.calibration.share)] for who, one in found.each.items()],
        "cases": [[titles.get(name, name), share_words(share)] for name, share in found.cases.items()],
        "talks": [talk_words(one, book) for one in talks(_all(book), splits(exports))],
        "otherwise": [otherwise_words(one, book) for one in disagreements(exports)],
    }
