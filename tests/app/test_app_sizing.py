"""The page about memory shows what the library says."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from test_app_pages import on_page, put_text, started

from estimator import memory_of
from estimator.dashboard import starts
from estimator.dashboard.words import escaped
from estimator.report.memory import ladder_table, needs

MODEL = "Qwen/Qwen3-8B"


def sizing() -> AppTest:
    return on_page(started(), "sizing")


def said(app: AppTest) -> list[str]:
    return [item.value for item in app.markdown]


def expected(**given: Any) -> str:
    start = {"gpu": "H100-80GB", "micro_batch": 4, "seq_len": 2048, "method": "lora"}
    return escaped(needs(memory_of(MODEL, **{**start, **given})))


def test_the_page_starts_with_the_model_of_the_scenario_and_its_options() -> None:
    app = sizing()
    assert app.selectbox(f"sizing-model@{app.session_state.revision}").value == MODEL
    assert expected() in said(app)
    captions = " ".join(item.value for item in app.caption)
    assert "lora needs" in captions
    assert "QLoRA needs" in captions


def test_changed_inputs_give_the_answer_of_the_library() -> None:
    app = sizing()
    app.selectbox("sizing-method").set_value("full")
    app.selectbox("sizing-gpu").set_value("A100-SXM4-40GB")
    app.number_input("sizing-micro-batch").set_value(2).run()
    assert not app.exception
    answer = memory_of(MODEL, method="full", gpu="A100-SXM4-40GB", micro_batch=2, seq_len=2048)
    assert escaped(needs(answer)) in said(app)
    assert answer.ladder is not None
    changes = [escaped(row[0]) for row in ladder_table(answer.ladder).rows]
    assert changes in [list(table.value["Change"]) for table in app.table if "Change" in table.value]


def test_several_gpus_are_shared() -> None:
    app = sizing()
    app.number_input("sizing-gpus").set_value(4).run()
    app.selectbox("sizing-sharding").set_value("zero2").run()
    assert not app.exception
    assert expected(gpus=4, sharding="zero2") in said(app)


def test_choices_that_cannot_be_are_said_and_the_page_stays() -> None:
    app = sizing()
    app.selectbox(f"sizing-model@{app.session_state.revision}").set_value("openai-community/gpt2").run()
    assert not app.exception
    (error,) = app.error
    assert "no embedding for them" in error.value


@pytest.mark.parametrize("name", list(starts.EXAMPLES))
def test_every_example_has_a_page(name: str) -> None:
    app = on_page(put_text(started(), starts.example(name)), "sizing")
    assert not app.error


def test_a_scenario_without_own_training_says_so() -> None:
    text = starts.example("triage")
    lines = text[: text.index("options:")]
    app = on_page(put_text(started(), f"{lines}options:\n  prompt: {{model: openai/gpt-6-luna}}\n"), "sizing")
    assert any("No option of this scenario is trained" in item.value for item in app.info)
    assert not app.error
