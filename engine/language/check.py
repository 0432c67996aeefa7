"""Everything about a rule book that can be checked without facts; all mistakes are told at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from sharedvalue.engine.errors import Place, Problems, UserError, did_you_mean
from sharedvalue.engine.language import expressions as e
from sharedvalue.engine.language.expressions import Written, read
from sharedvalue.engine.language.measures import Measure, Picked
from sharedvalue.engine.language.outcomes import Level, Mode, Outcome
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.rules import Block, Effect, Rule, When
from sharedvalue.engine.language.scenario import CONFIDENCES
from sharedvalue.engine.language.source import Text
from sharedvalue.engine.language.strata import block_reads, check_order, names_read
from sharedvalue.engine.language.texts import conditions, placeholders, stray_brace, stray_condition
from sharedvalue.engine.language.typecheck import Checker, Scope, check_measure_formula
from sharedvalue.engine.language.types import ChoiceType, MapType, NumberType, RecordsType, TextType, YesNo

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
RESERVED = frozenset(
    {
        "outcome",
        "modes",
        "items",
        "true",
        "false",
        "yes",
        "no",
        "and",
        "or",
        "not",
        "in",
        "if",
        "else",
        "for",
        "sum",
        "count",
        "min",
        "max",
        "any",
        "all",
        "median",
        "abs",
        "decided_by",
    }
)


def check(book: RuleBook) -> None:
    """Raises UserError with all mistakes found."""
    problems = Problems()
    _names(book, problems)
    _thresholds(book, problems)
    _facts(book, problems)
    _measures(book, problems)
    for rule in book.rules.values():
        _rule(book, rule, problems)
    _constraints(book, problems)
    _outcomes(book, problems)
    _choice(book, problems)
    _references(book, problems)
    if not problems.found:
        check_order(book, problems)
    if not problems.found:
        _reachable(book, problems)
    if not problems.found and not any(
        change.kind not in ("threshold", "words") for change in book.house_changes
    ):
        _carried(book, problems)
        _unread(book, problems)
    problems.stop_if_any()


def check_off(book: RuleBook, off: Iterable[tuple[Rule, Place]]) -> None:
    """A rule that the house switched off must not leave a conclusion that others read to nobody: told where it did so."""
    problems = Problems()
    for rule, place in off:
        lost = {c.name for block in rule.blocks for c in block.concludes} - set(book.conclusions)
        missed = sorted(lost & set(_read_names(book)))
        if missed:
            readers = [
                r.id
                for r in book.rules.values()
                if any(set(missed) & set(block_reads(r.blocks, i, r.form)) for i in range(len(r.blocks)))
            ]
            by = (
                f"; {', '.join(readers[:6])}{' and others' if len(readers) > 6 else ''} read it"
                if readers
                else ""
            )
            problems.add(
                "SV323",
                place,
                f"without {rule.id} nothing concludes {' or '.join(missed)}{by}",
                f"Replace {rule.id} by a rule of your own, or switch off what reads it as well.",
            )
    problems.stop_if_any()


# --- names ----------------------------------------------------------------------------------------------------------
def _names(book: RuleBook, problems: Problems) -> None:
    tables: list[tuple[str, Mapping[str, Place]]] = [
        ("threshold", {n: t.place for n, t in book.thresholds.items()}),
        ("conclusion", {c.name: c.place for r in book.rules.values() for b in r.blocks for c in b.concludes}),
        ("provided value", {n: p.place for n, p in book.provided.items()}),
        ("word", {n: w.place for n, w in book.words.items()}),
    ]
    taken = dict.fromkeys(book.facts, "fact") | dict.fromkeys(book.measures, "measure")
    for kind, table in tables:
        for name, place in table.items():
            if name in taken:
                problems.add(
                    "SV309",
                    place,
                    f"'{name}' is the name of a {taken[name]} and of a {kind}",
                    "Give one of them another name.",
                )
            taken[name] = kind
    for name in taken:
        if not _NAME.match(name) or name in RESERVED:
            place = next((t[name] for _, t in tables if name in t), Place("rules"))
            problems.add(
                "SV309",
                place,
                f"'{name}' cannot be a name",
                "Use lower-case words joined by _; some words are reserved.",
            )


def _thresholds(book: RuleBook, problems: Problems) -> None:
    """Lines that stand in an order stay in it: below `value_unmet` and from `value_met` on must not be one value."""
    for names in book.ascending:
        for low, high in pairwise(book.thresholds[name] for name in names):
            if low.value > high.value:
                one, other = (high, low) if high.house_change or not low.house_change else (low, high)
                word = "below" if one is high else "above"
                problems.add(
                    "SV308",
                    one.place,
                    f"threshold {one.name} ({one}) lies {word} {other.name} ({other})",
                    f"{low.name} must not pass {high.name}: change one of them.",
                )


def _facts(book: RuleBook, problems: Problems) -> None:
    for fact in book.facts.values():
        gate = book.facts.get(fact.applies_when) if fact.applies_when else None
        if fact.applies_when and (gate is None or not isinstance(gate.type, YesNo)):
            problems.add(
                "SV310",
                fact.place,
                f"'applies_when' of fact {fact.name} must name a yes_no fact",
                did_you_mean(fact.applies_when, book.facts),
            )
        if isinstance(fact.type, RecordsType):
            for spec in fact.type.fields:
                if isinstance(spec.type, MapType) and spec.type.list not in book.facts:
                    problems.add(
                        "SV310",
                        fact.place,
                        f"field {spec.name} of {fact.name} maps an unknown list '{spec.type.list}'",
                        did_you_mean(spec.type.list, book.facts),
                    )
        if fact.ask is not None and fact.ask.step not in (*book.asking.steps, ""):
            problems.add(
                "SV304",
                fact.place,
                f"'{fact.ask.step}' of fact {fact.name} is no step of asking",
                did_you_mean(fact.ask.step, book.asking.steps),
            )
        if fact.asked_when is not None:
            _condition(fact.asked_when, Scope(book, "world"), problems)
        if fact.held_when is not None:
            _condition(fact.held_when, Scope(book, "world"), problems)
        for assumption in fact.assume:
            if assumption.when is not None:
                _condition(assumption.when, Scope(book, "world"), problems)
        if fact.reading_discount and fact.reading_discount[1] not in book.thresholds:
            problems.add(
                "SV310",
                fact.place,
                f"the rule book has no threshold '{fact.reading_discount[1]}'",
                did_you_mean(fact.reading_discount[1], book.thresholds),
            )


def _measures(book: RuleBook, problems: Problems) -> None:
    if book.asking.unless is not None:
        _condition(book.asking.unless, Scope(book, "world", {}, in_rule=True), problems)
    for measure in book.measures.values():
        scope = Scope(book, measure.stage)
        check_measure_formula(measure.formula, measure.type, scope, problems)
        if isinstance(measure.formula, Picked):
            listed = scope.list_type(measure.formula.list)
            wanted = (measure.formula.field, measure.formula.most)
            if listed is None or any(listed.field(name) is None for name in wanted):
                problems.add(
                    "SV310",
                    measure.place,
                    f"measure {measure.name} picks a field that is not there",
                    "Check 'list', 'most' and 'field'.",
                )
            else:
                _picks(measure, listed, measure.formula, problems)
        elif measure.unknown is None and any(
            isinstance(n, e.Aggregate) and n.list != "items" for n in e.walk(measure.formula.node)
        ):
            problems.add(
                "SV303",
                measure.place,
                f"measure {measure.name} reads a list but has no 'unknown'",
                "Add 'unknown: [lowest, highest]', its range when the list is left out.",
            )
        fact = book.facts.get(measure.name)
        if fact is not None and fact.type.unit != measure.type.unit:
            problems.add(
                "SV311",
                measure.place,
                f"measure {measure.name} is {measure.type.unit}, the fact of this name {fact.type.unit}",
                "Give both the same type.",
            )
    for words in book.words.values():
        scope = Scope(book, "world")
        listed = scope.list_type(words.list)
        if listed is None or listed.field(words.field) is None:
            problems.add(
                "SV310",
                words.place,
                f"words '{words.name}' take a field that is not there",
                "Check 'list' and 'field'.",
            )
        elif words.where is not None:
            _condition(words.where, scope.with_record(words.variable, words.list), problems)
        if words.speaks_alone is not None:
            _condition(words.speaks_alone, scope, problems)


def _picks(measure: Measure, listed: RecordsType, picked: Picked, problems: Problems) -> None:
    """Notes a picked field that is not of the measure's type, and a `most` that has no greatest."""
    field, most = listed.field(picked.field), listed.field(picked.most)
    if field is not None and field.type.unit != measure.type.unit:
        problems.add(
            "SV311",
            measure.place,
            f"measure {measure.name} is {measure.type.unit}, the field that it picks {field.type.unit}",
            "Give both the same type.",
        )
    if most is not None and not isinstance(most.type, NumberType):
        problems.add(
            "SV311",
            measure.place,
            f"measure {measure.name} picks by {picked.most}, which is no number",
            "Pick by a number.",
        )


