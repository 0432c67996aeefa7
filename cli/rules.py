"""`rules`: the rule book itself - what is in it, one thing in full, and whether it is sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import click

from sharedvalue.cli.call import Call, global_options
from sharedvalue.cli.kept_answer import answered
from sharedvalue.cli.progress import Progress
from sharedvalue.cli.rules_calibrate import calibrate
from sharedvalue.cli.rules_compare import diff
from sharedvalue.cli.rules_coverage import coverage
from sharedvalue.engine.errors import did_you_mean, mistake
from sharedvalue.engine.telling.page import WIDTH, fold

if TYPE_CHECKING:
    from sharedvalue.engine.language.rulebook import RuleBook
    from sharedvalue.engine.language.strata import Order

LIST_SCHEMA = "sharedvalue/rules/1"
SHOW_SCHEMA = "sharedvalue/rule/1"
CHECK_SCHEMA = "sharedvalue/rules-check/1"


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  sharedvalue rules list --chapter O\n  sharedvalue rules list --thresholds\n  sharedvalue rules show Z06\n"
    "  sharedvalue rules check --rules our-house/",
)
@global_options
@click.pass_context
def rules(ctx: click.Context, call: Call) -> None:
    """The rule book: list it, show one thing in full, check that it is sound."""
    if ctx.invoked_subcommand is None:
        call.print(ctx.get_help())


rules.add_command(calibrate)
rules.add_command(diff)
rules.add_command(coverage)


# --- list -------------------------------------------------------------------------------------------------------------
KINDS = (
    "thresholds",
    "measures",
    "claims",
    "sources",
    "actions",
    "risks",
    "outcomes",
    "modes",
    "constraints",
    "absent",
)


@rules.command(
    "list",
    epilog="\b\nExamples:\n  sharedvalue rules list\n  sharedvalue rules list --chapter V\n  sharedvalue rules list --claims --json",
)
@click.option("--chapter", metavar="LETTER", help="Only one chapter: E M S O D V Z.")
@click.option("--thresholds", "kind", flag_value="thresholds", help="Every number, with its basis.")
@click.option("--measures", "kind", flag_value="measures", help="All arithmetic.")
@click.option("--claims", "kind", flag_value="claims", help="The article's claims, and what carries each.")
@click.option("--sources", "kind", flag_value="sources", help="The literature.")
@click.option("--actions", "kind", flag_value="actions", help="What may be advised.")
@click.option("--risks", "kind", flag_value="risks", help="What may be warned of.")
@click.option("--outcomes", "kind", flag_value="outcomes", help="The outcomes.")
@click.option("--modes", "kind", flag_value="modes", help="How an outcome may be carried out.")
@click.option("--constraints", "kind", flag_value="constraints", help="What cannot be.")
@click.option(
    "--absent", "kind", flag_value="absent", help="Tempting rules that are left out on purpose, and why."
)
@global_options
def list_rules(call: Call, chapter: str | None, kind: str | None) -> None:
    """List the rules, or another part of the rule book."""
    book = call.book
    if kind is not None:
        headings, rows, entries = _listed(book, kind)
        if call.json:
            call.print_json(
                {"schema": LIST_SCHEMA, "rulebook": book.identity(), "of": kind, "entries": entries}
            )
        else:
            from sharedvalue.cli.tables import table

            call.print(table(headings, rows))
        return
    letter = chapter.upper() if chapter else None
    if letter is not None and letter not in book.chapters:
        chapters = ", ".join(f"{c.letter} ({c.title})" for c in book.chapters.values())
        raise mistake("SV209", "--chapter", f"there is no chapter '{chapter}'", f"Chapters: {chapters}.")
    chosen = [rule for rule in book.rules.values() if letter in (None, rule.chapter)]
    if call.json:
        from sharedvalue.cli.rule_book_pages import rule_json

        call.print_json(
            {
                "schema": LIST_SCHEMA,
                "rulebook": book.identity(),
                "of": "rules",
                "entries": [rule_json(book, r) for r in chosen],
            }
        )
    else:
        call.print(_by_chapter(book, letter))


def _by_chapter(book: RuleBook, letter: str | None) -> Iterator[str]:
    from sharedvalue.cli.tables import table

    first = True
    for chapter in book.chapters.values():
        if letter not in (None, chapter.letter):
            continue
        if not first:
            yield ""
        first = False
        yield f"{chapter.letter}  {chapter.title.upper()}"
        yield from fold(chapter.about, WIDTH)
        rows = [
            [r.id, r.title, ", ".join(r.kind), " ".join((*r.cites, *r.sources))]
            for r in book.rules.values()
            if r.chapter == chapter.letter
        ]
        yield table(["rule", "title", "kind", "cites"], rows)


def _listed(book: RuleBook, kind: str) -> tuple[list[str], list[list[str]], list[dict[str, object]]]:
    """Headings, rows and JSON entries of one part of the rule book."""
    from sharedvalue.cli import rule_book_pages as pages
    from sharedvalue.engine.language.check import carriers

    def entries(what: str, names: list[str]) -> list[dict[str, object]]:
        return [pages.as_json(book, pages.Found(what, name)) for name in names]

    if kind == "thresholds":
        rows = [[t.name, str(t), t.type.unit, t.basis, t.title] for t in book.thresholds.values()]
        return (
            ["threshold", "value", "unit", "basis", "what it is"],
            rows,
            entries("threshold", list(book.thresholds)),
        )
    if kind == "measures":
        names = list(book.measures)
        rows = [[m.name, m.type.unit, m.title] for m in book.measures.values()]
        return ["measure", "unit", "what it is"], rows, entries("measure", names)
    if kind == "claims":
        by = carriers(book)
        rows = [[c.id, c.sentence, c.says, " ".join(by[c.id])] for c in book.claims.values()]
        return (
            ["claim", "in", "says", "carried by"],
            rows,
            [{**e, "carried_by": list(by[str(e["id"])])} for e in entries("claim", list(book.claims))],
        )
    if kind == "sources":
        return (
            ["source", "cite"],
            [[s.id, s.cite] for s in book.sources.values()],
            entries("source", list(book.sources)),
        )
    if kind in ("actions", "risks"):
        advice = book.actions if kind == "actions" else book.risks
        return (
            [kind[:-1], "text"],
            [[a.id, a.text] for a in advice.values()],
            entries(kind[:-1], list(advice)),
        )
    if kind == "outcomes":
        outcomes = book.outcomes.outcomes
        return (
            ["outcome", "means"],
            [[o.name, o.means] for o in outcomes.values()],
            entries("outcome", list(outcomes)),
        )
    if kind == "modes":
        modes = book.outcomes.modes
        return (
            ["mode", "of", "means"],
            [[m.name, ", ".join(m.outcomes), m.means] for m in modes.values()],
            entries("mode", list(modes)),
        )
    if kind == "constraints":
        rows = [[c.name, c.because] for c in book.constraints]
        return (
            ["constraint", "what cannot be"],
            rows,
            entries("constraint", [c.name for c in book.constraints]),
        )
    assert kind == "absent", kind
    return (
        ["left out", "why"],
        [[a.rule, a.why] for a in book.absent],
        [{"rule": a.rule, "why": a.why} for a in book.absent],
    )


# --- show -------------------------------------------------------------------------------------------------------------
@rules.command(
    "show",
    epilog="\b\nExamples:\n  sharedvalue rules show Z06\n  sharedvalue rules show overlap_strong\n  sharedvalue rules show K46",
)
@click.argument("word", metavar="ID")
@global_options
def show(call: Call, word: str) -> None:
    """One thing in full: a rule, threshold, claim, measure, fact, outcome, mode, action, risk, source or constraint."""
    from sharedvalue.cli import rule_book_pages as pages

    book = call.book
    found = pages.find(book, word)
    if found is None:
        known = list(pages.words(book))
        raise mistake(
            "SV209",
            word,
            "the rule book has nothing of this name",
            did_you_mean(word, known)
            or did_you_mean(word.upper(), known)
            or "List it with: sharedvalue rules list",
        )
    if call.json:
        call.print_json(
            {
                "schema": SHOW_SCHEMA,
                "what": found.kind,
                "rulebook": book.identity(),
                **pages.as_json(book, found),
            }
        )
    else:
        call.print(pages.lines(book, found))


# --- check ------------------------------------------------------------------------------------------------------------
@rules.command(
    "check",
    epilog="\b\nExamples:\n  sharedvalue rules check\n  sharedvalue rules check --rules our-house/\n  sharedvalue rules check --order\n"
    "  sharedvalue rules check --thresholds",
)
@click.option(
    "--order", "with_order", is_flag=True, help="Show the order in which rules and measures are read."
)
@click.option("--quick", is_flag=True, help="Only load it; prove nothing.")
@click.option(
    "--thresholds",
    "with_thresholds",
    is_flag=True,
    help="Prove also which thresholds never matter, and how much room each has between the rules (half a minute).",
)
@click.option(
    "--budget", type=click.FloatRange(1, 3600), default=120.0, show_default=True, metavar="SECONDS",
    help="How long proofs may take.",
)  # fmt: skip
@global_options
@click.pass_context
def check(
    ctx: click.Context, call: Call, with_order: bool, quick: bool, with_thresholds: bool, budget: float
) -> None:
    """Load the rule book with every check, and prove what can be proven of it: one outcome in every world.

    Exit 0 when it is sound, 1 where a world has no outcome, 2 with all mistakes when it cannot be loaded. What never
    fires or decides is told, and is no mistake.
    """
    from sharedvalue.engine.evidence.house_tools import speak_as
    from sharedvalue.engine.language.strata import order

    if quick and with_thresholds:
        raise mistake("SV130", "--quick", "it does not go with --thresholds", "Say one of the two.")
    book = call.book  # loading is the check: a UserError with all mistakes otherwise
    speak_as(call.rules, book)  # what a house says of its tools is checked alike
    strata = {stage: order(book, stage) for stage in ("evidence", "world", "decision")}

    def work(progress: Progress | None) -> tuple[Iterable[str], Mapping[str, object], bool, bool]:
        from sharedvalue.cli.audit import audit_lines, room_lines

        text, told = list(_report(book, strata, with_order)), _told(book, strata)
        sound = complete = True
        if not quick:
            from sharedvalue.engine.questions.audit import audit, audit_json

            proofs = audit(book, budget, with_thresholds, progress)
            sound, complete = not (proofs.holes or proofs.clashes), proofs.complete
            text += audit_lines(proofs)
            told["proofs"] = audit_json(proofs)
        if with_thresholds:
            from sharedvalue.engine.questions.room import rooms as ask_rooms
            from sharedvalue.engine.questions.room import rooms_json

            rooms = ask_rooms(book, budget)
            complete = complete and not rooms.unsettled
            text += room_lines(rooms)
            told["room"] = {"thresholds": list(rooms_json(rooms)), "unsettled": list(rooms.unsettled)}
        return text, {**told, "sound": sound}, sound, complete

    asked = ("rules check", book.hash, call.rules, with_order, quick, with_thresholds, budget)
    found = answered(call, asked, "shapes of case", work)
    if call.json:
        call.print_json(found.told)
    else:
        call.print(found.text)
    if not found.sound:
        ctx.exit(1)


def _told(book: RuleBook, strata: Mapping[str, Order]) -> dict[str, object]:
    return {
        "schema": CHECK_SCHEMA,
        "sound": True,
        "rulebook": book.identity(),
        "counts": counts(book),
        "order": {stage: _levels(found) for stage, found in strata.items()},
    }


def counts(book: RuleBook) -> dict[str, int]:
    """How much of everything there is."""
    return {
        "facts": len(book.facts),
        "thresholds": len(book.thresholds),
        "measures": len(book.measures),
        "rules": len(book.rules),
        "constraints": len(book.constraints),
        "outcomes": len(book.outcomes.outcomes),
        "modes": len(book.outcomes.modes),
        "actions": len(book.actions),
        "risks": len(book.risks),
        "claims": len(book.claims),
        "sources": len(book.sources),
    }


def _levels(found: Order) -> list[dict[str, list[str]]]:
    top = max([*found.blocks.values(), *found.measures.values(), found.choice], default=0)
    return [
        {
            "measures": [n for n, level in found.measures.items() if level == at],
            "rules": list(dict.fromkeys(rule for (rule, _), level in found.blocks.items() if level == at)),
        }
        for at in range(top + 1)
    ]


def _report(book: RuleBook, strata: dict[str, Order], with_order: bool) -> Iterator[str]:
    yield from fold(f"Sound: {book.title}, version {book.version} of {book.date}", WIDTH, "  ")
    yield book.hash
    yield ""
    yield from fold(", ".join(f"{number} {name}" for name, number in counts(book).items()), WIDTH)
    yield from fold(
        "; ".join(
            f"{c.letter} {sum(r.chapter == c.letter for r in book.rules.values())}"
            for c in book.chapters.values()
        ),
        WIDTH,
        "  ",
        first="rules by chapter: ",
    )
    house = sum(t.is_house for t in book.thresholds.values())
    yield from fold(f"{house} of {len(book.thresholds)} thresholds are house defaults", WIDTH)
    yield ""
    if not book.house_changes:
        yield "No house changes."
    for change in book.house_changes:
        yield from fold(
            f"house: {change.kind} {change.name}: {change.what}. {change.because} ({change.file})",
            WIDTH,
            "  ",
        )
    if not with_order:
        return
    for stage, found in strata.items():
        yield ""
        yield f"ORDER, stage {stage}" + (
            f" (the choice comes in step {found.choice + 1})" if stage == "world" else ""
        )
        for number, level in enumerate(_levels(found), 1):
            yield from fold(" ".join(level["rules"]) or "-", WIDTH, "     ", first=f"{number:>3}  ")
