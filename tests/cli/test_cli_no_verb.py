"""Without a verb the help is shown, as it stands."""

import pytest

from estimator.cli.main import USAGE, run


@pytest.mark.parametrize("words", [[], ["catalog"]])
def test_without_a_verb_the_help_keeps_its_lines(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == USAGE
    told = capsys.readouterr().err
    assert told.startswith("Usage: estimator")
    assert "error:" not in told
    assert len(told.splitlines()) > 5
