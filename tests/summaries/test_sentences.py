from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.summaries.sentences import split_sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "It beats strong models, e.g. GPT, i.e. all of Smith et al. (2024) and others.",
        "Vaswani et al. Transformers are used.",
        "See Fig. 3, Eq. (2), Sec. A and No. 5 for A vs. B.",
        "The score is 0.95 and v2.5 gains 3.1 points.",
        "J. W. Smith, Dr. Zero and Ph.D. Students of the U.S. Census agree.",
        "Many tasks (vision, speech, etc.) Remain open.",
        "It takes w.r.t. Llama approx. 5 days.",
        'The paper "What Works? A Study" answers it.',
        "Why so? because it can.",
        "1. It has a number.",
        "There are two steps: 1. Encode it",
        "Yes! and no",
        "No full stop at the end",
        "It cites (Vaswani et al., 2017; Devlin et al. 2019) and [3, Sec. 2].",
        r"It cites \citep{vaswani.et.al} and is at \url{https://example.org/a.b}.",
        r"The loss $L = 0.5 \cdot x. $ is at most $10^{-3}$ of it.",
        "It is (i) fast, (ii) small and (iii) e.g., free.",
        "It beats v1.2.3 vs. Qwen2.5-VL-7B, i.e., all of them... and more.",
        "It gains 4 points over the rest (53. 6 and 35. 6 before).",
        "It cuts the tags (e.g., <think>. . . </think>) and the tokens.",
        "He asks ``why?'' and answers.",
        "See https://example.org/page.html?a=b.c and Node.js for more.",
        "It uses asp.Inference and U.S. data.",
    ],
)
def test_a_full_stop_within_a_sentence_does_not_end_it(sentence: str) -> None:
    assert split_sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("It works.", "It is fast."),
        ("Does it work?", "It does!"),
        ("It is the best (of all).", "(We think.)"),
        ("He calls them “parrots.”", "They are not."),
        ("It is **bold.**", "**So is** this."),
        ("It uses tools, prompts, etc.", "Codes are public."),
        ("It uses tools (prompts, etc.).", "Codes are public."),
        ("This follows Smith et al.", "The rest is new."),
        ("It is trained on dataset A.", "However, it fails."),
        ("It comes from the U.S.", "It is free."),
        ("It is built on ViT-L.", "Across sizes it wins."),
        ("One step takes 10 ms.", "Two take more."),
        ("The answer is no.", "Why it is so is open."),
        ("It came in 2024.", "5 models followed."),
        ("It works…", "Then it stops."),
        ("It is new.", "mPLUG is not."),
        ("It is new.", "ii) It is fast."),
        ('He said "Aha.', "Never closed."),
        ('A 5" screen.', "It is small."),
        ("Rewards ( .", "It is odd."),
        ("It scores 53.6% (vs. 40%).", "It is small."),
        ("It is small.", "https://example.org/small"),
        ("It is small.", "www.example.org has it."),
        ("It ends with a citation (Smith et al., 2024).", "We go on."),
        ("It costs $\\$5$.", "$O(n)$ steps suffice."),
        ("It is at https://example.org/a.b.", "It is free."),
        ("It is new...", "We think."),
        ("It has an aside (never closed.", "It goes on ( and on )."),
    ],
)
def test_two_sentences_are_parted(first: str, second: str) -> None:
    assert split_sentences(f"{first} {second}") == [first, second]
    assert split_sentences(f"  {first} \n {second}\n") == [first, second]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("They fail at new tasks.", "To address this, we train."),
        ("Can it be done?", "We say so."),
        ("It drops (by half).", "However, it works."),
        ("It falls below 20%.", "This is new."),
    ],
)
def test_a_forgotten_space_hides_no_end(first: str, second: str) -> None:
    assert split_sentences(f"{first}{second}") == [first, second]


@pytest.mark.parametrize(
    "piece",
    [".", ".)", " .", 'a". ', "(a. ", "aaa.We ", "\n ", "\n\n", "1. ", "  ", "e.g. ", "\n- "],
)
def test_no_text_makes_it_slow(piece: str) -> None:
    text = piece * (300_000 // len(piece))  # in quadratic time each would take minutes
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())


def test_a_line_end_is_no_end_but_a_blank_line_and_an_item_are() -> None:
    text = "One sentence\nover lines\n\nA heading\n- an item\n2. Another\n"
    assert split_sentences(text) == [
        "One sentence\nover lines",
        "A heading",
        "- an item",
        "2. Another",
    ]


def test_nothing_has_no_sentences() -> None:
    assert split_sentences("") == []
    assert split_sentences(" \n\n ") == []


PIECES = [
    "A",
    "b",
    ".",
    "?",
    ". ",
    " ",
    "\n",
    '"',
    "e.g.",
    "1. ",
    "et al. ",
    ")",
    "(",
    "**",
    "ii) ",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join))
def test_the_sentences_are_the_text_without_the_space_between_them(text: str) -> None:
    sentences = split_sentences(text)
    assert "".join("".join(sentences).split()) == "".join(text.split())
    assert all(sentence == sentence.strip() != "" for sentence in sentences)
    place = 0
    for sentence in sentences:
        place = text.index(sentence, place) + len(sentence)
