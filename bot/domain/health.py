"""What an examination found: one sentence a check, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found; ``ok`` is None where it was not checked, or for a warning.

    ``remedy`` says what to do about it.
    """

    name: str
    ok: bool | None
    text: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address to hand on, and what it is for."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Every finding in the order to read them, and the links to hand on."""

    findings: tuple[Finding, ...]
    links: tuple[Link, ...] = ()

    @property
    def wrong(self) -> int:
        """How many findings say that something is wrong."""
        return sum(finding.ok is False for finding in self.findings)


def sound(name: str, text: str) -> Finding:
    """Return the finding that all is well."""
    return Finding(name=name, ok=True, text=text)


def wrong(name: str, text: str, remedy: str) -> Finding:
    """Return the finding that something is wrong."""
    return Finding(name=name, ok=False, text=text, remedy=remedy)


def unsure(name: str, text: str, remedy: str | None = None) -> Finding:
    """Return a warning, or that nothing could be checked."""
    return Finding(name=name, ok=None, text=text, remedy=remedy)
