"""Manners of the command line: streams, pipes, interrupts, exit codes, screens, whole files.

What touches the operating system runs as a process of its own, the rest in this one.
"""

import fcntl
import json
import os
import pty
import re
import resource
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from command import command

ROOT = Path(__file__).resolve().parents[2]
TRIAGE = str(ROOT / "examples" / "triage.yaml")
FEW = ("--draws", "200")
STALE_DAY = "2030-01-01"
BARE = {key: value for key, value in os.environ.items() if not key.startswith(("ESTIMATOR_", "LC_", "LANG", "COLUMNS"))}
BARE = {**BARE, "PYTHONPATH": str(ROOT)}
BARE.pop("PYTHONIOENCODING", None)
BARE.pop("PYTHONUTF8", None)
COMMAND = (sys.executable, "-m", "estimator")


Done = subprocess.CompletedProcess[bytes]


def estimator(*arguments: str, before: Callable[[], None] | None = None, **env: str) -> Done:
    command, whole = [*COMMAND, *arguments], {**BARE, **env}
    return subprocess.run(command, capture_output=True, env=whole, preexec_fn=before, check=False)


def here(*arguments: str, **env: str) -> Done:
    """The same in this process."""
    done = command(*arguments, **env)
    return subprocess.CompletedProcess(arguments, done.returncode, done.stdout.encode(), done.stderr.encode())


def shell(line: str) -> Done:
    """A line of bash in which $E is the command."""
    env = {**BARE, "E": " ".join(COMMAND)}
    return subprocess.run(["bash", "-c", line], capture_output=True, env=env, check=False)


def one_line(done: Done, code: int) -> str:
    assert done.returncode == code, done.stderr
    text = done.stderr.decode("utf-8")
    assert len(text.strip().splitlines()) == 1, text
    return text


# -- exit codes, as in docs/cli.md


