"""All benchmarks, one after the other, each in a process of its own.

python -m benchmarks
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

# name -> packages without which it cannot run; `peers` itself leaves out the engines that are not installed
BENCHMARKS: dict[str, tuple[str, ...]] = {
    "decide": (),
    "process": (),
    "unknowns": (),
    "reasons": (),
    "growth": (),
    "evidence": (),
    "portfolio": ("polars", "pytest"),
    "page": (),
    "peers": (),
    "sweep": ("polars", "numpy", "duckdb"),
}


def main() -> int:
    failed = []
    for name, packages in BENCHMARKS.items():
        missing = [package for package in packages if find_spec(package) is None]
        if missing:
            print(f"\n## {name}\n\n- skipped, not installed: {', '.join(missing)}", flush=True)
        elif subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nNot finished: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
