"""The adapter of genai-prices on its own data, where that is stable."""

import subprocess
import sys
from datetime import date

from estimator.catalog import load_catalog, tokens

CATALOG = load_catalog()
ON = date(2026, 11, 24)


def test_small_model_of_the_templates_has_the_price_of_its_vendor() -> None:
    found = CATALOG.token_price("openai/gpt-6-luna", on=ON)
    base, long = found.tiers
    assert (base.input_usd_per_mtok, base.cached_input_usd_per_mtok, base.output_usd_per_mtok) == (0.1, 0.01, 0.5)
    assert long.above_input_tokens == 272_000
    assert long.input_usd_per_mtok > base.input_usd_per_mtok
    assert found.source.startswith("genai-prices ")


def test_open_weights_hosted_by_others() -> None:
    for reference in ("together/meta-llama/Llama-3.3-70B-Instruct-Turbo", "groq/llama-3.3-70b-versatile"):
        assert CATALOG.is_hosted(reference)
        assert CATALOG.token_price(reference, on=ON).tiers[0].output_usd_per_mtok > 0


def test_prefixes_in_use_elsewhere() -> None:
    assert tokens.canonical("Gemini/Gemini-2.5-Pro") == "google/gemini-2.5-pro"
    assert CATALOG.token_price("vertex_ai/gemini-2.5-pro", on=ON).provider == "google"


def test_hub_name_is_hosted_only_where_billed_by_the_token() -> None:
    assert CATALOG.is_hosted("openai/gpt-oss-20b")
    assert not CATALOG.is_hosted("Qwen/Qwen3-8B")
    assert not CATALOG.is_hosted("google/gemma-3-27b-it")


def test_a_hub_name_that_contains_a_provider_is_not_that_provider() -> None:
    assert not CATALOG.is_hosted("openai-community/gpt2")


def test_retirement_days() -> None:
    assert CATALOG.retires_on("openai/gpt-4o-2024-08-06") == date(2027, 1, 14)
    assert CATALOG.retires_on("OpenAI/GPT-4o") == date(2027, 1, 14)
    assert CATALOG.retires_on("openai/gpt-6-luna") is None
    found = CATALOG.token_price("openai/gpt-4o", on=date(2027, 2, 1))
    assert found.retires_on == date(2027, 1, 14)
    assert any("shut down" in warning for warning in found.warnings)


def test_the_price_list_is_read_lazily() -> None:
    code = "import sys, estimator.catalog; estimator.catalog.load_catalog(); print('genai_prices' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
