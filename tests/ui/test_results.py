from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import Author, Paper, Source
from bot.domain.searches import (
    RESULTS_A_PAGE,
    Advice,
    Found,
    Hit,
    Match,
    Passage,
    Search,
    Sort,
    Trend,
)
from bot.domain.summaries import Summary
from bot.ui.advice import offered
from bot.ui.results import related_view, results_view
from tests.builders import DAY, NOW, paper
from tests.finding import found, hit, passage
from tests.ui import (
    all_of,
    authors,
    buttons_of,
    check_limits,
    counts,
    paper_ids,
    summaries,
    text_of,
    texts,
    texts_of,
)

if TYPE_CHECKING:
    from discord import ui

NAME = "abcdefgh27"


@st.composite
def hits(draw: st.DrawFn) -> tuple[Hit, ...]:
    """Draw the papers of one page, each with a nasty sentence that may be its own or another's."""
    ids = draw(st.lists(paper_ids, max_size=RESULTS_A_PAGE, unique=True))
    pool = draw(st.lists(texts, min_size=1, max_size=4))
    summary = draw(st.one_of(st.none(), summaries()))
    people = draw(authors())
    first_close = draw(st.integers(0, 5))
    drawn = []
    for place, paper_id in enumerate(ids, start=draw(st.sampled_from([1, 46, 9996]))):
        text = pool[place % len(pool)]
        half = len(text) // 2
        why = Passage(text=text, matched=((0, half), (half + 1, len(text))))
        drawn.append(
            Hit(
                place=place,
                paper=Paper(
                    id=paper_id,
                    title=pool[place // 2 % len(pool)],
                    authors=tuple(Author(name=name) for name in people),
                    source=Source.ARXIV,
                    upvotes=draw(counts),
                ),
                day=draw(st.sampled_from([None, DAY])),
                summary=summary,
                match=Match.EXACT if place < first_close else Match.CLOSE,
                score=0.0,
                why=draw(st.sampled_from([None, why, why])),
                reason=draw(st.sampled_from([None, text])),
            )
        )
    return tuple(drawn)


@st.composite
def founds(draw: st.DrawFn) -> Found:
    """Draw any page that a search may find."""
    some = draw(hits())
    pages = draw(st.sampled_from([1, 2, 9999]))
    text = st.one_of(st.none(), texts)
    advice = Advice(
        understood=draw(texts),
        topics=tuple(draw(st.lists(texts, max_size=9))),
        rarest=draw(text),
        without=draw(text),
        finds=draw(st.integers(0, 200_000)),
    )
    trend = Trend(topic=draw(texts), papers=draw(st.integers(0, 200_000)), usual=1 / 3)
    return Found(
        asked=Search(
            topic=draw(text),
            days=draw(st.one_of(st.none(), st.integers(1, 3650))),
            sort=draw(st.sampled_from(Sort)),
            min_upvotes=draw(st.integers(0, 100_000)),
        ),
        hits=some,
        page=draw(st.integers(0, pages - 1)),
        pages=pages,
        exact=draw(st.integers(0, 200_000)) if some else 0,
        close=draw(st.integers(0, 200_000)) if some else 0,
        papers=200_000,
        about=paper(title=draw(texts)),
        note=draw(text),
        advice=draw(st.sampled_from([None, advice])),
        trends=(trend,) * draw(st.integers(0, 20)),
    )


def shown_page(one: Found) -> ui.LayoutView:
    """Render a page with every query that it offers remembered."""
    queries = () if one.advice is None else offered(one.advice)
    runs = {query: f"aaaaaaaa{'abcdefg'[number]}a" for number, query in enumerate(queries)}
    return results_view(one, NAME, runs)


@given(founds())
async def test_every_page_of_every_search_is_taken_by_discord(one: Found) -> None:
    searched = replace(one, about=None)
    for view in (shown_page(searched), related_view(one)):
        check_limits(view.to_components())
        assert view.is_finished()


@given(founds())
async def test_every_paper_of_a_page_stands_on_it_with_its_link(one: Found) -> None:
    for view in (shown_page(replace(one, about=None)), related_view(one)):
        said = text_of(view)
        places = [said.index(f"**{hit.place}.** [") for hit in one.hits]
        assert places == sorted(places)
        assert all(f"](https://arxiv.org/abs/{hit.paper.id})" in said for hit in one.hits)


def a_summary(tldr: str) -> Summary:
    return Summary(
        tldr=tldr, model="extractive", source="abstract", prompt=1, grounded=True, sought=True,
        written_at=NOW,
    )  # fmt: skip


def menus_of(view: ui.LayoutView) -> dict[str, dict[str, Any]]:
    """Return a view's menus by the first word of their custom ids."""
    return {one["custom_id"].split(":")[0]: one for one in all_of(view) if one["type"] == 3}


def said_of(one: Hit, **told: Any) -> str:
    """Return what a page says of one paper."""
    said = texts_of(results_view(found(one, **told), NAME, {}).to_components())
    return next(text for text in said if text.startswith("**"))


async def test_a_page_says_what_was_searched_and_how() -> None:
    one = found(
        hit(1),
        hit(2, 2, match=Match.CLOSE),
        asked=Search(topic="*video* diffusion", days=30, sort=Sort.NEWEST, min_upvotes=5),
        exact=12,
        close=38,
        note="Read as “*video*”.",
    )
    view = results_view(one, NAME, {})
    check_limits(view.to_components())
    head, first, heading, second, where = texts_of(view.to_components())
    assert head == (
        "## \\*video\\* diffusion\n"
        "-# 12 match · 38 close · 13,006 papers searched\n"
        "-# newest first · last 30 days · at least 5 upvotes\n"
        "-# Read as “\\*video\\*”."
    )
    assert first.startswith("**1.** [A study of thing 1](https://arxiv.org/abs/2502.00001)")
    assert heading == "-# **Close**: about the same in other words"
    assert second.startswith("**2.** [A study of thing 2]")
    assert where == "-# 1 – 2 of 50 papers"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"exact": 1}, "-# 1 matches · 13,006 papers searched"),
        ({"exact": 0, "close": 2}, "-# nothing matches exactly · 2 close · 13,006 papers searched"),
        ({"asked": Search(topic="thing")}, "-# best first · all days"),
        ({"asked": Search(topic="thing", days=1)}, "-# best first · last 1 day"),
        ({"asked": Search(topic="thing", sort=Sort.UPVOTES)}, "-# most upvotes first · all days"),
        ({"asked": Search(topic="\u200b")}, "## ?"),
    ],
)
async def test_the_head_counts_in_words(told: dict[str, Any], said: str) -> None:
    assert said in text_of(results_view(found(hit(), **told), NAME, {})).splitlines()


