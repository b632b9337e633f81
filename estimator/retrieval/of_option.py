"""From the inputs of an option to what retrieval adds to its bill and its prompts."""

import numpy as np

from estimator.catalog import Accelerator
from estimator.errors import InfeasibleError, ScenarioError, did_you_mean
from estimator.inputs import OptionInputs
from estimator.retrieval.bill import Asking, Keeping, Rates, RetrievalBill, bill
from estimator.retrieval.corpus import Corpus
from estimator.retrieval.models import OwnGpu, OwnModel, OwnModels, own_models
from estimator.retrieval.nodes import NodePlan, node_plan
from estimator.retrieval.shape import Shape
from estimator.units import GB, MILLION, SECONDS_PER_MONTH, THOUSAND, Value, central

OWN = "own"
CODE_DIMENSIONS = 16.0
"""Dimensions per byte of a product-quantized vector where its size is not given."""


def retrieval_of(option: OptionInputs) -> RetrievalBill | None:
    """What retrieval adds to an option; None where nothing is retrieved.

    Args:
        option: Inputs of the option.

    Returns:
        Sizes, tokens and items. [USD]

    Raises:
        InfeasibleError: the passages exceed the context window of the model.
        ScenarioError: the embedding model or the reranker has no price row.

    Source: formulas of this room.
    """
    spec = option.spec.retrieval
    if spec is None:
        return None
    corpus = _corpus(option)
    own = _own_models(option, corpus)
    found = bill(
        corpus=corpus,
        asking=Asking(
            queries_per_month=option["workload.requests_per_month"],
            question_tokens=option["workload.tokens.prompt"],
            chunks_in_prompt=option["retrieval.chunks_in_prompt"],
            rerank_usd=_rerank_usd(option, corpus),
            rewrite_usd=_rewrite_usd(option),
        ),
        keeping=Keeping(
            system=spec.index,
            shape=_shape(option),
            store=spec.store,
            copies=option["retrieval.replicas"],
            payload_bytes=option["retrieval.payload_bytes"],
            rebuild_days=option["retrieval.rebuild_days"],
        ),
        rates=_rates(option, own),
        price=lambda name: _row(option, name),
    )
    _check_window(option, found.context_tokens)
    return found


def nodes_of(option: OptionInputs, found: RetrievalBill) -> NodePlan | None:
    """Nodes of an index of one's own; None where a managed store holds it.

    Args:
        option: Inputs of the option.
        found: What retrieval adds.

    Returns:
        Shards and nodes. [count]

    Source: `node_plan`.
    """
    spec = option.spec.retrieval
    if spec is None or spec.store is not None:
        return None
    return node_plan(
        index_bytes=found.index.memory_bytes,
        node_memory_bytes=option["retrieval.node_gb"] * GB,
        peak_queries_per_s=_peak_queries(option),
        queries_per_s_per_core=option.price("retrieval.queries_per_core"),
        cores_per_node=option["retrieval.node_cores"],
        usable_share=option["retrieval.usable_share"],
        copies=option["retrieval.replicas"],
    )


def _corpus(option: OptionInputs) -> Corpus:
    chunk, overlap = option["retrieval.chunk_tokens"], option["retrieval.overlap_tokens"]
    if option.given("retrieval.overlap_tokens") is None:
        overlap = np.minimum(overlap, chunk / 2.0)
    return Corpus(
        documents=option["retrieval.documents"],
        document_tokens=option["retrieval.tokens_per_document"],
        chunk_tokens=chunk,
        overlap_tokens=overlap,
        churn=option["retrieval.churn"],
        new_documents=option["retrieval.new_documents"],
        reembed_months=option["retrieval.reembed_months"],
        refresh_days=option["retrieval.refresh_days"],
    )


def _shape(option: OptionInputs) -> Shape:
    dimensions = option["retrieval.dimensions"]
    given = option.given("retrieval.code_bytes") is not None
    return Shape(
        dimensions=dimensions,
        links=option["retrieval.links"],
        code_bytes=option["retrieval.code_bytes"] if given else np.ceil(dimensions / CODE_DIMENSIONS),
        lists=option["retrieval.lists"],
    )


def _rates(option: OptionInputs, own: tuple[OwnGpu, OwnModels] | None) -> Rates:
    spec = option.spec.retrieval
    embeds = spec is not None and spec.embedding == OWN
    corpus_usd: Value
    question_usd: Value
    if embeds and own is not None:
        corpus_usd, question_usd = own[1].usd_per_mtok(own[0]), 0.0
    else:
        corpus_usd = question_usd = _embedding_price(option, spec.embedding if spec is not None else "")
    return Rates(
        embedding_usd_per_mtok=corpus_usd,
        question_usd_per_mtok=question_usd,
        memory_usd_per_gb_month=option["retrieval.memory_usd_per_gb_month"],
        disk_usd_per_gb_month=option["retrieval.disk_usd_per_gb_month"],
        core_usd_per_hour=option["retrieval.core_usd_per_hour"],
        vectors_per_s_per_core=option.price("retrieval.build_rate"),
        minimum_usd_per_month=option["retrieval.minimum_usd_per_month"],
        own_models_usd_per_month=own[1].usd_per_month if own is not None else 0.0,
    )


def _peak_queries(option: OptionInputs) -> Value:
    return option["workload.requests_per_month"] / SECONDS_PER_MONTH * option["retrieval.peak_to_mean"]


