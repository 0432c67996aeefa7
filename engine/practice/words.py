"""What practice says, in words: the same at the terminal and on the page in the browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.practice.calibration import Share, Skill
from sharedvalue.engine.practice.concordance import SCALE, Item
from sharedvalue.engine.practice.debrief import Otherwise, Talk
from sharedvalue.engine.practice.intervals import MEANT, Border, Range
from sharedvalue.engine.practice.panel import LEAST
from sharedvalue.engine.practice.progress import Intervals, Points, Progress
from sharedvalue.engine.practice.reveal import Reveal
from sharedvalue.engine.practice.session import Cue
from sharedvalue.engine.practice.turning import turning
from sharedvalue.engine.questions.flip import Flip
from sharedvalue.engine.telling.flips import is_decision
from sharedvalue.engine.telling.page import Entry, Page, Section, sentence

STANDS = {
    "every": "settles it: nothing decides without it",
    "some": "bears on it, together with others",
    "none": "does not change the outcome here",
    "unproven": "not settled in the time there was",
    "pivotal": "open, and the outcome turns on it",
    "not_pivotal": "known; what is open weighs more here",
    "telling": "known; it tells the answer from the one that tempts",
}
OTHERWISE = "Do you still see it otherwise? Say why in a line; your trainer can read it. (Enter: no)"
KEPT_REASON = "Your reason is kept. Your trainer can read it in what you export."
SECOND_TRY = "What do you say now? (Enter: show the answer)"
MOST_COMING = 8  # topics that are listed
MOST_HINTED = 2  # facts, where nothing tells the answer apart from what was said
NOTHING_YET = "No answers yet."
HOW_SURE = "How sure are you that this is right, in percent? (20 is a guess, 100 is certain)"
WHAT_BECOMES = "What should become of this community?"
WHICH_FACTS = "Which facts decide?"
OTHER_BOOK = (
    "The expert judged by the rule book as it was written; yours says otherwise, so this is left out."
)
STAR = "* house default, in rules/thresholds.yaml"


def _said(text: str, hang: str = "  ", indent: str = " ", right: str = "") -> Entry:
    return Entry(text, right, indent=indent, hang=hang)


# --- the reveal -----------------------------------------------------------------------------------------------


def verdict(found: Reveal) -> str:
    """How the answer stands, kindly; a second try is told, and changes nothing of the first."""
    commitment, second = found.commitment, found.sitting.second
    if second == found.decision.outcome:
        return f"RIGHT at the second try. First you said: {_title(found, commitment.outcome)}, with {commitment.confidence} % confidence."
    if found.right:
        return f"RIGHT, as you said with {commitment.confidence} % confidence."
    said = _title(found, commitment.outcome) + (f", then {_title(found, second)}" if second else "")
    return f"The rule book says otherwise. You said: {said}, with {commitment.confidence} % confidence."


def _title(found: Reveal, outcome: str) -> str:
    return found.decision.worlds.book.outcomes.outcomes[outcome].title.lower()


def once_more(found: Reveal) -> str:
    """What a trainee whose answer is not the book's may look at before a second try; not which answer is."""
    cues, barring = found.sitting.cues, found.barring(found.commitment.outcome)
    named = [name for name in barring if name in found.commitment.cues]
    said = "The rule book says otherwise."
    if named:
        return f"{said} You named what matters: {_list(cues, named)}. Now ask what it allows."
    return f"{said} Look once more at: {_list(cues, barring[:MOST_HINTED])}." if barring else said


def revealed(found: Reveal) -> Page:
    """The answer: what it is, why, how the named facts stand, what was missed, and what would flip it."""
    said = found.decision.worlds.book.outcomes.outcomes[found.commitment.outcome].title
    quote = [_said(found.quote, "")] if found.quote and found.why else []
    turn = turning(found.sitting.case, found.sitting.twin_judged)
    sections = [
        Section("", (_said(verdict(found), "", ""), _said(found.headline, "  ", ""))),
        Section("WHY", (*(_said(line, "  ", " ", rule) for line, rule in found.why), *quote)),
        Section(f"WHY NOT {said.upper()}", tuple(_said(sentence(line)) for line in found.why_not)),
        Section(
            "THE ONE FACT",
            (_said(f"{turn.words}{' You named it.' if found.turned else ''}"),) if turn is not None else (),
        ),
        *_expert(found),
        *(
            Section("A RULE THAT MANY REACH FOR", (_said(_popular(popular.title, why), ""),))
            for popular, why in found.popular
        ),
        Section(*_apart(found)),
        Section("THE FACTS YOU NAMED", tuple(_named(found))),
        Section("NEAR", tuple(_nearest(found)) if turn is None else (), beside=True),
        Section("", (_said(STAR, "", ""),), tight=True),
    ]
    return Page(tuple(sections)).without_empty()


