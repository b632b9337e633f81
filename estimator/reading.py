"""Text of a user's file, within bounds: a device or a growing file has no size to look at beforehand."""

import errno
import io
from pathlib import Path


def bounded_text(file: Path, most_bytes: int, encoding: str = "utf-8") -> str:
    """The text of a file, of which no more than a limit is read.

    Raises:
        OSError: it cannot be read, or holds more.
        UnicodeDecodeError: it is not in this encoding.
    """
    with file.open("rb") as source:
        data = source.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise OSError(errno.EFBIG, f"holds more than {most_bytes:,} bytes")
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding).read()
