"""What a reader sees of a PDF page's text: the page is drawn, and the drawing looked at."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pypdfium2 import PdfPage, PdfTextPage

SMALLEST = 2.0
"""Points; type that is not higher is not read."""

_LARGEST = 1500  # pixels; a page may say that it is kilometres wide
_SAMPLES = 10  # rows and columns of a box that are looked at
_FAINTEST = 20  # of 255: an ink more transparent than this
_ALIKE = 12  # of 255: a difference in brightness that nobody sees
_LIGHT = 235  # of 255: what is taken for white where there is no picture
# How each mode paints a letter; the others leave it invisible, or use it as a clip.
_FILL, _STROKE = pdfium.FPDFText_GetFillColor, pdfium.FPDFText_GetStrokeColor
_PAINTING = {
    pdfium.FPDF_TEXTRENDERMODE_FILL: (_FILL,),
    pdfium.FPDF_TEXTRENDERMODE_FILL_CLIP: (_FILL,),
    pdfium.FPDF_TEXTRENDERMODE_STROKE: (_STROKE,),
    pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP: (_STROKE,),
    pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE: (_FILL, _STROKE),
    pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP: (_FILL, _STROKE),
}
_SHADES = (0.299, 0.587, 0.114)  # of red, green and blue: how bright each looks


class Box(NamedTuple):
    """A rectangle on a page, in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def size(self) -> float:
        """The longer side: of one character, at least the height of its type."""
        return max(self.right - self.left, self.top - self.bottom)


class Picture:
    """A page as it is drawn, in shades of grey."""

    def __init__(self, page: PdfPage) -> None:
        scale = min(1.0, _LARGEST / max(1.0, *page.get_size()))
        self._bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
        self._places = self._bitmap.get_posconv(page)
        self._pixels = memoryview(self._bitmap.buffer).cast("B")

    def ground(self, box: Box) -> int | None:
        """Return how bright a box mostly is, None where there is nothing to be seen in it."""
        near = self._places.to_bitmap(box.left, box.bottom)
        far = self._places.to_bitmap(box.right, box.top)
        columns = _within((near[0], far[0]), self._bitmap.width)
        rows = _within((near[1], far[1]), self._bitmap.height)
        if not columns or not rows:
            return None
        starts = [row * self._bitmap.stride for row in _some(rows)]
        sampled = _some(columns)
        pixels = sorted(self._pixels[start + column] for start in starts for column in sampled)
        ground = pixels[len(pixels) // 2]
        alike = max(pixels) - min(pixels) <= _ALIKE
        return None if alike and self._is_empty(columns, rows, ground) else ground

    def _is_empty(self, columns: range, rows: range, ground: int) -> bool:
        """Say whether every pixel is like the ground: what is covered or clipped leaves none."""
        for row in rows:
            start = row * self._bitmap.stride
            line = self._pixels[start + columns.start : start + columns.stop].tobytes()
            if max(line) - ground > _ALIKE or ground - min(line) > _ALIKE:
                return False
        return True


class Sight:
    """Tells what a reader sees of a page; without its picture, by the ink alone."""

    def __init__(self, text: PdfTextPage, picture: Picture | None) -> None:
        self._text = text
        self._picture = picture

    def sees(self, first: int, last: int) -> bool:
        """Say whether a line of text can be seen, from its first character to its last."""
        start, end = self._box(first), self._box(last)
        if start.size <= SMALLEST:
            return False
        inks = self._inks(first)
        if self._picture is None:
            return any(ink < _LIGHT for ink in inks)
        lower = map(min, start[:2], end[:2])
        upper = map(max, start[2:], end[2:])
        ground = self._picture.ground(Box(*lower, *upper))
        return ground is not None and any(abs(ink - ground) > _ALIKE for ink in inks)

    def inked(self, index: int) -> bool:
        """Say whether a character is painted at all."""
        return bool(self._inks(index))

    def _inks(self, index: int) -> list[float]:
        """Return how bright the colours are that a character is filled and outlined with."""
        drawn = pdfium.FPDFText_GetTextObject(self._text, index)
        painting = _PAINTING.get(pdfium.FPDFTextObj_GetTextRenderMode(drawn), ())
        colours = [self._colour(told, index) for told in painting]
        return [
            sum(part * of for part, of in zip(colour, _SHADES, strict=True))
            for *colour, opacity in colours
            if opacity > _FAINTEST
        ]

    def _colour(self, told: Callable[..., int], index: int) -> tuple[int, ...]:
        """Return red, green, blue and opacity."""
        channels = [ctypes.c_uint(start) for start in (0, 0, 0, 255)]
        told(self._text, index, *channels)
        return tuple(channel.value for channel in channels)

    def _box(self, index: int) -> Box:
        box = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(self._text, index, box)
        return Box(box.left, box.bottom, box.right, box.top)


def _within(ends: Sequence[int], size: int) -> range:
    """Return the pixels between two ends, as far as they are in the picture."""
    return range(max(min(ends), 0), min(max(ends) + 1, size))


def _some(pixels: range) -> range:
    """Return a few of these pixels, evenly spread."""
    return pixels[:: -(-len(pixels) // _SAMPLES)]
