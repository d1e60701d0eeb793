from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.search.passages import passage
from bot.search.patterns import Pattern

VIDEO, DIFFUSION = Pattern(("video",)), Pattern(("diffusion",))
PHRASE = Pattern(("video", "diffusion"))


def test_the_sentence_with_most_of_what_was_looked_for_is_shown() -> None:
    sentences = "Videos are nice.", "Diffusion makes videos.", "Video by diffusion of videos."
    found = passage((VIDEO, DIFFUSION), sentences)
    assert found is not None
    assert found.text == sentences[1]
    assert [found.text[start:end] for start, end in found.matched] == ["Diffusion", "videos"]


def test_the_first_of_equals_is_shown() -> None:
    found = passage((VIDEO,), ("No.", "A video.", "A video, a video."))
    assert found is not None
    assert (found.text, found.matched) == ("A video.", ((2, 7),))


def test_a_phrase_and_a_beginning_are_found_too() -> None:
    found = passage(
        (PHRASE, Pattern(("diff",), prefix=True)), ("Diffusion of video.", "Video diffusion.")
    )
    assert found is not None
    assert (found.text, found.matched) == ("Video diffusion.", ((0, 15),))


def test_where_nothing_stands_nothing_is_shown() -> None:
    assert passage((PHRASE,), ("Diffusion of video.",)) is None
    assert passage((), ("Diffusion of video.",)) is None
    assert passage((VIDEO,), ()) is None


stems = st.sampled_from(["video", "diffusion", "a", "🔥", "C++"])
patterns = st.builds(
    Pattern,
    st.lists(st.sampled_from(["video", "diffusion", "cpp"]), min_size=1, max_size=2).map(tuple),
    prefix=st.booleans(),
)


@given(
    st.lists(patterns, max_size=4),
    st.lists(st.lists(stems, max_size=6).map(" ".join), max_size=4),
)
def test_spans_are_inside_the_sentence_that_is_shown(
    some: list[Pattern], sentences: list[str]
) -> None:
    found = passage(some, sentences)
    if found is not None:
        assert found.text in sentences
        assert found.matched
        assert all(0 <= start < end <= len(found.text) for start, end in found.matched)
