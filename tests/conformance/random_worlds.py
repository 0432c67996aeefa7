"""Random complete worlds for the conformance tests: consistent, near the thresholds, and spread over all 29 places of the order of choice.

Worlds keep to what decision-model.md calls possible (section 6), and say all that is read: nothing is left to an assumption.
They are worlds, not scenarios with evidence: some
hold what the evidence stage would widen (a fixed stance only inferred, segments that do not fit the overlap).
"""

import random
from typing import Any

World = dict[str, Any]

TENTHS = 0.01  # how often a value near an edge lies a tenth beside it; 0 leaves whole points only

# Where something changes, in points of 100, and the sums of two such numbers (gain over value).
EDGES: dict[str, tuple[int, ...]] = {
    "member_value_now": (40, 60),
    "member_value_outlook": (40, 60),
    "sponsor_value_now": (40, 60),
    "sponsor_value_outlook": (40, 60),
    "contribution": (30, 50),
    "contribution_to_shifted": (30, 40),
    "contribution_if_restricted": (40, 50, 60),
    "strategic_potential": (50, 60, 70),
    "openness_to_realign": (50,),
    "needs_shift": (40,),
    "activity_on_purpose": (50,),
    "cross_level_exchange": (50,),
    "pipeline_dependence": (50,),
    "overlap_short": (25, 50),
    "overlap_long": (25, 50),
}
RISK_CAUSES = ("money", "person_leaving", "reorganisation", "ends_by_plan", "no_visible_value")
CAUSES = ("field_changed", "membership_changed", "org_changed", "fad_or_event", "unmet_basics", "none")
NEED_KINDS = (
    "isolation",
    "products_not_out",
    "products_not_adopted",
    "quality_or_risk",
    "retention",
    "other",
)
ENGAGED = ("not_contacted", "contacted", "in_dialogue", "agreed_shift", "refused_shift")
LEVELS = ("novice", "practitioner", "expert")
WEIGHTS = (1, 0.7, 0.5, 0.4, 0.31, 0.3, 0.29, 0.2)


def chance(rng: random.Random, share: float) -> bool:
    return rng.random() < share


def clip(value: int | float) -> int | float:
    return min(100, max(0, value))


def near(rng: random.Random, edges: tuple[int, ...]) -> int | float:
    """A whole point at, just under or just over an edge; now and then a tenth beside it."""
    edge = rng.choice(edges)
    return clip(edge + (rng.choice((-0.1, 0.1)) if chance(rng, TENTHS) else rng.choice((-1, 0, 1))))


def points(rng: random.Random, name: str, low: int = 0, high: int = 100) -> int | float:
    """Somewhere in low..high, half of the time near an edge of this fact that lies there."""
    edges = tuple(e for e in EDGES[name] if low <= e <= high)
    return near(rng, edges) if edges and chance(rng, 0.5) else rng.randint(low, high)


def leaning(rng: random.Random, name: str, high_share: float) -> int | float:
    """Points that lean up or down, without leaving anything out."""
    return points(rng, name, 35, 100) if chance(rng, high_share) else points(rng, name, 0, 65)


# ------------------------------------------------------------------------------------------------ sponsor side


def sponsor_list(rng: random.Random, carry: bool) -> list[World]:
    """One to three sponsors; `carry`: each with its own value, stance, need and contribution."""
    names = ["unit", "donor", "ministry"][: rng.randint(1, 3)]
    made: list[World] = []
    for name in names:
        sponsor: World = {
            "name": name,
            "weight": rng.choice(WEIGHTS) if len(names) > 1 else rng.choice((1, 0.5)),
        }
        if carry:
            sponsor |= {
                "value_now": points(rng, "sponsor_value_now"),
                "value_outlook": points(rng, "sponsor_value_outlook"),
                "stance": rng.choice(("fixed", "fixed", "negotiable")),
                "need_kind": rng.choice(NEED_KINDS),
                "contribution": points(rng, "contribution"),
            }
        made.append(sponsor)
    if carry and len(names) > 1 and chance(rng, 0.5):
        one, other = rng.sample(made, 2)
        one["incompatible_with"] = [other["name"]]
    return made


def stances(world: World) -> list[str]:
    return [s["stance"] for s in world.get("sponsors", ()) if "stance" in s]


