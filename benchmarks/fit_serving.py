"""Fit the serving constants to the published cases, weakly held by priors, and judge them by leaving sources out.

Run: python benchmarks/fit_serving.py [--write]. With --write it rewrites estimator/serving/fitted.py, the rows
`serving.*` of pricing/constants/serving.csv and estimator/validation/data/serving_left_out.json.
"""

import csv
import io
import json
import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from estimator.serving import Deployment, Engine, Work, closed_loop, engines
from estimator.serving.constants import Physics
from estimator.validation import bundled, weighted_quantile
from estimator.validation.serving_setup import ServingCase, serving_case

ROOT = Path(__file__).resolve().parents[1]
FITTED = ("speed", "layer_seconds", "step_seconds", "sequence_seconds")
PHYSICS_PRIORS = {
    "memory_efficiency": (0.85, 0.03),
    "cache_efficiency": (0.88, 0.08),
    "matmul_efficiency": (0.7, 0.3),
    "matmul_efficiency_fp4": (0.45, 0.6),
    "prefill_efficiency": (0.7, 0.3),
    "attention_efficiency": (0.6, 0.45),
    "weight_only_efficiency": (0.75, 0.3),
    "weight_only_reading": (0.9, 0.1),
    "expert_efficiency": (0.8, 0.3),
    "expert_tokens": (64.0, 0.9),
    "routing_passes": (6.0, 0.7),
    "overlap": (1.3, 0.3),
    "collective_seconds": (1.5e-5, 1.0),
    "link_efficiency": (0.7, 0.5),
    "reserved_output": (0.85, 0.2),
    "activation_bytes": (2e9, 0.6),
    "activation_copies": (30.0, 0.7),
    "step_tokens": (8192.0, 0.01),
    "sampling_base": (0.3, 0.9),
}
"""Centre and width (of the logarithm) of what is believed before the fit."""
WIDTHS = {"speed": 0.15, "layer_seconds": 0.5, "step_seconds": 0.7, "sequence_seconds": 0.7}
CENTRES = {"speed": 1.0, "layer_seconds": 6e-5, "step_seconds": 1e-3, "sequence_seconds": 7e-6}
KNOWN = {
    "transformers@4": {"layer_seconds": 8e-4},
    "vllm@0.1": {"layer_seconds": 1.5e-4, "step_seconds": 2e-2, "sequence_seconds": 1e-4},
    "vllm@0.3": {"layer_seconds": 8e-5, "step_seconds": 8e-3, "sequence_seconds": 6e-5},
    "vllm@0.6": {"layer_seconds": 8e-5},
    "vllm@0.8": {"layer_seconds": 8e-5},
}
"""Centres that are known to differ: launches of eager code, the Python scheduler of the first releases."""
TRUST = 250.0
"""Independent points that one source of weight 1 is worth against the priors."""
SPREAD = 0.15
"""Scatter of a good prediction (logarithm), beyond which a point counts linearly. [1]"""


class Data:
    """All cases, stacked."""

    def __init__(self, cases: list[tuple[Mapping[str, Any], ServingCase]]) -> None:
        runs = [run for _, run in cases]
        self.labels = np.array([run.on.engine.label for run in runs])
        self.source = np.array([str(case.get("source_group")) for case, _ in cases])
        self.moe = np.array([run.on.architecture.is_moe for run in runs])
        self.nvidia = np.array([run.on.accelerator.vendor == "NVIDIA" for run in runs])
        self.weight = np.array([float(case["weight"]) for case, _ in cases])
        self.rate = np.array([float(case["measured"]["output_tokens_per_s_total"]) for case, _ in cases])
        self.read = np.array([run.input_tokens for run in runs])
        self.written = np.array([run.output_tokens for run in runs])
        self.open = np.array([run.open_requests or np.inf for run in runs])
        self.work = {item.name: np.array([getattr(run.on.work, item.name) for run in runs]) for item in fields(Work)}
        names = [item.name for item in fields(Engine) if item.name not in {*FITTED, "name", "generation"}]
        self.traits = {name: np.array([getattr(run.on.engine, name) for run in runs]) for name in names}

    def log_ratio(self, theta: dict[str, float], use: np.ndarray) -> np.ndarray:
        """Logarithm of predicted over measured rate of some cases."""
        physics = Physics(**{name: theta[name] for name in PHYSICS_PRIORS})
        own = {name: np.array([theta[f"{label}.{name}"] for label in self.labels[use]]) for name in FITTED}
        traits = {name: values[use] for name, values in self.traits.items()}
        engine = Engine(name="stack", generation="0", **own, **traits)
        work = Work(**{name: values[use] for name, values in self.work.items()})
        loop = closed_loop(
            on=Deployment(work=work, engine=engine, physics=physics),
            input_tokens=self.read[use],
            output_tokens=self.written[use],
            open_requests=self.open[use],
        )
        return np.log(loop.requests_per_s * self.written[use] / self.rate[use])


def priors() -> tuple[list[str], np.ndarray, np.ndarray]:
    """Names, centres and widths of all constants, in logarithms."""
    names, centres, widths = list(PHYSICS_PRIORS), *zip(*PHYSICS_PRIORS.values(), strict=True)
    centres, widths = list(centres), list(widths)
    for engine in engines():
        if engine.label.split("@")[0] in {"sglang", "tgi"}:
            continue
        for name in FITTED:
            names.append(f"{engine.label}.{name}")
            centres.append(KNOWN.get(engine.label, {}).get(name, CENTRES[name]))
            widths.append(WIDTHS[name])
    return names, np.log(centres), np.array(widths)


