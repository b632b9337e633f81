"""What the makers of open weights allow: may a model be tuned, may it be served commercially?"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from estimator.catalog.types import Architecture, Basis
from estimator.errors import CatalogError, UnknownNameError

Permission = Literal["yes", "with conditions", "no", "unknown"]
FILE = "licences.json"
UNKNOWN = "unknown"
"""Id of the entry for a model whose terms nobody has read."""
_SAID: Mapping[Permission, str] = {
    "yes": "allowed",
    "with conditions": "with conditions",
    "no": "forbidden",
    "unknown": "unknown",
}
Text = Annotated[str, Field(min_length=1)]


class Licence(BaseModel):
    """Terms of one licence as far as they touch a business that tunes and serves a model."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    id: Text = Field(description="Short name, as models.json gives it.")
    name: Text = Field(description="Full name.")
    may_tune: Permission = Field(description="Whether weights may be changed.")
    may_serve_commercially: Permission = Field(description="Whether answers may be sold or used in a business.")
    conditions: str = Field("", description="What has to be kept, in a few words.")
    source: Text = Field(description="Where the terms can be read.")
    read_on: date | None = Field(None, description="Day on which somebody read the text; empty: nobody did.")
    basis: Basis = Field(description="published: the text was read; judgement: it was not.")
    note: str = Field("", description="Doubts.")

    @property
    def is_free(self) -> bool:
        """Whether both are allowed without a condition that a business must look into."""
        return self.may_tune == "yes" and self.may_serve_commercially == "yes"

    @property
    def cited(self) -> str:
        """Where the terms stand and when they were read."""
        return f"{self.source} ({f'read {self.read_on}' if self.read_on else 'text not read'})"

    def warnings(self, *, model: str, tunes: bool) -> tuple[str, ...]:
        """What a reader must know before using a model for a business.

        Args:
            model: Name of the model. [text]
            tunes: Whether its weights are changed.

        Returns:
            Sentences; none where the licence is free. [1]

        Source: the licence.
        """
        if self.is_free:
            return ()
        if self.id == UNKNOWN:
            return (f"licence of {model} unknown: {self.conditions}",)
        acts = [("commercial serving", self.may_serve_commercially), *([("tuning", self.may_tune)] if tunes else [])]
        told = [
            f"licence {self.id} FORBIDS {act} of {model}, which this option does: {self.conditions}"
            for act, permission in acts
            if permission == "no"
        ]
        if told:
            return tuple(told)
        serving = f"commercial serving {_SAID[self.may_serve_commercially]}"
        return (f"licence {self.id}: tuning {_SAID[self.may_tune]}, {serving}: {self.conditions}",)


def licences_of(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Licence]:
    """All licences of the file, checked.

    Args:
        entries: Terms by id.

    Returns:
        Licences by id. [1]

    Raises:
        CatalogError: an entry is broken; the message names it.

    Source: definition.
    """
    try:
        return {key: Licence.model_validate({"id": key, **terms}) for key, terms in entries.items()}
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise CatalogError(f"{FILE}: {field} {first['input']!r}: {first['msg']}; see pricing/README.md") from None


def licence_of(shape: Architecture, known: Mapping[str, Licence]) -> Licence:
    """The licence that a model stands under; the entry `unknown` where its file names none.

    Args:
        shape: The model.
        known: All licences by id.

    Returns:
        Its licence. [1]

    Raises:
        UnknownNameError: the model names a licence that the file lacks.

    Source: definition.
    """
    named = shape.licence.lower() or UNKNOWN
    if named not in known:
        raise UnknownNameError(f"licence of {shape.name}", named, known, f"add it to {FILE}, or give {UNKNOWN}")
    return known[named]


def licence_named(known: Mapping[str, Licence], name: str) -> Licence:
    """A licence by its id.

    Args:
        known: All licences by id.
        name: Its id. [text]

    Returns:
        The licence. [1]

    Raises:
        UnknownNameError: there is none of that id.

    Source: definition.
    """
    if name not in known:
        raise UnknownNameError("licence", name, known, "list them with: estimator catalog list licences")
    return known[name]