def engagement(rng: random.Random, world: World) -> World:
    """How far the sponsor was asked; an agreed shift and a fixed stance exclude each other."""
    engaged = rng.choices(ENGAGED, (2, 2, 6, 3, 2))[0]
    made: World = {"sponsor_engaged": engaged}
    if engaged == "agreed_shift":
        for sponsor in world.get("sponsors", ()):
            if "stance" in sponsor:
                sponsor["stance"] = "negotiable"
    if not stances(world):
        fixed = engaged != "agreed_shift" and chance(rng, 0.6)
        made["sponsor_stance"] = "fixed" if fixed else "negotiable"
    if engaged == "not_contacted":
        made |= {
            "stance_source": rng.choice(("leader_inferred", "document")),
            "potential_judged_with_sponsor": False,
        }
    else:
        source = rng.choices(("sponsor_said", "document", "leader_inferred"), (6, 3, 1))[0]
        made |= {"stance_source": source, "potential_judged_with_sponsor": chance(rng, 0.9)}
    return made


def sponsor_side(rng: random.Random) -> World:
    world: World = {"has_sponsor": True}
    carry = chance(rng, 0.15)
    if carry or chance(rng, 0.15):
        world["sponsors"] = sponsor_list(rng, carry)
    high = rng.choice((0.15, 0.5, 0.85))
    if not carry:
        world["contribution"] = leaning(rng, "contribution", rng.choice((0.4, 0.8)))
        world["sponsor_need_kind"] = rng.choice((*NEED_KINDS, "other", "other"))
        world["sponsor_value_now"] = leaning(rng, "sponsor_value_now", high)
        world["sponsor_value_outlook"] = leaning(rng, "sponsor_value_outlook", high)
        if "sponsors" not in world or chance(rng, 0.5):
            world["sponsors_conflict"] = chance(rng, 0.05)
    elif chance(rng, 0.1):  # a direct value beside the list: it wins
        world["sponsor_value_now"] = points(rng, "sponsor_value_now")
    world |= engagement(rng, world)
    world |= {
        "contribution_to_shifted": leaning(rng, "contribution_to_shifted", 0.5),
        "contribution_if_restricted": leaning(rng, "contribution_if_restricted", 0.7),
        "strategic_potential": leaning(rng, "strategic_potential", 0.6),
        "sponsor_need_moved": chance(rng, 0.4),
        "support_at_risk": chance(rng, 0.3),
        "alt_sponsor": rng.choice(("none", "possible", "secured")),
        "focus_changed_without_sponsor": chance(rng, 0.3),
        "target_inside": rng.choice(("yes", "yes", "partly", "no")),
        "inner_space_enough": chance(rng, 0.4),
    }
    if world["support_at_risk"] and chance(rng, 0.7):
        world["support_risk_cause"] = rng.choice(RISK_CAUSES)
    if not carry and chance(rng, 0.2):  # potential against the sponsor's value, at the edge
        world["strategic_potential"] = clip(world["sponsor_value_now"] + rng.choice((9, 10, 11)))
    return world


# ------------------------------------------------------------------------------------------------ member side


def serves(rng: random.Random, world: World, zero_share: float) -> Any:
    def one() -> int | float:
        return 0 if chance(rng, zero_share) else rng.choice((0.5, 1))

    if len(world.get("sponsors", ())) > 1:
        return {sponsor["name"]: one() for sponsor in world["sponsors"]}
    return one()


def needs_grid(rng: random.Random, world: World) -> list[World]:
    """Three to nine needs; in the modest grids all are cited by about 20 or 30 %, where a need counts and is shared."""
    zero_share = rng.choice((0.3, 0.6, 0.85))
    outside = rng.choice((0.2, 0.5))
    edges = rng.choice((0.4, 0.4, 1))
    return [
        {
            "label": f"need {number}",
            "cited_by": near(rng, (20, 29, 30)) if chance(rng, edges) else rng.randint(0, 100),
            "satisfied": near(rng, (40,)) if chance(rng, 0.4) else rng.randint(0, 100),
            "horizon": rng.choice(("short", "long", "both")),
            "level": rng.choice(LEVELS),
            "within_purpose": not chance(rng, outside),
            "serves": serves(rng, world, zero_share),
        }
        for number in range(1, rng.randint(3, 9) + 1)
    ]


def wishes(rng: random.Random, world: World) -> World:
    """What members want, and where it meets the sponsor: a grid of needs, or measures given directly."""
    low = chance(rng, 0.7)  # most branches lie where nothing overlaps
    direct: World = {
        "needs_shift": leaning(rng, "needs_shift", 0.5),
        "overlap_short": points(rng, "overlap_short", 0, 30) if low else points(rng, "overlap_short"),
        "overlap_long": points(rng, "overlap_long", 0, 30) if low else points(rng, "overlap_long"),
    }
    if chance(rng, 0.8):
        return direct | ({"shift_shared": chance(rng, 0.9)} if chance(rng, 0.7) else {})
    made: World = {"needs": needs_grid(rng, world)}
    made |= {name: value for name, value in direct.items() if chance(rng, 0.1)}  # a direct value wins
    return made | ({"shift_shared": chance(rng, 0.9)} if chance(rng, 0.1) else {})