async def test_a_paper_is_shown_with_its_day_upvotes_and_first_authors() -> None:
    people = tuple(Author(name=name) for name in ("Ada L", "Grace H", "Mary S"))
    one = hit(
        3,
        paper=paper(3, authors=people, upvotes=1234),
        summary=a_summary("It is so."),
        why=passage("We see a thing here.", "thing"),
    )
    assert said_of(one) == (
        "**1.** [A study of thing 3](https://arxiv.org/abs/2502.00003)\n"
        "-# 11 Feb 2025 · ▲\u00a01,234 · Ada L, Grace H +1\n"
        "It is so.\n"
        "> We see a **thing** here."
    )


async def test_a_paper_of_which_little_is_known_is_shown_with_that() -> None:
    bare = paper(3, authors=(), upvotes=None)
    assert said_of(hit(paper=bare, day=None)).splitlines()[1:] == []
    published = paper(3, authors=(), upvotes=None, published=datetime(2024, 5, 1, tzinfo=UTC))
    assert said_of(hit(paper=published, day=None)).splitlines()[1:] == ["-# 1 May 2024"]


async def test_a_sentence_that_is_the_tldr_is_shown_once_in_bold() -> None:
    why = passage("A *thing*  is faster.", "*thing*")
    said = said_of(hit(why=why, summary=a_summary("A *thing* is faster.")))
    assert said.splitlines()[2:] == ["A **\\*thing\\*** is faster."]


async def test_a_sentence_that_is_the_title_is_bold_within_its_link() -> None:
    title = "On [things] and thing"
    said = said_of(hit(paper=paper(title=title), why=passage(title, "[things]")))
    assert (
        said.splitlines()[0]
        == "**1.** [On **(things)** and thing](https://arxiv.org/abs/2502.00001)"
    )
    assert len(said.splitlines()) == 2


