"""Writes docs/reference from the rule book and the library, and what README and notebooks print: `python -m tools.reference` (`--check` looks)."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import sharedvalue
from sharedvalue.engine.language.check import carriers
from sharedvalue.engine.language.facts import Fact
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.rulebook import RuleBook
from sharedvalue.engine.language.rules import Block, Rule
from sharedvalue.engine.language.types import MapType, RecordsType
from sharedvalue.engine.language.values import expected_of
from tools import notebook

ROOT = Path(__file__).resolve().parents[1]
GENERATED = "<!-- Made from rules/ by `python -m tools.reference`; do not edit. -->\n\n"
OUTPUT = re.compile(r"(<!-- output: (sharedvalue [^>]*) -->\n```text\n)(.*?)(```)", re.DOTALL)


def facts_page(book: RuleBook) -> str:
    lines = [
        f"# Facts\n\n{GENERATED}Every fact but `has_sponsor` may be left out, and is then unknown. Costs are house defaults.\n"
    ]
    group = ""
    for fact in book.facts.values():
        if fact.group != group:
            group = fact.group
            lines.append(f"\n## {group.capitalize()}\n")
        lines += fact_lines(fact)
    return "\n".join(lines) + "\n"


def fact_lines(fact: Fact) -> Iterator[str]:
    yield f"\n### `{fact.name}`\n"
    yield f"{fact.title} ({fact.id}): {expected_of(fact.type)}.\n"
    yield f"* **How to estimate it:** {fact.how}"
    for word in getattr(fact.type, "words", ()):
        lo, middle, hi = (f"{value / 10:g}" for value in (word.lo, word.middle, word.hi))
        yield f"    * `{word.name}`: {middle} ({lo} to {hi}). {word.fits}"
    if fact.ask is not None:
        yield f"* **Asked as:** {fact.ask.question}"
    changes = fact.moves and f", through {fact.moves}"
    yield f"* **Who can change it:** {fact.owner.replace('_', ' ')}{changes}; cost {fact.cost[1]} {fact.cost[0]}"
    if fact.assume:
        yield "* **Assumed when left out**, and always printed as an assumption"
    if fact.cites:
        yield f"* **Carries:** {', '.join(fact.cites)}"
    if fact.applies_when or fact.asked_when:
        gate = " and ".join(str(part) for part in (fact.applies_when, fact.asked_when) if part)
        yield f"* **Applies when:** `{gate}`"
    if fact.stands:
        yield f"* **Where it stands:** {fact.stands}"
    if fact.example:
        yield f"\n```yaml\n{fact.example}\n```\n"
    if isinstance(fact.type, RecordsType):
        yield "* **Fields:**"
        for spec in fact.type.fields:
            of = spec.type
            kind = f"a value for each of {of.list}" if isinstance(of, MapType) else expected_of(of)
            yield f"    * `{spec.name}`: {kind}. {spec.how}"


def thresholds_page(book: RuleBook) -> str:
    lines = [
        f"# Thresholds\n\n{GENERATED}The article names no number. Each of these says what it rests on.\n",
        "| name | value | basis | since | why |",
        "|---|---|---|---|---|",
    ]
    for t in book.thresholds.values():
        basis = t.basis + (f" ({', '.join(t.sources)})" if t.sources else "")
        lines.append(f"| `{t.name}` | {t} {t.type.unit} | {basis} | {t.since} | {t.title}. {t.because} |")
    return "\n".join(lines) + "\n"


def rules_page(book: RuleBook) -> str:
    lines = [f"# Rules\n\n{GENERATED}{len(book.rules)} rules. Braces stand for the numbers of a case.\n"]
    chapter = ""
    for rule in book.rules.values():
        if rule.chapter != chapter:
            chapter = rule.chapter
            about = book.chapters[chapter]
            lines.append(f"\n## {chapter}. {about.title}\n\n{about.about}\n")
        lines += rule_lines(rule)
    lines.append("\n## Left out on purpose\n")
    lines += [f"* **{absent.rule}**: {absent.why}" for absent in book.absent]
    return "\n".join(lines) + "\n"


def rule_lines(rule: Rule) -> Iterator[str]:
    yield f"\n### {rule.id}. {rule.title}\n"
    sources = f"; sources: {', '.join(rule.sources)}" if rule.sources else ""
    yield f"{' and '.join(rule.kind)}; claims: {', '.join(rule.cites) or 'none'}{sources}\n"
    for block in rule.blocks:
        yield from block_lines(block)


def block_lines(block: Block) -> Iterator[str]:
    name = f"**{block.part.replace('_', ' ')}**: " if block.part and not block.part.isdigit() else ""
    when = f"when `{block.when}`" if block.when else "otherwise"
    unless = f", unless `{block.unless}`" if block.unless else ""
    place = f" (place {block.order}: {block.outcome})" if block.outcome else ""
    concludes = ", ".join(f"`{c.name}`" for c in block.concludes)
    yield f"* {name}{when}{unless}{place}" + (f", then {concludes}" if concludes else "")
    yield f"    *{' '.join(block.because.value.split())}*"


def claims_page(book: RuleBook) -> str:
    lines = [
        f"# Claims\n\n{GENERATED}{book.article.attribution}\n",
        "| claim | says | the article's words | carried by |",
        "|---|---|---|---|",
    ]
    carried = carriers(book)
    for claim in book.claims.values():
        lines.append(
            f'| {claim.id} ({claim.sentence}) | {claim.says} | "{claim.quote}" | {", ".join(carried[claim.id])} |'
        )
    return "\n".join(lines) + "\n"


def library_page() -> str:
    """What `import sharedvalue` offers, from its own docstrings."""
    made = GENERATED.replace("Made from rules/", "Made from sharedvalue/")
    lines = [f"# The library\n\n{made}By example: [the notebook](../notebooks/sharedvalue.ipynb).\n"]
    for name in sharedvalue.__all__:
        thing = getattr(sharedvalue, name)
        lines += [f"\n## `{name}`\n", *_documented(name, thing)]
        for own in (
            vars(thing) if inspect.isclass(thing) and thing.__module__ != "sharedvalue.engine.errors" else ()
        ):
            member = inspect.getattr_static(thing, own)
            if not own.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
                lines += [f"\n### `{name}.{own}`\n", *_documented(own, member)]
    return "\n".join(lines) + "\n"


def _documented(name: str, thing: object) -> Iterator[str]:
    if inspect.isfunction(thing):
        signature = (
            str(inspect.signature(thing)).replace("(self, ", "(").replace("(self)", "()").replace("'", "")
        )
        yield f"    {name}{signature}\n"
    yield inspect.cleandoc(getattr(thing, "__doc__", None) or "").split("\n\n    ")[0]


def pages() -> dict[Path, str]:
    """Every generated file with its text."""
    book, folder = load(), ROOT / "docs" / "reference"
    found = {
        folder / "facts.md": facts_page(book),
        folder / "thresholds.md": thresholds_page(book),
        folder / "rules.md": rules_page(book),
        folder / "claims.md": claims_page(book),
        folder / "library.md": library_page(),
    }
    readme = ROOT / "README.md"
    found[readme] = OUTPUT.sub(
        lambda m: m.group(1) + printed(m.group(2)) + m.group(4), readme.read_text(encoding="utf-8")
    )
    return found


def printed(command: str) -> str:
    """What a command of the README prints, run for real."""
    arguments = [sys.executable, "-m", "sharedvalue", *command.split()[1:]]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout


def main() -> int:
    stale = {
        path: text
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    for path, text in stale.items():
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{'stale' if '--check' in sys.argv else 'written'}: {path.relative_to(ROOT)}\n")
    stale_notebooks = notebook.main()
    return 1 if (stale or stale_notebooks) and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
