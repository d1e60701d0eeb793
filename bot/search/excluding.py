"""What to leave out of a query, so that it does not match a paper that nobody wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.queries import Not
from bot.errors import QueryMistake
from bot.search.analysis import stems
from bot.search.completion import written
from bot.search.parsing import parse
from bot.search.trees import all_of
from bot.search.wording import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROPOSALS = 4


def excluding(query: str, keywords: Iterable[str]) -> list[str]:
    """Return a query with one of a paper's keywords excluded, for each that it does not ask for.

    First those that have the fewest words of the query; at most four, each of which parses.

    Raises:
        QueryMistake: the query does not parse.
    """
    tree = parse(query).tree
    asked = set(stems(query))
    told = {" ".join(stems(one)): one for one in keywords}
    unasked = [one for form, one in told.items() if form and not asked.issuperset(form.split())]
    unasked.sort(key=lambda one: len(asked.intersection(stems(one))))
    proposals = []
    for keyword in unasked:
        try:
            excluded = parse(written(keyword)).tree
            proposals.append(parse(spelled(all_of([tree, Not(excluded)]))).text)
        except QueryMistake:  # too long
            continue
    return proposals[:_PROPOSALS]
