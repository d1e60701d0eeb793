"""What is suggested while somebody types: topics, and papers by title or id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.papers import arxiv_id
from bot.domain.queries import LONGEST_QUERY, Field
from bot.search.analysis import stems, words
from bot.search.completion import completed, completion
from bot.search.expression import within
from bot.search.patterns import TITLE, Pattern
from bot.search.topics import Kind, Topic, best, folded

if TYPE_CHECKING:
    from bot.domain.papers import Paper
    from bot.search.completion import Completion
    from bot.storage.search_reading import SearchReader

_LOOKED_AT = 200
_TITLE_WORDS = 24
_ID_BEGUN = re.compile(r"[0-9][0-9.]{0,10}|[A-Za-z.-]{2,20}/[0-9]{0,7}")
_OF_FIELD = {
    None: (Kind.KEYWORD, Kind.ACRONYM),
    Field.TITLE: (Kind.KEYWORD, Kind.ACRONYM),
    Field.KEYWORD: (Kind.KEYWORD, Kind.ACRONYM),
    Field.AUTHOR: (Kind.AUTHOR,),
    Field.CATEGORY: (Kind.CATEGORY,),
    Field.ORGANIZATION: (Kind.ORGANIZATION,),
}


def suggested(reader: SearchReader, typed: str, limit: int) -> list[str]:
    """Return the queries that what was typed may become, the likeliest first.

    Where no topic begins with all words since the last sign of the language, the first of them are
    kept as they are.
    """
    found: dict[str, None] = {}
    typing: Completion | None = completion(typed)
    while typing is not None and not found:
        kinds = _OF_FIELD[typing.field]
        counted = [
            (Topic(Kind(kind), form, shown), papers)
            for kind, form, shown, papers in reader.topics(kinds, folded(typing.text), _LOOKED_AT)
        ]
        queries = (completed(typing, topic) for topic in best(typing.text, counted, limit))
        found |= dict.fromkeys(query for query in queries if query is not None)
        typing = typing.shorter
    return list(found)[:limit]


def typed_papers(reader: SearchReader, typed: str, limit: int) -> list[Paper]:
    """Return the papers that what was typed may mean, by their id or the words of their title.

    The last word may be only begun; a whole title comes first, then those stored last.
    """
    text = typed[:LONGEST_QUERY].strip()
    if not text:
        nos = reader.stored_last(limit)
    elif (paper_id := arxiv_id(text)) is not None:
        nos = reader.by_id(paper_id, limit)
    else:
        nos = reader.titled(stems(text))
        nos += reader.by_id(text.lower(), limit) if _ID_BEGUN.fullmatch(text) else []
        if asked := _title_words(typed[:LONGEST_QUERY]):
            nos += reader.latest(" AND ".join(asked), limit)
        nos = list(dict.fromkeys(nos))[:limit]
    papers = reader.papers(nos)
    return [papers[no].paper for no in nos]


def _title_words(typed: str) -> list[str]:
    told = list(words(typed))[:_TITLE_WORDS]
    begun = bool(told) and told[-1].end == len(typed) and len(told[-1].folded) > 1
    asked = [within((TITLE,), (Pattern((word.stem,)),)) for word in told]
    if begun:
        last = told[-1]
        asked[-1] = within((TITLE,), (Pattern((last.stem,)), Pattern((last.folded,), prefix=True)))
    return asked
