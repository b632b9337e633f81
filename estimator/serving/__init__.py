"""What does one answer cost and how fast is it? API prices, own replicas, load."""

from estimator.serving.api import RequestCost, TokenRates, api_request_usd, caching_pays, token_rates
from estimator.serving.capacity import Capacity, self_hosted_capacity, smallest_gpus
from estimator.serving.engines import DEFAULT_ENGINE, Engine, engine_of, engines
from estimator.serving.hosted import HostedAsk, HostedPlan, Path, hosted_factor, hosted_plan, price_path
from estimator.serving.latency import Latency, at_load, busy_batch
from estimator.serving.load import (
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
from estimator.serving.plan import SERVING_GPU, Ask, AtLoad, ServingPlan, plain_request, serving_plan
from estimator.serving.profiles import OFFICE_DAY, PROFILES, profile_of
from estimator.serving.quote import ByReplica, ByToken, FairComparison, Quote, QuoteLine, quote
from estimator.serving.rent import Rent, ways_to_pay
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
    "PROFILES",
    "SERVING_GPU",
    "Answer",
    "ApiAnswer",
    "Ask",
    "AtLoad",
    "ByReplica",
    "ByToken",
    "Capacity",
    "Deployment",
    "Engine",
    "FairComparison",
    "HostedAsk",
    "HostedPlan",
    "Latency",
    "Loop",
    "OwnAnswer",
    "Path",
    "PromptTokens",
    "Quote",
    "QuoteLine",
    "Rent",
    "Replica",
    "Request",
    "RequestCost",
    "ServingPlan",
    "TokenRates",
    "Work",
    "answer_of",
    "api_request_usd",
    "at_load",
    "break_even_requests_per_month",
    "break_even_utilisation",
    "busy_batch",
    "caching_pays",
    "closed_loop",
    "cold_start_hours",
    "decode_step_seconds",
    "engine_of",
    "engines",
    "erlang_c",
    "hosted_factor",
    "hosted_plan",
    "kv_room_bytes",
    "largest_batch",
    "mode_of",
    "plain_request",
    "prefill_seconds",
    "price_path",
    "profile_of",
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
    "serving_plan",
    "smallest_gpus",
    "technique_of",
    "time_to_first_token_seconds",
    "token_rates",
    "usd_per_million_output_tokens",
    "ways_to_pay",
    "weight_bytes_read",
    "weight_memory_bytes",
]
