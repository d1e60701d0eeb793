"""Parts a text into its sentences, each of them verbatim."""

from __future__ import annotations

import re

# A sentence may end here; what stands on either side decides. Brackets, quotes and emphasis
# close with it. A blank line and the next item of a list end one too, and so does a full stop
# after which the space was forgotten, before a word that can only begin a sentence. Looking for
# the mark first makes the rest four times as fast.
_END = re.compile(
    r"(?=[.!?…\n])(?:"
    r"""[.!?…][.!?…"'\u201d\u2019)\]*_]{0,20}(?=\s)"""
    r"|(?:(?<=[a-z]{3})|(?<=[a-z0-9][)\]%]))[.?!]"
    r"(?=(?:Additionally|Based|By|Experiments|Extensive|Finally|For|Furthermore|However|In|It"
    r"|Moreover|Our|Specifically|The|These|They|This|Through|To|We|While)[\s,])"
    r"|\n(?=[ \t]*(?:\n|[-*\u2022][ ]|\d{1,2}[.)][ ])))"
)

# Words whose full stop belongs to them: whatever follows, before a number, and unless the next
# word can only begin a sentence.
_NEVER_LAST = frozenset(
    (
        "a.k.a",
        "approx",
        "ca",
        "cf",
        "e.g",
        "eg",
        "esp",
        "i.e",
        "ie",
        "incl",
        "resp",
        "viz",
        "vs",
        "w.r.t",
    )
)
_TITLES = frozenset(("Dr", "Mr", "Mrs", "Ms", "Prof"))
_BEFORE_NUMBERS = frozenset(
    (
        "ch",
        "cor",
        "def",
        "eq",
        "eqn",
        "eqs",
        "fig",
        "figs",
        "lem",
        "no",
        "nos",
        "pp",
        "prop",
        "ref",
        "refs",
        "sec",
        "sect",
        "tab",
        "thm",
        "vol",
    )
)
_SOMETIMES_LAST = frozenset(
    ("acc", "al", "avg", "co", "corp", "inc", "jr", "ltd", "ph.d", "sr", "st")
)
_OPENERS = re.compile(
    r"(?:a|across|additionally|all|although|an|and|as|at|based|both|but|by|code|compared|despite"
    r"|during|each|evaluations|existing|experimental|experiments|extensive|finally|first|for|from"
    r"|furthermore|given|here|how|however|if|in|instead|is|it|its|key|later|main|moreover|most|my"
    r"|notably|of|on|one|our|primary|prior|recent|results|second|see|similarly|since|so|some"
    r"|specifically|such|that|the|their|then|there|therefore|these|they|third|this|those|though"
    r"|through|thus|to|together|under|unlike|using|we|what|when|where|whereas|while|with|yet|you)",
    re.IGNORECASE,
)
_LONGEST = 24  # characters before a full stop that are looked at
_CLOSES = 150  # characters in which a quotation, or a bracket, must close
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"""[^\s(\[{"'\u201c\u2018*_/\u2013\u2014]+$""")
_NEXT = re.compile(r"""[\s(\[{"'\u201c\u2018*_`$\\]*([^\s,;:\u2019']*)""")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]|[A-Z]")
_NUMBER = re.compile(r"\d|[A-Z](?:\b|\d)")
# "1.", "ii)", "a)": what numbers an item, and is no sentence.
_MARKER = re.compile(r"[\s*_#(]*(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]+")
_NUMBERED_AFTER_COLON = re.compile(r"[:;][\s*_(]+\d{1,2}$")


def split_sentences(text: str) -> list[str]:
    """Return the sentences of ``text`` in order, without the white space between them.

    The full stop of an abbreviation, an initial, a decimal or a list's number ends none. A blank
    line does, and so does a line that begins an item of a list.
    """
    sentences: list[str] = []
    start = seen = quotes = 0
    for mark in _END.finditer(text):
        if mark.end() <= start:  # another line end in the space between two sentences
            continue
        quotes += text.count('"', seen, mark.end())
        seen = mark.end()
        if mark[0] == "\n" or _ends(text, start, mark, quoted=quotes % 2 == 1):
            sentences.append(text[start : mark.end()].strip())
            start, quotes = _beginning(text, mark.end()), 0
    sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if sentence]


def _beginning(text: str, place: int) -> int:
    """Return where the white space from ``place`` on ends."""
    space = _SPACE.match(text, place)
    return space.end() if space else place


def _ends(text: str, start: int, mark: re.Match[str], *, quoted: bool) -> bool:
    """Say whether the sentence that began at ``start`` ends with ``mark``."""
    following = _NEXT.match(text, mark.end())
    after = following[1] if following else ""
    numbers = mark.end() - start < _LONGEST and _MARKER.fullmatch(text, start, mark.end())
    if numbers or not _can_begin(after):
        return False
    if (quoted and '"' in text[mark.end() : mark.end() + _CLOSES]) or _bracketed(text, start, mark):
        return False  # within a quoted title, or an aside
    before = text[max(start, mark.start() - _LONGEST) : mark.start()]
    return not mark[0].startswith(".") or not _belongs(before, mark[0], after)


def _bracketed(text: str, start: int, mark: re.Match[str]) -> bool:
    """Say whether ``mark`` stands within a bracket that was opened and closes near by."""
    end = mark.end()
    begin = max(start, end - _CLOSES)
    if text.rfind("(", begin, end) <= text.rfind(")", begin, end):
        return False
    opened, closed = (text.find(bracket, end, end + _CLOSES) for bracket in "()")
    return closed >= 0 and not 0 <= opened < closed


def _can_begin(word: str) -> bool:
    """Say whether a sentence can begin with ``word``: "the" cannot, "mPLUG" and "ii)" can."""
    if not word.islower() or not word[0].islower():
        return True
    return word.startswith(("http", "www.")) or _MARKER.fullmatch(word) is not None


def _belongs(before: str, mark: str, after: str) -> bool:
    """Say whether the full stop of ``mark`` is part of the word that it follows."""
    found = _WORD.search(before)
    if found is None or mark.endswith(")."):
        return False
    word = found[0].lower()
    if word in _BEFORE_NUMBERS:
        return _NUMBER.match(after) is not None
    if word in _NEVER_LAST or found[0] in _TITLES or _NUMBERED_AFTER_COLON.search(before):
        return True
    if word in _SOMETIMES_LAST or _INITIALS.fullmatch(found[0]):
        return ")" in mark or _OPENERS.fullmatch(after) is None
    return word == "etc" and ")" in mark