def test_exit_codes(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("name: [", encoding="utf-8")
    assert estimator("compare", TRIAGE, *FEW).returncode == 0
    one_line(estimator("compare", "missing.yaml"), 2)
    one_line(estimator("compare", TRIAGE, "--draws", "many"), 2)
    one_line(estimator("compare", str(bad)), 3)
    one_line(estimator("compare", TRIAGE, "--draws", "0"), 3)
    stale = estimator("catalog", "stale", "--on", STALE_DAY)
    assert stale.returncode == 4
    assert stale.stdout
    assert estimator("doctor", ESTIMATOR_CATALOG=str(tmp_path / "none")).returncode == 5


def test_the_documented_codes_are_those_of_the_program() -> None:
    from estimator.cli.catalog import STALE
    from estimator.cli.doctor import BROKEN
    from estimator.cli.main import INTERNAL, INTERRUPTED, OK, USAGE
    from estimator.errors import ScenarioError, UsageError

    sys.path.insert(0, str(ROOT / "docs"))
    try:
        from generate import CLI_HEAD
    finally:
        sys.path.pop(0)
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", CLI_HEAD, flags=re.MULTILINE)}
    used = {OK, INTERNAL, USAGE, INTERRUPTED, STALE, BROKEN, UsageError.exit_code, ScenarioError.exit_code}
    assert documented == used == {0, 1, 2, 3, 4, 5, 130}


# -- pipes, interrupts, full disks


@pytest.mark.parametrize("words", ["catalog list prices", "--help", f"compare {TRIAGE} --draws 200 -f json -q"])
def test_a_reader_that_leaves_is_no_error(words: str) -> None:
    done = shell(f'$E {words} | head -1; exit "${{PIPESTATUS[0]}}"')
    assert done.returncode == 0
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("words", [f"compare {TRIAGE} --draws 200", "--help", "schema"])
def test_a_full_disk_behind_stdout_is_one_line(words: str) -> None:
    assert "No space left" in one_line(shell(f"$E {words} > /dev/full"), 2)


@pytest.mark.parametrize("words", [f"compare {TRIAGE} --draws 200", "--help", "compare missing.yaml"])
def test_closed_streams_are_no_error(words: str) -> None:
    assert shell(f"$E {words} >&- 2>&-").returncode == (2 if "missing" in words else 0)


def test_stdin_closed_is_one_line() -> None:
    assert "stdin" in one_line(shell("$E compare - <&-"), 2)


def test_an_interrupt_is_one_line_and_130(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    command = [*COMMAND, "compare", TRIAGE, "--draws", "200000", "-v", "-o", str(target)]
    started = subprocess.Popen(command, env=BARE, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert started.stderr is not None
    while "catalog" not in started.stderr.readline():  # the last note before the futures are computed
        assert started.poll() is None
    time.sleep(0.3)
    started.send_signal(signal.SIGINT)
    _, told = started.communicate(timeout=60)
    assert started.returncode == 130
    assert [line for line in told.splitlines() if not line.startswith("[")] == ["interrupted"]
    assert list(tmp_path.iterdir()) == []


# -- files


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def test_a_file_that_cannot_be_written_whole_stays_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("before", encoding="utf-8")
    others = {"PYTHONDONTWRITEBYTECODE": "1", "COVERAGE_PROCESS_CONFIG": ""}  # whose files would be cut as well
    done = estimator("compare", TRIAGE, "-o", str(target), *FEW, before=limited, **others)
    assert "cannot be written" in one_line(done, 2)
    assert target.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_an_interrupt_that_a_library_wraps_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise RuntimeError("Error calling function") from KeyboardInterrupt()

    monkeypatch.setattr(sys.modules["estimator.cli.main"], "_parsed_and_run", interrupted)
    assert one_line(here("schema"), 130) == "interrupted\n"


def test_a_device_without_space_is_one_line() -> None:
    assert "No space left" in one_line(here("init", "-o", "/dev/full", "--force"), 2)


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that takes no files from anybody")
def test_a_folder_without_permission_is_one_line() -> None:
    assert "cannot be written: Permission denied" in one_line(here("init", "-o", "/sys/kernel/mine.yaml"), 2)


def test_a_write_protected_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from estimator.cli.main import run

    target = tmp_path / "mine.yaml"
    target.write_text("before", encoding="utf-8")
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    assert run(["init", "-o", str(target), "--force"]) == 2
    assert "cannot be written: Permission denied" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_stays_a_link_and_the_mode_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_text("before", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    assert here("init", "-o", str(link), "--force").returncode == 0
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8").startswith("# Support-ticket triage")
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(tmp_path.iterdir()) == [link, real]


def test_a_link_to_itself_is_one_line(tmp_path: Path) -> None:
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    done = here("portfolio", str(loop))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(f"error: {loop}: cannot be read: ".encode())
    assert here("init", "-o", str(loop), "--force").returncode == 0
    assert "options:" in loop.read_text(encoding="utf-8")


def test_names_of_any_kind_are_written_to(tmp_path: Path) -> None:
    for name in ("a b.yaml", "größe €.yaml", "x" * 250 + ".yaml", "-.yaml"):
        assert here("init", "-o", str(tmp_path / name)).returncode == 0, name
    assert len(list(tmp_path.iterdir())) == 4


def test_lines_end_the_same_way_everywhere(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    assert here("catalog", "list", "gpus", "-o", str(target)).returncode == 0
    assert b"\r" not in target.read_bytes()


# -- text


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}, {}])
def test_utf8_whatever_the_locale_says(locale: dict[str, str]) -> None:
    done = estimator("compare", TRIAGE, *FEW, **locale)
    assert done.returncode == 0
    assert "·" in done.stdout.decode("utf-8")
    assert "–" in done.stdout.decode("utf-8")


def test_another_encoding_is_respected_without_a_failure() -> None:
    done = estimator("compare", TRIAGE, *FEW, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()


def test_a_name_that_is_no_text_is_one_line() -> None:
    assert "no such file" in one_line(here("compare", os.fsdecode(b"\xff.yaml")), 2)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "compare x.yaml -f xml",
            "'-f': 'xml' is not one of 'table', 'json', 'csv', 'markdown', 'html'. Try: estimator compare",
        ),
        ("memory x --gpus many", "got 'many'. Try: estimator memory --help"),
        ("memory", "Missing argument 'MODEL'. Try: estimator memory --help"),
        ("compare x.yaml --draws", "requires an argument. Try: estimator compare --help"),
        ("catalog show", "Try: estimator catalog show --help"),
        ("comparre x.yaml", "Did you mean 'compare'? Try: estimator --help"),
    ],
)
def test_a_wrong_line_names_the_value_and_the_help_of_its_verb(line: str, expected: str) -> None:
    assert expected in one_line(here(*line.split()), 2)


