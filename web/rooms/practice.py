"""Practice: a case is judged first, then its answer is shown; facts at a cost, twins, questions of concordance, progress."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import Response

from sharedvalue.engine.errors import Problem, UserError, mistake
from sharedvalue.engine.practice.store import default_file
from sharedvalue.web.visit import HTTPException, Room, Visit, acts, shows
from sharedvalue.web.work import SLOW, OutOfTime

NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
KEPT = 2000  # sittings that are remembered
MOST_FACTS = 60
PANEL = "panel.yaml"  # in the folder that is served
MOST_QUESTIONS = 12


@dataclass(frozen=True)
class Seat:
    """Where a trainee sits at a case: whether facts are hidden, which were asked for, and what was said in the end.

    `second` is None until a second try was given or declined (''); `why`: it was said why it is seen otherwise.
    """

    hidden: bool = False
    asked: tuple[str, ...] = ()
    said: tuple[str, int, tuple[str, ...]] | None = None
    second: str | None = None
    why: bool = False

    @property
    def given(self) -> dict[str, Any]:
        return {"hidden": self.hidden, "asked": self.asked}

    @property
    def answer(self) -> dict[str, Any]:
        assert self.said is not None
        return {
            "outcome": self.said[0],
            "confidence": self.said[1],
            "facts": list(self.said[2]),
            "second": self.second or "",
        }


_seats: OrderedDict[tuple[str, str], Seat] = OrderedDict()
courses: OrderedDict[str, str] = OrderedDict()  # the course that each trainee looked at last


def file_of(visit: Visit) -> str:
    """The practice file: one for each person who signs in, else the one of the commands."""
    path = visit.place.settings.practice or default_file()
    if visit.person.name:
        own = hashlib.sha256(visit.person.name.encode()).hexdigest()[:16]
        path = path.with_name(f"{path.stem}-{own}{path.suffix}")
    return str(path)


def name_of(visit: Visit) -> str:
    """The case of the address; only names, never a path."""
    name: str = visit.request.path_params["case"]
    if NAME.fullmatch(name) is None:
        raise HTTPException(404)
    return name


def _key(visit: Visit) -> tuple[str, str]:
    return who_of(visit), name_of(visit)


def seat_of(visit: Visit) -> Seat:
    return _seats.get(_key(visit), Seat())


def sit(visit: Visit, seat: Seat) -> None:
    _seats[_key(visit)] = seat
    _seats.move_to_end(_key(visit))
    while len(_seats) > KEPT:
        _seats.popitem(last=False)


def take(visit: Visit, hidden: bool) -> None:
    """A case is taken up: anew, unless it is half done; what was seen of it cannot be unseen."""
    seat = seat_of(visit)
    if seat.said is not None or not seat.asked:
        sit(visit, Seat(hidden))


def who_of(visit: Visit) -> str:
    return visit.person.name or visit.session


async def about_case(visit: Visit, job: str, **given: Any) -> Any:
    """What a job answers about the case of the address; 404 where there is none."""
    try:
        return await visit.work(f"practice:{job}", lane=SLOW, name=name_of(visit), **given)
    except UserError as error:
        if error.problems[0].code == "SV560" and job == "table":
            raise HTTPException(404) from None
        raise


# --- choosing ---------------------------------------------------------------------------------------------------


async def practice(visit: Visit) -> Response:
    found = await visit.work("practice:contents", kept=False, file=file_of(visit))
    return visit.render("practice/practice.html", room="practice", found=found)


async def coming(visit: Visit) -> Response:
    """The next case: what is due, else a new one."""
    name = await visit.work("practice:coming", lane=SLOW, kept=False, file=file_of(visit))
    visit.request.path_params["case"] = name
    take(visit, visit.said("ask", 3) == "yes")
    return visit.go(f"/practice/case/{name}")


async def choose(visit: Visit) -> Response:
    """A case of the list, or one made up for a rule, for a near miss of it, or where a popular rule misleads."""
    name = visit.said("case", 80).strip()
    kind, about = visit.said("kind", 20), visit.said("about", 60).strip()
    number = visit.said("number", 6).strip() or "1"
    if not name:
        if kind not in ("rule", "near", "popular", "twin") or not number.isascii() or not number.isdigit():
            raise mistake("SV561", "case", "it is not said which case", "Choose one, and a number such as 1.")
        name = f"twin-{number}-a" if kind == "twin" else f"{kind}-{about}-{number}"
    if NAME.fullmatch(name) is None:
        raise mistake("SV560", name, "there is no case of this name", "Choose one of the list.")
    hidden = visit.said("ask", 3) == "yes"
    found = await visit.work("practice:table", lane=SLOW, name=name, hidden=hidden, asked=())
    name = found["id"]
    visit.request.path_params["case"] = name
    take(visit, hidden)
    return visit.go(f"/practice/case/{name}")


# --- a case -----------------------------------------------------------------------------------------------------


async def case(visit: Visit) -> Response:
    seat = seat_of(visit)
    if seat.said is not None:
        return visit.go(f"/practice/case/{name_of(visit)}/answer")
    found = await about_case(visit, "table", **seat.given)
    if found["id"] != name_of(visit):  # asked for by what it is about: its own name does not tell that
        return visit.go(f"/practice/case/{found['id']}")
    return _table(visit, seat, found)


def _table(
    visit: Visit,
    seat: Seat,
    found: dict[str, Any],
    typed: dict[str, Any] | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response:
    return visit.render(
        "practice/case.html",
        422 if problems else 200,
        room="practice",
        found=found,
        seat=seat,
        typed=typed or {"outcome": "", "confidence": "", "facts": []},
        wrong={problem.place.file: problem for problem in problems},
    )


async def ask(visit: Visit) -> Response:
    """One more fact is asked for; what was seen cannot be unseen."""
    seat, fact = seat_of(visit), visit.said("fact", 60)
    if not seat.hidden or seat.said is not None:
        return visit.go(f"/practice/case/{name_of(visit)}")
    asked = (*seat.asked, *([fact] if fact not in seat.asked else []))[:MOST_FACTS]
    await about_case(visit, "table", hidden=True, asked=asked)
    sit(visit, replace(seat, asked=asked))
    return visit.go(f"/practice/case/{name_of(visit)}#fact-{re.sub(r'[^A-Za-z0-9_-]', '-', fact)}")


async def hide(visit: Visit) -> Response:
    """Facts only when asked for, or all at once: to be said before anything was asked or answered."""
    seat = seat_of(visit)
    if not seat.asked and seat.said is None:
        sit(visit, replace(seat, hidden=visit.said("ask", 3) == "yes"))
    return visit.go(f"/practice/case/{name_of(visit)}")


async def commit(visit: Visit) -> Response:
    """The trainee says what is right, how sure that is, and why; only then the answer is shown."""
    seat, path = seat_of(visit), f"/practice/case/{name_of(visit)}/answer"
    if seat.said is not None:
        return visit.go(path)
    sure = visit.said("confidence", 10).strip().removesuffix("%").strip()
    facts = [one for one in visit.form.getlist("facts") if isinstance(one, str)][:MOST_FACTS]
    outcome = visit.said("outcome", 60)
    problems: list[Problem] = []
    if not outcome:
        problems += mistake("SV561", "outcome", "no outcome is chosen", "Choose one of them.").problems
    if not (sure.isascii() and sure.isdigit() and int(sure[:6]) <= 100):
        problems += mistake(
            "SV561", "confidence", "that is not a percentage", "Give a whole number from 0 to 100."
        ).problems
    if problems:
        typed = {"outcome": outcome, "confidence": sure, "facts": facts}
        found = await about_case(visit, "table", **seat.given)
        return _table(visit, seat, found, typed, tuple(problems))
    said = replace(seat, said=(outcome, int(sure), tuple(facts)))
    sit(visit, said)  # before it is kept: sent twice, it counts once
    try:
        await about_case(visit, "commit", kept=False, said=said.answer, file=file_of(visit), **seat.given)
    except BaseException:
        sit(visit, seat)
        raise
    return visit.go(path)


async def answer(visit: Visit) -> Response:
    """The answer, to those who committed."""
    seat = seat_of(visit)
    if seat.said is None and not (seat.hidden or seat.asked):
        seat = await _earlier(visit) or seat
    if seat.said is None:
        return visit.go(f"/practice/case/{name_of(visit)}")
    given = {"said": seat.answer, "file": file_of(visit), **seat.given}
    try:
        if seat.second is None:
            found = await about_case(visit, "second", **given)
            if not found["right"]:
                return visit.render("practice/second.html", room="practice", found=found, case=name_of(visit))
        found = await about_case(visit, "revealed", kept=False, **given)
    except OutOfTime:
        return visit.render(
            "told.html",
            503,
            title=visit.words("Your answer is kept"),
            words=visit.words("To work out why took too long this time, and was stopped. Nothing is lost."),
            again=f"/practice/case/{name_of(visit)}/answer",
        )
    return visit.render(
        "practice/answer.html",
        room="practice",
        found=found,
        case=name_of(visit),
        course=course_of(visit),
        why=seat.why,
    )


async def second(visit: Visit) -> Response:
    """A second try, given or declined; either way the answer is shown then."""
    seat, outcome = seat_of(visit), visit.said("outcome", 60)
    if seat.said is not None and seat.second is None:
        if outcome:
            given = {"kind": "second", "outcome": outcome, "reason": "", "file": file_of(visit)}
            await about_case(visit, "besides", kept=False, **given)
        sit(visit, replace(seat, second=outcome))
    return visit.go(f"/practice/case/{name_of(visit)}/answer")


async def otherwise(visit: Visit) -> Response:
    """The trainee still sees it otherwise than the rule book, and says why."""
    seat, reason = seat_of(visit), visit.said("reason", 1000).strip()
    if seat.said is not None and seat.second is not None and not seat.why and reason:
        outcome = seat.second or seat.said[0]
        given = {"kind": "disagreement", "outcome": outcome, "reason": reason, "file": file_of(visit)}
        await about_case(visit, "besides", kept=False, **given)
        sit(visit, replace(seat, why=True))
    return visit.go(f"/practice/case/{name_of(visit)}/answer")


def course_of(visit: Visit) -> str:
    """The course that the trainee is in, where this case is one of it: its address."""
    query = courses.get(who_of(visit), "")
    return f"/practice/course?{query}" if name_of(visit) in parse_qs(query).get("c", []) else ""


async def _earlier(visit: Visit) -> Seat | None:
    """What was said of this case before the page was started."""
    found = await _last(visit, name_of(visit))
    if found is None:
        return None
    said = found["said"]
    return Seat(
        found["hidden"],
        tuple(found["asked"]),
        (said["outcome"], said["confidence"], tuple(said["facts"])),
        "",
    )


async def _last(visit: Visit, name: str) -> Any:
    return await visit.work("practice:last", kept=False, name=name, file=file_of(visit))


async def again(visit: Visit) -> Response:
    """The case is judged once more, as if it were new."""
    sit(visit, Seat(seat_of(visit).hidden))
    return visit.go(f"/practice/case/{name_of(visit)}")


def _items_said(visit: Visit, longest: int) -> tuple[str, ...]:
    """The answers to the questions of a form that was sent, none where it was not; one empty answer where none was ticked."""
    if visit.request.method != "POST":
        return ()
    names = [name for n in range(MOST_QUESTIONS) if (name := f"item-{n}") in visit.form]
    return tuple(visit.said(name, longest) for name in names) or ("",)


async def likely(visit: Visit) -> Response:
    """If you now learned this: more likely, or less? Asked only of a case whose answer was seen; scored by the panel of
    the folder that is served, where there is one."""
    if seat_of(visit).said is None and await _earlier(visit) is None:
        return visit.go(f"/practice/case/{name_of(visit)}")
    said = _items_said(visit, 10)
    panel = str(visit.place.settings.folder / PANEL)
    found = await about_case(visit, "likely", kept=False, said=said, panel=panel, file=file_of(visit))
    return visit.render("practice/likely.html", room="practice", found=found, case=name_of(visit))


async def intervals(visit: Visit) -> Response:
    """From which value on could the answer be another? Asked only of a case whose answer was seen."""
    if seat_of(visit).said is None and await _earlier(visit) is None:
        return visit.go(f"/practice/case/{name_of(visit)}")
    said = _items_said(visit, 30)
    found = await about_case(visit, "intervals", kept=False, said=said, file=file_of(visit))
    return visit.render("practice/intervals.html", room="practice", found=found, case=name_of(visit))


# --- progress ---------------------------------------------------------------------------------------------------


async def progress(visit: Visit) -> Response:
    found = await visit.work("practice:progress", kept=False, file=file_of(visit))
    return visit.render("practice/progress.html", room="practice", found=found)


async def export(visit: Visit) -> Response:
    """All answers as a file, under a name or a code if one is given."""
    found = await visit.work(
        "practice:export", kept=False, file=file_of(visit), named=visit.said("who", 100).strip()
    )
    response = visit.json(found)
    response.headers["content-disposition"] = 'attachment; filename="my-practice.json"'
    return response


async def forget(visit: Visit) -> Response:
    if visit.said("sure", 3) != "yes":
        raise mistake(
            "SV561", "forget", "this deletes all your answers", "Say that you mean it: check the box."
        )
    await visit.work("practice:forget", kept=False, file=file_of(visit))
    who = who_of(visit)
    for key in [key for key in _seats if key[0] == who]:
        del _seats[key]
    return visit.go("/practice/progress")


ROOM = Room(
    "practice",
    "Practice",
    "/practice",
    (
        shows("/practice", practice),
        acts("/practice/next", coming, needs="read"),
        acts("/practice/choose", choose, needs="read"),
        shows("/practice/case/{case}", case),
        acts("/practice/case/{case}/ask", ask, needs="read"),
        acts("/practice/case/{case}/hide", hide, needs="read"),
        acts("/practice/case/{case}/commit", commit, needs="read"),
        shows("/practice/case/{case}/answer", answer),
        acts("/practice/case/{case}/second", second, needs="read"),
        acts("/practice/case/{case}/otherwise", otherwise, needs="read"),
        acts("/practice/case/{case}/again", again, needs="read"),
        shows("/practice/case/{case}/likely", likely),
        acts("/practice/case/{case}/likely", likely, needs="read"),
        shows("/practice/case/{case}/intervals", intervals),
        acts("/practice/case/{case}/intervals", intervals, needs="read"),
        shows("/practice/progress", progress),
        acts("/practice/progress/export", export, needs="read"),
        acts("/practice/progress/forget", forget, needs="read"),
    ),
)
