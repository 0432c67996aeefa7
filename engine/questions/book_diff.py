"""Two rule books compared: what is written otherwise, and, by proof, a world in which they decide differently, or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

from sharedvalue.engine.decision import Decision, decide
from sharedvalue.engine.errors import Place, UserError
from sharedvalue.engine.language.domains import Domain
from sharedvalue.engine.language.grounding import ground
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook, earlier_folders
from sharedvalue.engine.language.shape import Shape
from sharedvalue.engine.language.types import show
from sharedvalue.engine.questions.audit import shapes, whole
from sharedvalue.engine.questions.book_fit import Fitting
from sharedvalue.engine.readings.prove import (
    FALSE,
    NO_OUTCOME,
    Budget,
    OutOfBudget,
    Program,
    Residual,
    Session,
    which_hold,
)
from sharedvalue.engine.worlds import form

SCHEMA = "sharedvalue/rules-diff/1"
SECONDS = 60.0
SHIPPED = "shipped"
TABLES = (
    "facts",
    "thresholds",
    "measures",
    "rules",
    "outcomes",
    "modes",
    "constraints",
    "actions",
    "risks",
    "claims",
    "sources",
)


@dataclass(frozen=True)
class Changed:
    """One entry of a rule book: `how` is added | removed | changed; `what` says a number's change."""

    table: str
    name: str
    how: str
    what: str = ""


@dataclass(frozen=True)
class Differs:
    """A saved scenario that the two books decide differently: outcome and deciding rule in each, or the mistake there."""

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class Witness:
    """A world that the two books decide differently, and what each decides: outcome and deciding rule."""

    shape: str
    world: Mapping[str, int]
    before: tuple[str, str]
    after: tuple[str, str]


@dataclass(frozen=True)
class BookDiff:
    """Two rule books. `same_in` are the shapes of case for which no world is decided differently, by proof; `unsettled`
    those of which that is not known."""

    old: RuleBook
    new: RuleBook
    changed: tuple[Changed, ...]
    differ: tuple[Differs, ...]
    agree: int
    witnesses: tuple[Witness, ...]
    same_in: tuple[str, ...]
    unsettled: tuple[str, ...]


def open_book(folder: Path | str) -> RuleBook:
    """A whole rule book, where the folder holds one; else the rule book with the folder laid over it.

    `shipped` is the rule book as it comes, and the version of an earlier one (1.0.0) names that, where no folder is called so.
    """
    path, earlier = Path(folder), earlier_folders()
    if str(folder) in earlier and not path.exists():
        return load((), earlier[str(folder)])
    if str(folder) == SHIPPED and not path.exists():
        return load()
    return load((), path) if (path / "book.yaml").is_file() else load([path])


def compare(
    old: RuleBook,
    new: RuleBook,
    scenarios: Sequence[Path | str] = (),
    budget_seconds: float = SECONDS,
    progress: Callable[[int, int], None] | None = None,
) -> BookDiff:
    """What changed from one rule book to another, for saved scenarios and for every world."""
    differ: list[Differs] = []
    wanted = shapes(old)

    def told(done: int) -> None:
        if progress is not None:
            progress(done, len(scenarios) + len(wanted))

    for done, path in enumerate(scenarios):
        told(done)
        (one, before), (other, after) = _decided(old, new, path), _decided(new, old, path)
        if one != other:
            differ.append(Differs(str(path), before, after))
    witnesses: list[Witness] = []
    same: list[str] = []
    unsettled: list[str] = []
    budget = Budget(budget_seconds)
    for number, (words, shape) in enumerate(wanted.items()):
        told(len(scenarios) + number)
        try:
            found = _witness(old, new, words, shape, Budget(max(0.0, budget.left / (len(wanted) - number))))
        except OutOfBudget:
            unsettled.append(words)
            continue
        if found is None:
            same.append(words)
        else:
            witnesses.append(found)
    return BookDiff(
        old,
        new,
        tuple(written(old, new)),
        tuple(differ),
        len(scenarios) - len(differ),
        tuple(witnesses),
        tuple(same),
        tuple(unsettled),
    )


