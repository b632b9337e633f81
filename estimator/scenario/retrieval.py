"""How passages are fetched at question time."""

from estimator.scenario.fields import (
    Count,
    Days,
    Hours,
    HoursPerMonth,
    Months,
    Name,
    Part,
    Share,
    SomeCount,
    SomeTokens,
    Tokens,
    Usd,
    UsdPerHour,
)


class Retrieval(Part):
    """Passages fetched at question time (RAG)."""

    documents: SomeCount | None = None
    """Documents in the corpus."""
    tokens_per_document: SomeTokens | None = None
    """Mean length of a document."""
    churn: Share | None = None
    """Share of the documents that change per month."""
    new_documents: Share | None = None
    """Documents added per month, as a share of the corpus."""
    chunk_tokens: SomeTokens | None = None
    """Tokens per chunk."""
    overlap_tokens: Tokens | None = None
    """Tokens two neighbouring chunks share."""
    chunks_in_prompt: SomeCount | None = None
    """Chunks put into the prompt."""
    dimensions: SomeCount | None = None
    """Dimensions of the embedding."""
    index: str = "hnswlib"
    """Index format whose bytes are counted, e.g. hnswlib, faiss_ivf_pq, pgvector."""
    links: SomeCount | None = None
    """Graph neighbours per level, M."""
    code_bytes: SomeCount | None = None
    """Bytes of a product-quantized vector; a sixteenth of the dimensions where not given."""
    lists: Count | None = None
    """Inverted lists; the library's own advice where not given."""
    replicas: SomeCount | None = None
    """Copies of the whole index."""
    shared: Name | None = None
    """Name of an index that several scenarios use; a portfolio pays for it once."""
    store: str | None = None
    """Managed vector store, e.g. pinecone; an index of one's own where not given."""
    payload_bytes: Count | None = None
    """Metadata kept with each chunk."""
    embedding: str = "openai/text-embedding-3-small"
    """Embedding model, a row of the embeddings table; own for one on retrieval.gpu."""
    embedding_parameters: SomeCount | None = None
    """Size of an embedding model of one's own."""
    gpu: str | None = None
    """Device of embedding and reranking models of one's own."""
    usd_per_gpu_hour: UsdPerHour | None = None
    """Price of retrieval.gpu; the cheapest offer of the catalog where not given."""
    rerank: str | None = None
    """Reranker, a row of the embeddings table; own for one on retrieval.gpu."""
    rerank_parameters: SomeCount | None = None
    """Size of a reranker of one's own."""
    rerank_candidates: SomeCount | None = None
    """Passages the reranker reads for each question."""
    rewrite_calls: Count | None = None
    """Calls of the model that rewrite a question before it is embedded."""
    rewrite_input_tokens: Tokens | None = None
    """Tokens read by a rewriting call."""
    rewrite_output_tokens: Tokens | None = None
    """Tokens written by a rewriting call."""
    refresh_days: Days | None = None
    """Days between runs that embed what has changed; facts are stale half as long."""
    rebuild_days: Count | None = None
    """Days in which the old and the new index are both held at a full re-embedding."""
    recall: Share | None = None
    """Share of questions whose passage is in the prompt; a default is that of the search alone."""
    rerank_gain: Share | None = None
    """Share of the missed passages that a reranker recovers; a given recall holds it already."""
    context_use: Share | None = None
    """Share of retrieved answers that the model really uses."""
    reembed_months: Months | None = None
    """Months between full re-embeddings."""
    rerank_usd_per_query: Usd | None = None
    """Price of reranking; without it and without a reranker nothing is reranked."""
    memory_usd_per_gb_month: Usd | None = None
    """Memory of the index, served."""
    disk_usd_per_gb_month: Usd | None = None
    """Block storage of index and text."""
    node_gb: SomeCount | None = None
    """Memory of one node of an index of one's own."""
    node_cores: SomeCount | None = None
    """Cores of such a node."""
    build_hours: Hours | None = None
    """Building ingestion, index and prompts."""
    evaluation_hours: Hours | None = None
    """Questions with known passages, written and judged once."""
    operations_hours: HoursPerMonth | None = None
    """Keeping ingestion and index running."""

    @property
    def reranks(self) -> bool:
        """Whether passages are put in order by a reranker."""
        return self.rerank is not None or self.rerank_usd_per_query is not None
