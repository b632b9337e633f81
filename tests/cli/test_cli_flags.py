"""Messages name the flag that was typed, and arguments that stand for nothing are refused."""

from pathlib import Path

import pytest
from command import command as estimator

ROOT = Path(__file__).resolve().parents[2]
TRIAGE = str(ROOT / "examples" / "triage.yaml")
TRAIN = ("train", "Qwen/Qwen3-8B", "--tokens", "5M")
RETRIEVAL = ("retrieval", "--documents", "10k", "--tokens-per-document", "1000")
CASES = (
    (("simulate", TRIAGE, "--precision", "0"), 3, "--precision: 0 is not between 0 and 1; 0.01 is a good aim"),
    (("sensitivity", TRIAGE, "-m", "sobol", "--points", "500", "--draws", "250"), 3, "--points: 500 points of"),
    ((*TRAIN, "--gpu", "H1000"), 3, "--gpu: unknown GPU 'H1000'"),
    ((*TRAIN, "--epochs", "0"), 3, "--epochs: 0 is outside (0, "),
    ((*RETRIEVAL, "--churn", "500%"), 3, "--churn 500%: 5 is outside [0, 1] share"),
    ((*RETRIEVAL, "--chunk", "-1"), 3, "--chunk: -1 is outside (0, "),
    ((*RETRIEVAL, "--question=-1"), 3, "--question: -1 is outside (0, "),
    (("memory", "Qwen/Qwen3-8B", "--seq-len", "0"), 3, "--seq-len: '0' is not a whole number from 1 to"),
    (("compare", TRIAGE, "--seed", "-1"), 3, "--seed: -1 is outside 0 to"),
    (("compare", ""), 2, "argument 2 is empty, as an unset variable leaves it; give a value, or drop it"),
    (("",), 2, "argument 1 is empty"),
    (("compare", TRIAGE, "-o", ""), 2, "-o is empty"),
    (("compare", "--", ""), 2, "argument 3 is empty"),
    (("init", "-o", "x.json"), 2, "-o x.json: a scenario is YAML; give a name that ends in .yaml or .yml"),
)


@pytest.mark.parametrize(("arguments", "code", "message"), CASES, ids=lambda item: str(item)[-40:])
def test_the_message_names_what_was_typed(arguments: tuple[str, ...], code: int, message: str, tmp_path: Path) -> None:
    done = estimator(*arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(f"error: {message}")
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_key_of_a_file_and_a_number_of_the_environment_are_no_flags(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(Path(TRIAGE).read_text(encoding="utf-8").replace("horizon: ", "horizon: 0."), encoding="utf-8")
    assert f"error: {file}: line " in estimator("compare", str(file), "--draws", "9").stderr
    assert estimator("compare", TRIAGE, ESTIMATOR_DRAWS="0").stderr.startswith("error: draws: 0 is outside")


def test_a_list_of_templates_may_be_json(tmp_path: Path) -> None:
    assert estimator("init", "--list", "-o", "x.json", folder=tmp_path).returncode == 0


def test_one_future_is_one() -> None:
    for verb in ("compare", "simulate", "report"):
        assert "1 future " in " ".join(estimator(verb, TRIAGE, "--draws", "1", "-f", "markdown").stdout.split()), verb
