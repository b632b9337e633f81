"""The wheel, built and installed for real, runs from outside the checkout."""

import json
import os
import subprocess
import sys
import sysconfig
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
        "estimator/report/page.html.j2",
        "estimator/py.typed",
    } <= names


def test_installed_wheel_compares_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / "bin" / "python"
    site = next((tmp_path / "env" / "lib").glob("python3*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    scenario = tmp_path / "mine.yaml"
    scenario.write_text((ROOT / "examples" / "triage.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    code = "import estimator, sys; print(estimator.__file__)"
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    where = subprocess.run([python, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert where.stdout.startswith(str(site))
    command = [python, "-m", "estimator", "compare", "mine.yaml", "-f", "json", "--draws", "200"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["scenarios"][0]["name"] == "Support-ticket triage"
