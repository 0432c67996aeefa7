"""The node that all leads to, and the one that stands for the courses that are not drawn one by one."""

from __future__ import annotations

from sharedvalue.engine.decision import Decision
from sharedvalue.engine.graph.chapters import Pencil
from sharedvalue.engine.graph.words import headline, lead
from sharedvalue.engine.language.grounded import GroundBranch, GroundRule


def decide_node(pencil: Pencil, decision: Decision) -> None:
    """The one node that all leads to."""
    outcome, modes = (
        decision.worlds.book.outcomes.outcomes[decision.outcome],
        decision.worlds.book.outcomes.modes,
    )
    means = [outcome.means, *(modes[name].means for name in decision.modes)]
    open_modes = ", ".join(modes[name].title for name in decision.open_modes)
    if open_modes:
        means.append(f"Still open: {open_modes}.")
    risk = decision.worlds.book.outcomes.risk_levels.get(decision.risk)
    if risk is not None:
        worst = "" if decision.risk_is_certain else ", at worst"
        means.append(f"If nothing changes{worst}: {risk.words}.")
    said = headline(decision) + ("; how is still open" if decision.open_modes and not decision.modes else "")
    pencil.draft.node(
        "decision",
        "decision",
        said[:1].upper() + said[1:],
        "holds" if decision.certain else "open",
        reference=lead(decision),
        outcome=decision.outcome,
        modes=list(decision.modes),
        open_modes=list(decision.open_modes),
        status=decision.status,
        risk=decision.risk,
        certain=decision.certain,
        text=" ".join(pencil.words.wording.say(m) for m in means if m),
        scenario=decision.worlds.scenario.title,
    )


def others(pencil: Pencil, rest: list[tuple[GroundBranch, GroundRule]], over: str) -> None:
    """One node for all the other courses that were looked at before."""
    book = pencil.book
    ruled = [
        (b, r)
        for b, r in sorted(rest, key=lambda entry: entry[0].place)
        if pencil.truth.conclusion(b.candidate) is not True
    ]
    told = [f"{book.rules[b.rule].title} ({b.rule}): {pencil.words.otherwise(r)}." for b, r in ruled]
    if told:
        one = len(told) == 1
        label = "1 other course before it: it does not apply"
        label = label if one else f"{len(told)} other courses before it: none of them applies"
        if pencil.draft.node(
            "candidate:others", "candidate", label, "absent", text=" ".join(told), count=len(told)
        ):
            pencil.draft.edge("candidate:others", over, "chosen_over")
