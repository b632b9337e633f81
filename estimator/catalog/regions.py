"""Where a region lies: names of clouds, countries and areas."""

EU_STATES = frozenset(
    {"at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "fi", "fr", "gr", "hr", "hu", "ie"}
    | {"it", "lt", "lu", "lv", "mt", "nl", "pl", "pt", "ro", "se", "si", "sk"}
)
"""Members of the European Union, ISO 3166."""
VAGUE = frozenset({"", "global", "world", "north-america", "europe", "asia"})
"""Names that cover several areas."""
_NAMED = {
    "bulgaria": "bg",
    "eu-central-1": "de",
    "eu-central-2": "ch",
    "eu-north-1": "se",
    "eu-north1": "fi",
    "eu-south-1": "it",
    "eu-south-2": "es",
    "eu-west-1": "ie",
    "eu-west-2": "uk",
    "eu-west-3": "fr",
    "europe-central2": "pl",
    "europe-north1": "fi",
    "europe-southwest1": "es",
    "europe-west1": "be",
    "europe-west2": "uk",
    "europe-west3": "de",
    "europe-west4": "nl",
    "europe-west6": "ch",
    "europe-west8": "it",
    "europe-west9": "fr",
    "northeurope": "ie",
    "norwayeast": "no",
    "swedencentral": "se",
    "switzerlandnorth": "ch",
    "uksouth": "uk",
    "ukwest": "uk",
    "westeurope": "nl",
}
"""Country of regions whose name does not begin with it."""
_PREFIXES = (
    ("us-", "us"),
    ("eastus", "us"),
    ("westus", "us"),
    ("centralus", "us"),
    ("northcentralus", "us"),
    ("southcentralus", "us"),
    ("ca-", "ca"),
    ("canada", "ca"),
    ("francecentral", "fr"),
    ("germany", "de"),
    ("italynorth", "it"),
    ("polandcentral", "pl"),
    ("spaincentral", "es"),
    ("eu-", "eu"),
    ("europe-", "eu"),
)


def areas_of(region: str) -> frozenset[str]:
    """All names under which a region counts: its own, its country, and eu for a member state.

    Args:
        region: Area, country or region of a cloud; in any case. [text]

    Returns:
        Names in lower case; none for a name that covers several areas. [text]

    Source: region tables of AWS, Azure, Google Cloud and Nebius; ISO 3166.

    >>> sorted(areas_of("europe-west4")), sorted(areas_of("eu-west-2")), sorted(areas_of("global"))
    (['eu', 'europe-west4', 'nl'], ['eu-west-2', 'uk'], [])
    """
    name = region.strip().lower()
    if name in VAGUE:
        return frozenset()
    country = _NAMED.get(name) or next((area for prefix, area in _PREFIXES if name.startswith(prefix)), name)
    return frozenset({name, country, *({"eu"} if country in EU_STATES else ())})


def lies_in(*, region: str, allowed: frozenset[str]) -> bool | None:
    """Whether a region lies in one of the allowed ones; None where its name does not tell.

    Args:
        region: Area, country or region of a cloud. [text]
        allowed: Areas, countries or regions in lower case. [text]

    Returns:
        True, False, or None where it cannot be told. [1]

    Source: definition.

    >>> [lies_in(region=region, allowed=frozenset({"eu"})) for region in ("swedencentral", "us-east-1")]
    [True, False]
    >>> lies_in(region="eu", allowed=frozenset({"de"})) is None
    True
    """
    areas = areas_of(region)
    if areas & allowed or region.strip().lower() in allowed:
        return True
    unplaced = "eu" in areas and not areas & EU_STATES
    inside = any(areas < other or (unplaced and other & EU_STATES) for other in map(areas_of, allowed))
    return None if not areas or inside else False
