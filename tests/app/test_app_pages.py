"""The app without a browser: what it shows equals what the library says."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from estimator import Estimate, estimate, with_flips
from estimator.dashboard import starts
from estimator.dashboard.main import PAGES
from estimator.dashboard.words import escaped
from estimator.report.flips import flip_items
from estimator.report.memo import Frame, memo_html
from estimator.report.numbers import money, share
from estimator.results import Comparison
from estimator.scenario import loads

ROOT = Path(__file__).resolve().parents[2]
TRIAGE = starts.example("triage")


@cache
def expected(text: str) -> Estimate:
    return estimate(loads(text))


def started() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    assert not app.exception
    return app


def on_page(app: AppTest, name: str) -> AppTest:
    app.switch_page(f"estimator/dashboard/app_pages/{name}.py").run()
    assert not app.exception
    return app


def put(app: AppTest, **values: str) -> AppTest:
    """Fill headline inputs (dots of a key written as two underscores) and apply them."""
    for key, value in values.items():
        app.text_input(f"{key.replace('__', '.')}@{app.session_state.revision}").set_value(value)
    app.button("apply").click().run()
    assert not app.exception
    return app


def put_text(app: AppTest, text: str) -> AppTest:
    on_page(app, "scenario")
    app.text_area(f"editor@{app.session_state.revision}").set_value(text)
    app.button("apply-text").click().run()
    assert not app.exception
    return app


def shows(app: AppTest, result: Estimate) -> bool:
    """Whether verdict and metrics on the first page are those of a result."""
    verdict = result.decision.verdict
    assert verdict.best is not None
    best = result.decision.standings[verdict.best]
    metrics = {item.label: item.value for item in app.metric}
    return escaped(verdict.sentence) in [item.value for item in app.subheader] and metrics == {
        "Quality": escaped(share(best.quality.p50)),
        "Cost": escaped(money(best.cost.p50)),
        "Mean net benefit": escaped(money(best.net_benefit.mean)),
        "P(best)": escaped(share(best.probability_best)),
    }


def test_the_app_starts_with_the_first_example():
    app = started()
    assert app.title[0].value == escaped("Support-ticket triage")
    assert shows(app, expected(TRIAGE))


def test_the_lines_of_an_option_sum_to_its_total():
    result = expected(TRIAGE)
    app = on_page(started(), "costs")
    for name, option in result.options.items():
        app.selectbox("line-option@0").select(name).run()
        lines = app.dataframe[0].value
        assert len(lines) == len(option.ledger.lines)
        assert lines["Amount (USD)"].sum() == pytest.approx(float(option.ledger.total[0]), abs=0.005)
        for line in lines.to_dict("records"):
            assert line["Quantity"] * line["Unit price (USD)"] == pytest.approx(line["Amount (USD)"], abs=0.005)


def test_sources_lists_every_input_and_can_be_narrowed():
    result = expected(TRIAGE)
    app = on_page(started(), "sources")
    assert len(app.dataframe[0].value) == len(result.inputs)
    app.pills("origins").set_value(["yours"]).run()
    assert set(app.dataframe[0].value["Input"]) == {item.key for item in result.inputs if item.origin == "yours"}
    app.pills("origins").set_value([]).run()
    assert "No input" in app.info[0].value


def test_a_headline_input_changes_metrics_and_verdict():
    app = started()
    before = [item.value for item in app.metric]
    put(app, workload__requests_per_month="300", task__value_per_success="0.01")
    assert [item.value for item in app.metric] != before
    text = app.session_state.text
    assert "requests_per_month: 300 " in text
    assert expected(text).decision.verdict.sentence != expected(TRIAGE).decision.verdict.sentence
    assert shows(app, expected(text))


def test_labels_of_a_tuned_option_can_be_changed():
    app = put(started(), options__lora__tuning__labels="500")
    assert loads(app.session_state.text).composed["lora_rag"].tuning.labels.mode == 500
    assert shows(app, expected(app.session_state.text))


def test_a_wrong_input_shows_its_message_beside_it_and_keeps_the_result():
    app = put(started(), task__minimum_quality="1.2", workload__requests_per_month="50k")
    assert len(app.error) == 1
    assert "minimum\\_quality" in app.error[0].value
    assert "outside" in app.error[0].value
    assert app.session_state.text == TRIAGE
    assert shows(app, expected(TRIAGE))
    put(app, task__minimum_quality="0.7")
    assert not app.error
    assert "requests_per_month: 50k" in app.session_state.text
    assert "minimum_quality: 0.7" in app.session_state.text


def test_when_no_option_qualifies_the_page_says_so():
    app = put(started(), task__minimum_quality="100%")
    assert not app.metric
    assert any("No option qualifies" in item.value for item in app.subheader)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("name: [", "not valid YAML"),
        (TRIAGE.replace("growth:", "groth:"), "did you mean"),
        (TRIAGE.replace("Qwen/Qwen3-8B", "Qwen/Qwen3-8Z"), "options.lora.model"),
        (TRIAGE.replace("gpu: L4", "gpu: L4444"), "GPU"),
        (f"{TRIAGE}\nname: again\n", "not valid YAML"),
        (TRIAGE.replace("  rag:", "  '=1+1':"), "rename it"),  # a name is a cell of the CSV
    ],
)
def test_a_wrong_text_is_refused_in_one_line_and_the_result_kept(text, message):
    app = put_text(started(), text)
    (error,) = app.error
    assert escaped(message).lower() in error.value.lower()
    assert app.session_state.text == TRIAGE
    assert app.title[0].value == escaped("Support-ticket triage")


def test_an_uploaded_file_is_taken():
    app = started()
    app.file_uploader("upload").set_value(("mine.yaml", starts.example("policy-assistant").encode(), "text/yaml")).run()
    assert not app.exception
    assert shows(app, expected(starts.example("policy-assistant")))
    assert app.selectbox("example").value is None


def test_an_uploaded_memo_is_taken():
    result = expected(starts.example("policy-assistant"))
    memo = memo_html(result, Frame(catalog_read_on=date(2026, 11, 24))).encode()
    app = started()
    app.file_uploader("upload").set_value(("memo.html", memo, "text/html")).run()
    assert not app.exception
    assert shows(app, result)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"", "empty"),
        (b"a: &a [*a]", "scenario"),
        (b"x" * 2_000_001, "larger"),
        (b"<!doctype html>", "no scenarios"),
    ],
)
def test_an_unusable_file_is_refused_and_the_result_kept(content, message):
    app = started()
    app.file_uploader("upload").set_value(("mine.yaml", content, "text/yaml")).run()
    assert not app.exception
    assert escaped(message) in app.error[0].value
    assert shows(app, expected(TRIAGE))


def test_script_in_a_name_is_shown_as_text():
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) $x$ :red[y]"
    app = put_text(started(), TRIAGE.replace("name: Support-ticket triage", f"name: '{hostile}'"))
    assert not app.error
    assert app.title[0].value == escaped(hostile)


ONE_OPTION = """
name: One option
start: 2027-01
horizon: 12 months
task: {kind: classification}
workload: {requests_per_month: 1000, tokens: {prompt: 500, output: 50}}
options:
  prompt: {model: openai/gpt-6-luna}
