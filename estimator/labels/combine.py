"""Quality of a composed option: missing knowledge and wrong behaviour are reduced by different means."""

from dataclasses import replace

import numpy as np

from estimator.record import record
from estimator.units import Value


@record(kw_only=True)
class QualityParts:
    """Where the errors of an option come from, and what its right answers rest on."""

    knowledge: Value
    """Errors for want of facts. [1]"""
    behaviour: Value
    """Errors of format, judgement, task logic. [1]"""
    method: Value
    """Added by adapters that are too small and by quantized training. [1]"""
    interaction: Value
    """Of tuning and retrieval together; negative is better. [1]"""
    learned_knowledge: Value
    """Part of the accuracy that rests on facts trained into weights. [1]"""
    hallucination: Value = 0.0
    """Added by tuning on facts the model did not know. [1]"""
    forgetting: Value = 0.0
    """Added on requests unlike the training examples. [1]"""
    label_errors: Value = 0.0
    """Errors of the labeller that the tuned model learned. [1]"""
    style: Value = 0.0
    """Right answers that are off the house style, and so not acceptable. [1]"""
    base_knowledge: Value = 0.0
    """Part of the accuracy that rests on facts the base model brought along. [1]"""
    retrieved_knowledge: Value = 0.0
    """Part of the accuracy that rests on retrieved facts. [1]"""
    invented: Value = 0.0
    """Share of answers that state as a fact what is none: hallucinations, part of the errors above. [1]"""

    @property
    def content_error(self) -> Value:
        """Share of wrong answers, style left aside, in [0, 1]. [1]"""
        added = self.method + self.hallucination + self.forgetting + self.label_errors
        clipped: Value = np.clip(self.knowledge + self.behaviour + added + self.interaction, 0.0, 1.0)
        return clipped

    @property
    def error(self) -> Value:
        """Share of answers that are wrong or off style, in [0, 1]. [1]"""
        clipped: Value = np.clip(self.content_error + self.style, 0.0, 1.0)
        return clipped

    @property
    def quality(self) -> Value:
        """Share of correct answers. [1]"""
        return 1.0 - self.error


def reranked_recall(*, recall: Value, gain: Value) -> Value:
    """Recall after a reranker has put the passages of a wider search in order: r' = r + g (1 − r).

    Args:
        recall: Share of questions whose passage the search alone puts into the prompt. [1]
        gain: Share of the missed ones that reranking recovers. [1]

    Returns:
        Share of questions whose passage is in the prompt. [1]

    Source: definition; for the gain see the row `retrieval.rerank_gain`.

    >>> float(round(reranked_recall(recall=0.85, gain=0.3), 4))
    0.895
    """
    return recall + gain * (1.0 - recall)


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
    unknown_fact_errors: Value = 0.0,
    off_task_share: Value = 0.0,
    forgetting: Value = 0.0,
    systematic_label_error: Value = 0.0,
    off_style: Value = 0.0,
    invented_share: Value = 0.0,
) -> QualityParts:
    """Error = e0 s (1 − r)(1 − m) + e0 (1 − s)(1 − g) t + penalty − interaction + h e0 s m (1 − r) + o f + σρ (1 − t).

    r = recall · use. With s = 0 and no other means the behaviour part is e0 t, the learning curve itself. Where a house
    style counts, a right answer off style is an error too: + (1 − error) y.

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
        unknown_fact_errors: h, wrong answers added per unknown fact learned. [1]
        off_task_share: o, requests unlike the training examples. [1]
        forgetting: f, quality lost on them. [1]
        systematic_label_error: σρ, labels that are wrong in the same way each time. [1]
        off_style: y, share of answers off the house style. [1]
        invented_share: Share of answers wrong for want of facts that are stated as facts. [1]

    Returns:
        Parts of the error. [1]

    Source: structural split after Balaguer et al. 2024 (arXiv:2401.08406, additive gains) and Ovadia et al. 2024
        (arXiv:2312.05934, facts by retrieval rather than tuning); Gekhman et al. 2024 (arXiv:2405.05904, errors rise
        linearly with unknown facts learned); Biderman et al. 2024 (arXiv:2405.09673, forgetting); the split itself is
        a judgement.

    >>> float(option_quality(start_error=0.4, knowledge_share=0.5, recall=0.8, context_use=0.9).error.round(3))
    0.256
    """
    found = recall * context_use
    unknown, known = start_error * knowledge_share, (1.0 - start_error) * knowledge_share
    learned = unknown * knowledge_learned
    knowledge = (unknown - learned) * (1.0 - found)
    hallucination = unknown_fact_errors * learned * (1.0 - found)
    parts = QualityParts(
        knowledge=knowledge,
        behaviour=start_error * (1.0 - knowledge_share) * (1.0 - prompt_gain) * tuned_ratio,
        method=method_penalty,
        interaction=-1.0 * interaction,
        learned_knowledge=learned * (1.0 - found),
        hallucination=hallucination,
        forgetting=off_task_share * forgetting,
        label_errors=systematic_label_error * (1.0 - np.minimum(tuned_ratio, 1.0)),
        base_knowledge=known * (1.0 - found),
        retrieved_knowledge=(known + unknown) * found,
        invented=knowledge * invented_share + hallucination,
    )
    return parts if isinstance(off_style, float) and off_style == 0.0 else _styled(parts, off_style)


def _styled(parts: QualityParts, off_style: Value) -> QualityParts:
    return replace(parts, style=(1.0 - parts.content_error) * off_style)


def style_error(*, labels: Value, untuned: Value, scale: Value) -> Value:
    """Share of answers off the house style after n labels: y0/(1 + n/n_y), half of it gone after n_y labels.

    Args:
        labels: n, effective labels. [count]
        untuned: y0, share off style with a prompt alone. [1]
        scale: n_y. [count]

    Returns:
        Share off style. [1]

    Source: shape is a judgement; LIMA, Zhou et al. 2023 (arXiv:2305.11206): 1,000 curated examples align style.

    >>> style_error(labels=1000.0, untuned=0.25, scale=100.0).__round__(4)
    0.0227
    """
    return untuned / (1.0 + labels / scale)


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
