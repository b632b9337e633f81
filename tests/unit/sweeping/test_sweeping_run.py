"""Sweeps: the same rows on every executor, once each, whatever happens in between."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.dataset
import pyarrow.parquet
import pytest

from estimator import Scenario, estimate, load, load_catalog, read_sweep, sweep
from estimator.catalog import default_directory
from estimator.errors import CatalogError, InputError, ScenarioError, UsageError, WorkerError
from estimator.scenario import from_data, to_data
from estimator.sweeping import parse_grid, summary_of, worker_pool
from estimator.sweeping.catalogs import catalog_at, place_of
from estimator.sweeping.points import grid_points, points_of

TRIAGE = Path(__file__).parents[3] / "examples" / "triage.yaml"
VOLUME, DOCUMENTS = "workload.requests_per_month", "options.rag.retrieval.documents"
GRID: dict[str, list[Any]] = {VOLUME: ["10k", 50_000, "20k to 300k"], DOCUMENTS: [100, "40k"]}
DRAWS = 20


@pytest.fixture(scope="module")
def base() -> Scenario:
    """Two options that train nothing, so that a point takes milliseconds."""
    data = to_data(load(TRIAGE))
    data["options"] = {name: data["options"][name] for name in ("prompt", "rag")}
    return from_data(data)


@pytest.fixture(scope="module")
def plain(base: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("plain") / "sweep"
    sweep(base, grid=GRID, out=folder, draws=DRAWS)
    return read_sweep(folder)


def test_every_row_is_what_the_estimate_says(base: Scenario, plain: Any) -> None:
    rows = plain.to_pylist()
    assert [(row["point"], row["option"]) for row in rows] == [
        (point, option) for point in range(6) for option in ("prompt", "rag")
    ]
    assert [row[DOCUMENTS] for row in rows[::2]] == [100, 40_000] * 3
    assert [row[VOLUME] for row in rows[::4]] == ["10k", "50000", "20k to 300k"]
    data = to_data(base)
    data["workload"]["requests_per_month"] = "20k to 300k"
    result = estimate(from_data(data), draws=DRAWS)
    standing, row = result.options["rag"].standing, rows[11]
    assert row["cost_usd_p50"] == standing.cost.p50
    assert row["net_benefit_usd_se"] == standing.net_benefit.se
    assert row["quality_p95"] == standing.quality.p95
    assert row["break_even_month_p90"] == getattr(standing.break_even_month, "p90", None)
    assert row["probability_best"] == standing.probability_best
    assert row["verdict"] == result.decision.verdict.sentence
    assert row["error"] is None
    assert rows[10]["break_even_month_p50"] is None


def test_varied_values_are_numbers_where_all_of_them_are(plain: Any) -> None:
    assert plain.schema.field(DOCUMENTS).type == pyarrow.float64()
    assert plain.schema.field(VOLUME).type == pyarrow.string()


@contextmanager
def _dask() -> Iterator[Executor]:
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster,
        Client(cluster) as client,
        client.get_executor() as executor,
    ):
        yield executor


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["threads", "processes", "dask"])
def test_the_same_rows_bit_for_bit_on_every_executor(base: Scenario, plain: Any, tmp_path: Path, kind: str) -> None:
    pools: dict[str, Any] = {
        "threads": lambda: ThreadPoolExecutor(3),
        "processes": lambda: worker_pool(2),
        "dask": _dask,
    }
    with pools[kind]() as executor:
        run = sweep(base, grid=GRID, out=tmp_path / "s", draws=DRAWS, executor=executor, points_per_part=2, in_flight=2)
    assert (run.points, run.computed, run.reused) == (6, 6, 0)
    assert read_sweep(tmp_path / "s").equals(plain)


def test_any_reader_of_parquet_folders_reads_it(base: Scenario, plain: Any, tmp_path: Path) -> None:
    sweep(base, grid=GRID, out=tmp_path / "s", draws=DRAWS)
    assert pyarrow.dataset.dataset(tmp_path / "s", format="parquet").count_rows() == plain.num_rows


def test_a_stopped_sweep_goes_on_without_losing_or_doubling_rows(base: Scenario, plain: Any, tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(done: int, total: int | None) -> None:
        assert total == 6
        if done >= 3:
            raise StopError

    with pytest.raises(StopError):
        sweep(base, grid=GRID, out=tmp_path / "s", draws=DRAWS, progress=stop)
    (tmp_path / "s" / ".part-000000003.parquet.1.tmp").write_bytes(b"half a part")
    assert read_sweep(tmp_path / "s").num_rows == 6
    run = sweep(base, grid=GRID, out=tmp_path / "s", draws=DRAWS, points_per_part=2)
    assert (run.points, run.computed, run.reused) == (6, 3, 3)
    assert read_sweep(tmp_path / "s").equals(plain)
    assert not list((tmp_path / "s").glob(".*"))
    assert sweep(base, grid=GRID, out=tmp_path / "s", draws=DRAWS).computed == 0


KILLED = """
import sys, time
from estimator import load, sweep
from estimator.sweeping import worker_pool
from estimator.scenario import from_data, to_data

