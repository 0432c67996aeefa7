"""How quick the page is: from the start to the first answer, and one slider move to the new decision with many people at it.

    python -m benchmarks.page [--people 50] [--seconds 20] [--think 1.0] [--mixed]

Every person moves a slider of a scenario to another value, waits for the new decision, thinks (--think seconds on average),
and moves on. All values differ, so that no answer is a kept one. What is measured is the time of the whole answer over HTTP.

With --mixed every other step is another page: the decision, its picture, what would change it, questions, a map, a rule,
the list of scenarios, an answer of the API. The times are then those of all steps together, and memory is looked at ten times.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CASES = ("neophytes-and-experts", "silent-drift", "the-sweet-spot", "water-utilities-the-roll-out-ends")
FACTS = (
    "member_value_now",
    "member_value_outlook",
    "sponsor_value_now",
    "contribution",
    "openness_to_realign",
)
OTHERS = (
    "/s/{case}/decision",
    "/s/{case}/decision/chain",
    "/s/{case}/decision/picture",
    "/s/{case}/decision/changes",
    "/s/{case}/decision/borders",
    "/s/{case}/questions",
    "/s/{case}/what-if?f.contribution={value}",
    "/s/{case}/what-if/map?x=contribution&y=overlap_short",
    "/api/scenarios/{case}/what-if?set.contribution={value}",
    "/rules/S08",
    "/",
)
REACH = {"p95_ms": 150.0, "start_s": 1.0}


def started(folder: Path, port: int) -> tuple[subprocess.Popen[bytes], float]:
    """The page as a process, and how long it took until it answered."""
    begun = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "sharedvalue",
        "serve",
        "--folder",
        str(folder),
        "--port",
        str(port),
        "--no-browser",
    ]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/sign-in")
            connection.getresponse().read()
            return process, time.perf_counter() - begun
        except OSError:
            time.sleep(0.01)


def person(
    port: int,
    seed: int,
    until: float,
    think: float,
    times: list[float],
    wrong: list[int],
    mixed: bool = False,
) -> None:
    chance = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    case = CASES[seed % len(CASES)]
    time.sleep(chance.uniform(0, think))
    while time.perf_counter() < until:
        moved = "&".join(f"f.{fact}={chance.randint(0, 1000) / 10:g}" for fact in chance.sample(FACTS, 2))
        path, headers = f"/s/{case}/what-if/live?{moved}", {"HX-Request": "true"}
        if mixed and chance.random() < 0.5:
            path = chance.choice(OTHERS).format(case=case, value=f"{chance.randint(0, 1000) / 10:g}")
            headers = {}
        begun = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - begun)
        if answer.status != 200:
            wrong.append(answer.status)
        time.sleep(chance.expovariate(1 / think) if think else 0)


def memory(process: int) -> float:
    """Megabytes of the page and its workers, as they are resident."""
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        fields = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
        if status.parent.name == str(process) or fields.get("PPid", "").strip() == str(process):
            total += int(fields.get("VmRSS", "0 kB").split()[0]) / 1024
    return total


def watched(process: int, until: float, seen: list[int]) -> None:
    """Looks at the memory ten times, evenly over the run."""
    apart = (until - time.perf_counter()) / 10
    while time.perf_counter() < until:
        time.sleep(apart)
        seen.append(round(memory(process)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--think", type=float, default=1.0)
    parser.add_argument("--mixed", action="store_true")
    parser.add_argument("--port", type=int, default=8799)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sharedvalue-bench-"))
    for case in CASES:
        shutil.copy(ROOT / "scenarios" / f"{case}.yaml", folder)
    process, start = started(folder, asked.port)
    times: list[float] = []
    wrong: list[int] = []
    try:
        warm: list[float] = []
        for seed in range(len(CASES)):
            person(asked.port, seed, time.perf_counter() + 0.5, 0.0, warm, wrong)
        before = memory(process.pid)
        until = time.perf_counter() + asked.seconds
        seen: list[int] = []
        people = [
            threading.Thread(
                target=person, args=(asked.port, seed, until, asked.think, times, wrong, asked.mixed)
            )
            for seed in range(asked.people)
        ]
        people.append(threading.Thread(target=watched, args=(process.pid, until, seen)))
        for one in people:
            one.start()
        for one in people:
            one.join()
        after = memory(process.pid)
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder)
    ordered = sorted(times)
    found = {
        "people": asked.people,
        "think_s": asked.think,
        "cores": os.cpu_count(),
        "moves": len(times),
        "wrong": len(wrong),
        "start_s": round(start, 2),
        "p50_ms": round(1000 * ordered[len(ordered) // 2], 1),
        "p95_ms": round(1000 * ordered[int(len(ordered) * 0.95)], 1),
        "max_ms": round(1000 * ordered[-1], 1),
        "memory_mb": [round(before), *seen, round(after)],
        "reach": REACH,
    }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
