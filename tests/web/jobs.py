"""Jobs that try the pool itself: one that takes long, one that fails, one that ends its worker."""

from __future__ import annotations

import os
import secrets
import time


def nap(number: int, length: float, house: tuple[str, ...], stamp: str) -> int:
    del house, stamp
    time.sleep(min(length, 60.0))
    return number


def token(house: tuple[str, ...], stamp: str) -> str:
    del house, stamp
    time.sleep(0.1)
    return secrets.token_hex(8)


def fail(secret: str, house: tuple[str, ...], stamp: str) -> None:
    del house, stamp
    raise ValueError(secret)


def die(house: tuple[str, ...], stamp: str) -> None:
    del house, stamp
    os._exit(1)
