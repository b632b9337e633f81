"""Staged plans in a file: forms that are read, and one clear line for each that cannot be carried out."""

import pytest

from estimator.errors import ScenarioError
from estimator.scenario import Scenario, dumps, json_schema, loads

HEAD = """
name: staged
start: 2027-01
horizon: 12 months
workload: {requests_per_month: 60k, tokens: {prompt: 700, output: 40}}
task: {kind: classification}
options:
  prompt: {model: openai/gpt-6-luna}
  lora: {model: Qwen/Qwen3-8B, tuning: {method: lora, labels: 3000}}
"""


def _with(text: str) -> Scenario:
    return loads(HEAD + text)


def _stages(*stages: str) -> str:
    return f"  later: {{stages: [{', '.join(stages)}]}}\n"


def test_a_plan_is_read_and_written_back() -> None:
    scenario = _with(
        '  later:\n    stages:\n      - use: prompt\n      - {use: lora, from: month 6, if: {quality: "<  80%"}}\n'
        "    switching_usd: 1k to 3k\n"
    )
    first, second = scenario.staged["later"].stages or ()
    assert (first.use, first.from_, second.use, second.from_) == ("prompt", None, "lora", 6)
    assert second.if_ is not None
    assert second.if_.conditions == {"quality": ("<", 0.8)}
    assert list(scenario.composed) == ["prompt", "lora"]
    assert loads(dumps(scenario)) == scenario
    assert "if" in json_schema()["$defs"]["Stage"]["properties"]


GOOD = "{use: prompt}"
BROKEN = {
    "one stage": (_stages(GOOD), "holds 1 stage; give the option to start with and one to move to"),
    "unknown": (_stages(GOOD, "{use: lore, from: 6}"), "stages.1.use names no option of this file: 'lore'"),
    "circle": (_stages(GOOD, "{use: later, from: 6}"), "goes in a circle: later → later"),
    "plan in plan": (
        _stages(GOOD, "{use: lora, from: 6}") + "  more: {stages: [{use: prompt}, {use: later, from: 3}]}\n",
        "options.more.stages.1.use is a staged plan: 'later'",
    ),
    "no month": (_stages(GOOD, "{use: lora}"), "stages.1.from is missing"),
    "after the end": (_stages(GOOD, "{use: lora, from: month 12}"), "month 12 is outside 1 to 11"),
    "no number": (_stages(GOOD, "{use: lora, from: soon}"), "'soon' is no month of the horizon"),
    "order": (
        _stages(GOOD, "{use: lora, from: 6}", "{use: prompt, from: 6}"),
        "month 6 is not after month 6 of the stage before",
    ),
    "same": (_stages(GOOD, "{use: prompt, from: 6}"), "is prompt as in the stage before"),
    "first from": (_stages("{use: prompt, from: 2}", "{use: lora, from: 6}"), "starts at launch"),
    "no sign": (
        _stages(GOOD, "{use: lora, from: 6, if: {requests_per_month: 100k}}"),
        "'100k' is no condition; give a sign and a number",
    ),
    "code": (
        _stages(GOOD, '{use: lora, from: 6, if: {quality: "> __import__(1)"}}'),
        "'__import__(1)' is not a number",
    ),
    "other measure": (_stages(GOOD, '{use: lora, from: 6, if: {latency: "> 1"}}'), "unknown key"),
    "empty": (_stages(GOOD, "{use: lora, from: 6, if: {}}"), "stages.1.if is empty"),
    "sections": (
        "  later: {model: a/b, stages: [{use: prompt}, {use: lora, from: 6}]}\n",
        "options.later has stages and model; a staged plan has stages and switching_usd only",
    ),
    "extends": (
        "  later: {extends: lora, stages: [{use: prompt}, {use: lora, from: 6}]}\n",
        "options.later has stages and extends",
    ),
    "extended": (
        _stages(GOOD, "{use: lora, from: 6}") + "  heir: {extends: later}\n",
        "options.heir.extends names a staged plan: 'later'",
    ),
    "cost alone": ("  other: {model: a/b, switching_usd: 5}\n", "options.other.switching_usd needs stages"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_each_mistake_is_one_clear_line(case: str) -> None:
    text, message = BROKEN[case]
    with pytest.raises(ScenarioError) as error:
        _with(text)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_the_baseline_is_an_option_of_its_own() -> None:
    text = HEAD.replace("  prompt:", "  later: {stages: [{use: prompt}, {use: lora, from: 6}]}\n  prompt:")
    with pytest.raises(ScenarioError, match=r"options\.later is the baseline and has stages"):
        loads(text)
