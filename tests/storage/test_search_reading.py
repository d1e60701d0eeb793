"""What the index answers: statement by statement, over a few papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.papers import ArxivId, Author
from bot.domain.searches import Sort
from bot.search.documents import PaperAnalyst
from bot.storage import search_reading
from bot.storage.days import DayStore
from bot.storage.papers import PaperStore
from bot.storage.search_index import SearchIndex
from bot.storage.search_lists import Recent
from bot.storage.search_reading import (
    Indexed,
    Scope,
    SearchReader,
    ask,
)
from bot.storage.summaries import SummaryStore
from tests.builders import DAY, NOW, paper, reading
from tests.storage.indexed import summary

if TYPE_CHECKING:
    from bot.storage.database import Database

LATER = DAY + timedelta(days=1)
PAPERS = (
    paper(1, title="Video diffusion", abstract="A.", upvotes=5, ai_keywords=("video diffusion",)),
    paper(2, title="Diffusion", abstract="Video.", upvotes=9, ai_keywords=("Video Diffusion",)),
    paper(3, title="Video", abstract="Video, video.", upvotes=5, ai_keywords=("video",)),
    paper(4, title="Cooking", abstract="No film.", upvotes=1, authors=(Author(name="Xi Video"),)),
)


@pytest.fixture
async def stored(database: Database) -> Database:
    """Give papers 1 and 2 on DAY, 3 on LATER, and 4 on no list."""
    SearchIndex(database, PaperAnalyst())
    await PaperStore(database).save(PAPERS, NOW)
    await DayStore(database).save_reading(reading(*PAPERS[:2]))
    await DayStore(database).save_reading(reading(PAPERS[2], day=LATER))
    return database


def test_a_scope_without_bounds_leaves_nothing_out() -> None:
    assert Scope().everything
    assert not Scope(min_upvotes=1).everything
    assert not Scope(since=DAY).everything


VIDEO = '{title abstract} : "video"'
SCOPES: tuple[tuple[Scope, set[int]], ...] = (
    (Scope(), {1, 2, 3}),
    (Scope(since=LATER), {3}),
    (Scope(min_upvotes=6), {2}),
    (Scope(since=DAY, min_upvotes=5), {1, 2, 3}),
    (Scope(since=LATER, min_upvotes=6), set()),
    (Scope(since=date(2030, 1, 1)), set()),
)


@pytest.mark.parametrize(("scope", "expected"), SCOPES)
async def test_every_way_of_looking_keeps_to_the_scope(
    stored: Database, scope: Scope, expected: set[int]
) -> None:
    assert await ask(stored, lambda to: to.count(VIDEO, scope)) == len(expected)
    best = await ask(stored, lambda to: to.best(VIDEO, scope, 9))
    assert {no for no, _ in best} == expected
    newest = await ask(stored, lambda to: to.sorted_by(Sort.NEWEST, VIDEO, scope, 9))
    upvoted = await ask(stored, lambda to: to.sorted_by(Sort.UPVOTES, VIDEO, scope, 9))
    assert set(newest) == set(upvoted) == expected


async def test_the_best_have_the_words_in_the_title(stored: Database) -> None:
    best = await ask(stored, lambda to: to.best(VIDEO, Scope(), 2))
    assert [no for no, _ in best] == [3, 1]
    assert best[0][1] > best[1][1] > 0


async def test_papers_are_sorted_newest_or_most_upvoted_first_and_what_is_equal_too(
    stored: Database,
) -> None:
    newest = await ask(stored, lambda to: to.sorted_by(Sort.NEWEST, VIDEO, Scope(), 9))
    upvoted = await ask(stored, lambda to: to.sorted_by(Sort.UPVOTES, VIDEO, Scope(), 9))
    assert newest == [3, 2, 1]
    assert upvoted == [2, 3, 1]
    assert await ask(stored, lambda to: to.in_order(Sort.UPVOTES, [1, 3, 2, 99])) == upvoted
    assert await ask(stored, lambda to: to.in_order(Sort.NEWEST, [])) == []
    assert await ask(stored, lambda to: to.latest(VIDEO, 2)) == [3, 2]


async def test_of_some_papers_it_is_told_which_are_looked_at_and_their_texts(
    stored: Database,
) -> None:
    scope = Scope(since=DAY, min_upvotes=5)
    assert await ask(stored, lambda to: to.within([4, 3, 99, 1], scope)) == [3, 1]
    assert await ask(stored, lambda to: to.within([4, 3, 1], Scope())) == [4, 3, 1]
    assert await ask(stored, lambda to: to.within([3, 1], Scope(since=LATER))) == [3]
    texts = await ask(stored, lambda to: to.texts([1, 99]))
    assert list(texts) == [1]
    assert texts[1]["title"] == " video diffusion "


async def test_words_are_known_in_texts_and_in_names(stored: Database) -> None:
    known = await ask(stored, lambda to: to.words(["video", "cook", "xi", "nothing", ""]))
    assert known == {"video": (3, 1), "cook": (1, 0), "xi": (0, 1), "": (4, 0)}
    assert await ask(stored, lambda to: to.words([])) == {}


async def test_a_stem_has_relatives_that_papers_use_the_commonest_first(
    stored: Database,
) -> None:
    more = [
        paper(5, title="Diffusing"),
        paper(6, title="Diffuse"),
        paper(7, title="Diffusers diffuse"),
        paper(8, title="x", authors=(Author(name="Diffusions"),)),
    ]
    await PaperStore(stored).save(more, NOW)
    assert await ask(stored, lambda to: to.relatives(["diffusion", "video"], 9)) == {
        "diffusion": ["diffus", "diffuser"]
    }
    assert await ask(stored, lambda to: to.relatives(["diffusion"], 1)) == {"diffusion": ["diffus"]}


async def test_what_papers_are_about_is_told_by_their_numbers(stored: Database) -> None:
    known = await ask(stored, lambda to: to.candidates([1, 4, 99]))
    assert known.keys() == {1, 4}
    assert known[1].day == "2025-02-11"
    assert known[1].upvotes == 5
    assert len(known[1].vector.stems) == len(known[1].vector.weights) > 0
    assert "diffusion" in known[1].vector.stems


async def test_a_paper_is_found_by_its_id_the_beginning_of_one_and_its_title(
    stored: Database,
) -> None:
    assert await ask(stored, lambda to: to.number(PAPERS[1].id)) == 2
    assert await ask(stored, lambda to: to.number(ArxivId("9999.99999"))) is None
    assert await ask(stored, lambda to: to.by_id("2502.0000", 2)) == [4, 3]
    assert await ask(stored, lambda to: to.by_id("9", 2)) == []
    assert await ask(stored, lambda to: to.titled(["video", "diffusion"])) == [1]
    assert await ask(stored, lambda to: to.titled(["video"])) == [3]
    assert await ask(stored, lambda to: to.titled(["nothing"])) == []
    assert await ask(stored, lambda to: to.titled([])) == []
    assert await ask(stored, lambda to: to.stored_last(2)) == [4, 3]


async def test_titles_are_read_without_the_rest_and_follow_the_paper(stored: Database) -> None:
    assert await ask(stored, lambda to: to.titles([1, 99])) == {1: " video diffusion "}
    await PaperStore(stored).save([replace(PAPERS[0], title="Cooking, videos")], NOW)
    assert await ask(stored, lambda to: to.titles([1])) == {1: " cook video "}
    assert await ask(stored, lambda to: to.titled(["video", "diffusion"])) == []
    assert await ask(stored, lambda to: to.titled(["cook", "video"])) == [1]


async def test_of_very_many_papers_those_stored_last_are_ranked(
    stored: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    best = await ask(stored, lambda to: to.best(VIDEO, Scope(), 9))
    assert {no for no, _ in best} == {1, 2, 3}
    monkeypatch.setattr(search_reading, "MOST_RANKED", 2)
    last = await ask(stored, lambda to: to.best(VIDEO, Scope(), 2))
    assert last == [one for one in best if one[0] != 1]
    assert await ask(stored, lambda to: to.best(VIDEO, Scope(), 9)) == best  # so many are wanted
    assert await ask(stored, lambda to: to.best(VIDEO, Scope(min_upvotes=6), 2)) == [
        one for one in best if one[0] == 2
    ]


async def test_what_is_required_narrows_and_changes_no_score(stored: Database) -> None:
    best = await ask(stored, lambda to: to.best(VIDEO, Scope(), 9))
    both = f'{VIDEO} AND ({{title}} : ("diffusion"))'
    narrowed = await ask(stored, lambda to: to.best(VIDEO, Scope(), 9, both))
    assert narrowed == [one for one in best if one[0] in dict(narrowed)]
    assert 0 < len(narrowed) < len(best)


async def test_papers_are_counted_as_far_as_is_asked(stored: Database) -> None:
    assert await ask(stored, lambda to: to.count(VIDEO, Scope())) == 3
    assert await ask(stored, lambda to: to.count(VIDEO, Scope(), most=2)) == 2


@pytest.mark.parametrize("typed", ["video", "vid", "diff", "video diffusion"])
async def test_a_topic_is_found_by_the_beginning_of_each_of_its_words(
    stored: Database, typed: str
) -> None:
    begun = ("keyword", "video diffusion", "video diffusion", 2)
    assert await ask(stored, lambda to: to.topics(["keyword"], typed, 9)) == [begun]


async def test_each_kind_of_topic_has_its_share(stored: Database) -> None:
    await PaperStore(stored).save([replace(PAPERS[0], categories=("cs.CV",))], NOW)
    kinds = ["category", "author"]
    assert await ask(stored, lambda to: to.topics(kinds, "", 1)) == [
        ("category", "cs.cv", "cs.CV", 1),
        ("author", "ada lovelace", "Ada Lovelace", 3),
    ]
    assert await ask(stored, lambda to: to.topics(kinds, "lov", 9)) == [
        ("author", "ada lovelace", "Ada Lovelace", 3)
    ]


async def test_words_of_enough_papers_are_known_with_a_word_that_has_the_stem(
    stored: Database,
) -> None:
    assert (await ask(stored, lambda to: to.known_words(3)))["video"] == ("video", 3)
    assert "cook" not in await ask(stored, lambda to: to.known_words(2))
    assert "" not in await ask(stored, lambda to: to.known_words(0))


async def test_acronyms_are_known_by_what_papers_define(stored: Database) -> None:
    told = paper(5, title="x", abstract="Large language models (LLMs).")
    await PaperStore(stored).save([told], NOW)
    assert await ask(stored, SearchReader.acronyms) == {("LLM", "large language model"): 1}


async def test_papers_come_with_their_last_list_and_their_summary(stored: Database) -> None:
    await DayStore(stored).save_reading(reading(PAPERS[0], day=LATER + timedelta(days=3)))
    await SummaryStore(stored).save({PAPERS[0].id: summary()})
    papers = await ask(stored, lambda to: to.papers([1, 4, 99]))
    assert papers == {
        1: Indexed(paper=PAPERS[0], day=LATER + timedelta(days=3), summary=summary()),
        4: Indexed(paper=PAPERS[3], day=None, summary=None),
    }


async def test_recent_papers_come_with_their_topics_on_the_last_day_of_the_range(
    stored: Database,
) -> None:
    assert await ask(stored, lambda to: to.last_day(DAY)) == DAY
    assert await ask(stored, lambda to: to.last_day(LATER + timedelta(days=9))) == LATER
    assert await ask(stored, lambda to: to.last_day(DAY - timedelta(days=1))) is None
    recent = await ask(stored, lambda to: to.recent("keyword", LATER, LATER))
    assert recent == [Recent(no=3, day=LATER, upvotes=5, topics={"video": "video"})]
    both = await ask(stored, lambda to: to.recent("author", DAY, LATER))
    assert [one.no for one in both] == [1, 2, 3]
    assert both[0].topics == {"ada lovelace": "Ada Lovelace", "grace hopper": "Grace Hopper"}


async def test_topics_that_begin_otherwise_cost_nothing(stored: Database) -> None:
    def work(reader: SearchReader) -> int:
        steps = 0

        def step() -> None:
            nonlocal steps
            steps += 1

        reader._connection.set_progress_handler(step, 1)
        reader.topics(["author"], "lov", 3)
        reader._connection.set_progress_handler(None, 1)
        return steps

    before = await ask(stored, work)
    many = [{"form": f"name {number}"} for number in range(1000)]
    async with stored.transaction() as connection:
        await connection.executemany(
            "INSERT INTO search_topics (kind, form, shown, papers) "
            "VALUES ('author', :form, :form, 7)",
            many,
        )
        await connection.executemany(
            "INSERT INTO search_beginnings (kind, beginning, form) VALUES ('author', :form, :form)",
            many,
        )
    assert 0 < await ask(stored, work) < before + 20


async def test_no_statement_scans_the_words_or_the_topics(stored: Database) -> None:
    """With 200,000 papers there are half a million names, and an answer must come at once."""
    plans: list[str] = []

    def look(reader: SearchReader) -> None:
        told: list[str] = []
        connection = reader._connection
        connection.set_trace_callback(told.append)
        reader.words(["video"])
        reader.relatives(["video"], 3)
        reader.topics(["author"], "a", 3)
        reader.candidates([1])
        reader.number(PAPERS[0].id)
        reader.by_id("2502", 3)
        reader.papers([1])
        reader.last_day(DAY)
        connection.set_trace_callback(None)
        for statement in told:
            rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}")
            plans.extend(f"{row['detail']} in {statement}" for row in rows)

    await ask(stored, look)
    scans = [plan for plan in plans if plan.startswith("SCAN") and "json_each" not in plan[:16]]
    assert len(plans) > 9
    assert scans == []