# --- rules ----------------------------------------------------------------------------------------------------------
def _condition(written: Written, scope: Scope, problems: Problems) -> None:
    Checker(scope, written.source, problems).condition(written.node)


def _rule(book: RuleBook, rule: Rule, problems: Problems) -> None:
    for position, block in enumerate(rule.blocks):
        records = dict(block.records)
        scope = Scope(book, rule.stage, records, in_rule=True)
        for name in records.values():
            if scope.list_type(name) is None:
                lists = [f.name for f in book.facts.values() if isinstance(f.type, RecordsType)]
                problems.add(
                    "SV310",
                    block.place,
                    f"rule {rule.id} runs over '{name}', which is no list of records",
                    did_you_mean(name, lists) or f"Lists: {', '.join(lists)}.",
                )
                return
        for written in (block.when, block.unless):
            if written is not None:
                _condition(written, scope, problems)
        if block.when is None and rule.form == "single":
            problems.add("SV303", block.place, f"rule {rule.id} has no 'when'", "Say when it holds.")
        if block.when is None and rule.form == "cases" and position < len(rule.blocks) - 1:
            problems.add(
                "SV303",
                block.place,
                f"only the last case of rule {rule.id} may leave 'when' out",
                "Add its condition.",
            )
        for conclusion in block.concludes:
            wanted = book.conclusions.get(conclusion.name, ())
            if any(a not in records for a in conclusion.arguments):
                problems.add(
                    "SV310",
                    conclusion.place,
                    f"rule {rule.id} concludes something of an unknown record",
                    f"Records: {', '.join(records) or 'none'}.",
                )
            elif tuple(records[a] for a in conclusion.arguments) != wanted:
                problems.add(
                    "SV311",
                    conclusion.place,
                    f"'{conclusion.name}' is concluded of different things in different rules",
                    "Use two names.",
                )
        for effect in block.effects:
            if effect.fact is not None and effect.fact not in book.facts:
                problems.add(
                    "SV310",
                    effect.place,
                    f"the rule book knows no fact '{effect.fact}'",
                    did_you_mean(effect.fact, book.facts),
                )
            _effect(book, effect, problems)
        for text in (block.because, block.line, block.otherwise):
            if text is not None:
                _text(book, text, records, problems)


