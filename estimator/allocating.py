"""What becomes of memory: what the C library does when it is freed, and what Python searches for garbage.

Arrays of the futures take a few megabytes, come and go by the hundred. Where each goes back to the kernel at once, the
kernel clears its pages again for the next one, which took a third of the time of an estimate.
"""

import ctypes
import gc
from contextlib import suppress
from functools import cache

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENAS = -1, -3, -8
"""Parameters of `mallopt`, as in malloc.h of glibc."""
MOST_FREE = 128 * 2**20
"""Free memory at the end of a pool above which it goes back. [B]"""
LARGEST_KEPT = 32 * 2**20
"""Greatest threshold that glibc accepts. [B]"""
POOLS = 2
"""Pools of memory for all threads together: each keeps what it once held. [count]"""


@cache
def keep_freed_memory() -> None:
    """Let the process keep freed memory for itself; does nothing where the C library has no such setting.

    Source: mallopt(3) of glibc.
    """
    with suppress(OSError, TypeError, AttributeError):  # no such library, or no such function in it
        library = ctypes.CDLL(None)
        library.mallopt(TRIM_THRESHOLD, MOST_FREE)
        library.mallopt(MMAP_THRESHOLD, LARGEST_KEPT)
        library.mallopt(ARENAS, POOLS)


@cache
def search_new_objects_only() -> None:
    """Let the search for garbage skip what has been loaded by now; modules stay, and the server searches at each run.

    Source: `gc.freeze` of the standard library.
    """
    gc.freeze()
