"""What does one answer cost and how fast is it? API prices, own replicas, load."""

from estimator.serving.api import RequestCost, TokenRates, api_request_usd, token_rates
from estimator.serving.load import (
    OFFICE_DAY,
    break_even_requests_per_month,
    break_even_utilisation,
    erlang_c,
    replica_hours,
    replicas,
    usd_per_million_output_tokens,
)
from estimator.serving.of_option import Answer, ApiAnswer, OwnAnswer, answer_of, mode_of
from estimator.serving.request import Request, request_of, technique_of
from estimator.serving.roofline import (
    Replica,
    decode_step_seconds,
    largest_batch,
    prefill_seconds,
    replica,
    saturated_requests_per_s,
    time_to_first_token_seconds,
    weight_bytes_read,
    weight_memory_bytes,
)

__all__ = [
    "OFFICE_DAY",
    "Answer",
    "ApiAnswer",
    "OwnAnswer",
    "Replica",
    "Request",
    "RequestCost",
    "TokenRates",
    "answer_of",
    "api_request_usd",
    "break_even_requests_per_month",
    "break_even_utilisation",
    "decode_step_seconds",
    "erlang_c",
    "largest_batch",
    "mode_of",
    "prefill_seconds",
    "replica",
    "replica_hours",
    "replicas",
    "request_of",
    "saturated_requests_per_s",
    "technique_of",
    "time_to_first_token_seconds",
    "token_rates",
    "usd_per_million_output_tokens",
    "weight_bytes_read",
    "weight_memory_bytes",
]
