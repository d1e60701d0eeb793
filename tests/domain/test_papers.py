from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import (
    ArxivId,
    Author,
    DayList,
    Paper,
    Source,
    arxiv_id,
    closes_at,
    list_date,
    merge,
    open_days,
)
from tests.builders import DAY, NOW, paper

SUMMER, WINTER = date(2025, 7, 15), date(2025, 1, 15)


@pytest.mark.parametrize(
    "text",
    [
        "2502.06782",
        " 2502.06782v2 ",
        "2502.06782v12",
        "arXiv:2502.06782",
        "arxiv: 2502.06782v1",
        "<https://arxiv.org/abs/2502.06782>",
        "http://arxiv.org/abs/2502.06782v3",
        "https://www.arxiv.org/pdf/2502.06782",
        "https://arxiv.org/pdf/2502.06782v1.pdf",
        "https://arxiv.org/html/2502.06782v1#S3.SS1",
        "https://export.arxiv.org/abs/2502.06782",
        "arxiv.org/abs/2502.06782/",
        "HTTPS://ARXIV.ORG/ABS/2502.06782V2",
        "https://huggingface.co/papers/2502.06782",
        "https://huggingface.co/papers/2502.06782?utm_source=x&y=1",
        "https://hf.co/papers/2502.06782#community",
        "https://www.alphaxiv.org/abs/2502.06782",
        "https://doi.org/10.48550/arXiv.2502.06782",
    ],
)
def test_one_paper_is_recognised_in_every_spelling(text: str) -> None:
    assert arxiv_id(text) == "2502.06782"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0704.0001", "0704.0001"),
        ("1412.9999v1", "1412.9999"),
        ("cs/9901001", "cs/9901001"),
        ("arXiv:cs/9901001v2", "cs/9901001"),
        ("math.GT/0309136", "math/0309136"),
        ("hep-th/9901001v3", "hep-th/9901001"),
        ("https://arxiv.org/abs/math.GT/0309136v1", "math/0309136"),
        ("https://arxiv.org/pdf/hep-th/9901001.pdf", "hep-th/9901001"),
        ("https://doi.org/10.48550/arXiv.cs/9901001", "cs/9901001"),
    ],
)
def test_old_and_short_ids_are_ids_too(text: str, told: str) -> None:
    assert arxiv_id(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<>",
        "attention is all you need",
        "2502",
        "2502.067821",
        "25.0206782",
        "2502.06782v",
        "2502.06782 and more",
        "٢٥٠٢.٠٦٧٨٢",
        "https://arxiv.org/list/cs.CL/recent",
        "https://huggingface.co/papers",
        "https://huggingface.co/models/2502.06782",
        "https://evil.test/?u=https://arxiv.org/abs/2502.06782",
        "cs/990100",
        "2502.06782\n2502.06783",
    ],
)
def test_what_names_no_paper_is_no_id(text: str) -> None:
    assert arxiv_id(text) is None


@given(st.text(max_size=60))
def test_an_id_found_in_any_text_is_read_as_itself(text: str) -> None:
    found = arxiv_id(text)
    assert found is None or arxiv_id(found) == found


def test_a_papers_addresses_are_made_from_its_id() -> None:
    old = paper(id=ArxivId("cs/9901001"))
    assert old.arxiv_url == "https://arxiv.org/abs/cs/9901001"
    assert old.pdf_url == "https://arxiv.org/pdf/cs/9901001"
    assert old.huggingface_url == "https://huggingface.co/papers/cs/9901001"


TEXTS = st.sampled_from(["", "one", "two"])
MAYBE_TEXT = st.none() | st.sampled_from(["one", "two"])
MAYBE_COUNT = st.none() | st.integers(0, 3)
AUTHORS = st.lists(
    st.builds(Author, name=st.sampled_from(["Ada", "Bob"]), username=st.none() | st.just("u")),
    max_size=3,
).map(tuple)
WORDS = st.lists(st.sampled_from(["a", "b"]), max_size=2).map(tuple)
PAPERS = st.builds(
    Paper,
    id=st.just(ArxivId("2502.00001")),
    title=st.sampled_from(["A title", "Another title"]),
    abstract=TEXTS,
    authors=AUTHORS,
    source=st.sampled_from(Source),
    published=st.none() | st.just(NOW),
    submitted=st.none() | st.just(NOW),
    submitter=MAYBE_TEXT,
    upvotes=MAYBE_COUNT,
    comments=MAYBE_COUNT,
    ai_summary=MAYBE_TEXT,
    ai_keywords=WORDS,
    categories=WORDS,
    github_repo=MAYBE_TEXT,
    github_stars=MAYBE_COUNT,
    project_page=MAYBE_TEXT,
    organization=MAYBE_TEXT,
    thumbnail=MAYBE_TEXT,
    media=WORDS,
)
NOTHING: tuple[object, ...] = (None, "", ())


