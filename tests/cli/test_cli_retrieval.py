"""`estimator retrieval` and `estimator validate index` as a user runs them."""

import json
from pathlib import Path

import pytest
from command import command

from estimator.cli.main import run
from estimator.pipeline import estimate
from estimator.scenario import loads

WORKED = ("retrieval", "--documents", "100k", "--tokens-per-document", "1500")
SECTION = "{documents: 100k, tokens_per_document: 1500, churn: 4%, store: STORE, rewrite_calls: 1}"
SCENARIO = """
name: agrees
start: 2026-11
prices_on: 2026-11-22
horizon: 1 months
workload: {requests_per_month: 100k, growth: 0, tokens: {prompt: 50, output: 300}}
task: {kind: question_answering, value_per_success: 1, cost_per_error: 0}
options: {rag: {model: openai/gpt-6-luna, retrieval: SECTION}}
"""


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert run([*arguments, "-f", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_worked_example() -> None:
    done = command(*WORKED, "-f", "json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    sizes = data["sizes"]
    assert (sizes["vectors"], sizes["embedded_tokens"], sizes["context_tokens"]) == (300_000, 230e6, 4000)
    assert sizes["index_bytes_per_vector"] == pytest.approx(6292.53, abs=0.01)
    assert sizes["memory_bytes"] == pytest.approx(1.92e9, rel=1e-3)
    money = {item["name"]: item["usd"] for item in data["items"]}
    assert money["corpus"] == pytest.approx(4.6)
    assert data["nodes"]["shards"] == 1
    once = sum(item["usd"] for item in data["items"] if item["when"] == "once")
    assert data["once_usd"] == pytest.approx(once)
    with_queries = data["usd_per_month"] + data["queries_per_month"] * data["usd_per_query"]
    assert data["usd_per_month_with_queries"] == pytest.approx(with_queries)


@pytest.mark.parametrize("form", ["table", "csv", "markdown"])
def test_every_format(capsys: pytest.CaptureFixture[str], form: str) -> None:
    assert run([*WORKED, "--index", "faiss-ivfpq", "-f", form]) == 0
    assert "embedding the corpus" in capsys.readouterr().out


@pytest.mark.parametrize("store", ["null", "pinecone", "s3_vectors"])
def test_the_ledger_and_the_verb_agree(capsys: pytest.CaptureFixture[str], store: str) -> None:
    section = SECTION.replace("STORE", store)
    found = estimate(loads(SCENARIO.replace("SECTION", section)), draws=2)
    parts = found.options["rag"].parts
    assert parts is not None
    lines = {
        line.key: float(line.unit_usd if not hasattr(line.unit_usd, "flat") else line.unit_usd.flat[0])
        for line in found.options["rag"].outcome.costs.lines
    }
    extra = () if store == "null" else ("--store", store)
    data = answer(
        capsys,
        *WORKED,
        "--churn",
        "4%",
        "--rewrite-calls",
        "1",
        "--on",
        "2026-11-22",
        *extra,
    )
    checked = 0
    for item in data["items"]:
        key = f"retrieval.{item['name']}"
        if key in lines:
            assert lines[key] == pytest.approx(item["usd"]), key
            checked += 1
    assert checked == sum(key.startswith("retrieval.") for key in lines) >= 6
    assert lines["build.retrieval"] > 0
    assert {"build", "evaluation", "operations", "context"} <= {item["name"] for item in data["items"]}


def test_an_index_larger_than_every_node_is_sharded(capsys: pytest.CaptureFixture[str]) -> None:
    data = answer(capsys, "retrieval", "--documents", "100M", "--tokens-per-document", "1500", "--node-gb", "64")
    assert data["nodes"]["shards"] == 36  # 300 M · 6,391.7 · 1.2 / 64 GB
    assert "larger than a node" in data["nodes"]["plan"]


def test_own_models_pay_for_a_device_that_stands_by(capsys: pytest.CaptureFixture[str]) -> None:
    data = answer(capsys, *WORKED, "--embedding", "own", "--embedding-parameters", "335M", "--gpu", "L4")
    money = {item["name"]: item["usd"] for item in data["items"]}
    assert money["own_models"] > 100
    assert money["corpus"] < 4.6
    assert "question" not in money


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--index", "pgvector", "--dimensions", "4096"], "dimensions: 4096 is above 2000"),
        (["--documents", "0"], "documents: 0 is outside"),
        (["--documents=-5"], "documents: -5 is outside"),
        (["--chunk", "400", "--overlap", "400"], "--overlap: 400 is not below"),
        (["--dimensions", "0"], "dimensions: 0 is outside"),
        (["--chunks-in-prompt", "0"], "--chunks-in-prompt: 0 is outside"),
        (["--tokens-per-document", "0"], "--tokens-per-document: 0 is outside"),
        (["--chunks-in-prompt", "200", "--model", "Qwen/Qwen3-8B"], "exceed the 40,960 of Qwen/Qwen3-8B"),
        (["--chunks-in-prompt", "2k"], "of openai/gpt-6-luna"),
        (["--index", "hnswlb"], "did you mean 'hnswlib'"),
        (["--store", "pinecon"], "did you mean 'pinecone'"),
        (["--embedding", "nobody/none"], "no price row 'embedding/nobody/none'"),
        (["--rerank", "nobody/none"], "no price row 'rerank/nobody/none'"),
        (["--embedding", "own"], "embedding_parameters is missing"),
        (["--embedding", "own", "--embedding-parameters", "70B"], "choose a smaller model"),
        (["--rewrite-calls", "1", "--model", "Qwen/Qwen3-8B"], "--rewrite-calls"),
        (["--links", "1"], "links: 1 is below 2"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_3(
    capsys: pytest.CaptureFixture[str], more: list[str], message: str
) -> None:
    assert run([*WORKED, *more]) == 3
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_validate_index_on_a_file_of_ones_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(
        "lib,kind,n,d,M,m,nlist,serialized_bytes,ser_per_vec\n"
        "hnswlib,f32,20000,128,16,,,13211896,660.5948\n"
        "faiss-reload,IVF_pq96,100000,768,,,512,,127.6\n"
        "pgvector 0.8,hnsw_halfvec,2000,1536,16,,,8200192,\n"
        "annoy,f32,100,8,,,,1,\n"
        "faiss,IVF_pq,100,8,,,4,1,\n"
        "hnswlib,f32,100,8,16,,,,\n"
        "hnswlib,f32,,8,16,,,9,\n"
        "hnswlib,f32,many,8,16,,,9,\n",
        encoding="utf-8",
    )
    data = answer(capsys, "validate", "index", "--cases", str(file))
    assert [case["id"] for case in data["cases"]] == ["case-2", "case-3", "case-4"]
    for case in data["cases"]:
        assert case["predicted_bytes_per_vector"] == pytest.approx(case["measured_bytes_per_vector"], rel=0.001)
    reasons = [item["reason"] for item in data["skipped"]]
    expected = ("'annoy'", "needs m", "nothing was measured", "n: missing", "not a number")
    assert [part in reason for part, reason in zip(expected, reasons, strict=True)] == [True] * 5


def test_validate_index_reads_json_with_setup_and_measured(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    case = {
        "id": "one",
        "setup": {"lib": "usearch", "kind": "f32", "n": 50000, "d": 768, "M": 16},
        "measured": {"serialized_bytes": 161028456, "rss_per_vec": 3339.06},
    }
    file.write_text(json.dumps([case]), encoding="utf-8")
    data = answer(capsys, "validate", "index", "--cases", str(file))
    assert data["cases"][0]["id"] == "one"
    assert data["memory"]["cases"][0]["predicted_bytes_per_vector"] == pytest.approx(3339, rel=0.01)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["validate", "memory", "--live", "hnswlib"], "only index can"),
        (["validate", "index", "--live", "annoy"], "'annoy' is not one of"),
    ],
)
def test_live_needs_an_index_and_a_known_library(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert run(arguments) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--embedding-parameters", "335M"], "--embedding-parameters: goes with --embedding own"),
        (["--rerank", "own", "--embedding-parameters", "335M"], "--embedding-parameters: goes with --embedding own"),
        (["--lists", "5"], "--lists: the index hnswlib has no such part; drop it, or choose an --index that has"),
        (["--code-bytes", "4", "--links", "8", "--index", "faiss-ivf"], "--links, --code-bytes: the index faiss-ivf"),
        (["--gpu", "L4"], "--gpu: goes with --embedding own or --rerank own"),
        (["--store", "pinecone", "--node-gb", "64"], "--node-gb: goes with an index of your own"),
    ],
)
def test_a_flag_that_would_do_nothing_is_refused(
    capsys: pytest.CaptureFixture[str], more: list[str], message: str
) -> None:
    assert run([*WORKED, *more]) == 2
    assert message in capsys.readouterr().err
