"""What becomes of memory: what the C library does when it is freed, and what Python searches for garbage.

Arrays of the futures take a few megabytes, come and go by the hundred. Where each goes back to the kernel at once, the
kernel clears its pages again for the next one, which took a third of the time of an estimate.
"""

import ctypes
import gc
import mmap
from contextlib import suppress
from functools import cache

TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD, ARENAS = -1, -2, -3, -8
"""Parameters of `mallopt`, as in malloc.h of glibc."""
USUAL_PAD = 128 * 2**10
"""What the first pool grows by beyond what it needs, where nothing else is said. [B]"""
MOST_FREE = 128 * 2**20
"""Free memory at the end of a pool above which it goes back. [B]"""
IN_HUGE_PAGES = 120 * 2**20
"""Room of the first pool in pages of 2 MB; less than goes back. [B]"""
LARGEST_KEPT = 32 * 2**20
"""Greatest threshold that glibc accepts. [B]"""
POOLS = 2
"""Pools of memory for all threads together: each keeps what it once held. [count]"""


@cache
def keep_freed_memory() -> None:
    """Let the process keep freed memory for itself; does nothing where the C library has no such setting.

    Source: mallopt(3) of glibc, madvise(2) of Linux.
    """
    with suppress(OSError, TypeError, AttributeError):  # no such library, or no such function in it
        library = ctypes.CDLL(None)
        library.mallopt(TRIM_THRESHOLD, MOST_FREE)
        library.mallopt(MMAP_THRESHOLD, LARGEST_KEPT)
        library.mallopt(ARENAS, POOLS)
        _grow_in_huge_pages(library)


def _grow_in_huge_pages(library: ctypes.CDLL) -> None:
    """Ask for the first pool in pages of 2 MB, where the kernel has them on request: it clears few instead of many."""
    library.sbrk.restype = library.malloc.restype = ctypes.c_void_p
    start = library.sbrk(0)
    library.mallopt(TOP_PAD, IN_HUGE_PAGES)
    library.free(ctypes.c_void_p(library.malloc(2**20)))
    library.mallopt(TOP_PAD, USUAL_PAD)
    size = library.sbrk(0) - start
    library.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), mmap.MADV_HUGEPAGE)


@cache
def search_new_objects_only() -> None:
    """Let the search for garbage skip what has been loaded by now; modules stay, and the server searches at each run.

    Source: `gc.freeze` of the standard library.
    """
    gc.freeze()
