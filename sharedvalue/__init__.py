"""sharedvalue: what should become of a community of practice and its sponsor, and why.

    import sharedvalue as sv

    book = sv.load()
    answer = book.decide("neophytes-and-experts")
    answer.outcome, answer.flips(), answer.graph

What is used is imported when it is used: `import sharedvalue` alone costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module

__all__ = ["Answer", "Book", "Portfolio", "Result", "UserError", "load", "scenarios"]

_HOMES = {
    "UserError": "sharedvalue.engine.errors",
    "Portfolio": "sharedvalue.results",
    "Result": "sharedvalue.results",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'sharedvalue' has no attribute '{name}'")
    return getattr(import_module(_HOMES.get(name, "sharedvalue.library")), name)


def __dir__() -> list[str]:
    return __all__
