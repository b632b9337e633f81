"""Inputs that move together: the futures of named inputs are put in an order with the wanted rank correlation."""

from collections.abc import Sequence

import numpy as np

from estimator.errors import InputError
from estimator.inputs.quantiles import standard_normal
from estimator.inputs.sampling import Ranks, generator
from estimator.units import Array


def ordering(*, streams: Sequence[str], correlation: Array, draws: int, seed: int) -> dict[str, Ranks]:
    """Order of the futures of each stream, so that their ranks have the wanted correlation.

    Iman and Conover: normal scores M of the streams' own orders have correlation T = F Fᵀ; the ranks of M F⁻ᵀ Pᵀ are
    the new orders, where P Pᵀ is the wanted correlation of normal scores, 2 sin(π ρ / 6) for rank correlation ρ.
    Only the order of the futures changes, so each input stays a Latin hypercube sample of its own distribution. The
    first stream keeps its order. Fewer futures than are needed to tell the streams apart keep theirs.

    Args:
        streams: Names of the random streams.
        correlation: Rank correlations (Spearman), symmetric with ones on the diagonal, shape (streams, streams). [1]
        draws: Number of futures. [count]
        seed: Seed of all streams. [1]

    Returns:
        Rank of each future by stream, shape (draws,). [1]

    Raises:
        InputError: no inputs can be correlated so: the matrix is not positive definite.

    Source: Iman & Conover 1982, Communications in Statistics B11(3); Pearson 1907 (2 sin(π ρ / 6)).

    >>> found = ordering(streams=("a", "b"), correlation=np.array([[1, 0.8], [0.8, 1]]), draws=1000, seed=0)
    >>> round(float(np.corrcoef(found["a"], found["b"])[0, 1]), 2)
    0.8
    """
    wanted = _root(_of_scores(correlation))
    if wanted is None:
        raise InputError(f"correlations: no inputs can be correlated so: {', '.join(streams)}")
    own = [generator(stream=stream, seed=seed).permutation(draws) for stream in streams]
    scores = np.stack([standard_normal((ranks + 0.5) / draws) for ranks in own])
    present = _root(np.atleast_2d(np.corrcoef(scores))) if draws > len(streams) else None
    if present is None:
        return dict(zip(streams, own, strict=True))
    moved = wanted @ np.linalg.solve(present, scores)
    return {stream: np.argsort(np.argsort(row)) for stream, row in zip(streams, moved, strict=True)}


def _root(matrix: Array) -> Array | None:
    """Lower triangular Cholesky factor; None where the matrix is not positive definite."""
    try:
        return np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None


def _of_scores(correlation: Array) -> Array:
    """Correlation of normal scores whose ranks are correlated so."""
    scores: Array = 2.0 * np.sin(np.pi / 6.0 * correlation)
    return scores


def is_possible(correlation: Array) -> bool:
    """Whether inputs can have these rank correlations: normal scores with them have a positive definite matrix."""
    return _root(_of_scores(correlation)) is not None
