"""Text folded to the width of a terminal. The words themselves, shared with the page in the browser, are in engine.telling."""

from engine.telling.page import ALWAYS, WIDTH, Entry, Page, Section, fold, sentence

__all__ = ["ALWAYS", "WIDTH", "Entry", "Page", "Section", "fold", "sentence"]
