"""The library: papers and days by name, fetched where they are not stored."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.app import furnish
from bot.domain.papers import ArxivId, Source, closes_at
from bot.errors import SourceUnreachable, UserError
from bot.services.library import FIRST_DAY, Library
from bot.settings import Settings
from bot.storage.days import DayStore
from bot.storage.papers import PaperStore
from tests.builders import DAY, NOW, FakeSource, paper, reading

if TYPE_CHECKING:
    from bot.app import House
    from bot.storage.database import Database
    from tests.builders import Clock

TODAY = NOW.date()
DOWN = SourceUnreachable("Hugging Face gives no answer.")


@pytest.fixture
def arxiv() -> FakeSource:
    return FakeSource()


@pytest.fixture
def library(database: Database, source: FakeSource, arxiv: FakeSource, clock: Clock) -> Library:
    settings = Settings(_env_file=None, database_path=database.path)
    return furnish(database, settings, source, (source, arxiv), now=clock).services.library


@pytest.mark.parametrize(
    "named",
    [
        "2502.00001",
        "https://arxiv.org/abs/2502.00001v2",
        "https://huggingface.co/papers/2502.00001",
        "a study OF thing 1",
        "thing 1",
    ],
)
async def test_a_stored_paper_is_known_by_id_link_and_title(
    library: Library, database: Database, source: FakeSource, named: str
) -> None:
    await DayStore(database).save_reading(reading(paper(1), paper(2)))
    card = await library.card(named, NOW)
    assert (card.paper, card.day) == (paper(1), DAY)
    assert card.summary is not None
    assert source.asked == []


@pytest.mark.parametrize("named", ["nothing of the kind", "", "   "])
async def test_a_text_that_names_no_one_paper_is_refused_with_what_to_write(
    library: Library, database: Database, named: str
) -> None:
    await PaperStore(database).save([paper(1), paper(2)], NOW)
    with pytest.raises(UserError, match=r"write it like 2502\.06782") as refused:
        await library.card(named, NOW)
    assert f"“{named}”" in str(refused.value)


async def test_an_unknown_paper_is_fetched_from_hugging_face_first_and_kept(
    library: Library, database: Database, source: FakeSource, arxiv: FakeSource
) -> None:
    source.papers = arxiv.papers = {paper().id: paper()}
    card = await library.card(paper().id, NOW)
    assert (card.paper, card.day) == (paper(), None)
    assert card.summary is not None
    assert (source.asked, arxiv.asked) == ([paper().id], [])
    assert await PaperStore(database).get(paper().id) == paper()
    await library.card(paper().id, NOW)
    assert len(source.asked) == 1


async def test_a_paper_that_hugging_face_lacks_comes_from_arxiv(
    library: Library, source: FakeSource, arxiv: FakeSource
) -> None:
    printed = paper(source=Source.ARXIV, upvotes=None)
    arxiv.papers = {printed.id: printed}
    assert (await library.card(printed.id, NOW)).paper == printed
    source.failure = DOWN
    other = paper(2, source=Source.ARXIV)
    arxiv.papers = {other.id: other}
    assert (await library.card(other.id, NOW)).paper == other


async def test_a_paper_that_nobody_has_is_told_so_but_only_when_all_were_asked(
    library: Library, database: Database, source: FakeSource, arxiv: FakeSource
) -> None:
    with pytest.raises(UserError, match=r"no paper 2502\.00001 on Hugging Face or arXiv"):
        await library.card("2502.00001", NOW)
    source.failure = DOWN
    with pytest.raises(SourceUnreachable):  # Hugging Face might have it
        await library.card("2502.00001", NOW)
    arxiv.failure = SourceUnreachable("arXiv gives no answer.")
    with pytest.raises(SourceUnreachable):
        await library.card("2502.00001", NOW)
    assert await PaperStore(database).count() == 0


async def test_cards_come_in_the_order_asked_for_and_strangers_are_left_out(
    library: Library, database: Database
) -> None:
    await PaperStore(database).save([paper(n) for n in (1, 2, 3)], NOW)
    ids = [paper(3).id, ArxivId("2502.99999"), paper(1).id]
    cards = await library.cards(ids, NOW)
    assert [card.paper.id for card in cards] == [paper(3).id, paper(1).id]
    assert all(card.summary for card in cards)


async def test_a_past_day_is_read_when_it_was_not_read_since_it_closed(
    library: Library, database: Database, source: FakeSource
) -> None:
    source.readings = {DAY: reading(paper(1), paper(2))}
    digest = await library.digest(DAY, NOW)
    assert [card.paper.upvotes for card in digest.cards] == [2, 1]
    assert (digest.day.complete, digest.stale, source.asked) == (True, None, [DAY])
    assert all(card.summary and card.day == DAY for card in digest.cards)
    await library.digest(DAY, NOW)
    assert source.asked == [DAY]
    early = DAY - timedelta(days=1)
    await DayStore(database).save_reading(
        reading(paper(3), day=early, read_at=closes_at(early) - timedelta(hours=1))
    )
    await library.digest(early, NOW)
    assert source.asked == [DAY, early]


async def test_an_open_day_is_read_again_when_what_is_known_has_grown_old(
    library: Library, database: Database, source: FakeSource
) -> None:
    await DayStore(database).save_reading(reading(paper(), day=TODAY))
    digest = await library.digest(TODAY, NOW + timedelta(minutes=20))
    assert (len(digest.cards), digest.day.complete, source.asked) == (1, False, [])
    later = NOW + timedelta(hours=2)
    source.readings[TODAY] = reading(paper(), paper(2), day=TODAY, read_at=later)
    digest = await library.digest(TODAY, later)
    assert (len(digest.cards), digest.day.complete, source.asked) == (2, False, [TODAY])


async def test_the_exact_title_counts_before_titles_that_hold_it(
    library: Library, database: Database
) -> None:
    await PaperStore(database).save([paper(1), paper(2, title="Beyond a study of thing 1")], NOW)
    assert (await library.card("a STUDY of thing 1", NOW)).paper.id == paper(1).id
    with pytest.raises(UserError, match="fits 2 papers"):
        await library.card("study of thing", NOW)


async def test_a_card_of_a_day_has_the_days_own_count(library: Library, database: Database) -> None:
    await DayStore(database).save_reading(reading(paper(1, upvotes=3)))
    await PaperStore(database).save([paper(1, upvotes=90)], NOW)
    [card] = (await library.digest(DAY, NOW)).cards
    assert card.paper.upvotes == 3


async def test_without_a_day_the_latest_that_has_papers_is_shown(
    library: Library, source: FakeSource
) -> None:
    source.readings = {DAY - timedelta(days=1): reading(paper(), day=DAY - timedelta(days=1))}
    digest = await library.digest(None, NOW)
    assert (digest.day.day, len(digest.cards)) == (DAY - timedelta(days=1), 1)
    assert TODAY in source.asked


async def test_without_any_papers_today_is_shown_empty(library: Library) -> None:
    digest = await library.digest(None, NOW)
    assert (digest.day.day, digest.cards, digest.day.read_at) == (TODAY, (), NOW)


async def test_when_the_source_is_down_what_is_stored_is_shown_with_the_reason(
    library: Library, database: Database, source: FakeSource
) -> None:
    source.failure = DOWN
    with pytest.raises(SourceUnreachable):
        await library.digest(DAY, NOW)
    with pytest.raises(SourceUnreachable):
        await library.digest(None, NOW)
    await DayStore(database).save_reading(
        reading(paper(), read_at=closes_at(DAY) - timedelta(hours=1))
    )
    for day in (DAY, None):
        digest = await library.digest(day, NOW)
        assert (digest.day.day, len(digest.cards), digest.stale) == (DAY, 1, str(DOWN))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (TODAY + timedelta(days=1), f"still to come; the latest list is {TODAY}'s"),
        (FIRST_DAY - timedelta(days=1), "no lists before 2023-05-04"),
        (date.min, "no lists before 2023-05-04"),
    ],
)
async def test_a_day_that_can_have_no_list_is_refused(
    library: Library, source: FakeSource, day: date, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        await library.digest(day, NOW)
    assert source.asked == []


async def test_the_first_day_of_all_and_today_are_days(library: Library) -> None:
    assert (await library.digest(FIRST_DAY, NOW)).day.complete
    assert not (await library.digest(TODAY, NOW)).day.complete


async def test_the_days_with_papers_are_known(house: House) -> None:
    await DayStore(house.database).save_reading(reading(paper(1), paper(2)))
    assert await house.services.library.known_days(5) == [(DAY, 2)]
