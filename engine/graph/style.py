"""The colours and strokes of the drawn graph: told apart without colour too, and safe for the colour-blind."""

from __future__ import annotations

from collections.abc import Mapping

from sharedvalue.engine.graph.fonts import FAMILY

INK, QUIET, PAPER, LINE = "#1b1f24", "#4a5159", "#ffffff", "#5d6670"
# kind -> (fill, border), light; tints of the palette of Okabe and Ito, which the colour-blind can tell apart
LIGHT: Mapping[str, tuple[str, str]] = {
    "fact": ("#eaf4fb", "#0a5f96"),
    "unknown": ("#ffffff", "#54595f"),
    "measure": ("#dff0f7", "#0a5f96"),
    "threshold": ("#fbf6dc", "#6f5d00"),
    "rule": ("#f4f4f2", "#3c4046"),
    "conclusion": ("#e4f4ee", "#00694b"),
    "claim": ("#f8ebf3", "#8c3f70"),
    "fork": ("#fdf1c9", "#6f5d00"),
    "candidate": ("#fdeedd", "#97470a"),
    "decision": ("#12395b", "#12395b"),
    "action": ("#e4f4ee", "#00694b"),
    "risk": ("#fbe7df", "#a33a0a"),
}
DARK: Mapping[str, tuple[str, str]] = {
    "fact": ("#14293a", "#7cc0ee"),
    "unknown": ("#1a1d21", "#b9c0c8"),
    "measure": ("#10303f", "#7cc0ee"),
    "threshold": ("#2f2a0c", "#e3cf5c"),
    "rule": ("#272a2e", "#c3c8ce"),
    "conclusion": ("#0f3027", "#62cfa8"),
    "claim": ("#371f2e", "#e7a3cb"),
    "fork": ("#3a330c", "#e3cf5c"),
    "candidate": ("#3b2410", "#f0ac6b"),
    "decision": ("#b9dcf7", "#b9dcf7"),
    "action": ("#0f3027", "#62cfa8"),
    "risk": ("#3d1d11", "#f3a184"),
}
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


def css() -> str:
    """The style of a picture on paper or a light page. Plain selectors only, so that every renderer follows."""
    rules = [
        f".sv text {{ font-family: {FAMILY}; fill: {INK}; }}",
        ".sv .strong { font-weight: bold; }",
        f".sv .small {{ fill: {QUIET}; }}",
        f".sv .paper {{ fill: {PAPER}; }}",
        f".sv .edge {{ fill: none; stroke: {LINE}; }}",
        f".sv .arrow {{ fill: {LINE}; }}",
        f".sv .bar {{ stroke: {LINE}; stroke-width: 2.2; fill: none; }}",
        ".sv .frame { fill: none; stroke: #6f5d00; stroke-dasharray: 2 4; }",
        ".sv .shape { stroke-width: 1.4; }",
        ".sv .s-absent .shape { stroke-dasharray: 5 3.5; }",
        ".sv .s-open .shape { stroke-dasharray: 1.5 3; stroke-width: 2; }",
        ".sv .s-defeated .strike { stroke-width: 1.6; fill: none; }",
        ".sv .letter { fill: #ffffff; font-weight: bold; }",
        ".sv .k-decision text { fill: #ffffff; }",
        ".sv .k-decision .inner { fill: none; stroke: #ffffff; stroke-width: 1; }",
        ".sv .k-decision .letter { fill: #12395b; }",
        ".sv .k-decision .badge { fill: #ffffff; }",
        ".sv .c-gained .shape { stroke-width: 3.4; }",
        ".sv .x-lost { opacity: 0.45; }",
        ".sv .c-lost text { text-decoration: line-through; }",
    ]
    for kind, (fill, border) in LIGHT.items():
        rules.append(f".sv .k-{kind} .shape {{ fill: {fill}; stroke: {border}; }}")
        if kind != "decision":
            rules.append(f".sv .k-{kind} .badge {{ fill: {border}; }}")
        rules.append(f".sv .k-{kind} .strike {{ stroke: {border}; }}")
    rules += [
        f".sv .e-{kind} {{ stroke-width: {width};{f' stroke-dasharray: {dashes};' if dashes else ''} }}"
        for kind, (width, dashes, _) in STROKES.items()
    ]
    return "\n".join(rules)


def dark_css() -> str:
    """What a dark page changes."""
    rules = [
        "html .sv text { fill: #eef1f4; }",
        "html .sv .small { fill: #bfc6ce; }",
        "html .sv .paper { fill: #16191d; }",
        "html .sv .edge { stroke: #9aa3ad; }",
        "html .sv .arrow { fill: #9aa3ad; }",
        "html .sv .bar { stroke: #9aa3ad; }",
        "html .sv .frame { stroke: #e3cf5c; }",
        "html .sv .letter { fill: #16191d; }",
        "html .sv .k-decision text { fill: #0d2033; }",
        "html .sv .k-decision .inner { stroke: #0d2033; }",
        "html .sv .k-decision .letter { fill: #b9dcf7; }",
        "html .sv .k-decision .badge { fill: #0d2033; }",
    ]
    for kind, (fill, border) in DARK.items():
        rules.append(f"html .sv .k-{kind} .shape {{ fill: {fill}; stroke: {border}; }}")
        rules.append(f"html .sv .k-{kind} .strike {{ stroke: {border}; }}")
        if kind != "decision":
            rules.append(f"html .sv .k-{kind} .badge {{ fill: {border}; }}")
    return "\n".join(rules)
