from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.indexing import Candidate, Vector
from bot.search.ranking import (
    FEEDBACK,
    FEEDBACK_STEMS,
    Scored,
    by_feedback,
    centroid,
    likeness,
)


def candidate(
    *stems: str, day: str = "2025-02-11", upvotes: int = 0, weight: int = 100
) -> Candidate:
    return Candidate(Vector(stems, bytes([weight]) * len(stems)), day, upvotes)


def order(found: list[Scored]) -> list[int]:
    return [one.no for one in found]


def test_nothing_found_is_nothing_in_order() -> None:
    assert by_feedback([], [], {}) == ([], [])


def test_a_better_match_comes_first_where_all_else_is_equal() -> None:
    papers = {no: candidate("video") for no in (1, 2, 3)}
    exact, _ = by_feedback([Scored(1, 2.0), Scored(2, 9.0), Scored(3, 4.0)], [], papers)
    assert order(exact) == [2, 3, 1]


def test_what_is_like_the_first_papers_comes_before_what_only_has_the_word() -> None:
    papers = {no: candidate("video", "diffusion") for no in range(1, 6)} | {
        8: candidate("cooking", "recipe")
    }
    found = [*(Scored(no, 5.0) for no in range(1, 6)), Scored(8, 6.0)]
    exact, _ = by_feedback(found, [], papers)
    assert order(exact)[-1] == 8


def test_upvotes_and_days_count_a_little() -> None:
    papers = {
        1: candidate("a", day="2024-01-01"),
        2: candidate("a", day="2025-01-01"),
        3: candidate("a", day="2024-01-01", upvotes=250),
    }
    exact, _ = by_feedback([Scored(no, 1.0) for no in papers], [], papers)
    assert order(exact) == [3, 2, 1]
    better, _ = by_feedback([Scored(1, 2.0), Scored(3, 1.0)], [], papers)
    assert order(better) == [1, 3]


def test_of_equals_the_one_stored_last_comes_first_in_whatever_order_they_come() -> None:
    papers = {no: candidate("a") for no in range(1, 9)}
    found = [Scored(no, 1.0) for no in papers]
    assert by_feedback(found, found[::-1], papers) == by_feedback(found[::-1], found, papers)
    assert order(by_feedback(found, [], papers)[0]) == [8, 7, 6, 5, 4, 3, 2, 1]


def test_those_that_match_say_what_is_meant_before_those_that_are_close() -> None:
    papers = {no: candidate("video") for no in range(1, FEEDBACK + 1)} | {
        100: candidate("video"),
        101: candidate("cooking"),
    }
    exact = [Scored(no, 1.0) for no in range(1, FEEDBACK + 1)]
    _, close = by_feedback(exact, [Scored(100, 1.0), Scored(101, 1.0)], papers)
    assert order(close) == [100, 101]
    assert close[1].score < close[0].score / 2


def test_a_paper_of_which_nothing_is_known_is_put_in_order_all_the_same() -> None:
    exact, close = by_feedback([Scored(1, 0.0)], [Scored(2, 3.0)], {})
    assert order(exact) == [1]
    assert order(close) == [2]


words = [f"w{n}" for n in range(60)]
candidates = st.builds(
    lambda stems, day, upvotes, weight: candidate(*stems, day=day, upvotes=upvotes, weight=weight),
    st.lists(st.sampled_from(words), unique=True, max_size=48),
    st.sampled_from(["", "2025-02-11", "2026-01-01"]),
    st.integers(0, 100_000),
    st.integers(1, 255),
)
scores = st.lists(
    st.builds(Scored, st.integers(1, 20), st.floats(0, 50)),
    max_size=10,
    unique_by=lambda one: one.no,
)


@given(scores, scores, st.dictionaries(st.integers(1, 20), candidates))
def test_every_paper_comes_once_best_first_with_a_score_between_0_and_1(
    exact: list[Scored], close: list[Scored], papers: dict[int, Candidate]
) -> None:
    for given_, ranked in zip((exact, close), by_feedback(exact, close, papers), strict=True):
        assert sorted(order(ranked)) == sorted(order(given_))
        told = [one.score for one in ranked]
        assert told == sorted(told, reverse=True)
        assert all(0 <= score <= 1 for score in told)


def test_what_papers_have_in_common_is_their_heaviest_stems_by_score() -> None:
    papers = {1: candidate("a", "b"), 2: candidate("b", "c", weight=10)}
    assert centroid([Scored(1, 1.0), Scored(2, 0.5), Scored(3, 9.0)], papers) == {
        "a": 100.0,
        "b": 105.0,
        "c": 5.0,
    }
    many = {1: candidate(*words)}
    assert list(centroid([Scored(1, 1.0)], many)) == list(words)[:FEEDBACK_STEMS]


def test_likeness_is_what_is_common_to_both() -> None:
    vector = Vector(("a", "b"), bytes([2, 3]))
    assert likeness(vector, {"a": 10.0, "c": 5.0}) == 20.0
    assert likeness(Vector(), {"a": 10.0}) == 0.0
    assert likeness(vector, {}) == 0.0
