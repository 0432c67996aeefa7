"""Who a name in a list of attendance stands for: a person, a person's second device, a device of nobody known, a note-taker."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.words import people

PERSON, DEVICE, NOTE_TAKER = "person", "device", "note-taker"
IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
WORDS = re.compile(r"[^\W_]+(?:[.;][^\W_]+)*")
FEWEST_LETTERS = (
    3  # of a word of a name, by which a title is known to name somebody; two where letters have no case
)


@dataclass(frozen=True)
class Attendee:
    """`name` is folded; of a device, whose it is, or nothing."""

    kind: str
    name: str


def attendee(written: str) -> Attendee:
    """What a name as a meeting tool writes it stands for."""
    name = folded(written)
    words = WORDS.findall(name.replace("'s ", " ").replace("s' ", "s "))
    if _holds(words, people("note_takers")):
        return Attendee(NOTE_TAKER, "")
    device = [word for word in words if word in people("devices")] or _holds(words, people("devices"))
    bare = IN_BRACKETS.sub("", name)
    if not device:
        return Attendee(PERSON, bare or name)
    left = [
        w
        for w in words
        if w not in people("devices") and w not in people("whose") and not any(map(str.isdigit, w))
    ]
    for phrase in people("devices"):
        if " " in phrase and phrase in " ".join(left):
            left = " ".join(left).replace(phrase, "").split()
    return Attendee(DEVICE, " ".join(word for word in left if len(word) > 1))


def _holds(words: Collection[str], phrases: Collection[str]) -> bool:
    text = f" {' '.join(words)} "
    return any(f" {' '.join(WORDS.findall(phrase))} " in text for phrase in phrases if WORDS.search(phrase))


def owner(device: str, names: Collection[str]) -> str:
    """Whose device it is among those who came: the one whose name holds all its words; nothing where that is nobody or several."""
    wanted = set(device.split())
    found = [name for name in names if wanted <= set(WORDS.findall(name))]
    return found[0] if wanted and len(found) == 1 else ""


def names_somebody(title: str, names: Collection[str]) -> bool:
    """Whether the title of a meeting names somebody: it is the tool's own, which says whose, or holds a word of a name."""
    text = folded(title)
    if any(phrase in text for phrase in people("own_titles")):
        return True
    words = set(WORDS.findall(text.replace("'s", " ")))
    of_names = {word for name in names for word in WORDS.findall(folded(name))}
    shared = words & {
        w for w in of_names if len(w) >= FEWEST_LETTERS or (w.upper() == w.lower() and len(w) > 1)
    }
    caseless = [n for n in names if n.upper() == n.lower() and len(n) > 1]
    return bool(shared - people("no_names")) or any(folded(name) in text for name in caseless)