def _expert(found: Reveal) -> Iterator[Section]:
    """Of a case to read: where facts stand, the expert thinking aloud, and at its end what followed.

    The expert speaks under the rule book that the case was written for; where a house's own says otherwise, that is told.
    """
    step, cues = found.sitting.case.step, found.sitting.cues
    if step is None:
        return
    where = [(cues[name], said) for name, said in step.where.items() if name in cues]
    yield Section(
        "WHERE IT STANDS", tuple(_said(f"{cue.short}: {'; '.join(cue.lines)}. {said}") for cue, said in where)
    )
    if not found.as_written:
        yield Section("AN EXPERT THINKS ALOUD", (_said(OTHER_BOOK, ""),))
        return
    shown = step.thinking[: found.sitting.case.thoughts]
    left = len(step.thinking) - len(shown)
    faded = (
        [
            _said(
                f"(The expert had {count(left, 'more thought')}. What would you have asked next? Talk it over with somebody.)"
            )
        ]
        if left
        else []
    )
    yield Section("AN EXPERT THINKS ALOUD", (*(_said(thought) for thought in shown), *faded))
    yield Section("WHAT FOLLOWED", (_said(step.followed),) if step.followed else ())
    yield Section("WHAT IT TEACHES", (_said(step.teaches),) if step.teaches else ())


def _popular(title: str, why: str) -> str:
    return f"{title}. This book leaves it out on purpose: {why}"


def _named(found: Reveal) -> Iterator[Entry]:
    """The facts that were named, in heaps. In an open case, what is open and turns it is one, what else tells it apart another."""
    cues, heaps = found.sitting.cues, dict[str, list[str]]()
    for verdict in found.verdicts:
        heap = verdict.stands
        if heap in ("none", "unproven") and verdict.cue in found.bearing:
            heap = "some"
        elif found.key.pivotal:
            telling = "telling" if verdict.cue in found.telling else "not_pivotal"
            heap = "pivotal" if heap in ("every", "some") else telling
        heaps.setdefault(heap, []).append(cues[verdict.cue].short)
    for heap, said in STANDS.items():
        if heap in heaps:
            yield _said("; ".join(heaps[heap]))
            yield _said(f"- {said}", "  ", "   ")


def _apart(found: Reveal) -> tuple[str, tuple[Entry, ...]]:
    """What tells the answer from the one that tempts, against what was named; and what would have made that one right."""
    apart, cues = found.contrast, found.sitting.cues
    outcomes = found.decision.worlds.book.outcomes.outcomes
    if apart is None or not apart.ways:
        return "", ()
    heading = f"WHAT TELLS IT FROM {outcomes[apart.tempting].title.upper()}"
    lines = (
        [_said(f"You named {_list(cues, found.telling)}: that tells the two apart.")] if found.telling else []
    )
    if found.missed:
        bears = any(name in found.bearing for name in found.commitment.cues)
        said = "What you named bears on it" if bears else "What you named holds for both"
        lead = f"{said}. What" if found.commitment.cues else "What"
        lines.append(_said(f"{lead} tells the two apart: {_list(cues, found.missed)}."))
    if apart.cheapest is not None:
        would = "would" if apart.cheapest.certain else "could"
        several = "all of these were so" if len(apart.cheapest.changes) > 1 else "this were so"
        changes = "; ".join(found.change_words(apart.cheapest))
        title = outcomes[apart.tempting].title
        lines.append(_said(f"{title} {would} follow if {several}: {changes}."))
    best = [name for name in cues if name in apart.best(found.commitment.cues)]
    return heading, tuple(lines) or (_said(f"{_list(cues, best)}."),)


def _list(cues: Mapping[str, Cue], names: Sequence[str]) -> str:
    return "; ".join(cues[name].short for name in names)


def _nearest(found: Reveal) -> Iterator[Entry]:
    """The nearest change to another outcome; not where what tells that one apart has said it already."""
    nearest, apart = found.nearest, found.contrast
    if nearest is not None and (apart is None or apart.cheapest is None):
        title = found.decision.worlds.book.outcomes.outcomes[nearest.to].title.lower()
        yield _said(f"{_changes(found, nearest)}: {title}")