async def test_a_reason_stands_where_no_sentence_does() -> None:
    told: dict[str, Any] = {"reason": "its keyword is *thing*", "summary": a_summary("So it is.")}
    assert said_of(hit(**told)).splitlines()[2:] == ["So it is.", "-# its keyword is \\*thing\\*"]
    both = said_of(hit(why=passage("A thing.", "thing"), **told))
    assert both.splitlines()[2:] == ["So it is.", "> A **thing**."]


async def test_long_texts_are_cut_before_a_paper_is_dropped() -> None:
    heavy = [
        hit(
            number,
            number,
            paper=paper(number, title="*" * 240, authors=(Author(name="*" * 40),) * 3),
            summary=a_summary("_" * 220),
            why=Passage(text="~" * 200, matched=((0, 1),)),
        )
        for number in range(1, 6)
    ]
    one = found(*heavy, asked=Search(topic="*" * 300), note="*" * 300)
    view = results_view(one, NAME, {})
    check_limits(view.to_components())
    assert [text_of(view).count(f"**{place}.** [") for place in range(1, 6)] == [1] * 5


async def test_the_menus_keep_the_search_and_say_what_is_chosen() -> None:
    asked = Search(topic="thing", days=30, sort=Sort.UPVOTES)
    view = results_view(found(*(hit(n, n) for n in range(1, 6)), asked=asked, pages=3), NAME, {})
    menus = menus_of(view)
    assert menus["sort"]["custom_id"] == f"sort:{NAME}:30"
    assert [one["label"] for one in menus["sort"]["options"] if one.get("default")] == [
        "Order: Upvotes"
    ]
    assert menus["days"]["custom_id"] == f"days:{NAME}:upvotes"
    assert [(one["label"], one["value"]) for one in menus["days"]["options"]] == [
        ("Period: All time", "0"), ("Period: 7 days", "7"), ("Period: 30 days", "30"),
        ("Period: A year", "365"),
    ]  # fmt: skip
    assert [one["value"] for one in menus["days"]["options"] if one.get("default")] == ["30"]
    assert [(one["label"], one["custom_id"]) for one in buttons_of(view)] == [
        ("Back", f"find:back:{NAME}:upvotes:30:0"),
        ("1 / 3", f"find:first:{NAME}:upvotes:30:0"),
        ("Next", f"find:on:{NAME}:upvotes:30:1"),
        ("Make this an alert", f"watch:{NAME}"),
    ]


async def test_a_period_of_ones_own_stands_among_the_others() -> None:
    view = results_view(found(hit(), asked=Search(topic="thing", days=14)), NAME, {})
    options = menus_of(view)["days"]["options"]
    assert [one["value"] for one in options] == ["0", "7", "14", "30", "365"]
    assert [one["label"] for one in options if one.get("default")] == ["Period: 14 days"]
    assert "sort" not in menus_of(view)  # there is no order of one


ADVICE = Advice(
    understood="both “*red*” and “thing”",
    topics=("thing", "things", "red things", "blue things", "a fifth"),
    rarest="*red*",
    without="thing",
    finds=1204,
)


async def test_where_nothing_is_found_it_says_what_would_find_something() -> None:
    queries = offered(ADVICE)
    assert queries == ("thing", "things", "red things", "blue things")
    runs = dict(zip(queries, ("aaaaaaaaa2", "aaaaaaaaa3", "aaaaaaaaa4", "aaaaaaaaa5"), strict=True))
    view = results_view(found(asked=Search(topic="*red* thing"), advice=ADVICE), NAME, runs)
    check_limits(view.to_components())
    assert texts_of(view.to_components()) == [
        "## \\*red\\* thing\n-# nothing matches · 13,006 papers searched\n-# all days",
        (
            "I understood: both “\\*red\\*” and “thing”\n"
            "1,204 papers without “\\*red\\*”: **thing**\n"
            "Nearest topics: **thing** · **things** · **red things** · **blue things**"
        ),
    ]
    assert [(one["label"], one["custom_id"]) for one in buttons_of(view)] == [
        ("Without “*red*”", "run:aaaaaaaaa2"),
        ("things", "run:aaaaaaaaa3"),
        ("red things", "run:aaaaaaaaa4"),
        ("blue things", "run:aaaaaaaaa5"),
        ("Make this an alert", f"watch:{NAME}"),
    ]
    assert menus_of(view) == {}


