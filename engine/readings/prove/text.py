"""A circuit as SMT-LIB text: the quickest way to hand it to the solver."""

from __future__ import annotations

from collections.abc import Callable

from sharedvalue.engine.readings.prove.circuit import AtLeast, Circuit, NotNegative
from sharedvalue.engine.readings.prove.numbers import Cases, Extreme, Factor, Polynomial, Ratio, Sym, Times

LARGE = 1 << 40


class Script:
    """What was written since it was last taken. The solver remembers what was declared before."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def declare(self, name: str, kind: str) -> None:
        self._lines.append(f"(declare-const {name} {kind})")

    def state(self, text: str) -> None:
        self._lines.append(f"(assert {text})")

    def define(self, name: str, kind: str, body: str) -> None:
        self._lines.append(f"(declare-const {name} {kind})(assert (= {name} {body}))")

    def take(self) -> str:
        text = "\n".join(self._lines)
        self._lines.clear()
        return text


class Writer:
    """Writes nodes once each, as named constants.

    An unknown is written as the place of its value in its domain, so only values of the domain exist. A second writer
    over the first one's worlds moves some unknowns; nodes that do not depend on those are the first one's.
    """

    def __init__(self, circuit: Circuit, script: Script, first: Writer | None = None, moved: int = 0) -> None:
        self.circuit = circuit
        self.script = script
        self.first = first
        self.moved = moved
        self.mark = "" if first is None else f"m{moved}"
        self.index = {name: i for i, name in enumerate(circuit.unknowns)}
        self.written: set[int] = {1}
        self._names = 0
        self._wholes: set[str] = set()
        for name, domain in circuit.unknowns.items():
            if first is None or circuit.bit[name] & moved:
                script.declare(self.place(name), "Int")
                script.state(f"(<= 0 {self.place(name)} {domain.size - 1})")

    def place(self, name: str) -> str:
        """The place of an unknown's value in its domain."""
        if self.first is not None and not self.circuit.bit[name] & self.moved:
            return self.first.place(name)
        return f"x{self.index[name]}{self.mark}"

    def literal(self, literal: int) -> str:
        """The text of a literal; what it is made of is written first."""
        if abs(literal) not in self.written:
            for number in self.circuit.cone([literal], known=self.written):
                self._write(number)
        return self._literal(literal)

    def named(self, literal: int) -> str:
        """The name of a constant that is true when the literal holds."""
        text = self.literal(literal)
        if text.startswith("n"):
            return text
        name = f"r{'n' if literal < 0 else ''}{abs(literal)}{self.mark}"
        if literal * LARGE not in self.written:
            self.written.add(literal * LARGE)
            self.script.define(name, "Bool", text)
        return name

    def _literal(self, literal: int) -> str:
        name = self._node(abs(literal))
        return name if literal > 0 else f"(not {name})"

    def _node(self, number: int) -> str:
        if self._is_first(number):
            return self.first._node(number)  # type: ignore[union-attr]  # _is_first says that there is one
        if number == 1:
            return "true"
        node = self.circuit.nodes[number]
        return (
            f"(>= {self.place(node.name)} {node.place})"
            if isinstance(node, AtLeast)
            else f"n{number}{self.mark}"
        )

    def _is_first(self, number: int) -> bool:
        return self.first is not None and not self.circuit.support[number] & self.moved

    def _write(self, number: int) -> None:
        if self._is_first(number):
            self.first._write(number)  # type: ignore[union-attr]  # _is_first says that there is one
            return
        if number in self.written:
            return
        self.written.add(number)
        node = self.circuit.nodes[number]
        if isinstance(node, NotNegative):
            self.script.define(f"n{number}{self.mark}", "Bool", f"(>= {self.number(node.number)} 0)")
        elif isinstance(node, tuple):
            body = " ".join([self._literal(part) for part in node])
            self.script.define(f"n{number}{self.mark}", "Bool", f"(and {body})")

    # --- numbers ----------------------------------------------------------------------------------------------
    def value(self, name: str) -> str:
        """The value of an unknown."""
        points, place = self.circuit.unknowns[name].points, self.place(name)
        if isinstance(points, range):
            steps = place if points.step == 1 else f"(* {points.step} {place})"
            return f"(+ {whole(points.start)} {steps})" if points.start else steps
        text = whole(points[-1])
        for at in range(len(points) - 2, -1, -1):
            text = f"(ite (<= {place} {at}) {whole(points[at])} {text})"
        return text

    def number(self, number: Sym) -> str:
        if isinstance(number, int):
            return whole(number)
        return _NUMBERS[type(number)](self, number)

    def _polynomial(self, number: Polynomial) -> str:
        parts = [whole(number.constant)]
        for factors, count in number.terms:
            inside = " ".join(self._factor(factor) for factor in factors)
            parts.append(f"(* {whole(count)} {inside})" if count != 1 or len(factors) > 1 else inside)
        return f"(+ {' '.join(parts)})" if len(parts) > 1 else parts[0]

    def _factor(self, factor: Factor) -> str:
        if isinstance(factor, str):
            return self.value(factor)
        if self.first is not None and not factor.support & self.moved:
            return self.first._factor(factor)
        name = f"w{factor.name[1:]}{self.mark}"
        if name not in self._wholes:
            self.script.define(name, "Int", self.number(factor.number))
            self._wholes.add(name)
        return name

    def _cases(self, number: Cases) -> str:
        text = self.number(number.cases[-1][1])
        for when, case in reversed(number.cases[:-1]):
            text = f"(ite {self.literal(when)} {self.number(case)} {text})"
        return text

    def _ratio(self, number: Ratio) -> str:
        top, bottom = self.number(number.top), self.number(number.bottom)
        return f"(let ((b {bottom})) (ite (> b 0) (div {top} b) 0))"

    def _times(self, number: Times) -> str:
        return f"(* {self.number(number.first)} {self.number(number.second)})"

    def _extreme(self, number: Extreme) -> str:
        items = [(self.literal(when), self.number(item)) for when, item in number.items]
        default = self.number(number.default)
        if number.kind == "middle":
            return self._middle(items, default)
        better = "<" if number.kind == "least" else ">"
        name = self._fresh()
        count = len(items)
        for i, (when, item) in enumerate(items):
            best = f"(ite {when} {item} {default})"
            if i:
                wins = f"(or (not {name}h{i - 1}) ({better} {item} {name}v{i - 1}))"
                best = f"(ite (and {when} {wins}) {item} {name}v{i - 1})"
            holds = f"(or {when} {name}h{i - 1})" if i else when
            self.script.define(f"{name}v{i}", "Int", best)
            self.script.define(f"{name}h{i}", "Bool", holds)
        return f"{name}v{count - 1}"

    def _middle(self, items: list[tuple[str, str]], default: str) -> str:
        """Items sorted by a network, those whose literal fails after all others; then the middle by how many hold."""
        name = self._fresh()
        now: list[tuple[str, str]] = []
        for i, (when, item) in enumerate(items):
            self.script.define(f"{name}h{i}", "Bool", when)
            self.script.define(f"{name}v{i}", "Int", item)
            now.append((f"{name}h{i}", f"{name}v{i}"))
        total = " ".join(f"(ite {when} 1 0)" for when, _ in now)
        self.script.define(f"{name}c", "Int", f"(+ 0 {total})")
        for turn in range(len(now)):
            for i in range(turn % 2, len(now) - 1, 2):
                (h, v), (g, w) = now[i], now[i + 1]
                key = f"{name}t{turn}p{i}"
                self.script.define(f"{key}s", "Bool", f"(and {g} (or (not {h}) (> {v} {w})))")
                for side, (one, other) in enumerate((((h, v), (g, w)), ((g, w), (h, v)))):
                    self.script.define(f"{key}h{side}", "Bool", f"(ite {key}s {other[0]} {one[0]})")
                    self.script.define(f"{key}v{side}", "Int", f"(ite {key}s {other[1]} {one[1]})")
                now[i], now[i + 1] = (f"{key}h0", f"{key}v0"), (f"{key}h1", f"{key}v1")
        text = default
        for count in range(1, len(now) + 1):
            half = count // 2
            middle = now[half][1] if count % 2 else f"(div (+ {now[half - 1][1]} {now[half][1]}) 2)"
            text = f"(ite (= {name}c {count}) {middle} {text})"
        return text

    def _fresh(self) -> str:
        self._names += 1
        return f"e{self._names}{self.mark}_"


def whole(value: int) -> str:
    return str(value) if value >= 0 else f"(- {-value})"


_NUMBERS: dict[type, Callable[[Writer, Sym], str]] = {
    Polynomial: Writer._polynomial,  # type: ignore[dict-item]  # called by its own type
    Cases: Writer._cases,  # type: ignore[dict-item]  # called by its own type
    Extreme: Writer._extreme,  # type: ignore[dict-item]  # called by its own type
    Ratio: Writer._ratio,  # type: ignore[dict-item]  # called by its own type
    Times: Writer._times,  # type: ignore[dict-item]  # called by its own type
}
