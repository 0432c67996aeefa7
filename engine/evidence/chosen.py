"""A mapping from choices that a person made in a form: which column has which role, and which of its answers count."""

from __future__ import annotations

from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sharedvalue.engine.errors import UserError, mistake
from sharedvalue.engine.evidence.asked import number_of, short
from sharedvalue.engine.evidence.export import Export
from sharedvalue.engine.evidence.guess import Candidate, candidates, grid_rows, ticks, who_answered
from sharedvalue.engine.evidence.layout import folded
from sharedvalue.engine.evidence.mapping import ROLES, Group, Mapping, Use
from sharedvalue.engine.evidence.offered import HIGH, LOW, Offered, Scale
from sharedvalue.engine.evidence.proposals import Proposal
from sharedvalue.engine.evidence.words import names_nothing
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.scenario import type_of
from sharedvalue.engine.language.types import ChoiceType

ASKED = ("needs", "value_now", "value_outlook", "openness", "segment", "level", "participation", "date")
INSIDE = {"yes": True, "no": False, "unknown": None}
MOST_ROWS = 40


@dataclass(frozen=True)
class Detail:
    """What has to be said of a chosen column: a `scale`, the `answers` that count, each of `needs`, or `levels`. `offered` holds
    what is known of it beforehand."""

    role: str
    heading: str
    offered: Offered
    answers: tuple[str, ...] = ()
    scale: Scale | None = None
    needs: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    level_answers: tuple[str, ...] = ()
    free_text: bool = False
    level_numbers: bool = False


def value_of(candidate: Candidate) -> str:
    """A candidate as the value of a choice."""
    return f"{'q' if candidate.question else 'c'}{candidate.index}"


def chosen(export: Export, role: str, value: str, book: RuleBook) -> Candidate | None:
    """The candidate of a choice; None where none was taken.

    Raises:
        UserError: SV450 for a column that cannot have the role.
    """
    if not value:
        return None
    for each in candidates(export, role, book):
        if value_of(each) == value:
            return each
    raise mistake(
        "SV450", export.file.name, "a column was chosen that cannot be this", "Choose one of those listed."
    )


def levels_of(book: RuleBook) -> tuple[str, ...]:
    kind = type_of(book, "segments[0].level")
    return kind.options if isinstance(kind, ChoiceType) else ()


def detail(export: Export, candidate: Candidate, book: RuleBook) -> Detail:
    """What has to be said of a column."""
    found = Detail(candidate.role, candidate.heading, candidate.offered)
    if candidate.role == "needs":
        if candidate.kind == "text":
            return replace(found, free_text=True)
        if candidate.question:
            rows = tuple(c.part for c in grid_rows(export, candidate.heading))[:MOST_ROWS]
            return replace(found, answers=candidate.answers, needs=rows)
        named = tuple(a for a in candidate.answers if folded(a) not in names_nothing())
        return replace(found, needs=named[:MOST_ROWS])
    if candidate.role == "level":
        return replace(
            found,
            levels=levels_of(book),
            level_answers=() if candidate.kind == "number" else candidate.answers[:MOST_ROWS],
            level_numbers=candidate.kind == "number",
        )
    if "counts" in ROLES[candidate.role].takes:
        if candidate.offered.scale is not None:
            return replace(found, scale=candidate.offered.scale)
        return replace(found, answers=candidate.answers)
    return found


def use_of(
    export: Export, candidate: Candidate, book: RuleBook, said: Table[str, Sequence[str]]
) -> Use | None:
    """A column with its role as a person said; None where they leave it out.

    `said` holds low, high, from, best (low or high); counts; nothing; need-0, need-1 ...; level-0 ... or from-0 ... in the order
    of the detail.

    Raises:
        UserError: SV450 where something that a column needs is not said; it names that, and nothing else.
    """
    known = detail(export, candidate, book)
    place = (
        {"question": candidate.heading}
        if candidate.question
        else {"column": candidate.heading, "index": candidate.index}
    )
    silent = tuple(
        a
        for a in candidate.offered.nothing
        if a in said.get("nothing", () if said else candidate.offered.nothing)
    )
    use = Use(candidate.role, fact=ROLES[candidate.role].fact, no_answer=silent, **place)
    rest = tuple(a for a in candidate.offered.nothing if a not in silent)
    all_known = (*candidate.offered.known, *rest) if candidate.offered.known else ()
    counts = tuple(a for a in known.answers if a in said.get("counts", ()))
    if known.free_text:
        return replace(use, grouping="needs.yaml", no_answer=())
    if known.needs:
        groups = tuple(
            Group(label, (label,), within_purpose=INSIDE[how])
            for number, label in enumerate(known.needs)
            if (how := _first(said, f"need-{number}")) in INSIDE
        )
        if not groups:
            return None
        use = replace(use, groups=groups, separator="" if candidate.question else candidate.offered.separator)
        if candidate.by_ticks:
            use = replace(use, counts=ticks(export, candidate.heading))
        elif candidate.question:
            if not counts:
                raise lacking(export, candidate, "which of its answers mean that somebody needs it")
            use = replace(use, counts=counts, known=all_known)
        return use
    if known.levels:
        return _levelled(replace(use, no_answer=()), known, said)
    if known.scale is not None:
        low, high, start = (_whole(export, candidate, said, name) for name in ("low", "high", "from"))
        if not low <= start <= high or low >= high:
            raise lacking(export, candidate, f"a number from {low} to {high} from which on somebody agrees")
        best = _first(said, "best") or known.scale.best or ("" if known.scale.said else HIGH)
        if not best:
            raise lacking(export, candidate, "which end of its scale is the better one")
        if best == LOW:
            return replace(use, scale=(low, high), at_most=start)
        return replace(use, scale=(low, high), at_least=start)
    if known.answers:
        if not counts:
            raise lacking(export, candidate, "which of its answers count as a yes")
        return replace(use, counts=counts, known=all_known)
    return use


