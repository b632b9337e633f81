"""Score public peers on the bundled validation cases: python benchmarks/peers/run.py, after pip install -e ".[peers]".

Writes results.json and the tables of both READMEs. --table renews the tables alone; --ours renews our side of the
results, which needs no peer.
"""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # started as a file
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from benchmarks.peers import peer_accelerate, peer_deepspeed, peer_ftune
from benchmarks.peers.peer import Kind, MissingPeerError, Peer
from benchmarks.peers.rules import RULES
from benchmarks.peers.scoring import KINDS, Runs, all_runs, entry, ours, refreshed
from benchmarks.peers.table import HERE, pages

PEERS: tuple[Peer, ...] = (peer_accelerate.PEER, peer_deepspeed.PEER, peer_ftune.MEMORY, *RULES, peer_ftune.TIME)
NOT_RUN = (
    ("EleutherAI cookbook", "scripts of a repository, not a package"),
    ("unsloth Studio, gpu_poor, memory-gelato, Megatron-LM's memory script", "files of a repository, not packages"),
    ("training_hub, fm-training-estimator", "need the network or own measurements before they answer"),
    ("canifinetune", "a package for one GPU and no time; no adapter is written"),
    ("llm-analysis", "its package reads no feed-forward width, so that it gives current models another size"),
    ("calculon", "pre-training only, without grouped-query attention, gated MLPs and sharded weights"),
)
RESULTS = HERE / "results.json"


def scored(
    peers: tuple[Peer, ...], cases: Mapping[Kind, Mapping[str, Any]], runs: Mapping[Kind, Runs]
) -> dict[str, Any]:
    """Results of all peers that are installed; the others are named."""
    entries, missing = [], []
    for peer in peers:
        try:
            entries.append(entry(peer, cases[peer.kind], runs[peer.kind]))
        except MissingPeerError as error:
            print(error, file=sys.stderr)
            missing.append({"name": peer.name, "reason": f"{peer.package} was not installed"})
            continue
        print(f"{peer.name} {peer.version()}: {entries[-1]['n']} cases, {entries[-1]['peer']}")
    not_run = [{"name": name, "reason": reason} for name, reason in NOT_RUN]
    return {"read_on": f"{datetime.now(UTC):%Y-%m-%d}", "cases": cases, "peers": entries, "not_run": missing + not_run}


def written(results: Mapping[str, Any]) -> str:
    """The results as JSON with one case, and one peer's predictions, to a line."""
    lines = ["{", f'"read_on": {json.dumps(results["read_on"])},', '"cases": {']
    for kind, cases in results["cases"].items():
        rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items())
        lines.append(f'"{kind}": {{\n{rows}\n}}' + ("," if kind != list(results["cases"])[-1] else ""))
    lines += ["},", '"peers": [', ",\n".join(json.dumps(peer, ensure_ascii=False) for peer in results["peers"]), "],"]
    lines += [f'"not_run": {json.dumps(results["not_run"], ensure_ascii=False, indent=1)}', "}"]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    """Score, or renew what the option names."""
    if "--table" in arguments or "--ours" in arguments:
        results = json.loads(RESULTS.read_text(encoding="utf-8"))
        results = refreshed(results) if "--ours" in arguments else results
    else:
        results = scored(PEERS, {kind: ours(kind) for kind in KINDS}, all_runs())
    if "--table" not in arguments:
        RESULTS.write_text(written(results), encoding="utf-8")
    for path, text in pages(results).items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
