"""Turning a downloaded price catalogue into rows for review: nothing is fetched, nothing is overwritten."""

from estimator.catalog.importing.karpenter import read_karpenter_aws, read_karpenter_azure
from estimator.catalog.importing.own import read_own_rows
from estimator.catalog.importing.reading import Reading
from estimator.catalog.importing.review import Proposal, Review, reviewed
from estimator.catalog.importing.skypilot import provider_named, read_skypilot

__all__ = [
    "Proposal",
    "Reading",
    "Review",
    "provider_named",
    "read_karpenter_aws",
    "read_karpenter_azure",
    "read_own_rows",
    "read_skypilot",
    "reviewed",
]
