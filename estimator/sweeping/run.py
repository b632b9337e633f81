"""Run a sweep: points in, Parquet parts out, on any executor."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

from estimator.catalog import Catalog, load_catalog
from estimator.errors import InputError, UsageError, WorkerError
from estimator.inputs import check_futures
from estimator.pipeline import DRAWS
from estimator.record import record
from estimator.scenario import Scenario
from estimator.sweeping.catalogs import place_of
from estimator.sweeping.parts import prepare, write_part, written
from estimator.sweeping.points import GRID, Grid, Point, grid_points, points_of, size_of
from estimator.sweeping.rows import Kind, Row, Task, columns_of, compute, kind_of

LARGEST_PART = 64
"""Points of a part where nobody says: what a kill loses per worker at most. [count]"""
PARTS_WANTED = 64
"""Parts that a small sweep is cut into, so that all workers have something to do. [count]"""
USUAL_PART = 8
"""Points of a part where nobody knows how many there will be. [count]"""
TASKS_PER_CORE = 4
Progress = Callable[[int, int | None], None]


@record(kw_only=True)
class SweepRun:
    """What one run of a sweep did."""

    folder: Path
    points: int
    computed: int
    """Points computed by this run."""
    reused: int
    """Points that the folder already held."""


def sweep(
    scenarios: Scenario | Iterable[Scenario],
    *,
    grid: Grid | None = None,
    out: str | Path,
    executor: Executor | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    catalog: Catalog | None = None,
    on: date | None = None,
    points_per_part: int | None = None,
    in_flight: int | None = None,
    progress: Progress | None = None,
    flag: str = GRID,
) -> SweepRun:
    """Estimate many scenarios and stream one row per scenario and option to a folder of Parquet parts.

    The same call on the same folder goes on where an earlier one was stopped, even by a kill.

    Args:
        scenarios: Scenarios, read one at a time; or the one that the grid varies.
        grid: Values by path of a key, such as `workload.requests_per_month`; every combination is one point.
        out: Folder of the parts; made where there is none. One sweep at a time may write to it.
        executor: Where the points are computed: a process pool, that of `dask.distributed`, any other; in this process
            where not given.
        draws: Futures. [count]
        seed: Seed of the futures.
        catalog: Prices and evidence, read again from its folder by every worker; the package's own where not given.
        on: Day of the prices.
        points_per_part: Points that are computed and written together. [count]
        in_flight: Tasks handed to the executor and not yet finished, at most. [count]
        progress: Called with the points that are done and their number, None where that is not known beforehand.
        flag: What brought the grid, for messages.

    Returns:
        What was done; `read_sweep` reads the rows. [count]

    Raises:
        InputError: a path has no values, or a count is out of range.
        ScenarioError: a path leads nowhere, or its field does not take a value.
        UsageError: the folder holds another sweep, or pyarrow is missing.
        WorkerError: a worker was lost.

    Source: definition.
    """
    check_futures(draws=draws, seed=seed)
    points, total = _points(scenarios, grid, flag)
    size = _part_size(total) if points_per_part is None else points_per_part
    most = TASKS_PER_CORE * (os.cpu_count() or 1) if in_flight is None else in_flight
    for name, value in (("points_per_part", size), ("in_flight", most)):
        if value < 1:
            raise InputError(f"{name}: {value} is below 1; give a whole number from 1")
    varied: dict[str, Kind] = {path: kind_of(values) for path, values in (grid or {}).items()}
    task = Task((), tuple(varied.items()), draws, seed, on, place_of(catalog or load_catalog()))
    folder = Path(out)
    prepare(folder, _settings(task, scenarios, grid))
    queue = _Queue(points, task, folder, written(folder), size)
    computed = 0
    for rows in _results(queue.tasks(), executor, most):
        write_part(folder, rows, columns_of(varied))
        computed += len({row["point"] for row in rows})
        if progress is not None:
            progress(queue.reused + computed, total)
    queue.check_end()
    return SweepRun(folder=folder, points=queue.seen, computed=computed, reused=queue.reused)


def _points(
    scenarios: Scenario | Iterable[Scenario], grid: Grid | None, flag: str
) -> tuple[Iterator[Point], int | None]:
    if grid is None:
        many = (scenarios,) if isinstance(scenarios, Scenario) else scenarios
        return points_of(many), len(many) if isinstance(many, Sized) else None
    if not isinstance(scenarios, Scenario):
        raise InputError(f"{flag}: varies one scenario, but several are given; give one, or leave out the grid")
    return grid_points(scenarios, grid, flag=flag), size_of(grid)


def _part_size(total: int | None) -> int:
    return USUAL_PART if total is None else min(max(total // PARTS_WANTED, 1), LARGEST_PART)


def _settings(task: Task, scenarios: Scenario | Iterable[Scenario], grid: Grid | None) -> dict[str, object]:
    """What has to be the same for a sweep to go on in a folder."""
    base = next(points_of([scenarios])).text if isinstance(scenarios, Scenario) else ""
    return {
        "base": hashlib.sha256(base.encode()).hexdigest() if base else None,
        "grid": None if grid is None else {path: [str(value) for value in values] for path, values in grid.items()},
        "varied": dict(task.varied),
        "draws": task.draws,
        "seed": task.seed,
        "day_of_prices": task.on.isoformat() if task.on else None,
        "catalog": task.place.digest,
    }


class _Queue:
    """The points that are left to compute, in order and in bundles."""

    def __init__(self, points: Iterator[Point], task: Task, folder: Path, done: dict[int, str], size: int) -> None:
        self.points, self.task, self.folder, self.done, self.size = points, task, folder, done, size
        self.seen = self.reused = 0

    def tasks(self) -> Iterator[Task]:
        left = (point for point in self.points if self._is_left(point))
        while bundle := tuple(islice(left, self.size)):
            yield replace(self.task, points=bundle)

    def _is_left(self, point: Point) -> bool:
        self.seen += 1
        before = self.done.get(point.place)
        if before is None:
            return True
        if before != self.task.hash(point):
            raise UsageError(f"{self.folder}: point {point.place} is another scenario there; name another folder")
        self.reused += 1
        return False

    def check_end(self) -> None:
        """Refuse a folder with points that were not asked for."""
        if any(place >= self.seen for place in self.done):
            raise UsageError(f"{self.folder}: holds more than these {self.seen} points; name another folder")


def _results(tasks: Iterator[Task], executor: Executor | None, most: int) -> Iterator[list[Row]]:
    """Rows of the tasks as they are finished, never more than `most` of them under way."""
    if executor is None:
        yield from map(compute, tasks)
        return
    waiting: set[Future[list[Row]]] = set()
    try:
        for task in tasks:
            waiting.add(executor.submit(compute, task))
            while len(waiting) >= most:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from _rows_of(finished)
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from _rows_of(finished)
    except BrokenExecutor as error:
        raise WorkerError(f"sweep: a worker was lost ({error!s:.80}); run the same sweep again to go on") from None
    finally:
        for future in waiting:
            future.cancel()


def _rows_of(finished: set[Future[list[Row]]]) -> Iterator[list[Row]]:
    """Results first, so that a failure loses nothing that was finished."""
    for future in sorted(finished, key=lambda item: item.exception() is not None):
        yield future.result()