def _effect(book: RuleBook, effect: Effect, problems: Problems) -> None:
    """Whether the values of an effect are such as the evidence chapter can apply."""
    known: Iterable[str] = effect.values
    if effect.kind in ("gives", "caps", "sets"):
        known = CONFIDENCES
    elif effect.kind == "lowers":
        known = ("1", "2", "3")
    elif effect.kind == "spans":
        known = [*book.measures, *book.facts]
    elif effect.kind == "widens_down":
        known = book.thresholds
    elif effect.kind == "one_of" and effect.fact is not None and effect.fact in book.facts:
        kind = book.facts[effect.fact].type
        known = kind.options if isinstance(kind, ChoiceType) else ()
    for value in effect.values or ("",):
        if value not in known and effect.kind != "unknown":
            problems.add(
                "SV304",
                effect.place,
                f"'{effect.kind}' of an effect cannot be '{value}'",
                did_you_mean(value, known) or "See docs/reference/rule-language.md, Stages.",
            )


def _text(
    book: RuleBook, text: Text, records: Mapping[str, str], problems: Problems, stage: str = "world"
) -> None:
    """The names and conditions in a text; what is told of a decision (`stage`) may ask what is in doubt of it."""
    known = {*book.facts, *book.measures, *book.thresholds, *book.words, *book.provided}
    for condition in conditions(text):
        try:
            _condition(read(condition), Scope(book, stage, records, in_rule=True), problems)
        except UserError as error:
            problems.extend(error)
    for mark in placeholders(text):
        place = Place(
            text.place.file, text.place.line, text.place.column, text.place.text, len(mark.name) + 2
        )
        if mark.field:
            listed = Scope(book, "world").list_type(records.get(mark.name, ""))
            if listed is None or listed.field(mark.field) is None:
                problems.add(
                    "SV318",
                    place,
                    f"the text names '{{{mark.name}.{mark.field}}}', which is not there",
                    "Use a record of the rule and one of its fields.",
                )
        elif mark.name not in known and mark.name not in records:
            problems.add(
                "SV318",
                place,
                f"the text names '{{{mark.name}}}', which the rule book does not know",
                did_you_mean(mark.name, known),
            )
    if stray_condition(text.value):
        problems.add(
            "SV318",
            text.place,
            "a condition in the text is not closed, has no ':', or holds another one",
            "Write '[if CONDITION: words]' or '[unless CONDITION: words]', one after another and never one within another.",
        )
    if stray_brace(text.value):
        problems.add(
            "SV318",
            text.place,
            "a brace in the text is no placeholder",
            "Write {name} or {record.field}, nothing else in braces.",
        )


