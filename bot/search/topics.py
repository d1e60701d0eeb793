"""What may be suggested to somebody who types a topic: what papers are about, by whom, where."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from heapq import nsmallest
from typing import TYPE_CHECKING

from bot.search.alignment import parts_of
from bot.search.definitions import definitions, looks_like_acronym, normal_form, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.domain.papers import Paper

LONGEST_TOPIC = 60
"""Characters of a keyword or a name; what is longer nobody picks from a list."""

_MOST_WORDS = 6  # of a keyword, each part of a hyphenated word counted
_GRAM = 4  # words of a title that may be a keyword together
_WHOLE = 0.6  # the share of a topic's papers that make a longer topic what is meant by it

_CATEGORY = re.compile(r"[a-z]{2,10}(?:-[a-z]{2,10})?(?:\.[A-Za-z-]{2,10})?")  # cs.CV, hep-th
_NOTE = re.compile(r"\s?\(([^()]{1,30})\)$")  # "large language models (LLMs)"
_SEGMENT = re.compile(
    r"[:;,.!?|()\[\]\"\u201c\u201d](?=\s|$)|\s[-\u2013\u2014]+\s|[()\[\]\"\u201c]"
)
_WORD = re.compile(r"[^\W_]{1,30}(?:[-+/.'\u2019][^\W_]{1,30}){0,5}")

_SMALL = frozenset(
    """
    a about across all an and any are as at be beyond between by can do does for from how if in
    into is it its less more most no not of on one or our over than that the their them there
    these this through to too toward towards two under up using via vs we what when where which
    while who why with within without you your
    """.split()  # noqa: SIM905 - words read better so
)
# What titles begin and end with, and nobody looks for.
_EMPTY = frozenset(
    """
    all approach approaches based better case comprehensive effective efficient evaluating
    framework frameworks improving need new novel open report scale simple study survey task tasks
    technical unified way work
    """.split()  # noqa: SIM905
)
_FIRST = (
    _SMALL
    | _EMPTY
    | frozenset(
        """
    adapting advancing aligning analyzing assessing benchmark benchmarking boosting bridging
    building challenging creating demystifying designing eliciting empirical empowering enabling
    enhancing exploring extending fast general improved introducing investigating leveraging making
    measuring method methods practical probing revisiting rethinking robust scalable strong
    systematic taming teaching unifying universal unleashing unlocking unveiling
    """.split()  # noqa: SIM905
    )
)
_LAST = (
    _SMALL
    | _EMPTY
    | frozenset(
        """
    anything benchmark capabilities generative good large matters method methods more multimodal
    neural perspective small visual
    """.split()  # noqa: SIM905
    )
)
_QUALITY = re.compile(
    r"-(?:agnostic|aware|based|centric|driven|efficient|free|grained|guided|level|modal|quality|"
    r"resolution|resource|scale|shot|source|specific|world)$"
)


class Kind(StrEnum):
    """What a topic is."""

    KEYWORD = "keyword"
    ACRONYM = "acronym"
    AUTHOR = "author"
    CATEGORY = "category"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that a query may ask for: ``text`` as it is shown, ``form`` as it is counted."""

    kind: Kind
    form: str
    text: str


