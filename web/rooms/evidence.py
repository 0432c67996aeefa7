"""Evidence: exports are dropped, what they are is shown, columns are mapped, and the change is seen before it is written."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from sharedvalue.engine.errors import Problem, UserError, mistake
from sharedvalue.engine.evidence.encodings import TITLES as ENCODINGS
from sharedvalue.engine.evidence.splitting import SEPARATED
from sharedvalue.engine.language.scenario_file import backup_of, read_text
from sharedvalue.engine.telling.exports import TITLES
from sharedvalue.web.cases import Changed, Opened
from sharedvalue.web.drops import Drop, Sent, safe_name
from sharedvalue.web.rooms.practice import who_of
from sharedvalue.web.visit import MOST_FILES, HTTPException, Room, Visit, acts, shows
from sharedvalue.web.work import SLOW

MOST_MAPPING = 200_000  # characters
CHUNK = 1 << 20
SAID = ("date", "date_order", "members", "population", "drawn_from_all", "guests_are_members")
READING = ("format", "encoding", "sheet", "between", "names_nobody")
MOST_SAID = 200  # of one kind in a form


def _owner(visit: Visit, opened: Opened) -> tuple[str, str]:
    return who_of(visit), str(opened.case.path)


def _drop(visit: Visit, opened: Opened) -> Drop:
    found = visit.place.drops.find(visit.request.path_params["drop"][:40], _owner(visit, opened))
    if found is None:
        raise HTTPException(404)
    return found


def _path(visit: Visit, opened: Opened) -> str:
    return f"/s/{opened.case.slug}/evidence/{visit.request.path_params['drop']}"


async def evidence(visit: Visit) -> Response:
    """Where files are dropped, and the last change can be taken back."""
    opened = visit.opened()
    return visit.render(
        "evidence/evidence.html",
        room="evidence",
        opened=opened,
        case_title=await _title(visit, opened),
        can_write=visit.person.may("write") and not opened.case.sample,
        done=visit.request.query_params.get("done") == "1",
        can_go_back=_before(opened) is not None,
    )


async def _title(visit: Visit, opened: Opened) -> str:
    return str((await visit.about("decision:answer", opened))["title"])


def _before(opened: Opened) -> str | None:
    """The text before the last change, where that change was an import; an answer is undone where it was given."""
    kept = backup_of(opened.case.path)
    if opened.case.sample or not kept.is_file() or kept.is_symlink():
        return None
    try:
        text = read_text(kept)
    except UserError:
        return None
    return text if _evidence_in(text) != _evidence_in(opened.text) else None


def _evidence_in(text: str) -> str:
    """The part of a scenario that an import writes to, as it stands in the file."""
    found = re.search(r"^evidence:.*?(?=^[A-Za-z_]|\Z)", text, re.MULTILINE | re.DOTALL)
    return found[0].rstrip() if found is not None else ""


async def send(visit: Visit) -> Response:
    """Takes the files that were dropped into a private folder, and looks at each."""
    opened = visit.opened()
    if opened.case.sample:
        raise mistake(
            "SV121", opened.case.name, "this is a sample, which stays as it is", "Make a copy of it first."
        )
    sent = [one for one in visit.form.getlist("files") if isinstance(one, UploadFile) and one.filename]
    if not sent:
        raise mistake("SV450", "files", "no file was sent", "Choose a file first.")
    name, drop = visit.place.drops.begin(_owner(visit, opened))
    try:
        for number, one in enumerate(sent[:MOST_FILES]):
            await _take(visit, drop, number, one)
        if not drop.files:
            raise mistake("SV450", "files", "there is no export among the files", "Add the export itself.")
        for each in drop.files:
            await _guess(visit, each)
    except BaseException:
        visit.place.drops.end(name)
        raise
    return visit.go(f"/s/{opened.case.slug}/evidence/{name}")


def _plain(one: Sent) -> dict[str, Any]:
    return {**asdict(one), "path": str(one.path)}


async def _guess(visit: Visit, one: Sent) -> None:
    """Which of its columns is likely what."""
    found = await visit.work("evidence:inspected", lane=SLOW, sent=_plain(one))
    one.columns = {role["name"]: role["guess"] for role in found["roles"]}


async def _take(visit: Visit, drop: Drop, number: int, one: UploadFile) -> None:
    """One file; a mapping is checked and kept as text."""
    name = safe_name(one.filename or "")
    if name.lower().endswith((".yaml", ".yml")):
        raw = await one.read(MOST_MAPPING + 1)
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise mistake("SV105", name, "this is no text", "Is it the right file?") from None
        if len(raw) > MOST_MAPPING:
            raise mistake("SV104", name, "this mapping is too long", "Is it the right file?")
        await visit.work("evidence:is_mapping", text=text, name=name)
        drop.mappings.append((name, text))
        return
    path = drop.folder / str(number) / name
    path.parent.mkdir(mode=0o700)
    with path.open("xb") as out:
        while block := await one.read(CHUNK):
            out.write(block)
    drop.files.append(Sent(name, path))


async def look(visit: Visit) -> Response:
    """What was recognised, and the form that says what its columns are."""
    opened = visit.opened()
    return await _look(visit, opened, _drop(visit, opened))


async def _look(
    visit: Visit, opened: Opened, drop: Drop, problems: tuple[Problem, ...] = (), plan: Any = None
) -> Response:
    files = []
    for number, each in enumerate(drop.files):
        found = await visit.work("evidence:inspected", lane=SLOW, sent=_plain(each))
        asked = not (found["known"] or found["notes"] or drop.mappings)
        details = (
            await visit.work("evidence:details", lane=SLOW, sent=_plain(each), columns=each.columns)
            if asked
            else []
        )
        files.append({"number": number, "found": found, "asked": asked, "details": details, "sent": each})
    return visit.render(
        "evidence/drop.html",
        422 if problems else 200,
        room="evidence",
        opened=opened,
        case_title=await _title(visit, opened),
        path=_path(visit, opened),
        files=files,
        mappings=[name for name, _ in drop.mappings],
        said={name: drop.said.get(name, "") for name in SAID},
        formats=TITLES,
        encodings=ENCODINGS,
        separators={
            "line" if mark == "\n" else mark: f"{words} {mark.strip()}".strip()
            for mark, words in SEPARATED.items()
        },
        meetings=any(file["found"]["meeting"] for file in files),
        problems=problems,
        plan=plan,
        asked=visit.request.query_params.get("asked") == "1",
        can_write=True,
    )


async def columns(visit: Visit) -> Response:
    """Which column is what; the questions about them follow."""
    opened = visit.opened()
    drop = _drop(visit, opened)
    _hear(visit, drop)
    await _choose(visit, drop)
    return visit.go(f"{_path(visit, opened)}#details")


async def _choose(visit: Visit, drop: Drop) -> bool:
    """Takes the columns that the form names, and forgets what was said of others; whether any is another than before."""
    changed = False
    for number, each in enumerate(drop.files):
        chosen = {role: visit.said(f"{number}.{role}", 20) for role in each.columns}
        if any(f"{number}.{role}" in visit.form for role in each.columns) and chosen != each.columns:
            await visit.work("evidence:details", lane=SLOW, sent=_plain(each), columns=chosen)
            each.said = {role: said for role, said in each.said.items() if chosen[role] == each.columns[role]}
            each.columns = chosen
            changed = True
    return changed


def _hear(visit: Visit, drop: Drop) -> None:
    """What the form says of the columns, kept until the import is done."""
    for number, each in enumerate(drop.files):
        for role in each.columns:
            start = f"{number}.{role}."
            each.said[role] = {
                name.removeprefix(start): _strings(visit, name)
                for name in visit.form
                if name.startswith(start)
            }
        start = f"{number}.named."
        said = {
            name.removeprefix(start): visit.said(name, 100) for name in visit.form if name.startswith(start)
        }
        each.named = said or each.named
    drop.said = {name: visit.said(name, 40) for name in SAID}


def _strings(visit: Visit, name: str) -> list[str]:
    return [value for value in visit.form.getlist(name) if isinstance(value, str)][:MOST_SAID]


async def reread(visit: Visit) -> Response:
    """A file is read again, as a person says of it: its format, its encoding, its sheet, or what names nobody."""
    opened = visit.opened()
    drop = _drop(visit, opened)
    _hear(visit, drop)
    for number, each in enumerate(drop.files):
        said = {name: _strings(visit, f"{number}.read.{name}") for name in READING}
        said = {name: values for name, values in said.items() if any(values)}
        if said == each.reading:
            continue
        before, each.reading = each.reading, said
        try:
            await _guess(visit, each)
        except UserError as error:
            each.reading = before
            return await _look(visit, opened, drop, error.problems)
        each.said = {}
        each.named = {}
    return visit.go(_path(visit, opened))


async def _planned(visit: Visit, opened: Opened, drop: Drop) -> Any:
    return await visit.about(
        "evidence:planned",
        opened,
        lane=SLOW,
        kept=False,
        sent=[_plain(each) for each in drop.files],
        mappings=drop.mappings,
        said={name: drop.said.get(name, "") for name in SAID},
        folder=str(drop.folder),
        today=str(dt.date.today()),
    )


async def ahead(visit: Visit) -> Response:
    """The change before it is written. Where other columns were chosen, what is asked of them comes first."""
    opened = visit.opened()
    drop = _drop(visit, opened)
    _hear(visit, drop)
    if await _choose(visit, drop):
        return visit.go(f"{_path(visit, opened)}?asked=1#details")
    try:
        plan = await _planned(visit, opened, drop)
    except UserError as error:
        return await _look(visit, opened, drop, error.problems)
    return await _look(visit, opened, drop, (), plan)


async def keep(visit: Visit) -> Response:
    """Writes what was shown; the files that were sent go."""
    opened = visit.opened()
    drop = _drop(visit, opened)
    if visit.said("version", 100) != opened.version:
        raise Changed(opened)
    plan = await _planned(visit, opened, drop)
    await visit.place.folder.write(opened, plan["text"])
    visit.place.drops.end(visit.request.path_params["drop"])
    return visit.go(f"/s/{opened.case.slug}/evidence?done=1")


async def mapping(visit: Visit) -> Response:
    """The mapping of one file, to keep for the next export of the same kind."""
    opened = visit.opened()
    drop = _drop(visit, opened)
    number = visit.request.path_params["number"]
    if not (number.isascii() and number.isdigit() and int(number[:3]) < len(drop.files)):
        raise HTTPException(404)
    plan = await _planned(visit, opened, drop)
    headers = {"content-disposition": f'attachment; filename="mapping-{int(number[:3]) + 1}.yaml"'}
    return visit.marked(Response(plan["mappings"][int(number[:3])], media_type="text/yaml", headers=headers))


async def forget(visit: Visit) -> Response:
    """The files go without anything being written."""
    opened = visit.opened()
    _drop(visit, opened)
    visit.place.drops.end(visit.request.path_params["drop"])
    return visit.go(f"/s/{opened.case.slug}/evidence")


async def back(visit: Visit) -> Response:
    """The text before the last change takes the place of the one that is there now."""
    opened = visit.opened()
    if visit.said("version", 100) != opened.version:
        raise Changed(opened)
    before = _before(opened)
    if before is None:
        raise mistake(
            "SV243",
            opened.case.name,
            "there is no other text before the last change",
            "It may have been taken back already.",
        )
    await visit.place.folder.write(opened, before)
    return visit.go(f"/s/{opened.case.slug}/evidence")


ROOM = Room(
    "evidence",
    "Evidence",
    "evidence",
    (
        shows("/s/{slug}/evidence", evidence),
        acts("/s/{slug}/evidence/drop", send, files=True),
        acts("/s/{slug}/evidence/back", back),
        shows("/s/{slug}/evidence/{drop}", look, needs="write"),
        acts("/s/{slug}/evidence/{drop}/columns", columns),
        acts("/s/{slug}/evidence/{drop}/reading", reread),
        acts("/s/{slug}/evidence/{drop}/ahead", ahead),
        acts("/s/{slug}/evidence/{drop}/keep", keep),
        acts("/s/{slug}/evidence/{drop}/forget", forget),
        shows("/s/{slug}/evidence/{drop}/mapping/{number}", mapping, needs="write"),
    ),
    of_case=True,
)