def _constraints(book: RuleBook, problems: Problems) -> None:
    for constraint in (*book.constraints, *book.unlikely):
        _condition(constraint.never, Scope(book, "world", dict(constraint.records)), problems)


def _outcomes(book: RuleBook, problems: Problems) -> None:
    outcomes = book.outcomes
    scope = Scope(book, "world", {}, in_rule=True)
    levels: Iterable[Level] = [
        *outcomes.statuses.values(),
        *outcomes.risk_levels.values(),
        *outcomes.risk_routes.values(),
        *([outcomes.tell_sponsor] if outcomes.tell_sponsor else []),
    ]
    for level in levels:
        for written in (level.when, level.surely):
            if written is not None:
                _condition(written, scope, problems)
        if level.risk and level.risk not in book.risks:
            problems.add(
                "SV310", level.place, f"there is no risk '{level.risk}'", did_you_mean(level.risk, book.risks)
            )
    for mode in outcomes.modes.values():
        for name in mode.outcomes:
            if name not in outcomes.outcomes:
                problems.add(
                    "SV310",
                    mode.place,
                    f"there is no outcome '{name}'",
                    did_you_mean(name, outcomes.outcomes),
                )
        if mode.joins_when is not None:
            _condition(mode.joins_when, scope, problems)
        for text in (mode.headline, mode.means):
            _text(book, Text(text, mode.place), {}, problems, "decision")
    for outcome in outcomes.outcomes.values():
        if outcome.near is not None and outcome.near[0] not in outcomes.outcomes:
            problems.add(
                "SV310",
                outcome.place,
                f"there is no outcome '{outcome.near[0]}'",
                did_you_mean(outcome.near[0], outcomes.outcomes),
            )
        if outcome.keeps is not None:
            keeps = outcome.keeps
            _condition(
                keeps.where, Scope(book, "world", {keeps.variable: keeps.list}, in_rule=True), problems
            )
        for text in (outcome.headline, outcome.means):
            _text(book, Text(text, outcome.place), {}, problems, "decision")


def _choice(book: RuleBook, problems: Problems) -> None:
    places: dict[tuple[str, int], str] = {}
    branches = [(rule, block) for rule in book.rules.values() for block in rule.blocks if block.outcome]
    for rule, block in branches:
        name = f"{rule.id}.{block.part}"
        if block.outcome not in book.outcomes.outcomes:
            problems.add(
                "SV310",
                block.place,
                f"there is no outcome '{block.outcome}'",
                did_you_mean(block.outcome, book.outcomes.outcomes),
            )
        if (rule.stage, block.order) in places:
            problems.add(
                "SV319",
                block.place,
                f"{name} has the same place as {places[rule.stage, block.order]}",
                "Give each branch a place of its own.",
            )
        places[rule.stage, block.order] = name
    world = sorted(
        ((block.order, rule, block) for rule, block in branches if rule.stage == "world"), key=lambda x: x[0]
    )
    for _, _, block in world[:-1]:
        if block.when is None:
            problems.add(
                "SV319",
                block.place,
                "only the last branch of the choice may leave 'when' out",
                "Say when it applies.",
            )
    if not world or world[-1][2].when is not None:
        place = world[-1][2].place if world else Place("rules/decision.yaml")
        problems.add(
            "SV319",
            place,
            "the choice may find nothing",
            "Let the branch with the last place have no 'when'.",
        )


