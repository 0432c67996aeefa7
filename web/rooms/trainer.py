"""The trainer's part of practice: a course made on the page or read from a file, and a summary of several trainees."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.parse import urlencode

from starlette.datastructures import UploadFile
from starlette.responses import Response

from sharedvalue.engine.errors import mistake
from sharedvalue.web.cases import slug_of
from sharedvalue.web.rooms.practice import KEPT, NAME, courses, file_of, who_of
from sharedvalue.web.visit import MOST_FILES, Room, Visit, acts, shows
from sharedvalue.web.work import SLOW

MOST_CASES = 40
MOST_TITLE = 200
MOST_EXPORT = 20_000_000


async def trainer(visit: Visit) -> Response:
    found = await visit.work("practice:contents", kept=False, file=file_of(visit))
    return visit.render("practice/trainer.html", room="practice", found=found, group=None)


def query_of(title: str, names: list[str], ask: bool) -> str:
    return urlencode([("title", title), *(("c", name) for name in names), *([("ask", "1")] if ask else [])])


async def course(visit: Visit) -> Response:
    """A sequence of cases, with how far the trainee has come. All of it is in the address, which can be passed on."""
    said = visit.request.query_params
    names = [name for name in said.getlist("c") if NAME.fullmatch(name)][:MOST_CASES]
    more = [name for name in said.get("more", "")[:2000].replace(",", " ").split() if NAME.fullmatch(name)]
    names = list(dict.fromkeys([*names, *more]))[:MOST_CASES]
    title = " ".join(said.get("title", "").split())[:MOST_TITLE] or visit.words("A course")
    ask = said.get("ask") == "1"
    found = await visit.work(
        "practice:course", lane=SLOW, kept=False, names=tuple(names), file=file_of(visit)
    )
    query = query_of(title, [one["name"] for one in found], ask)
    courses[who_of(visit)] = query
    while len(courses) > KEPT:
        courses.popitem(last=False)
    return visit.render(
        "practice/course.html",
        room="practice",
        title=title,
        found=found,
        ask=ask,
        query=query,
        next=next((one["name"] for one in found if not one["done"] and not one["problem"]), ""),
    )


async def read_course(visit: Visit) -> Response:
    """A course file becomes an address."""
    with tempfile.TemporaryDirectory(prefix="sharedvalue-") as folder:
        paths = await files_of(visit, folder, (".yaml", ".yml"))
        found = await visit.work("practice:read_course", kept=False, path=paths[0])
    return visit.go(f"/practice/course?{query_of(found['title'], found['cases'], found['ask'])}")


async def group(visit: Visit) -> Response:
    """Exports of several trainees added up; nothing of them is kept."""
    with tempfile.TemporaryDirectory(prefix="sharedvalue-") as folder:
        paths = await files_of(visit, folder, (".json",))
        found = await visit.work("practice:group", lane=SLOW, kept=False, paths=tuple(paths))
    return visit.render("practice/group.html", room="practice", found=found)


async def files_of(visit: Visit, folder: str, suffixes: tuple[str, ...]) -> list[str]:
    """The files that were sent, in a private folder, under names of ours."""
    sent = [one for one in visit.form.getlist("files") if isinstance(one, UploadFile) and one.filename]
    if not sent:
        raise mistake("SV561", "files", "no file was sent", "Choose a file first.")
    paths = []
    for number, one in enumerate(sent[:MOST_FILES], 1):
        name = (one.filename or "").replace("\\", "/").rpartition("/")[2]
        suffix = Path(name).suffix.lower()
        if suffix not in suffixes:
            raise mistake(
                "SV561",
                slug_of(name),
                f"'{name[:60]}' is not a file of this kind",
                f"Choose one that ends in {' or '.join(suffixes)}.",
            )
        path = Path(folder) / str(number) / f"{slug_of(Path(name).stem)}{suffix}"
        path.parent.mkdir(mode=0o700)
        content = await one.read(MOST_EXPORT + 1)
        if len(content) > MOST_EXPORT:
            raise mistake("SV104", slug_of(name), "this file is too large", "Is it the right file?")
        path.write_bytes(content)
        paths.append(str(path))
    return paths


ROOM = Room(
    "trainer",
    "Trainer",
    "/practice/trainer",
    (
        shows("/practice/trainer", trainer),
        shows("/practice/course", course),
        acts("/practice/course/drop", read_course, needs="read", files=True),
        acts("/practice/group/drop", group, needs="read", files=True),
    ),
    shown=False,
)