def _own_models(option: OptionInputs, corpus: Corpus) -> tuple[OwnGpu, OwnModels] | None:
    """Embedding model first, where it is one's own; then the reranker."""
    spec = option.spec.retrieval
    if spec is None or OWN not in (spec.embedding, spec.rerank):
        return None
    question = option["workload.tokens.prompt"]
    models = []
    if spec.embedding == OWN:
        models.append(
            OwnModel(what="embedding", parameters=_parameters(option, "embedding"), tokens_per_query=question)
        )
    if spec.rerank == OWN:
        read = option["retrieval.rerank_candidates"] * (corpus.passage_tokens + question)
        models.append(OwnModel(what="rerank", parameters=_parameters(option, "rerank"), tokens_per_query=read))
    gpu = _gpu(option)
    return gpu, own_models(gpu=gpu, models=tuple(models), peak_queries_per_s=_peak_queries(option))


def _parameters(option: OptionInputs, what: str) -> Value:
    key = f"retrieval.{what}_parameters"
    if option.given(key) is None:
        raise ScenarioError(f"options.{option.name}.{key} is missing; give the size of your own model, e.g. 335M")
    return option[key]


def _gpu(option: OptionInputs) -> OwnGpu:
    spec = option.spec.retrieval
    name = spec.gpu if spec is not None and spec.gpu is not None else "L4"
    device: Accelerator = option.accelerator("retrieval.gpu", name)
    flops = max(device.peak_flops_per_s.get(dtype, 0.0) for dtype in ("bf16", "fp16"))
    if option.given("retrieval.usd_per_gpu_hour") is not None:
        usd = option["retrieval.usd_per_gpu_hour"]
    else:
        offers = option.world.catalog.gpu_offers(on=option.world.on, gpu=device.name, term="on_demand")
        if not offers:
            raise InfeasibleError(
                f"no on-demand offer of {device.name} on {option.world.on}; give retrieval.usd_per_gpu_hour"
            )
        usd = option.price(offers[0].row.id) / offers[0].gpus
    return OwnGpu(
        name=device.name,
        flops_per_s=flops,
        memory_bytes=device.usable_memory_bytes,
        usd_per_hour=usd,
        efficiency=option.price("retrieval.embedding_efficiency"),
        usable_share=option["retrieval.usable_share"],
    )


def _rerank_usd(option: OptionInputs, corpus: Corpus) -> Value:
    """Of one query: as given, else by the row of the reranker; 0 for one's own and where none is named."""
    spec = option.spec.retrieval
    reranker = spec.rerank if spec is not None else None
    if option.given("retrieval.rerank_usd_per_query") is not None:
        return option["retrieval.rerank_usd_per_query"]
    if reranker in (None, OWN):
        return 0.0
    row_id = f"rerank/{reranker}"
    row = option.world.catalog.find(row_id, option.world.on)
    if row is None:
        raise ScenarioError(_no_row(option, "rerank", row_id))
    usd = option.price(row_id)
    if row.unit == "USD/Mtok":
        question = option["workload.tokens.prompt"]
        return option["retrieval.rerank_candidates"] * (corpus.passage_tokens + question) * usd / MILLION
    return usd / THOUSAND


def _rewrite_usd(option: OptionInputs) -> Value:
    """Calls of the option's hosted model before the question is embedded. [USD/query]"""
    calls = option["retrieval.rewrite_calls"]
    if not np.any(np.asarray(calls) > 0):
        return 0.0
    if option.token_price is None:
        raise ScenarioError(
            f"options.{option.name}.retrieval.rewrite_calls: {option.model} has no token price here; leave it out and "
            "count the calls in workload.requests_per_month"
        )
    tier = option.token_price.tiers[0]
    read = option["retrieval.rewrite_input_tokens"] * tier.input_usd_per_mtok
    written = option["retrieval.rewrite_output_tokens"] * tier.output_usd_per_mtok
    return calls * (read + written) / MILLION


def _check_window(option: OptionInputs, context: Value) -> None:
    if option.architecture is not None:
        window: int | None = option.architecture.max_positions
    else:
        window = option.token_price.context_window if option.token_price is not None else None
    needed = central(context + option["workload.tokens.prompt"] + option["workload.tokens.output"])
    if window is not None and needed > window:
        raise InfeasibleError(
            f"{needed:,.0f} tokens of prompt, passages and answer exceed the {window:,} of {option.model}; "
            "lower retrieval.chunks_in_prompt or chunk_tokens"
        )


def _embedding_price(option: OptionInputs, embedding: str) -> Value:
    row_id = f"embedding/{embedding}"
    if option.world.catalog.find(row_id, option.world.on) is None:
        raise ScenarioError(_no_row(option, "embedding", row_id))
    return option.price(row_id)


def _no_row(option: OptionInputs, key: str, row_id: str) -> str:
    kind, _, name = row_id.partition("/")
    known = [row.id.partition("/")[2] for row in option.world.catalog.rows("embeddings") if row.id.startswith(kind)]
    near = did_you_mean(name, known)
    near = f"{near} Otherwise" if near else ";"
    return (
        f"options.{option.name}.retrieval.{key}: no price row {row_id!r} on {option.world.on}{near} "
        "choose a model of pricing/embeddings.csv, or own"
    )


def _row(option: OptionInputs, name: str) -> Value:
    """A row of a store by its name below `vector_store/`, or a constant by its whole id."""
    whole = name.startswith("retrieval.")
    return option.price(name if whole else f"vector_store/{name}", key="retrieval.store")
