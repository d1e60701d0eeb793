"""Text in a paper that addresses a model: found, taken out, and known again when it is obeyed."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from bot.summaries.characters import plain_letters, smuggled, visible
from bot.summaries.english_orders import ENGLISH
from bot.summaries.foreign_orders import FOREIGN
from bot.summaries.reading import read
from bot.summaries.sentences import split_sentences
from bot.summaries.summary_orders import ABOUT_SUMMARIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.summaries.reading import Reading

_REACH = 300  # characters of one sentence that are taken on either side of an order
_PREAMBLE = 60  # characters before an order that may belong to it
_CLOSED = re.compile(r"[.!?]\s{1,8}$|[\u3002\uff01\uff1f]\s{0,8}$")
_FINISHED = re.compile(r"(?:[.!?\u3002\uff01\uff1f][\"'\u201d\u2019)\]]{0,3}|[\]>])\s{0,8}$|\n\s?$")
_LINE_END = re.compile(r" {0,8}(?:[\r\n]|\Z)")
_CLOSING = re.compile(
    r"[\u3002\uff01\uff1f]|\[/INST\]|<\|im_end\|>|<\|eot_id\|>|<</SYS>>", re.IGNORECASE
)
_SHOUTED = re.compile(r"[^a-z]{0,300}?(?<!\S)(?=[A-Z][a-z]|A [a-z])")

# An order is an imperative: it opens a clause, is set in capitals, or follows "please" or "you
# must". "LLMs ignore previous instructions" and "to ignore them" are statements.
_LEAD = re.compile(
    r"(?:(?:^|[.!?:;,>\]}*#|/\"\u3002])\s{0,8}|-\s{1,8}"
    r"|\b(?:please|kindly|you (?:must|should|shall|will|need to|have to|can only|are to"
    r"|are (?:required|asked|instructed|expected|told|ordered) to))\s{1,8})"
    r"(?:(?:now|next|then|also|finally|instead|always|only|just|strongly),?\s{1,8})?$"
)
_OPENING = re.compile(r"(?:^|[.!?>\]\u3002][\"')\]]?)\s{0,8}(?:please\s{1,8})?$")
_LEADING = 48
# A capital opens a sentence even where the full stop is missing, but not within a title.
_SENTENCE_CASE = re.compile(r"(?:[^\w\s,\u2026-]|[\r\n]|\b[a-z0-9]\w{0,40})\s{0,8}$")
_BLOB = re.compile(r"(?<![\w+/])[A-Za-z0-9+/]{24,2000}={0,2}(?![\w+/])")
_QUOTES = re.compile(
    r"\"[^\"]{1,400}\"|\u201c[^\u201d]{1,400}\u201d|``[^`']{1,400}''|`[^`']{1,400}'(?!\w)"
    r"|(?<!\w)['\u2018][^'\u2019]{1,400}['\u2019](?!\w)|\u00ab[^\u00bb]{1,400}\u00bb"
    r"|[\u300c\u300e][^\u300d\u300f]{1,400}[\u300d\u300f]"
)
_SHORTEST_LEAD = 2  # words outside a quotation that speak of it

_WORD = re.compile(r"\w+")
_ASKED = re.compile(
    r"\b(?:say|state|claim|write|declare|report|conclude|announce|assert|print|output|reply|respond"
    r"|answer|repeat|include|insert|append|add|praise|mention|recommend\w*|tell \w+ \w+)\b"
    r"(?: (?:only|exactly|verbatim|with|that|the (?:following|words?|phrase|sentence|text))){0,4}"
    r"\W{0,8}(?P<said>.{3,400})",
    re.DOTALL,
)
_SMALL_WORD = 3  # letters of a word that anybody writes
_RUN = 5  # words in a row that nobody writes by chance
_OBEYS = re.compile(
    r"(?:as (?:requested|instructed|you (?:asked|requested|instructed|wish)|per your)\b"
    r"|as an? (?:\w+ ){0,3}?(?:language model|ai|llm|assistant)\b[^.]{0,40}\bi\b"
    r"|(?:i am|i'm) (?:very |so )?(?:sorry|afraid|unable|not able|programmed|now|just an?)\b"
    r"|(?:sorry|apologies|unfortunately),? (?:but )?i\b|my apologies\b"
    r"|i (?:can ?not|can't|won't|will not|could not|couldn't|must decline|decline|refuse|recommend"
    r"|have (?:been|ignored)|will (?:now )?(?:ignore|disregard|follow|comply)|apologi[sz]e)\b"
    r"|understood[.!,]|instructions? (?:received|ignored|followed)\b"
    r"|(?:this|the|your) request (?:violates|cannot)\b)"
)
_RECOMMENDS = re.compile(
    r"\b(?:strong(?:ly)? (?:accept|recommend)"
    r"|recommend(?:s|ed)? (?:for )?(?:accept|publication|this)"
    r"|(?:should|must) be accepted|10\s?/\s?10|must-read)"
)


def instructions(text: str) -> tuple[str, ...]:
    """Return the sentences of a paper's text that give a model orders, as they can be read.

    A sentence that quotes such an order and says something of it is not among them. What is
    written in characters that nobody sees is, whatever it says.
    """
    return without_instructions(text)[1]


def without_instructions(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text without what addresses a model and what nobody sees, and what was taken out."""
    hidden = smuggled(text)
    text = visible(text)
    spans = _spans(text)
    found = (" ".join(text[start:end].split()) for start, end in spans)
    return _without(text, spans), tuple(dict.fromkeys((*hidden, *found)))


