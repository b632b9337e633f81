"""From tokens and step time to the wall hours of one run."""

import numpy as np

from estimator.errors import InputError
from estimator.record import record
from estimator.units import HOURS_PER_DAY, SECONDS_PER_HOUR, Value

LARGEST_EXPONENT = 50.0  # a plan interrupted that often never ends; keeps the number finite
SMALLEST_RATE = 1e-12
FULL_CHECKPOINT_BYTES = 14.0  # 16-bit weight, fp32 master and two fp32 moments
ADAPTER_CHECKPOINT_BYTES = 12.0  # fp32 weight and two fp32 moments


def training_tokens(*, examples: Value, tokens_per_example: Value, epochs: Value, padding_waste: Value) -> Value:
    """Tokens the devices process: examples · tokens · epochs / (1 − w).

    Args:
        examples: Training examples. [count]
        tokens_per_example: Prompt and answer of one example. [token]
        epochs: Passes over the data. [count]
        padding_waste: w, share of processed tokens that are padding; near 0 with packing. [1]

    Returns:
        Tokens of one run. [token]

    Raises:
        InputError: `padding_waste` is outside [0, 1).

    Source: definition.

    >>> training_tokens(examples=3000, tokens_per_example=800.0, epochs=3.0, padding_waste=0.25)
    9600000.0
    """
    if np.any(np.asarray(padding_waste) < 0.0) or np.any(np.asarray(padding_waste) >= 1.0):
        raise InputError(f"tuning.padding_waste: {padding_waste} is outside 0 to below 1; give the share of padding")
    return examples * tokens_per_example * epochs / (1.0 - padding_waste)


@record(kw_only=True)
class JobHours:
    """Where the wall hours of one run go."""

    training: Value
    evaluation: Value
    checkpoints: Value
    """Writing checkpoints. [h]"""
    interruptions: Value
    """Work lost and starts repeated after evictions and failures. [h]"""
    startup: Value
    """Booking, image, data. [h]"""
    loading: Value
    """Download of the weights. [h]"""

    @property
    def hours(self) -> Value:
        """Sum of the parts. [h]."""
        return self.training + self.evaluation + self.checkpoints + self.interruptions + self.startup + self.loading

    @property
    def days(self) -> Value:
        """The same in days. [day]."""
        return self.hours / HOURS_PER_DAY


def checkpoint_bytes(*, weights: Value, trained_weights: Value, base_trained: bool) -> Value:
    """Size of a checkpoint that training can go on from: 14 · weights, or 12 · adapter weights.

    Args:
        weights: All weights of the model. [count]
        trained_weights: Weights with a gradient. [count]
        base_trained: Whether these are the weights of the model itself.

    Returns:
        Bytes of one checkpoint. [B]

    Source: states of mixed-precision Adam (Rajbhandari et al. 2020, arXiv:1910.02054, section 3.1); adapters are
    kept in fp32 by PEFT.

    >>> checkpoint_bytes(weights=8e9, trained_weights=8e9, base_trained=True)
    112000000000.0
    """
    return FULL_CHECKPOINT_BYTES * weights if base_trained else ADAPTER_CHECKPOINT_BYTES * trained_weights


def checkpoint_interval(*, checkpoint_hours: Value, interruptions_per_hour: Value) -> Value:
    """Training time between checkpoints that loses least: √(2 c / λ).

    Args:
        checkpoint_hours: c, time to write one checkpoint. [h]
        interruptions_per_hour: λ, of the whole job. [1/h]

    Returns:
        Interval. [h]

    Source: Young 1974, doi:10.1145/361147.361115.

    >>> round(float(checkpoint_interval(checkpoint_hours=0.02, interruptions_per_hour=0.04)), 6)
    1.0
    """
    rate: Value = np.maximum(interruptions_per_hour, SMALLEST_RATE)
    interval: Value = np.sqrt(2.0 * np.maximum(checkpoint_hours, SMALLEST_RATE) / rate)
    return interval


