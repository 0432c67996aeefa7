"""The attacks behind the figures of docs/explanation/what-is-promised.md, with the real thing: processes that are killed, a
PostgreSQL server, sockets on this machine.

    python -m tools.attacks --kills 150                  (or: nox -s attacks)

Prints a line for each; ends with 1 where something was lost, half written, or failed otherwise than with a message of ours.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.ledger import open_ledger
from sharedvalue.engine.governance.verify import verify
from sharedvalue.engine.language.loading import load
from sharedvalue.web.people import add_person
from sharedvalue.web.settings import Settings
from tests.broken.test_mutations import HOUSE, answered, book, damaged
from tests.cli.calling import ROOT, SCENARIOS
from tests.governance.common import filled, never_seen
from tests.governance.test_hostile_records import HOSTILE, changed, hostile, places, read, rich
from tests.governance.test_ledger import WRITER, environment
from tests.governance.test_postgres import database, running_server
from tests.language.test_whole_file import COUNTS, SAVES, python
from tests.web.serving import served

Found = tuple[str, bool]  # what is told of an attack, and whether all held


def kills(ledger: str, count: int, seed: int) -> Found:
    """Programs that record are killed at a moment of their own; what one of them was told is recorded is there."""
    chance, told, killed = random.Random(seed), 0, 0
    for _ in range(count):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, ledger, "k", "500"], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
        )  # fmt: skip
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline() or 0)]
        time.sleep(chance.random() / 5)
        writer.kill()
        acknowledged += [int(word) for word in writer.stdout.read().split()]
        writer.wait(30)
        killed += 1
        told += sum(number > 0 for number in acknowledged)
        with open_ledger(ledger) as opened:
            found = verify(opened)
        if not found.sound or found.count < max(acknowledged):
            return (
                f"killed {killed} times: {found.broken}, {max(acknowledged)} told and {found.count} there",
                False,
            )
    return f"{killed} kills, {told} records acknowledged, none lost, {found.count} there", True


def kills_while_saving(folder: Path, count: int, seed: int) -> Found:
    chance, path, told = random.Random(seed), folder / "count", 0
    for _ in range(count):
        writer = python(COUNTS, str(path), "100000")
        assert writer.stdout is not None
        writer.stdout.read(1)
        time.sleep(chance.random() / 50)
        writer.kill()
        told += 1 + writer.stdout.read().count(".")
        writer.wait(30)
        there = int(path.read_bytes())
        if not told <= there <= told + count:
            return f"{told} saves acknowledged, {there} in the file", False
    left = sorted(entry.name for entry in folder.iterdir() if entry.suffix == ".part")
    return f"{count} kills, {told} saves acknowledged, {there} in the file, {len(left)} draft left", len(
        left
    ) < 2


def saves(folder: Path, count: int) -> Found:
    path = folder / "case.yaml"
    path.write_text("scenario: 1\n")
    running = [python(SAVES, str(path), own, str(count)) for own in ("a", "b")]
    for one in running:
        one.communicate()
    there = len(path.read_text("utf-8").splitlines()) - 1
    return (
        f"{2 * count} saves of one scenario by two processes acknowledged, {there} in the file",
        there == 2 * count,
    )


def flipped_bits(folder: Path, count: int, seed: int) -> Found:
    """One bit of a ledger's file turned over: found, or the records are as they were."""
    chance, path, ended = random.Random(seed), folder / "ledger.sqlite", Counter[str]()
    was = [record.raw for record in filled(path, 4)]
    whole = path.read_bytes()
    for _ in range(count):
        turned = bytearray(whole)
        turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
        path.write_bytes(turned)
        never_seen()
        try:
            with open_ledger(str(path)) as opened:
                found = verify(opened)
                same = [record.raw for record in opened.records()] == was if found.sound else True
        except UserError:
            ended["told"] += 1
            continue
        if not same:
            return f"after {sum(ended.values())} bits: changed records were called sound", False
        ended["told" if not found.sound else "of no record"] += 1
    path.write_bytes(whole)
    return f"{count} bits flipped: {ended['told']} told, {ended['of no record']} where no record stands", True