def on_terminal(*arguments: str, **env: str) -> str:
    """What a terminal of 80 columns shows."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with subprocess.Popen([*COMMAND, *arguments], env={**BARE, **env}, stdout=slave, stderr=slave, stdin=slave) as done:
        os.close(slave)
        parts = []
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            parts.append(part)
    os.close(master)
    assert done.returncode == 0
    return b"".join(parts).decode("utf-8").replace("\r\n", "\n")


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}, {"TERM": "xterm-256color"}])
@pytest.mark.parametrize("words", [("--help",), ("compare", TRIAGE, *FEW)])
def test_no_control_codes_on_a_terminal_either(words: tuple[str, ...], env: dict[str, str]) -> None:
    shown = on_terminal(*words, **env)
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize(
    "words",
    [
        ("compare", TRIAGE, *FEW),
        ("catalog", "search", "prices", "h100"),
        ("memory", "Qwen/Qwen3-8B"),
        ("doctor",),
        ("init", "--list"),
    ],
    ids=lambda words: words[0],
)
def test_tables_keep_to_the_screen_and_lose_nothing(words: tuple[str, ...], columns: int) -> None:
    narrow = here(*words, COLUMNS=str(columns))
    assert narrow.returncode == 0
    lines = narrow.stdout.decode("utf-8").splitlines()
    assert max(map(len, lines)) <= columns
    figures = r"\$[\d.]+[kMB]?"
    wide = here(*words).stdout.decode("utf-8")
    assert sorted(set(re.findall(figures, wide))) == sorted(set(re.findall(figures, "\n".join(lines))))


def test_a_file_is_the_same_on_every_screen(tmp_path: Path) -> None:
    for name, columns in (("narrow.txt", "60"), ("wide.txt", "200")):
        assert here("compare", TRIAGE, *FEW, "-o", str(tmp_path / name), COLUMNS=columns).returncode == 0
    assert (tmp_path / "narrow.txt").read_bytes() == (tmp_path / "wide.txt").read_bytes()


# -- quiet and verbose


def test_verbose_tells_files_seeds_and_times_beside_the_same_answer() -> None:
    usual = here("compare", TRIAGE, *FEW, "-f", "json")
    told = here("compare", TRIAGE, *FEW, "-f", "json", "-v")
    assert told.stdout == usual.stdout
    text = told.stderr.decode("utf-8")
    assert f"read {TRIAGE}" in text
    assert "catalog " in text
    assert "draws 200 (commandline)" in text
    assert "seed 0 (default)" in text
    assert re.search(r"^\[\d+\.\d\d s\]", text, flags=re.MULTILINE)


def test_quiet_leaves_the_answer_alone() -> None:
    usual = here("compare", TRIAGE, *FEW, "-f", "json")
    assert b"note:" in usual.stderr
    quiet = here("compare", TRIAGE, *FEW, "-f", "json", "-q")
    assert quiet.stderr == b""
    assert quiet.stdout == usual.stdout
    assert b"error" in here("compare", "missing.yaml", "-q").stderr


@pytest.mark.parametrize("words", [("init",), ("catalog", "list", "gpus"), ("retrain", TRIAGE), ("doctor",)])
def test_every_verb_takes_quiet_and_verbose(words: tuple[str, ...]) -> None:
    assert here(*words, "-q").stderr == b""
    assert b" s] " in here(*words, "-v").stderr


# -- init and doctor


def test_init_lists_writes_and_never_overwrites(tmp_path: Path) -> None:
    listed = here("init", "--list").stdout.decode("utf-8")
    for name in ("triage", "contract-review", "policy-assistant", "brand-voice", "code-assistant"):
        assert name in listed
        target = tmp_path / f"{name}.yaml"
        assert here("init", "-t", name, "--size", "large", "-o", str(target)).returncode == 0
        text = target.read_text(encoding="utf-8")
        assert f"template: {name}, large" in text
        assert "--force" in one_line(here("init", "-t", name, "-o", str(target)), 2)
        assert target.read_text(encoding="utf-8") == text
        assert here("init", "-t", name, "--size", "small", "-o", str(target), "--force").returncode == 0
        assert target.read_text(encoding="utf-8") != text


def test_the_choices_of_init_are_the_templates_there_are() -> None:
    from estimator.cli.start import Size, Template
    from estimator.scenario.templates import NAMES, SIZES

    assert tuple(Template) == NAMES
    assert {len(values) for changes in SIZES.values() for _, *values in changes} == {len(Size)}


def test_doctor_says_what_is_there(tmp_path: Path) -> None:
    done = here("doctor", "-f", "json", ESTIMATOR_DEBUG="", COLUMNS="90")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    checks = {check["name"]: check for check in data["checks"]}
    assert data["ok"] is True
    assert checks["numpy"]["state"] == "ok"
    assert checks["gpu_offers"]["found"].endswith(" rows")
    assert re.search(r"read on \d{4}-\d\d-\d\d, \d+ days ago", checks["oldest price"]["found"])
    assert checks["COLUMNS"]["found"] == "90"
    assert checks["encoding"]["found"] == "utf-8"
    assert {"streamlit", "kaleido", "pyarrow", "dask", "chromium", "working folder"} <= set(checks)
    broken = here("doctor", "-f", "json", ESTIMATOR_CATALOG=str(tmp_path / "none"))
    assert broken.returncode == 5
    assert json.loads(broken.stdout)["ok"] is False


def test_doctor_survives_a_folder_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    from estimator.cli.main import run

    assert run(["doctor", "-f", "json"]) == 0
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["working folder"]["state"] == "warning"


def test_doctor_knows_the_requirements_of_the_package() -> None:
    import tomllib

    from estimator.cli.checks import EXTRAS, LEAST_PYTHON, NEEDED

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[\[<>=]", text)[0] for text in project["dependencies"]}
    assert set(NEEDED) == names
    assert project["requires-python"] == f">={'.'.join(map(str, LEAST_PYTHON))}"
    for package, (extra, _) in EXTRAS.items():
        assert any(text.startswith(package) for text in project["optional-dependencies"][extra])
