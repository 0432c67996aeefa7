"""Runs the notebooks of docs/ without Jupyter, and writes what they show: `python -m tools.notebook` (`--check` looks).

Each code cell runs in one namespace; the value of its last line is shown as Jupyter would, by `_repr_html_` or `repr`.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def run(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook with its outputs made anew."""
    space: dict[str, Any] = {"__name__": "__main__"}
    cells = []
    for number, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] == "code":
            cell = {
                **cell,
                "execution_count": number,
                "outputs": _outputs("".join(cell["source"]), space, number),
            }
        cells.append(cell)
    return {**notebook, "cells": cells}


def _outputs(source: str, space: dict[str, Any], number: int) -> list[dict[str, Any]]:
    tree = ast.parse(source)
    end = tree.body[-1] if tree.body else None
    last = end if isinstance(end, ast.Expr) else None
    tree.body = tree.body[:-1] if last else tree.body
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, f"cell {number}", "exec"), space)
        value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), space) if last else None
    found: list[dict[str, Any]] = []
    if printed.getvalue():
        found.append(
            {"output_type": "stream", "name": "stdout", "text": printed.getvalue().splitlines(keepends=True)}
        )
    if value is not None:
        html = getattr(value, "_repr_html_", None)
        data = {"text/plain": repr(value).splitlines(keepends=True)}
        if html is not None and type(value).__module__.startswith("sharedvalue"):
            data["text/html"] = html().splitlines(keepends=True)
        found.append(
            {"output_type": "execute_result", "execution_count": number, "metadata": {}, "data": data}
        )
    return found


def written(notebook: dict[str, Any]) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    stale = 0
    for path in NOTEBOOKS:
        old = path.read_text(encoding="utf-8")
        new = written(run(json.loads(old)))
        if new != old:
            stale += 1
            if "--check" not in sys.argv:
                path.write_text(new, encoding="utf-8")
            sys.stdout.write(f"{'stale' if '--check' in sys.argv else 'written'}: {path.relative_to(ROOT)}\n")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