def fit(data: Data, use: np.ndarray) -> dict[str, float]:
    """Constants that explain the cases to use, outliers counting linearly."""
    names, centre, width = priors()
    trust = np.sqrt(data.weight[use] * TRUST) * 0.35

    def residuals(x: np.ndarray) -> np.ndarray:
        off = np.clip(data.log_ratio(dict(zip(names, np.exp(x), strict=True)), use) / SPREAD, -20, 20)
        soft = np.sign(off) * np.sqrt(2.0 * (np.sqrt(1.0 + off**2) - 1.0))
        return np.concatenate([trust * soft, (x - centre) / width])

    found = least_squares(residuals, centre, max_nfev=30)
    return dict(zip(names, np.exp(found.x), strict=True))


def errors(data: Data, log_ratio: np.ndarray) -> list[dict[str, Any]]:
    """Weighted median and p90 of the groups that are judged."""
    groups = {"dense, NVIDIA": ~data.moe & data.nvidia, "dense, all": ~data.moe, "MoE": data.moe}
    off = np.abs(np.exp(log_ratio) - 1.0)
    return [
        {
            "group": name,
            "n": int(use.sum()),
            "median": weighted_quantile(list(off[use]), list(data.weight[use]), 0.5),
            "p90": weighted_quantile(list(off[use]), list(data.weight[use]), 0.9),
        }
        for name, use in groups.items()
    ]


def left_out(data: Data) -> np.ndarray:
    """Each source predicted with constants that have not seen it; a generation only it has falls back to its prior."""
    found = np.zeros(len(data.rate))
    for source in sorted(set(data.source)):
        its = data.source == source
        found[its] = data.log_ratio(fit(data, ~its), its)
    return found


def write(theta: dict[str, float], judged: list[dict[str, Any]]) -> None:
    """The fitted module, the rows and the judgement."""
    rounded = {name: float(f"{value:.3g}") for name, value in theta.items()}
    physics = {name: rounded[name] for name in PHYSICS_PRIORS}
    own: dict[str, dict[str, float]] = {}
    for name, value in rounded.items():
        if "@" in name:
            label, key = name.rsplit(".", 1)
            own.setdefault(label, {})[key] = value
    text = (
        '"""Fitted constants; written by `benchmarks/fit_serving.py`, mirrored by rows of `pricing/constants`."""\n\n'
    )
    text += f"PHYSICS_FITS: dict[str, float] = {json.dumps(physics, indent=4)}\n"
    text += f"ENGINE_FITS: dict[str, dict[str, float]] = {json.dumps(own, indent=4)}\n"
    (ROOT / "estimator/serving/fitted.py").write_text(text, encoding="utf-8")
    (ROOT / "estimator/validation/data/serving_left_out.json").write_text(
        json.dumps(judged, indent=1) + "\n", encoding="utf-8"
    )
    _write_rows(rounded)


def _write_rows(rounded: dict[str, float]) -> None:
    path = ROOT / "pricing/constants/serving.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    kept = [row for row in rows if row["id"] in {"serving.cache_minimum", "serving.tight_weights"}]
    units = {
        "seconds": "seconds",
        "bytes": "bytes",
        "tokens": "tokens",
        "copies": "count",
        "overlap": "exponent",
        "passes": "count",
    }
    for name, value in rounded.items():
        engine = "@" in name
        judged = name.split(".")[-1] == "step_tokens"
        kept.append(
            {
                "id": f"serving.engine.{name}" if engine else f"serving.{name}",
                "what": f"{name.replace('_', ' ')} of the serving model",
                "unit": next((unit for part, unit in units.items() if name.endswith(part)), "ratio"),
                "value": f"{value:g}",
                "from": "2026-11-01",
                "read_on": "2026-11-25",
                "source": "default of TensorRT-LLM and vLLM for max_num_tokens"
                if judged
                else "fit of benchmarks/fit_serving.py to published throughput of TensorRT-LLM v0.5 to v1.0, "
                "vLLM 0.1 to 0.23, LMDeploy 0.1 and transformers 4.46 (1,026 cases)",
                "source_kind": "primary",
                "basis": "published" if judged else "measured",
            }
        )
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(kept)
    path.write_text(out.getvalue(), encoding="utf-8")


def main() -> None:
    """Fit, judge, print, and write where asked to."""
    data = Data([(case, serving_case(case)) for case in bundled("serving")])
    everything = np.ones(len(data.rate), dtype=bool)
    theta = fit(data, everything)
    judged = errors(data, left_out(data))
    for name, value in theta.items():
        print(f"{name:40s} {value:.4g}")
    for title, rows in (("fitted", errors(data, data.log_ratio(theta, everything))), ("source left out", judged)):
        for row in rows:
            print(f"{title:16s} {row['group']:14s} n {row['n']:4d} median {row['median']:.3f} p90 {row['p90']:.3f}")
    if "--write" in sys.argv:
        write(theta, judged)


if __name__ == "__main__":
    main()
