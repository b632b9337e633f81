"""A scenario travels in the address, damaged addresses are refused, and accepted edits can be taken back."""

import base64
import zlib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import estimator.dashboard
from estimator.dashboard import starts, state
from estimator.dashboard.address import parameters_of, text_of
from estimator.errors import ScenarioError
from estimator.scenario import loads
from estimator.scenario.files import MAX_BYTES
from estimator.scenario.link import MAX_CODE, PARAMETER, packed, unpacked
from estimator.scenario.opening import OPENED

MAIN = Path(estimator.dashboard.__file__).parent / "main.py"
BOMB = base64.urlsafe_b64encode(zlib.compress(b"0" * (MAX_BYTES * 20), 9)).decode()
CUT = str(packed(starts.example("triage")))[:-8]


def opened(code=None):
    app = AppTest.from_file(str(MAIN), default_timeout=120)
    if code is not None:
        app.query_params[PARAMETER] = code
    app.run()
    assert not app.exception
    return app


def parameter(app, name):
    """A parameter of the address; the test harness hands out a list of one where the app did not set it itself."""
    value = app.query_params[name]
    return value[0] if isinstance(value, list) else value


@pytest.mark.parametrize("name", starts.EXAMPLES)
def test_a_packed_scenario_comes_back_and_fits_an_address(name):
    code = packed(starts.example(name))
    assert code is not None
    assert unpacked(code) == starts.example(name)


def test_a_text_too_long_for_an_address_is_not_packed():
    numbers = " ".join(str(pow(7, step, 1_000_003)) for step in range(20_000))
    assert packed(numbers) is None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("<script>alert(1)</script>", "damaged"),
        ("AAAA", "damaged"),
        ("ä", "damaged"),
        ("A" * (MAX_CODE + 1), "longer than"),
        (BOMB, "expands to more than"),
        (CUT, "cut short"),
    ],
)
def test_a_damaged_link_is_refused(code, message):
    with pytest.raises(ScenarioError, match=message):
        unpacked(code)


def test_a_shared_address_opens_its_scenario_and_keeps_it():
    code = packed(starts.example("contract-review"))
    app = opened(code)
    assert app.session_state.text == starts.example("contract-review")
    assert app.query_params[PARAMETER] in (code, [code])


@pytest.mark.parametrize("code", [BOMB, "AAAA", packed("name: <b>no scenario</b>")])
def test_a_refused_address_says_so_and_the_first_example_stays(code):
    app = opened(code)
    assert app.session_state.text == starts.example("triage")
    assert len(app.sidebar.error) == 1
    assert PARAMETER not in app.query_params


def test_undo_and_redo_walk_through_accepted_scenarios():
    app = opened()
    assert app.button(key="undo").disabled
    app.selectbox(key="example").set_value("policy-assistant").run()
    assert app.session_state.text == starts.example("policy-assistant")
    assert parameter(app, "example") == "policy-assistant"
    app.button(key="undo").click().run()
    assert app.session_state.text == starts.example("triage")
    assert app.button(key="undo").disabled
    app.button(key="redo").click().run()
    assert app.session_state.text == starts.example("policy-assistant")
    assert app.button(key="redo").disabled


def test_the_app_begins_with_the_named_file(monkeypatch, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(starts.example("triage").replace("name: ", "name: My own ", 1), encoding="utf-8")
    monkeypatch.setenv(OPENED, str(file))
    app = opened()
    assert app.session_state.text == file.read_text(encoding="utf-8")
    assert app.session_state[state.EXAMPLE] is None
    assert packed(app.session_state.text) in app.query_params[PARAMETER]
    file.unlink()
    gone = opened()
    assert gone.session_state.text == starts.example("triage")
    assert "no such file" in gone.session_state.problems[state.LINK]


def test_headline_inputs_stand_readable_in_the_address():
    text = text_of({"example": "triage", "workload.requests_per_month": "150k", "horizon": "24 months"})
    assert text is not None
    scenario = loads(text)
    assert (scenario.horizon, scenario.workload.requests_per_month.mode) == (24, 150_000)
    assert parameters_of(text, "triage") == {
        "example": "triage",
        "workload.requests_per_month": "150k",
        "horizon": "24 months",
    }
    assert list(parameters_of(text, "contract-review")) == [PARAMETER]
    assert list(parameters_of(text.replace("narrow: true", "narrow: false"), "triage")) == [PARAMETER]
    assert text_of({"embed": "true"}) is None


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"example": "tirage"}, "did you mean 'triage'"),
        ({"workload.request_per_month": "1k"}, "did you mean 'workload.requests_per_month'"),
        ({"workload.requests_per_month": "<script>alert(1)</script>"}, "workload.requests_per_month"),
        ({"workload.requests_per_month": "1" * 400}, "longer than"),
        ({"horizon": "1000 months"}, "horizon"),
        ({"task.value_per_success": "!!python/object/apply:os.system [id]"}, "task.value_per_success"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(parameters, message):
    with pytest.raises(ScenarioError, match=message):
        text_of(parameters)


def test_a_readable_address_opens_and_a_wrong_one_says_so():
    app = AppTest.from_file(str(MAIN), default_timeout=120)
    app.query_params["horizon"] = "12 months"
    app.run()
    assert not app.exception
    assert loads(app.session_state.text).horizon == 12
    assert parameter(app, "horizon") == "12 months"
    wrong = AppTest.from_file(str(MAIN), default_timeout=120)
    wrong.query_params["horizon"] = "0 months"
    wrong.run()
    assert wrong.session_state.text == starts.example("triage")
    assert len(wrong.sidebar.error) == 1
    assert "horizon" not in wrong.query_params
