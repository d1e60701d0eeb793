"""From the lines of a PDF to the text of a paper: whole words and paragraphs, and nothing else.

What every page repeats is left out, and all that comes after the main part.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bot.sources.extraction.characters import HYPHEN, clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_EDGE = 2  # lines at the top and at the bottom of a page where a running head may stand
_REPEATED = 0.3  # of the pages have it; left and right ones often have different heads
_COUNTED = 10  # lines that only count, in a row, are the line numbers of a review
_LONGEST_HEADING = 80
_CITED = 3  # years in the next lines, which a list of references has
_NEXT_LINES = 40
_LINE = 20  # characters; a shorter one does not count towards what is usual
_SHORT, _VERY_SHORT = 0.8, 0.4  # of a usual line

# Every repetition is bounded: matching is linear in the text.
_FOLIO = re.compile(  # a page number, bare or "- 3 -" or "Page 3 of 10"
    r"[-–—]?\s?(?:page\s)?[0-9]{1,4}(?:\s?(?:of|/)\s?[0-9]{1,4})?\s?[-–—]?",  # noqa: RUF001
    re.IGNORECASE,
)
_STAMP = re.compile(r"arXiv:\S{5,30} {1,2}\[[\w.-]{2,20}\] {1,2}[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}")
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}")
_SECTION = re.compile(
    r"(?:[0-9]{1,2}(?:\.[0-9]{1,2}){0,3}[.)]?|[IVX]{1,5}[.)]|[A-H][.)]) {1,3}(?=[A-Z])"
)
_SMALL_CAPITALS = re.compile(r"\b([A-Z]) ([A-Z]{2})")  # "I NTRODUCTION"
_APPENDIX = re.compile(
    r"(?:[A-Z][.:]? )?(?:Technical |Online )?"
    r"(?:Appendix|APPENDIX|Appendices|APPENDICES|Supplementary Materials?|SUPPLEMENTARY MATERIALS?)"
    r"(?: [A-Z0-9])?[.:]?(?: (?:[A-Z][\w-]{0,30}|of|and|the|for|on|in|to|with)){0,10}"
)
_WORD = re.compile(r"[^\W_][\w-]{0,60}")
_BROKEN = re.compile(rf"([^\W_][\w-]{{0,40}}){HYPHEN}[ \n]{{0,3}}(?=(\w[\w-]{{0,40}}))")
_REFERENCES = frozenset(
    ("references", "bibliography", "literaturecited", "referencesandnotes", "workscited")
)
_HEADINGS = frozenset(
    (
        *("abstract", "analysis", "approach", "background"),
        *("acknowledgement", "acknowledgements", "acknowledgment", "acknowledgments"),
        *("broaderimpact", "conclusion", "conclusions", "discussion", "ethicsstatement"),
        *("evaluation", "experiments", "experimentalresults", "experimentalsetup", "futurework"),
        *("impactstatement", "introduction", "limitations", "method", "methodology", "methods"),
        *("preliminaries", "relatedwork", "relatedworks", "results"),
        *("conclusionandfuturework", "discussionandconclusion"),
    )
)


def arrange(pages: Sequence[str]) -> str:
    """Return the main part of a paper from the text of its pages, a line of print a line.

    Paragraphs and headings are parted by blank lines; words that were broken are whole.
    """
    read = _without_heads([list(_lines(page)) for page in pages])
    lines = _main_part([line for page in read for line in page])
    return _mended("".join(_paragraphs(lines)))


def _lines(page: str) -> Iterator[str]:
    """Give the lines of a page that have words, each with single spaces."""
    counted: list[str] = []
    for raw in _STAMP.sub("", clean(page)).split("\n"):
        line = " ".join(word for word in raw.split(" ") if word)
        if counted and not _follows(line, counted[-1]):
            yield from counted if len(counted) < _COUNTED else ()
            counted = []
        if _is_count(line):
            counted.append(line)
        elif line:
            yield line
    yield from counted if len(counted) < _COUNTED else ()


def _is_count(line: str) -> bool:
    return len(line) <= 4 and line.isascii() and line.isdecimal()  # noqa: PLR2004 - a page's lines


def _follows(line: str, before: str) -> bool:
    return _is_count(line) and int(line) == int(before) + 1


def _without_heads(pages: Sequence[list[str]]) -> Iterator[list[str]]:
    """Give the pages without page numbers and what stands at the edge of many of them."""
    found = Counter(key for page in pages for key in {_key(page[at]) for at in _edges(page)})
    many = max(3, _REPEATED * len(pages))
    for number, page in enumerate(pages):
        # What the first page says stays: the title is often the head of all that follow.
        dropped = {
            at
            for at in _edges(page)
            if _FOLIO.fullmatch(page[at]) or (number and found[_key(page[at])] >= many)
        }
        yield [line for at, line in enumerate(page) if at not in dropped]


def _edges(page: list[str]) -> set[int]:
    return {at for at in range(len(page)) if at < _EDGE or at >= len(page) - _EDGE}


def _key(line: str) -> str:
    """Return a line as it is on every page: "12 A. Author et al." with any number."""
    return "".join("0" if one.isdecimal() else one for one in line.lower())


def _main_part(lines: list[str]) -> list[str]:
    """Return the lines before the references, and before an appendix that comes first."""
    end = len(lines)
    for at, line in enumerate(lines):
        if _names(line) & _REFERENCES:
            following = " ".join(lines[at + 1 : at + 1 + _NEXT_LINES])
            if len(_YEAR.findall(following)) >= _CITED:
                end = at
                break
    for at in range(end // 2, end):
        if len(lines[at]) <= _LONGEST_HEADING and _APPENDIX.fullmatch(lines[at]):
            return lines[:at]
    return lines[:end]


def _names(line: str) -> frozenset[str]:
    """Return a heading's name with and without its number, both run together."""
    if len(line) > _LONGEST_HEADING:
        return frozenset()
    both = (line, _SECTION.sub("", line, count=1))
    return frozenset("".join(one.lower().rstrip(".:").split()) for one in both)


