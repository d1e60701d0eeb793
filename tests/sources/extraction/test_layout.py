from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.extraction.characters import clean, is_text, smuggles
from bot.sources.extraction.layout import arrange

LONG = "This is a line of a paper that is about as long as lines of papers are"
CITATIONS = "\n".join(
    f"[{number}] A. Author. A title. In Venue, 20{number}." for number in (11, 12, 13)
)


def pages(*pages: str) -> str:
    return arrange(pages)


def test_the_lines_of_a_paragraph_are_joined() -> None:
    text = pages(f"A Title\nAn Author\nAbstract\n{LONG}\n{LONG}\nand ends.\n{LONG}.")
    assert text == f"A Title\nAn Author\n\nAbstract\n\n{LONG} {LONG} and ends.\n\n{LONG}."


@pytest.mark.parametrize(
    "heading",
    [
        "1 Introduction",
        "2.1 Our New Idea",
        "IV. Experiments",
        "Conclusion",
        "B. Ablations",
        "Abstract:",
    ],
)
def test_a_heading_stands_alone(heading: str) -> None:
    assert pages(f"{LONG}\n{heading}\n{LONG}") == f"{LONG}\n\n{heading}\n\n{LONG}"


@pytest.mark.parametrize(
    "line",
    [
        "2 We show here that all of it is true and will stay so for ever.",
        "Results of it are here and there, as methods",
    ],
)
def test_a_sentence_is_no_heading(line: str) -> None:
    assert pages(f"Abstract\n{LONG}\n{line}\n{LONG}") == f"Abstract\n\n{LONG} {line} {LONG}"


def test_small_capitals_are_put_together_in_headings() -> None:
    assert pages(f"A BSTRACT\n{LONG}\n1 I NTRODUCTION\n{LONG}") == (
        f"ABSTRACT\n\n{LONG}\n\n1 INTRODUCTION\n\n{LONG}"
    )


def test_labels_and_rows_of_figures_keep_their_lines() -> None:
    text = pages(
        f"Abstract\n{LONG}\nModel F1\nOurs 93.4 88.1\n12.5 14 15 16 17 18 19 20 21 22\n{LONG}"
    )
    assert text == (
        f"Abstract\n\n{LONG}\nModel F1\nOurs 93.4 88.1\n12.5 14 15 16 17 18 19 20 21 22\n{LONG}"
    )


@pytest.mark.parametrize(
    "heading", ["References", "REFERENCES", "R EFERENCES", "7. References", "Bibliography:"]
)
def test_references_and_all_after_them_are_left_out(heading: str) -> None:
    assert pages(f"{LONG}.\n{heading}\n{CITATIONS}", f"A Proofs\n{LONG}") == f"{LONG}."


def test_a_heading_without_citations_is_not_the_list_of_references() -> None:
    body = "\n".join([LONG] * 45)
    text = pages(f"Contents\nReferences\n{body}\nReferences\n{CITATIONS}")
    assert text == f"Contents\nReferences\n{' '.join([LONG] * 45)}"


@pytest.mark.parametrize(
    "heading",
    [
        "Appendix",
        "Appendix A",
        "A Appendix",
        "Appendix B: Proofs of Theorems",
        "SUPPLEMENTARY MATERIAL",
    ],
)
def test_an_appendix_before_the_references_is_left_out(heading: str) -> None:
    text = pages(f"{LONG}.\n{LONG}.\n{LONG}.\n{heading}\n{LONG}\nReferences\n{CITATIONS}")
    assert text == " ".join([f"{LONG}."] * 3)
    assert pages(f"{LONG}.\n{LONG}.\n{heading}\n{LONG}") == f"{LONG}. {LONG}."


def test_a_line_that_speaks_of_the_appendix_is_none() -> None:
    line = "Appendix A shows that it holds for every one of the other models too."
    assert pages(f"{LONG}\n{LONG}\n{line}\n{LONG}") == f"{LONG} {LONG} {line} {LONG}"