def evaluation_share(*, passes: Value, examples: Value, trained_examples: Value, forward_share: Value) -> Value:
    """Time in evaluation over time in training: passes · examples · forward share / trained examples.

    Args:
        passes: Evaluations during the run. [count]
        examples: Examples of the evaluation set. [count]
        trained_examples: Examples seen in training, all epochs. [count]
        forward_share: Time of a forward pass over that of a training step. [1]

    Returns:
        Share. [1]

    Source: definition; evaluation is the forward pass alone.

    >>> round(evaluation_share(passes=3, examples=300, trained_examples=9000, forward_share=0.25), 6)
    0.025
    """
    return passes * examples * forward_share / trained_examples


def forward_share(*, base_trained: bool, recompute: float) -> float:
    """Forward FLOPs over those of a training step: 1/(3 + r) for all weights, 1/(2 + r) for adapters.

    Args:
        base_trained: Whether the base weights get a gradient.
        recompute: r, share of the forward pass that checkpointing runs again. [1]

    Returns:
        Share. [1]

    Source: 2N forward, 4N or (frozen weights) 2N backward: Kaplan et al. 2020, arXiv:2001.08361; Hu et al. 2021.

    >>> forward_share(base_trained=True, recompute=1.0)
    0.25
    """
    return 1.0 / ((3.0 if base_trained else 2.0) + recompute)


def job_hours(
    *,
    tokens: Value,
    tokens_per_s: Value,
    time_uncertainty: Value = 1.0,
    startup_hours: Value = 0.0,
    loading_hours: Value = 0.0,
    evaluation_share: Value = 0.0,
    checkpoint_hours: Value = 0.0,
    checkpoint_interval_hours: Value | None = None,
    interruptions_per_hour: Value = 0.0,
) -> JobHours:
    """Wall hours: T = D/(3600 r) · u · (1 + e); with interruptions T/i · e^(λR) · (e^(λ(i + c)) − 1)/λ; + start R.

    Args:
        tokens: D, tokens processed. [token]
        tokens_per_s: r, throughput of the whole job. [token/s]
        time_uncertainty: u, measured over predicted time. [1]
        startup_hours: Booking, image, data; paid again after an interruption. [h]
        loading_hours: Download and loading of the weights; likewise. [h]
        evaluation_share: e, time in evaluation over time in training. [1]
        checkpoint_hours: c, time to write one checkpoint. [h]
        checkpoint_interval_hours: i, work between checkpoints; None takes Young's. [h]
        interruptions_per_hour: λ, evictions and failures of the whole job. [1/h]

    Returns:
        Itemised hours. [h]

    Raises:
        InputError: `tokens_per_s` or `checkpoint_interval_hours` is not above 0.

    Valid for: independent interruptions at a constant rate, also while restarting.
    Source: Daly 2006, doi:10.1016/j.future.2004.11.016, equation 13 (complete wall-time model).

    >>> round(float(job_hours(tokens=36e6, tokens_per_s=1e4, startup_hours=0.25, evaluation_share=0.1).hours), 6)
    1.35
    >>> spot = job_hours(tokens=36e6, tokens_per_s=1e3, interruptions_per_hour=0.05, checkpoint_interval_hours=1.0)
    >>> round(float(spot.interruptions), 4)
    0.2542
    """
    for name, value in (("tokens_per_s", tokens_per_s), ("checkpoint_interval_hours", checkpoint_interval_hours)):
        if value is not None and np.any(np.asarray(value) <= 0.0):
            raise InputError(f"{name}: {np.min(value)} is not above 0; give a positive number")
    training = tokens / tokens_per_s / SECONDS_PER_HOUR * time_uncertainty
    work = training * (1.0 + evaluation_share)
    if checkpoint_interval_hours is None:
        checkpoint_interval_hours = checkpoint_interval(
            checkpoint_hours=checkpoint_hours, interruptions_per_hour=interruptions_per_hour
        )
    interval = np.minimum(checkpoint_interval_hours, work)
    writes = work / interval
    rate = np.maximum(interruptions_per_hour, SMALLEST_RATE)
    restart = np.exp(np.minimum(rate * (startup_hours + loading_hours), LARGEST_EXPONENT))
    segment = np.expm1(np.minimum(rate * (interval + checkpoint_hours), LARGEST_EXPONENT)) / rate
    return JobHours(
        training=training,
        evaluation=training * evaluation_share,
        checkpoints=writes * checkpoint_hours,
        interruptions=np.maximum(writes * (restart * segment - interval - checkpoint_hours), 0.0),
        startup=startup_hours,
        loading=loading_hours,
    )
