from __future__ import annotations

from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bot.search.trends import MOST_TRENDS, Dated, trending
from tests.builders import DAY

LAST = DAY + timedelta(days=6)  # a Monday, so that the week begins on DAY, a Tuesday


def dated(no: int, *topics: str, ago: int = 0, upvotes: int = 0) -> Dated:
    return Dated(
        no=no,
        day=LAST - timedelta(days=ago),
        upvotes=upvotes,
        topics={topic: topic.title() for topic in topics},
    )


def usual(*topics: str, papers: int = 40) -> list[Dated]:
    """Return papers of the weeks before on these topics."""
    return [dated(1000 + no, *topics, ago=7 + no) for no in range(papers)]


def test_without_papers_nothing_is_trending() -> None:
    now = trending([], LAST)
    assert (now.trends, now.papers, now.reasons) == ((), (), {})


def test_a_topic_rises_that_more_of_this_weeks_papers_are_on_than_usual() -> None:
    week = [dated(no, "agents", "llm") for no in range(5)] + [dated(no, "llm") for no in (6, 7)]
    now = trending([*usual("llm"), *week], LAST)
    (trend,) = now.trends
    assert (trend.topic, trend.papers, trend.usual) == ("Agents", 5, 0.0)


def test_what_was_usual_is_of_a_week_with_as_many_papers() -> None:
    before = [*usual("agents", papers=10), *usual(papers=10)]
    now = trending([*before, *(dated(no, "agents") for no in range(4))], LAST)
    (trend,) = now.trends
    assert (trend.papers, trend.usual) == (4, 2.0)


def test_two_papers_are_no_trend() -> None:
    assert trending([*usual(), *(dated(no, "agents") for no in (1, 2))], LAST).trends == ()


def test_without_weeks_before_nothing_is_said_of_what_is_usual() -> None:
    now = trending([dated(no, "agents", upvotes=no) for no in range(9)], LAST)
    assert [(trend.topic, trend.papers) for trend in now.trends] == [("Agents", 9)]
    assert now.reasons[8] == "Most upvoted of Monday’s 9 papers; one of 9 on Agents this week"


def test_the_week_is_the_last_seven_days_and_no_later_one() -> None:
    found = [dated(1), dated(2, ago=6), dated(3, ago=7), dated(4, ago=-1)]
    assert {one.no for one in trending(found, LAST).papers} == {1, 2}


def test_upvotes_put_papers_in_order_and_a_rising_topic_lifts_them() -> None:
    week = [
        *(dated(no, "agents", upvotes=10) for no in (1, 2, 3)),
        dated(4, upvotes=12),
        dated(5, upvotes=20),
    ]
    now = trending([*usual(), *week], LAST)
    assert [one.no for one in now.papers] == [5, 3, 2, 1, 4]
    assert [one.score for one in now.papers] == [20, 15, 15, 15, 12]


def test_each_paper_says_why_it_is_there() -> None:
    week = [
        *(dated(no, "agents", upvotes=no) for no in (1, 2, 3)),
        dated(4, upvotes=9, ago=1),
    ]
    reasons = trending([*usual("agents", papers=1), *usual(), *week], LAST).reasons
    assert reasons[4] == "Most upvoted of Sunday’s papers"
    assert reasons[2] == (
        "Number 2 of Monday’s 3 papers; one of 3 on Agents this week, 0.1 in a usual one"
    )


topics = st.sets(st.sampled_from("abcdefghij"), max_size=4)
papers = st.lists(
    st.builds(
        lambda no, topics, ago, upvotes: dated(no, *sorted(topics), ago=ago, upvotes=upvotes),
        st.integers(1, 500),
        topics,
        st.integers(-2, 40),
        st.integers(0, 99),
    ),
    max_size=60,
    unique_by=lambda one: one.no,
)


@given(papers)
def test_trends_are_few_and_every_paper_of_the_week_has_a_place_and_a_reason(
    found: list[Dated],
) -> None:
    now = trending(found, LAST)
    week = {one.no for one in found if LAST - timedelta(days=7) < one.day <= LAST}
    assert {one.no for one in now.papers} == week == now.reasons.keys()
    assert [one.score for one in now.papers] == sorted(
        (one.score for one in now.papers), reverse=True
    )
    assert len(now.trends) <= MOST_TRENDS
    assert len({trend.topic for trend in now.trends}) == len(now.trends)
    assert all(trend.papers > trend.usual for trend in now.trends)


@given(papers)
@example([dated(1), dated(2)])
def test_the_order_in_which_papers_are_told_does_not_count(found: list[Dated]) -> None:
    assert trending(found[::-1], LAST) == trending(found, LAST)
