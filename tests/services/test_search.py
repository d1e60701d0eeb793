"""Answers to searches: what matches, what is close, what is advised, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.app import furnish
from bot.domain.papers import ArxivId, Author
from bot.domain.searches import Match, Search, Sort
from bot.errors import QueryMistake, UserError
from bot.search.documents import PaperAnalyst
from bot.services.retrieval import MOST_EXACT
from bot.settings import Settings
from bot.storage.days import DayStore
from bot.storage.papers import PaperStore
from bot.storage.search_index import SearchIndex
from tests.builders import DAY, NOW, FakeSource, paper, reading

if TYPE_CHECKING:
    from bot.domain.papers import Paper
    from bot.domain.searches import Found
    from bot.services.search import PaperSearch
    from bot.storage.database import Database

VIDEO, SURVEY, CLIPS, AGENTS, OTHER = range(1, 6)


@pytest.fixture
def search(database: Database) -> PaperSearch:
    settings = Settings(_env_file=None, database_path=database.path)
    source = FakeSource()
    return furnish(database, settings, source, (source,), now=lambda: NOW).services.search


def papers() -> list[Paper]:
    told = [
        paper(
            VIDEO,
            title="Streaming video diffusion",
            abstract="Frames are many. We keep a cache for video diffusion. It costs 3%.",
            upvotes=9,
            ai_keywords=("video generation",),
            categories=("cs.CV",),
            authors=(Author(name="Ada B. Lovelace"), Author(name="Jun Gan")),
            organization="Acme Robotics",
        ),
        paper(
            SURVEY,
            title="A survey",
            abstract="We survey the diffusion of clips, and every video-diffusion model.",
            upvotes=30,
        ),
        paper(
            CLIPS,
            title="Long clips",
            abstract="A video is written without diffusing it.",
        ),
        paper(
            AGENTS,
            title="Agents: a study (of tools",
            abstract="Agents use tools.",
            upvotes=50,
        ),
        paper(OTHER, title="Something else", abstract="Nothing of the kind."),
    ]
    return [told[0], *(replace(one, authors=(Author(name="Grace Hopper"),)) for one in told[1:])]


@pytest.fixture
async def stored(search: PaperSearch, database: Database) -> PaperSearch:
    """Store two lists: the survey stood on the day before the others'."""
    known = {one.id[-1]: one for one in papers()}
    older = known.pop(str(SURVEY))
    yesterday = DAY - timedelta(days=1)
    await DayStore(database).save_reading(reading(older, day=yesterday))
    await DayStore(database).save_reading(reading(*known.values()))
    return search


def numbers(found: Found, match: Match | None = None) -> list[int]:
    return [int(hit.paper.id[-1]) for hit in found.hits if match in {None, hit.match}]


async def find(search: PaperSearch, topic: str | None, **told: object) -> Found:
    return await search.find(Search(topic=topic, **told), 0, NOW)  # type: ignore[arg-type]


async def test_what_matches_comes_first_and_then_what_is_close(stored: PaperSearch) -> None:
    found = await find(stored, "video-diffusion")
    assert sorted(numbers(found, Match.EXACT)) == [VIDEO, SURVEY]
    assert numbers(found, Match.CLOSE) == [CLIPS]
    assert (found.exact, found.close, found.papers, found.advice) == (2, 1, 5, None)
    assert [hit.place for hit in found.hits] == [1, 2, 3]
    assert all(0 <= (hit.score or 0) <= 1 for hit in found.hits)


async def test_each_hit_shows_the_sentence_in_which_the_words_stand(stored: PaperSearch) -> None:
    found = await find(stored, "title:streaming video-diffusion")
    [hit] = found.hits[:1]
    assert hit.why is not None
    assert hit.why.text == "We keep a cache for video diffusion."
    assert [hit.why.text[a:b] for a, b in hit.why.matched] == ["video diffusion"]
    assert (hit.day, hit.paper.id) == (DAY, paper(VIDEO).id)


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("streaming", "It stands in the title."),
        ('keyword:"video generation"', "Keyword: video generation"),
        ("author:lovelace", "Author: Ada B. Lovelace"),
        ('"ada lovelace"', "Author: Ada B. Lovelace"),
        ("cat:cs.CV", "Category: cs.CV"),
        ("cat:cs", "Category: cs.CV"),
        ("org:acme", "Organization: Acme Robotics"),
    ],
)
async def test_where_no_sentence_has_the_words_it_is_said_what_has(
    stored: PaperSearch, topic: str, reason: str
) -> None:
    found = await find(stored, topic)
    assert [(hit.paper.id, hit.why, hit.reason) for hit in found.hits[:1]] == [
        (paper(VIDEO).id, None, reason)
    ]


