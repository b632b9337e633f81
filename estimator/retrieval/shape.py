"""Vectors of an index and the parameters of its structure."""

import numpy as np

from estimator.errors import InputError
from estimator.record import record
from estimator.units import Value

MOST_DIMENSIONS = {
    "pgvector": 2000.0,
    "pgvector_ivfflat": 2000.0,
    "pgvector_halfvec": 4000.0,
    "pgvector_ivfflat_halfvec": 4000.0,
    "pgvector_bit": 64_000.0,
}
"""Limits that an index refuses to pass; pgvector README, "Indexing". [count]"""
DEFAULT_LINKS = 16.0  # M, default of hnswlib and pgvector
FLOAT_BYTES = 4.0
BITS_PER_BYTE = 8.0


@record(kw_only=True)
class Shape:
    """Vectors of an index and the parameters of its structure."""

    dimensions: Value
    links: Value = DEFAULT_LINKS
    """M, graph neighbours per level (R of DiskANN). [count]"""
    code_bytes: Value = 96.0
    """Bytes of a product-quantized vector. [B]"""
    code_bits: float = 8.0
    """Bits of one product-quantizer code. [bit]"""
    lists: Value = 0.0
    """Inverted lists; 0 takes the library's own advice for the number of vectors. [count]"""

    @property
    def centroids(self) -> float:
        """Centroids of each sub-quantizer, 2^bits. [count]"""
        return float(2.0**self.code_bits)

    def checked(self, system: str) -> "Shape":
        """The shape itself.

        Raises:
            InputError: a dimension, link or code is out of range.
        """
        for name, value, least in (
            ("dimensions", self.dimensions, 1.0),
            ("links", self.links, 2.0),
            ("code_bytes", self.code_bytes, 1.0),
            ("lists", self.lists, 0.0),
        ):
            if not np.all(np.asarray(value, dtype=float) >= least):
                raise InputError(
                    f"retrieval.{name}: {np.min(value):g} is below {least:g} for the index {system}; {_USUAL[name]}"
                )
        most = MOST_DIMENSIONS.get(system, float("inf"))
        if np.any(np.asarray(self.dimensions, dtype=float) > most):
            raise InputError(
                f"retrieval.dimensions: {np.max(self.dimensions):g} is above {most:g}, the most an index {system} "
                "takes; shorten the vectors or choose another index"
            )
        return self


_USUAL = {
    "dimensions": "384 to 3072 are usual",
    "links": "16 to 64 are usual",
    "code_bytes": "a sixteenth of the dimensions is usual",
    "lists": "4 times the root of the vectors is usual",
}
