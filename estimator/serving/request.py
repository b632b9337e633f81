"""From the inputs of an option to the tokens of one request."""

import numpy as np

from estimator.inputs import OptionInputs
from estimator.record import record
from estimator.serving.api import TokenRates, caching_pays
from estimator.units import Value


@record(kw_only=True)
class Request:
    """Tokens of one request by what they are there for."""

    instructions: Value
    """Fixed instructions as written for an untuned model. [token]"""
    instructions_saved: Value
    """Part of them that the tuned model no longer needs. [token]"""
    user_text: Value
    few_shot: Value
    retrieved_context: Value
    output: Value
    reasoning: Value

    @property
    def prefix(self) -> Value:
        """Tokens that are the same in every request and can be cached. [token]"""
        return self.instructions - self.instructions_saved + self.few_shot

    @property
    def input(self) -> Value:
        """All tokens read. [token]"""
        return self.prefix + self.user_text + self.retrieved_context

    @property
    def unsaved_input(self) -> Value:
        """Tokens read if the instructions were not shortened by tuning. [token]"""
        return self.input + self.instructions_saved

    @property
    def written(self) -> Value:
        """All tokens written. [token]"""
        return self.output + self.reasoning


@record(kw_only=True)
class PromptTokens:
    """Tokens of one mean request by how a provider bills them, in the terms of `api_request_usd`."""

    fresh_input_tokens: Value
    cached_input_tokens: Value
    cache_write_tokens: Value
    output_tokens: Value

    @property
    def input(self) -> Value:
        """All tokens read. [token]"""
        return self.fresh_input_tokens + self.cached_input_tokens + self.cache_write_tokens


def prompt_tokens(*, request: Request, cache_hit_rate: Value, rates: TokenRates) -> PromptTokens:
    """Tokens by how they are billed: of a cached prefix P, h P read from the cache and (1 − h) P written to it.

    The prefix is cached where it is long enough and caching pays; retrieved passages and user text stand behind it
    and are read fresh. Reasoning is billed as output.

    Args:
        request: Tokens by what they are there for. [token]
        cache_hit_rate: h, share of requests that find the prefix in the cache. [1]
        rates: Prices per token. [USD]

    Returns:
        Tokens by kind of bill. [token]

    Source: prompt-caching guides of the providers.
    """
    pays = caching_pays(prefix_tokens=request.prefix, cache_hit_rate=cache_hit_rate, rates=rates)
    kept = pays * request.prefix
    return PromptTokens(
        fresh_input_tokens=request.input - kept,
        cached_input_tokens=cache_hit_rate * kept,
        cache_write_tokens=(1.0 - cache_hit_rate) * kept,
        output_tokens=request.written,
    )


def request_of(option: OptionInputs, *, context_tokens: Value) -> Request:
    """What one request of an option carries.

    Args:
        option: Inputs of the option.
        context_tokens: Retrieved passages in the prompt. [token]

    Returns:
        Tokens by purpose. [token]

    Source: definition.
    """
    prompt = option["workload.tokens.prompt"]
    if option.given("workload.tokens.instructions") is not None:
        instructions = np.minimum(option["workload.tokens.instructions"], prompt)
    else:
        instructions = option["workload.tokens.instructions_share"] * prompt
    saved: Value = 0.0
    if option.spec.tuning is not None:
        saved = instructions * option["tuning.instructions_dropped"]
    technique = technique_of(option)
    few_shot = option["prompt.few_shot_tokens"] if technique != "zero_shot" else 0.0
    return Request(
        instructions=instructions,
        instructions_saved=saved,
        user_text=prompt - instructions,
        few_shot=few_shot,
        retrieved_context=context_tokens,
        output=option["workload.tokens.output"],
        reasoning=option["prompt.reasoning_tokens"] if technique == "chain_of_thought" else 0.0,
    )


def technique_of(option: OptionInputs) -> str:
    """Prompting technique: as written, few_shot where its tokens are given, else zero_shot.

    Args:
        option: Inputs of the option.

    Returns:
        zero_shot, few_shot or chain_of_thought. [1]

    Source: definition.
    """
    prompt = option.spec.prompt
    if prompt is not None and prompt.technique is not None:
        return prompt.technique
    return "few_shot" if prompt is not None and prompt.few_shot_tokens is not None else "zero_shot"