async def test_pages_are_turned_and_one_that_there_is_not_is_the_last(stored: PaperSearch) -> None:
    asked = Search(topic="video OR diffusion OR agents OR kind")
    first, last = [await stored.find(asked, page, NOW, 2) for page in (0, 99)]
    assert (first.page, first.pages, [hit.place for hit in first.hits]) == (0, 3, [1, 2])
    assert (last.page, [hit.place for hit in last.hits]) == (2, [5])
    assert (await stored.find(asked, -1, NOW, 2)).page == 0


@pytest.mark.parametrize(
    ("sort", "order"),
    [(Sort.NEWEST, [VIDEO, SURVEY, CLIPS]), (Sort.UPVOTES, [SURVEY, VIDEO, CLIPS])],
)
async def test_what_matches_is_sorted_and_what_is_close_stays_behind_it(
    stored: PaperSearch, sort: Sort, order: list[int]
) -> None:
    assert numbers(await find(stored, "video-diffusion", sort=sort)) == order


async def test_only_the_days_and_the_upvotes_asked_for_are_looked_at(stored: PaperSearch) -> None:
    days = (NOW.date() - DAY).days + 1
    assert numbers(await find(stored, "video-diffusion", days=days)) == [VIDEO, CLIPS]
    assert numbers(await find(stored, "video-diffusion", days=days + 1, min_upvotes=10)) == [SURVEY]
    assert numbers(await find(stored, "video-diffusion", min_upvotes=99)) == []


async def test_a_mistake_is_told_and_a_pasted_title_is_none(stored: PaperSearch) -> None:
    with pytest.raises(QueryMistake) as told:
        await find(stored, "video (diffusion")
    assert told.value.at == 6
    found = await find(stored, "agents: a STUDY (of tools")
    assert numbers(found)[0] == AGENTS
    assert found.hits[0].reason == "The paper that you named."


async def test_a_title_that_is_a_query_comes_before_what_else_matches(stored: PaperSearch) -> None:
    assert numbers(await find(stored, "a survey"))[0] == SURVEY


@pytest.mark.parametrize("topic", ["2502.00001", "https://arxiv.org/abs/2502.00001v2"])
async def test_a_paper_named_by_id_or_link_comes_with_what_is_like_it(
    stored: PaperSearch, topic: str
) -> None:
    found = await find(stored, topic)
    assert numbers(found, Match.EXACT) == [VIDEO]
    assert SURVEY in numbers(found, Match.CLOSE)
    assert VIDEO not in numbers(found, Match.CLOSE)


async def test_an_id_that_is_not_stored_says_how_to_have_it(stored: PaperSearch) -> None:
    found = await find(stored, "2502.99999")
    assert found.hits == ()
    assert found.advice is not None
    assert "/paper 2502.99999" in found.advice.understood


async def test_relatives_are_the_nearest_papers_without_the_paper_itself(
    stored: PaperSearch,
) -> None:
    found = await stored.related(paper(VIDEO).id, 0, NOW)
    assert found.about == papers()[0]
    assert numbers(found)[0] == SURVEY
    assert VIDEO not in numbers(found)
    assert {hit.match for hit in found.hits} == {Match.CLOSE}
    assert found.hits[0].why is not None  # what they have in common is shown
    assert found.hits[0].why.matched
    with pytest.raises(UserError, match=r"/paper 2502\.99999"):
        await stored.related(ArxivId("2502.99999"), 0, NOW)


async def test_a_word_that_nothing_has_is_looked_for_as_the_known_one_most_like_it(
    search: PaperSearch, database: Database
) -> None:
    known = [paper(n, abstract=f"Diffusion models of kind {n}.") for n in range(1, 5)]
    await PaperStore(database).save(known, NOW)
    found = await find(search, "difusion modles")
    assert found.exact == 4
    assert found.note == "Nothing has “difusion modles”; this is for “diffusion models”."


