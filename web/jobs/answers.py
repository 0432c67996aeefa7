"""The text of a scenario with one answer changed: a value, a record, a grid, the title."""

from __future__ import annotations

from typing import Any

from sharedvalue.engine.decision import decide
from sharedvalue.engine.errors import Problems, mistake
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import Scenario, Stated, read_stated, type_of
from sharedvalue.engine.language.scenario_edit import Changes, Value, edited
from sharedvalue.engine.language.scenario_writer import quoted
from sharedvalue.engine.language.types import (
    ChoiceType,
    MapType,
    NumberType,
    RecordsType,
    TextType,
    ValueType,
    YesNo,
    show,
)
from sharedvalue.engine.questions.ask import Question, expected_answer, kind_of, options_of, understood
from sharedvalue.engine.questions.questionnaire import Field, questionnaire
from sharedvalue.engine.worlds import form
from sharedvalue.web.jobs import case

MOST_RECORDS = 20


def begun(title: str, sponsor: str, house: tuple[str, ...], stamp: str) -> str:
    """The text of a new scenario."""
    book = case.book(house, stamp)
    start = f"scenario: 1\ntitle: {quoted(title)}\n\nfacts:\n"
    first = next(f.name for f in book.facts.values() if f.required)
    text = f"{start}  {first}: {'true' if sponsor == 'yes' else 'false'}\n"
    decide(case.worlds(book, text, "scenario"))
    return text


def answered(
    text: str,
    file: str,
    name: str,
    value: str,
    confidence: str,
    house: tuple[str, ...],
    stamp: str,
    against: str = "",
) -> str:
    """The text with one value said otherwise; an empty value means that it is not known. `against` is why it stands though the
    evidence reads otherwise.

    Raises:
        UserError: SV204 for what is no fact here, SV205 for what is no answer, SV207 and others for what cannot be.
    """
    book = case.book(house, stamp)
    scenario = case.scenario(book, text, file)
    field = _field(book, scenario, name)
    if field is None:
        raise mistake("SV204", name, "there is no such question here", "Load the page again.")
    changes = _changes(book, field, value, confidence, against)
    return _checked(book, edited(text, changes, book, file) if changes else text, file)


def _changes(book: RuleBook, field: Field, value: str, confidence: str, against: str = "") -> Changes:
    address = field.address if len(field.address) > 1 else field.address[0]
    said = " ".join(value.split())
    if not said:
        if field.required:
            raise mistake("SV205", field.title, "this one must be known", "Everything else may stay open.")
        if not field.said.known and not field.said.confidence:
            return Changes()
        stays = len(field.address) > 1 and not _may_go(book, field)
        return Changes(set={address: "unknown"}) if stays else Changes(remove=[address])
    fact = book.facts.get(field.name)
    kind: object = fact.type if fact is not None else type_of(book, field.name)
    if field.kind in ("text", "date") or isinstance(kind, TextType) or kind is None:
        return Changes(set={address: said})
    assert isinstance(kind, NumberType | YesNo | ChoiceType)
    return Changes(
        set={address: _value(_stated(said, kind, field), kind, confidence, " ".join(against.split()))}
    )


def _may_go(book: RuleBook, field: Field) -> bool:
    """Whether a field of a record may be left out."""
    kind = book.facts[field.address[0]].type
    assert isinstance(kind, RecordsType)
    spec = kind.field(field.address[-1])
    return spec is not None and (spec.optional or spec.default is not None)


def _stated(said: str, kind: ValueType, field: Field) -> Stated:
    problems = Problems()
    question = Question(
        field.name, field.name, field.title, "", "", "", kind_of(kind), options_of(kind, {}), "", 0, 0
    )
    found = read_stated(understood(said, question, kind), kind, field.title, problems)
    if problems.found or found is None:
        shown = said if len(said) <= 40 else f"{said[:37]}..."
        mend = f"Give {expected_answer(kind)}{', or a range such as 40-60' if isinstance(kind, NumberType) else ''}; or say that you do not know."
        raise mistake("SV205", field.title, f"'{shown}' is no answer to this", mend)
    return found


def _value(stated: Stated, kind: ValueType, confidence: str, against: str = "") -> Value:
    """What is written for a stated value."""
    values = [show(value, kind) for value in stated.values]
    if stated.word:
        values = [stated.word]
    key, inner = {"known": ("value", values[0]), "range": ("between", values), "listed": ("one_of", values)}[
        stated.kind
    ]
    more = {"confidence": confidence} if confidence in ("low", "medium", "high") else {}
    if against:
        more["against_evidence"] = against
    return inner if key == "value" and not more else {key: inner, **more}  # type: ignore[return-value, dict-item]  # plain values of YAML


def _field(book: RuleBook, scenario: Scenario, name: str) -> Field | None:
    for group in questionnaire(book, scenario, None):
        for field in (
            *group.asked,
            *group.further,
            *(f for item in group.lists for r in item.records for f in r.fields),
        ):
            if field.name == name:
                return field
    return None


