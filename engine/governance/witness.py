"""What this user last saw of each ledger, kept apart from it: a ledger that was put back or rewritten since is told, unasked."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.heads import Head, differs, head_of, links, read_head
from sharedvalue.engine.language.locks import locked
from sharedvalue.engine.language.whole_file import write_whole

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from sharedvalue.engine.governance.ledger import Ledger

VARIABLE = "SHAREDVALUE_SEEN"
FILE = "ledgers-seen.json"
MOST = 1_000  # ledgers; of more, the one that was seen first is forgotten


def file_of_heads() -> Path:
    import platformdirs

    return Path(
        os.environ.get(VARIABLE) or platformdirs.user_data_path("sharedvalue", appauthor=False) / FILE
    )


def changed_since(ledger: Ledger, connection: Connection) -> str:
    """How a ledger differs from what was seen of it here; '' where it grew or is as it was. What is sound is seen from now on."""
    hashes = links(connection)
    seen = _read().get(_key(ledger))
    if seen is not None and (wrong := differs(seen, ledger.id, hashes)) is not None:
        return f"Since you last saw this ledger ({seen.count} records): {wrong[0]}: {wrong[1]}"
    now = head_of(ledger.id, hashes)
    if now != seen:
        see(ledger, now)
    return ""


def see(ledger: Ledger, now: Head) -> None:
    """Keeps a head as the one that was seen last. Where it cannot be kept, nothing is lost but this guard."""
    file = file_of_heads()
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(file):
            heads = _read()
            heads.pop(_key(ledger), None)
            heads[_key(ledger)] = now
            kept = dict(list(heads.items())[-MOST:])
            text = json.dumps({place: one.line for place, one in kept.items()}, indent=1)
            write_whole(file, text.encode(), 0o600)
    except (OSError, UserError):
        return


def _key(ledger: Ledger) -> str:
    place = ledger.store.place
    return str(place.file.resolve()) if place.file is not None else place.shown


def _read() -> dict[str, Head]:
    try:
        found: Any = json.loads(file_of_heads().read_text("utf-8"))
        return {str(place): read_head(str(line)) for place, line in found.items()}
    except Exception:  # noqa: BLE001  # a file that is none of ours tells nothing
        return {}
