"""Whether an element's own style and attributes let a reader see its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIGHT = 235  # of 255: lighter than this in all three colours is not read on white
_SMALLEST = {"px": 2.0, "pt": 1.5, "em": 0.15, "rem": 0.15, "%": 15.0, "": 0.0}
_FAINTEST = 0.05
_SIZE = re.compile(r"([0-9.]{1,12})(px|pt|r?em|%|)")
_HEX = re.compile(r"#(?:([0-9a-f])([0-9a-f])([0-9a-f])|([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2}))")
_RGB = re.compile(
    r"rgba?\(\s?([0-9]{1,3})\s?[, ]\s?([0-9]{1,3})\s?[, ]\s?([0-9]{1,3})\b[^)]{0,20}\)"
)
_LIGHT_NAMES = frozenset(("white", "snow", "ivory", "floralwhite", "ghostwhite", "whitesmoke"))
_UNSAID = ("inherit", "initial", "unset", "currentcolor", "none", "transparent", "url", "var")
# LaTeXML names the colours of \textcolor and \colorbox by variables of its own.
_INK = ("color", "--ltx-fg-color")
_GROUND = ("background-color", "background", "--ltx-bg-color")


class Look(NamedTuple):
    """How text looks at one place of a page; its children inherit it."""

    hidden: bool = False
    light: bool = False
    dark_ground: bool = False

    @property
    def visible(self) -> bool:
        """Whether a reader sees it."""
        return not self.hidden and (self.dark_ground or not self.light)


def look_of(tag: str, attributes: Mapping[str, str | None], around: Look) -> Look:
    """Return how an element looks that stands within ``around``."""
    # A drawing paints its own ground, which its shapes tell and not its style.
    dark_ground = around.dark_ground or tag == "svg"
    hidden = around.hidden or "hidden" in attributes or attributes.get("aria-hidden") == "true"
    light = around.light
    style = attributes.get("style")
    if style:
        said = _declarations(style)
        hidden = hidden or _hides(said)
        light = _light(said, _INK, otherwise=light)
        dark_ground = not _light(said, _GROUND, otherwise=not dark_ground)
    return Look(hidden=hidden, light=light, dark_ground=dark_ground)


def _declarations(style: str) -> dict[str, str]:
    said = (one.partition(":") for one in style.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in said}


def _hides(said: Mapping[str, str]) -> bool:
    return (
        said.get("display") == "none"
        or said.get("visibility") in {"hidden", "collapse"}
        or said.get("color") == "transparent"
        or _at_most(said.get("font-size", ""), _SMALLEST)
        or _at_most(said.get("opacity", ""), {"": _FAINTEST, "%": 100 * _FAINTEST})
    )


def _at_most(value: str, limits: Mapping[str, float]) -> bool:
    """Say whether a size is at most the limit of its unit."""
    size = _SIZE.fullmatch(value)
    if size is None or size[2] not in limits or size[1].count(".") > 1 or size[1] == ".":
        return False
    return float(size[1]) <= limits[size[2]]


def _light(said: Mapping[str, str], names: tuple[str, ...], *, otherwise: bool) -> bool:
    """Say whether the first colour under these names is nearly white."""
    value = next((said[name] for name in names if name in said), "")
    if not value or value.startswith(_UNSAID):
        return otherwise
    return value in _LIGHT_NAMES or min(_colour(value)) >= _LIGHT


def _colour(value: str) -> tuple[int, ...]:
    """Read a colour's red, green and blue; one that is only named is taken for a dark one."""
    if found := _HEX.match(value):
        short, long = found.groups()[:3], found.groups()[3:]
        return tuple(int(digit * 2, 16) for digit in short if digit) or tuple(
            int(pair, 16) for pair in long
        )
    if found := _RGB.match(value):
        return tuple(int(number) for number in found.groups())
    return (0, 0, 0)