def titled(text: str, file: str, title: str, story: str | None, house: tuple[str, ...], stamp: str) -> str:
    """The text with another title, and another story unless it is None."""
    book, title = case.book(house, stamp), " ".join(title.split())
    if not title:
        raise mistake("SV205", "title", "a name is needed", "A few words are enough.")
    scenario = case.scenario(book, text, file)
    story = " ".join((scenario.story if story is None else story).split())
    changes: dict[Any, Value] = {} if scenario.title == title else {"title": title}
    if story != " ".join(scenario.story.split()) and story:
        changes["story"] = story
    gone = ["story"] if scenario.story and not story else []
    return (
        _checked(book, edited(text, Changes(set=changes, remove=gone), book, file), file)
        if changes or gone
        else text
    )


def added(
    text: str, file: str, listed: str, values: dict[str, str], house: tuple[str, ...], stamp: str
) -> str:
    """The text with one record more."""
    book = case.book(house, stamp)
    scenario = case.scenario(book, text, file)
    item = _list(book, scenario, listed)
    if len(item.records) >= MOST_RECORDS:
        raise mistake(
            "SV205", item.title, f"there are {MOST_RECORDS} already", "Join small ones into larger ones."
        )
    record: dict[str, Value] = {}
    kind = book.facts[listed].type
    assert isinstance(kind, RecordsType)
    for field in item.new:
        said = " ".join(values.get(field.name, "").split())
        spec = kind.field(field.name)
        assert spec is not None
        if isinstance(spec.type, TextType):
            if not said:
                raise mistake("SV205", field.title, "a name is needed", "One or two words are enough.")
            if said.casefold() in (r.key.casefold() for r in item.records):
                raise mistake("SV206", field.title, f"there is a '{said}' already", "Give each its own name.")
            record[field.name] = said
        else:
            assert isinstance(spec.type, NumberType | YesNo | ChoiceType)
            record[field.name] = _value(_stated(said, spec.type, field), spec.type, "") if said else "unknown"
    return _checked(book, edited(text, Changes(append={listed: [record]}), book, file), file)


def recorded(
    text: str, file: str, listed: str, key: str, values: dict[str, str], house: tuple[str, ...], stamp: str
) -> str:
    """The text with several fields of one record said otherwise; fields by their short names, empty for not known."""
    book = case.book(house, stamp)
    item = _list(book, case.scenario(book, text, file), listed)
    record = next((r for r in item.records if r.key == key), None)
    if record is None:
        raise mistake("SV204", key, "there is no such entry here", "Load the page again.")
    for field in record.fields:
        said = " ".join(values.get(field.address[-1], field.said.text).split())
        if said != field.said.text and not (field.said.listed and not said):
            changes = _changes(book, field, said, field.said.confidence)
            text = edited(text, changes, book, file) if changes else text
    return _checked(book, text, file)


def filled_in(
    text: str, file: str, listed: str, cells: dict[str, str], house: tuple[str, ...], stamp: str
) -> str:
    """The text with the grid of a list said otherwise: `cells` by row and column, '0.2' for the third of the first."""
    book = case.book(house, stamp)
    item = _list(book, case.scenario(book, text, file), listed)
    grid = item.grid
    if grid is None:
        raise mistake("SV204", listed, "there is no grid here", "Load the page again.")
    kind = book.facts[listed].type
    assert isinstance(kind, RecordsType)
    spec = kind.field(grid.field)
    assert spec is not None
    assert isinstance(spec.type, MapType)
    allowed = {o.value for o in grid.options} | {""}
    changes: dict[Any, Value] = {}
    for row, record in enumerate(item.records):
        said = [cells.get(f"{row}.{column}", grid.rows[row][column]) for column in range(len(grid.columns))]
        if tuple(said) == grid.rows[row]:
            continue
        if not set(said) <= allowed:
            raise mistake(
                "SV205", record.key, "this is no answer to this", "Choose one of those that are offered."
            )
        changes[(listed, record.key, grid.field)] = _of_grid(grid.columns, said, spec.type)
    return _checked(book, edited(text, Changes(set=changes), book, file) if changes else text, file)


def _of_grid(columns: tuple[str, ...], said: list[str], kind: MapType) -> Value:
    """A row as a scenario holds it: the names that apply, or a number for each."""
    if isinstance(kind.of, YesNo):
        return [name for name, value in zip(columns, said, strict=True) if value == "yes"]
    return {name: float(value) if value else "unknown" for name, value in zip(columns, said, strict=True)}


def removed(text: str, file: str, listed: str, key: str, house: tuple[str, ...], stamp: str) -> str:
    """The text with one record less; or, without a key, with the list given as empty."""
    book = case.book(house, stamp)
    item = _list(book, case.scenario(book, text, file), listed)
    if not key:
        if item.records:
            raise mistake("SV205", item.title, "there are some already", "Remove them one by one.")
        return _checked(book, edited(text, Changes(set={listed: []}), book, file), file)
    return _checked(book, edited(text, Changes(remove=[(listed, key)]), book, file), file)


def _list(book: RuleBook, scenario: Scenario, name: str) -> Any:
    for group in questionnaire(book, scenario, None):
        for item in group.lists:
            if item.name == name:
                return item
    raise mistake("SV204", name, "there is no such list here", "Load the page again.")


def _checked(book: RuleBook, text: str, file: str) -> str:
    """The text, if it is a scenario that can be."""
    form(book, case.scenario(book, text, file))
    return text
