"""The answers for other programs: the same JSON as the commands print with --json."""

from __future__ import annotations

from typing import Any

from sharedvalue.web.jobs import case

Json = Any
SECONDS = 10.0


def decide(text: str, file: str, house: tuple[str, ...], stamp: str) -> Json:
    from sharedvalue.engine.advice import decision_json

    return decision_json(case.advice(case.book(house, stamp), text, file))


def why(text: str, file: str, house: tuple[str, ...], stamp: str, conclusion: str = "") -> Json:
    from sharedvalue.engine.questions.as_json import why_json
    from sharedvalue.engine.questions.why import why as ask

    d = case.advice(case.book(house, stamp), text, file).decision
    return why_json(d, ask(d, conclusion or None))


def why_not(text: str, file: str, outcome: str, house: tuple[str, ...], stamp: str) -> Json:
    from sharedvalue.engine.questions.as_json import why_not_json
    from sharedvalue.engine.questions.why_not import why_not as ask

    d = case.advice(case.book(house, stamp), text, file).decision
    return why_not_json(d, ask(d, outcome))


def what_if(text: str, file: str, settings: dict[str, str], house: tuple[str, ...], stamp: str) -> Json:
    from sharedvalue.engine.questions.as_json import what_if_json
    from sharedvalue.engine.questions.what_if import what_if as ask

    return what_if_json(ask(case.decision(case.book(house, stamp), text, file), settings))


def flip(text: str, file: str, house: tuple[str, ...], stamp: str, to: str = "") -> Json:
    from sharedvalue.engine.questions.flip import flip as ask
    from sharedvalue.engine.questions.flip import flips_json

    return flips_json(ask(case.decision(case.book(house, stamp), text, file), to or None, ()))


def reasons(text: str, file: str, house: tuple[str, ...], stamp: str) -> Json:
    from sharedvalue.engine.questions.reasons import reasons as ask
    from sharedvalue.engine.questions.reasons import reasons_json

    return reasons_json(ask(case.decision(case.book(house, stamp), text, file), budget=SECONDS))


def sensitivity(text: str, file: str, house: tuple[str, ...], stamp: str) -> Json:
    from sharedvalue.engine.questions.sensitivity import sensitivity as ask
    from sharedvalue.engine.questions.sensitivity import sensitivity_json

    return sensitivity_json(ask(case.decision(case.book(house, stamp), text, file)))


def graph(text: str, file: str, house: tuple[str, ...], stamp: str) -> Json:
    import json

    from sharedvalue.engine.graph import explanation
    from sharedvalue.engine.graph.text_formats import as_json

    return json.loads(as_json(explanation(case.decision(case.book(house, stamp), text, file))))


def map(text: str, file: str, x: str, y: str, house: tuple[str, ...], stamp: str) -> Json:  # noqa: A001  # called as its command is
    from sharedvalue.engine.questions.landscape import landscape
    from sharedvalue.engine.questions.landscape_axes import read_axes
    from sharedvalue.engine.questions.landscape_words import map_json

    worlds = case.decision(case.book(house, stamp), text, file).worlds
    return map_json(landscape(worlds, *read_axes(worlds, x, y), SECONDS))
