#!/usr/bin/env python3
"""Installs sharedvalue from its lock files into an environment of its own, or says what is missing.

    python3 install.py            makes .venv, to use sharedvalue
    python3 install.py --test     makes .venv-test, to work on sharedvalue, and runs every check and test
    python3 install.py --dev      makes .venv-test only

Standard library only, and no syntax beyond Python 3.6: it must run on whatever `python3` is, to say what to do.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
OLDEST = (3, 10)
NAMED = ((3, 13), (3, 12), (3, 14), (3, 11), (3, 10))  # looked for on PATH, in this order
STAMP = "sharedvalue-install.json"
BUILD_LOCK = "requirements-build.lock"
DURABLE_LOCK = (
    "requirements-durable.lock"  # the one package that is built from C source; sharedvalue does without it
)

# pip settings that would send packages elsewhere than into our environment, or refuse the one source distribution.
UNWANTED = (
    "PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT PIP_NO_BINARY PIP_ONLY_BINARY PIP_CONSTRAINT PIP_REQUIRE_VIRTUALENV "
    "PIP_NO_DEPS PIP_REQUIREMENT PYTHONPATH PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV __PYVENV_LAUNCHER__"
    " PYTHONDONTWRITEBYTECODE"  # the tests start hundreds of programs; each would compile all of it anew
).split()

# What a Python tells of itself: version, and whether it can make environments and build C extensions.
PROBE = """
import json, sys, sysconfig
def can(name):
    try:
        __import__(name)
        return True
    except Exception:
        return False
print(json.dumps({"version": list(sys.version_info[:3]), "path": sys.executable, "name": sys.implementation.name,
    "ensurepip": can("ensurepip") and can("venv"), "cc": sysconfig.get_config_var("CC") or "",
    "include": sorted({sysconfig.get_paths()["include"], sysconfig.get_paths()["platinclude"]})}))
