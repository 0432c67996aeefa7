"""The decision for one complete world, in plain Python, written from the decision model alone (its second edition, of rule book 2).

An independent check on the rule book: it shares no code and no data with it. Every fact that is asked for must be
known; the evidence stage (E01 to E09, E11), unknown facts (E10, Z09) and the nearest flip (Z12) are not here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

Facts = Mapping[str, Any]
Record = Mapping[str, Any]

# Section 2. Points of 100 unless said.
NUMBERS: dict[str, Fraction] = {
    "met": Fraction(60),
    "unmet": Fraction(40),  # below this
    "overlap_strong": Fraction(50),
    "overlap_partial": Fraction(25),
    "cannot_ameliorate": Fraction(30),  # below this
    "enough_to_shift": Fraction(40),
    "enough_to_restrict": Fraction(50),
    "enough_to_keep": Fraction(50),  # S06, V14, row 27
    "enough_once_agreed": Fraction(30),  # row 4, of contribution_to_shifted
    "gain_potential": Fraction(50),
    "gain_over_value": Fraction(10),
    "shift": Fraction(40),
    "shared": Fraction(30),
    "realign": Fraction(50),
    "contrast": Fraction(30),
    "excluding_gains": Fraction(10),
    "stayers_online": Fraction(20),  # people
    "stayers_otherwise": Fraction(15),  # people
    "comfortable_online": Fraction(100),  # people
    "comfortable_otherwise": Fraction(50),  # people
    "circle": Fraction(5),  # people
    "core": Fraction(3),  # people
    "repairs_plain": Fraction(3),  # tries
    "young": Fraction(12),  # months
    "trend_falls": Fraction(-25),  # percent a year
    "leaving": Fraction(20),  # percent a year, above this
    "mix": Fraction(50),
    "on_purpose": Fraction(50),
    "cited_by_a_real_share": Fraction(20),
    "weighty": Fraction(3, 10),  # sponsor weight, 0 to 1
}

LEVELS = ("any", "novice", "practitioner", "expert")
ARTICLE_NEEDS = ("isolation", "products_not_out", "products_not_adopted")
NO_LASTING_CAUSE = ("fad_or_event", "unmet_basics", "none")


@dataclass(frozen=True)
class Decision:
    outcome: str
    modes: frozenset[str]
    branch: int  # row of the order of choice
    rule: str | None  # None where the model names no rule for the row
    status: str
    risk: str
    routes: frozenset[str]  # of the two that the article names
    tell_sponsor: bool
    segments_kept: tuple[str, ...]  # for RESTRICT_MEMBERSHIP only, in the order given
    conclusions: Mapping[str, bool]


def exact(value: float) -> Fraction:
    """The number as it is written: 0.3 is three tenths."""
    return Fraction(str(value))


def tenths(numerator: Fraction, denominator: Fraction) -> Fraction:
    """A measure in points: floored to tenths, and x / 0 is 0 (design.md, exact numbers)."""
    return Fraction(10 * numerator // denominator, 10) if denominator else Fraction(0)


def total(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


# ------------------------------------------------------------------------------------ overlap, computed (section 1)


def served(need: Record, sponsor: Record) -> Fraction:
    """F37: a plain number, or a number by sponsor's name; a sponsor that is not named there is not served."""
    serves = need["serves"]
    return exact(serves.get(sponsor["name"], 0) if isinstance(serves, Mapping) else serves)


def members_side(needs: list[Record], sponsors: list[Record]) -> Fraction:  # 100 x Om
    cited = [exact(n["cited_by"]) for n in needs]
    best = [max((served(n, s) for s in sponsors), default=Fraction(0)) for n in needs]
    return tenths(total([100 * d * s for d, s in zip(cited, best, strict=True)]), total(cited))


def sponsors_side(needs: list[Record], sponsors: list[Record]) -> Fraction:  # 100 x Os
    real = [n for n in needs if exact(n["cited_by"]) >= NUMBERS["cited_by_a_real_share"]]
    weights = [exact(s["weight"]) for s in sponsors]
    best = [max((served(n, s) for n in real), default=Fraction(0)) for s in sponsors]
    return tenths(total([100 * w * s for w, s in zip(weights, best, strict=True)]), total(weights))


def computed_overlap(needs: list[Record], sponsors: list[Record], horizon: str) -> Fraction:  # O01
    chosen = [n for n in needs if n["horizon"] in (horizon, "both")]
    return min(members_side(chosen, sponsors), sponsors_side(chosen, sponsors))


