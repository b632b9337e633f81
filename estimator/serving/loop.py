"""A replica under a constant number of open requests: rate, first token, time per token."""

import numpy as np

from estimator.record import record
from estimator.serving.roofline import (
    decode_step_seconds,
    largest_batch,
    prefill_seconds,
    saturated_requests_per_s,
    time_to_first_token_seconds,
)
from estimator.serving.work import Deployment
from estimator.units import Value


@record(kw_only=True)
class Loop:
    """What a replica does while a number of requests is always open."""

    fits: Value
    """1 where the cache of one request fits beside the weights."""
    batch: Value
    """Sequences that run at once, at least 1. [count]"""
    requests_per_s: Value
    first_token_s: Value
    """Mean, with the wait for a slot. [s]"""
    token_s: Value
    """Mean time per further token, prompts of others in between included. [s]"""


def closed_loop(
    *,
    on: Deployment,
    input_tokens: Value,
    output_tokens: Value,
    open_requests: Value | None = None,
    together: bool = False,
) -> Loop:
    """Rate and latency with c requests open, of which B = min(c, B_max) run: B = X (t_first + (OSL − 1) t_token).

    Args:
        on: The replica.
        input_tokens: ISL. [token]
        output_tokens: OSL. [token]
        open_requests: c; as many as fit where not given. [count]
        together: All start at once, so that the first token waits for the prompts of the whole batch.

    Returns:
        Rates and latencies. [1/s, s]

    Source: Little's law; M/G/1 wait for the prompts of others.
    """
    fitting = largest_batch(on=on, input_tokens=input_tokens, output_tokens=output_tokens)
    asked = fitting if open_requests is None else open_requests
    batch = np.maximum(np.minimum(asked, fitting), 1.0)
    rate = saturated_requests_per_s(on=on, batch=batch, input_tokens=input_tokens, output_tokens=output_tokens)
    alone = time_to_first_token_seconds(on=on, input_tokens=input_tokens)
    prompt = prefill_seconds(on=on, input_tokens=input_tokens)
    queued = np.maximum(asked - batch, 0.0) / rate
    if together:
        first: Value = np.maximum(alone, batch * prompt + alone - prompt)
        queued = queued / 2.0
    else:
        step = decode_step_seconds(on=on, batch=batch, context_tokens=input_tokens + output_tokens / 2.0)
        busy = np.minimum(rate * prompt, 0.95)
        first = alone + (batch - 1.0) / batch * (step / 2.0 + busy * prompt / (2.0 * (1.0 - busy)))
    rest = np.maximum(batch / rate - first, 0.0) / np.maximum(np.asarray(output_tokens) - 1.0, 1.0)
    return Loop(
        fits=np.where(np.asarray(fitting) >= 1.0, 1.0, 0.0),
        batch=batch,
        requests_per_s=rate,
        first_token_s=first + queued,
        token_s=rest,
    )