def _is_heading(line: str) -> bool:
    if len(line) > _LONGEST_HEADING:
        return False
    numbered = _SECTION.match(line) is not None and line[-1] not in ".,;:)"
    return numbered or not _names(line).isdisjoint(_HEADINGS)


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Give the lines with what parts each from the one before: a space, or one break or two."""
    lengths = sorted(len(line) for line in lines if len(line) >= _LINE) or [0]
    usual = lengths[len(lengths) // 2]
    headings = [_is_heading(line) for line in lines]
    begun = not any(headings)  # before the first heading stand the title and the authors
    before, after_heading = "", False
    for line, heading in zip(lines, headings, strict=True):
        if before:
            apart = heading or after_heading
            yield "\n\n" if apart else _gap(before, line, usual) if begun else "\n"
        begun = begun or heading
        broken = line.endswith("-") and line[-2:-1].isalpha()
        text = line[:-1] + HYPHEN if broken else line
        yield _SMALL_CAPITALS.sub(r"\1\2", text) if heading else text
        before, after_heading = line, heading


def _gap(before: str, line: str, usual: int) -> str:
    """Return what parts two lines of text; labels and rows of figures stay lines of their own."""
    if before[-1] in ".?!:" and len(before) < _SHORT * usual:
        return "\n\n"
    label = len(line) < _VERY_SHORT * usual and line[-1] not in ".?!"
    if label or len(before) < _VERY_SHORT * usual or _is_row(before) or _is_row(line):
        return "\n"
    return " "


def _is_row(line: str) -> bool:
    """Say whether a line is mostly figures, as a table's rows are."""
    words = line.split()
    return sum(any(one.isdecimal() for one in word) for word in words) * 2 > len(words)


def _mended(text: str) -> str:
    """Return text with the words whole that a line's end broke.

    A hyphen stays where the text elsewhere has the word with it, and before a digit or a capital.
    """
    words = frozenset(word.lower() for word in _WORD.findall(text))

    def whole(match: re.Match[str]) -> str:
        left, right = match[1], match[2]
        if (left + right).lower() in words:
            return left
        compound = "-" in left or not right[0].islower()
        return f"{left}-" if compound or f"{left}-{right}".lower() in words else left

    return _BROKEN.sub(whole, text).replace(HYPHEN, "-")
