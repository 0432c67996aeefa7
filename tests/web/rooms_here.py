"""What the tests of records, practice and evidence share: a folder of their own, forms with files, and the words of a page."""

from __future__ import annotations

import html
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from sharedvalue.web.rooms.record import NAMES
from tests.web.serving import SCENARIOS, Answer, Client, Served

BOUNDARY = "4af9c1-a-boundary"
SIZES = [(1280, "light"), (320, "dark")]  # wide and narrow, each scheme once


def fresh(served: Served, *scenarios: str) -> Client:
    """The folder of a page as if nobody had been there before, with some scenarios."""
    for path in served.folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    Path(os.environ["SHAREDVALUE_SEEN"]).unlink(missing_ok=True)  # its ledger is a new one, on purpose
    for name in scenarios:
        shutil.copy(SCENARIOS / f"{name}.yaml", served.folder)
    return served.client()


def words(text: str) -> str:
    """The text of a page, without its marks, in single spaces."""
    body = text[text.find("<main") :] if "<main" in text else text
    plain = html.unescape(re.sub(r"<[^>]*>", " ", body))
    return re.sub(r"\s+", " ", plain.replace("→", "->")).strip()


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return html.unescape(found[1])


def upload(client: Client, path: str, files: Iterable[tuple[str, bytes]], token: str | None = None) -> Answer:
    """Sends files as a browser does."""
    parts = [
        f'Content-Disposition: form-data; name="csrf"\r\n\r\n{client.token() if token is None else token}'.encode()
    ]
    for name, content in files:
        head = f'Content-Disposition: form-data; name="files"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
        parts.append(head.encode() + content)
    lines = b"".join(f"--{BOUNDARY}\r\n".encode() + part + b"\r\n" for part in parts)
    body = lines + f"--{BOUNDARY}--\r\n".encode()
    return client.send("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})


def minutes(**said: str) -> Mapping[str, str]:
    """The fields of a form that records, with what is said of them."""
    empty = dict.fromkeys((*NAMES, "answers"), "")
    return {**empty, **said}


def temporary(prefix: str = "sharedvalue-") -> set[Path]:
    import tempfile

    return set(Path(tempfile.gettempdir()).glob(f"{prefix}*"))
