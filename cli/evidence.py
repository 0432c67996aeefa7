"""`evidence`: how large a survey must be, and which facts of a scenario rest on what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.engine.errors import mistake
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.evidence.basis import Basis, FactBasis, Weighed

SAMPLE_SCHEMA = "sharedvalue/sample/1"
BASIS_SCHEMA = "sharedvalue/basis/1"


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  sharedvalue evidence sample 200\n  sharedvalue evidence basis my-community.yaml",
)
@global_options
@click.pass_context
def evidence(ctx: click.Context, call: Call) -> None:
    """How large a survey must be, and which facts rest on what."""
    if ctx.invoked_subcommand is None:
        call.print(ctx.get_help())


@evidence.command(
    epilog="\b\nExamples:\n  sharedvalue evidence sample 200\n  sharedvalue evidence sample 50 100 200 600 2000"
)
@click.argument("members", nargs=-1, required=True)
@global_options
def sample(call: Call, members: tuple[str, ...]) -> None:
    """How many answers a survey of so many MEMBERS needs before it is trusted."""
    from sharedvalue.engine.evidence.sample import THRESHOLDS, required

    book = call.book
    found = []
    for word in members:
        digits = word.replace(",", "").replace("_", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
            raise mistake(
                "SV402",
                "population",
                f"'{word[:40]}' is not a number of members",
                "Give a whole number, such as 200.",
            )
        found.append(required(book, int(digits)))
    basis_of = [book.thresholds[name] for name in THRESHOLDS]
    if call.json:
        from sharedvalue.cli.rule_book_pages import threshold_json

        call.print_json(
            {
                "schema": SAMPLE_SCHEMA,
                "samples": [
                    {"population": s.population, "answers": s.answers, "share": s.share} for s in found
                ],
                "thresholds": [threshold_json(t) for t in basis_of],
            }
        )
        return
    from sharedvalue.cli.tables import table

    call.print(
        table(
            ["members", "answers needed", "share"],
            [[f"{s.population:,}", f"{s.answers:,}", f"{s.share:g} %"] for s in found],
        )
    )
    error, z = basis_of
    call.print(
        [
            "",
            *fold(
                f"Enough to be within {error} points, with the factor {z} (survey_error, survey_z). All members must have been asked, or "
                "a random part of all. A response rate alone says little. Fewer answers still count, but little.",
                WIDTH,
            ),
            *fold(f"Basis: {error.basis}. {error.because}", WIDTH, "  "),
        ]
    )


@evidence.command(
    epilog="\b\nExamples:\n  sharedvalue evidence basis my-community.yaml\n  sharedvalue evidence basis my-community.yaml --json"
)
@click.argument("scenario")
@global_options
def basis(call: Call, scenario: str) -> None:
    """Which facts of a scenario rest on evidence, which are bare estimates, assumed, or unknown."""
    from sharedvalue.engine.evidence.basis import basis as find
    from sharedvalue.engine.worlds import form

    read = call.scenario(scenario)
    found = find(form(call.book, read))
    if call.json:
        call.print_json(
            {
                "schema": BASIS_SCHEMA,
                "scenario": read.title,
                "rulebook": call.book.identity(),
                **basis_json(found),
            }
        )
    else:
        call.print(_report(read.title, found))


def basis_json(found: Basis) -> dict[str, object]:
    return {
        "facts": [_fact_json(fact) for fact in found.facts],
        "whole": [_weighed_json(w) for w in found.whole],
        "warnings": list(found.warnings),
    }


def _fact_json(fact: FactBasis) -> dict[str, object]:
    return {
        "fact": fact.name,
        "title": fact.title,
        "rests_on": fact.rests_on,
        "value": fact.value,
        "low": fact.low,
        "high": fact.high,
        "margin": list(fact.margin) if fact.margin else None,
        "confidence": fact.confidence or None,
        "widened": fact.widened or None,
        "evidence": [
            {
                "source": i.source,
                "date": i.date,
                "age_months": i.age_months,
                "n": i.n,
                "population": i.population,
                "reading": i.reading,
            }
            for i in fact.items
        ],
        "rules": [_weighed_json(w) for w in fact.weighed],
        "decides": fact.decides,
        "beside": None
        if fact.beside is None
        else {
            "estimate": fact.beside.estimate or None,
            "reading": fact.beside.reading,
            "counts_for": fact.beside.counts_for,
            "decides": fact.beside.decides,
            "against_evidence": fact.beside.against or None,
        },
    }


def _weighed_json(weighed: Weighed) -> dict[str, object]:
    return {"rule": weighed.rule, "sentence": weighed.sentence}


def _report(title: str, found: Basis) -> Iterator[str]:
    from sharedvalue.cli.tables import table
    from sharedvalue.engine.telling.answer import upper

    yield from fold(title, WIDTH)
    carried = found.resting_on("evidence")
    if carried:
        yield ""
        yield "EVIDENCE"
        for fact in carried:
            margin = f", margin {fact.margin[0]} to {fact.margin[1]}" if fact.margin else ""
            yield from fold(
                f"{fact.name}: {fact.said}; {fact.confidence or 'not rated'}{margin}", WIDTH, "   ", first=" "
            )
            if fact.beside is not None:
                yield from fold(f"{upper(fact.beside.said)}.", WIDTH, "   ", first="   ")
            for item in fact.items:
                yield from fold(item.said, WIDTH, "     ", first="   - ")
            for weighed in fact.weighed:
                yield from fold(weighed.sentence, WIDTH, "       ", first=f"   {weighed.rule} ")
    stands = [f for f in found.facts if f.beside is not None and f.beside.decides == "estimate"]
    if stands:
        yield ""
        yield "AGAINST THE EVIDENCE, with a reason"
        for fact in stands:
            assert fact.beside is not None
            yield from fold(f"{fact.name}: {fact.beside.said}.", WIDTH, "   ", first=" ")
    if found.whole:
        yield ""
        yield "THE CASE AS A WHOLE"
        for weighed in found.whole:
            yield from fold(weighed.sentence, WIDTH, "     ", first=f" {weighed.rule} ")
    for heading, kinds in (
        (
            "ESTIMATES (no evidence is listed; where a need was counted, the file says so beside it)",
            ("estimate",),
        ),
        ("AS SURE AS YOU SAY", ("stated confidence",)),
        ("RANGES", ("range",)),
        ("ASSUMED", ("assumption",)),
    ):
        facts = found.resting_on(*kinds)
        if facts:
            yield ""
            yield heading
            yield table(
                ["fact", "value", "turns the outcome"],
                [[f.name, f.said, "may" if f.decides else "no"] for f in facts],
            )
    unknown = found.resting_on("nothing")
    if unknown:
        yield ""
        yield from fold(
            ", ".join(f.name for f in unknown if f.decides) or "nothing that could turn the outcome",
            WIDTH,
            " ",
            first="UNKNOWN  ",
        )
        beside = [f.name for f in unknown if not f.decides]
        if beside:
            yield from fold(", ".join(beside), WIDTH, "  ", first=" and, without weight in the outcome: ")
    for fact in found.facts:
        if fact.beside is not None and fact.beside.estimate and fact.beside.decides == "evidence":
            as_written = f'{fact.name}: {{value: {fact.beside.estimate}, against_evidence: "..."}}'
            yield from fold(f"To let your number stand, write why: {as_written}", WIDTH, "  ")
    for warning in found.warnings:
        yield from fold(f"Note: {warning}", WIDTH, "  ")
