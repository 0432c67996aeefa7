"""The process that reads one workbook: `python -m sharedvalue.engine.sheets PATH BYTES`. See apart.py."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import IO, Any

from sharedvalue.engine.errors import mistake
from sharedvalue.engine.sheets.apart import main
from sharedvalue.engine.sheets.book import first_sheet
from sharedvalue.engine.sheets.bounds import Damaged, TooMuch


def _work(path: Path, out: IO[bytes]) -> dict[str, Any]:
    try:
        found = first_sheet(path, lambda row: out.write(json.dumps(row).encode() + b"\n"), sys.argv[3])
    except TooMuch as error:
        raise mistake(
            "SV414", str(path), str(error), "Is it the right file? No export is packed so densely."
        ) from None
    except Damaged as error:
        what = f"the workbook does not open: {error}"
        raise mistake(
            "SV413", str(path), what, "It was cut off or changed on its way: export it again."
        ) from None
    return vars(found)


if __name__ == "__main__":
    main(_work)
