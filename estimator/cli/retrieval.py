"""`estimator retrieval`: what retrieval costs once, every month and with every query, and how large its index is."""

from typing import Annotated

import typer

from estimator.cli.app import (
    Form,
    InCurrency,
    On,
    Output,
    Overlay,
    Rates,
    app,
    examples,
    in_currency,
    refuse_given,
    show,
    world,
)

Text = str | None


@app.command(
    epilog=examples(
        "estimator retrieval --documents 100k --tokens-per-document 1500 --index pgvector",
        "estimator retrieval --documents 6k --tokens-per-document 1800 --churn 20% --store pinecone -f json",
    )
)
def retrieval(
    context: typer.Context,
    documents: Annotated[str, typer.Option(help="Documents, e.g. 100k.")],
    tokens_per_document: Annotated[str, typer.Option(help="Tokens of a document.")],
    chunk: Annotated[Text, typer.Option(help="Tokens of a chunk.")] = None,
    overlap: Annotated[Text, typer.Option(help="Tokens two neighbouring chunks share.")] = None,
    dimensions: Annotated[Text, typer.Option(help="Dimensions of the embedding.")] = None,
    index: Annotated[
        str, typer.Option(help="hnswlib, faiss-ivfpq, usearch-i8, diskann, pgvector, qdrant …")
    ] = "hnswlib",
    links: Annotated[Text, typer.Option(help="Graph neighbours per level, M.")] = None,
    lists: Annotated[Text, typer.Option(help="Inverted lists.")] = None,
    code_bytes: Annotated[Text, typer.Option(help="Bytes of a product-quantized vector.")] = None,
    replicas: Annotated[Text, typer.Option(help="Copies of the index.")] = None,
    node_gb: Annotated[Text, typer.Option(help="Memory of a node in GB.")] = None,
    store: Annotated[Text, typer.Option(help="Managed store, e.g. pinecone, weaviate, s3-vectors.")] = None,
    embedding: Annotated[Text, typer.Option(help="Embedding model, or own.")] = None,
    embedding_parameters: Annotated[Text, typer.Option(help="Size of an own embedding model, e.g. 335M.")] = None,
    rerank: Annotated[Text, typer.Option(help="Reranker, or own.")] = None,
    rerank_parameters: Annotated[Text, typer.Option(help="Size of an own reranker.")] = None,
    rerank_candidates: Annotated[Text, typer.Option(help="Passages the reranker reads.")] = None,
    gpu: Annotated[Text, typer.Option(help="Device of own models.")] = None,
    rewrite_calls: Annotated[Text, typer.Option(help="Calls that rewrite a question.")] = None,
    queries_per_month: Annotated[str, typer.Option(help="Questions a month.")] = "100k",
    question: Annotated[str, typer.Option(help="Tokens of a prompt without passages.")] = "50",
    answer: Annotated[str, typer.Option(help="Tokens of an answer.")] = "300",
    chunks_in_prompt: Annotated[Text, typer.Option(help="Passages in each prompt.")] = None,
    churn: Annotated[Text, typer.Option(help="Documents that change per month, e.g. 5%.")] = None,
    new_documents: Annotated[Text, typer.Option(help="Documents added per month, as a share.")] = None,
    reembed_months: Annotated[Text, typer.Option(help="Months between full re-embeddings.")] = None,
    refresh_days: Annotated[Text, typer.Option(help="Days between runs that embed what has changed.")] = None,
    model: Annotated[str, typer.Option(help="Model that reads the passages.")] = "openai/gpt-6-luna",
    on: On = None,
    currency: InCurrency = "USD",
    rates: Rates = None,
    overlay: Overlay = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """Size and price retrieval: once, every month, with every query; index, disk, nodes."""
    from estimator.cli.files import day
    from estimator.report.retrieval import retrieval_sheet
    from estimator.retrieval import quote, retrieval_scenario

    _refuse_idle(context, index=index, embedding=embedding, rerank=rerank, store=store)
    written = {
        "documents": documents,
        "tokens_per_document": tokens_per_document,
        "chunk_tokens": chunk,
        "overlap_tokens": overlap,
        "dimensions": dimensions,
        "index": index,
        "links": links,
        "lists": lists,
        "code_bytes": code_bytes,
        "replicas": replicas,
        "node_gb": node_gb,
        "store": store,
        "embedding": embedding,
        "embedding_parameters": embedding_parameters,
        "rerank": rerank,
        "rerank_parameters": rerank_parameters,
        "rerank_candidates": rerank_candidates,
        "gpu": gpu,
        "rewrite_calls": rewrite_calls,
        "chunks_in_prompt": chunks_in_prompt,
        "churn": churn,
        "new_documents": new_documents,
        "reembed_months": reembed_months,
        "refresh_days": refresh_days,
    }
    catalog = world(overlay)
    asked = retrieval_scenario(
        retrieval={key: value for key, value in written.items() if value is not None},
        model=model,
        queries_per_month=queries_per_month,
        question_tokens=question,
        output_tokens=answer,
        catalog=catalog,
        on=day(on),
    )
    with in_currency(currency, rates, catalog, [asked], None):
        show(retrieval_sheet(quote(asked, catalog=catalog)), form, output)


def _refuse_idle(context: typer.Context, *, index: str, embedding: Text, rerank: Text, store: Text) -> None:
    """Refuse flags of parts that this retrieval does not have."""
    from estimator.retrieval.index import STRUCTURE, structure_of
    from estimator.retrieval.of_option import OWN

    parts = [name for name in STRUCTURE if context.params[name] is not None]
    if parts:
        why = f"the index {index} has no such part; drop it, or choose an --index that has"
        refuse_given(context, set(parts).difference(structure_of(index)), why)
    for name, used, wanted in (
        ("embedding_parameters", embedding == OWN, "--embedding own"),
        ("rerank_parameters", rerank == OWN, "--rerank own"),
        ("rerank_candidates", rerank is not None, "--rerank"),
        ("gpu", OWN in (embedding, rerank), "--embedding own or --rerank own"),
        ("node_gb", store is None, "an index of your own, not with --store"),
    ):
        if not used:
            refuse_given(context, [name], f"goes with {wanted}; drop it, or give both")
