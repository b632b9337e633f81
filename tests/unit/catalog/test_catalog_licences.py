"""Licences of open weights: every model has one, and it says what a business may do."""

import json
from datetime import date
from pathlib import Path

import pytest

from estimator.catalog import Licence, load_catalog
from estimator.errors import CatalogError, UnknownNameError

CATALOG = load_catalog()
FAMILIES = {
    "meta-llama/Llama-3.1-8B-Instruct": "llama-3.1-community",
    "meta-llama/Llama-3.1-70B-Instruct": "llama-3.1-community",
    "meta-llama/Llama-3.3-70B-Instruct": "llama-3.3-community",
    "meta-llama/Meta-Llama-3-8B": "llama-3-community",
    "Qwen/Qwen2.5-7B": "apache-2.0",
    "Qwen/Qwen2.5-3B": "qwen-research",
    "Qwen/Qwen2.5-72B-Instruct": "qwen",
    "Qwen/Qwen-1_8B-Chat": "tongyi-qianwen-research",
    "google/gemma-3-27b-it": "gemma-terms",
    "mistralai/Mistral-Large-Instruct-2407": "mistral-research",
    "mistralai/Mistral-Nemo-Base-2407": "apache-2.0",
    "deepseek-ai/DeepSeek-V3": "deepseek-model",
    "deepseek-ai/DeepSeek-R1": "mit",
    "deepseek-ai/DeepSeek-R1-Distill-Llama-8B": "mit-on-llama-3.1",
    "openai/gpt-oss-120b": "apache-2.0",
    "ibm/PowerLM-3b": "unknown",
}
RESEARCH_ONLY = {"qwen-research", "tongyi-qianwen-research", "mistral-research", "cc-by-nc-4.0"}


@pytest.mark.parametrize("name", CATALOG.architectures())
def test_every_model_has_a_licence(name: str) -> None:
    licence = CATALOG.licence(name)
    assert licence.id == CATALOG.architecture(name).licence
    assert licence.source


@pytest.mark.parametrize(("name", "licence"), FAMILIES.items())
def test_the_licence_goes_by_family_and_size(name: str, licence: str) -> None:
    assert CATALOG.licence(name).id == licence


@pytest.mark.parametrize("terms", CATALOG.licences.values(), ids=list(CATALOG.licences))
def test_terms_are_published_only_where_somebody_read_them(terms: Licence) -> None:
    assert (terms.read_on is not None) == (terms.basis == "published")
    assert terms.read_on is None or date(2024, 1, 1) <= terms.read_on <= date(2027, 12, 31)
    assert terms.is_free or len(terms.conditions) > 30
    assert (terms.may_serve_commercially == "no") == (terms.id in RESEARCH_ONLY)


def test_few_models_have_unknown_terms() -> None:
    assert [name for name in CATALOG.architectures() if CATALOG.licence(name).id == "unknown"] == ["ibm/PowerLM-3b"]


def told(name: str, *, tunes: bool = True) -> str:
    return "; ".join(CATALOG.licence(name).warnings(model=name, tunes=tunes))


def test_a_free_licence_is_silent_and_others_speak() -> None:
    assert told("Qwen/Qwen3-8B") == ""
    assert told("microsoft/phi-4") == ""
    assert "700 million" in told("meta-llama/Llama-3.1-8B")
    assert "tuning with conditions, commercial serving with conditions" in told("google/gemma-2-9b")
    assert "licence of ibm/PowerLM-3b unknown" in told("ibm/PowerLM-3b")


def test_what_is_forbidden_is_said_loudly() -> None:
    assert "FORBIDS commercial serving of Qwen/Qwen2.5-3B" in told("Qwen/Qwen2.5-3B")
    strict = CATALOG.licence("Qwen/Qwen2.5-3B").model_copy(update={"may_tune": "no"})
    assert len(strict.warnings(model="a/b", tunes=True)) == 2
    assert len(strict.warnings(model="a/b", tunes=False)) == 1


def test_a_configuration_without_a_licence_is_unknown(tmp_path: Path) -> None:
    config = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 1000}
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    assert CATALOG.licence(str(path)).id == "unknown"
    path.write_text(json.dumps({**config, "licence": "Apache-2.0"}), encoding="utf-8")
    assert CATALOG.licence(str(path)).id == "apache-2.0"
    path.write_text(json.dumps({**config, "licence": "apache-3.0"}), encoding="utf-8")
    with pytest.raises(UnknownNameError, match=r"did you mean 'apache-2.0'"):
        CATALOG.licence(str(path))


def test_an_overlay_brings_its_own_terms_and_a_broken_entry_is_named(tmp_path: Path) -> None:
    terms = {
        "name": "Deal",
        "may_tune": "yes",
        "may_serve_commercially": "yes",
        "source": "contract",
        "basis": "published",
    }
    shape = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 1000, "licence": "deal"}
    (tmp_path / "models.json").write_text(json.dumps({"me/mine": shape}), encoding="utf-8")
    with pytest.raises(UnknownNameError, match=r"unknown licence of me/mine 'deal'"):
        load_catalog(overlay=tmp_path)
    (tmp_path / "licences.json").write_text(json.dumps({"deal": terms}), encoding="utf-8")
    assert load_catalog(overlay=tmp_path).licence("me/mine").is_free
    (tmp_path / "licences.json").write_text(json.dumps({"deal": {**terms, "may_tune": "perhaps"}}), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"licences.json: may_tune 'perhaps'"):
        load_catalog(overlay=tmp_path)
