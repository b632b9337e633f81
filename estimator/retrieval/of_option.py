"""From the inputs of an option to what retrieval adds to its bill and its prompts."""

from estimator.errors import InfeasibleError, ScenarioError
from estimator.inputs import OptionInputs
from estimator.retrieval.bill import MEMORY_HEADROOM, RetrievalBill, bill
from estimator.retrieval.index import Shape
from estimator.units import Value, central

__all__ = ["MEMORY_HEADROOM", "retrieval_of"]


def retrieval_of(option: OptionInputs) -> RetrievalBill | None:
    """What retrieval adds to an option; None where nothing is retrieved.

    Args:
        option: Inputs of the option.

    Returns:
        Sizes, tokens and prices. [USD]

    Raises:
        InfeasibleError: the passages exceed the context window of the model.
        ScenarioError: the embedding model has no price row.

    Source: formulas of this room.
    """
    spec = option.spec.retrieval
    if spec is None:
        return None
    found = bill(
        documents=option["retrieval.documents"],
        document_tokens=option["retrieval.tokens_per_document"],
        chunk_tokens=option["retrieval.chunk_tokens"],
        overlap_tokens=option["retrieval.overlap_tokens"],
        chunks_in_prompt=option["retrieval.chunks_in_prompt"],
        question_tokens=option["workload.tokens.prompt"],
        system=spec.index,
        shape=Shape(dimensions=option["retrieval.dimensions"]),
        churn=option["retrieval.churn"],
        new_documents=option["retrieval.new_documents"],
        reembed_months=option["retrieval.reembed_months"],
        usd_per_mtok_embedding=_embedding_price(option, spec.embedding),
        usd_per_gb_month_memory=option["retrieval.memory_usd_per_gb_month"],
        minimum_usd_per_month=option["retrieval.minimum_usd_per_month"],
        rerank_usd_per_query=option["retrieval.rerank_usd_per_query"],
    )
    _check_window(option, found.context_tokens)
    return found


def _check_window(option: OptionInputs, context: Value) -> None:
    if option.architecture is None:
        return
    needed = central(context + option["workload.tokens.prompt"] + option["workload.tokens.output"])
    window = option.architecture.max_positions
    if needed > window:
        raise InfeasibleError(
            f"{needed:,.0f} tokens of prompt, passages and answer exceed the {window:,} of {option.model}; "
            "lower retrieval.chunks_in_prompt or chunk_tokens"
        )


def _embedding_price(option: OptionInputs, embedding: str) -> Value:
    row_id = f"embedding/{embedding}"
    if option.world.catalog.find(row_id, option.world.on) is None:
        raise ScenarioError(
            f"options.{option.name}.retrieval.embedding: no price row {row_id!r} on {option.world.on}; "
            "choose a model of pricing/embeddings.csv"
        )
    return option.price(row_id)
