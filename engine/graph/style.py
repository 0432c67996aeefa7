"""The strokes of the drawn graph. Colour belongs to outcomes and to quotes; everything else is told by shape, line and letter."""

from __future__ import annotations

from collections.abc import Mapping

from sharedvalue.engine.graph.fonts import FAMILY
from sharedvalue.engine.graph.palette import DARK, LIGHT, Tones

NEUTRAL = ("fact", "measure", "threshold", "conclusion", "action", "risk")
# kind of edge -> (width, dashes, marker)
STROKES: Mapping[str, tuple[float, str, str]] = {
    "reads": (1.1, "", "arrow"),
    "compares": (1.1, "", "arrow"),
    "concludes": (1.8, "", "arrow"),
    "decides": (2.6, "", "arrow"),
    "would_conclude": (1.3, "7 4", "arrow"),
    "quotes": (1.2, "1.5 3.5", "arrow"),
    "chosen_over": (1.4, "6 4", "bar"),
    "defeats": (2.0, "", "bar"),
    "would_decide": (1.6, "8 3 2 3", "arrow"),
    "opens": (1.4, "2 3", "arrow"),
    "splits": (1.4, "2 3", "arrow"),
    "advises": (1.2, "", "arrow"),
    "warns": (1.2, "4 3", "arrow"),
}


def fills(tones: Tones = LIGHT) -> Mapping[str, tuple[str, str]]:
    """(fill, border) of each kind of node that no outcome colours."""
    found = dict.fromkeys(NEUTRAL, (tones.soft, tones.edge))
    found |= dict.fromkeys(("unknown", "rule", "candidate", "decision"), (tones.paper, tones.edge))
    return found | {"fork": (tones.paper, tones.ink), "claim": tones.colours["violet"][::-1]}


def css(tones: Tones = LIGHT, root: str = "") -> str:
    """The style of a picture. Plain selectors only, so that every renderer follows."""
    rules = [
        f".sv text {{ font-family: {FAMILY}; fill: {tones.ink}; }}",
        ".sv .strong { font-weight: bold; }",
        f".sv .small {{ fill: {tones.quiet}; }}",
        f".sv .paper {{ fill: {tones.paper}; }}",
        f".sv .edge {{ fill: none; stroke: {tones.edge}; }}",
        f".sv .arrow {{ fill: {tones.edge}; }}",
        f".sv .bar {{ stroke: {tones.edge}; stroke-width: 2.2; fill: none; }}",
        f".sv .frame {{ fill: none; stroke: {tones.edge}; stroke-dasharray: 2 4; }}",
        ".sv .shape { stroke-width: 1.4; }",
        ".sv .s-absent .shape { stroke-dasharray: 5 3.5; }",
        ".sv .s-open .shape { stroke-dasharray: 1.5 3; stroke-width: 2; }",
        ".sv .s-defeated .strike { stroke-width: 1.6; fill: none; }",
        f".sv .letter {{ fill: {tones.paper}; font-weight: bold; }}",
        ".sv .c-gained .shape { stroke-width: 3.4; }",
        ".sv .x-lost { opacity: 0.45; }",
        ".sv .c-lost text { text-decoration: line-through; }",
    ]
    for kind, (fill, border) in fills(tones).items():
        rules += [
            f".sv .k-{kind} .shape {{ fill: {fill}; stroke: {border}; }}",
            f".sv .k-{kind} .badge {{ fill: {border}; }}",
            f".sv .k-{kind} .strike {{ stroke: {border}; }}",
        ]
    rules += [
        f".sv .e-{kind} {{ stroke-width: {width};{f' stroke-dasharray: {dashes};' if dashes else ''} }}"
        for kind, (width, dashes, _) in STROKES.items()
    ]
    return "\n".join(f"{root}{rule}" for rule in [*rules, *_outcomes(tones)])


def _outcomes(tones: Tones) -> list[str]:
    """What stands is filled with the colour of its outcome; a course or a proposal has its colour in lines only."""
    rules = [
        ".sv .sign { fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }",
        ".sv .k-decision .shape { stroke-width: 2.4; }",
        ".sv .k-decision .inner { fill: none; stroke: none; }",
        ".sv .k-decision.proposal .shape { stroke-dasharray: 7 4; }",
        ".sv .k-decision.s-open .shape { stroke-dasharray: 2 4; }",
        f".sv .k-decision.firm text {{ fill: {tones.paper}; }}",
    ]
    for name, (strong, soft) in tones.colours.items():
        rules += [
            f".sv .o-{name} .shape {{ fill: {tones.paper}; stroke: {strong}; }}",
            f".sv .o-{name} .badge {{ fill: {strong}; }}",
            f".sv .o-{name} .sign {{ stroke: {tones.paper}; }}",
            f".sv .k-decision.proposal.o-{name} .shape {{ fill: {soft}; }}",
            f".sv .k-decision.firm.o-{name} .shape {{ fill: {strong}; }}",
            f".sv .k-decision.firm.o-{name} .inner {{ stroke: {tones.paper}; stroke-width: 1; }}",
            f".sv .k-decision.firm.o-{name} .badge {{ fill: {tones.paper}; }}",
            f".sv .k-decision.firm.o-{name} .sign {{ stroke: {strong}; }}",
        ]
    return rules


def dark_css() -> str:
    """What a dark page changes."""
    return css(DARK, "html ")
