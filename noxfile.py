"""Everything that is checked: `nox` runs it all, `nox -l` lists the parts. It uses the environment that it runs in."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "none"  # install.py has made the environment, from the lock file
nox.options.sessions = [
    "lint",
    "types",
    "architecture",
    "docs",
    "pythons",
    "tests",
]  # tests last: pytest has the last word

BIN = Path(sys.executable).parent


def run(session: nox.Session, module: str, *arguments: str) -> None:
    session.run(sys.executable, "-m", module, *arguments)


@nox.session
def lint(session: nox.Session) -> None:
    """Style: ruff's rules and its formatting. `nox -s mend` puts right what can be put right by itself."""
    run(session, "ruff", "check", ".")
    run(session, "ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Types: mypy, strict."""
    run(session, "mypy")


@nox.session
def architecture(session: nox.Session) -> None:
    """Floors and homes: import-linter."""
    session.run(str(BIN / "lint-imports"))


@nox.session
def docs(session: nox.Session) -> None:
    """The docs as a site, in build/site; a link that leads nowhere is an error."""
    if shutil.which("zensical", path=str(BIN)) is None:
        session.skip("zensical, which builds the site, needs Python 3.11 or later")
    session.run(str(BIN / "zensical"), "build", "--strict", "--clean")


@nox.session
def quick(session: nox.Session) -> None:
    """Half a minute between two thoughts: style, floors, and the tests of the language and of each rule."""
    lint(session)
    architecture(session)
    folders = ("tests/language", "tests/rules", "tests/broken/test_broken.py")
    slow = "--ignore=tests/rules/test_sentences.py"  # each sentence against every case: a minute and a half
    run(session, "pytest", "-q", "-n", "2", *folders, slow, *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """All tests but the deep ones, on every core (up to four). `nox -s tests -- -k S05` chooses."""
    # a file's tests share what they decide, so a file stays with one worker
    whole_files = ("--dist", "loadfile", "--no-loadscope-reorder")
    run(session, "pytest", "-n", "auto", "--maxprocesses", "4", *whole_files, *session.posargs)


@nox.session
def pythons(session: nox.Session) -> None:
    """Installs and decides on every other Python that this machine has, with and without a C compiler."""
    run(session, "tools.other_pythons")


@nox.session(venv_backend="venv")
def spark(session: nox.Session) -> None:
    """Tables on a local Spark cluster, in an environment of its own (800 MB): the same answers, a worker killed on the way."""
    if shutil.which("java") is None:
        session.skip("there is no Java on this machine")
    session.install("--quiet", "--no-deps", "--require-hashes", "-r", "requirements-dev.lock")
    session.install("--quiet", "pyspark[sql]>=3.5")
    rows = {"SHAREDVALUE_SPARK_ROWS": "20000", "PYTHONPATH": str(Path(__file__).parent)}
    session.run(
        "python", "-m", "pytest", "-q", "tests/questions/test_portfolio_spark.py", *session.posargs, env=rows
    )


@nox.session
def deep(session: nox.Session) -> None:
    """The deep tests: thousands of generated rule books and cases, in minutes."""
    chosen = ("-m", "deep", "--hypothesis-profile", "deep")
    run(session, "pytest", "-n", "auto", "--maxprocesses", "4", *chosen, *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Generated cases until something breaks: `nox -s fuzz -- --seconds 3600 --seed 1`. Finds are kept in tests/fuzz/corpus."""
    run(session, "tools.fuzz", *session.posargs)


@nox.session
def exports(session: nox.Session) -> None:
    """Exports changed on their way: `nox -s exports -- --files 50000`, in a quarter of an hour. No traceback, no count changed in silence."""
    run(session, "tools.changed_exports", *session.posargs)


@nox.session
def attacks(session: nox.Session) -> None:
    """Kills, saves at once, damage, wrong sign-ins, slow connections: the figures of what-is-promised. `nox -s attacks -- --kills 150`."""
    run(session, "tools.attacks", *session.posargs)


@nox.session(venv_backend="venv")
def mutation(session: nox.Session) -> None:
    """Small changes of the code, and whether the tests notice: `nox -s mutation -- --mutants 200 --seed 1`. Half an hour and more."""
    session.install("--quiet", "--no-deps", "--require-hashes", "-r", "requirements-dev.lock")
    session.install("--quiet", "--no-deps", "--require-hashes", "-r", "requirements-mutation.lock")
    session.run(
        "python", "-m", "tools.mutation", *session.posargs, env={"PYTHONPATH": str(Path(__file__).parent)}
    )


@nox.session
def mend(session: nox.Session) -> None:
    """Formats the code, and mends what ruff can mend."""
    run(session, "ruff", "check", "--fix", ".")
    run(session, "ruff", "format", ".")


@nox.session
def release(session: nox.Session) -> None:
    """Builds what is released, and tries it where there is nothing else: no checkout, no developers' packages.

    Before: the version in pyproject.toml, and its section in CHANGELOG.md. After: it prints how to tag.
    """
    version = nox.project.load_toml("pyproject.toml")["project"]["version"]
    if f"## {version}" not in Path("CHANGELOG.md").read_text(encoding="utf-8"):
        session.error(f"CHANGELOG.md has no section for {version}: name the unreleased one so.")
    shutil.rmtree("dist", ignore_errors=True)
    run(session, "build", "--no-isolation")  # with the setuptools that install.py pinned here
    empty = tempfile.mkdtemp(prefix="sharedvalue-release-")
    session.run(sys.executable, "-m", "venv", empty, external=True)
    python = str(Path(empty) / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    (wheel,) = Path("dist").resolve().glob("*.whl")
    lock_file = Path("requirements.lock").resolve()
    with session.chdir(empty):
        session.run(
            python, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(lock_file), external=True
        )
        session.run(python, "-m", "pip", "install", "-q", "--no-deps", str(wheel), external=True)
        session.run(python, "-m", "sharedvalue", "rules", "list", external=True, silent=True)
        session.run(python, "-m", "sharedvalue", "scenario", "list", external=True)
    session.log(f"dist/ is whole. Next: git tag -a v{version}, push it, and upload dist/.")


@nox.session(venv_backend="venv")
def lock(session: nox.Session) -> None:
    """Makes the lock files anew from pyproject.toml. `nox -s lock -- --upgrade` takes newer versions."""
    session.install("uv")
    say = {"UV_CUSTOM_COMPILE_COMMAND": "nox -s lock"}
    common = (
        "uv",
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--generate-hashes",
        "--python-version",
        "3.10",
    )
    for source, target, more in (
        ("requirements-build.in", "requirements-build.lock", ()),
        ("requirements-durable.in", "requirements-durable.lock", ()),
        ("pyproject.toml", "requirements.lock", ()),
        (
            "pyproject.toml",
            "requirements-dev.lock",
            ("--extra", "dev", "-c", "requirements.lock"),
        ),
        ("requirements-postgres.in", "requirements-postgres.lock", ("-c", "requirements-dev.lock")),
        ("requirements-mutation.in", "requirements-mutation.lock", ("-c", "requirements-dev.lock")),
    ):
        session.run(*common, *more, "-o", target, source, *session.posargs, env=say)