def follows(summary_text: str, found: Sequence[str]) -> bool:
    """Say whether a model's summary obeys what was found in its paper, is an order, or refuses."""
    if instructions(summary_text):
        return True
    sentences = [plain_letters(sentence) for sentence in split_sentences(summary_text)]
    if any(_OBEYS.match(sentence.lstrip("\"'*_ ")) for sentence in sentences):
        return True
    if not found:
        return False
    said = _WORD.findall(plain_letters(summary_text))
    runs = _runs(said)
    return any(_RECOMMENDS.search(sentence) for sentence in sentences) or any(
        not runs.isdisjoint(_runs(asked)) or _within(asked, said)
        for order in found
        for asked in _asked(order)
    )


def _spans(text: str) -> list[tuple[int, int]]:
    """Find what gives orders: disjoint spans of a visible text, in order."""
    reading = read(text)
    hits = sorted({*_orders(reading), *_blobs(text)})
    spans: list[tuple[int, int]] = []
    for start, end in hits:
        last = spans[-1][1] if spans else 0
        if end <= last:
            continue
        span = _sentence(text, start, end, last)
        if not _mentioned(text[slice(*span)], start - span[0], end - span[0]):
            spans.append(_set_apart(text, start, end, *span))
    return spans


def _orders(reading: Reading) -> Iterator[tuple[int, int]]:
    small = reading.whole.lower()
    for order in (*ENGLISH, *ABOUT_SUMMARIES, *FOREIGN):
        searched, known = (reading.plain, reading.plain) if order.latin else (reading.whole, small)
        if any(need in known for need in order.needs):
            place = 0  # an order can begin within what only looked like one
            while match := order.pattern.search(searched, place):
                place = match.start() + 1
                if _commands(reading, match):
                    yield reading.place(match.start()), reading.place(match.end() - 1) + 1


def _commands(reading: Reading, match: re.Match[str]) -> bool:
    """Say whether the verb of a match, if the pattern has one, is an imperative."""
    group = match.lastgroup
    if group is None:
        return True
    start = match.start(group)
    before = slice(max(start - _LEADING, 0), start)
    written = reading.whole[start : match.end(group)]
    if group == "opening":
        return _OPENING.search(reading.plain[before]) is not None
    if written.isupper() or (written[0].isupper() and _SENTENCE_CASE.search(reading.whole[before])):
        return True
    return _LEAD.search(reading.plain[before]) is not None


def _blobs(text: str) -> Iterator[tuple[int, int]]:
    """Find what gives orders once it is decoded from base64."""
    for match in _BLOB.finditer(text):
        try:
            said = base64.b64decode(match[0] + "=" * (-len(match[0]) % 4), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
        if said.isprintable() and any(_orders(read(said))):
            yield match.span()


def _sentence(text: str, start: int, end: int, last: int) -> tuple[int, int]:
    """Return the bounds of the sentence round an order, not before ``last`` and not for ever."""
    first, limit = max(start - _REACH, last), min(end + _REACH, len(text))
    bounds = list(_bounds(text, first, limit))
    first = max((place for place, _ in bounds if place <= start), default=first)
    limit = min((after for _, after in bounds if after >= end), default=limit)
    return first, limit


def _bounds(text: str, first: int, limit: int) -> Iterator[tuple[int, int]]:
    for sentence in split_sentences(text[first:limit]):
        place = text.index(sentence, first)
        first = place + len(sentence)
        yield place, first


def _set_apart(text: str, start: int, end: int, first: int, limit: int) -> tuple[int, int]:
    """Narrow the bounds of an order that was put into another sentence without full stops."""
    before = text[first:start]
    if _CLOSED.search(before) or (text[start].isupper() and len(before) > _PREAMBLE):
        first = start
    if closing := _CLOSING.search(text, end, limit):
        limit = closing.end()
    if text[start:end].isupper() and (shouted := _SHOUTED.match(text, end, limit)):
        limit = shouted.end()
    return first, limit


def _mentioned(sentence: str, start: int, end: int) -> bool:
    """Say whether a sentence speaks about the order in it: it quotes it, and says more."""
    quoted = _QUOTES.search(sentence)
    outside = sentence
    while quoted:
        if quoted.start() < start and end < quoted.end() + 1:
            outside = sentence[: quoted.start()] + sentence[quoted.end() :]
            return len(_WORD.findall(outside)) >= _SHORTEST_LEAD
        quoted = _QUOTES.search(sentence, quoted.end())
    return False


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Take spans out; within a sentence an ellipsis keeps the rest from being read as one."""
    pieces: list[str] = []
    place, whole = 0, True
    for start, end in spans:
        piece = text[place:start]
        if piece.strip():
            whole = _FINISHED.search(piece) is not None
        pieces.append(piece.rstrip(" "))
        if not (whole and (_FINISHED.search(text[start:end]) or _LINE_END.match(text, end))):
            pieces.append(" \u2026")
        if not text[end : end + 1].isspace():
            pieces.append(" ")
        place = end
    return "".join((*pieces, text[place:])).strip()


def _asked(order: str) -> Iterator[list[str]]:
    """Yield what an order asks to be said, and the order itself, word for word."""
    plain = plain_letters(order)
    yield _WORD.findall(plain)
    for quoted in _QUOTES.finditer(order):
        yield _WORD.findall(plain[quoted.start() : quoted.end()])
    if asked := _ASKED.search(plain):
        yield _WORD.findall(asked["said"])


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[place : place + _RUN]) for place in range(len(words) - _RUN + 1)}


def _within(asked: Sequence[str], said: Sequence[str]) -> bool:
    """Say whether all that an order asks for is said, where it is too short for a run."""
    if len(asked) >= _RUN or not any(len(word) > _SMALL_WORD for word in asked):
        return False
    return f" {' '.join(asked)} " in f" {' '.join(said)} "
