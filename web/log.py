"""The log of the page: mistakes of ours, and who tried to sign in. Never what somebody wrote."""

from __future__ import annotations

import sys


def log(line: str) -> None:
    print(f"sharedvalue serve: {line}", file=sys.stderr, flush=True)  # noqa: T201  # the log of the page
