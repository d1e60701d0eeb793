"""What reading a document may cost, and that it cannot be read."""

from __future__ import annotations

from typing import NamedTuple


class Unreadable(Exception):
    """A document has no text to be had; the text goes on after its name: "is encrypted"."""


# A named tuple, not a data class: it costs the process that reads no time to import.
class Limits(NamedTuple):
    """What reading one document may take, and how much of it is read.

    ``memory`` is in bytes of address space, ``cpu`` and ``wall`` are in seconds; past one of them
    the document cannot be read. Of a longer one only the first ``pages`` and ``characters`` are.
    """

    memory: int = 2**30
    cpu: int = 20
    wall: int = 40
    pages: int = 60
    characters: int = 400_000
