"""The text of a paper's HTML page, as LaTeXML makes it: https://math.nist.gov/~BMiller/LaTeXML/.

Nothing is fetched and no style sheet is read: what is hidden is what the elements' own styles and
attributes hide.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from bot.sources.extraction.characters import HYPHEN, clean, is_text, smuggles
from bot.sources.extraction.document import Unreadable
from bot.sources.extraction.style import Look, look_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

SHORTEST = 1000
"""Characters; a page with fewer is what is left of a conversion that failed."""

_DROPPED_TAGS = frozenset(
    (
        *("annotation", "annotation-xml", "button", "footer", "form", "head", "header", "iframe"),
        *("nav", "noscript", "object", "script", "select", "style", "template", "textarea"),
    )
)
_DROPPED = frozenset(
    (
        *("ltx_ERROR", "ltx_TOC", "ltx_appendix", "ltx_authors", "ltx_bibliography"),
        *(
            "ltx_classification",
            "ltx_date",
            "ltx_dates",
            "ltx_index",
            "ltx_note_mark",
            "ltx_page_footer",
        ),
        *("ltx_page_header", "ltx_page_navbar", "ltx_rdf", "ltx_tag_note"),
    )
)
_PARAGRAPH = "\u2029"
# How a block is parted from what comes before and after it.
_APART = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "section"), _PARAGRAPH),
    **dict.fromkeys(("blockquote", "dl", "ol", "ul", "figure", "table"), _PARAGRAPH),
    **dict.fromkeys(("caption", "figcaption", "ltx_caption"), _PARAGRAPH),
    **dict.fromkeys(("dd", "div", "dt", "li", "tr", "ltx_listingline", "ltx_tr"), "\n"),
}
_WHITE = re.compile(r"[ \t\r\n\f]+")
_COMMENT = re.compile(r"%\n[ \t]{0,9}")  # LaTeXML breaks a formula's lines with it


def read_page(document: bytes) -> tuple[str, bool]:
    """Return a page's text, and whether some was left out that a reader cannot see.

    Blocks are parted by blank lines, the rows of a table by a line break and its cells by ``|``;
    a formula is its LaTeX. Authors, references and appendices are left out.

    Raises:
        Unreadable: not the page of a paper, or hardly any text on it.
    """
    tree = LexborHTMLParser(document.decode(errors="replace"))
    article = tree.css_first("article.ltx_document")
    if article is None:
        raise Unreadable("is not the page of a paper")
    page = _Page()
    for look, piece in _pieces(article):
        page.take(look, piece)
    text = page.text()
    if len(text) < SHORTEST:
        raise Unreadable("has hardly any text")
    return text, page.hidden


class _Page:
    """What was read so far of a page."""

    def __init__(self) -> None:
        self._seen: list[str] = []
        self._unseen: list[str] = []
        self._hidden = False

    def take(self, look: Look, piece: str) -> None:
        """Add a piece of text to what is seen or to what is not."""
        if not look.visible:
            self._unseen.append(piece)
            return
        self._seen.append(piece)
        if piece.strip():
            self._judge()

    def text(self) -> str:
        """Return the text that a reader sees."""
        self._judge()
        text = "".join(self._seen)
        self._hidden = self._hidden or smuggles(text)
        return _tidy(clean(text).replace(HYPHEN, ""))

    @property
    def hidden(self) -> bool:
        """Whether there was text that a reader does not see."""
        return self._hidden

    def _judge(self) -> None:
        if self._unseen:
            self._hidden = self._hidden or is_text(" ".join(self._unseen))
            self._unseen.clear()


def _pieces(article: LexborNode) -> Iterator[tuple[Look, str]]:
    """Walk a page and give each piece of its text with how it looks.

    The walk keeps its own stack: elements may be nested deeper than Python's.
    """
    waiting: list[tuple[LexborNode | str, Look]] = [(article, Look())]
    while waiting:
        node, around = waiting.pop()
        if isinstance(node, str):
            yield around, node
            continue
        if node.is_text_node:
            yield around, _WHITE.sub(" ", node.text_content or "")
            continue
        tag, attributes = node.tag or "", node.attributes
        classes = frozenset((attributes.get("class") or "").split())
        if not node.is_element_node or tag in _DROPPED_TAGS or classes & _DROPPED:
            continue
        look = look_of(tag, attributes, around)
        before, after = _edges(tag, classes)
        yield look, before
        if tag == "math" and attributes.get("alttext"):
            yield look, " ".join(_COMMENT.sub("", attributes["alttext"] or "").split())
        else:
            waiting.append((after, look))
            inside = [(child, look) for child in node.iter(include_text=True)]
            waiting.extend(reversed(inside))


def _edges(tag: str, classes: frozenset[str]) -> tuple[str, str]:
    """Return what stands before and after an element's text, to part it from its neighbours."""
    if not classes.isdisjoint(("ltx_td", "ltx_th")):
        return " | ", ""
    if "ltx_note_content" in classes:
        return " (", ")"
    if tag in {"br", "td", "th"}:
        return " ", " "
    apart = next((_APART[name] for name in (*classes, tag) if name in _APART), "")
    return apart, apart


def _tidy(text: str) -> str:
    """Return text in paragraphs, with single spaces and blank lines, and rows without an edge."""
    paragraphs = []
    for paragraph in text.split(_PARAGRAPH):
        lines = (
            " ".join(word for word in line.split(" ") if word) for line in paragraph.split("\n")
        )
        lines = (line.strip("| ") if line.startswith("| ") else line for line in lines)
        paragraphs.append("\n".join(line for line in lines if line))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
