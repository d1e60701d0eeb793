"""The text of a PDF, as PDFium reads it: line by line in the order in which it was set."""

from __future__ import annotations

import ctypes
import time
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError

from bot.sources.extraction.characters import is_text, smuggles
from bot.sources.extraction.document import Unreadable
from bot.sources.extraction.layout import arrange
from bot.sources.extraction.sight import Picture, Sight

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

DRAWING = 6.0
"""Seconds of computing after which no more pages are drawn; a figure can take as long."""

_SCANNED = 0.9  # of a page's characters, when a layer of recognised text lies over its image


class Run(NamedTuple):
    """Characters that were set in one go: where the first and the last stand, and the text."""

    first: int
    last: int
    text: str


def read_pdf(document: bytes, pages: int) -> tuple[str, bool]:
    """Return the text of the first pages, and whether some was left out that nobody can see.

    Raises:
        Unreadable: encrypted, damaged, or without text.
    """
    try:
        pdf = PdfDocument(document)
        texts, hidden = [], False
        undrawn = time.process_time() + DRAWING
        for number in range(min(len(pdf), pages)):
            text, found = _read(pdf[number], drawn=time.process_time() < undrawn)
            texts.append(text)
            hidden = hidden or found
    except PdfiumError as error:
        locked = error.err_code == pdfium.FPDF_ERR_PASSWORD
        raise Unreadable("is encrypted" if locked else "is damaged") from error
    arranged = arrange(texts)
    if not is_text(arranged):
        raise Unreadable("has no text, only images")
    return arranged, hidden


def _read(page: PdfPage, *, drawn: bool) -> tuple[str, bool]:
    """Return what a reader sees of a page's text, and whether there is more."""
    text = page.get_textpage()
    runs = _runs(text)
    sight = Sight(text, Picture(page) if drawn else None)
    scanned = _is_scanned(page, runs, sight)
    seen: list[str] = []
    unseen: list[str] = []
    hidden = False
    for run in runs:
        if scanned or sight.sees(run.first, run.last):
            hidden = hidden or is_text("".join(unseen))
            unseen.clear()
            seen.append(run.text)
        else:
            unseen.append(run.text)
            seen.append("\n" if run.text.endswith("\n") else " ")
    read = "".join(seen)
    return read, hidden or is_text("".join(unseen)) or smuggles(read)


def _runs(text: PdfTextPage) -> list[Run]:
    """Part a page's text by the text objects that it was set in.

    Spaces and line breaks that PDFium adds belong to none, and go with what they follow.
    """
    runs: list[Run] = []
    codes: list[int] = []
    first = last = -1
    current = None
    for index in range(pdfium.FPDFText_CountChars(text)):
        drawn = pdfium.FPDFText_GetTextObject(text, index)
        if drawn:
            address = ctypes.addressof(drawn.contents)
            if address != current:
                if current is not None:
                    runs.append(Run(first, last, _decoded(codes)))
                    codes = []
                current, first = address, index
            last = index
        codes.append(pdfium.FPDFText_GetUnicode(text, index))
    if current is not None:
        runs.append(Run(first, last, _decoded(codes)))
    return runs


def _decoded(codes: list[int]) -> str:
    """Return characters that came in halves, as UTF-16 has those past the first 65,536."""
    halves = "".join(map(chr, codes)).encode("utf-16", "surrogatepass")
    return halves.decode("utf-16", "replace").replace("\r\n", "\n")


def _is_scanned(page: PdfPage, runs: list[Run], sight: Sight) -> bool:
    """Say whether a page is an image, with its recognised text laid over it unseen."""
    bare = sum(len(run.text) for run in runs if not sight.inked(run.first))
    if not bare or bare < _SCANNED * sum(len(run.text) for run in runs):
        return False
    return any(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]))
