"""Worker processes of this machine."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread, current_thread, main_thread

from estimator.errors import InputError

MOST_WORKERS = 512


def worker_pool(workers: int) -> ProcessPoolExecutor:
    """Processes of this machine that leave Ctrl-C to their parent and end when it is killed.

    Args:
        workers: Processes. [count]

    Returns:
        The executor; use it in a `with` statement.

    Raises:
        InputError: the number is out of range.

    Source: definition.
    """
    if not 1 <= workers <= MOST_WORKERS:
        raise InputError(f"workers: {workers} is outside 1 to {MOST_WORKERS}; give about as many as there are cores")
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start_worker)
    if current_thread() is not main_thread():
        return pool
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is started now ignores it from its first moment
    try:
        for _ in range(workers):  # each starts a process, because none is idle yet
            pool.submit(int)
    finally:
        signal.signal(signal.SIGINT, before)
    return pool


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