def _changes(found: Reveal, flip: Flip) -> str:
    """The changes of a flip, and what kind of change it is."""
    words = {"improve": "", "undo": " (not advised)", "mixed": " (some better, some worse)"}
    kind = " (a decision: it is asked for)" if is_decision(found.flips, flip) else words[flip.direction]
    return f"{'; '.join(found.change_words(flip))}{kind}"


# --- more or less likely --------------------------------------------------------------------------------------


def asked(item: Item) -> tuple[str, str, str]:
    """One question of concordance: what is not known, what is learned, and what is asked."""
    title = item.case.decision.worlds.book.outcomes.outcomes[item.asked.outcome].title.lower()
    return (
        f"Suppose you do not know: {', '.join(item.open_titles)}.",
        f"Now you learn: {item.learned}.",
        f'How does that change "{title}"?',
    )


def proven(item: Item) -> str:
    """What the rule book proves of a question, beside what people say of it."""
    outcomes = item.case.decision.worlds.book.outcomes.outcomes
    title = outcomes[item.asked.outcome].title.lower()
    after = ", ".join(outcomes[o].title.lower() for o in item.after)
    proof = {
        "more": f"{title} becomes the only outcome possible",
        "less": f"{title} is no longer possible; what is: {after}",
        "neither": f"this fact changes nothing, whatever else holds; possible before and after: {after}",
        "unsettled": f"{title} stays possible, as one of: {after}; which, it does not say",
    }[item.truth]
    return f"Proof by the rule book (no opinion, no score): {proof}."


def by_panel(said: int, given: Mapping[int, int], credit: Fraction | None) -> str:
    """What an answer earns against a panel, and how the panel answered; or why there is no score."""
    if credit is None:
        asked = (
            f"{count(sum(given.values()), 'member')} of a panel answered" if given else "no panel answered"
        )
        return f"No score: {asked} this question ({LEAST} needed)."
    told = ", ".join(f"{n} {SCALE[one]}" for one, n in sorted(given.items(), reverse=True) if n)
    return f"You said {SCALE[said]}: {float(credit):.2f} of a point. The panel: {told}."


HOW_WIDE = f"Give a lowest and a highest value, so that it lies between them {MEANT // 10} times in 10: 30-50"


def held(border: Border, said: Range) -> str:
    """Whether a range holds the value that was asked for."""
    word = "Yes" if said.holds(border) else "No"
    return f"{word}: from {border.said(border.truth)} on. You said {border.said(said.lo)} to {border.said(said.hi)}."


def intervals_words(found: Intervals) -> str:
    """How many ranges held the value, against how many should."""
    total = f"{found.held} of {found.n} held the value; {MEANT // 10} of 10 are meant to"
    if found.few:
        return f"{total} (too few answers yet to say more)"
    share = 100 * found.held / found.n
    word = "too narrow" if share < MEANT else "too wide" if share > MEANT else "as meant"
    return f"{total}: {word}. On average {found.width:.0f} % of what could be said."


def points_words(points: Points) -> str:
    """What was earned against a panel."""
    total = f"{points.hundredths / 100:.2f} points of {points.n} against a panel"
    return (
        f"{total} (too few answers yet for a share)"
        if points.few
        else f"{total} ({points.hundredths / points.n:.0f} %)"
    )


# --- a debrief ------------------------------------------------------------------------------------------------


def talk_words(one: Talk, book: RuleBook) -> tuple[str, ...]:
    """A case to talk over: how the group was split, what the rule book says, and what tells that from the other answer."""
    titles = {name: entry.title.lower() for name, entry in book.outcomes.outcomes.items()}
    given = ", ".join(f"{n} {titles.get(outcome, outcome)}" for outcome, n in one.split.given.items())
    lines = [f"{one.title} ({one.split.case}): {given}", f"The rule book: {titles[one.outcome]}"]
    if one.facts:
        lines.append(f"What tells it from {titles[one.other]}: {'; '.join(one.facts)}")
    if one.change:
        lines.append(f"{titles[one.other].capitalize()} would be right with: {'; '.join(one.change)}")
    return tuple(lines)


def otherwise_words(said: Otherwise, book: RuleBook) -> str:
    """Who sees what otherwise, and why."""
    entry = book.outcomes.outcomes.get(said.outcome)
    return f"{said.who} on {said.case}: {entry.title.lower() if entry else said.outcome}. {said.reason}"


# --- progress -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rows:
    """Rows of a label and what is said of it, under a heading."""

    heading: str
    rows: tuple[tuple[str, str], ...]
    lead: str = ""