def main():
    data = to_data(load(sys.argv[1]))
    data["options"] = {name: data["options"][name] for name in ("prompt", "rag")}
    grid = {"workload.requests_per_month": list(range(1000, 41000, 1000))}
    slow = lambda done, total: time.sleep(0.05)
    with worker_pool(2) as executor:
        sweep(from_data(data), grid=grid, out=sys.argv[2], draws=20, executor=executor, progress=slow)

if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_killed_sweep_goes_on(base: Scenario, tmp_path: Path) -> None:
    script, folder = tmp_path / "killed.py", tmp_path / "s"
    script.write_text(KILLED, encoding="utf-8")
    grid = {VOLUME: list(range(1000, 41_000, 1000))}
    command = [sys.executable, str(script), str(TRIAGE), str(folder)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}) as process:
        deadline = time.monotonic() + 120
        while len(list(folder.glob("part-*"))) < 5 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    before = read_sweep(folder).num_rows
    assert 10 <= before < 80
    run = sweep(base, grid=grid, out=folder, draws=DRAWS)
    assert run.reused == before / 2
    assert run.computed + run.reused == 40
    sweep(base, grid=grid, out=tmp_path / "whole", draws=DRAWS)
    assert read_sweep(folder).equals(read_sweep(tmp_path / "whole"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_within_a_finalizer_stops_the_sweep(
    base: Scenario, plain: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = pyarrow.parquet.write_table

    class Writer:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    def interrupted(*arguments: Any) -> None:
        write(*arguments)
        Writer()

    monkeypatch.setattr(pyarrow.parquet, "write_table", interrupted)
    folder, handler = tmp_path / "s", signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        sweep(base, grid=GRID, out=folder, draws=DRAWS)
    assert signal.getsignal(signal.SIGINT) is handler
    assert set(read_sweep(folder)["point"].to_pylist()) == {0}
    monkeypatch.undo()
    sweep(base, grid=GRID, out=folder, draws=DRAWS)
    assert read_sweep(folder).equals(plain)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_within_a_part_ends_a_process_that_handles_none(tmp_path: Path) -> None:
    code = f"""
import os, signal
from pathlib import Path
from pyarrow import parquet
from estimator.sweeping.parts import write_part
parquet.write_table = lambda table, file: (Path(file).touch(), os.kill(os.getpid(), signal.SIGINT))
signal.signal(signal.SIGINT, signal.SIG_DFL)
write_part(Path({str(tmp_path)!r}), [{{"point": 0}}], {{"point": "count"}})
print("went on")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
    assert [file.name for file in tmp_path.iterdir()] == ["part-000000000.parquet"]


def test_points_that_cannot_be_computed_are_rows(base: Scenario, tmp_path: Path) -> None:
    grid = {"options.rag.model": ["openai/gpt-6-luna", "openai/no-such-model"], "horizon": [12, 6]}
    late = from_data(to_data(base), overrides={"options.rag.launch_month": 7})
    run = sweep(late, grid=grid, out=tmp_path / "s", draws=DRAWS)
    rows = read_sweep(tmp_path / "s").to_pylist()
    errors = {row["point"]: row["error"] for row in rows if row["error"]}
    assert run.computed == 4
    assert sorted(errors) == [1, 2, 3]
    assert errors[1].startswith("options.rag.launch_month: 7 is not before the end of the horizon of 6")
    assert errors[2].startswith("options.rag.model: unknown model")
    assert [row["option"] for row in rows] == ["prompt", "rag", None, None, None]
    assert [choice.point for choice in summary_of(tmp_path / "s").failed] == [1, 2, 3]


def test_an_option_that_cannot_be_carried_out_has_no_figures(tmp_path: Path) -> None:
    data = to_data(load(TRIAGE))
    data["options"] = {
        "prompt": data["options"]["prompt"],
        "huge": {"model": "deepseek-ai/DeepSeek-V3", "serving": {"mode": "self_hosted", "gpu": "L4", "gpus": 1}},
    }
    sweep([from_data(data)], out=tmp_path / "s", draws=DRAWS)
    row = read_sweep(tmp_path / "s").to_pylist()[1]
    assert row["option"] == "huge"
    assert row["error"]
    assert row["cost_usd_p50"] is None
    assert row["eligible"] is False


class Counting(Executor):
    """Runs a task when the next is handed in, and counts those under way."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Any, Any]] = []
        self.most = 0

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:
        """Take a task."""
        future: Future[Any] = Future()
        self.waiting.append((future, fn, args))
        self.most = max(self.most, len(self.waiting))
        if len(self.waiting) == 3:
            for waited, function, given in self.waiting:
                waited.set_result(function(*given))
            self.waiting.clear()
        return future


def test_tasks_under_way_are_bounded_and_scenarios_are_read_one_at_a_time(base: Scenario, tmp_path: Path) -> None:
    executor, taken = Counting(), [0]

    def endless() -> Iterator[Scenario]:
        for _ in range(9):
            taken[0] += 1
            yield base

    seen = []
    run = sweep(
        endless(),
        out=tmp_path / "s",
        draws=1,
        executor=executor,
        points_per_part=1,
        in_flight=3,
        progress=lambda done, total: seen.append((done, total, taken[0])),
    )
    assert run.points == 9
    assert executor.most == 3
    assert seen[0] == (1, None, 3)
    assert read_sweep(tmp_path / "s", columns=["option"]).num_rows == 18


class Broken(Executor):
    """Loses its worker at once."""

    def submit(self, _fn: Any, /, *_args: Any, **_: Any) -> Future[Any]:
        """Fail a task."""
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("gone"))
        return future


def test_a_lost_worker_is_one_line(base: Scenario, tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match="run the same sweep again to go on"):
        sweep(base, grid=GRID, out=tmp_path / "s", draws=DRAWS, executor=Broken())


def test_a_folder_belongs_to_one_sweep(base: Scenario, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    sweep(base, grid={VOLUME: [1000]}, out=folder, draws=DRAWS)
    for change in ({"draws": 21}, {"seed": 1}, {"grid": {VOLUME: [1000, 2000]}}):
        with pytest.raises(UsageError, match="holds a sweep with other"):
            sweep(base, **{"grid": {VOLUME: [1000]}, "out": folder, "draws": DRAWS, **change})  # type: ignore[arg-type]
    many = tmp_path / "many"
    others = [from_data({**to_data(base), "horizon": months}) for months in (3, 4)]
    sweep(others, out=many, draws=DRAWS)
    with pytest.raises(UsageError, match="point 0 is another scenario"):
        sweep(others[::-1], out=many, draws=DRAWS)
    with pytest.raises(UsageError, match="holds more than these 1 points"):
        sweep(others[:1], out=many, draws=DRAWS)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="holds files that are no sweep"):
        sweep(others, out=tmp_path / "full", draws=DRAWS)
    with pytest.raises(UsageError, match="no folder for a sweep"):
        sweep(others, out=tmp_path / "full" / "mine.txt", draws=DRAWS)


def test_reading_what_is_not_there(base: Scenario, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no sweep"):
        read_sweep(tmp_path)
    sweep([], out=tmp_path / "none")
    assert read_sweep(tmp_path / "none").num_rows == 0
    sweep(base, grid={VOLUME: [1000]}, out=tmp_path / "s", draws=1)
    with pytest.raises(UsageError, match="no column 'cost_usd_p51'; did you mean 'cost_usd_p5"):
        read_sweep(tmp_path / "s", columns=["cost_usd_p51"])
    (tmp_path / "s" / "part-000000007.parquet").write_bytes(b"half a part")
    with pytest.raises(UsageError, match="a part cannot be read"):
        read_sweep(tmp_path / "s")


def test_without_pyarrow_it_says_what_to_install(
    base: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match="pip install 'estimator\\[sweep\\]'"):
        sweep(base, grid=GRID, out=tmp_path / "s")
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"grid": {"workload.request_per_month": [1]}}, ScenarioError, "did you mean"),
        ({"grid": {VOLUME: [1e3, -2]}}, ScenarioError, "^grid workload.requests_per_month: -2 is outside"),
        ({"grid": {VOLUME: []}}, InputError, "has no values"),
        ({"grid": {VOLUME: "10k"}}, InputError, "has no values"),
        ({"draws": 0}, InputError, "draws: 0 is outside"),
        ({"seed": -1}, InputError, "seed: -1 is outside"),
        ({"points_per_part": 0}, InputError, "points_per_part: 0 is below 1"),
        ({"in_flight": 0}, InputError, "in_flight: 0 is below 1"),
    ],
)
def test_what_cannot_be_swept(
    base: Scenario, tmp_path: Path, change: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        sweep(base, **{"grid": GRID, "out": tmp_path / "s", **change})
    assert not (tmp_path / "s").exists()
    with pytest.raises(InputError, match="varies one scenario"):
        sweep([base], grid=GRID, out=tmp_path / "s")
    with pytest.raises(InputError, match="workers: 0"):
        worker_pool(0)


def test_a_worker_with_other_rows_refuses() -> None:
    place = place_of(load_catalog())
    assert catalog_at(place).directory == default_directory()
    with pytest.raises(CatalogError, match="other rows than those of the sweep"):
        catalog_at(replace(place, digest="0"))


def test_workers_take_pinned_prices(base: Scenario, plain: Any, tmp_path: Path) -> None:
    free = load_catalog().pinned({f"token/openai/gpt-6-luna/{kind}": 1e-9 for kind in ("input", "output")})
    sweep(base, grid={VOLUME: ["10k"]}, out=tmp_path / "free", draws=DRAWS, catalog=free)
    cost, before = (table.to_pylist()[0]["cost_usd_p50"] for table in (read_sweep(tmp_path / "free"), plain))
    assert cost < before
    with pytest.raises(UsageError, match="holds a sweep with other catalog"):
        sweep(base, grid={VOLUME: ["10k"]}, out=tmp_path / "free", draws=DRAWS)
    with pytest.raises(InputError, match="pinned to 3 prices"):
        place_of(load_catalog().pinned({"token/openai/gpt-6-luna/input": np.ones(3)}))


def test_what_identifies_a_point(base: Scenario, tmp_path: Path) -> None:
    (first,) = points_of([base])
    assert first.hash("1") == first.hash("1") != first.hash("2")
    same = next(grid_points(base, {"horizon": [base.horizon]}))
    assert same.text == first.text
    shape = tmp_path / "config.json"
    data = to_data(base)
    data["options"]["prompt"]["model"] = str(shape)
    texts = set()
    for layers in (2, 3):
        shape.write_text(f'{{"num_hidden_layers": {layers}}}', encoding="utf-8")
        (point,) = points_of([from_data(data)])
        texts.add(point.text)
    assert len(texts) == 2


def test_grids_as_text() -> None:
    texts = ["a=10k,50k", "b=500..5000/4", "c={low: 1, high: 2},3", "d=20k to 30k,5%", "e=1..2/3"]
    assert parse_grid(texts) == {
        "a": ["10k", "50k"],
        "b": [500, 2000, 3500, 5000],
        "c": [{"low": 1, "high": 2}, 3],
        "d": ["20k to 30k", "5%"],
        "e": [1, 1.5, 2],
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a", "not PATH=VALUES"),
        ("a=", "not PATH=VALUES"),
        ("=1,2", "not PATH=VALUES"),
        ("a=1..x/3", "are no numbers"),
        ("a=1..5", "does not say in how many steps"),
        ("a=-1e308..1e308/3", "too wide for a number"),
        ("a=1..2/1", "steps are outside 2"),
        ("a=[1", "no list of values"),
        ("a=1], [2", "no list of values"),
        ("a=&b [*b]", "no list of values"),
    ],
)
def test_bad_grids(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        parse_grid([text], flag="--vary")
    assert str(caught.value).startswith("--vary: ")
    with pytest.raises(UsageError, match="given twice"):
        parse_grid(["a=1", "a=2"])


@pytest.mark.parametrize("settings", ["[]", "{}", "null", "no JSON"])
def test_a_folder_with_broken_settings_is_no_sweep(tmp_path: Path, settings: str) -> None:
    (tmp_path / "_sweep.json").write_text(settings, encoding="utf-8")
    with pytest.raises(UsageError, match="no sweep; name the folder that a sweep wrote"):
        summary_of(tmp_path)