def damage(folder: Path, count: int, seed: int) -> Found:
    """Scenarios and house rules with pieces cut, doubled, moved or replaced."""
    accepted = 0
    for number in range(count):
        at = seed * 1_000_000 + number
        if number % 2:
            text = SCENARIOS[number % len(SCENARIOS)].read_text("utf-8")
            accepted += answered(damaged(text, at), book())
        else:
            (folder / "house.yaml").write_text(damaged(HOUSE, at), encoding="utf-8", errors="replace")
            try:
                load([folder])
                accepted += 1
            except UserError:
                continue
    return f"{count} damaged scenarios and house rules: {accepted} accepted, each other told", True


def hostile_records(count: int, seed: int) -> Found:
    payload, told = rich(), 0
    every = [(place, to) for place in places(payload) for to in HOSTILE]
    for place, to in random.Random(seed).sample(every, min(count, len(every))):
        try:
            read(hostile(changed(payload, place, to)))
        except UserError:
            told += 1
    return f"{min(count, len(every))} of {len(every)} records with other content under a sound hash: {told} told, each other read", True  # fmt: skip


def sign_ins(folder: Path, count: int) -> Found:
    people = folder / "people.json"
    add_person(people, "lea", "leader", "leader-secret-1")
    page = served(folder, Settings(folder, people=people, workers=1))
    try:
        client, right = page.client(), {"name": "lea", "secret": "leader-secret-1"}
        client.post("/sign-in", right)

        def wrong(number: int) -> None:
            other = page.client()
            other.post("/sign-in", {"name": f"n{number}", "secret": "wrong-secret"})

        crowd = [threading.Thread(target=wrong, args=(number,)) for number in range(count)]
        for one in crowd:
            one.start()
        begun = time.monotonic()
        status = client.post("/sign-in", right).status
        took = time.monotonic() - begun
        for one in crowd:
            one.join()
        return f"{count} wrong sign-ins at once: one whose browser is known comes in after {took:.1f} s", status == 303 and took < 15  # fmt: skip
    finally:
        page.stop()


def half_sent(folder: Path, count: int) -> Found:
    page = served(folder)
    try:
        with ExitStack() as stack:
            for _ in range(count):
                one = stack.enter_context(socket.create_connection(("127.0.0.1", page.port), timeout=10))
                one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
            begun = time.monotonic()
            status = page.client().get("/").status
            took = time.monotonic() - begun
        return f"{count} half-sent requests held open: the page answers after {took:.1f} s", status == 200 and took < 15  # fmt: skip
    finally:
        page.stop()


def attacks(options: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Callable[[], Found]]]:
    def fresh(name: str) -> Path:
        (folder / name).mkdir()
        return folder / name

    seed, few = options.seed, options.kills
    yield "kills while recording", lambda: kills(str(folder / "killed.sqlite"), few, seed)
    yield "kills while saving", lambda: kills_while_saving(fresh("saving"), few, seed)
    yield "saves", lambda: saves(fresh("saves"), 10 * few)
    yield "flipped bits", lambda: flipped_bits(fresh("bits"), 20 * few, seed)
    yield "damaged inputs", lambda: damage(fresh("damage"), 6 * few, seed)
    yield "hostile records", lambda: hostile_records(20 * few, seed)
    yield "sign-ins", lambda: sign_ins(fresh("people"), 2 * few)
    yield "slow connections", lambda: half_sent(fresh("slow"), 505)
    yield "kills on PostgreSQL", lambda: on_postgres(few // 5, seed)


def on_postgres(count: int, seed: int) -> Found:
    with running_server() as server:
        if server is None:
            return "no PostgreSQL server is installed here", True
        return kills(database(server, "killed"), count, seed)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=150, help="the size: all others follow it")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--only", default="", help="the beginning of one attack's name")
    given, held = options.parse_args(), True
    with tempfile.TemporaryDirectory(prefix="sv-attacks-") as name:
        folder = Path(name)
        os.environ["SHAREDVALUE_SEEN"] = str(folder / "seen.json")
        for attack, run in attacks(given, folder):
            if not attack.startswith(given.only):
                continue
            begun = time.monotonic()
            told, sound = run()
            held = held and sound
            seconds = time.monotonic() - begun
            print(f"{'held' if sound else 'BROKEN':6}  {attack}: {told} ({seconds:.0f} s)", flush=True)  # noqa: T201  # a tool
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
