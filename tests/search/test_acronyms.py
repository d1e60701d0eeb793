from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.acronyms import Acronyms, Sense, senses
from bot.search.definitions import LONGEST_FORM

COUNTS = {
    ("RLHF", "reinforcement learning from human feedback"): 70,
    ("RLHF", "reinforcement learning with human feedback"): 7,
    ("RLHF", "rl from human feedback"): 1,
    ("RL", "reinforcement learning"): 500,
    ("RAG", "retrieval augmented generation"): 150,
    ("RAG", "retrieve and generate"): 1,
    ("MoE", "mixture of experts"): 150,
    ("MoE", "mixture of expert"): 6,
    ("VLM", "vision language model"): 485,
    ("VLM", "visual language model"): 21,
    ("VLM", "video language model"): 4,
    ("3DGS", "3d gaussian splatting"): 59,
    ("3D-GS", "3d gaussian splatting"): 5,
    ("LLM", "large language model"): 2700,
    ("MLLM", "multimodal large language model"): 480,
    ("MLLM", "multi modal large language model"): 49,
    ("MLLM", "multimodal llm"): 33,
    ("TTS", "test time scaling"): 31,
    ("TTS", "text to speech"): 27,
    ("TTS", "test time search"): 1,
    ("SAM", "segment anything model"): 13,
    ("SAM", "sharpness aware minimization"): 2,
    ("IS", "importance sampling"): 20,
    ("IS", "information seeking"): 20,
    ("AD", "autonomous driving"): 6,
    ("IR", "information retrieval"): 16,
    ("IR", "image restoration"): 5,
    ("SPARKLE", "sparse kernel learning"): 1,
    ("GenAI", "general artificial intelligence"): 3,
    ("GenAI", "generative artificial intelligence"): 5,
    ("CUA", "computer use agent"): 18,
    ("CUA", "computer using agent"): 6,
    ("DPO", "direct preference optimization"): 90,
    ("DPO", "direct preference optimisation"): 2,
    ("NLI", "natural language inference"): 3,
}


@pytest.fixture(scope="module")
def acronyms() -> Acronyms:
    return Acronyms(COUNTS)


@pytest.mark.parametrize(
    ("typed", "long"),
    [
        ("RLHF", "reinforcement learning from human feedback"),
        ("rag", "retrieval augmented generation"),
        ("moe", "mixture of experts"),
        ("MOE", "mixture of experts"),
        ("vlms", "vision language model"),
        ("VLMs", "vision language model"),
        ("3dgs", "3d gaussian splatting"),
        ("3D-GS", "3d gaussian splatting"),
        ("rl", "reinforcement learning"),
        ("SAM", "segment anything model"),
    ],
)
def test_an_acronym_finds_its_long_form_however_it_is_typed(
    acronyms: Acronyms, typed: str, long: str
) -> None:
    assert [sense.long for sense in acronyms.long_forms(typed)] == [long]


@pytest.mark.parametrize(
    ("typed", "short"),
    [
        ("reinforcement learning from human feedback", "RLHF"),
        ("Reinforcement Learning with Human Feedback", "RLHF"),
        ("RL from human feedback", "RLHF"),
        ("retrieval-augmented generation", "RAG"),
        ("mixture of experts", "MoE"),
        ("mixture-of-expert", "MoE"),
        ("vision-language models", "VLM"),
        ("multi-modal LLMs", "MLLM"),
        ("3d gaussian splatting", "3DGS"),
        ("natural  language inference", "NLI"),
    ],
)
def test_a_long_form_finds_its_acronym_in_each_of_its_spellings(
    acronyms: Acronyms, typed: str, short: str
) -> None:
    assert acronyms.short_forms(typed) == (short,)


def test_each_fair_sense_of_an_acronym_is_told_with_its_share(acronyms: Acronyms) -> None:
    scaling, speech = acronyms.long_forms("tts")
    assert scaling == Sense(long="test time scaling", papers=31, share=31 / 59)
    assert speech == Sense(long="text to speech", papers=27, share=27 / 59)


def test_words_do_not_find_an_acronym_that_as_often_means_something_else(
    acronyms: Acronyms,
) -> None:
    assert acronyms.short_forms("text to speech") == ()
    assert acronyms.short_forms("information retrieval") == ()


@pytest.mark.parametrize("typed", ["sam", "Sam", "is", "Is", "can", "sams"])
def test_an_english_word_means_its_letters_only_in_capitals(acronyms: Acronyms, typed: str) -> None:
    assert acronyms.long_forms(typed) == ()


def test_a_word_in_capitals_that_has_no_clear_sense_is_only_loud(acronyms: Acronyms) -> None:
    assert acronyms.long_forms("IS") == ()


def test_words_never_find_an_acronym_that_is_an_english_word(acronyms: Acronyms) -> None:
    assert acronyms.short_forms("segment anything model") == ()


@pytest.mark.parametrize("typed", ["SPARKLE", "AD", "QQQ", "", "s", "video language model"])
def test_what_too_few_papers_define_is_not_believed(acronyms: Acronyms, typed: str) -> None:
    assert acronyms.long_forms(typed) == ()
    assert acronyms.short_forms(typed) == ()


def test_spellings_of_one_long_form_are_one_sense() -> None:
    found = senses(COUNTS)
    (rlhf,) = found["rlhf"]
    assert rlhf.papers == 78
    assert rlhf.spellings == ("reinforcement learning with human feedback",)
    (mllm,) = found["mllm"]
    assert mllm.spellings == ("multi modal large language model", "multimodal llm")
    assert [sense.papers for sense in found["dpo"]] == [92]
    assert [sense.papers for sense in found["cua"]] == [24]


def test_two_long_forms_of_like_words_stay_two_senses() -> None:
    found = senses(COUNTS)
    assert [sense.long for sense in found["vlm"]] == [
        "vision language model",
        "video language model",
    ]
    assert [sense.papers for sense in found["genai"]] == [5, 3]


def test_a_long_text_is_no_long_form(acronyms: Acronyms) -> None:
    assert acronyms.short_forms("word " * (LONGEST_FORM + 1)) == ()


@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(["RAG", "rag", "IS", "LoRA", "AB", "Sam"]),
            st.sampled_from(["use it", "using it", "of", "a b", "text models", "rag of text", "x"]),
        ),
        st.integers(min_value=1, max_value=50),
        max_size=20,
    )
)
def test_shares_add_up_and_whatever_is_believed_can_be_looked_up(
    counts: dict[tuple[str, str], int],
) -> None:
    for found in senses(counts).values():
        assert sum(sense.share for sense in found) == pytest.approx(1)
        assert [sense.papers for sense in found] == sorted((s.papers for s in found), reverse=True)
    acronyms = Acronyms(counts)
    for short, long in counts:
        for back in acronyms.short_forms(long):
            assert acronyms.long_forms(back)
        assert sum(sense.share for sense in acronyms.long_forms(short)) <= 1.0001
