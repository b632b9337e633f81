"""Print how the dashboard bears many people: python benchmarks/dashboard_load.py [SECONDS].

Twenty sessions without a browser talk to a real server on this machine for a minute: each changes the volume, waits
for the whole page, thinks for a moment and changes it again, so that every answer is computed anew. Prints errors,
times of a rerun, and the memory of the server at the start, at its peak and at the end. Nothing here is a test.
"""

import random
import statistics
import sys
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs"))

from dashboard_client import Answer, Session, server_of  # noqa: E402
from screenshots import served  # noqa: E402

SESSIONS = 20
SECONDS = 60.0
THINKING_SECONDS = 2.0
LOWEST, HIGHEST = 10_000, 900_000
"""Volumes that are asked about. [requests/month]"""
MOST_MB = 2500.0
"""Bound on the memory of the server: modules 200, two estimates under way of 250 each, 32 results of 55: twelve kept,
one in the hands of each session. [MB]"""


class Crowd:
    """Sessions at work, and what came of them."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: list[Answer] = []
        self.problems: list[str] = []
        self.over = threading.Event()

    def visit(self, number: int) -> None:
        """One session, until time is over."""
        chance = random.Random(number)  # noqa: S311  # no secret
        try:
            session = Session(self.address)
            while not self.over.wait(chance.uniform(0.0, 2 * THINKING_SECONDS)):
                self.answers.append(session.change(chance.randint(LOWEST, HIGHEST)))
            session.close()
        except Exception as error:  # noqa: BLE001  # counted and printed
            self.problems.append(f"session {number}: {type(error).__name__}: {error}")


def memory_mb(server: psutil.Process) -> float:
    """Resident memory of the server."""
    return float(server.memory_info().rss) / 1e6


def main() -> None:
    """Print the figures."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with served() as address:
        server = server_of(address)
        crowd = Crowd(address)
        people = [threading.Thread(target=crowd.visit, args=(number,)) for number in range(SESSIONS)]
        for person in people:
            person.start()
        end = time.monotonic() + seconds
        seen = []
        while time.monotonic() < end:
            time.sleep(1.0)
            seen.append(memory_mb(server))
        crowd.over.set()
        for person in people:
            person.join()
        seen.append(memory_mb(server))
        alive = server.is_running() and server.status() != psutil.STATUS_ZOMBIE
    drawn = sorted(item.drawn_seconds for item in crowd.answers)
    first = sorted(item.answered_seconds for item in crowd.answers)
    print(f"{SESSIONS} sessions for {seconds:.0f} s, {THINKING_SECONDS:.0f} s of thought between changes")
    print(f"changes answered         {len(drawn)}")
    print(f"errors                   {len(crowd.problems)}")
    print(f"server alive             {'yes' if alive else 'no'}")
    print(f"figures, median and p95  {statistics.median(first):.2f} s, {first[int(0.95 * len(first))]:.2f} s")
    print(f"rerun, median and p95    {statistics.median(drawn):.2f} s, {drawn[int(0.95 * len(drawn))]:.2f} s")
    print(f"memory, start            {seen[0]:.0f} MB")
    print(f"memory by sixths         {', '.join(f'{memory:.0f}' for memory in seen[:: max(len(seen) // 6, 1)])} MB")
    print(
        f"memory, most             {max(seen):.0f} MB, {'within' if max(seen) <= MOST_MB else 'ABOVE'} {MOST_MB:.0f} MB"
    )
    for problem in crowd.problems[:5]:
        print(problem)


if __name__ == "__main__":
    main()
