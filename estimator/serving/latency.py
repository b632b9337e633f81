"""How fast a replica answers when requests arrive at some rate."""

import numpy as np

from estimator.record import record
from estimator.serving.capacity import Capacity
from estimator.serving.load import queue_wait_seconds
from estimator.serving.loop import closed_loop
from estimator.serving.roofline import saturated_requests_per_s
from estimator.units import Value, central

HALVINGS = 40
"""Steps of the search for the batch that a load keeps busy."""


@record(kw_only=True)
class Latency:
    """How fast own replicas answer; an API does not publish it."""

    batch: Value
    """Sequences in flight on a replica at this load. [count]"""
    first_token_s: Value
    """Mean time to the first token once a slot is free. [s]"""
    token_s: Value
    """Mean time per further token. [s]"""
    wait_s: Value
    """Mean wait for a slot; infinite above saturation. [s]"""
    answer_s: Value
    """Wait, first token and all further tokens. [s]"""


def busy_batch(*, capacity: Capacity, requests_per_s: Value, input_tokens: Value, output_tokens: Value) -> Value:
    """Batch B at which a replica finishes requests as fast as they arrive: X(B) = λ, by bisection; X grows with B.

    Args:
        capacity: The replica.
        requests_per_s: λ of this replica. [1/s]
        input_tokens: ISL. [token]
        output_tokens: OSL. [token]

    Returns:
        Between 1 and the largest batch. [count]

    Source: definition of a steady state.
    """
    low, high = np.ones_like(capacity.batch * (requests_per_s + 0.0)), capacity.batch * (1.0 + 0.0 * requests_per_s)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        rate = saturated_requests_per_s(
            on=capacity.on, batch=middle, input_tokens=input_tokens, output_tokens=output_tokens
        )
        enough = rate * capacity.rate_factor >= requests_per_s
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    found: Value = high
    return found


def at_load(*, capacity: Capacity, requests_per_s: Value, input_tokens: Value, output_tokens: Value) -> Latency:
    """Latency of one replica at a load: that of a closed loop with the busy batch, and the wait for a slot.

    Args:
        capacity: The replica; it must fit.
        requests_per_s: λ of this replica. [1/s]
        input_tokens: ISL. [token]
        output_tokens: OSL. [token]

    Returns:
        Means. [s]

    Source: formulas of this room; M/M/c wait with B_max slots held for B_max/X each.
    """
    batch = busy_batch(
        capacity=capacity, requests_per_s=requests_per_s, input_tokens=input_tokens, output_tokens=output_tokens
    )
    loop = closed_loop(on=capacity.on, open_requests=batch, input_tokens=input_tokens, output_tokens=output_tokens)
    slots = max(int(central(capacity.batch)), 1)
    wait = queue_wait_seconds(
        servers=slots, service_seconds=slots / capacity.requests_per_s, requests_per_s=requests_per_s
    )
    first, token = loop.first_token_s / capacity.rate_factor, loop.token_s / capacity.rate_factor
    return Latency(
        batch=batch,
        first_token_s=first,
        token_s=token,
        wait_s=wait,
        answer_s=wait + first + np.maximum(np.asarray(output_tokens) - 1.0, 0.0) * token,
    )
