"""CLIPS (clipspy): each stratum a template and its rules, one for each way to hold; they note that they fired."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from benchmarks.rivals.contract import Matches, Values, short_names, ways
from sharedvalue.engine.language.formulas import Test
from sharedvalue.engine.language.grounded import GroundRule

NAME, IMPORTS = "clipspy", ("clips",)


def make(rules: Sequence[GroundRule]) -> Matches:
    clips: Any = import_module("clips")
    names = short_names(rules)
    environment = clips.Environment()
    slots = " ".join(f"(slot {name} (type INTEGER))" for name in names.values())
    environment.build(f"(deftemplate world {slots})")
    environment.build("(defglobal ?*fired* = (create$))")
    for number, (position, way) in enumerate(ways(rules)):
        environment.build(
            f"(defrule r{number} {_pattern(way, names)} => (bind ?*fired* ?*fired* {position}))"
        )
    template = environment.find_template("world")
    fired = environment.find_global("fired")
    words = list(names.items())

    def matches(values: Values) -> list[int]:
        fired.value = ()
        fact = template.assert_fact(**{word: values[name] for name, word in words})
        environment.run()
        fact.retract()
        return list(fired.value)

    return matches


def _pattern(way: tuple[Test, ...], names: dict[str, str]) -> str:
    """One pattern: what is compared with a variable is bound first, in a pattern on the same single fact."""
    slots: dict[str, list[str]] = {}
    bound = {test.right for test in way if isinstance(test.right, str)}
    for name in bound:
        slots[names[name]] = []
    for test in way:
        word = names[test.left]
        slots.setdefault(word, []).append(_literal(test, word, names))
    written = []
    first = sorted(slots, key=lambda word: any(names[name] == word for name in bound), reverse=True)
    for word in first:
        parts = slots[word]
        written.append(f"({word} {'&'.join([f'?{word}', *parts])})")
    return f"(world {' '.join(written)})"


def _literal(test: Test, word: str, names: dict[str, str]) -> str:
    right = f"?{names[test.right]}" if isinstance(test.right, str) else str(test.right)
    operator = {"==": "=", "!=": "<>"}.get(test.op, test.op)
    plain = isinstance(test.right, int) and test.op in ("==", "!=")
    return f"{'~' if test.op == '!=' else ''}{right}" if plain else f":({operator} ?{word} {right})"


# name after the engine's own, how a stratum is made, what a run gives
KINDS = (("", make, "every way that held"),)
