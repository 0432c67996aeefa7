"""What practice prints: a case, the reveal, progress, and what a group or experts agree on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cli.page import WIDTH, fold, sentence

if TYPE_CHECKING:
    from engine.language.rulebook import RuleBook
    from engine.practice.agreement import Agreement, Disagreement
    from engine.practice.calibration import Share
    from engine.practice.concordance import Item
    from engine.practice.progress import Progress
    from engine.practice.reveal import Reveal
    from engine.practice.session import Cue, Sitting

COLUMN = 39
STANDS = {
    "every": "in every reason: nothing decides without it",
    "some": "in some reasons: it can decide, together with others",
    "none": "in no reason: whatever it is, the outcome stays",
    "unproven": "not settled: in no reason that was found in the time there was",
    "pivotal": "open, and the outcome turns on it",
    "not_pivotal": "not what the outcome turns on",
}


def case_lines(sitting: Sitting) -> Iterator[str]:
    """The case as it lies on the table: story and facts, nothing of the answer."""
    from engine.language.facts import GROUP_TITLES

    scenario = sitting.case.scenario
    yield from fold(scenario.title, WIDTH)
    if scenario.story:
        yield from fold(scenario.story, WIDTH, " ", first=" ")
    if scenario.source:
        yield from fold(f"({scenario.source})", WIDTH, "  ", first=" ")
    shown = {cue.name for cue in sitting.shown}
    for group, title in GROUP_TITLES.items():
        mine = [
            (number, cue)
            for number, cue in enumerate(sitting.cues.values(), 1)
            if cue.group == group and (cue.known or sitting.hidden)
        ]
        if mine:
            yield ""
            yield title.upper()
            yield from _columns([_short(number, cue, cue.name in shown) for number, cue in mine])
    unknown = (
        [] if sitting.hidden else [(n, c) for n, c in enumerate(sitting.cues.values(), 1) if not c.known]
    )
    if unknown:
        yield ""
        yield "NOT KNOWN FOR SURE"
        yield from _columns([_short(number, cue, True) for number, cue in unknown])


def _short(number: int, cue: Cue, shown: bool) -> list[str]:
    if not shown:
        return [f"{number:>2} {cue.short} [{cue.effort}]"]
    if len(cue.lines) == 1:
        said = "" if cue.lines[0] == "not known" else f": {cue.lines[0]}"
        return [f"{number:>2} {cue.short}{said}"]
    return [f"{number:>2} {cue.short}:", *(f"   {line}" for line in cue.lines)]


def _columns(entries: Sequence[list[str]]) -> Iterator[str]:
    """Entries in two columns, those first that fit one; what is longer, or has several lines, over both."""
    short = [entry[0] for entry in entries if len(entry) == 1 and len(entry[0]) <= COLUMN]
    half = (len(short) + 1) // 2
    for left, right in zip(short[:half], [*short[half:], ""], strict=False):
        yield f" {left:<{COLUMN}} {right}".rstrip()
    for entry in entries:
        if entry[0] not in short:
            for number, line in enumerate(entry):
                yield from fold(line, WIDTH, " " * 7, first=" " if number == 0 else "    ")


def outcome_lines(book: RuleBook) -> Iterator[str]:
    """The outcomes by number, in plain words."""
    for number, entry in enumerate(book.outcomes.outcomes.values(), 1):
        yield from fold(f"{number} {entry.title}: {entry.means}", WIDTH, "     ", first="  ")


def reveal_lines(found: Reveal) -> Iterator[str]:
    """The answer, kindly: what it is, why, how the named facts stand, what was missed, and what would flip it."""
    book, commitment = found.decision.worlds.book, found.commitment
    said = book.outcomes.outcomes[commitment.outcome].title
    is_right = (
        f"RIGHT, as you said with {commitment.confidence} % confidence."
        if found.right
        else f"The rule book says otherwise. You said: {said.lower()}, with {commitment.confidence} % confidence."
    )
    yield from fold(is_right, WIDTH)
    yield from fold(found.headline, WIDTH, "  ")
    if found.why:
        yield ""
        yield "WHY"
        for line, rule in found.why:
            rows = fold(line, WIDTH - 8, "   ", first=" ")
            rows[-1] = f"{rows[-1]:<{WIDTH - 5}}{rule:>5}".rstrip()
            yield from rows
        if found.quote:
            yield from fold(found.quote, WIDTH, " ", first=" ")
    if found.why_not:
        yield ""
        yield f"WHY NOT {said.upper()}"
        for line in found.why_not:
            yield from fold(sentence(line), WIDTH, "   ", first=" ")
    for popular, why in found.popular:
        yield ""
        yield "A RULE THAT MANY REACH FOR"
        yield from fold(f"{popular.title}. This book leaves it out on purpose: {why}", WIDTH, " ", first=" ")
    yield from _facts(found)
    yield from _nearest(found)
    yield "* house default, in rules/thresholds.yaml"


def _facts(found: Reveal) -> Iterator[str]:
    cues, key = found.sitting.cues, found.key
    if found.verdicts:
        yield ""
        yield "THE FACTS YOU NAMED"
        for stands in ("every", "some", "none", "unproven"):
            mine = [cues[v.cue].short for v in found.verdicts if v.stands == stands]
            if mine:
                word = stands
                if key.pivotal:
                    word = "pivotal" if stands in ("every", "some") else "not_pivotal"
                yield from fold(f"{'; '.join(mine)}", WIDTH, "   ", first=" ")
                yield from fold(f"- {STANDS[word]}", WIDTH, "     ", first="   ")
    if found.missed:
        yield ""
        yield "NOT NAMED, AND THE OUTCOME TURNS ON IT" if key.pivotal else "NOT NAMED, AND IN EVERY REASON"
        yield from fold("; ".join(cues[name].short for name in found.missed), WIDTH, "   ", first=" ")
    if not key.complete:
        yield from fold("(INCOMPLETE: the time for finding all reasons ran out.)", WIDTH, " ", first=" ")


def _nearest(found: Reveal) -> Iterator[str]:
    nearest = found.nearest
    yield ""
    if nearest is None:
        yield from fold("NEAREST FLIP  None that somebody could bring about was found.", WIDTH, "  ")
        return
    title = found.decision.worlds.book.outcomes.outcomes[nearest.to].title.lower()
    words = {"improve": "", "undo": " (not one to work for)", "mixed": " (some better, some worse)"}
    yield from fold(
        f"NEAREST FLIP  {'; '.join(found.change_words())}: {title}{words[nearest.direction]}", WIDTH, "  "
    )


# --- progress -------------------------------------------------------------------------------------------------


def share_words(share: Share) -> str:
    """A share with its numbers; or that it is too early."""
    if not share.n:
        return "none yet"
    if share.few:
        return f"{share.hits} of {share.n} (too few answers yet for a share)"
    low, high = share.interval
    return f"{100 * share.value:.0f} % ({share.hits} of {share.n}; 95 % interval {100 * low:.0f} to {100 * high:.0f} %)"


def progress_lines(found: Progress, book: RuleBook) -> Iterator[str]:
    """What the answers add up to."""
    if not found.answers and not found.concordance.n:
        yield "No answers yet. Begin with: sharedvalue practice"
        return
    yield f"PROGRESS  {_count(found.answers, 'answer')} on {_count(found.cases, 'case')}"
    yield from _row("Right", share_words(found.calibration.share))
    yield from _row("Right at first sight", share_words(found.first))
    yield ""
    yield "CONFIDENCE"
    if found.calibration.few:
        yield from _row("", f"{_count(found.calibration.n, 'answer')}: too few yet for a score")
    else:
        yield from _row(
            "Brier score",
            f"{found.calibration.brier:.2f} of {_count(found.calibration.n, 'answer')} (0 best; always saying 50 % gives 0.25)",
        )
        gap = found.calibration.said - 100 * found.calibration.share.value
        word = "surer than right" if gap > 0 else "less sure than right"
        yield from _row(
            "On average",
            f"{found.calibration.said:.0f} % sure, {100 * found.calibration.share.value:.0f} % right: {abs(gap):.0f} points {word}",
        )
    for one in found.calibration.curve:
        yield from _row(f"Said {one.lo} to {one.hi} %", f"right: {share_words(one.share)}")
    yield ""
    yield "THE FACTS THAT DECIDE"
    if found.cues.few:
        yield from _row("", f"{_count(found.cues.n, 'answer')}: too few yet")
    else:
        yield from _row(
            "Named and matter",
            f"{100 * found.cues.precision.value:.0f} % of {found.cues.precision.n} facts named are in a minimal reason",
        )
        yield from _row(
            "Matter and named",
            f"{100 * found.cues.recall.value:.0f} % of {found.cues.recall.n} facts of the reasons that fit best",
        )
    yield from _row("Twins, both right", share_words(found.twins))
    if found.economy.n:
        yield from _row(
            "Asking for facts",
            f"effort {found.economy.spent} spent; the facts of the best-fitting reasons cost {found.economy.least} "
            f"({_count(found.economy.n, 'answer')})",
        )
    if found.concordance.n:
        yield from _row("More or less likely", share_words(found.concordance))
    yield from _table(
        "BY CHAPTER", found.chapters, lambda k: book.chapters[k].title if k in book.chapters else k
    )
    yield from _table(
        "BY DECIDING RULE", found.rules, lambda k: f"{k} {book.rules[k].title}" if k in book.rules else k
    )


def _table(heading: str, shares: Mapping[str, Share], name: Callable[[str], str]) -> Iterator[str]:
    if shares:
        yield ""
        yield heading
        for key, share in shares.items():
            yield from _row(name(key), share_words(share))


def _row(label: str, text: str) -> list[str]:
    if len(label) > 26:
        return [*fold(label, WIDTH, "   ", first=" "), *fold(text, WIDTH, " " * 30, first=" " * 28)]
    return fold(text, WIDTH, " " * 30, first=f" {label:<26} ")


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"


# --- concordance ----------------------------------------------------------------------------------------------


def item_lines(number: int, item: Item, book: RuleBook) -> Iterator[str]:
    """One question of concordance."""
    title = book.outcomes.outcomes[item.outcome].title.lower()
    yield from fold(f"{number}  Suppose you do not know: {', '.join(item.open_titles)}.", WIDTH, "   ")
    yield from fold(f"Now you learn: {item.learned}.", WIDTH, "   ", first="   ")
    yield from fold(f'Does "{title}" become more likely, less likely, or neither?', WIDTH, "   ", first="   ")


def scored_lines(number: int, item: Item, said: str, book: RuleBook) -> Iterator[str]:
    """How an answer to it stands against the proof."""
    title = book.outcomes.outcomes[item.outcome].title.lower()
    after = ", ".join(book.outcomes.outcomes[o].title.lower() for o in item.after)
    proof = {
        "more": f"it becomes the only outcome possible: {title}",
        "less": f"it is no longer possible; what is: {after}",
        "neither": f"this fact changes nothing here; possible before and after: {after}",
    }[item.truth]
    yield from fold(
        f"{number}  {'Yes' if said == item.truth else f'The proof says {item.truth}'}: {proof}.", WIDTH, "   "
    )


# --- trainers -------------------------------------------------------------------------------------------------


def agreement_lines(
    found: Agreement, rows: Iterable[Disagreement], raters: Sequence[str], titles: Mapping[str, str]
) -> Iterator[str]:
    """How far people agree, and where the rule book stands apart."""
    yield f"AGREEMENT  {_count(found.raters, 'person').replace('persons', 'people')}: {', '.join(raters)}"
    yield from _row(
        "Labelled by two or more", f"{_count(found.cases, 'case')}, {_count(found.labels, 'label')}"
    )
    if found.few:
        yield from _row("Krippendorff's alpha", "too few cases with two labels yet (5 needed)")
    elif found.alpha is None:
        yield from _row("Krippendorff's alpha", "not defined: all labels are the same")
    else:
        interval = (
            f"; bootstrap 95 % interval {found.interval[0]:.2f} to {found.interval[1]:.2f}, 2,000 draws of cases"
            if found.interval
            else "; no interval, too few draws had a value"
        )
        yield from _row(
            "Krippendorff's alpha", f"{found.alpha:.2f} (nominal; 1 all agree, 0 as by chance{interval})"
        )
    if found.agreed is not None and not found.few:
        yield from _row("Pairs that agree", f"{100 * found.agreed:.0f} % of pairs of labels on one case")
    yield ""
    yield "AGAINST THE RULE BOOK, most against it first"
    for row in rows:
        said = ", ".join(f"{n} {titles[outcome].lower()}" for outcome, n in row.labels.items())
        yield from fold(
            f"{row.case}: the book says {titles[row.outcome].lower()}; people say {said}",
            WIDTH,
            "   ",
            first=" ",
        )