def lacking(export: Export, candidate: Candidate, what: str) -> UserError:
    return mistake(
        "SV450",
        export.file.name,
        f"'{short(candidate.heading)}': {what}, is not said",
        "Say it, or choose no column for this question.",
    )


def _levelled(use: Use, known: Detail, said: Table[str, Sequence[str]]) -> Use | None:
    if known.level_numbers:
        starts = [number_of(_first(said, f"from-{n}")) for n in range(len(known.levels))]
        bounds = [start for start in starts if start is not None]
        if len(bounds) != len(known.levels):
            return None
        ends = [*(bound - Fraction(1, 1000) for bound in bounds[1:]), None]
        groups = [Group(n, (), lo, hi) for n, lo, hi in zip(known.levels, bounds, ends, strict=True)]
        return replace(use, groups=tuple(groups))
    given: dict[str, list[str]] = {level: [] for level in known.levels}
    for number, answer in enumerate(known.level_answers):
        if (level := _first(said, f"level-{number}")) in given:
            given[level].append(answer)
    groups = [Group(level, tuple(answers)) for level, answers in given.items() if answers]
    return replace(use, groups=tuple(groups)) if groups else None


def _first(said: Table[str, Sequence[str]], name: str) -> str:
    return next(iter(said.get(name, ())), "")


WHOLES = {
    "low": "the lowest number that could be chosen",
    "high": "the highest number that could be chosen",
    "from": "the number from which on somebody agrees",
}


def _whole(export: Export, candidate: Candidate, said: Table[str, Sequence[str]], name: str) -> Fraction:
    found = number_of(_first(said, name)[:20])
    if found is None:
        raise lacking(export, candidate, WHOLES[name])
    return found


def mapping_from(export: Export, uses: Sequence[Use]) -> Mapping:
    """The mapping of the columns that were chosen.

    Raises:
        UserError: SV450 where they say nothing that could be imported.
    """
    if not any(use.role not in ("date", "participation", "level") for use in uses):
        raise mistake(
            "SV450",
            export.file.name,
            "no column was chosen that says what people need, how they value it, or who they are",
            "Choose one, and say which of its answers count.",
        )
    who = who_answered(export)
    columns = (*uses, who) if who is not None else tuple(uses)
    return Mapping(f"{export.file.stem}.yaml", export.file.stem, "survey", columns)


def with_needs(export: Export, mapping: Mapping, found: Sequence[Proposal], said: Table[str, str]) -> Mapping:
    """A mapping with those of the proposals that a person took as needs: take-N, and its name-N, within-N and share-N.

    Raises:
        UserError: SV450 where a need has no name, or its share is no number from 0 to 100.
    """
    use, groups = mapping.one("item"), list[Group]()
    for number, each in enumerate(found):
        if said.get(f"take-{number}") != "yes":
            continue
        name = " ".join(said.get(f"name-{number}", "").split())[:80]
        if not name:
            raise _unsaid(export, each, "what the need is called, is not said", "Write it in your words.")
        share = said.get(f"share-{number}", "").strip().removesuffix("%").strip()
        if share and not (share.isascii() and share.isdigit() and int(share[:4]) <= 100):
            raise _unsaid(
                export,
                each,
                f"'{share[:20]}' is no number of 100 members",
                "Write it in digits: 40; or nothing.",
            )
        within = INSIDE.get(said.get(f"within-{number}", "unknown"))
        weight = Fraction(int(share)) if share else None
        groups.append(Group(name, each.items, within_purpose=within, needed_by=weight))
    if use is None or not groups:
        return mapping
    columns = tuple(replace(u, groups=(*u.groups, *groups)) if u is use else u for u in mapping.columns)
    return replace(mapping, columns=columns)


def _unsaid(export: Export, proposal: Proposal, what: str, mend: str) -> UserError:
    return mistake("SV450", export.file.name, f"'{short(proposal.words)}': {what}", mend)
