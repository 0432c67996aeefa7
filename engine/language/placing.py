"""The order of choice: branches at their places, and those that a house puts after or before another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sharedvalue.engine.errors import Problems, did_you_mean
from sharedvalue.engine.language.rules import Block, Rule

Branch = tuple[str, Block]  # the rule's id, and the branch


def in_order(rules: Mapping[str, Rule], problems: Problems) -> dict[str, Rule]:
    """The rules with every branch at a whole place. What stands beside another moves those behind it on by one.

    A rule of several branches is named with the one meant, Z03.bridge; by its id alone, before is before its first and after
    is after its last. Of several put after the same branch, the first written comes first.
    """
    found = dict(rules)
    for stage in {rule.stage for rule in rules.values()}:
        branches = [
            (rule.id, block)
            for rule in rules.values()
            if rule.stage == stage
            for block in rule.blocks
            if block.outcome
        ]
        if any(block.beside for _, block in branches):
            for place, (rule_id, block) in enumerate(_line(branches, problems), 1):
                rule = found[rule_id]
                blocks = tuple(replace(b, order=place) if b == block else b for b in rule.blocks)
                found[rule_id] = replace(rule, blocks=blocks)
    return found


def _line(branches: list[Branch], problems: Problems) -> list[Branch]:
    """The branches in their order."""
    line = sorted((b for b in branches if b[1].beside is None), key=lambda b: b[1].order)
    waiting = [b for b in branches if b[1].beside is not None]
    moved = True
    while waiting and moved:  # one may stand beside another that waits as well
        moved = False
        for branch in list(waiting):
            at = _beside(line, branch[1])
            if at is not None:
                line.insert(at, branch)
                waiting.remove(branch)
                moved = True
    for rule_id, block in waiting:
        side, name = block.beside or ("", "")
        problems.add(
            "SV319",
            block.place,
            f"{rule_id} stands {side} '{name}', which is no branch of the choice",
            did_you_mean(name, (rule for rule, _ in branches))
            or "Name a rule that decides, or one of its branches: after: Z03, before: Z06.restrict.",
        )
    return line


def _beside(line: list[Branch], block: Block) -> int | None:
    """Where in the line a branch goes; None where what it stands beside is not there (yet)."""
    side, name = block.beside or ("", "")
    at = [i for i, (rule_id, other) in enumerate(line) if name in (rule_id, f"{rule_id}.{other.part}")]
    if not at:
        return None
    if side == "before":
        return at[0]
    after = at[-1] + 1
    while after < len(line) and line[after][1].beside == block.beside:
        after += 1
    return after
