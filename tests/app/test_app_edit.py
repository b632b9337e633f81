"""One value of a scenario text changes; order, comments and ways of writing stay."""

import pytest

from estimator.dashboard import edit, starts
from estimator.dashboard.edit import as_written, headlines, with_input, with_value, written
from estimator.dashboard.parts import columns_of
from estimator.dashboard.words import escaped
from estimator.errors import ScenarioError
from estimator.report.layout import Table
from estimator.scenario import loads

TRIAGE = starts.example("triage")


def field(key):
    return next(item for item in headlines(loads(TRIAGE)) if item.key == key)


def changed_lines(before, after):
    return [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]


def test_packaged_examples_are_known_by_their_names():
    assert {loads(starts.example(name)).name for name in starts.EXAMPLES} == set(starts.EXAMPLES.values())
    assert all(loads(starts.example(name)).template == name for name in starts.STARTS if name not in starts.EXAMPLES)


def test_values_are_shown_as_they_are_written():
    shown = written(TRIAGE, headlines(loads(TRIAGE)))
    assert shown["workload.requests_per_month"] == "60k to 240k"
    assert shown["task.value_per_success"] == "{low: 0.10, mode: 0.25, high: 0.60}"
    assert shown["horizon"] == "36 months"


@pytest.mark.parametrize("given", ["100k", "63000", "1e5", "20k to 200k", "{low: 1, mode: 2, high: 3}"])
def test_only_the_line_of_the_value_changes(given):
    after = with_value(TRIAGE, field("workload.requests_per_month"), given)
    ((_, line),) = changed_lines(TRIAGE, after)
    assert line.strip().startswith(f"requests_per_month: {given}")
    assert '# "a to b" is a 90 % interval' in line


def test_a_list_of_values_is_shown_in_one_line():
    given = "{values: [100k, 200k], weights: [0.7, 0.3]}"
    item = field("workload.requests_per_month")
    assert written(with_value(TRIAGE, item, given), [item])[item.key] == given


@pytest.mark.parametrize(
    "given",
    ["100k", "1e5", "6.30e+4", "'90k'", '"20k to 200k"', "{low: 1k, mode: 2_000, high: 3e3}", "0x1F", "+70_000"],
)
def test_a_changed_text_is_shown_and_changed_on_as_one_that_is_read_anew(given):
    item, other = field("workload.requests_per_month"), field("horizon")

    def twice(read):
        first = with_value(TRIAGE, item, given)
        read()
        shown = written(first, headlines(loads(TRIAGE)))
        read()
        return shown, *(loads(with_value(first, *change)) for change in ((other, "2 years"), (item, "7k")))

    assert twice(lambda: None) == twice(edit._parsed.cache_clear)


def test_a_change_follows_from_the_text_alone_and_not_from_what_it_was_before():
    worth = field("task.value_per_success")
    bare = with_value(TRIAGE, worth, "")
    at_once = with_value(bare, worth, "2")
    edit._parsed.cache_clear()
    assert at_once == with_value(bare, worth, "2")


def test_writing_a_value_back_changes_nothing():
    for item in headlines(loads(TRIAGE)):
        again = with_value(TRIAGE, item, written(TRIAGE, [item])[item.key])
        assert loads(again) == loads(TRIAGE)


def test_an_emptied_value_falls_back_to_its_default():
    assert loads(with_value(TRIAGE, field("discount_rate"), " ")).discount_rate is None


def test_a_value_that_was_not_given_is_added():
    bare = with_value(TRIAGE, field("workload.growth"), "")
    growth = loads(with_value(bare, field("workload.growth"), "1%")).workload.growth
    assert growth is not None
    assert growth.mode == 0.01


def test_labels_are_offered_once_for_options_that_share_them():
    labels = [item for item in headlines(loads(TRIAGE)) if item.path[0] == "options"]
    assert [item.key for item in labels] == ["options.lora.tuning.labels"]
    assert "lora_rag" in labels[0].help


@pytest.mark.parametrize(
    ("key", "given", "message"),
    [
        ("task.minimum_quality", "1.2", "outside"),
        ("workload.requests_per_month", "0", "outside"),
        ("workload.requests_per_month", "", "needed"),
        ("workload.requests_per_month", "# 5", "needed"),
        ("workload.requests_per_month", "[1", "cannot be read"),
        ("horizon", "2026-99-99", "cannot be read"),
        ("horizon", "!!int x", "cannot be read"),
        ("workload.requests_per_month", "!!python/object/apply:os.system [id]", "not a number"),
        ("workload.requests_per_month", "1\n---\n2", "cannot be read"),
        ("workload.growth", "true", "boolean"),
        ("horizon", "1000 months", "from 1 to 240"),
        ("task.value_per_success", "3 to 1", "reversed"),
        ("task.value_per_success", ".inf", "finite"),
        ("options.lora.tuning.labels", "-3", "outside"),
    ],
)
def test_a_wrong_value_is_refused_in_one_line_that_names_the_field(key, given, message):
    with pytest.raises(ScenarioError, match=message) as caught:
        with_value(TRIAGE, field(key), given)
    assert key in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "$1 to $2", "[a](javascript:x)", ":red[x]", "a_b_c *d*", "`x`", "![](http://x)", "# x", "\\$"]
)
def test_markdown_of_a_user_is_escaped(text):
    plain = escaped(text)
    for place, character in enumerate(plain):
        if character in "<>$[]()*_`!#:":
            before = plain[:place]
            assert (len(before) - len(before.rstrip("\\"))) % 2 == 1


def test_a_default_is_written_into_every_option_that_uses_it():
    scenario = loads(TRIAGE)
    keys = ["tuning.epochs", "task.retry_share", "options.lora.tuning.labels", "escalation.labour"]
    assert as_written(TRIAGE, scenario, keys) == ["", "", "3000", ""]
    text = TRIAGE
    for key, given in zip(keys, ["2", "5%", "4k", "2%"], strict=True):
        text = with_input(text, scenario, key, given)
    assert as_written(text, scenario, keys) == ["2", "5%", "4k", "2%"]
    after = loads(text)
    assert {after.composed[name].tuning.epochs.mode for name in ("lora", "qlora", "lora_rag")} == {2.0}
    assert after.escalation["labour"].mode == 0.02
    emptied = with_input(text, after, "task.retry_share", "")
    assert loads(emptied).task.retry_share is None


@pytest.mark.parametrize(
    ("key", "given", "message"),
    [
        ("labour/qa", "50", "catalog"),
        ("task.pilot.fitted_floor", "0.1", "derived"),
        ("task.retry_share", "3", "outside"),
        ("tuning.epochs", "many", "tuning.epochs"),
    ],
)
def test_an_input_that_cannot_be_set_says_why(key, given, message):
    with pytest.raises(ScenarioError, match=message) as caught:
        with_input(TRIAGE, loads(TRIAGE), key, given)
    assert key in str(caught.value)
    assert "\n" not in str(caught.value)


def test_columns_of_the_same_head_are_all_shown() -> None:
    found = columns_of(Table("", ("Input", "Alone", "90 %", "With others", "90 %"), (("a", "1", "2", "3", "4"),)))
    assert list(found.values()) == [["a"], ["1"], ["2"], ["3"], ["4"]]
    assert [head.rstrip("\N{ZERO WIDTH SPACE}") for head in found] == ["Input", "Alone", "90 %", "With others", "90 %"]
