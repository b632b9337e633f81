"""From tokens and step time to the wall hours of one run."""

from dataclasses import dataclass

import numpy as np

from estimator.errors import InputError
from estimator.units import SECONDS_PER_HOUR, Value


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


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHours:
    """Where the wall hours of one run go."""

    training: Value
    evaluation: Value
    checkpoints: Value
    interruptions: Value
    startup: Value

    @property
    def hours(self) -> Value:
        """Sum of the parts. [h]."""
        return self.training + self.evaluation + self.checkpoints + self.interruptions + self.startup


def job_hours(
    *,
    tokens: Value,
    tokens_per_s: Value,
    time_uncertainty: Value = 1.0,
    startup_hours: Value = 0.0,
    evaluation_share: Value = 0.0,
    checkpoint_hours: Value = 0.0,
    checkpoint_interval_hours: Value = 1.0,
    interruptions_per_hour: Value = 0.0,
    restart_hours: Value = 0.0,
) -> JobHours:
    """Wall hours: D/(3600 r) · u · (1 + e + c/i) + interruptions · (restart + i/2) + start-up.

    Args:
        tokens: D, tokens processed. [token]
        tokens_per_s: r, throughput of the whole job. [token/s]
        time_uncertainty: u, measured over predicted time. [1]
        startup_hours: Booking, image, download of weights and data, loading. [h]
        evaluation_share: e, time in evaluation over time in training. [1]
        checkpoint_hours: c, time to write one checkpoint. [h]
        checkpoint_interval_hours: i, training time between checkpoints. [h]
        interruptions_per_hour: Spot evictions and failures per hour of training. [1/h]
        restart_hours: Time until training goes on after an interruption. [h]

    Returns:
        Itemised hours. [h]

    Raises:
        InputError: `tokens_per_s` or `checkpoint_interval_hours` is not above 0.

    Source: definition; expected loss of half an interval per interruption (Young 1974, doi:10.1145/361147.361115).

    >>> round(float(job_hours(tokens=36e6, tokens_per_s=1e4, startup_hours=0.25, evaluation_share=0.1).hours), 6)
    1.35
    >>> round(float(job_hours(tokens=36e6, tokens_per_s=1e3, interruptions_per_hour=0.05, restart_hours=0.2).hours), 6)
    10.35
    """
    for name, value in (("tokens_per_s", tokens_per_s), ("checkpoint_interval_hours", checkpoint_interval_hours)):
        if np.any(np.asarray(value) <= 0.0):
            raise InputError(f"{name}: {np.min(value)} is not above 0; give a positive number")
    training = tokens / tokens_per_s / SECONDS_PER_HOUR * time_uncertainty
    lost = restart_hours + checkpoint_interval_hours / 2.0
    return JobHours(
        training=training,
        evaluation=training * evaluation_share,
        checkpoints=training * checkpoint_hours / checkpoint_interval_hours,
        interruptions=training * interruptions_per_hour * np.where(np.asarray(interruptions_per_hour) > 0, lost, 0.0),
        startup=startup_hours,
    )