"""


class Stop(Exception):
    """Something is missing: a code, what it is, and what mends it."""

    def __init__(self, code, what, mend):
        Exception.__init__(self, what)
        self.code, self.what, self.mend = code, what, mend


def say(text):
    print(text, flush=True)


def clean_environment():
    env = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    env.update(
        PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PIP_ROOT_USER_ACTION="ignore", PYTHONUTF8="1"
    )
    return env


def output_of(command, **options):
    """Exit code and whole output of a command; a command that cannot be started counts as failed."""
    try:
        done = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options
        )
    except OSError as error:
        return 1, str(error)
    out = done.communicate()[0]
    return done.returncode, out.decode("utf-8", "replace")


# ---- Which Python ----------------------------------------------------------------------------------------------


def probe(path):
    """What the Python at this path tells of itself, or None where it does not run."""
    code, out = output_of([path, "-c", PROBE], env=clean_environment())
    lines = out.strip().splitlines()
    if code or not lines:
        return None
    try:
        return json.loads(lines[-1])
    except ValueError:
        return None


def version_of(python):
    return ".".join(str(part) for part in python["version"])


def suits(python):
    return python["name"] == "cpython" and tuple(python["version"][:2]) >= OLDEST


def candidates(asked):
    """The Pythons to try, best first: the one asked for, or the running one and those on PATH."""
    names = [asked] if asked else [sys.executable] + [f"python{major}.{minor}" for major, minor in NAMED]
    seen = []
    for name in names:
        path = name and shutil.which(name)
        if path and os.path.realpath(path) not in seen:
            seen.append(os.path.realpath(path))
            python = probe(path)
            if python:
                yield python


def choose_python(asked):
    """The first suitable Python that can make an environment, one that can also build durable-rules before all others.

    Comes with why durable-rules cannot be built with it, or None. Otherwise a Stop that says what the first one lacks.
    """
    first_problem, fallback = None, None
    met = []
    for python in candidates(asked):
        met.append(f"{version_of(python)} ({python['path']})")
        if not suits(python):
            continue
        problem = lacks(python)
        if problem is not None:
            first_problem = first_problem or problem
            continue
        reason = cannot_build(python)
        if reason is None:
            return python, None
        fallback = fallback or (python, reason)
    if fallback:
        return fallback
    if first_problem:
        raise first_problem
    found = ", ".join(met) or f"none that runs at {asked}"
    raise Stop(
        "SV001",
        f"sharedvalue needs CPython 3.10 or newer; found {found}.",
        "Install a newer Python beside it (it does not replace yours) and run this command again: it finds python3.12\n"
        "on PATH, or takes the one you name: python3 install.py --python /path/to/python3.12\n"
        + for_this_machine(
            debian="sudo apt install python3.12 python3.12-venv",
            fedora="sudo dnf install python3.12",
            mac="brew install python@3.12",
            other="from python.org",
        )
        + "\nor, where that has no 3.12: pyenv install 3.12, uv python install 3.12, conda create -n sv python=3.12",
    )


# ---- What it takes to build ------------------------------------------------------------------------------------


def lacks(python):
    """The Stop for what this Python lacks to make an environment, or None."""
    short = ".".join(str(part) for part in python["version"][:2])
    if python["ensurepip"]:
        return None
    return Stop(
        "SV002",
        f"Python {version_of(python)} ({python['path']}) cannot make virtual environments: it came without its modules "
        "venv and ensurepip.",
        for_this_machine(
            debian=f"sudo apt install python{short}-venv",
            fedora=f"sudo dnf reinstall python{short}",
            mac=f"brew reinstall python@{short}",
            other=f"Install a complete Python {short}, with venv and ensurepip.",
        ),
    )


def cannot_build(python):
    """Why durable-rules cannot be built with this Python, in a few words; None where it can, or where only trying tells."""
    if os.name == "nt":
        return None  # the compiler of Windows cannot be looked for in a few lines
    compiler = compiler_for(python)
    if compiler is None:
        return f"no C compiler (looked for {', '.join(compiler_names(python))})"
    works, message = compiles(compiler, python, "#include <stdio.h>\n#include <stdlib.h>\n")
    if not works:
        return f"the C compiler {compiler} does not work: {message}"
    works, message = compiles(compiler, python, "#include <Python.h>\n")
    return None if works else f"Python's C headers are missing: {message}"


def compiler_names(python):
    """The compilers to look for: the one that CC names, or the one that built this Python and the usual ones."""
    asked = os.environ.get("CC", "").split()[:1]
    return asked or list(dict.fromkeys([*python["cc"].split()[:1], "cc", "gcc", "clang"]))


def compiler_for(python):
    for name in compiler_names(python):
        if shutil.which(name):
            return name
    return None


def compiles(compiler, python, source):
    """Whether this little C file compiles, and otherwise the line of the compiler that says why not."""
    folder = tempfile.mkdtemp(prefix="sharedvalue-")
    try:
        path = os.path.join(folder, "try.c")
        with open(path, "w", encoding="utf-8") as file:
            file.write(source)
        include = ["-I" + place for place in python["include"]]
        code, out = output_of([compiler, *include, "-c", path, "-o", os.path.join(folder, "try.o")])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lines = (
        [line for line in out.splitlines() if "error" in line.lower()]
        or out.splitlines()
        or ["it says nothing"]
    )
    return code == 0, lines[0].strip()


def for_this_machine(debian, fedora, mac, other):
    if sys.platform == "darwin":
        return "  " + mac
    if shutil.which("apt-get"):
        return "  " + debian
    if shutil.which("dnf"):
        return "  " + fedora
    return "  " + other


# ---- The environment -------------------------------------------------------------------------------------------


def fingerprint(names):
    total = hashlib.sha256()
    for name in names:
        with open(os.path.join(ROOT, name), "rb") as file:
            total.update(name.encode() + b"\0" + file.read() + b"\0")
    return total.hexdigest()


def read_stamp(venv):
    try:
        with open(os.path.join(venv, STAMP)) as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def write_stamp(venv, stamp):
    with open(os.path.join(venv, STAMP), "w") as file:
        json.dump(stamp, file, indent=1)


def program(venv, name):
    return (
        os.path.join(venv, "Scripts", name + ".exe") if os.name == "nt" else os.path.join(venv, "bin", name)
    )


def step(text, command, env, log):
    """One step: its line on the screen, its output in the log."""
    start = time.time()
    sys.stdout.write(f"  {text:<30}")
    sys.stdout.flush()
    code, out = output_of(command, env=env, cwd=ROOT)
    with open(log, "a", encoding="utf-8") as file:
        file.write("$ " + " ".join(command) + "\n" + out + "\n")
    if code:
        say("failed")
        tail = "\n".join("    " + line for line in out.strip().splitlines()[-12:])
        raise Stop(
            "SV005",
            "This step failed: " + " ".join(command) + "\n" + tail,
            "If a package could not be fetched: check the network, and the proxy or index that pip is set to "
            "(pip config list). Then run the same command again.\n  The whole output is in " + log,
        )
    say(f"{time.time() - start:.1f} s")


def install(folder, lock, asked):
    """An environment that holds exactly what the lock file pins. Nothing is done where nothing has changed."""
    venv = os.path.join(ROOT, folder)
    inside = program(venv, "python")
    log = os.path.join(venv, "install.log")
    stamp = read_stamp(venv)
    wanted = {
        "at": venv,
        "locks": fingerprint([BUILD_LOCK, DURABLE_LOCK, lock]),
        "project": fingerprint(["pyproject.toml"]),
    }
    whole = stamp is not None and os.path.exists(inside) and not (asked and stamp.get("asked") != asked)
    if whole and all(stamp.get(key) == value for key, value in wanted.items()):
        say(f"{folder} is up to date (Python {stamp.get('python')}).")
        return venv
    env = clean_environment()
    if whole and stamp.get("at") == venv and stamp.get("locks") == wanted["locks"]:
        say(f"{folder}: pyproject.toml has changed, the lock files have not")
        link(inside, env, log)
        write_stamp(venv, dict(stamp, **wanted))
        return venv
    if os.path.lexists(venv) and stamp is None and not (os.path.isdir(venv) and not os.listdir(venv)):
        raise Stop(
            "SV006",
            f"{venv} is there already, and was not made by this script.",
            "Move it away or remove it, then run the same command again.",
        )
    python, reason = choose_python(asked)
    say(f"sharedvalue into {folder}, with Python {version_of(python)} ({python['path']})")
    if os.path.isdir(venv):
        shutil.rmtree(venv)
    os.makedirs(venv)
    write_stamp(venv, {"unfinished": True})
    pip = [inside, "-m", "pip", "install", "--require-hashes", "--no-deps"]
    step("making the environment", [python["path"], "-m", "venv", venv], env, log)
    step("pip and setuptools", [*pip, "-r", BUILD_LOCK], env, log)
    step("what the lock file pins", [*pip, "--only-binary", ":all:", "-r", lock], env, log)
    reason = reason or durable_rules(python, inside, pip, env, log)
    if reason:
        say(
            f"  durable-rules is left out, {reason}; rules are matched in plain Python, with the same answers."
        )
    link(inside, env, log)
    write_stamp(venv, dict(wanted, python=version_of(python), asked=asked))
    return venv


def durable_rules(python, inside, pip, env, log):
    """Builds durable-rules, and sees that it can be loaded; why not, or None."""
    env = dict(env)
    compiler = compiler_for(python)
    if os.name != "nt" and "CC" not in env and python["cc"].split()[:1] != [compiler]:
        env["CC"] = compiler
    if tuple(python["version"][:2]) >= (3, 13):  # a function that Python no longer has, under its newer name
        env["CPPFLAGS"] = (env.get("CPPFLAGS", "") + " -DPyEval_CallObject=PyObject_CallObject").strip()
    try:
        step("durable-rules, from C source", [*pip, "--no-build-isolation", "-r", DURABLE_LOCK], env, log)
        step("durable-rules, loaded", [inside, "-c", "import durable_rules_engine"], env, log)
    except Stop:
        return "as it could not be built here: " + log
    return None


def link(inside, env, log):
    """Installs this folder itself, so that the command runs the code as it stands here."""
    pip = [inside, "-m", "pip", "install", "--no-index", "--no-deps", "--no-build-isolation"]
    step(
        "sharedvalue, from this folder",
        [*pip, "--config-settings", "editable_mode=compat", "--editable", "."],
        env,
        log,
    )


def main():
    parser = argparse.ArgumentParser(
        description="Installs sharedvalue into an environment of its own: .venv to use it, .venv-test to work on it."
    )
    parser.add_argument(
        "--test", action="store_true", help="install into .venv-test, and run every check and test"
    )
    parser.add_argument("--dev", action="store_true", help="install into .venv-test, and run nothing")
    parser.add_argument("--python", metavar="PATH", help="the Python to use, 3.10 or newer")
    options = parser.parse_args()
    try:
        if not (options.test or options.dev):
            install(".venv", "requirements.lock", options.python)
            return 0
        venv = install(".venv-test", "requirements-dev.lock", options.python)
    except Stop as stop:
        sys.stdout.flush()
        sys.stderr.write(f"{stop.code} {stop.what}\n{stop.mend}\n")
        return 2
    except OSError as error:
        sys.stdout.flush()
        sys.stderr.write(f"SV007 {error}\nMake room, or give leave to write in {ROOT}; then run it again.\n")
        return 2
    if options.dev:
        return 0
    say("Running every check and test (their list: .venv-test/bin/nox -l)")
    nox = [program(venv, "python"), "-m", "nox", "-f", os.path.join(ROOT, "noxfile.py")]
    return subprocess.call(nox, env=clean_environment(), cwd=ROOT)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Run the same command again to go on.\n")
        sys.exit(130)
