"""Any one thing of the rule book in full, as lines for a person and as JSON: `rules show`, `explain` and `facts` print it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.errors import Place
    from sharedvalue.engine.language.facts import Fact
    from sharedvalue.engine.language.library import Advice
    from sharedvalue.engine.language.measures import Measure
    from sharedvalue.engine.language.outcomes import Level, Mode, Outcome
    from sharedvalue.engine.language.rulebook import RuleBook
    from sharedvalue.engine.language.rules import Block, Rule, When
    from sharedvalue.engine.language.thresholds import Threshold
    from sharedvalue.engine.language.types import Word

Json = dict[str, object]


@dataclass(frozen=True)
class Found:
    """A thing of the rule book: what it is, and its name."""

    kind: str
    name: str


def tables(book: RuleBook) -> Mapping[str, Iterable[str]]:
    """Every kind of thing with the names of all that there are."""
    outcomes = book.outcomes
    return {
        "rule": book.rules,
        "claim": book.claims,
        "source": book.sources,
        "fact": book.facts,
        "threshold": book.thresholds,
        "measure": [m for m in book.measures if m not in book.facts],
        "outcome": outcomes.outcomes,
        "mode": outcomes.modes,
        "status": outcomes.statuses,
        "risk level": outcomes.risk_levels,
        "action": book.actions,
        "risk": book.risks,
        "conclusion": book.conclusions,
        "constraint": [c.name for c in book.constraints],
        "provided": book.provided,
        "words": book.words,
        "chapter": book.chapters,
    }


def words(book: RuleBook) -> Iterator[str]:
    for names in tables(book).values():
        yield from names


def find(book: RuleBook, word: str) -> Found | None:
    """The thing of a name; upper and lower case, and - for _, count as the same."""
    plain = word.strip().replace("-", "_").replace(" ", "_").casefold()
    for exact in (True, False):
        for kind, names in tables(book).items():
            for name in names:
                if name == word if exact else name.casefold() == plain:
                    return Found(kind, name)
    by_id = next((fact.name for fact in book.facts.values() if fact.id.casefold() == plain), None)
    return Found("fact", by_id) if by_id else None


# --- lines ------------------------------------------------------------------------------------------------------------
def labelled(label: str, text: str, indent: str = "") -> list[str]:
    """A label with its text, folded under itself; nothing where there is no text."""
    if not text:
        return []
    head = f"{indent}{label:<12} "
    return fold(text, WIDTH, " " * len(head), first=head)


def lines(book: RuleBook, found: Found) -> Iterator[str]:
    """The thing in full, for a person."""
    show: dict[str, Callable[[RuleBook, str], Iterator[str]]] = {
        "rule": rule_lines,
        "claim": claim_lines,
        "source": source_lines,
        "fact": fact_lines,
        "threshold": threshold_lines,
        "measure": measure_lines,
        "outcome": outcome_lines,
        "mode": mode_lines,
        "action": advice_lines,
        "risk": advice_lines,
        "conclusion": conclusion_lines,
        "constraint": constraint_lines,
    }
    if found.kind in show:
        yield from show[found.kind](book, found.name)
        return
    yield f"{found.name} ({found.kind})"
    for key, value in as_json(book, found).items():
        if key != "name":
            yield from labelled(key, str(value))


def heading(name: str, title: str) -> list[str]:
    return fold(title, WIDTH, "  ", first=f"{name}  ")


def rule_lines(book: RuleBook, name: str) -> Iterator[str]:
    rule = book.rules[name]
    chapter = book.chapters[rule.chapter]
    yield from heading(rule.id, rule.title)
    yield from labelled("kind", ", ".join(rule.kind))
    yield from labelled("chapter", f"{rule.chapter}, {chapter.title}")
    yield from labelled("for each", ", ".join(f"{v} in {where}" for v, where in rule.records))
    yield from labelled("about", rule.about)
    for change in book.house_changes:
        if change.kind == "rule" and change.name == rule.id:
            yield from labelled("house", f"{change.what} ({change.because})")
    for block in rule.blocks:
        yield from block_lines(rule, block)
    yield from cited_lines(book, rule.cites, rule.sources)
    yield ""
    yield from labelled("written in", written_in(rule.place))


def written_in(place: Place) -> str:
    """Where a rule is written: from the folder that holds the rule book, or as the house gave it."""
    from sharedvalue.engine.language.rulebook import default_folder

    path, home = Path(place.file), default_folder().parent
    return f"{path.relative_to(home) if path.is_relative_to(home) else path}, line {place.line}"


def block_lines(rule: Rule, block: Block) -> Iterator[str]:
    """One condition with what follows."""
    yield ""
    if rule.form != "single":
        word = {"cases": "case", "parts": "part", "branches": "branch"}[rule.form]
        yield f"{word} {block.part}" + (f", place {block.order}" if block.outcome else "")
    if block.records != rule.records:
        yield from labelled("for each", ", ".join(f"{v} in {where}" for v, where in block.records))
    yield from labelled(
        "when", str(block.when) if block.when else "otherwise (always, where nothing before it held)"
    )
    yield from labelled("unless", str(block.unless or ""))
    yield from labelled(
        "concludes",
        ", ".join(c.name + (f"({', '.join(c.arguments)})" if c.arguments else "") for c in block.concludes),
    )
    yield from labelled("outcome", block.outcome)
    yield from labelled("modes", said_when(block.modes))
    yield from labelled(
        "effect",
        "; ".join(
            f"{e.kind} {', '.join(e.values)}" + (f" on {e.fact}" if e.fact else "") for e in block.effects
        ),
    )
    yield from labelled("modality", "" if block.modality == "is" else block.modality)
    yield from labelled("because", " ".join(block.because.value.split()))
    yield from labelled("else", " ".join(block.otherwise.value.split()) if block.otherwise else "")
    yield from labelled("advises", said_when(block.advise))
    yield from labelled("warns", said_when(block.warn))


def said_when(entries: Iterable[When]) -> str:
    return ", ".join(f"{e.name} when {e.when}" if e.when else e.name for e in entries)


def cited_lines(book: RuleBook, cites: Iterable[str], sources: Iterable[str]) -> Iterator[str]:
    """Claims with their quotes, and sources."""
    cited = [book.claims[c] for c in cites if c in book.claims]
    if cited:
        yield ""
        for claim in cited:
            yield from fold(f'"{claim.quote}"', WIDTH, f"{'':<5}", first=f"{claim.id:<5}")
        yield from fold(
            f"     - {book.article.title}, {book.article.publisher}, {book.article.licence}", WIDTH, "       "
        )
    for source in sources:
        if source in book.sources:
            yield from fold(
                f"{book.sources[source].cite} {book.sources[source].url}".strip(),
                WIDTH,
                f"{'':<5}",
                first=f"{source:<5}",
            )


def claim_lines(book: RuleBook, name: str) -> Iterator[str]:
    from sharedvalue.engine.language.check import carriers

    claim = book.claims[name]
    yield from heading(claim.id, claim.says)
    yield from labelled("quote", f'"{claim.quote}"')
    yield from labelled(
        "from",
        f"{book.article.title}, {book.article.publisher}, {book.article.licence}; sentence {claim.sentence}",
    )
    yield from labelled("type", claim.type)
    yield from labelled("modality", claim.modality)
    yield from labelled("carried by", ", ".join(carriers(book)[name]))


def source_lines(book: RuleBook, name: str) -> Iterator[str]:
    source = book.sources[name]
    yield from heading(source.id, source.cite)
    yield from labelled("where", source.url)
    yield from labelled("note", source.note)
    used = [r.id for r in book.rules.values() if name in r.sources] + [
        t.name for t in book.thresholds.values() if name in t.sources
    ]
    yield from labelled("used by", ", ".join(used))


def type_words(kind: object) -> str:
    """A type, as a person reads it."""
    from sharedvalue.engine.language.types import MapType, NumberType, RecordsType, TextType
    from sharedvalue.engine.language.values import expected_of

    if isinstance(kind, RecordsType):
        return "a list of records: " + ", ".join(f.name for f in kind.fields)
    if isinstance(kind, MapType):
        return f"a value for each of {kind.list}"
    if isinstance(kind, NumberType):
        return f"{kind.unit}: {expected_of(kind)}"
    return "a date" if isinstance(kind, TextType) and kind.unit == "date" else expected_of(kind)  # type: ignore[arg-type]  # all that is left


def fact_lines(book: RuleBook, name: str) -> Iterator[str]:
    from sharedvalue.engine.language.facts import GROUP_TITLES
    from sharedvalue.engine.language.scenario_writer import written_value
    from sharedvalue.engine.language.types import RecordsType

    fact = book.facts[name]
    yield from heading(fact.name, fact.title)
    yield from labelled("id", fact.id)
    yield from labelled("group", GROUP_TITLES[fact.group])
    yield from labelled("value", type_words(fact.type))
    yield from labelled("how", fact.how)
    yield from labelled(
        "in words", "" if not word_scale(fact) else "read as its middle; what it can mean is a margin"
    )
    for word in word_scale(fact):
        yield from labelled("", word_words(word))
    if fact.ask:
        yield from labelled("asked", fact.ask.question)
        yield from labelled("", fact.ask.help)
        for value, said in fact.ask.words.items():
            yield from labelled("", f"{value}: {said}")
    yield from labelled("required", "yes" if fact.required else "")
    yield from labelled("applies", f"when {applies(fact)}" if applies(fact) else "")
    yield from labelled("stands", fact.stands)
    for line in fact.example.splitlines():
        yield f"    {line}"
    yield from labelled(
        "if left out",
        "; ".join(
            f"{written_value(a.value, fact.type)}" + (f" when {a.when}" if a.when else "")  # type: ignore[arg-type]  # only value types assume
            for a in fact.assume
        )
        or ("" if fact.required else "unknown"),
    )
    yield from labelled("who", _owner(fact))
    yield from labelled("better", "" if fact.improves == ("nothing",) else ", ".join(fact.improves))
    yield from labelled("moves by", fact.moves)
    yield from labelled("held", f"when {fact.held_when}" if fact.held_when else "")
    yield from labelled(
        "computed", f"{book.measures[name].title}; given directly, it wins" if name in book.measures else ""
    )
    if isinstance(fact.type, RecordsType):
        yield ""
        for spec in fact.type.fields:
            note = (
                " (the name)"
                if spec.key
                else " (may be left out)"
                if spec.optional or spec.default is not None
                else ""
            )
            yield from fold(
                f"{spec.name}{note}: {type_words(spec.type)}. {spec.how}", WIDTH, "    ", first="  "
            )
    yield from labelled("read by", ", ".join(readers(book, name)))
    yield from cited_lines(book, fact.cites, ())


def applies(fact: Fact) -> str:
    """What must hold, or be able to hold, for a fact to mean something."""
    return " and ".join(str(part) for part in (fact.applies_when, fact.asked_when) if part)


def word_scale(fact: Fact) -> tuple[Word, ...]:
    """The words that a fact may be given in."""
    return getattr(fact.type, "words", ())


def word_words(word: Word) -> str:
    """A word of a scale, with what it is read as and when it fits."""
    lo, middle, hi = (f"{value / 10:g}" for value in (word.lo, word.middle, word.hi))
    return f"{word.name}: {middle} ({lo} to {hi}). {word.fits}"


def _owner(fact: Fact) -> str:
    if fact.owner == "nobody":
        return "nobody can change it"
    together = " together" if "_and_" in fact.owner else ""
    return f"{fact.owner.replace('_', ' ')}{together} could change it"


def readers(book: RuleBook, name: str) -> list[str]:
    """The rules and measures whose conditions read a name."""
    from sharedvalue.engine.language.measures import Picked
    from sharedvalue.engine.language.strata import block_reads, names_read

    rules = [
        r.id
        for r in book.rules.values()
        if any(name in set(block_reads(r.blocks, i, r.form)) for i in range(len(r.blocks)))
    ]
    measures = [
        m.name
        for m in book.measures.values()
        if (
            name == m.formula.list
            if isinstance(m.formula, Picked)
            else name in set(names_read(m.formula.node))
        )
    ]
    return rules + measures


def threshold_lines(book: RuleBook, name: str) -> Iterator[str]:
    threshold = book.thresholds[name]
    yield from heading(f"{threshold.name} = {threshold}", threshold.title)
    yield from labelled("unit", threshold.type.unit)
    yield from labelled(
        "basis",
        {"house": "house default (ours; the article names no number)"}.get(threshold.basis, threshold.basis),
    )
    yield from labelled("because", threshold.because)
    yield from labelled("house", threshold.house_change)
    yield from labelled("since", threshold.since)
    yield from labelled("read by", ", ".join(readers(book, name)))
    yield from cited_lines(book, (), threshold.sources)


def formula_words(measure: Measure) -> str:
    from sharedvalue.engine.language.measures import Picked

    formula = measure.formula
    return (
        f"{formula.field} of the one of {formula.list} with the most {formula.most}"
        if isinstance(formula, Picked)
        else str(formula)
    )


def measure_lines(book: RuleBook, name: str) -> Iterator[str]:
    measure = book.measures[name]
    yield from heading(measure.name, measure.title)
    yield from labelled("unit", measure.type.unit)
    yield from labelled("is", formula_words(measure))
    yield from labelled("stage", measure.stage)
    yield from labelled("read by", ", ".join(readers(book, name)))
    yield from cited_lines(book, measure.cites, ())


def conclusion_lines(book: RuleBook, name: str) -> Iterator[str]:
    about = book.conclusions[name]
    yield f"{name}  (concluded" + (f" of each of {', '.join(about)})" if about else ")")
    for rule in book.concluded_by[name]:
        yield from labelled("by", f"{rule}  {book.rules[rule].title}")
    yield from labelled("read by", ", ".join(readers(book, name)))


def constraint_lines(book: RuleBook, name: str) -> Iterator[str]:
    constraint = next(c for c in book.constraints if c.name == name)
    yield f"{name}  (what cannot be)"
    yield from labelled("never", str(constraint.never))
    yield from labelled("because", constraint.because)


def outcome_lines(book: RuleBook, name: str) -> Iterator[str]:
    outcome = book.outcomes.outcomes[name]
    yield from heading(name, outcome.title)
    yield from labelled("means", outcome.means)
    deciding = [f"{r.id}.{b.part}" for r in book.rules.values() for b in r.blocks if b.outcome == name]
    yield from labelled("decided by", ", ".join(deciding))
    yield from labelled(
        "modes", ", ".join(m.name for m in book.outcomes.modes.values() if name in m.outcomes)
    )
    yield from _advice_of(book, outcome)


def mode_lines(book: RuleBook, name: str) -> Iterator[str]:
    mode = book.outcomes.modes[name]
    yield from heading(name, mode.title)
    yield from labelled("means", mode.means)
    yield from labelled("a mode of", ", ".join(mode.outcomes))
    given = [
        f"{r.id}.{b.part}"
        for r in book.rules.values()
        for b in r.blocks
        if any(w.name == name for w in b.modes)
    ]
    yield from labelled("given by", ", ".join(given))
    yield from labelled("joins when", str(mode.joins_when or ""))
    yield from _advice_of(book, mode)


def _advice_of(book: RuleBook, entry: Outcome | Mode) -> Iterator[str]:
    for label, whens, written in (
        ("actions", entry.actions, book.actions),
        ("risks", entry.risks, book.risks),
    ):
        for number, when in enumerate(whens):
            yield from labelled(
                label if number == 0 else "",
                f"{when.name} {written[when.name].text}" + (f" (when {when.when})" if when.when else ""),
            )


def advice_lines(book: RuleBook, name: str) -> Iterator[str]:
    advice: Advice = (book.actions if name in book.actions else book.risks)[name]
    yield from heading(advice.id, advice.text)
    yield from labelled("detail", advice.detail)
    yield from labelled("modality", advice.modality)
    rules = [
        r.id
        for r in book.rules.values()
        for b in r.blocks
        if any(w.name == name for w in (*b.advise, *b.warn))
    ]
    tables: tuple[Outcome | Mode, ...] = (*book.outcomes.outcomes.values(), *book.outcomes.modes.values())
    entries = [e.name for e in tables if any(w.name == name for w in (*e.actions, *e.risks))]
    yield from labelled("goes with", ", ".join(dict.fromkeys(rules + entries)))
    yield from cited_lines(book, advice.cites, advice.sources)


# --- JSON -------------------------------------------------------------------------------------------------------------
def as_json(book: RuleBook, found: Found) -> Json:
    """The thing in full, for a program."""
    name = found.name
    simple: dict[str, Callable[[], Json]] = {
        "rule": lambda: rule_json(book, book.rules[name]),
        "claim": lambda: _plain(book.claims[name], "id", "sentence", "type", "says", "quote", "modality"),
        "source": lambda: _plain(book.sources[name], "id", "cite", "url", "note"),
        "fact": lambda: fact_json(book, book.facts[name]),
        "threshold": lambda: threshold_json(book.thresholds[name]),
        "measure": lambda: {
            "name": name,
            "title": book.measures[name].title,
            "unit": book.measures[name].type.unit,
            "is": formula_words(book.measures[name]),
            "stage": book.measures[name].stage,
        },
        "outcome": lambda: _plain(book.outcomes.outcomes[name], "name", "title", "headline", "means"),
        "mode": lambda: {
            **_plain(book.outcomes.modes[name], "name", "title", "headline", "means"),
            "outcomes": list(book.outcomes.modes[name].outcomes),
        },
        "status": lambda: _level(book.outcomes.statuses[name]),
        "risk level": lambda: _level(book.outcomes.risk_levels[name]),
        "action": lambda: _plain(book.actions[name], "id", "text", "detail", "modality", "cites", "sources"),
        "risk": lambda: _plain(book.risks[name], "id", "text", "detail", "modality", "cites", "sources"),
        "conclusion": lambda: {
            "name": name,
            "of": list(book.conclusions[name]),
            "rules": list(book.concluded_by[name]),
        },
        "constraint": lambda: next(
            {"name": c.name, "never": str(c.never), "because": c.because}
            for c in book.constraints
            if c.name == name
        ),
        "provided": lambda: {
            "name": name,
            "stage": book.provided[name].stage,
            "about": book.provided[name].about,
        },
        "words": lambda: _plain(book.words[name], "name", "list", "field", "none"),
        "chapter": lambda: _plain(book.chapters[name], "letter", "title", "about", "stage"),
    }
    return simple[found.kind]()


def _plain(thing: object, *names: str) -> Json:
    values = {name: getattr(thing, name) for name in names}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _level(level: Level) -> Json:
    return {"name": level.name, "words": level.words, "when": str(level.when) if level.when else None}


def rule_json(book: RuleBook, rule: Rule) -> Json:
    def block(written: Block) -> Json:
        return {
            "part": written.part,
            "when": str(written.when) if written.when else None,
            "unless": str(written.unless) if written.unless else None,
            "for": dict(written.records),
            "concludes": [c.name for c in written.concludes],
            "outcome": written.outcome or None,
            "place": written.order or None,
            "modes": [_when(w) for w in written.modes],
            "modality": written.modality,
            "because": " ".join(written.because.value.split()),
            "otherwise": " ".join(written.otherwise.value.split()) if written.otherwise else None,
            "advise": [_when(w) for w in written.advise],
            "warn": [_when(w) for w in written.warn],
        }

    return {
        "id": rule.id,
        "title": rule.title,
        "chapter": rule.chapter,
        "kind": list(rule.kind),
        "stage": rule.stage,
        "form": rule.form,
        "cites": list(rule.cites),
        "sources": list(rule.sources),
        "about": rule.about,
        "blocks": [block(b) for b in rule.blocks],
        "quotes": {c: book.claims[c].quote for c in rule.cites if c in book.claims},
    }


def _when(entry: When) -> Json:
    return {"name": entry.name, "when": str(entry.when) if entry.when else None}


def threshold_json(threshold: Threshold) -> Json:
    from sharedvalue.engine.language.types import show

    return {
        "name": threshold.name,
        "title": threshold.title,
        "value": show(threshold.value, threshold.type),
        "unit": threshold.type.unit,
        "basis": threshold.basis,
        "sources": list(threshold.sources),
        "because": threshold.because,
        "since": threshold.since,
        "house_change": threshold.house_change or None,
    }


def fact_json(book: RuleBook, fact: Fact) -> Json:
    from sharedvalue.engine.language.scenario_writer import written_value
    from sharedvalue.engine.language.types import RecordsType

    fields = (
        [
            {
                "name": f.name,
                "type": type_words(f.type),
                "how": f.how,
                "key": f.key,
                "optional": f.optional or f.default is not None,
            }
            for f in fact.type.fields
        ]
        if isinstance(fact.type, RecordsType)
        else []
    )
    return {
        "name": fact.name,
        "id": fact.id,
        "group": fact.group,
        "title": fact.title,
        "unit": fact.type.unit,
        "type": type_words(fact.type),
        "required": fact.required,
        "how": fact.how,
        "question": fact.ask.question if fact.ask else None,
        "help": fact.ask.help if fact.ask else None,
        "effort": fact.ask.effort if fact.ask else None,
        "owner": fact.owner,
        "improves": [] if fact.improves == ("nothing",) else list(fact.improves),
        "moves": fact.moves or None,
        "cost": {fact.cost[0]: fact.cost[1]},
        "applies_when": applies(fact) or None,
        "stands": fact.stands or None,
        "example": fact.example or None,
        "fields": fields,
        "cites": list(fact.cites),
        "assume": [
            {"value": written_value(a.value, fact.type), "when": str(a.when) if a.when else None}  # type: ignore[arg-type]  # only value types assume
            for a in fact.assume
        ],
        "computed": fact.name in book.measures,
        "words": [
            {"word": w.name, "middle": w.middle / 10, "from": w.lo / 10, "to": w.hi / 10, "fits": w.fits}
            for w in word_scale(fact)
        ],
    }