"""


@pytest.mark.parametrize("page", [name for name, _ in PAGES])
def test_a_wrong_input_keeps_the_result_on_every_page(page):
    app = put(on_page(started(), page), task__minimum_quality="7")
    assert "minimum\\_quality" in app.error[0].value
    assert app.title[0].value == escaped("Support-ticket triage")
    assert app.session_state.text == TRIAGE


@pytest.mark.parametrize("page", [name for name, _ in PAGES])
def test_every_page_has_words_for_one_option_without_anything_tuned(page):
    app = on_page(put_text(started(), ONE_OPTION), page)
    assert not app.error
    assert app.title[0].value == "One option"


def test_pages_say_what_is_missing_where_nothing_is_tuned():
    app = put_text(started(), ONE_OPTION)
    on_page(app, "upkeep")
    assert "nothing to retrain" in app.info[0].value
    on_page(app, "quality")
    assert "nothing to label" in app.info[0].value


@pytest.mark.parametrize("page", [name for name, _ in PAGES])
def test_every_page_is_drawn_when_no_option_qualifies(page):
    app = put(started(), task__minimum_quality="100%")
    on_page(app, page)
    assert not app.error


def test_the_map_takes_any_two_inputs_and_refuses_the_same_twice():
    app = on_page(started(), "breakeven")
    app.selectbox("map-across@0").select("task.knowledge_share").run()
    assert not app.exception
    assert not app.warning
    app.selectbox("map-up@0").select("task.knowledge_share").run()
    assert "same input" in app.info[0].value


def test_the_flips_of_the_library_stand_on_the_first_page():
    result = with_flips(Comparison((expected(TRIAGE),))).estimates[0]
    lead, *flips = flip_items(result)
    shown = [item.value for item in started().markdown]
    assert f"{escaped(lead)}:" in shown
    assert "\n".join(f"- {escaped(flip)}" for flip in flips) in shown


@pytest.mark.parametrize("method", ["tornado", "sobol", "evppi"])
def test_uncertainty_answers_each_of_its_questions(method):
    app = on_page(started(), "uncertainty")
    app.segmented_control("uncertainty-method").set_value(method).run()
    assert not app.exception
    assert not app.info
    assert app.expander[0].table


def test_options_can_be_left_out_of_the_charts_of_cost():
    app = on_page(started(), "costs")
    app.pills("costs-shown@0").set_value([]).run()
    assert "No option is shown" in app.info[0].value
