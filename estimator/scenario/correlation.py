"""Inputs of a scenario that move together."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from estimator.scenario.fields import Name, Part


class Correlation(Part):
    """Two uncertain inputs that tend to be high together (or, with a rank below 0, not)."""

    between: tuple[Name, Name]
    """Keys of two inputs as results show them, such as workload.requests_per_month or options.lora.tuning.labels."""
    rank: Annotated[float, Field(gt=-1, lt=1)]
    """Spearman's rank correlation, above -1 and below 1."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.between[0] == self.between[1]:
            raise ValueError(f"between names {self.between[0]} twice; name two inputs")
        return self
