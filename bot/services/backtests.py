"""What a query would have sent: looked up before anybody saves it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.alerts import BACKTEST, SILENCE, Backtest, Example
from bot.domain.papers import list_date
from bot.domain.searches import Match
from bot.search.expansion import expand
from bot.search.expression import expression
from bot.search.parsing import parse
from bot.search.patterns import leaves
from bot.services.reasons import Looked, why
from bot.services.retrieval import lexicon_for
from bot.storage.search_reading import ask

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.domain.queries import Node
    from bot.search.patterns import Wanted
    from bot.services.vocabulary import Vocabulary, Words
    from bot.storage.database import Database
    from bot.storage.search_reading import SearchReader

_EXAMPLES = 3


class Backtests:
    """Looks through the last lists for what a query matches, as an alert would have."""

    def __init__(self, database: Database, vocabulary: Vocabulary) -> None:
        self._database = database
        self._vocabulary = vocabulary

    async def of(self, query: str, now: datetime, channel_id: int | None = None) -> Backtest:
        """Return what a query would have sent, and how much of it a channel's digest showed.

        Raises:
            QueryMistake: the query does not parse.
        """
        tree = parse(query).tree
        words = await self._vocabulary.words(now)
        return await ask(
            self._database,
            lambda reader: _of(reader, query, tree, words, list_date(now), channel_id),
        )


def _of(  # noqa: PLR0913, PLR0917 - one reading of the index
    reader: SearchReader,
    query: str,
    tree: Node,
    words: Words,
    today: date,
    channel_id: int | None,
) -> Backtest:
    wanted = expand(tree, lexicon_for(reader, tree, words.forms))
    asked = expression(wanted)
    first = _first(today, BACKTEST)
    found = reader.first_listed(asked, first, today)
    quiet = not found and not reader.first_listed(asked, _first(today, SILENCE), today)
    per_day = Counter(day for _, day in found)
    return Backtest(
        query=query,
        since=first,
        papers=len(found),
        listed=reader.listed(first, today),
        per_day=tuple(sorted(per_day.items())),
        examples=tuple(_examples(reader, wanted, found[:_EXAMPLES])),
        shown=None if channel_id is None else reader.shown(channel_id, [no for no, _ in found]),
        quiet=quiet,
    )


def _first(today: date, period: timedelta) -> date:
    """Return the first day of a period that ends today."""
    return today - period + timedelta(days=1)


def _examples(reader: SearchReader, wanted: Wanted, found: list[tuple[int, date]]) -> list[Example]:
    papers = reader.papers(no for no, _ in found)
    looked = Looked(tuple(leaves(wanted)), ())
    examples = []
    for no, day in found:
        passage, reason = why(papers[no], Match.EXACT, looked)
        paper = papers[no].paper
        examples.append(
            Example(
                id=paper.id,
                title=paper.title,
                day=day,
                upvotes=paper.upvotes,
                why=passage,
                reason=reason,
            )
        )
    return examples