@given(PAPERS, PAPERS)
def test_merging_never_replaces_what_is_known_by_nothing(known: Paper, told: Paper) -> None:
    merged = merge(known, told)
    for name in Paper.__dataclass_fields__:
        old, new, now = getattr(known, name), getattr(told, name), getattr(merged, name)
        assert now not in NOTHING or (old in NOTHING and new in NOTHING)
    assert merged.source.strength == max(known.source.strength, told.source.strength)


@given(PAPERS, PAPERS)
def test_merging_the_same_again_changes_nothing(known: Paper, told: Paper) -> None:
    merged = merge(known, told)
    assert merge(merged, told) == merged
    assert merge(told, told) == told


def test_a_stronger_source_has_the_word_on_the_text_and_the_latest_on_the_counts() -> None:
    arxiv = paper(title="As printed", abstract="Long.", source=Source.ARXIV, upvotes=None)
    listed = paper(title="as listed", abstract="Short.", upvotes=9, ai_summary="It works.")
    for merged in (merge(arxiv, listed), merge(listed, arxiv)):
        assert (merged.title, merged.abstract) == ("As printed", "Long.")
        assert (merged.upvotes, merged.ai_summary) == (9, "It works.")
        assert merged.source is Source.ARXIV
    assert merge(merge(listed, arxiv), paper(upvotes=4)).upvotes == 4


def test_a_weaker_source_fills_what_is_missing() -> None:
    known = paper(source=Source.ARXIV, abstract="", authors=())
    assert merge(known, paper()).abstract == paper().abstract
    assert merge(known, paper()).authors == paper().authors


def test_user_names_are_kept_when_a_stronger_source_prints_the_authors() -> None:
    printed = (Author(name="Grace Hopper"), Author(name="Ada Lovelace"))
    arxiv = paper(source=Source.ARXIV, authors=printed)
    named = (Author(name="Grace Hopper", username="grace"), Author(name="Ada Lovelace"))
    assert merge(paper(), arxiv).authors == named


def test_user_names_are_learned_from_a_weaker_source() -> None:
    printed = (Author(name="Grace Hopper"), Author(name="Ada Lovelace"))
    arxiv = paper(source=Source.ARXIV, authors=printed)
    named = (Author(name="Grace Hopper", username="grace"), Author(name="Ada Lovelace"))
    assert merge(arxiv, paper()).authors == named


def test_of_two_authors_of_one_name_only_one_has_the_user_name() -> None:
    namesakes = (Author(name="Wei Wang", username="ww"), Author(name="Wei Wang"))
    known = paper(authors=namesakes)
    assert merge(known, known).authors == namesakes
    bare = (Author(name="Wei Wang"), Author(name="Wei Wang"))
    assert merge(known, paper(authors=bare, source=Source.ARXIV)).authors == namesakes


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (SUMMER, datetime(2025, 7, 16, 1, 30, tzinfo=UTC)),
        (WINTER, datetime(2025, 1, 16, 2, 30, tzinfo=UTC)),
        (date(2025, 3, 8), datetime(2025, 3, 9, 2, 30, tzinfo=UTC)),  # the clocks change at night
        (date(2025, 3, 9), datetime(2025, 3, 10, 1, 30, tzinfo=UTC)),
        (date(2025, 11, 1), datetime(2025, 11, 2, 1, 30, tzinfo=UTC)),
        (date(2025, 11, 2), datetime(2025, 11, 3, 2, 30, tzinfo=UTC)),
        (date(2024, 12, 31), datetime(2025, 1, 1, 2, 30, tzinfo=UTC)),
    ],
)
def test_a_list_closes_on_the_next_date_in_both_halves_of_the_year(
    day: date, closes: datetime
) -> None:
    assert closes_at(day) == closes


@pytest.mark.parametrize("day", [SUMMER, WINTER])
def test_two_days_are_open_after_midnight_until_the_earlier_closes(day: date) -> None:
    after = day + timedelta(days=1)
    closing = closes_at(day)
    assert open_days(closing - timedelta(seconds=1)) == (day, after)
    assert open_days(closing) == (after,)
    assert open_days(datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)) == (day,)


@given(st.datetimes(datetime(2023, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis takes naive bounds
def test_every_open_day_closes_later_and_every_other_is_closed_or_to_come(now: datetime) -> None:
    still_open = open_days(now)
    assert list_date(now) in still_open
    assert all(now < closes_at(day) for day in still_open)
    assert closes_at(still_open[0] - timedelta(days=1)) <= now


def test_a_day_is_complete_when_it_was_read_after_it_closed() -> None:
    assert not DayList(day=DAY).complete
    assert not DayList(day=DAY, read_at=closes_at(DAY) - timedelta(seconds=1)).complete
    assert DayList(day=DAY, read_at=closes_at(DAY)).complete
