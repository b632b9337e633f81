"""A scenario inside an address: packed into one query parameter, and read back with limits."""

import base64
import binascii
import zlib

from estimator.errors import ScenarioError
from estimator.scenario.files import MAX_BYTES

PARAMETER = "s"
MAX_CODE = 16_000
"""Characters of the parameter; browsers and proxies cut longer addresses."""


def packed(text: str) -> str | None:
    """The text as a query parameter, or None where it would be too long for an address."""
    code = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    return code if len(code) <= MAX_CODE else None


def unpacked(code: str) -> str:
    """The text of a query parameter; never expands more than a scenario may be long.

    Raises:
        ScenarioError: the parameter is too long, damaged, or expands to too much.
    """
    if len(code) > MAX_CODE:
        raise ScenarioError(f"shared link: longer than {MAX_CODE:,} characters; send the scenario as a file")
    try:
        data = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        reader = zlib.decompressobj()
        text = reader.decompress(data, MAX_BYTES + 1)
        if len(text) > MAX_BYTES:
            raise ScenarioError(f"shared link: expands to more than {MAX_BYTES:,} bytes; a scenario is a few kilobytes")
        if not reader.eof or reader.unused_data:
            raise ScenarioError("shared link: cut short or longer than it says; copy the whole address again")
        return text.decode("utf-8")
    except (binascii.Error, zlib.error, ValueError):
        raise ScenarioError("shared link: damaged, it holds no scenario; copy the whole address again") from None
