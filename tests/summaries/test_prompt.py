from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.summaries import FULL_TEXT, PARTS, SourceText
from bot.summaries.prompt import LONGEST, asking, correcting, excerpt, instructions, new_mark
from tests.builders import paper


def test_the_instructions_name_each_part_and_the_rules_that_matter() -> None:
    told = instructions("en", "abc")
    for part in PARTS:
        assert f"`{part}`" in told
    for rule in ("one sentence", "at least one figure", "unclear", "no Markdown", "no preamble"):
        assert rule in told
    assert "in English:" in told


def test_a_language_without_a_name_goes_by_its_code() -> None:
    assert "in sw:" in instructions("sw", "abc")
    assert "in German:" in instructions("de", "abc")
    assert "in Chinese (zh-TW):" in instructions("zh-TW", "abc")


def test_a_mark_is_new_each_time() -> None:
    assert len({new_mark() for _ in range(50)}) == 50


def test_a_correction_names_what_is_wrong_and_no_more() -> None:
    assert "93.7, 12x" in correcting(["93.7", "12x"])
    assert "figure" not in correcting(["93.7"])
    assert "no figure" in correcting([], figure_missing=True)
    assert "speaks to a model" in correcting([], echoes=True)
    assert len(correcting([str(number) for number in range(1000)])) < 1000


def test_a_full_text_that_has_the_abstract_is_not_given_it_twice() -> None:
    text = "Title\n\nAbstract\nWe  study\nthing 1. And so on.\n\nIntroduction\nMore."
    assert excerpt("We study thing 1. And so on.", text) == text
    assert excerpt("Another beginning.", text) == f"Another beginning.\n\n{text}"


def test_a_long_text_keeps_its_beginning_and_its_end_in_whole_lines() -> None:
    lines = [f"line {number} of the text" for number in range(9000)]
    cut = excerpt(lines[0], "\n".join(lines))
    head, tail = cut.split("\n\n[…]\n\n")
    assert head.splitlines() == lines[: len(head.splitlines())]
    assert tail.splitlines() == lines[-len(tail.splitlines()) :]
    assert len(head) > len(tail)


@given(st.text(max_size=300), st.text(max_size=5000), st.integers(100, 2000))
def test_an_excerpt_is_never_longer_than_it_may_be(abstract: str, text: str, longest: int) -> None:
    assert len(excerpt(abstract, text, longest)) <= longest


def test_what_is_asked_says_what_the_text_is() -> None:
    abstract = paper().abstract
    whole = SourceText(abstract=abstract, text=f"{abstract}\n{'x ' * LONGEST}", kind=FULL_TEXT)
    assert "full text" in asking(paper(), whole, "m")
    assert len(asking(paper(), whole, "m")) < LONGEST + 300
    assert "abstract" in asking(paper(), SourceText(abstract=abstract, text=abstract), "m")
