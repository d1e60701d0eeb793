"""Ranked retrieval: what matches a query, best first, and then what is close to it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from heapq import nlargest
from typing import TYPE_CHECKING

from bot.domain.indexing import Vector
from bot.domain.searches import Sort
from bot.search.acronyms import Acronyms
from bot.search.expansion import EVERY_PAPER, expand, said_together, stems_asked
from bot.search.expression import expression
from bot.search.lexicon import Known, Lexicon
from bot.search.matching import says
from bot.search.patterns import BOUNDARY, KEYWORDS, TEXTS, TITLE, Either, Every, OneOf, Pattern
from bot.search.ranking import Scored, by_feedback, likeness, scaled
from bot.search.relaxing import Relaxed, relax, stems_spoken
from bot.storage.search_reading import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.indexing import Candidate
    from bot.domain.queries import Node
    from bot.search.lexicon import Forms
    from bot.search.patterns import Wanted
    from bot.storage.search_reading import SearchReader

MOST_EXACT = 80
"""Papers that match which are put in order; a person who wants more narrows the query."""

MOST_CLOSE = 50
FEW_EXACT = 50
"""With fewer papers that match, those that are close are looked for as well."""

_CANDIDATES = 80
# Papers with the telling words of a query whose texts are read for the others.
_READ = 100
# Above so many matching papers, those are ranked that have the words in the title or keywords:
# ranking all of them takes 100 ms at 80,000 papers, and the best are among these.
_BROAD = 1000
# A word that more than one in so many papers has says little of one.
_COMMON = 8
_RELATIVES = 4
# The shares of what a query tells that a close paper must have; the second is for long questions.
_ENOUGH = (0.5, 0.25)
# How much the score of its telling words counts for a close paper, beside all that it tells.
_WORDS_COUNT = 3.0
_FEW_CLOSE = 10
_MANY = 1 << 40
_NEAREST = 150
_STEMS_AT_LEAST = 6
_NO_FORMS = Acronyms({})


@dataclass(frozen=True, slots=True)
class Look:
    """Where is looked, in which order what is found comes, and how much of it is put in order."""

    scope: Scope = field(default_factory=Scope)
    sort: Sort = Sort.RELEVANCE
    most: int = MOST_EXACT


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was found: numbers and scores, best first, and the patterns that it was found by.

    ``matching`` counts all that match, also those that were not put in order; ``related`` is what
    stands in close papers.
    """

    wanted: Wanted
    related: tuple[OneOf, ...]
    lexicon: Lexicon
    exact: tuple[Scored, ...]
    close: tuple[Scored, ...]
    matching: int


def papers_stored(reader: SearchReader) -> int:
    """Return how many papers are searched."""
    return reader.words([EVERY_PAPER]).get(EVERY_PAPER, (0, 0))[0]


def lexicon_for(reader: SearchReader, tree: Node, forms: Forms) -> Lexicon:
    """Return what must be known of a query's words to expand it."""
    asked = {*stems_asked(tree), EVERY_PAPER}
    words = reader.words(asked)
    return Lexicon(forms, {stem: Known(*words.get(stem, (0, 0))) for stem in asked})


def retrieve(reader: SearchReader, tree: Node, forms: Forms, look: Look) -> Retrieved:
    """Find what matches, and where that is little, what is close."""
    lexicon = lexicon_for(reader, tree, forms)
    wanted = expand(tree, lexicon)
    said = said_together(tree, lexicon)
    exact, matching = _matching(reader, wanted, said, lexicon, look)
    titled, together = _told_apart(reader, exact, said or wanted, said)
    relaxed, close = None, list[Scored]()
    if matching < FEW_EXACT:
        relaxed, found = _close(reader, tree, lexicon, look.scope)
        known = {one.no for one in exact}
        close = [one for one in found if one.no not in known]
    papers = reader.candidates([one.no for one in (*exact, *close)])
    exact, close = by_feedback(exact, close, papers, together, titled)
    close = close[:MOST_CLOSE]
    if look.sort is not Sort.RELEVANCE:
        exact = _in_order(reader, wanted, look, exact)
        close = _turned(reader, look.sort, close)
    related = () if relaxed is None else relaxed.looked_for
    return Retrieved(wanted, related, lexicon, tuple(exact), tuple(close), matching)


