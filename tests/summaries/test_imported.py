from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.summaries import Summary
from bot.summaries.imported import split_imported

NOW = datetime(2026, 8, 22, 9, tzinfo=UTC)

TLDR = "This paper introduces Foo, a small model that reads papers."
OBJECTIVE = "The main research objective is to read papers (e.g. on arXiv) faster."
METHOD = "The key methodology involves training Foo on 1.5 million papers."
RESULTS = "Primary results show that Foo achieves 94.7% accuracy on Bar."
IMPLICATIONS = "AI practitioners can use Foo as it is."
WHOLE = (TLDR, OBJECTIVE, METHOD, RESULTS, IMPLICATIONS)


def texts(text: str) -> tuple[str | None, ...]:
    return texts_of(split_imported(text, NOW))


def texts_of(summary: Summary) -> tuple[str | None, ...]:
    return tuple(part for _, part in summary.parts())


def test_who_wrote_it_from_what_and_when_is_kept() -> None:
    assert split_imported(" ".join(WHOLE), NOW) == Summary(
        tldr=TLDR,
        objective=OBJECTIVE,
        method=METHOD,
        results=RESULTS,
        implications=IMPLICATIONS,
        model="digest archive",
        source="full text",
        prompt=0,
        grounded=None,
        sought=True,
        written_at=NOW,
    )


@pytest.mark.parametrize(
    "text",
    [
        "{}  {}  {} {}  {}  ",
        (
            'Here\'s a concise summary of the paper "Foo: Is it? Yes." based on your guidelines:  '
            "i) {} ii) {} iii) {} iv) {} v) {}"
        ),
        (
            "Okay, here is a summary of the paper:  1. **Summary:** {}  2. **Main research "
            "question/objective:** {}  3. **Key methodology:** {}  4. **Primary results:** {}  "
            "5. **Principal implication for AI practitioners:** {}"
        ),
        (
            "Sure! Here is a summary of the paper. {} {} {} {} {} Let me know if you need more! "
            "I hope this helps."
        ),
        (
            "**i) A 1-line summary** {}  **ii) Main research question or objective** {} **iii) Key "
            "methodology used** {}  **iv) Primary results (one figure)** {}  **v) Principal "
            "implication for AI practitioners (e.g., engineers)** {}"
        ),
        (
            "Summary: {} Main research question or objective: {} Key methodology used: {} Primary "
            "results: {} Principal implication for AI practioners: {}"
        ),
        (
            "**Summary**: {} **Objective**: {} Key methodology used {} **Results**: {} "
            "**Implications**: {}"
        ),
        (
            "**Summary:**\n\n{}\n\n**Objective:**\n\n{}\n\n**Method:**\n\n{}\n\n**Results:**\n\n{}\n\n"
            "**Implications:**\n\n{}"
        ),
        "- {}\n- {}\n- {}\n- {}\n- {}",
        "{} {} {} {} {}  Follow-up questions:  1. How does it compare?  2. What of the cost?",
        "{} {} {} {} {} **Follow-up Questions:** 1. How does it compare?",
    ],
)
def test_each_part_is_found_in_every_layout_and_chatter_is_left_out(text: str) -> None:
    assert texts(text.format(*WHOLE)) == WHOLE


def test_a_number_or_a_label_outweighs_the_words() -> None:
    numbered = (
        "i) It is new. ii) How well does it use tools? iii) It is simple. "
        "iv) It is good. v) It is hard."
    )
    assert texts(numbered) == (
        "It is new.",
        "How well does it use tools?",
        "It is simple.",
        "It is good.",
        "It is hard.",
    )
    assert texts("i) New. ii) To read. iii) Simple. iv) Good.") == (
        "New.", "To read.", "Simple.", "Good.", None,
    )  # fmt: skip


def test_letters_number_four_parts_or_five() -> None:
    four = "a) To read papers. b) It reads. c) It is good. d) It is useful."
    assert texts(four) == (
        "To read papers.", "To read papers.", "It reads.", "It is good.", "It is useful.",
    )  # fmt: skip
    assert texts("a) New. b) To read. c) It reads. d) It is good. e) Useful.") == (
        "New.", "To read.", "It reads.", "It is good.", "Useful.",
    )  # fmt: skip


