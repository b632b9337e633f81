"""What does one answer cost and how fast is it? API prices, own replicas, load."""

from estimator.serving.api import RequestCost, TokenRates, api_request_usd, caching_pays, token_rates
from estimator.serving.capacity import Capacity, self_hosted_capacity, smallest_gpus
from estimator.serving.engines import DEFAULT_ENGINE, Engine, engine_of, engines
from estimator.serving.load import (
    OFFICE_DAY,
    break_even_requests_per_month,
    break_even_utilisation,
    cold_start_hours,
    erlang_c,
    queue_wait_seconds,
    replica_hours,
    replicas,
    usd_per_million_output_tokens,
)
from estimator.serving.loop import Loop, closed_loop
from estimator.serving.of_option import Answer, ApiAnswer, OwnAnswer, answer_of, mode_of
from estimator.serving.quote import ByReplica, ByToken, FairComparison, Latency, Quote, QuoteLine, quote
from estimator.serving.request import PromptTokens, Request, prompt_tokens, request_of, technique_of
from estimator.serving.roofline import (
    decode_step_seconds,
    kv_room_bytes,
    largest_batch,
    prefill_seconds,
    saturated_requests_per_s,
    saturated_throughput,
    time_to_first_token_seconds,
    weight_bytes_read,
    weight_memory_bytes,
)
from estimator.serving.work import Deployment, Replica, Work, replica

__all__ = [
    "DEFAULT_ENGINE",
    "OFFICE_DAY",
    "Answer",
    "ApiAnswer",
    "ByReplica",
    "ByToken",
    "Capacity",
    "Deployment",
    "Engine",
    "FairComparison",
    "Latency",
    "Loop",
    "OwnAnswer",
    "PromptTokens",
    "Quote",
    "QuoteLine",
    "Replica",
    "Request",
    "RequestCost",
    "TokenRates",
    "Work",
    "answer_of",
    "api_request_usd",
    "break_even_requests_per_month",
    "break_even_utilisation",
    "caching_pays",
    "closed_loop",
    "cold_start_hours",
    "decode_step_seconds",
    "engine_of",
    "engines",
    "erlang_c",
    "kv_room_bytes",
    "largest_batch",
    "mode_of",
    "prefill_seconds",
    "prompt_tokens",
    "queue_wait_seconds",
    "quote",
    "replica",
    "replica_hours",
    "replicas",
    "request_of",
    "saturated_requests_per_s",
    "saturated_throughput",
    "self_hosted_capacity",
    "smallest_gpus",
    "technique_of",
    "time_to_first_token_seconds",
    "token_rates",
    "usd_per_million_output_tokens",
    "weight_bytes_read",
    "weight_memory_bytes",
]