def _told_apart(
    reader: SearchReader, exact: Sequence[Scored], asked: Wanted, said: Wanted | None
) -> tuple[set[int], set[int]]:
    """Return which papers have what was asked for in the title, and which say it together.

    Of most of them the title is enough to know; of the others the texts are read.
    """
    titles = reader.titles(one.no for one in exact)
    told = _in_title(asked)
    titled = {no for no, text in titles.items() if told is not None and says(told, {TITLE: text})}
    if said is None:
        return titled, set()
    texts = reader.texts(no for no in titles if no not in titled)
    return titled, titled | {no for no, text in texts.items() if says(said, text)}


def _matching(
    reader: SearchReader, wanted: Wanted, said: Wanted | None, lexicon: Lexicon, look: Look
) -> tuple[list[Scored], int]:
    """Return the best of those that match, and how many match.

    Of very many, the best are those that say it together, in their titles or keywords; of many,
    half are taken from those that say it together anywhere.
    """

    def best(some: Wanted, many: int = look.most) -> list[Scored]:
        told = expression(_telling(some, lexicon))
        found = reader.best(told, look.scope, many, expression(some))
        return scaled([Scored(no, score) for no, score in found])

    found: list[Scored] | None = None
    if _at_most(wanted, lexicon) <= _BROAD:  # then it is quicker to rank than to count first
        found = best(wanted)
        if len(found) < look.most:
            return found, len(found)
    matching = reader.count(expression(wanted), look.scope)
    if matching > _BROAD:
        titled = list[Scored]()
        for some in (said or wanted, wanted):
            titled = best(_titled(some, TITLE, KEYWORDS))
            if len(titled) == look.most:
                return titled, matching
        known = {one.no for one in titled}
        found = [*titled, *(one for one in best(wanted) if one.no not in known)][: look.most]
    elif found is None:
        found = best(wanted)
    if said is not None and matching > look.most:
        first = best(said, look.most // 2)
        known = {one.no for one in first}
        found = [*first, *(one for one in found if one.no not in known)][: look.most]
    return found, matching


def _close(
    reader: SearchReader, tree: Node, lexicon: Lexicon, scope: Scope
) -> tuple[Relaxed | None, list[Scored]]:
    """Return what is close to a query, and what was looked for; less of it where that is little."""
    relatives = reader.relatives(stems_spoken(tree), _RELATIVES)
    lexicon = lexicon.with_papers(reader.words(one for some in relatives.values() for one in some))
    total = lexicon.papers(EVERY_PAPER)
    relaxed, found, told = None, list[Scored](), dict[int, float]()
    for share in _ENOUGH:
        if len(found) >= _FEW_CLOSE:
            break
        relaxed = relax(tree, lexicon, relatives, total, share)
        if relaxed is None:
            break
        first = relaxed.first
        if _at_most(first, lexicon) > _BROAD:
            first = _titled(first, TITLE, KEYWORDS)
        found = []
        scores = dict(reader.best(expression(first), scope, _READ))
        most = max(scores.values(), default=1.0)
        read = reader.texts(no for no in scores if no not in told)
        told |= {no: relaxed.told(f" {BOUNDARY} ".join(text.values())) for no, text in read.items()}
        found += [
            Scored(no, told[no] / relaxed.whole + _WORDS_COUNT * score / most)
            for no, score in scores.items()
            if told[no] >= relaxed.enough
        ]
        found = nlargest(_CANDIDATES, found, key=lambda one: one.score)
    return relaxed, found


def _at_most(wanted: Wanted, lexicon: Lexicon) -> int:
    """Return how many papers can match at the most, by those of them that are known to have words.

    Where nothing is known of a pattern's words, it may be in very many.
    """
    match wanted:
        case OneOf(patterns, columns):
            if set(columns).isdisjoint(TEXTS) or any(one.prefix for one in patterns):
                return _MANY
            return sum(
                min((known[stem].papers for stem in one.stems if stem in known), default=_MANY)
                for known in [lexicon.known]
                for one in patterns
            )
        case Either(parts):
            return sum(_at_most(part, lexicon) for part in parts)
        case Every(parts):
            return min((_at_most(part, lexicon) for part in parts), default=0)


def _telling(wanted: Wanted, lexicon: Lexicon) -> Wanted:
    """Return what tells papers that match apart: of parts that must all be there, the rarer ones.

    A paper's score counts how many others have each pattern, by going through all that do; very
    common words would take most of the time, and hardly change the order.
    """
    match wanted:
        case Every(parts):
            counted = sorted(((_at_most(part, lexicon), at) for at, part in enumerate(parts)))
            common = lexicon.papers(EVERY_PAPER) / _COMMON
            kept = [parts[at] for papers, at in counted if papers <= common]
            kept = kept or [parts[counted[0][1]]]
            return Every(tuple(kept)) if kept[1:] else kept[0]
        case _:
            return wanted


def _in_title(wanted: Wanted) -> Wanted | None:
    """Return what a title can have of what is wanted, None where it can have nothing of it.

    What is excluded is not looked at: whoever asks does so of papers that match.
    """
    match wanted:
        case OneOf(columns=columns):
            return replace(wanted, columns=(TITLE,)) if TITLE in columns else None
        case Either(parts) | Every(parts):
            kept = tuple(one for part in parts if (one := _in_title(part)) is not None)
            return type(wanted)(kept) if kept else None


def _titled(wanted: Wanted, *names: str) -> Wanted:
    """Return what is wanted in the columns named alone, or in its field's own."""
    match wanted:
        case OneOf(columns=columns):
            kept = tuple(name for name in columns if name in names)
            return replace(wanted, columns=kept or columns)
        case Either(parts):
            return Either(tuple(_titled(part, *names) for part in parts))
        case Every(parts, unwanted):
            return Every(tuple(_titled(part, *names) for part in parts), unwanted)


def _in_order(
    reader: SearchReader, wanted: Wanted, look: Look, exact: Sequence[Scored]
) -> list[Scored]:
    scores = {one.no: one.score for one in exact}
    nos = reader.sorted_by(look.sort, expression(wanted), look.scope, look.most)
    return [Scored(no, scores.get(no, math.nan)) for no in nos]  # not among the best: not scored


def _turned(reader: SearchReader, sort: Sort, close: Sequence[Scored]) -> list[Scored]:
    places = {no: at for at, no in enumerate(reader.in_order(sort, [one.no for one in close]))}
    return sorted(close, key=lambda one: places[one.no])


def nearest(reader: SearchReader, no: int) -> Retrieved:
    """Return the papers most like one, best first, without it.

    They share the stems that tell most of it, the rarer ones first, as many as are quick to look
    up; how alike they are is the cosine of what they are about.
    """
    own = _vector(reader.candidates([no]), no)
    papers = {stem: counts[0] for stem, counts in reader.words(own.stems).items()}
    asked: list[Pattern] = []
    looked_through = 0
    for stem in own.stems:
        looked_through += papers.get(stem, 0)
        if len(asked) >= _STEMS_AT_LEAST and looked_through > _BROAD:
            break
        asked.append(Pattern((stem,)))
    wanted = OneOf(tuple(asked), literal=False)
    found = reader.best(expression(wanted), Scope(), _NEAREST) if asked else []
    others = reader.candidates([other for other, _ in found])
    common = dict(zip(own.stems, own.weights, strict=True))
    most = likeness(own, common) or 1.0
    alike = [
        Scored(other, likeness(_vector(others, other), common) / most)
        for other, _ in found
        if other != no
    ]
    alike.sort(key=lambda one: (-one.score, -one.no))
    return Retrieved(
        wanted=wanted,
        related=(wanted,),
        lexicon=Lexicon(_NO_FORMS),
        exact=(),
        close=tuple(alike[:MOST_CLOSE]),
        matching=0,
    )


def _vector(papers: Mapping[int, Candidate], no: int) -> Vector:
    return papers[no].vector if no in papers else Vector()