# --- what is written ------------------------------------------------------------------------------------------
def written(old: RuleBook, new: RuleBook) -> list[Changed]:
    """The entries that were added, removed or changed; where they stand in a file does not count.

    A branch has another place only where it stands before or behind another one than it did, not where one was put in.
    """
    found, moved = [], _moved(old, new)
    for table in TABLES:
        before, after = _table(old, table), _table(new, table)
        for name in [*before, *(n for n in after if n not in before)]:
            if name not in after:
                found.append(Changed(table, name, "removed"))
            elif name not in before:
                found.append(Changed(table, name, "added"))
            elif _plain(before[name]) != _plain(after[name]):
                number = table == "thresholds" and str(before[name]) != str(after[name])
                what = f"{before[name]} -> {after[name]}" if number else _where(before[name], after[name])
                parts = [part for part in what.split(", ") if part != "place" or name in moved]
                if parts or not what:
                    found.append(Changed(table, name, "changed", ", ".join(parts)))
    return found


def _moved(old: RuleBook, new: RuleBook) -> set[str]:
    """The rules of which a branch stands before or behind another one than it did."""

    def order(book: RuleBook) -> list[tuple[str, str]]:
        placed = [(b.order, (r.id, b.part)) for r in book.rules.values() for b in r.blocks if b.order]
        return [name for _, name in sorted(placed)]

    before, after = order(old), order(new)
    both = set(before) & set(after)
    before, after = [n for n in before if n in both], [n for n in after if n in both]
    return {name[0] for name in both if set(before[: before.index(name)]) != set(after[: after.index(name)])}


def _where(before: object, after: object) -> str:
    """Which parts of an entry are written otherwise: 'how, ask'; of a rule's blocks, which of theirs."""
    if not (is_dataclass(before) and is_dataclass(after)):
        return ""
    parts: dict[str, None] = {}
    for spec in fields(before):
        one, other = getattr(before, spec.name), getattr(after, spec.name, None)
        if _plain(one) == _plain(other):
            continue
        if spec.name == "blocks" and isinstance(one, tuple) and isinstance(other, tuple):
            if [b.part for b in one] != [b.part for b in other]:
                parts["its cases" if len(one) + len(other) > 2 else "its form"] = None
            for b, a in zip(one, other, strict=False):
                parts.update(dict.fromkeys(_where(b, a).split(", ") if b.part == a.part else ()))
        elif spec.name not in ("records", "part", "form", "order"):
            parts[spec.name] = None
        elif spec.name == "order":
            parts["place"] = None
    return ", ".join(part for part in parts if part)


def _table(book: RuleBook, table: str) -> Mapping[str, object]:
    if table == "constraints":
        return {constraint.name: constraint for constraint in (*book.constraints, *book.unlikely)}
    found: Mapping[str, object] = getattr(book.outcomes if table in ("outcomes", "modes") else book, table)
    return found