def _references(book: RuleBook, problems: Problems) -> None:
    def known(names: Iterable[str], table: Mapping[str, object], what: str, place: Place) -> None:
        for name in names:
            if name not in table:
                problems.add("SV310", place, f"there is no {what} '{name}'", did_you_mean(name, table))

    def conditional(
        entries: Iterable[When], table: Mapping[str, object], what: str, stage: str = "world"
    ) -> None:
        for entry in entries:
            known([entry.name], table, what, entry.place)
            if entry.when is not None:
                _condition(entry.when, Scope(book, stage, {}, in_rule=True), problems)
            if entry.words:
                _text(book, Text(entry.words, entry.place), {}, problems, stage)

    for rule in book.rules.values():
        known(rule.cites, book.claims, "claim", rule.place)
        known(rule.sources, book.sources, "source", rule.place)
        for block in rule.blocks:
            conditional(block.advise, book.actions, "action")
            conditional(block.warn, book.risks, "risk")
            conditional(block.modes, book.outcomes.modes, "mode")
    for threshold in book.thresholds.values():
        known(threshold.sources, book.sources, "source", threshold.place)
    for claim in book.claims.values():
        if claim.stands_when is not None:
            _condition(claim.stands_when, Scope(book, "world", {}, in_rule=True), problems)
    for advice in (*book.actions.values(), *book.risks.values()):
        if advice.when is not None:
            _condition(advice.when, Scope(book, "decision", {}, in_rule=True), problems)
        _text(book, Text(advice.text, advice.place), {}, problems, "decision")
        _text(book, Text(advice.detail, advice.place), {}, problems, "decision")
        known(advice.cites, book.claims, "claim", advice.place)
        known(advice.sources, book.sources, "source", advice.place)
    blocks = {
        **book.rules,
        **{f"{r.id}.{b.part}": b for r in book.rules.values() for b in r.blocks if b.part},
    }
    if not any(
        change.kind == "off" for change in book.house_changes
    ):  # a house may switch a rule off that is told of
        for outcome in book.outcomes.outcomes.values():
            known(outcome.say_first, blocks, "rule", outcome.place)
            conditional((*outcome.why_not.needs, *outcome.why_not.stopped_by), blocks, "rule")
        known(
            (*book.outcomes.say_first, *book.outcomes.situation), blocks, "rule", Place("rules/outcomes.yaml")
        )
        concluded = {c.name: c for r in book.rules.values() for b in r.blocks for c in b.concludes}
        for outcome in book.outcomes.outcomes.values():
            known(outcome.doors, concluded, "conclusion", outcome.place)
        recording = book.outcomes.recording
        stated = [name for name in (recording.proposed_while, recording.agreed, *recording.flagged) if name]
        known(stated, concluded, "conclusion", recording.place)
    recording = book.outcomes.recording
    known(
        [
            n
            for n in (
                recording.log,
                recording.sponsor,
                recording.problem,
                *recording.people,
                *recording.foretells,
                *recording.foretells.values(),
            )
            if n
        ],
        book.facts,
        "fact",
        recording.place,
    )
    courses = {f"{o}.{name}": mode for name, mode in book.outcomes.modes.items() for o in mode.outcomes}
    known(recording.options, {**book.outcomes.outcomes, **courses}, "course", recording.place)
    pictures = book.outcomes.pictures
    known(pictures.looks, book.outcomes.outcomes, "outcome", pictures.place)
    known(pictures.firm, book.outcomes.statuses, "status", pictures.place)
    if (spot := pictures.sweet_spot) is not None:
        for scale in spot.scales:
            known(scale.at, {**book.facts, **book.measures}, "value", spot.place)
            known(scale.lines, book.thresholds, "threshold", spot.place)
            known([scale.only_with] if scale.only_with else [], book.facts, "fact", spot.place)
    for mode in book.outcomes.modes.values():
        conditional(mode.quotes, book.claims, "claim")
    entries: tuple[Outcome | Mode, ...] = (*book.outcomes.outcomes.values(), *book.outcomes.modes.values())
    for entry in entries:
        conditional(entry.actions, book.actions, "action", "decision")
        conditional(entry.risks, book.risks, "risk", "decision")
    for fact in book.facts.values():
        known(fact.cites, book.claims, "claim", fact.place)


