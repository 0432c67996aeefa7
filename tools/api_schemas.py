"""The schemas that the page's API description needs, gathered for the wheel, which has no docs/: `python -m tools.api_schemas`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sharedvalue.web.rooms.api import SCHEMA_NAMES, SCHEMAS

ROOT = Path(__file__).resolve().parents[1]


def gathered() -> str:
    """The text of the file: each schema of docs/schemas that the API names."""
    folder = ROOT / "docs" / "schemas"
    found = {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in SCHEMA_NAMES}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    SCHEMAS.write_text(gathered(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
