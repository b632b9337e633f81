"""From documents to chunks, vectors and tokens to embed."""

import numpy as np

from estimator.errors import InputError
from estimator.units import MILLION, Value


def chunks_per_document(*, document_tokens: Value, chunk_tokens: Value, overlap_tokens: Value) -> Value:
    """Sliding-window chunks: 1 if T ≤ S else 1 + ⌈(T − S)/(S − O)⌉.

    Args:
        document_tokens: T. [token]
        chunk_tokens: S. [token]
        overlap_tokens: O, below S. [token]

    Returns:
        Chunks of one document. [count]

    Raises:
        InputError: the overlap is not smaller than the chunk.

    Source: definition; 1,500 tokens in chunks of 800 with overlap 400 are 3.

    >>> float(chunks_per_document(document_tokens=1500.0, chunk_tokens=800.0, overlap_tokens=400.0))
    3.0
    """
    step = np.asarray(chunk_tokens, dtype=float) - overlap_tokens
    if np.any(step <= 0):
        raise InputError(
            f"retrieval.overlap_tokens: {np.max(overlap_tokens):g} is not below retrieval.chunk_tokens "
            f"({np.min(chunk_tokens):g}); lower it"
        )
    rest = np.maximum(np.asarray(document_tokens, dtype=float) - chunk_tokens, 0.0)
    chunks: Value = 1.0 + np.ceil(rest / step)
    return chunks


def embedded_tokens_per_document(*, document_tokens: Value, chunk_tokens: Value, overlap_tokens: Value) -> Value:
    """Tokens sent to the embedding model: T + (n_c − 1) O.

    Args:
        document_tokens: T. [token]
        chunk_tokens: S. [token]
        overlap_tokens: O. [token]

    Returns:
        Tokens of one document, overlaps counted twice. [token]

    Source: definition; 2,300 for the example of `chunks_per_document`.

    >>> float(embedded_tokens_per_document(document_tokens=1500.0, chunk_tokens=800.0, overlap_tokens=400.0))
    2300.0
    """
    chunks = chunks_per_document(
        document_tokens=document_tokens, chunk_tokens=chunk_tokens, overlap_tokens=overlap_tokens
    )
    return document_tokens + (chunks - 1.0) * overlap_tokens


def refresh_tokens_per_month(*, corpus_tokens: Value, churn: Value, new_documents: Value) -> Value:
    """Tokens embedded each month for changed and new documents: E (f_upd + f_new).

    Args:
        corpus_tokens: E, tokens embedded for the whole corpus. [token]
        churn: f_upd, documents changed per month over all. [1/month]
        new_documents: f_new, documents added per month over all. [1/month]

    Returns:
        Tokens per month. [token/month]

    Source: definition; a changed document is embedded whole.

    >>> round(refresh_tokens_per_month(corpus_tokens=230e6, churn=0.05, new_documents=0.01))
    13800000
    """
    return corpus_tokens * (churn + new_documents)


def extra_prompt_tokens(*, chunks: Value, chunk_tokens: Value) -> Value:
    """Tokens that retrieval adds to every prompt: k S.

    Args:
        chunks: k. [count]
        chunk_tokens: S. [token]

    Returns:
        Tokens. [token]

    Source: definition.

    >>> extra_prompt_tokens(chunks=5.0, chunk_tokens=800.0)
    4000.0
    """
    return chunks * chunk_tokens


def embedding_rate(*, flops_per_s: Value, efficiency: Value, parameters: Value) -> Value:
    """Tokens an own GPU embeds per second: F e/(2 N).

    Args:
        flops_per_s: F, dense peak of the dtype. [FLOP/s]
        efficiency: e, achieved share. [1]
        parameters: N of the encoder. [count]

    Returns:
        Rate. [token/s]

    Source: 2 FLOPs per weight and token; bge-large on an L4 reaches 34 % (infinity benchmark).

    >>> round(embedding_rate(flops_per_s=121e12, efficiency=0.34, parameters=335e6))
    61403
    """
    return flops_per_s * efficiency / (2.0 * parameters)


def embedding_usd(*, tokens: Value, usd_per_mtok: Value) -> Value:
    """Price of embedding by API: E p/10⁶.

    Args:
        tokens: E. [token]
        usd_per_mtok: p. [USD/Mtok]

    Returns:
        Cost. [USD]

    Source: price list.

    >>> embedding_usd(tokens=230e6, usd_per_mtok=0.02)
    4.6
    """
    return tokens * usd_per_mtok / MILLION


def query_usd(
    *,
    prefix_tokens: Value,
    chunks: Value,
    chunk_tokens: Value,
    question_tokens: Value,
    output_tokens: Value,
    input_usd_per_mtok: Value,
    output_usd_per_mtok: Value,
    embedding_usd_per_mtok: Value,
    cache_hit_rate: Value = 0.0,
    cache_read_ratio: Value = 0.1,
    cache_write_ratio: Value = 1.0,
    fees_usd: Value = 0.0,
) -> Value:
    """One answered question: [p_in (T_pref (h r + (1 − h) w) + k S + T_q) + p_out T_out + p_emb T_q]/10⁶ + fees.

    Args:
        prefix_tokens: T_pref, fixed and cacheable. [token]
        chunks: k. [count]
        chunk_tokens: S. [token]
        question_tokens: T_q. [token]
        output_tokens: T_out. [token]
        input_usd_per_mtok: p_in. [USD/Mtok]
        output_usd_per_mtok: p_out. [USD/Mtok]
        embedding_usd_per_mtok: p_emb. [USD/Mtok]
        cache_hit_rate: h. [1]
        cache_read_ratio: r, cached over full input price. [1]
        cache_write_ratio: w, price of writing over full input price. [1]
        fees_usd: Retrieval and reranking fees. [USD]

    Returns:
        Cost of one query. [USD]

    Source: price lists; retrieved passages stand behind the prefix and are not cached.

    >>> round(query_usd(prefix_tokens=500, chunks=5, chunk_tokens=800, question_tokens=50, output_tokens=300,
    ...                 input_usd_per_mtok=1, output_usd_per_mtok=5, embedding_usd_per_mtok=0.02), 6)
    0.006051
    """
    prefix = prefix_tokens * (cache_hit_rate * cache_read_ratio + (1.0 - cache_hit_rate) * cache_write_ratio)
    read = input_usd_per_mtok * (prefix + chunks * chunk_tokens + question_tokens)
    written = output_usd_per_mtok * output_tokens
    return (read + written + embedding_usd_per_mtok * question_tokens) / MILLION + fees_usd
