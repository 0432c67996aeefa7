"""Which folder becomes which package. The folders stay at the root, for people to find; installed, all live under `sharedvalue`.

The links in `sharedvalue/` say the same to Python, mypy and import-linter in a checkout (docs/decisions/0011).
"""

from setuptools import find_namespace_packages, setup

PARTS = ("engine", "cli", "web", "rules", "scenarios")

setup(
    packages=[
        "sharedvalue",
        *(f"sharedvalue.{part}" for part in PARTS),
        *(f"sharedvalue.{part}.{below}" for part in PARTS for below in find_namespace_packages(part)),
    ],
    package_dir={"sharedvalue": "sharedvalue", **{f"sharedvalue.{part}": part for part in PARTS}},
)
