"""Quality of a composed option: missing knowledge and wrong behaviour are reduced by different means."""

from dataclasses import dataclass

import numpy as np

from estimator.units import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityParts:
    """Where the errors of an option come from."""

    knowledge: Value
    """Errors for want of facts. [1]"""
    behaviour: Value
    """Errors of format, style, judgement. [1]"""
    method: Value
    """Added by adapters that are too small and by quantised training. [1]"""
    interaction: Value
    """Of tuning and retrieval together; negative is better. [1]"""
    learned_knowledge: Value
    """Part of the accuracy that rests on facts trained into weights. [1]"""

    @property
    def error(self) -> Value:
        """Share of wrong answers, in [0, 1]. [1]"""
        total = self.knowledge + self.behaviour + self.method + self.interaction
        clipped: Value = np.clip(total, 0.0, 1.0)
        return clipped

    @property
    def quality(self) -> Value:
        """Share of correct answers. [1]"""
        return 1.0 - self.error


def option_quality(
    *,
    start_error: Value,
    knowledge_share: Value,
    prompt_gain: Value = 0.0,
    recall: Value = 0.0,
    context_use: Value = 0.0,
    tuned_ratio: Value = 1.0,
    knowledge_learned: Value = 0.0,
    method_penalty: Value = 0.0,
    interaction: Value = 0.0,
) -> QualityParts:
    """Error = e0 s (1 − recall·use)(1 − m) + e0 (1 − s)(1 − g) t + penalty − interaction.

    With s = 0 and no other means the behaviour part is e0 t, the learning curve itself.

    Args:
        start_error: e0, error of the plainly prompted base model. [1]
        knowledge_share: s, share of e0 that is missing knowledge. [1]
        prompt_gain: g, share of the behaviour error that few-shot examples or reasoning remove. [1]
        recall: Share of questions whose passage is retrieved; 0 without retrieval. [1]
        context_use: Share of retrieved answers the model really uses. [1]
        tuned_ratio: t, error after over error before tuning, by the learning curve; 1 without tuning. [1]
        knowledge_learned: m, share of missing facts that tuning teaches. [1]
        method_penalty: Error added by the tuning method. [1]
        interaction: Gain in quality when tuning and retrieval meet; negative when they disturb each other. [1]

    Returns:
        Parts of the error. [1]

    Source: structural split after Balaguer et al. 2024 (arXiv:2401.08406, additive gains) and Ovadia et al. 2024
        (arXiv:2312.05934, facts by retrieval rather than tuning); the split itself is a judgement.

    >>> float(option_quality(start_error=0.4, knowledge_share=0.5, recall=0.8, context_use=0.9).error.round(3))
    0.256
    """
    unknown = start_error * knowledge_share
    learned = unknown * knowledge_learned
    return QualityParts(
        knowledge=(unknown - learned) * (1.0 - recall * context_use),
        behaviour=start_error * (1.0 - knowledge_share) * (1.0 - prompt_gain) * tuned_ratio,
        method=method_penalty,
        interaction=-1.0 * interaction,
        learned_knowledge=learned * (1.0 - recall * context_use),
    )


def lora_capacity_penalty(
    *, examples: Value, tokens_per_example: Value, adapter_parameters: Value, bits_per_token: Value, penalty: Value
) -> Value:
    """Error added when the data hold more than an adapter can store: penalty · clip((D b/2P − 1), 0, 1).

    Args:
        examples: Training examples. [count]
        tokens_per_example: Tokens of an answer that are learned from. [token]
        adapter_parameters: P, trained weights; each stores about 2 bits. [count]
        bits_per_token: b, information per token. [bit/token]
        penalty: Error when capacity is exceeded twice or more. [1]

    Returns:
        Added error. [1]

    Source: "LoRA Without Regret" (2025): LoRA matches full tuning until its capacity is exceeded; 2 bits per weight
        after Allen-Zhu & Li 2024 (arXiv:2404.05405); size of the loss 2 to 8 points, Biderman et al. 2024
        (arXiv:2405.09673).

    >>> float(lora_capacity_penalty(examples=3000, tokens_per_example=200, adapter_parameters=42e6,
    ...                             bits_per_token=1.0, penalty=0.04))
    0.0
    """
    load = examples * tokens_per_example * bits_per_token / (2.0 * np.asarray(adapter_parameters))
    added: Value = penalty * np.clip(load - 1.0, 0.0, 1.0)
    return added
