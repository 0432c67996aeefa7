"""Messages of a chat as rows: one a message, with its channel and day; what was written is never read into a row."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.evidence.attendees import names_somebody
from sharedvalue.engine.evidence.files import File, bounded, damaged
from sharedvalue.engine.evidence.layout import HEAD_ROWS, Sheet

HEADINGS = ["channel", "posted", "author", "answer", "replies", "reactions", "messages"]
DAY = re.compile(r"(?:^|/)(?P<channel>[^/]+)/\d{4}-\d\d-\d\d\.json$")
MOST_BYTES = 500_000_000  # of all days together
MOST_FILES = 100_000
SOMEBODYS = "a channel named after somebody"
UNREAD = "What was written is not read: messages are counted, with their channel and day."


def slack_folder(path: Path) -> tuple[Sheet, str]:
    """The sheet of an export that was unpacked, and a fingerprint of its files."""
    files = sorted(p for p in path.rglob("*.json") if p.is_file() and not p.is_symlink())[: MOST_FILES + 1]
    if len(files) > MOST_FILES or sum(p.stat().st_size for p in files) > MOST_BYTES:
        raise mistake("SV415", str(path), "too many messages", "Export a shorter period.")
    digest = hashlib.sha256()
    for each in files:
        digest.update(each.relative_to(path).as_posix().encode() + b"\0" + str(each.stat().st_size).encode())
    named = {p.relative_to(path).as_posix(): p for p in files}
    return _slack(str(path), list(named), lambda name: named[name].read_bytes()), digest.hexdigest()


def slack_archive(file: File) -> Sheet:
    with zipfile.ZipFile(file.path) as archive:
        entries = [e for e in archive.infolist() if e.filename.endswith(".json")]
        bounded(file, entries)
        found = {e.filename: archive.read(e) for e in entries}
    return _slack(str(file.path), list(found), found.__getitem__)


def _slack(name: str, files: list[str], read: Callable[[str], bytes]) -> Sheet:
    """Public channels only: what was written to one person, or to a few, is nobody else's."""
    listed = {each.rpartition("/")[2]: each for each in files}
    channels = _json(name, read(listed["channels.json"])) if "channels.json" in listed else []
    users = _json(name, read(listed["users.json"])) if "users.json" in listed else []
    public = {str(c.get("name")) for c in channels if isinstance(c, dict)}
    bots = {
        str(u.get("id"))
        for u in users
        if isinstance(u, dict) and (u.get("is_bot") or u.get("id") == "USLACKBOT")
    }
    people = {
        str(u[key]) for u in users if isinstance(u, dict) for key in ("name", "real_name") if u.get(key)
    }
    shown = {
        channel: SOMEBODYS if names_somebody(channel.replace("-", " "), people) else channel
        for channel in public
    }
    rows = [list(HEADINGS)]
    private = 0
    for each in sorted(files):
        found = DAY.search(each)
        if found is None:
            continue
        if found["channel"] not in public:
            private += 1
            continue
        for message in _json(name, read(each)):
            if isinstance(message, dict) and (row := _slack_row(message, shown[found["channel"]], bots)):
                rows.append(row)
    notes = [UNREAD, "Only public channels are counted."]
    if private:
        notes.append(f"{private} days of other conversations left alone.")
    return _sheet(name, rows, notes)


def _slack_row(message: dict[str, Any], channel: str, bots: set[str]) -> list[str] | None:
    user = str(message.get("user") or "")
    if message.get("type") != "message" or message.get("subtype") not in (
        None,
        "thread_broadcast",
        "file_share",
        "me_message",
    ):
        return None
    if not user or user in bots or message.get("bot_id"):
        return None
    try:
        day = dt.datetime.fromtimestamp(float(message.get("ts", "")), dt.timezone.utc).date().isoformat()
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    reactions = message.get("reactions")
    many = (
        sum(r.get("count", 0) for r in reactions if isinstance(r, dict)) if isinstance(reactions, list) else 0
    )
    answer = message.get("thread_ts") not in (None, message.get("ts"))
    return [
        channel,
        day,
        user,
        "yes" if answer else "no",
        str(message.get("reply_count") or 0),
        str(many),
        "1",
    ]


def is_discord(document: Any) -> bool:
    """Whether a JSON document is a channel as DiscordChatExporter writes it."""
    return (
        isinstance(document, dict)
        and {"channel", "messages"} <= document.keys()
        and isinstance(document["messages"], list)
    )


def discord(name: str, documents: list[dict[str, Any]]) -> Sheet:
    rows = [list(HEADINGS)]
    for document in documents:
        place = document["channel"] if isinstance(document["channel"], dict) else {}
        authors = [m.get("author") for m in document["messages"] if isinstance(m, dict)]
        people = {str(a[k]) for a in authors if isinstance(a, dict) for k in ("name", "nickname") if a.get(k)}
        called = str(place.get("name") or "")
        channel = SOMEBODYS if names_somebody(called.replace("-", " "), people) else called
        if str(place.get("type", "")).startswith("Direct"):
            raise mistake(
                "SV410",
                name,
                "this is a conversation between persons, no channel of a community",
                "Export a channel of the server.",
            )
        for message in document["messages"]:
            if isinstance(message, dict) and (row := _discord_row(message, channel)):
                rows.append(row)
    return replace(_sheet(name, rows, [UNREAD]), root="discord")


def _discord_row(message: dict[str, Any], channel: str) -> list[str] | None:
    author = message.get("author")
    if (
        not isinstance(author, dict)
        or author.get("isBot")
        or message.get("type") not in ("Default", "Reply", 0, 19)
    ):
        return None
    reactions = message.get("reactions")
    many = (
        sum(r.get("count", 0) for r in reactions if isinstance(r, dict)) if isinstance(reactions, list) else 0
    )
    day = str(message.get("timestamp") or "")[:10]
    answer = message.get("type") in ("Reply", 19) or bool(message.get("reference"))
    return [
        channel,
        day,
        str(author.get("id") or author.get("name") or ""),
        "yes" if answer else "no",
        "",
        str(many),
        "1",
    ]


def _json(name: str, raw: bytes) -> list[Any]:
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise damaged(name, f"a file in it is no whole JSON ({str(error)[:80]})") from None
    return found if isinstance(found, list) else []


def _sheet(name: str, rows: list[list[str]], notes: list[str]) -> Sheet:
    def again() -> Iterator[list[str]]:
        return (list(row) for row in rows)

    return Sheet(
        name,
        "utf-8",
        "",
        tuple(tuple(row) for row in rows[:HEAD_ROWS]),
        again,
        "messages",
        "utf-8",
        tuple(notes),
    )
