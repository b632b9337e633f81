"""One serving probe in a process of its own: prefill, then one token at a time from the cache."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import torch

from benchmarks.gpu.build import base_model
from benchmarks.gpu.campaign import MARK
from benchmarks.gpu.meter import machine, memory, seconds, spread

WARM_UP, TIMED = 1, 3


class Probe:
    """A batch of prompts of random tokens, greedily continued."""

    def __init__(self, job: Mapping[str, Any]) -> None:
        self.model = base_model(job["architecture"], {"weights_dtype": "bf16"}, job["device"]).eval()
        self.model.config.use_cache = True
        size = (int(job["setup"]["batch"]), int(job["setup"]["input_tokens"]))
        self.prompt = torch.randint(job["architecture"]["vocab_size"], size, device=job["device"])
        self.last, self.cache = self.prompt, None

    def prefill(self) -> None:
        """Read the prompts and make the first token of each."""
        self.last, self.cache = self.prompt, None
        self.decode()

    def decode(self) -> None:
        """Make one more token of each."""
        with torch.inference_mode():
            out = self.model(input_ids=self.last, past_key_values=self.cache, use_cache=True, logits_to_keep=1)
        self.last, self.cache = out.logits[:, -1:].argmax(-1), out.past_key_values


def measured(job: Mapping[str, Any]) -> dict[str, Any]:
    """Rates over whole answers; the time between tokens is the median over all steps."""
    device, tokens = job["device"], int(job["setup"]["output_tokens"])
    torch.manual_seed(0)
    probe = Probe(job)
    first: list[float] = []
    later: list[float] = []
    for number in range(WARM_UP + TIMED):
        begun = seconds(probe.prefill, device)
        steps = [seconds(probe.decode, device) for _ in range(tokens - 1)]
        if number >= WARM_UP:
            first.append(begun)
            later += steps
    whole = (sum(first) + sum(later)) / TIMED
    prefill, decode = spread(first), spread(later)
    return {
        **memory(device),
        "output_tokens_per_s_total": probe.prompt.shape[0] * tokens / whole,
        "ttft_ms": 1000.0 * prefill["median"],
        "itl_ms": 1000.0 * decode["median"],
        "itl_ms_quartiles": [1000.0 * value for value in decode["quartiles"]],
        "prefill_tokens_per_s": probe.prompt.numel() / prefill["median"],
        "decode_tokens_per_s": probe.prompt.shape[0] / decode["median"],
        **machine(device),
    }


if __name__ == "__main__":
    print(MARK + json.dumps(measured(json.loads(sys.argv[1]))))