def _plain(value: object) -> object:
    """A value without the places in files."""
    if isinstance(value, Place):
        return None
    if is_dataclass(value):
        return (type(value).__name__, *(_plain(getattr(value, f.name)) for f in fields(value)))
    if isinstance(value, Mapping):
        return tuple((key, _plain(inner)) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return tuple(_plain(inner) for inner in value)
    return value


# --- what is decided ------------------------------------------------------------------------------------------
def _decided(book: RuleBook, other: RuleBook, path: Path | str) -> tuple[tuple[str, ...], str]:
    """What a book decides of a scenario: by name, and in its own words. It may not know all of it that the other does."""
    fitting = Fitting(book, other)
    try:
        decision = decide(form(book, fitting.read(str(path))))
    except UserError as error:
        first = error.problems[0]
        return (first.code, first.what), f"cannot be decided ({first.code}: {first.what})"
    titles = [book.outcomes.modes[mode].title for mode in decision.modes]
    modes = f": {', '.join(title[:1].lower() + title[1:] for title in titles)}" if titles else ""
    unknown = f", which does not know: {', '.join(fitting.left_out)}" if fitting.left_out else ""
    rule = deciding_rule(decision)
    told = f"{book.outcomes.outcomes[decision.outcome].title}{modes} (by {rule}){unknown}"
    return (decision.outcome, *sorted(decision.modes), rule), told


def deciding_rule(decision: Decision) -> str:
    """The rule that decided, with its branch."""
    chosen = decision.after.chosen or decision.trace.chosen
    return "no rule" if chosen is None else chosen.rule


def _witness(old: RuleBook, new: RuleBook, words: str, shape: Shape, budget: Budget) -> Witness | None:
    """A world that the two decide differently; None when it is proven that there is none."""
    one, other = ground(old, "world", shape), ground(new, "world", shape)
    domains: dict[str, Domain] = {**whole(one), **whole(other)}
    more = {n: domains[n] for n in other.inputs if n not in one.inputs and not domains[n].is_known}
    first, second = Program.from_grounded(one), Program.from_grounded(other)
    left = Residual(first.table, domains, budget, more=more)
    right = Residual(second.table, domains, budget, beside=left)
    circuit = left.circuit
    names = dict.fromkeys((*old.outcome_names, *new.outcome_names, ""))
    same = [circuit.all([_outcome(left, old, name), _outcome(right, new, name)]) for name in names]
    differ = circuit.all([left.exists, right.exists, -circuit.any(same)])
    if differ == FALSE:
        return None
    found = which_hold(left, {"differ": differ}, budget)
    if "differ" in found.never:
        return None
    if "differ" not in found.held:
        raise OutOfBudget
    world = Session(left, budget).ask(differ).world
    if world is None:
        raise OutOfBudget
    return Witness(words, world, _read(first, old, world), _read(second, new, world))


def _outcome(residual: Residual, book: RuleBook, name: str) -> int:
    code = book.outcome_names.index(name) if name in book.outcome_names else NO_OUTCOME if not name else None
    return FALSE if code is None else residual.outcomes.get(code, FALSE)


def _read(program: Program, book: RuleBook, world: Mapping[str, int]) -> tuple[str, str]:
    values = program.evaluate({name: world[name] for name in program.grounded.inputs})
    outcome, place = values["outcome"], values["decided_by"]
    rule = next((b.rule for b in program.grounded.branches if b.place == place), "no rule")
    return (book.outcome_names[outcome] if outcome >= 0 else "no outcome"), rule


def diff_json(found: BookDiff) -> dict[str, object]:
    """The comparison as other programs read it: sharedvalue/rules-diff/1."""

    def value(name: str, number: int, shape: str) -> object:
        for book in (found.old, found.new):
            variables = ground(book, "world", shapes(book)[shape]).variables
            if name in variables:
                return show(number, variables[name].type)
        return number

    return {
        "schema": SCHEMA,
        "old": {"version": found.old.version, "hash": found.old.hash},
        "new": {"version": found.new.version, "hash": found.new.hash},
        "changed": [{"table": c.table, "name": c.name, "how": c.how, "what": c.what} for c in found.changed],
        "scenarios": {
            "agree": found.agree,
            "differ": [{"file": d.path, "before": d.before, "after": d.after} for d in found.differ],
        },
        "worlds": [
            {
                "shape": w.shape,
                "before": {"outcome": w.before[0], "rule": w.before[1]},
                "after": {"outcome": w.after[0], "rule": w.after[1]},
                "world": {name: value(name, number, w.shape) for name, number in w.world.items()},
            }
            for w in found.witnesses
        ],
        "never_differ": list(found.same_in),
        "unsettled": list(found.unsettled),
    }
