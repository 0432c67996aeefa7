"""What the answers of one trainee, or of a group, add up to. No number without how many answers it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sharedvalue.engine.practice.calibration import FEW, Calibration, Share, Skill, calibration, skill
from sharedvalue.engine.practice.intervals import MEANT
from sharedvalue.engine.practice.store import Answer

FEW_IN_ROW = 3  # of one rule or chapter
MOST_ASKED = 5  # facts of one case: a reason may have a dozen, and nobody is asked to name them all


@dataclass(frozen=True)
class Cues:
    """Facts named against the minimal reasons, added up over `n` answers (see reveal.py for what is counted)."""

    n: int
    precision: Share
    recall: Share

    @property
    def few(self) -> bool:
        return self.n < FEW


@dataclass(frozen=True)
class Economy:
    """Over `n` answers where facts had to be asked for: what was spent, and what the facts of the best reason would have cost."""

    n: int
    spent: int
    least: int

    @property
    def few(self) -> bool:
        return self.n < FEW


@dataclass(frozen=True)
class Points:
    """What answers to `n` questions earned against a panel, in hundredths; each can earn one point."""

    hundredths: int
    n: int

    @property
    def few(self) -> bool:
        return self.n < FEW


@dataclass(frozen=True)
class Intervals:
    """Of `n` ranges that were meant to hold a value (see intervals.MEANT), how many did; and the sum of their widths, in
    percent of what could be said."""

    held: int
    n: int
    widths: int

    @property
    def few(self) -> bool:
        return self.n < FEW

    @property
    def width(self) -> float:
        return self.widths / self.n if self.n else 0.0


@dataclass(frozen=True)
class Progress:
    """All that is told of some answers. Of a case answered more than once every answer counts, `first` only the first."""

    answers: int
    cases: int
    calibration: Calibration
    skill: Skill
    first: Share
    cues: Cues
    telling: Share
    twins: Share
    economy: Economy
    against_panel: Points
    intervals: Intervals
    chapters: Mapping[str, Share]
    rules: Mapping[str, Share]
    kinds: Mapping[str, Share]


def progress(*people: Sequence[Answer]) -> Progress:
    """The summary of the answers of one trainee or of several, the earliest of each first.

    What is first, and what belongs to a pair of twins, is told for each person apart.
    """
    answers = [answer for mine in people for answer in mine]
    each = [[a for a in mine if a.judged] for mine in people]
    judged = [answer for mine in each for answer in mine]
    asked = [a for a in judged if a.effort]
    firsts = [one for mine in each for one in {a.case: a for a in reversed(mine)}.values()]
    return Progress(
        len(judged),
        len({a.case for a in judged}),
        calibration([(a.confidence, a.right) for a in judged]),
        skill([(a.outcome, a.right) for a in judged]),
        _share(firsts),
        Cues(
            sum(a.best > 0 for a in judged),
            Share(sum(a.right_cues for a in judged), sum(a.named for a in judged)),
            Share(sum(min(a.hit, MOST_ASKED) for a in judged), sum(min(a.best, MOST_ASKED) for a in judged)),
        ),
        Share(sum(a.tells > 0 for a in judged), sum(a.tells >= 0 for a in judged)),
        _twins(each),
        Economy(len(asked), sum(a.effort for a in asked), sum(a.least_effort for a in asked)),
        Points(sum(a.credit[0] for a in answers), sum(a.credit[1] for a in answers)),
        Intervals(*(sum(a.intervals[n] for a in answers) for n in range(3))),
        _by(judged, lambda a: a.chapters),
        _by(judged, lambda a: (a.rule,) if a.rule else ()),
        _by(judged, lambda a: (a.kind,)),
    )


def _share(answers: Iterable[Answer], least: int = FEW) -> Share:
    listed = list(answers)
    return Share(sum(a.right for a in listed), len(listed), least)


def _twins(people: Iterable[Iterable[Answer]]) -> Share:
    """Pairs of which one person answered both, each counted by the latest answers: how many had both right."""
    both: list[bool] = []
    for mine in people:
        pairs: dict[str, dict[str, bool]] = {}
        for answer in mine:
            if answer.pair:
                pairs.setdefault(answer.pair, {})[answer.case] = answer.right
        both += [all(pair.values()) for pair in pairs.values() if len(pair) == 2]
    return Share(sum(both), len(both), FEW_IN_ROW)


def _by(answers: Sequence[Answer], keys: Callable[[Answer], tuple[str, ...]]) -> Mapping[str, Share]:
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        for key in keys(answer):
            found.setdefault(key, []).append(answer)
    return {key: _share(found[key], FEW_IN_ROW) for key in sorted(found)}


def share_json(share: Share) -> dict[str, object]:
    """A share with what it rests on; nothing but that where it is too few."""
    return {
        "n": share.n,
        "right": share.hits,
        "share": None if share.few else round(share.value, 4),
        "interval_95": None if share.few else [round(end, 4) for end in share.interval],
    }


def progress_json(found: Progress) -> dict[str, object]:
    """The summary as other programs read it."""
    few = found.calibration.few
    return {
        "answers": found.answers,
        "cases": found.cases,
        "right": share_json(found.calibration.share),
        "right_at_first": share_json(found.first),
        "skill": {
            "n": found.skill.n,
            "right": found.skill.right,
            "always_the_commonest": found.skill.commonest,
            "score": None if found.skill.few or found.skill.score is None else round(found.skill.score, 4),
        },
        "calibration": {
            "n": found.calibration.n,
            "brier": None if few else round(found.calibration.brier, 4),
            "confidence": None if few else round(found.calibration.said, 2),
            "curve": [
                {"from": b.lo, "to": b.hi, "confidence": round(b.said, 2), **share_json(b.share)}
                for b in found.calibration.curve
            ],
        },
        "cues": {
            "n": found.cues.n,
            "named": found.cues.precision.n,
            "precision": None if found.cues.few else round(found.cues.precision.value, 4),
            "recall": None if found.cues.few else round(found.cues.recall.value, 4),
        },
        "named_what_tells_apart": share_json(found.telling),
        "twins": share_json(found.twins),
        "economy": {"n": found.economy.n, "spent": found.economy.spent, "least": found.economy.least},
        "against_panel": {"n": found.against_panel.n, "points": found.against_panel.hundredths / 100},
        "intervals": {
            "n": found.intervals.n,
            "held": found.intervals.held,
            "meant": MEANT / 100,
            "width": None if found.intervals.few else round(found.intervals.width, 2),
        },
        "chapters": {key: share_json(share) for key, share in found.chapters.items()},
        "rules": {key: share_json(share) for key, share in found.rules.items()},
        "kinds": {key: share_json(share) for key, share in found.kinds.items()},
    }
