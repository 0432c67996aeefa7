"""experta: each stratum a knowledge engine over one fact, a rule for each way to hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from inspect import Parameter, Signature
from typing import Any

from benchmarks.rivals.contract import Matches, Values, short_names, ways
from sharedvalue.engine.language.formulas import Test, compare
from sharedvalue.engine.language.grounded import GroundRule

NAME, IMPORTS = "experta", ("experta",)


def make(rules: Sequence[GroundRule]) -> Matches:
    library: Any = import_module("experta")
    names = short_names(rules)
    world = type("World", (library.Fact,), {})
    fired: list[int] = []
    written = {f"r{n}": _rule(library, world, p, way, names, fired) for n, (p, way) in enumerate(ways(rules))}
    engine: Any = type("Stratum", (library.KnowledgeEngine,), written)()
    words = list(names.items())

    def matches(values: Values) -> list[int]:
        fired.clear()
        engine.reset()
        engine.declare(world(**{word: values[name] for name, word in words}))
        engine.run()
        return fired

    return matches


def _rule(
    library: Any, world: Any, position: int, way: tuple[Test, ...], names: dict[str, str], fired: list[int]
) -> Any:
    slots: dict[str, Any] = {}
    asked: dict[str, list[Test]] = {}
    for test in way:
        if isinstance(test.right, int):
            asked.setdefault(names[test.left], []).append(test)
    for word, tests in asked.items():
        one = tests[0]
        slots[word] = one.right if len(tests) == 1 and one.op == "==" else library.P(_predicate(tests))
    between = [test for test in way if isinstance(test.right, str)]
    for name in dict.fromkeys(name for test in between for name in (test.left, str(test.right))):
        word = names[name]
        bound = getattr(library.MATCH, word)
        slots[word] = bound & _literal(library, slots[word]) if word in slots else bound
    patterns = [world(**slots)]
    patterns += [library.TEST(_ordered(test, names)) for test in between]
    return library.Rule(*patterns)(lambda engine, **_: fired.append(position))


def _literal(library: Any, slot: Any) -> Any:
    return library.L(slot) if isinstance(slot, int) else slot


def _predicate(tests: list[Test]) -> Callable[[int], bool]:
    asked = [(test.op, int(test.right)) for test in tests]
    return lambda value: all(compare(value, op, right) for op, right in asked)


def _ordered(test: Test, names: dict[str, str]) -> Callable[..., bool]:
    """A test of two slots; experta calls it with the names of the slots, so it must have them as its arguments."""
    left, right, op = names[test.left], names[str(test.right)], test.op

    def ordered(**slots: int) -> bool:
        return compare(slots[left], op, slots[right])

    parameters = [Parameter(word, Parameter.KEYWORD_ONLY) for word in dict.fromkeys((left, right))]
    ordered.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # read by inspect
    return ordered


# name after the engine's own, how a stratum is made, what a run gives
KINDS = (("", make, "every way that held"),)