def _reachable(book: RuleBook, problems: Problems) -> None:
    """A rule whose condition contradicts itself, or reads a conclusion that no rule can reach, is told."""
    from sharedvalue.engine.language.grounding import ground
    from sharedvalue.engine.language.shape import Shape

    counts = tuple(
        (f.name, 1) for f in book.facts.values() if isinstance(f.type, RecordsType) and not f.top_level
    )
    for stage in ("evidence", "world", "decision"):
        try:
            grounded = ground(book, stage, Shape((*counts, ("items", 1)) if stage == "evidence" else counts))
        except UserError as error:
            problems.extend(error)
            continue
        for rule in grounded.rules:
            if not rule.alternatives and rule.rule in book.rules:
                problems.add(
                    "SV320",
                    _block(book.rules[rule.rule], rule.part).place,
                    f"rule {rule.key} can never fire: its condition contradicts itself",
                    "Check 'and', 'or' and the cases before it.",
                )


def _block(rule: Rule, part: str) -> Block:
    return next((b for b in rule.blocks if b.part == part), rule.blocks[0])


# --- completeness ---------------------------------------------------------------------------------------------------
def carriers(book: RuleBook) -> Mapping[str, tuple[str, ...]]:
    """Each claim with what carries it: rules, facts, measures, actions, risks, and the attribution."""
    found: dict[str, list[str]] = {claim: [] for claim in book.claims}
    tables: list[Iterable[tuple[str, tuple[str, ...]]]] = [
        ((r.id, r.cites) for r in book.rules.values()),
        ((f"{f.id} {f.name}", f.cites) for f in book.facts.values()),
        ((m.name, m.cites) for m in book.measures.values()),
        ((a.id, a.cites) for a in (*book.actions.values(), *book.risks.values())),
    ]
    for table in tables:
        for name, cites in table:
            for cited in cites:
                found.setdefault(cited, []).append(name)
    for claim in book.claims.values():
        if claim.type == "provenance":
            found[claim.id].append("attribution")
    return {claim: tuple(names) for claim, names in found.items()}


def _carried(book: RuleBook, problems: Problems) -> None:
    for claim, names in carriers(book).items():
        if not names and claim in book.claims:
            problems.add(
                "SV321",
                book.claims[claim].place,
                f"nothing carries claim {claim}",
                "Let a rule, fact, action or risk cite it.",
            )


def conditions_read(text: Text | str) -> Iterator[str]:
    """What the conditions within a text read."""
    for condition in conditions(text):
        yield from names_read(read(condition).node)


def _read_names(book: RuleBook) -> Iterator[str]:
    written: list[Written | None] = [
        m.formula if isinstance(m.formula, Written) else None for m in book.measures.values()
    ]
    for rule in book.rules.values():
        for block in rule.blocks:
            written += [
                block.when,
                block.unless,
                *(m.when for m in (*block.modes, *block.advise, *block.warn)),
            ]
            for text in (block.because, block.line, block.otherwise):
                yield from (mark.name for mark in placeholders(text)) if text else ()
                yield from conditions_read(text) if text else ()
            yield from (effect.fact for effect in block.effects if effect.fact)
    written += [c.never for c in (*book.constraints, *book.unlikely)] + [
        x for w in book.words.values() for x in (w.where, w.speaks_alone)
    ]
    levels = book.outcomes
    written += [
        condition
        for table in (levels.statuses, levels.risk_levels, levels.risk_routes)
        for x in table.values()
        for condition in (x.when, x.surely)
    ]
    written += [f.asked_when for f in book.facts.values()]
    written += [c.stands_when for c in book.claims.values()]
    written += [x.joins_when for x in levels.modes.values()]
    entries: tuple[Outcome | Mode, ...] = (*levels.outcomes.values(), *levels.modes.values())
    for entry in entries:
        written += [x.when for x in (*entry.actions, *entry.risks)]
        yield from (mark.name for text in (entry.headline, entry.means) for mark in placeholders(text))
        yield from (name for text in (entry.headline, entry.means) for name in conditions_read(text))
    for advice in (*book.actions.values(), *book.risks.values()):
        written.append(advice.when)
        yield from (mark.name for mark in placeholders(advice.text + advice.detail))
        yield from conditions_read(advice.text + advice.detail)
    yield from (m.formula.list for m in book.measures.values() if isinstance(m.formula, Picked))
    yield from (w.list for w in book.words.values())
    for item in written:
        if item is not None:
            yield from names_read(item.node)


def _unread(book: RuleBook, problems: Problems) -> None:
    read = set(_read_names(book))
    for fact in book.facts.values():
        if (
            fact.name not in read
            and not isinstance(fact.type, TextType)
            and not fact.top_level
            and not fact.review_needs
        ):
            problems.add(
                "SV322",
                fact.place,
                f"no rule, measure, text, action or risk reads the fact {fact.name}",
                "Use it, or take it out.",
            )
