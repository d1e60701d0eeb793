# ruff: noqa: F811 - a fixture that is asked for has the name that it was imported by
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.domain.searches import Advice, Trend
from tests.builders import paper
from tests.cogs.conftest import Stage, answer, custom_ids, stage  # noqa: F401 - the fixture
from tests.finding import SearchInMemory
from tests.ui import NASTY
from tests.ui.openapi import described

if TYPE_CHECKING:
    from pathlib import Path

    from bot.app import House

TEXTS = [text for text in NASTY if "\ud800" not in text and text]
PAPERS = [
    paper(number, title=f"Study {text}", abstract=text)
    for number, text in enumerate(TEXTS, start=1)
]


@pytest.fixture
def search() -> SearchInMemory:
    search = SearchInMemory(PAPERS)
    search.trends = tuple(Trend(topic=text, papers=9, usual=1.5) for text in TEXTS)
    search.known = TEXTS
    return search


@pytest.fixture
def house(house: House, search: SearchInMemory) -> House:
    return replace(house, services=replace(house.services, search=search))


async def test_everything_that_a_search_can_make_the_bot_send_is_as_described(
    stage: Stage, search: SearchInMemory, recorded: Path
) -> None:
    channel, reader = stage.channel, stage.reader
    await stage.list_papers(*PAPERS)
    for text in TEXTS:
        search.advice = Advice(
            understood=text, topics=(text, "study"), rarest=text, without=text, finds=3
        )
        await reader.slash(channel, "papers", topic=f"none {text}"[:300].strip())
    page = answer(await reader.slash(channel, "papers", topic="study", days=14, min_upvotes=1))
    for _ in range(3):
        page = answer(await reader.click(page, label="Next"))
    for kind, value in (("sort", "upvotes"), ("days", "365")):
        (menu,) = [one for one in custom_ids(page) if one.startswith(f"{kind}:")]
        page = answer(await reader.select(page, [value], custom_id=menu))
    trending = answer(await stage.admin.slash(channel, "papers", public=True))
    await reader.click(trending, label="Next")
    card = answer(await reader.slash(channel, "paper", paper="2502.00003"))
    relatives = answer(await reader.click(card, label="Related"))
    await reader.click(relatives, label="Next")
    await reader.slash(channel, "papers", topic="study (", public=True)
    for command, option in (("papers", "topic"), ("related", "paper"), ("paper", "paper")):
        await reader.autocomplete(channel, command, option, "")
    assert described(recorded).check(stage.env.http_requests) > 2 * len(TEXTS) + 20
