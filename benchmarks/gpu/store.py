"""The file of a run's cases. A measurement is only taken in where a prediction already lies on disk."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Case = dict[str, Any]


class PredictionMissingError(Exception):
    """A measurement came before its prediction."""


class CaseFile:
    """Cases in the form of docs/method/validation.md, with a `prediction` beside `measured`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.about: dict[str, Any] = {}
        self.cases: dict[str, Case] = {}
        self._read()

    def _read(self) -> None:
        if self.path.exists():
            data = json.loads(self.path.read_text(encoding="utf-8"))
            self.about = {key: value for key, value in data.items() if key != "cases"}
            self.cases = {case["id"]: case for case in data["cases"]}

    def predict(self, case: Mapping[str, Any], prediction: Mapping[str, Any]) -> None:
        """Add a case with its prediction; the first prediction of a case stands."""
        self.cases.setdefault(str(case["id"]), {**case, "prediction": dict(prediction)})

    def measure(self, name: str, measured: Mapping[str, Any]) -> None:
        """Add the measurement of a case and write the file.

        Raises:
            PredictionMissingError: the file on disk holds no prediction of it.
        """
        stored = CaseFile(self.path).cases.get(name, {})
        if not stored.get("prediction"):
            raise PredictionMissingError(f"{name}: no prediction in {self.path}; write it before the run")
        self.cases[name] = {**stored, "measured": dict(measured)}
        self.write()

    def open_cases(self) -> list[Case]:
        """Cases that are predicted but not measured; one that ended in an error is tried again."""
        return [case for case in self.cases.values() if "error" in case.get("measured", {"error": ""})]

    def write(self) -> None:
        """Replace the file in one step, so that a crash leaves the old one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as file:
            json.dump({**self.about, "cases": list(self.cases.values())}, file, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