async def test_where_nothing_matches_it_is_said_what_would(stored: PaperSearch) -> None:
    found = await find(stored, "saffron video diffusion")
    advice = found.advice
    assert advice is not None
    assert "saffron" in advice.understood
    assert (advice.rarest, advice.without, advice.finds) == ("saffron", "video diffusion", 2)
    assert (await find(stored, advice.without)).exact == advice.finds
    lone = (await find(stored, "saffron")).advice
    assert lone is not None
    assert (lone.rarest, lone.without, lone.finds, lone.topics) == (None, None, 0, ())


async def test_without_a_topic_the_weeks_papers_come_with_why(stored: PaperSearch) -> None:
    found = await find(stored, None)
    assert numbers(found) == [AGENTS, SURVEY, VIDEO, OTHER, CLIPS]
    assert [hit.reason for hit in found.hits[:2]] == [
        "Most upvoted of Tuesday’s 4 papers",
        "Most upvoted of Monday’s papers",
    ]
    assert numbers(await find(stored, "  ", min_upvotes=10)) == [AGENTS, SURVEY]
    later = await stored.find(Search(), 0, NOW + timedelta(days=60))
    assert numbers(later) == numbers(found)  # the last week that had lists


async def test_a_library_without_papers_finds_nothing_and_says_so(search: PaperSearch) -> None:
    for topic in ("video", None, "2502.00001", "author:nobody", "-a b", "cat:cs.CV"):
        found = await find(search, topic)
        assert (found.hits, found.exact, found.close, found.papers) == ((), 0, 0, 0)


async def test_what_was_asked_is_kept_for_thirty_days(search: PaperSearch) -> None:
    asked = Search(topic="x" * 300, days=7, sort=Sort.NEWEST, min_upvotes=3)
    name = await search.remember(asked, NOW)
    assert await search.remember(asked, NOW) == name
    assert await search.recall(name, NOW + timedelta(days=30)) == asked
    assert await search.recall(name, NOW + timedelta(days=30, seconds=1)) is None
    assert await search.recall("aaaaaaaaaa", NOW) is None


async def test_a_paper_that_was_named_matches_whatever_else_was_asked_for(
    stored: PaperSearch,
) -> None:
    found = await find(stored, "2502.00001", sort=Sort.NEWEST, days=1, min_upvotes=999)
    assert (found.exact, found.asked) == (1, Search(topic="2502.00001"))
    linked = await find(stored, "see https://arxiv.org/abs/2502.00001, please")
    assert numbers(linked)[0] == VIDEO


async def test_a_title_outside_of_what_is_looked_at_is_not_found(stored: PaperSearch) -> None:
    found = await find(stored, "Streaming: video -- diffusion!")
    assert (numbers(found)[0], found.exact) == (VIDEO, 1)
    assert await stored.papers("streaming VIDEO diffusion", 5) == [papers()[0]]
    later = await find(stored, "Streaming video diffusion", min_upvotes=99)
    assert (later.exact, later.hits) == (0, ())


async def test_what_is_offered_finds_something_where_it_was_looked_for(
    search: PaperSearch, database: Database
) -> None:
    told = [paper(n, ai_keywords=("V* search", "video search")) for n in (1, 2, 3)]
    await DayStore(database).save_reading(reading(*told))
    advice = (await find(search, "saffron search")).advice
    assert advice is not None
    assert len(advice.topics) == 2
    for topic in advice.topics:
        assert (await find(search, topic)).exact
    late = (await find(search, "saffron search", min_upvotes=99)).advice
    assert late is not None
    assert (late.topics, late.without) == ((), None)


async def test_words_that_are_not_looked_for_are_not_said_to_be(stored: PaperSearch) -> None:
    advice = (await find(stored, "a saffron of the video")).advice
    assert advice is not None
    assert advice.understood == "“saffron”, and “video”"
    assert advice.without == "video"


async def test_without_a_topic_days_and_order_are_said_to_count_for_nothing(
    stored: PaperSearch,
) -> None:
    assert (await find(stored, None)).note is None
    for told in ({"days": 3}, {"sort": Sort.NEWEST}):
        assert "go with a topic" in ((await find(stored, " ", **told)).note or "")