def count(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def share_words(share: Share) -> str:
    """A share with its numbers; or that it is too early."""
    if not share.n:
        return "none yet"
    if share.few:
        return f"{share.hits} of {share.n} (too few answers yet for a share)"
    low, high = share.interval
    return f"{100 * share.value:.0f} % ({share.hits} of {share.n}; 95 % interval {100 * low:.0f} to {100 * high:.0f} %)"


def skill_words(found: Skill) -> str:
    """How much better the answers are than always saying what is right most often."""
    if found.few:
        return "too few answers yet for a score"
    if found.score is None:
        return "not defined: one outcome was right in all of these cases"
    always = f"always saying the commonest outcome gets {found.commonest} of {found.n}"
    return f"{found.score:.2f} (1 all right, 0 no better than that: {always})"


def coming_back(
    due: Mapping[str, tuple[dt.datetime, int]], titles: Mapping[str, str], now: dt.datetime
) -> Rows:
    """What comes back when, the first first. Of made-up cases a fresh one comes, so that it is not told which."""
    rows = []
    for topic, (when, times) in sorted(due.items(), key=lambda one: one[1])[:MOST_COMING]:
        hours = (when - now).total_seconds() / 3600
        said = (
            "now"
            if hours <= 0
            else f"in {max(1, round(hours))} hours"
            if hours < 48
            else f"in {round(hours / 24)} days"
        )
        rows.append((titles.get(topic, "A made-up case"), f"{said}; practised {count(times, 'time')}"))
    return Rows("WHAT COMES BACK, soon what was missed and late what was known", tuple(rows))


def progressed(found: Progress, book: RuleBook) -> tuple[Rows, ...]:
    """What the answers add up to; nothing where there are none."""
    if not found.answers and not found.against_panel.n and not found.intervals.n:
        return ()
    head = f"{count(found.answers, 'answer')} on {count(found.cases, 'case')}"
    first = (
        ("Right", share_words(found.calibration.share)),
        ("Right at first sight", share_words(found.first)),
        ("Skill", skill_words(found.skill)),
    )
    tables = (
        Rows(head, first, "PROGRESS"),
        Rows("CONFIDENCE", tuple(_confidence(found))),
        Rows("THE FACTS THAT DECIDE", tuple(_facts(found))),
        _table("BY CHAPTER", found.chapters, lambda k: book.chapters[k].title if k in book.chapters else k),
        _table(
            "BY DECIDING RULE", found.rules, lambda k: f"{k} {book.rules[k].title}" if k in book.rules else k
        ),
    )
    return tuple(table for table in tables if table.rows)


def _confidence(found: Progress) -> Iterator[tuple[str, str]]:
    calibration = found.calibration
    if calibration.few:
        yield "", f"{count(calibration.n, 'answer')}: too few yet for a score"
    else:
        of = count(calibration.n, "answer")
        yield "Brier score", f"{calibration.brier:.2f} of {of} (0 best; always saying 50 % gives 0.25)"
        right = 100 * calibration.share.value
        gap = calibration.said - right
        points = f"{abs(gap):.0f} points {'surer' if gap > 0 else 'less sure'} than right"
        yield (
            "On average",
            f"{calibration.said:.0f} % sure, {right:.0f} % right: {points if round(gap) else 'as sure as right'}",
        )
    for one in calibration.curve:
        yield f"Said {one.lo} to {one.hi} %", f"right: {share_words(one.share)}"
    if found.intervals.n:
        yield "Ranges you said", intervals_words(found.intervals)


def _facts(found: Progress) -> Iterator[tuple[str, str]]:
    cues = found.cues
    if cues.few:
        yield "", f"{count(cues.n, 'answer')}: too few yet"
    else:
        yield (
            "Named and matter",
            f"{100 * cues.precision.value:.0f} % of {cues.precision.n} facts named are in a minimal reason",
        )
    yield "Named what tells apart", share_words(found.telling)
    yield "Twins, both right", share_words(found.twins)
    if found.economy.n:
        on = count(found.economy.n, "answer")
        yield (
            "Asking for facts",
            f"effort {found.economy.spent} spent; the facts of the best-fitting reasons cost {found.economy.least} ({on})",
        )
    if found.against_panel.n:
        yield "More or less likely", points_words(found.against_panel)


def _table(heading: str, shares: Mapping[str, Share], name: Callable[[str], str]) -> Rows:
    return Rows(heading, tuple((name(key), share_words(share)) for key, share in shares.items()))