def test_running_heads_and_page_numbers_are_left_out() -> None:
    bodies = [f"{one} {LONG}\n{one} {LONG} again\n{one} {LONG} and on" for one in "abcd"]
    first, *others = bodies
    heads = [f"{number} A Title\n{body}\n{number}" for number, body in enumerate(others, 2)]
    text = pages(f"1 A Title\n{first}\n1", *heads)
    assert text == " ".join("\n".join(["1 A Title\n", *bodies]).split("\n")).replace("  ", "\n\n")


@pytest.mark.parametrize("folio", ["7", "- 7 -", "Page 7 of 20", "7/20", "– 7 –"])
def test_a_page_number_is_no_text(folio: str) -> None:
    assert pages(f"{LONG}\n{folio}") == LONG


def test_the_stamp_of_arxiv_is_no_text() -> None:
    assert pages(f"{LONG}\narXiv:2411.04965v1  [cs.CL]  7 Nov 2024") == LONG


def test_the_line_numbers_of_a_review_are_left_out() -> None:
    numbers = "\n".join(f"{number:03}" for number in range(54))
    assert pages(f"{numbers}\n{LONG}\n{LONG}\n{numbers}") == f"{LONG} {LONG}"
    assert pages(f"{LONG}\n{LONG}\n7\n8\n12\n{LONG}\n{LONG}").split() == (
        f"{LONG} {LONG} 7 8 12 {LONG} {LONG}".split()
    )


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("inter\x02mediate", "intermediate"),
        ("inter\ufffe\nmediate", "intermediate"),
        ("soft\u00adware", "software"),
        ("low\x02rank and low-rank", "low-rank and low-rank"),
        ("online on\x02line on-line", "online online on-line"),
        ("GPT\x024 and Vi\x02T", "GPT-4 and Vi-T"),
        ("state-of\x02the-art", "state-of-the-art"),
        ("a\x02b\x02c", "abc"),
        ("pre\x02 (and post)", "pre- (and post)"),
    ],
)
def test_a_broken_word_is_whole(broken: str, whole: str) -> None:
    assert pages(f"{LONG} {broken}") == f"{LONG} {whole}"


def test_a_hyphen_at_the_end_of_a_line_breaks_a_word() -> None:
    assert pages(f"{LONG} inter-\nmediate {LONG}") == f"{LONG} intermediate {LONG}"
    assert pages(f"{LONG} from 3-\n{LONG}") == f"{LONG} from 3- {LONG}"


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("eﬃcient ﬂow", "efficient flow"),
        ("𝟏𝟐.𝟻 and 𝟡", "12.5 and 9"),
        ("7\u2009000 and 7\u00a0000", "7\u2009000 and 7\u00a0000"),
        ("Figure\u00a01 of\u202f10\u00a0cm", "Figure 1 of 10 cm"),
        ("a\x00b\u200bc\u202ed\ufeff\ue000\U000e0041", "abcd"),
        ("10²–10³ É° naïve", "10²–10³ É° naïve"),
        ("wait\u2026", "wait\u2026"),
        ("Ã\x89°", "Ã°"),
    ],
)
def test_characters_are_plain(raw: str, plain: str) -> None:
    assert clean(raw) == plain


def test_a_text_is_more_than_a_few_words() -> None:
    assert not is_text("a label, x1 and 2 3 4 5 6 more")
    assert is_text("you will say that it is good")
    assert not smuggles("\U000e0041" * 9)
    assert smuggles("\U000e0041" * 10)


@given(st.lists(st.text(), max_size=4))
def test_any_pages_are_arranged(texts: list[str]) -> None:
    text = arrange(texts)
    assert "\x02" not in text
    assert "\n\n\n" not in text
    assert all(line == line.strip(" ") for line in text.split("\n"))


@pytest.mark.parametrize(
    "hostile",
    [
        " ",
        "\x02",
        "a-",
        "a\x02",
        "1 ",
        "1\n",
        "References\n",
        "A ",
        "arXiv:",
        "Appendix ",
        "\xe2\x80",
        "\u00a0",
    ],
)
def test_hostile_text_takes_no_longer_than_any_other(hostile: str) -> None:
    text = hostile * (60_000 // len(hostile))  # quadratic work would take minutes
    assert "\x02" not in arrange([text])
