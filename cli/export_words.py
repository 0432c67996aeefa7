"""What exports and their records are called; the words, shared with the page in the browser, are in engine.telling."""

from sharedvalue.engine.telling.exports import RECORDS, TITLES

__all__ = ["RECORDS", "TITLES"]
