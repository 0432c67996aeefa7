"""The attacks behind the figures of docs/explanation/what-is-promised.md, with the real thing: processes that are killed, a
PostgreSQL server, sockets on this machine.

    python -m tools.attacks --kills 150                  (or: nox -s attacks)

Prints a line for each; ends with 1 where something was lost, half written, or failed otherwise than with a message of ours.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.governance.ledger import open_ledger
from sharedvalue.engine.governance.verify import verify
from sharedvalue.engine.language.loading import load
from sharedvalue.engine.language.whole_file import rewrite
from tests.broken.test_mutations import HOUSE, answered, book, damaged
from tests.cli.calling import SCENARIOS
from tests.governance.common import filled, never_seen, small, texts
from tests.governance.test_hostile_records import HOSTILE, changed, hostile, places, read, rich
from tests.governance.test_postgres import database, running_server
from tests.language.test_whole_file import SAVES, python
from tools.attacks_on_page import Found, half_sent, hosts_and_origins, other_roles, scripts, sign_ins


def killed(write: Callable[[Callable[[object], object]], object], chance: random.Random) -> list[str]:
    """What a process said that it had done until it was killed, at a moment of its own. It begins with all code loaded, so that it writes at once."""
    reads, writes = os.pipe()
    process = os.fork()
    if not process:
        try:
            write(lambda done: os.write(writes, f"{done}\n".encode()))
        finally:
            os._exit(1)
    os.close(writes)
    with os.fdopen(reads) as said:
        done = [said.readline() for _ in range(chance.randrange(3))]
        time.sleep(chance.random() / 50)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        return [line.strip() for line in (*done, *said)]


def kills(path: str, count: int, seed: int) -> Found:
    """Programs that record are killed; each record that one of them was told of is there, with what it said."""
    chance, told = random.Random(seed), dict[int, str]()
    for number in range(count):

        def write(tell: Callable[[object], object], own: int = number) -> None:
            for n in range(500):
                with open_ledger(path, writing=True) as ledger:
                    text = f"{own}-{n}"
                    tell(f"{ledger.append(small(text), {}).number} {text}")

        for line in killed(write, chance):
            at, _, text = line.partition(" ")
            if int(at) in told:
                return f"record {at} was told twice, after {number} kills", False
            told[int(at)] = text
    with open_ledger(path) as ledger:
        found, there = verify(ledger), dict(enumerate(texts(ledger), 1))
    lost = [at for at, text in told.items() if there.get(at) != text]
    said = f"{count} kills, {len(told)} records acknowledged, {len(lost) or 'none'} lost, {found.count} there"
    return f"{said} {found.broken or ''}".strip(), found.sound and not lost


def kills_while_saving(folder: Path, count: int, seed: int) -> Found:
    chance, path, told = random.Random(seed), folder / "count", 0
    path.write_text("0")

    def write(tell: Callable[[object], object]) -> None:
        while True:
            rewrite(path, lambda now: str(int(now) + 1).encode())
            tell(".")

    for number in range(1, count + 1):
        told += len(killed(write, chance))
        there = int(path.read_bytes())
        if not told <= there <= told + number:
            return f"{told} saves acknowledged, {there} in the file", False
    left = sum(entry.suffix == ".part" for entry in folder.iterdir())
    return f"{count} kills, {told} saves acknowledged, {there} in the file, {left} draft left", left < 2


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
    """Scenarios, and one house rule to nine of them, with pieces cut, doubled, moved or replaced."""
    accepted = 0
    for number in range(count):
        at = seed * 1_000_000 + number
        if number % 10:
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
    yield "scripts in every text", lambda: scripts(fresh("scripts"))
    yield "other roles", lambda: other_roles(fresh("roles"))
    yield "other hosts and origins", lambda: hosts_and_origins(fresh("hosts"))
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