def test_sentences_without_a_name_go_where_their_verbs_and_place_say() -> None:
    assert texts(
        "This paper investigates reading. Foo employs a tree. It has leaves. "
        "Trained on papers, Foo scores 0.94. Foo is fast. This opens a new way."
    ) == (
        "This paper investigates reading.",
        "This paper investigates reading.",
        "Foo employs a tree. It has leaves.",
        "Trained on papers, Foo scores 0.94. Foo is fast.",
        "This opens a new way.",
    )


def test_a_method_that_mentions_a_result_is_a_method_and_the_other_way_round() -> None:
    summary = split_imported(
        f"{TLDR} {OBJECTIVE} Foo uses trees and shows promise. The model, which uses trees, "
        "outperforms Bar. Foo uses 3 seeds and reduces errors by 12%.",
        NOW,
    )
    assert summary.method == "Foo uses trees and shows promise."
    assert summary.results == (
        "The model, which uses trees, outperforms Bar. Foo uses 3 seeds and reduces errors by 12%."
    )


def test_what_goes_on_after_a_part_stays_with_it() -> None:
    summary = split_imported(
        f"{' '.join(WHOLE)} It is free. However, the paper does not report the cost.", NOW
    )
    assert summary.implications == (
        f"{IMPLICATIONS} It is free. However, the paper does not report the cost."
    )
    short = split_imported(f"{TLDR} {OBJECTIVE} The paper lacks a baseline.", NOW)
    assert short.objective == f"{OBJECTIVE} The paper lacks a baseline."


def test_how_it_was_achieved_is_the_method_and_what_it_suggests_the_implication() -> None:
    summary = split_imported(
        f"{TLDR} {OBJECTIVE} This is achieved through trees. {RESULTS} "
        "The findings suggest that AI practitioners should plant trees.",
        NOW,
    )
    assert summary.method == "This is achieved through trees."
    assert summary.implications == "The findings suggest that AI practitioners should plant trees."


def test_a_part_that_nobody_speaks_of_is_missing() -> None:
    assert texts(TLDR) == (TLDR, None, None, None, None)
    assert texts(f"{TLDR} {RESULTS}") == (TLDR, None, None, RESULTS, None)


@pytest.mark.parametrize(
    "chatter", ["", "  ", "Here is a concise summary of the paper:", "Okay!", "**Summary:**", "1."]
)
def test_nothing_but_chatter_has_no_tldr(chatter: str) -> None:
    assert texts(chatter) == (None,) * 5


@pytest.mark.parametrize(
    "text", ["Great progress is made here.", "OK-VQA is a benchmark.", "Here, a model is shown."]
)
def test_a_sentence_that_only_begins_like_chatter_is_kept(text: str) -> None:
    assert split_imported(text, NOW).tldr == text


def test_emphasis_left_open_by_a_label_is_closed() -> None:
    assert split_imported("**Summary: Foo is new.**", NOW).tldr == "Foo is new."


def test_no_markup_link_or_mention_comes_through() -> None:
    summary = split_imported(
        f"Foo is **new** and *odd*. {OBJECTIVE} {METHOD} The results of `Foo@1` show 94.7% for "
        "@everyone <@1>. AI practitioners can [use Foo](https://foo.test) (https://foo.test).",
        NOW,
    )
    assert texts_of(summary) == (
        "Foo is new and odd.",
        OBJECTIVE,
        METHOD,
        "The results of Foo@1 show 94.7% for.",
        "AI practitioners can use Foo.",
    )


PIECES = [
    *(f"{part} " for part in WHOLE),
    "ii) ",
    "**",
    "Summary: ",
    "Okay, ",
    "here's a summary",
    ":",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6)).map("".join))
def test_no_word_is_invented(text: str) -> None:
    summary = split_imported(text, NOW)
    for _, part in summary.parts():
        rest = iter(text)
        assert all(letter in rest for letter in part or "" if letter.isalnum())
