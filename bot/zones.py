"""The names of the IANA time zones, found by what a person typed."""

from __future__ import annotations

import difflib
from functools import cache
from zoneinfo import available_timezones

_CLOSE = 0.8  # of 1: how like a typed name must be to a known one to be offered for it


@cache
def zone_names() -> tuple[str, ...]:
    """Return every IANA time zone's name, sorted."""
    return tuple(sorted(available_timezones()))


def matching_zones(text: str, most: int = 25) -> list[str]:
    """Return the zones whose name holds ``text``, those whose city starts with it first."""
    wanted = _spelled(text)
    hits = [name for name in zone_names() if wanted in name.casefold()]
    hits.sort(key=lambda name: (not _city(name).startswith(wanted), name))
    return hits[:most]


def nearest_zones(text: str, most: int = 3) -> list[str]:
    """Return the zones that somebody who typed ``text`` most likely meant, the likeliest first."""
    # Etc/GMT+2 is two hours *behind* UTC, and CEST is not EST: only places are near each other.
    places = [zone for zone in zone_names() if "/" in zone and not zone.startswith("Etc/")]
    spellings = {_city(zone): zone for zone in places}
    spellings |= {zone.casefold(): zone for zone in [*places, "UTC"]}
    near = difflib.get_close_matches(_spelled(text), spellings, n=most, cutoff=_CLOSE)
    return list(dict.fromkeys(spellings[spelling] for spelling in near))


def _spelled(text: str) -> str:
    return text.strip().replace(" ", "_").casefold()


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].casefold()