async def test_a_period_in_which_nothing_is_found_can_be_made_longer() -> None:
    asked = Search(topic="thing", days=7)
    view = results_view(found(asked=asked, advice=Advice(understood="“thing”")), NAME, {})
    assert list(menus_of(view)) == ["days"]
    assert [one["label"] for one in buttons_of(view)] == ["Make this an alert"]
    assert "-# last 7 days" in text_of(view)


async def test_nothing_is_offered_that_finds_nothing() -> None:
    useless = Advice(understood="“thing”", rarest="red", without="thing", finds=0)
    assert offered(useless) == ()
    said = text_of(results_view(found(advice=useless), NAME, {}))
    assert said.splitlines()[-1] == "I understood: “thing”"


async def test_a_query_without_the_name_of_what_it_lacks_is_offered_as_it_is() -> None:
    nameless = Advice(understood="“thing”", without="@thing", finds=1)
    view = results_view(found(advice=nameless), NAME, {"@thing": "aaaaaaaaa2"})
    assert "1 paper: **\\@thing**" in text_of(view)
    assert [one["label"] for one in buttons_of(view)] == ["@thing", "Make this an alert"]


async def test_where_only_close_ones_are_found_they_are_listed_with_advice() -> None:
    some = [hit(number, number, match=Match.CLOSE) for number in (1, 2)]
    runs = dict.fromkeys(offered(ADVICE), "aaaaaaaaa2")
    view = results_view(found(*some, advice=ADVICE), NAME, runs)
    check_limits(view.to_components())
    said = text_of(view)
    assert "nothing matches exactly · 2 close" in said
    assert said.index("I understood") < said.index("**Close**") < said.index("**1.** [")
    later = results_view(found(*some, advice=ADVICE, page=1, pages=2), NAME, runs)
    assert "I understood" not in text_of(later)


async def test_a_page_on_which_nothing_stands_any_more_can_be_left() -> None:
    view = results_view(found(page=2, pages=3, exact=10), NAME, {})
    assert "There are no papers here." in text_of(view)
    assert [one["disabled"] for one in buttons_of(view)] == [False, True, True, False]


async def test_trending_names_the_rising_topics_and_why_each_paper_is_there() -> None:
    one = found(
        hit(1, reason="19 upvotes in a day", match=Match.CLOSE),
        asked=Search(),
        trends=(
            Trend(topic="*agents*", papers=42, usual=12.5),
            Trend(topic="world models", papers=1, usual=0),
        ),
        note="The week began on 5 February.",
        pages=2,
    )
    view = results_view(one, NAME, {})
    check_limits(view.to_components())
    head, first, _ = texts_of(view.to_components())
    assert head == (
        "## Trending this week\n"
        "- **\\*agents\\***  42 papers this week, 12.5 in a usual one\n"
        "- **world models**  1 paper this week, none in a usual one\n"
        "-# The week began on 5 February."
    )
    assert first.splitlines()[-1] == "-# 19 upvotes in a day"
    assert list(menus_of(view)) == ["card"]
    assert buttons_of(view)[-1]["custom_id"] == f"find:on:{NAME}:relevance:0:1"


async def test_a_week_without_papers_says_so() -> None:
    view = results_view(found(asked=Search()), NAME, {})
    assert texts_of(view.to_components()) == ["## Trending this week", "There are no papers here."]


async def test_relatives_are_headed_by_the_paper_and_turn_by_its_id() -> None:
    about = paper(9, id="cs/9901001", title="Of [things]")
    some = [hit(number, number, match=Match.CLOSE) for number in (1, 2)]
    one = found(*some, about=about, asked=Search(), pages=2)
    view = related_view(one)
    check_limits(view.to_components())
    assert texts_of(view.to_components())[0] == (
        "### Related to [Of (things)](https://arxiv.org/abs/cs/9901001)\n-# 2 papers, nearest first"
    )
    assert "Close" not in text_of(view)
    assert list(menus_of(view)) == ["card"]
    assert [one["custom_id"] for one in buttons_of(view)] == [
        "kin:back:cs/9901001:0", "kin:first:cs/9901001:0", "kin:on:cs/9901001:1",
    ]  # fmt: skip


async def test_a_paper_without_relatives_says_so() -> None:
    assert "There are no papers here." in text_of(related_view(found(about=paper())))


def test_what_is_related_to_nothing_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="related to no paper"):
        related_view(found())
