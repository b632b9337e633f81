"""Work that a second thread takes over."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import TypeVar

__all__ = ["begun"]

Given = TypeVar("Given")
Found = TypeVar("Found")


def begun(pool: Executor, work: Callable[[Given], Found], given: Given) -> "Future[Found]":
    """Work that a pool has begun, or that is done already where it can start no thread.

    That is so in a thread that goes on after the main thread has ended, and where a limit of threads is reached.

    Args:
        pool: Its threads. [executor]
        work: What is to be done. [function]
        given: What it is done with. [any]

    Returns:
        What comes of it. [future]

    Source: `concurrent.futures` of the standard library.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(1) as pool:
    ...     begun(pool, abs, -3).result()
    3
    """
    try:
        return pool.submit(work, given)
    except RuntimeError:
        done: Future[Found] = Future()
        done.set_result(work(given))
        return done
