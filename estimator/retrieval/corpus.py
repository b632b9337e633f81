"""The documents: chunks, vectors and tokens, at the start and as they change."""

import numpy as np

from estimator.errors import InputError
from estimator.record import record
from estimator.retrieval.chunks import chunks_per_document, embedded_tokens_per_document, refresh_tokens_per_month
from estimator.units import DAYS_PER_MONTH, Value


@record(kw_only=True)
class Corpus:
    """Documents, how they are cut and how they change."""

    documents: Value
    document_tokens: Value
    """T. [token]"""
    chunk_tokens: Value
    """S. [token]"""
    overlap_tokens: Value
    """O, below S. [token]"""
    churn: Value
    """Documents changed per month over all. [1/month]"""
    new_documents: Value
    """Documents added per month over all. [1/month]"""
    reembed_months: Value
    """Months between full re-embeddings, forced by the end of an embedding model. [month]"""
    refresh_days: Value = 1.0
    """Days between runs that embed what has changed. [day]"""

    def __post_init__(self) -> None:
        for name, value in (("documents", self.documents), ("tokens_per_document", self.document_tokens)):
            if not np.all(np.asarray(value) > 0):
                raise InputError(
                    f"retrieval.{name}: {np.min(value):g} is not above 0; leave retrieval out if there is nothing"
                )
        if not np.all(np.asarray(self.chunk_tokens) > 0):
            raise InputError(
                f"retrieval.chunk_tokens: {np.min(self.chunk_tokens):g} is not above 0; 256 to 2000 are usual"
            )
        if not np.all(np.asarray(self.reembed_months) > 0):
            raise InputError(
                f"retrieval.reembed_months: {np.min(self.reembed_months):g} is not above 0; 12 to 36 are usual"
            )
        for name, value in (
            ("overlap_tokens", self.overlap_tokens),
            ("churn", self.churn),
            ("new_documents", self.new_documents),
            ("refresh_days", self.refresh_days),
        ):
            if not np.all(np.asarray(value) >= 0):
                raise InputError(f"retrieval.{name}: {np.min(value):g} is below 0; give 0 or more")

    @property
    def chunks_each(self) -> Value:
        """Chunks of one document. [count]"""
        return chunks_per_document(
            document_tokens=self.document_tokens, chunk_tokens=self.chunk_tokens, overlap_tokens=self.overlap_tokens
        )

    @property
    def vectors(self) -> Value:
        """Chunks of all documents. [count]"""
        return self.documents * self.chunks_each

    @property
    def tokens(self) -> Value:
        """Tokens embedded for the whole corpus, overlaps counted twice. [token]"""
        return self.documents * embedded_tokens_per_document(
            document_tokens=self.document_tokens, chunk_tokens=self.chunk_tokens, overlap_tokens=self.overlap_tokens
        )

    @property
    def passage_tokens(self) -> Value:
        """Tokens of one passage; a document shorter than a chunk is one passage. [token]"""
        return np.minimum(self.chunk_tokens, self.document_tokens)

    @property
    def refresh_tokens_per_month(self) -> Value:
        """Tokens of changed and new documents. [token/month]"""
        return refresh_tokens_per_month(corpus_tokens=self.tokens, churn=self.churn, new_documents=self.new_documents)

    @property
    def reembed_tokens_per_month(self) -> Value:
        """Tokens of full re-embeddings, spread over the months between them. [token/month]"""
        return self.tokens / self.reembed_months

    @property
    def written_per_month(self) -> Value:
        """Vectors written for changed and new documents and full re-embeddings. [1/month]"""
        return self.vectors * (self.churn + self.new_documents + 1.0 / self.reembed_months)

    @property
    def stale_share(self) -> Value:
        """Mean share of documents whose index entry is out of date: f_upd × half the days between runs. [1]"""
        return np.minimum(self.churn * self.refresh_days / (2.0 * DAYS_PER_MONTH), 1.0)
