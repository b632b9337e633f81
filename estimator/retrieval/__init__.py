"""What does retrieval add? Chunks, embeddings, index bytes, refreshes and tokens in every prompt."""

from estimator.retrieval.bill import Asking, Keeping, Rates, RetrievalBill, bill
from estimator.retrieval.billing import StoreUse
from estimator.retrieval.chunks import (
    chunks_per_document,
    embedded_tokens_per_document,
    embedding_rate,
    embedding_usd,
    extra_prompt_tokens,
    query_usd,
    refresh_tokens_per_month,
)
from estimator.retrieval.corpus import Corpus
from estimator.retrieval.formats import FORMATS, format_name
from estimator.retrieval.index import IndexSize, index_bytes_per_vector, index_size
from estimator.retrieval.items import CostItem, RetrievalCost
from estimator.retrieval.models import OwnGpu, OwnModel, OwnModels, own_models
from estimator.retrieval.nodes import NodePlan, index_build_core_hours, node_plan, nodes
from estimator.retrieval.of_option import nodes_of, retrieval_of
from estimator.retrieval.quote import RetrievalQuote, quote, retrieval_scenario
from estimator.retrieval.shape import Shape
from estimator.retrieval.stores import STORES, StoreBill, store_bill

__all__ = [
    "FORMATS",
    "STORES",
    "Asking",
    "Corpus",
    "CostItem",
    "IndexSize",
    "Keeping",
    "NodePlan",
    "OwnGpu",
    "OwnModel",
    "OwnModels",
    "Rates",
    "RetrievalBill",
    "RetrievalCost",
    "RetrievalQuote",
    "Shape",
    "StoreBill",
    "StoreUse",
    "bill",
    "chunks_per_document",
    "embedded_tokens_per_document",
    "embedding_rate",
    "embedding_usd",
    "extra_prompt_tokens",
    "format_name",
    "index_build_core_hours",
    "index_bytes_per_vector",
    "index_size",
    "node_plan",
    "nodes",
    "nodes_of",
    "own_models",
    "query_usd",
    "quote",
    "refresh_tokens_per_month",
    "retrieval_of",
    "retrieval_scenario",
    "store_bill",
]