def segment_count(rng: random.Random, stay: int, active: int) -> int:
    """A head count; half of the time one that leaves about as many active stayers as some minimum asks for."""
    if stay * active == 0 or chance(rng, 0.5):
        return rng.randint(1, 900)
    wanted = rng.choice((5, 15, 20, 50, 100))
    return max(1, -(-wanted * 10_000 // (stay * active)) + rng.choice((-1, 0, 1)))


def segment_list(rng: random.Random) -> list[World]:
    """None to three segments; often two kinds, apart by about the contrast that V06 asks for."""
    ladder = chance(rng, 0.6)
    made: list[World] = []
    for number in range(rng.choices((0, 1, 2, 3), (2, 2, 4, 3))[0]):
        up = chance(rng, 0.6)
        stay, active = (rng.choice((0, 10, 50, 100, rng.randint(0, 100))) for _ in range(2))
        segment: World = {
            "name": f"group {number + 1}",
            "count": segment_count(rng, stay, active),
            "level": ("expert" if up else "novice") if ladder else rng.choice(LEVELS),
            "overlap": near(rng, (50, 80))
            if up
            else near(rng, (20, 50))
            if chance(rng, 0.5)
            else rng.randint(0, 60),
            "stay": stay,
            "active": active,
        }
        if chance(rng, 0.8):  # an unmarked segment says nothing
            segment["target"] = chance(rng, 0.5 if up else 0.2)
        made.append(segment)
    return made


def split(rng: random.Random, meeting_mode: str) -> list[World]:
    """Experts and others, apart by about the contrast of V06, with about as many active stayers as a minimum asks."""
    wanted = rng.choice((5, 20, 100, 100, 300) if meeting_mode == "online" else (5, 15, 50, 50, 300))
    stay, active = rng.choice(((100, 100), (100, 50), (50, 40), (85, 60)))
    overlap = rng.randint(49, 90)
    experts: World = {
        "count": -(-wanted * 10_000 // (stay * active)) + rng.choice((-1, 0, 0, 1)),
        "level": "expert",
    }
    experts |= {"overlap": overlap, "stay": stay, "active": active}
    others: World = {"count": rng.randint(1, 900), "level": rng.choice(("novice", "expert"))}
    others |= {
        "overlap": rng.choice((10, max(0, overlap - rng.choice((29, 30, 31))))),
        "stay": 70,
        "active": 40,
    }
    if chance(rng, 0.5):
        others["target"] = chance(rng, 0.5)
    return [{"name": "experts", **experts}, {"name": "others", **others}]


def member_side(rng: random.Random) -> World:
    high = rng.choice((0.15, 0.5, 0.85))
    return {
        "meeting_mode": rng.choice(("online", "mixed", "face_to_face")),
        "member_value_now": leaning(rng, "member_value_now", high),
        "member_value_outlook": leaning(rng, "member_value_outlook", high),
        "core_group_size": rng.choice((0, 2, 3, 4, 6, 12)),
        "core_at_risk": chance(rng, 0.15),
        "age_months": rng.choice((3, 11, 12, 13, 60, 120)),
        "failed_repairs": rng.choice((0, 0, 0, 0, 1, 2, 3, 4)),
        "active_trend_12m": rng.choice((-26, -25, -24, 0, 0, 10)),
        "leave_rate_12m": rng.choice((0, 5, 5, 19, 20, 21)),
        "activity_on_purpose": points(rng, "activity_on_purpose"),
        "shift_durable": chance(rng, 0.65),
        "shift_cause": rng.choice(CAUSES),
        "openness_to_realign": leaning(rng, "openness_to_realign", 0.4),
        "expertise_required": rng.choice(("any", "practitioner", "expert", "expert")),
        "cross_level_exchange": leaning(rng, "cross_level_exchange", 0.2),
        "pipeline_dependence": leaning(rng, "pipeline_dependence", 0.2),
        "alternative_home": rng.choice(("exists", "buildable", "none")),
        "restriction_allowed": chance(rng, 0.8),
        "segments": segment_list(rng),
    }


# ------------------------------------------------------------------------------------------------ themes

# A theme pulls some facts to where rarer branches lie: a range for points, a list for choices. Facts are pulled one by
# one, not all of them, so that each condition also fails alone; what a list computes is left to the list.
Theme = dict[str, tuple[int, int] | list[Any]]
WELL: Theme = {
    "member_value_now": (58, 100),
    "member_value_outlook": (58, 100),
    "sponsor_value_now": (58, 100),
    "sponsor_value_outlook": (58, 100),
    "overlap_short": (23, 100),
    "overlap_long": (23, 100),
    "contribution": (29, 100),
    "sponsors_conflict": [False],
}
NEW_FOCUS: Theme = {
    "needs_shift": (39, 100),
    "shift_shared": [True, True, False],
    "shift_durable": [True],
    "shift_cause": ["field_changed", "membership_changed", "org_changed"],
    "strategic_potential": (48, 100),
    "sponsor_value_now": (30, 60),
    "contribution_to_shifted": (38, 100),
    "sponsor_engaged": ["contacted", "in_dialogue", "in_dialogue"],
    "sponsor_stance": ["negotiable"],
    "sponsors_conflict": [False],
    "overlap_short": (20, 60),
    "overlap_long": (20, 60),
}
CUTTING_EDGE: Theme = {
    "sponsor_engaged": ["in_dialogue", "refused_shift"],
    "sponsor_stance": ["fixed"],
    "sponsors_conflict": [False],
    "openness_to_realign": (0, 50),
    "overlap_short": (0, 26),
    "overlap_long": (0, 26),
    "sponsor_value_now": (20, 62),
    "contribution": (28, 70),
    "contribution_if_restricted": (48, 100),
    "shift_durable": [True],
    "shift_cause": ["field_changed", "membership_changed", "unmet_basics", "none"],
    "sponsor_need_kind": list(NEED_KINDS),
    "restriction_allowed": [True],
    "cross_level_exchange": (0, 51),
    "pipeline_dependence": (0, 51),
}


def pull(rng: random.Random, world: World, theme: Theme) -> None:
    for name, to in theme.items():
        if name in world and chance(rng, 0.85):
            world[name] = rng.choice(to) if isinstance(to, list) else points(rng, name, *to)


def at_the_cutting_edge(rng: random.Random, world: World) -> None:
    """What excluding people turns on: who would remain, and whether it gains enough."""
    pull(rng, world, CUTTING_EDGE)
    if chance(rng, 0.7):
        world["segments"] = split(rng, world["meeting_mode"])
    if "contribution" in world and chance(rng, 0.4):
        world["contribution_if_restricted"] = clip(world["contribution"] + rng.choice((9, 10, 11)))


def well_and_shifting(rng: random.Random, world: World) -> None:
    """Both sides served, while something bigger has come up."""
    pull(rng, world, NEW_FOCUS)
    pull(rng, world, WELL)


def mend(world: World) -> None:
    """Back to what is possible, after a theme: a sponsor that agreed to a shift is not fixed."""
    if world.get("sponsor_engaged") == "agreed_shift" and "sponsor_stance" in world:
        world["sponsor_stance"] = "negotiable"


def random_world(rng: random.Random) -> World:
    """A complete, consistent world: facts as they stand under `facts:` in a scenario."""
    if chance(rng, 0.04):
        world: World = {"has_sponsor": False}
        if chance(rng, 0.3):  # sponsor facts given all the same: ignored, with a warning
            world = sponsor_side(rng) | {"has_sponsor": False}
    else:
        world = sponsor_side(rng)
    world |= member_side(rng)
    world |= wishes(rng, world)
    match rng.choices(("plain", "well", "new focus", "well, and shifting", "cutting edge"), (12, 2, 2, 1, 4))[
        0
    ]:
        case "well":
            pull(rng, world, WELL)
        case "new focus":
            pull(rng, world, NEW_FOCUS)
        case "well, and shifting":
            well_and_shifting(rng, world)
        case "cutting edge":
            at_the_cutting_edge(rng, world)
    mend(world)
    world["members_total"] = max(1, sum(s["count"] for s in world["segments"])) + rng.choice((0, 1, 200))
    if chance(rng, 0.7):
        about = ("SHIFT_FOCUS", "RESTRICT_MEMBERSHIP", "KEEP_COURSE", "none")
        world["decision_log"] = [
            {"sponsor_took_part": chance(rng, 0.5), "outcome": rng.choice(about)}
            for _ in range(rng.randint(0, 2))
        ]
    return world
