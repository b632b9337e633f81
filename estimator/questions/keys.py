"""Keys of inputs as people write them: in full, or by their end."""

from estimator.errors import InputError, UnknownNameError
from estimator.results import Estimate


def key_of(base: Estimate, given: str) -> str:
    """Key of the input that a full or a short name means.

    Args:
        base: The estimate whose inputs are known.
        given: A key, or its end after a dot or a slash, such as requests_per_month.

    Returns:
        The full key.

    Raises:
        UnknownNameError: no input ends so.
        InputError: several inputs do.
    """
    keys = [item.key for item in base.inputs]
    if given in keys:
        return given
    meant = [key for key in keys if key.endswith((f".{given}", f"/{given}"))]
    if len(meant) > 1:
        shown = ", ".join(meant[:4]) + (f" and {len(meant) - 4} more" if len(meant) > 4 else "")
        raise InputError(f"{given}: {len(meant)} inputs end so: {shown}; give one of them in full")
    if not meant:
        ends = [key.rpartition(".")[2] for key in keys]
        raise UnknownNameError("input", given, [*keys, *ends], "estimator explain FILE lists the keys of all inputs")
    return meant[0]