def folded(text: str) -> str:
    """Return a text in small letters without accents, its hyphens and runs of spaces as a space."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[-\u2010-\u2014_/]", " ", bare).split())


def candidates(paper: Paper) -> tuple[Topic, ...]:
    """Return the topics that a paper gives, each once, so that they can be counted over papers.

    Where its source tells no keywords, they are read off the title.
    """
    found: dict[tuple[Kind, str], Topic] = {}
    for topic in _topics(paper):
        if any(map(str.isalnum, topic.form)) and len(topic.text) <= LONGEST_TOPIC:
            found.setdefault((topic.kind, topic.form), topic)
    return tuple(found.values())


def _topics(paper: Paper) -> Iterator[Topic]:
    for text in (paper.title, paper.abstract):
        for short, _ in definitions(text):
            yield Topic(Kind.ACRONYM, squeezed(short), short)
    for keyword in paper.ai_keywords or tuple(_title_keywords(paper.title)):
        if topic := _keyword(keyword):
            yield topic
    for author in paper.authors:
        yield Topic(Kind.AUTHOR, folded(author.name), author.name)
    for category in paper.categories:
        if _CATEGORY.fullmatch(category):
            yield Topic(Kind.CATEGORY, category.lower(), category)
    if paper.organization:
        yield Topic(Kind.ORGANIZATION, folded(paper.organization), paper.organization)


def _keyword(text: str) -> Topic | None:
    """Read a keyword: "Large Language Models (LLMs)" is one, "LLMs" is an acronym."""
    text = " ".join(_NOTE.sub("", text).split())
    parts = folded(text).split()
    if not 0 < len(parts) <= _MOST_WORDS:
        return None
    short = text.removesuffix("s")
    if _mostly_capitals(short) and looks_like_acronym(short):
        return Topic(Kind.ACRONYM, squeezed(short), short)
    return Topic(Kind.KEYWORD, normal_form(parts), text)


def _title_keywords(title: str) -> Iterator[str]:
    """Yield what two to four words of a title say together, longest first at each place."""
    for segment in _SEGMENT.split(title):
        words = [_as_keyword(word) for word in _WORD.findall(segment)]
        for start, first in enumerate(words):
            if first.lower() in _FIRST:
                continue
            for end in range(min(len(words), start + _GRAM), start, -1):
                gram = words[start:end]
                said = " ".join(gram)
                last = gram[-1].lower()
                if len(parts_of(said)) > 1 and last not in _LAST and not _QUALITY.search(last):
                    yield said


def _as_keyword(word: str) -> str:
    """Take off a title's capitals ("Text-to-Image"), but leave those of acronyms and names."""
    parts = word.split("-")
    return "-".join(part.lower() if part[1:] == part[1:].lower() else part for part in parts)


def _mostly_capitals(text: str) -> bool:
    shown = sum(sign.isupper() or sign.isdigit() for sign in text)
    return " " not in text and 2 * shown >= len(squeezed(text))


def beginnings(form: str) -> tuple[str, ...]:
    """Return a topic's form from each of its words on, for what begins one of them finds it."""
    words = form.split()
    return tuple(
        " ".join(words[at:]) for at, word in enumerate(words) if not at or word not in _SMALL
    )


def best(typed: str, counted: Iterable[tuple[Topic, int]], limit: int) -> list[Topic]:
    """Return the topics that what is typed may become, out of those with their papers' count.

    First those that are it or begin with it, then those of which a word does; within these the
    ones with most papers. A topic that mostly stands in a longer one leaves its place to that
    (``large language`` to ``large language model``); a keyword of one paper is for when there is
    nothing else.
    """
    stem = folded(typed) + " " * typed[-1:].isspace()
    ranked = [
        (rank, -papers, topic)
        for topic, papers in counted
        if (rank := _rank(stem, topic)) is not None
    ]
    ranked = [one for one in ranked if one[1] < -1 or one[2].kind is not Kind.KEYWORD] or ranked
    longer = _longer(ranked)
    whole = [one for one in ranked if longer.get(one[2].form, 0) < _WHOLE * -one[1]]
    chosen = nsmallest(limit, whole, key=lambda one: (one[0], one[1], one[2].form, one[2].kind))
    return [topic for _, _, topic in chosen]


def _rank(stem: str, topic: Topic) -> int | None:
    """Return 0 for what is typed, 1 for what begins so, 2 for a word that does, else None."""
    if topic.kind is Kind.ACRONYM:
        stem = squeezed(stem)
    if topic.form in {stem, normal_form(stem.split())}:
        return 0
    if topic.form.startswith(stem):
        return 1
    return 2 if f" {stem}" in f" {topic.form}" else None


def _longer(ranked: Iterable[tuple[int, int, Topic]]) -> dict[str, int]:
    """Return how many papers the best topic has that begins with all of a form's words."""
    most: dict[str, int] = {}
    for _, papers, topic in ranked:
        if topic.kind is Kind.KEYWORD:
            words = topic.form.split()
            for end in range(1, len(words)):
                form = " ".join(words[:end])
                most[form] = max(most.get(form, 0), -papers)
    return most
