"""What the commands of the ledger share: the option --ledger, dates, and the signing key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from sharedvalue.engine.errors import mistake

if TYPE_CHECKING:
    from sharedvalue.engine.governance.signing import Signer

Function = TypeVar("Function", bound=Callable[..., object])


def ledger_option(function: Function) -> Function:
    """Adds --ledger."""
    return click.option(
        "--ledger",
        "where",
        default="",
        metavar="FILE-or-URL",
        help="The ledger: a file, or postgresql://user@host/database. Else SHAREDVALUE_LEDGER, else the user's data folder.",
    )(function)


def read_date(option: str, text: str) -> dt.date:
    """A date as year-month-day.

    Raises:
        UserError: SV508.
    """
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise mistake(
            "SV508", option, f"'{text[:40]}' is not a date", "Write it as year-month-day: 2027-03-01."
        ) from None


def signer_of(sign: bool, key: str) -> Signer | None:
    """The key to sign with; None where nothing is to be signed."""
    if not sign and not key:
        return None
    from sharedvalue.engine.governance.signing import default_key, read_key

    return read_key(Path(key) if key else default_key())
