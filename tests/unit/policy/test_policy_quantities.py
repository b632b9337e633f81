"""Every quantity is documented, every documented family exists, and stored results are read with care."""

import json
from pathlib import Path
from typing import Any

import pytest

from estimator import estimate, load
from estimator.errors import UsageError
from estimator.policy import DOCUMENTED, documented_as, quantities_of, read_stored

ROOT = Path(__file__).resolve().parents[3]
DATA: dict[str, Any] = estimate(load(ROOT / "examples" / "triage.yaml"), draws=50).to_dict()


def test_every_quantity_is_documented_and_every_family_exists() -> None:
    scenario = DATA["scenarios"][0]
    names = quantities_of(scenario, scenario)
    families = {name: documented_as(name) for name in names}
    assert [name for name, family in families.items() if family is None] == []
    assert {family.name for family in families.values() if family} == {family.name for family in DOCUMENTED}


def test_quantities_are_the_figures_of_the_result() -> None:
    scenario = DATA["scenarios"][0]
    found = quantities_of(scenario)
    best = scenario["verdict"]["best"]
    assert found["best.cost.p90"] == found[f"{best}.cost.p90"] == scenario["options"][best]["cost_usd"]["p90"]
    assert found["baseline.break_even_month.p50"] is None
    assert found["warnings.count"] == len(scenario["warnings"])
    assert found["inputs.yours"] == sum(item["origin"] == "yours" for item in scenario["inputs"])


def test_the_page_lists_every_family() -> None:
    page = (ROOT / "docs" / "method" / "policy.md").read_text(encoding="utf-8")
    for family in DOCUMENTED:
        assert f"| `{family.name}` | {family.unit} | {family.meaning} |" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "schema version"),
        ('{"schema_version": 99, "scenarios": []}', "schema version"),
        ('{"schema_version": 1, "scenarios": [{"name": "x"}]}', "no result of estimator compare"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_file_that_is_no_result_is_refused(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "base.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        read_stored(file)


def test_a_stored_result_is_found_by_name_and_currency(tmp_path: Path) -> None:
    file = tmp_path / "base.json"
    file.write_text(json.dumps(DATA), encoding="utf-8")
    stored, scenario = read_stored(file), DATA["scenarios"][0]
    assert stored.like(scenario) == json.loads(json.dumps(scenario))
    with pytest.raises(UsageError, match="holds no scenario named 'other'"):
        stored.like({**scenario, "name": "other"})
    with pytest.raises(UsageError, match="amounts are in USD, not EUR"):
        stored.like({**scenario, "currency": "EUR"})
    with pytest.raises(UsageError, match="cannot be read"):
        read_stored(tmp_path / "none.json")
