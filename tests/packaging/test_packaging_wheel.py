"""The wheel, built and installed for real, runs from outside the checkout."""

import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


def test_wheel_carries_rows_templates_and_dashboard(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "estimator/_pricing/gpu_offers.csv",
        "estimator/_pricing/models.json",
        "estimator/scenario/templates/triage.yaml",
        "estimator/dashboard/main.py",
        "estimator/dashboard/.streamlit/config.toml",
        "estimator/report/page.html.j2",
        "estimator/py.typed",
    } <= names


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of an environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, with_pip=False)
    site = next((folder / "lib").glob("python3*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return folder / "bin" / "python"


def clean() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}


def test_installed_wheel_compares_outside_the_checkout(python: Path, tmp_path: Path) -> None:
    scenario = tmp_path / "mine.yaml"
    scenario.write_text((ROOT / "examples" / "triage.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    code = "import estimator, sys; print(estimator.__file__)"
    env = clean()
    where = subprocess.run([python, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert where.stdout.startswith(str(python.parents[1]))
    command = [python, "-m", "estimator", "compare", "mine.yaml", "-f", "json", "--draws", "200"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["scenarios"][0]["name"] == "Support-ticket triage"


def test_dashboard_of_the_installed_wheel_serves_with_its_own_settings(python: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [python, "-m", "estimator", "dashboard", "--port", str(port)]
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(
            command, cwd=tmp_path, env=clean(), stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    try:
        assert _healthy(f"http://localhost:{port}/_stcore/health", server), log.read_text(encoding="utf-8")
        said = log.read_text(encoding="utf-8")
        assert f"http://localhost:{port}" in said
        assert "Network URL" not in said  # the packaged settings keep it on this machine
        assert "usage statistics" not in said.lower()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


def _healthy(address: str, server: subprocess.Popen[bytes]) -> bool:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  # our own address
                return bool(answer.status == 200)
        except OSError:
            if server.poll() is not None:
                return False
            time.sleep(0.2)
    return False
