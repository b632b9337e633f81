"""The JSON schema that editors use to complete and check scenario files."""

from typing import Any

from estimator.scenario.scenario import Scenario

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """JSON schema of a scenario file, generated from the models."""
    return {"$schema": SCHEMA_DIALECT, **Scenario.model_json_schema(mode="validation")}