def conflicting(one: Record, other: Record) -> bool:  # F35, of two sponsors
    weighty = all(exact(s["weight"]) >= NUMBERS["weighty"] for s in (one, other))
    fixed = all(s.get("stance") == "fixed" for s in (one, other))
    apart = other["name"] in one.get("incompatible_with", ()) or one["name"] in other.get(
        "incompatible_with", ()
    )
    return weighty and fixed and apart


class World:
    """One world. Each rule is a property, computed when another asks for it: only facts that matter are read."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def points(self, name: str) -> Fraction:
        return exact(self.facts[name])

    def at_least(self, name: str, number: str) -> bool:
        return self.points(name) >= NUMBERS[number]

    # -------------------------------------------------------------------------------- facts given or computed

    @cached_property
    def has_sponsor(self) -> bool:  # F01
        return bool(self.facts["has_sponsor"])

    @cached_property
    def sponsors(self) -> list[Record]:  # F20; without a list there is one sponsor
        return list(self.facts.get("sponsors", ({"name": "the sponsor", "weight": 1},)))

    @cached_property
    def heaviest(self) -> Record:  # F20: ties to the first listed
        return max(self.sponsors, key=lambda s: exact(s["weight"]))

    @cached_property
    def sponsors_conflict(self) -> bool:  # F35, S07
        if "sponsors_conflict" in self.facts:
            return bool(self.facts["sponsors_conflict"])
        return any(conflicting(a, b) for i, a in enumerate(self.sponsors) for b in self.sponsors[i + 1 :])

    def sponsor_points(self, name: str, own: str) -> Fraction:  # S07: averaged only when none conflicts
        if name in self.facts:
            return self.points(name)
        if self.sponsors_conflict:
            return exact(self.heaviest[own])
        told = [s for s in self.sponsors if own in s]
        weighed = [exact(s["weight"]) * exact(s[own]) for s in told]
        return tenths(total(weighed), total([exact(s["weight"]) for s in told]))

    @cached_property
    def sponsor_value_now(self) -> Fraction:  # F22
        return self.sponsor_points("sponsor_value_now", "value_now")

    @cached_property
    def sponsor_value_outlook(self) -> Fraction:  # F23
        return self.sponsor_points("sponsor_value_outlook", "value_outlook")

    @cached_property
    def contribution(self) -> Fraction:  # F24, S07: the heaviest sponsor's
        return exact((self.facts if "contribution" in self.facts else self.heaviest)["contribution"])

    @cached_property
    def sponsor_need_kind(self) -> str:  # F21, S07: the heaviest sponsor's
        if "sponsor_need_kind" in self.facts:
            return str(self.facts["sponsor_need_kind"])
        return str(self.heaviest["need_kind"])

    @cached_property
    def stance_fixed(self) -> bool:  # F27, S07: any sponsor of weight >= 0.3
        if "sponsor_stance" in self.facts:
            return bool(self.facts["sponsor_stance"] == "fixed")
        return any(
            s.get("stance") == "fixed" and exact(s["weight"]) >= NUMBERS["weighty"] for s in self.sponsors
        )

    @cached_property
    def needs_shift(self) -> Fraction:  # F16
        if "needs_shift" in self.facts:
            return self.points("needs_shift")
        outside = [exact(n["cited_by"]) for n in self.facts["needs"] if not n["within_purpose"]]
        return tenths(100 * total(outside), total([exact(n["cited_by"]) for n in self.facts["needs"]]))

    @cached_property
    def shift_shared(
        self,
    ) -> bool:  # F49: some need outside the purpose is cited by >= 30 %; without needs, assumed
        if "shift_shared" in self.facts:
            return bool(self.facts["shift_shared"])
        if "needs" not in self.facts:
            return True
        return any(
            exact(n["cited_by"]) >= NUMBERS["shared"] for n in self.facts["needs"] if not n["within_purpose"]
        )

    def overlap(self, horizon: str) -> Fraction:  # O02 caps it at none
        return Fraction(0) if self.cannot_ameliorate else self.overlap_before_cap(horizon)

    def overlap_before_cap(self, horizon: str) -> Fraction:  # F38, O01
        direct = f"overlap_{horizon}"
        if direct in self.facts:
            return self.points(direct)
        return computed_overlap(self.facts["needs"], self.sponsors, horizon)

    @cached_property
    def overlap_short(self) -> Fraction:
        return self.overlap("short")

    @cached_property
    def overlap_long(self) -> Fraction:
        return self.overlap("long")

    @cached_property
    def topics_overlap(self) -> bool:  # either horizon at least partial, before the cap
        return (
            max(self.overlap_before_cap("short"), self.overlap_before_cap("long"))
            >= NUMBERS["overlap_partial"]
        )

    @cached_property
    def young(self) -> bool:  # F04
        return self.points("age_months") < NUMBERS["young"]

    @cached_property
    def repairs_failed_plainly(self) -> bool:  # F50, X12
        return self.at_least("failed_repairs", "repairs_plain")

    @cached_property
    def repair_failed_once(self) -> bool:
        return self.points("failed_repairs") >= 1

    # -------------------------------------------------------------------------------- M, members

    @cached_property
    def member_value(self) -> Fraction:  # M01: the worse horizon
        return min(self.points("member_value_now"), self.points("member_value_outlook"))

    @cached_property
    def member_value_met(self) -> bool:  # M01
        return self.member_value >= NUMBERS["met"]

    @cached_property
    def member_value_unmet(self) -> bool:  # M02
        return self.member_value < NUMBERS["unmet"]

    @cached_property
    def member_unmet_now(self) -> bool:  # M02, of the two horizons
        return not self.at_least("member_value_now", "unmet")

    @cached_property
    def core_absent(self) -> bool:  # M07
        return not self.at_least("core_group_size", "core")

    @cached_property
    def decline_signal(self) -> bool:  # M03
        falls = self.points("active_trend_12m") <= NUMBERS["trend_falls"]
        return falls or self.points("leave_rate_12m") > NUMBERS["leaving"]

    # -------------------------------------------------------------------------------- S, sponsor

    @cached_property
    def sponsor_value(self) -> Fraction:  # S03: the worse horizon
        return min(self.sponsor_value_now, self.sponsor_value_outlook)

    @cached_property
    def sponsor_value_met(self) -> bool:  # S03
        return self.sponsor_value >= NUMBERS["met"]

    @cached_property
    def sponsor_value_unmet(self) -> bool:  # S05
        return self.sponsor_value < NUMBERS["unmet"]

    @cached_property
    def sponsor_unmet_now(self) -> bool:
        return self.sponsor_value_now < NUMBERS["unmet"]

    @cached_property
    def cannot_ameliorate(self) -> bool:  # S04
        met_now = self.sponsor_value_now >= NUMBERS["met"]  # a sponsor that sees clear value is being helped
        return self.contribution < NUMBERS["cannot_ameliorate"] and not met_now

    @cached_property
    def visibility_gap(self) -> bool:  # S06
        return self.contribution >= NUMBERS["enough_to_keep"] and self.sponsor_unmet_now

    @cached_property
    def shift_agreed(self) -> bool:  # F29
        return bool(self.facts["sponsor_engaged"] == "agreed_shift")

    @cached_property
    def shift_refused(self) -> bool:  # one refusal blocks this shift; it does not make the need fixed
        return bool(self.facts["sponsor_engaged"] == "refused_shift")

    @cached_property
    def need_fixed(self) -> bool:  # S08
        spoken = self.facts["sponsor_engaged"] in ("in_dialogue", "refused_shift")
        known = spoken or self.facts.get("stance_source") == "document"
        return not self.shift_agreed and self.stance_fixed and known

    @cached_property
    def effectively_fixed(self) -> bool:  # S08
        carried = self.shift_genuine and self.strategic_gain and self.shift_deliverable
        return self.need_fixed or self.shift_refused or (not self.shift_agreed and not carried)

    @cached_property
    def shift_deliverable(self) -> bool:  # S08, V03
        return self.at_least("contribution_to_shifted", "enough_to_shift")

    # -------------------------------------------------------------------------------- O, overlap

    @cached_property
    def both_met(self) -> bool:
        return self.member_value_met and self.sponsor_value_met

    @cached_property
    def overlap_exists(self) -> bool:  # O03
        return min(self.overlap_short, self.overlap_long) >= NUMBERS["overlap_partial"]

    @cached_property
    def long_strong(self) -> bool:
        return self.overlap_long >= NUMBERS["overlap_strong"]

    @cached_property
    def sweet_spot(self) -> bool:  # O04
        return self.overlap_short >= NUMBERS["overlap_strong"] and self.long_strong and self.both_met

    @cached_property
    def overlap_for_now(self) -> bool:  # O05
        return self.overlap_short >= NUMBERS["overlap_partial"] > self.overlap_long

    @cached_property
    def overlap_to_come(self) -> bool:  # O06
        return self.overlap_short < NUMBERS["overlap_partial"] and self.long_strong

    @cached_property
    def must_reconsider(self) -> bool:  # O07
        return self.overlap_short < NUMBERS["overlap_partial"] and not self.long_strong

    # -------------------------------------------------------------------------------- D, drift

    @cached_property
    def members_want_else(self) -> bool:  # D01
        return self.needs_shift >= NUMBERS["shift"]

    @cached_property
    def silent_drift(self) -> bool:  # D02
        if not self.members_want_else or self.facts["sponsor_engaged"] not in ("not_contacted", "contacted"):
            return False
        return bool(self.facts["focus_changed_without_sponsor"]) or not self.at_least(
            "activity_on_purpose", "on_purpose"
        )

    @cached_property
    def shift_genuine(self) -> bool:  # D03
        lasting = self.facts["shift_cause"] not in NO_LASTING_CAUSE
        return self.members_want_else and self.shift_shared and bool(self.facts["shift_durable"]) and lasting

    @cached_property
    def sponsor_need_moved(self) -> bool:  # D05, F34
        return bool(self.facts["sponsor_need_moved"])

    @cached_property
    def strategic_gain(self) -> bool:  # D06
        if self.shift_agreed:
            return True
        better = self.points("strategic_potential") >= self.sponsor_value_now + NUMBERS["gain_over_value"]
        return self.at_least("strategic_potential", "gain_potential") and better

    @cached_property
    def needs_moved(self) -> bool:  # Z10, before the table
        return self.members_want_else and self.facts["shift_cause"] != "unmet_basics"

    @cached_property
    def lasts(self) -> bool:  # durable, and not a fad
        return bool(self.facts["shift_durable"]) and self.facts["shift_cause"] != "fad_or_event"

    @cached_property
    def passing(self) -> bool:  # Z10, before the table
        return self.needs_moved and not self.lasts

    # -------------------------------------------------------------------------------- V, viability

    @cached_property
    def neither_unmet_now(self) -> bool:
        return not self.member_unmet_now and not self.sponsor_unmet_now

    @cached_property
    def time_box_viable(self) -> bool:  # V01, O05
        return self.overlap_for_now and self.neither_unmet_now

    @cached_property
    def bridge_viable(self) -> bool:  # V01, O06
        ahead = self.sponsor_value_outlook >= NUMBERS["unmet"] and not self.facts["support_at_risk"]
        to_come = self.overlap_to_come and not self.member_unmet_now
        early = self.young and self.topics_overlap and self.at_least("member_value_outlook", "unmet")
        return ahead and (to_come or early)

    @cached_property
    def keep_viable(self) -> bool:  # V01
        return self.overlap_exists or self.time_box_viable or self.bridge_viable

    @cached_property
    def realign_viable(self) -> bool:  # V02
        enough = self.contribution >= NUMBERS["cannot_ameliorate"]
        return self.effectively_fixed and self.opens_to_realign and enough

    @cached_property
    def opens_to_realign(self) -> bool:
        return self.at_least("openness_to_realign", "realign")

    @cached_property
    def shift_viable(self) -> bool:  # V03, V04
        blocked = self.need_fixed or self.shift_refused
        return self.shift_genuine and self.strategic_gain and not blocked and self.shift_deliverable

    @cached_property
    def widen_viable(self) -> bool:  # V14
        outside = self.facts["target_inside"] in ("no", "partly") and self.sponsor_need_kind in ARTICLE_NEEDS
        short_of = self.contribution < NUMBERS["enough_to_keep"] and not self.sponsor_value_met
        holds = self.topics_overlap and not self.member_value_unmet and not self.shift_agreed
        return outside and short_of and holds

    @cached_property
    def another_host(self) -> bool:  # F33
        return bool(self.facts["alt_sponsor"] == "secured")

    @cached_property
    def host_viable(self) -> bool:  # V15
        pressed = self.sponsor_value_unmet or self.must_reconsider or bool(self.facts["support_at_risk"])
        return self.another_host and not self.member_value_unmet and pressed

    @cached_property
    def kept(self) -> list[Record]:  # V05: qualifies
        return [s for s in self.facts["segments"] if self.qualifies(s)]

    @cached_property
    def left_out(self) -> list[Record]:
        return [s for s in self.facts["segments"] if not self.qualifies(s)]

    def qualifies(self, segment: Record) -> bool:
        skilled = LEVELS.index(segment["level"]) >= LEVELS.index(self.facts["expertise_required"])
        return skilled and exact(segment["overlap"]) >= NUMBERS["overlap_strong"]

    @cached_property
    def runs_along_segments(self) -> bool:  # V06
        if not self.kept or not self.left_out:
            return False
        lowest = min(exact(s["overlap"]) for s in self.kept)
        return lowest - max(exact(s["overlap"]) for s in self.left_out) >= NUMBERS["contrast"]

    @cached_property
    def active_stayers(self) -> Fraction:  # V07, over all kept segments together, never rounded
        return total([exact(s["count"]) * exact(s["stay"]) * exact(s["active"]) / 10_000 for s in self.kept])

    def by_meeting(self, number: str) -> Fraction:
        return NUMBERS[
            f"{number}_online" if self.facts["meeting_mode"] == "online" else f"{number}_otherwise"
        ]

    @cached_property
    def enough_stay(self) -> bool:  # V07
        return self.active_stayers >= self.by_meeting("stayers")

    @cached_property
    def no_qualified_segment(self) -> bool:  # V08
        return bool(self.facts["segments"]) and not self.kept

    @cached_property
    def excludes_target(self) -> bool:  # V09: an unmarked segment says nothing
        return self.sponsor_need_kind in ARTICLE_NEEDS and any(s.get("target", False) for s in self.left_out)

    @cached_property
    def restricted_delivers(self) -> bool:  # V05, V13
        return self.at_least("contribution_if_restricted", "enough_to_restrict")

    @cached_property
    def excluding_gains(self) -> bool:  # V05
        return self.points("contribution_if_restricted") >= self.contribution + NUMBERS["excluding_gains"]

    @cached_property
    def restrict_viable(self) -> bool:  # V05; V06 asks for a kept and for an excluded segment
        allowed = not self.excludes_target and bool(self.facts["restriction_allowed"])  # V09, V12
        pays = self.restricted_delivers and self.excluding_gains
        last = self.need_fixed and not self.inner_space_enough  # no milder form would do
        return last and self.runs_along_segments and self.enough_stay and allowed and pays

    @cached_property
    def inner_space_enough(
        self,
    ) -> bool:  # F52; assumed false where another home exists and little flows between levels
        if "inner_space_enough" in self.facts:
            return bool(self.facts["inner_space_enough"])
        flows = self.at_least("cross_level_exchange", "mix") or self.at_least("pipeline_dependence", "mix")
        assert self.facts["alternative_home"] == "exists", "left open: a world must say it"
        assert not flows, "left open: a world must say it"
        return False

    @cached_property
    def groups_apart(self) -> bool:  # the widest gap of overlap between groups
        overlaps = [exact(s["overlap"]) for s in self.facts["segments"]]
        return bool(overlaps) and max(overlaps) - min(overlaps) >= NUMBERS["contrast"]

    @cached_property
    def prefers_tier(self) -> bool:  # V10
        mixed = self.at_least("cross_level_exchange", "mix") or self.at_least("pipeline_dependence", "mix")
        return mixed or self.active_stayers < self.by_meeting("comfortable")

    @cached_property
    def circle_peopled(
        self,
    ) -> bool:  # V07, V13; stayers of the kept segments together, since V05 implies V13
        return self.active_stayers >= NUMBERS["circle"]

    @cached_property
    def circle_viable(self) -> bool:  # V13
        return self.effectively_fixed and self.circle_possible and self.inner_space_enough

    @cached_property
    def circle_possible(
        self,
    ) -> bool:  # some fit and some do not, and those who fit are enough and could deliver
        divided = bool(self.kept) and bool(self.left_out)
        return divided and self.circle_peopled and self.restricted_delivers

    @cached_property
    def everyone_qualifies(self) -> bool:  # row 26
        return bool(self.facts["segments"]) and not self.left_out

    # -------------------------------------------------------------------------------- Z, parts of the table

    @cached_property
    def no_one_to_repair(self) -> bool:  # row 5
        return self.nobody_carries and not self.young and (self.repair_failed_once or not self.topics_overlap)

    @cached_property
    def nobody_carries(self) -> bool:  # row 5 of the first edition
        return self.member_unmet_now and self.sponsor_unmet_now and self.core_absent and not self.shift_viable

    @cached_property
    def both_unmet(self) -> bool:
        return self.member_value_unmet and self.sponsor_value_unmet

    @cached_property
    def repairs_exhausted(self) -> bool:  # row 8
        gap = self.overlap_exists and not self.both_met  # O08, O09
        return gap and (self.repairs_failed_plainly or (self.repair_failed_once and self.both_unmet))

    @cached_property
    def exhausted_without_overlap(self) -> bool:  # row 24
        could = self.contribution >= NUMBERS["cannot_ameliorate"] or not self.need_fixed
        return self.repairs_failed_plainly and could

    @cached_property
    def fine_for_its_age(self) -> bool:  # row 7
        return self.young and not self.member_value_unmet and not self.sponsor_value_unmet

    @cached_property
    def deliver(self) -> bool:  # row 14
        return self.sponsor_value_met and not self.sponsor_need_moved and not self.needs_moved

    @cached_property
    def reconsider_first(self) -> bool:  # row 25
        unmet = self.sponsor_value_unmet or self.member_value_unmet
        return self.must_reconsider and not self.need_fixed and unmet

    @cached_property
    def passes_by(self) -> bool:  # row 15
        return (
            self.passing
            and not self.sponsor_need_moved
            and (self.sponsor_value_met or self.contribution >= NUMBERS["cannot_ameliorate"])
        )

    @cached_property
    def not_called_over(self) -> bool:  # row 27
        carries = self.contribution >= NUMBERS["enough_to_keep"]
        nothing_moved = not self.sponsor_need_moved and not self.needs_moved
        wanted = not self.member_value_unmet and (carries or not self.sponsor_value_unmet)
        return (carries and nothing_moved) or wanted

    @cached_property
    def carried_as_agreed(self) -> bool:  # row 4
        return (
            self.shift_agreed
            and self.lasts
            and self.at_least("contribution_to_shifted", "enough_once_agreed")
        )

    @cached_property
    def member_repair(self) -> frozenset[str]:
        return frozenset() if self.member_value_met else frozenset({"repair_member_delivery"})

    @cached_property
    def member_run(self) -> frozenset[str]:  # after plain failures: other carriers, not another repair
        repair = frozenset() if self.repairs_failed_plainly else self.member_repair
        return repair | {"member_run"}

    @cached_property
    def repairs(self) -> frozenset[str]:
        return self.member_repair | (
            frozenset() if self.sponsor_value_met else frozenset({"repair_sponsor_value"})
        )

    @cached_property
    def no_option(self) -> str:  # row 29, section 6: the first that is missing, where a segment is given
        if not self.facts["segments"]:
            return "no_option_viable"
        if self.no_qualified_segment:
            return "no_qualified_segment"
        if not self.circle_peopled:
            return "too_few_would_remain"
        if not self.restricted_delivers:
            return "restricted_group_cannot_deliver"
        return "no_option_viable" if self.inner_space_enough else "no_form_for_the_groups"


@dataclass(frozen=True)
class Branch:
    row: int
    rule: str | None
    outcome: str
    modes: Callable[[World], frozenset[str]]
    holds: Callable[[World], bool]


def mode(name: str) -> Callable[[World], frozenset[str]]:
    return lambda _: frozenset({name})


def repairs(world: World) -> frozenset[str]:
    return world.repairs


KEEP, SHIFT, RESTRICT = "KEEP_COURSE", "SHIFT_FOCUS", "RESTRICT_MEMBERSHIP"
NOT_YET, NO_VIABLE = "NOT_YET", "NO_VIABLE_COURSE"

# Z10: the first that holds decides. Row 5 has a second half: where nobody carries it, and yet it is not over.
TABLE = (
    Branch(
        1,
        "Z07",
        NO_VIABLE,
        mode("member_value_unmet"),
        lambda w: not w.has_sponsor and w.member_value_unmet and w.core_absent,
    ),
    Branch(2, "Z01", KEEP, lambda w: w.member_run, lambda w: not w.has_sponsor),  # S09
    Branch(3, "Z08", NOT_YET, mode("sponsors_disagree"), lambda w: w.sponsors_conflict),
    Branch(4, "Z05", SHIFT, mode("agreed"), lambda w: w.carried_as_agreed),
    Branch(5, "Z07", NO_VIABLE, mode("no_one_to_repair"), lambda w: w.no_one_to_repair),
    # more carriers change nothing where a community is the wrong instrument (O02); rebuild_core joins
    Branch(5, None, KEEP, mode("time_boxed"), lambda w: w.nobody_carries and not w.cannot_ameliorate),
    Branch(
        6,
        "Z05",
        SHIFT,
        mode("take_to_sponsor"),
        lambda w: w.shift_viable and w.overlap_exists and not w.long_strong and not w.both_met,
    ),
    Branch(7, "Z01", KEEP, mode("as_is"), lambda w: w.overlap_exists and (w.both_met or w.fine_for_its_age)),
    Branch(8, None, NOT_YET, mode("repairs_exhausted"), lambda w: w.repairs_exhausted),
    Branch(9, "Z02", KEEP, repairs, lambda w: w.overlap_exists),  # O08, O09
    Branch(10, "Z05", SHIFT, mode("take_to_sponsor"), lambda w: w.shift_viable),
    Branch(11, "Z03", KEEP, mode("time_boxed"), lambda w: w.time_box_viable),
    Branch(12, "Z03", KEEP, mode("bridge"), lambda w: w.bridge_viable),
    Branch(13, "Z13", KEEP, mode("recheck_overlap"), lambda w: w.both_met),
    Branch(14, "Z18", KEEP, repairs, lambda w: w.deliver and not w.repairs_failed_plainly),
    Branch(15, "Z19", KEEP, mode("return_to_agreed_purpose"), lambda w: w.passes_by),
    Branch(16, "Z15", NOT_YET, mode("agreed_but_not_carried"), lambda w: w.shift_agreed),
    Branch(17, "Z17", SHIFT, mode("follow_sponsor"), lambda w: w.realign_viable and w.sponsor_need_moved),
    Branch(18, "Z04", KEEP, mode("return_to_agreed_purpose"), lambda w: w.realign_viable),
    Branch(
        19, "Z13", KEEP, mode("recheck_overlap"), lambda w: w.sponsor_value_met and not w.member_value_unmet
    ),
    Branch(20, "Z22", KEEP, mode("widen"), lambda w: w.widen_viable),
    Branch(21, "Z23", KEEP, mode("new_host"), lambda w: w.host_viable),
    Branch(22, "Z20", KEEP, mode("inner_circle"), lambda w: w.circle_viable),
    Branch(
        23,
        "Z06",
        RESTRICT,
        lambda w: frozenset({"tiered" if w.prefers_tier else "full"}),
        lambda w: w.restrict_viable,
    ),
    Branch(24, None, NOT_YET, mode("repairs_exhausted"), lambda w: w.exhausted_without_overlap),
    Branch(25, "Z16", NOT_YET, mode("reconsider_with_sponsor"), lambda w: w.reconsider_first),
    Branch(26, "Z14", KEEP, repairs, lambda w: w.effectively_fixed and w.everyone_qualifies),
    Branch(27, "Z21", KEEP, repairs, lambda w: w.not_called_over),
    Branch(28, "Z16", NOT_YET, mode("reconsider_with_sponsor"), lambda w: not w.need_fixed),
    Branch(29, "Z07", NO_VIABLE, lambda w: frozenset({w.no_option}), lambda _: True),
)

MEMBER_CONCLUSIONS = ("member_value_met", "member_value_unmet", "core_absent")
CONCLUSIONS = (
    *MEMBER_CONCLUSIONS,
    "sponsor_value_met",
    "sponsor_value_unmet",
    "cannot_ameliorate",
    "visibility_gap",
    "sponsors_conflict",
    "need_fixed",
    "effectively_fixed",
    "shift_refused",
    "overlap_exists",
    "sweet_spot",
    "overlap_for_now",
    "overlap_to_come",
    "must_reconsider",
    "members_want_else",
    "silent_drift",
    "shift_genuine",
    "strategic_gain",
    "needs_moved",
    "passing",
    "keep_viable",
    "realign_viable",
    "shift_viable",
    "restrict_viable",
    "circle_viable",
    "widen_viable",
    "host_viable",
    "runs_along_segments",
    "enough_stay",
    "no_qualified_segment",
    "excludes_target",
    "prefers_tier",
)


PROPOSED_MODES = {"widen", "new_host", "inner_circle", "return_to_agreed_purpose"}  # Z11


def modes(world: World, branch: Branch) -> frozenset[str]:
    own = branch.modes(world)
    if branch.outcome == KEEP:
        return own | joined(world, branch, own)
    core = branch.outcome == SHIFT and (world.core_absent or world.facts["core_at_risk"])  # M07
    return own | (frozenset({"rebuild_core"}) if core else frozenset())


def joined(world: World, branch: Branch, own: frozenset[str]) -> frozenset[str]:
    """What joins a branch of KEEP_COURSE beside its own modes."""
    wanted = {"rebuild_core": world.core_absent or bool(world.facts["core_at_risk"])}
    if world.has_sponsor:
        facts = world.facts
        repaired = bool(own & {"repair_member_delivery", "repair_sponsor_value"})
        alone = not world.another_host
        pressed = world.sponsor_value_outlook < NUMBERS["unmet"] or bool(facts["support_at_risk"])
        by_groups = world.runs_along_segments or facts["shift_cause"] == "membership_changed"
        selective = facts["expertise_required"] != "any" and world.circle_possible
        wanted |= {
            "time_boxed": facts.get("support_risk_cause") == "ends_by_plan" and alone,
            "inner_circle": "repair_sponsor_value" in own and selective and world.inner_space_enough,
            "return_to_agreed_purpose": repaired
            and world.need_fixed
            and world.members_want_else
            and world.opens_to_realign,
            "new_host": branch.rule in ("Z01", "Z02") and world.another_host and pressed,
            "by_group": branch.rule == "Z02"
            and "repair_member_delivery" in own
            and world.groups_apart
            and by_groups,
        }
    return frozenset(name for name, joins in wanted.items() if joins)


def for_the_sponsor(
    world: World, outcome: str, chosen: frozenset[str]
) -> bool:  # Z11: not the community's alone
    reconsidering = outcome == KEEP and world.must_reconsider
    return outcome in (SHIFT, RESTRICT) or reconsidering or bool(chosen & PROPOSED_MODES)


def status(world: World, branch: Branch) -> str:  # Z11, section 6
    if branch.outcome in (NOT_YET, NO_VIABLE):
        return "open"
    if not world.has_sponsor:
        return "standing"
    guarded = for_the_sponsor(world, branch.outcome, modes(world, branch)) or world.silent_drift
    if not guarded:
        return "standing"
    recorded = any(
        entry.get("sponsor_took_part", False) and entry.get("outcome") == branch.outcome
        for entry in world.facts.get("decision_log", ())
    )
    return "agreed" if recorded else "proposed"


def routes(world: World) -> frozenset[str]:
    leave = {"members_leave"} if world.member_value_unmet else set()  # M02
    withdrawn = world.has_sponsor and (
        world.sponsor_value_unmet or bool(world.facts["support_at_risk"])
    )  # S05
    return frozenset(leave | ({"support_withdrawn"} if withdrawn else set()))


def risk(world: World, outcome: str) -> str:
    unmet = [world.member_value_unmet, world.has_sponsor and world.sponsor_value_unmet]
    if all(unmet) or outcome == NO_VIABLE or (any(unmet) and world.core_absent):
        return "high"
    worn = world.core_absent or bool(world.facts["core_at_risk"])
    warned = worn or world.decline_signal or world.repairs_failed_plainly
    return "raised" if routes(world) or warned else "low"


def tell_sponsor(world: World, outcome: str, chosen: frozenset[str]) -> bool:
    if not world.has_sponsor:
        return False
    told = for_the_sponsor(world, outcome, chosen) or outcome != KEEP or world.shift_agreed
    return bool(world.facts["focus_changed_without_sponsor"]) or told


def decide(facts: Facts) -> Decision:
    world = World(facts)
    branch = next(b for b in TABLE if b.holds(world))
    kept = tuple(str(s["name"]) for s in world.kept) if branch.outcome == RESTRICT else ()
    names = CONCLUSIONS if world.has_sponsor else MEMBER_CONCLUSIONS  # S09: not applicable, never "unmet"
    return Decision(
        outcome=branch.outcome,
        modes=modes(world, branch),
        branch=branch.row,
        rule=branch.rule,
        status=status(world, branch),
        risk=risk(world, branch.outcome),
        routes=routes(world),
        tell_sponsor=tell_sponsor(world, branch.outcome, modes(world, branch)),
        segments_kept=kept,
        conclusions={name: bool(getattr(world, name)) for name in names},
    )
