from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.searches import Passage
from bot.ui.passages import marked
from bot.ui.text import readable
from tests.finding import passage
from tests.ui import NASTY, live_markdown, read_aloud, texts

# As Discord reads: an escaped character first, wherever it stands, then bold.
_BOLD = re.compile(r"(\\.)|\*\*((?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL)


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    """Draw any text with any spans in it, overlapping ones and ones out of order too."""
    text = draw(texts)
    places = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(places, places), max_size=8))
    return Passage(text=text, matched=tuple((min(one), max(one)) for one in spans))


def unbolded(said: str) -> str:
    """Return a text without its bold, joiners in its place: each must be whole and not empty."""

    def bare(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        assert match[2].strip()
        return f"\u2060{match[2]}\u2060"

    return _BOLD.sub(bare, said)


@given(passages(), st.integers(3, 300))
def test_a_passage_has_no_markdown_but_its_bold_and_is_never_too_long(
    why: Passage, length: int
) -> None:
    said = unbolded(marked(why, length))
    assert live_markdown(said) == []
    assert len(read_aloud(said)) <= length
    assert len(said.splitlines()) <= 1


@given(passages())
def test_nothing_of_a_short_passage_is_lost(why: Passage) -> None:
    text = Passage(text=why.text[:200], matched=tuple(one for one in why.matched if max(one) < 200))
    plain = re.sub(r"[⁅⁆$\\`'-]", "x", text.text)  # LaTeX may read another way round a mark
    said = marked(Passage(text=plain, matched=text.matched), 300)
    assert read_aloud(unbolded(said)).split() == readable(plain).replace("\u2060", "").split()


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_passage_that_matches_all_over_is_safe(text: str) -> None:
    for matched in ((0, len(text)), (0, 1), (len(text) - 1, len(text))):
        said = marked(Passage(text=text, matched=(matched,)), 200)
        assert live_markdown(unbolded(said)) == []


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (passage("We train a video model.", "video"), "We train a **video** model."),
        (passage("Fast video diffusion", "video", "diffusion"), "Fast **video diffusion**"),
        (passage("A text-to-3D model", "text", "to", "3D"), "A **text-to-3D** model"),
        (passage("The *stars* and [links](x)", "*stars*"), r"The **\*stars\*** and \[links\](x)"),
        (passage("Diffusion, then video", "video", "Diffusion"), "**Diffusion**, then **video**"),
        (passage("At $5^{2}$ times the speed", "times"), "At 5² **times** the speed"),
        (passage(r"The \textbf{video} model", "video"), "The **video** model"),
        (passage("With $x_{1}$ and ⁅marks⁆", "marks"), r"With x\_1 and \[**marks**\]"),
        (Passage(text="  A  video\n model ", matched=((5, 10),)), "A **video** model"),
        (Passage(text="No word", matched=()), "No word"),
        (Passage(text="Past the end", matched=((9, 99), (200, 300))), "Past the **end**"),
    ],
)  # fmt: skip
def test_the_words_that_matched_are_bold(why: Passage, said: str) -> None:
    assert marked(why, 200) == said


def test_a_mark_that_latex_swallows_marks_nothing() -> None:
    assert (
        marked(passage(r"An $\alpha$ for video", "alpha", "video"), 99) == "An alpha for **video**"
    )


A_LONG_ONE = " ".join(["before"] * 60 + ["video", "and", "diffusion"] + ["after"] * 60)


def test_a_long_sentence_is_cut_around_what_matched() -> None:
    said = marked(passage(A_LONG_ONE, "video", "diffusion"), 100)
    assert said.startswith("…before before")
    assert "**video** and **diffusion**" in said
    assert said.endswith("after after…")
    assert 80 < len(read_aloud(unbolded(said))) <= 100


def test_a_long_sentence_is_read_from_its_beginning_where_that_shows_what_matched() -> None:
    said = marked(passage("We study video models. " * 20, "video"), 100)
    assert said.startswith("We study **video** models. ")
    assert said.endswith("…")
    ending = marked(passage(A_LONG_ONE + " at last robots", "robots"), 100)
    assert ending.startswith("…after")
    assert ending.endswith("at last **robots**")


def test_the_place_with_the_most_matches_is_shown() -> None:
    text = "robots " + "word " * 100 + "agents and robots and tools " + "word " * 100
    spans = [(found.start(), found.end()) for found in re.finditer("robots|agents|tools", text)]
    said = marked(Passage(text=text, matched=tuple(spans)), 60)
    assert "**agents** and **robots** and **tools**" in said


def test_a_text_without_full_stops_is_cut_in_linear_time() -> None:
    text = "视频$x$ {" * 50_000 + " video " + "\\textbf{" * 30_000
    said = marked(passage(text, "video"), 200)
    assert "**video**" in said
    assert said.startswith("…")
    assert said.endswith("…")
    assert len(read_aloud(unbolded(said))) <= 200


def test_a_match_longer_than_the_line_is_cut() -> None:
    assert marked(Passage(text="x" * 300, matched=((0, 300),)), 50) == f"**{'x' * 48}**…"
