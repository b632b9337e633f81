"""Freed memory stays with the process where the C library can be told."""

import gc
import subprocess
import sys

import pytest

from estimator.allocating import search_new_objects_only

TOUCHED = """
import resource, sys
import numpy as np
from estimator.allocating import keep_freed_memory
if sys.argv[1] == "kept":
    keep_freed_memory()
def faults(): return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
np.ones(400_000)
before = faults()
for _ in range(50):
    np.ones(400_000)
print(faults() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="mallopt is glibc's")
def test_memory_that_was_freed_is_used_again_without_the_kernel() -> None:
    pytest.importorskip("resource")
    given, kept = (
        int(subprocess.run([sys.executable, "-c", TOUCHED, how], check=True, capture_output=True, text=True).stdout)
        for how in ("given", "kept")
    )
    assert kept < 2_000
    assert kept <= given


def test_what_is_loaded_is_not_searched_for_garbage_again() -> None:
    search_new_objects_only.cache_clear()
    try:
        search_new_objects_only()
        frozen = gc.get_freeze_count()
        kept = [[]]
        search_new_objects_only()
        assert frozen > 10_000
        assert gc.get_freeze_count() <= frozen
        assert any(item is kept for item in gc.get_objects())
    finally:
        gc.unfreeze()
        search_new_objects_only.cache_clear()