async def test_what_stands_in_the_title_counts_beside_a_field_too(
    search: PaperSearch, database: Database
) -> None:
    told = [
        paper(n, title=title, abstract="Of video and diffusion.", ai_keywords=("grpo",))
        for n, title in enumerate(("Frames", "Diffusion", "Clips"), start=1)
    ]
    await PaperStore(database).save(told, NOW)
    found = await search.find(Search(topic="keyword:grpo diffusion"), 0, NOW)
    assert [hit.paper.title for hit in found.hits] == ["Diffusion", "Clips", "Frames"]


async def test_of_very_many_those_that_say_it_in_the_title_come_first(
    search: PaperSearch, database: Database
) -> None:
    titled = [paper(n, title="Lattice models") for n in range(1, 61)]
    others = [paper(n, title=f"Study {n}", abstract="A lattice.") for n in range(61, 1161)]
    await PaperStore(database).save([*titled, *others], NOW)
    while await SearchIndex(database, PaperAnalyst()).catch_up():
        pass
    found = await search.find(Search(topic="lattice"), 0, NOW, size=60)
    assert found.exact == len(titled) + len(others)
    assert {hit.paper.title for hit in found.hits} == {"Lattice models"}


async def test_only_the_best_of_very_many_are_listed_and_that_is_said(
    search: PaperSearch, database: Database
) -> None:
    await PaperStore(database).save([paper(n) for n in range(1, 181)], NOW)
    found = await search.find(Search(topic="thing"), 99, NOW)
    assert (found.exact, found.listed, found.hits[-1].place) == (180, MOST_EXACT, MOST_EXACT)


@pytest.mark.parametrize(
    "topic",
    [
        "a-" * 19 + "b",
        '"' + "model " * 39 + '"',
        " ".join(f"in{letter}*" for letter in "abcdefgh"),
        " ".join(["llm"] * 64),
        "|".join(["a"] * 64),
        "の" * 40,
        "x" * 300,
    ],
)
async def test_no_query_is_long_enough_to_take_long(stored: PaperSearch, topic: str) -> None:
    found = await find(stored, topic)
    assert len(found.hits) <= 5


@pytest.mark.parametrize(
    "topic", ["a-" * 41, "の" * 41, " ".join(f"i{one}*" for one in "abcdefghi"), "a b " * 33]
)
async def test_a_query_over_a_bound_is_a_mistake(stored: PaperSearch, topic: str) -> None:
    with pytest.raises(QueryMistake, match="one too many"):
        await find(stored, topic)


async def test_letters_and_digits_by_turns_are_no_way_to_make_it_slow(stored: PaperSearch) -> None:
    word = "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9"
    found = await find(stored, " ".join(f"{word}{n}" for n in range(7)))
    assert found.hits == ()


async def test_papers_of_imported_digests_are_of_their_digests_day(
    database: Database, search: PaperSearch
) -> None:
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO archive_rows (day, position, paper_id, title, authors, summary) "
            "VALUES ('2024-09-05', 1, '2502.00001', 't', 'a', 's')"
        )
    await PaperStore(database).save([paper(1, title="Video one"), paper(2, title="Video two")], NOW)
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO archive_rows (day, position, paper_id, title, authors, summary) "
            "VALUES ('2024-09-06', 1, '2502.00002', 't', 'a', 's')"
        )
    assert numbers(await find(search, "video", sort=Sort.NEWEST)) == [2, 1]
    assert (await find(search, "video", days=30)).exact == 0
    assert str((await find(search, "video", sort=Sort.NEWEST)).hits[0].day) == "2024-09-06"


async def test_as_many_papers_are_found_as_are_asked_for_at_a_time(
    search: PaperSearch, database: Database
) -> None:
    await PaperStore(database).save([paper(n) for n in range(1, 181)], NOW)
    asked = Search(topic="thing", sort=Sort.NEWEST)
    assert len((await search.find(asked, 0, NOW, 170)).hits) == 170
    last = (await search.find(asked, 29, NOW)).hits[-1]
    assert last.score is None or 0 <= last.score <= 1
