from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.search.analysis import LONGEST_WORD, STOP_WORDS, Word, fold, spelled, stems, words
from bot.search.clipping import EQUAL_STEMS
from bot.search.stemming import stem

TEXTS = st.lists(
    st.text(max_size=8)
    | st.sampled_from(
        [
            *("C++", "C#", "U-Net++", "GPT-4o", "'s", "’s", "\\textbf{", "\\alpha", "{", "}"),
            *("e\u0301", "\u0301", "İ", "ı", "ß", "ẞ", "ŉ", "ﷺ", "Ⅷ", "㌀", "\uff9e", "ꭰ"),
            *(
                "扩散",
                "が",
                "か\u3099",
                "한국어",
                "हिंदी",
                "ไทย",
                "🔥",
                "1\ufe0f\u20e3",
                "\ud800",
                "¦",
            ),
            *('"', " ", "\n", "\u00a0", "\u200b", "_", "·", "+", "#", "-"),
        ]
    ),
    max_size=12,
).map("".join)


def told(text: str) -> list[str]:
    return [word.folded for word in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Video-Diffusion", ["video", "diffusion"]),
        ("text-to-3D/4D", ["text", "to", "3d", "4d"]),
        ("GPT-4o and GPT4", ["gpt", "4o", "and", "gpt4"]),
        ("C++, C# and C", ["cpp", "csharp", "and", "c"]),
        ("U-Net++", ["u", "netpp"]),
        ("a#b", ["a", "b"]),
        ("1+1 A+", ["1", "1", "a"]),
        ("snake_case", ["snake", "case"]),
        ("Müller, MÜLLER, Muller", ["muller"] * 3),
        ("Straße STRASSE", ["strasse"] * 2),
        ("Łukasz Øystein Đặng Þór", ["lukasz", "oystein", "dang", "thor"]),
        ("GAN's and GANs’s", ["gan", "and", "gans"]),
        ("'speech' isn't", ["speech", "isn", "t"]),
        ("扩散模型 model", ["扩", "散", "模", "型", "model"]),
        ("LLM扩散", ["llm", "扩", "散"]),
        ("が か\u3099", ["か", "か"]),
        ("🔥 hot 🔥", ["hot"]),
        (r"\textbf{Deep} \emph{nets} $\alpha$", ["deep", "nets", "alpha"]),
        ("ﬁne Ｗｉｄｅ x² Ⅳ", ["fine", "wide", "x2", "iv"]),
        ("\uff9e \ufe70 \ud800 ¦ — …", []),
        ("ᎠᏂ ꭰꮒ", ["ꭰꮒ", "ꭰꮒ"]),
        ("", []),
    ],
)
def test_a_text_comes_apart_into_folded_words(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_a_word_says_where_it_stands() -> None:
    text = r"\textbf{U-Nets}: C++"
    assert list(words(text)) == [
        Word("u", "u", 8, 9),
        Word("nets", "net", 10, 14),
        Word("cpp", "cpp", 17, 20),
    ]


@given(TEXTS)
@example("\u0130")
def test_every_span_cuts_out_its_word(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert fold(text[word.start : word.end]) == word.folded
        assert stem(word.folded) == word.stem
        end = word.end


@given(TEXTS)
def test_a_stem_is_one_small_word_that_nothing_can_be_made_of_but_itself(text: str) -> None:
    for one in stems(text):
        assert one.isalnum()
        assert one == one.lower()
        assert len(one) <= LONGEST_WORD + 1  # an e may be put back


@given(TEXTS)
def test_the_quick_ways_say_the_same(text: str) -> None:
    found = list(words(text))
    assert spelled(text) == [word.folded for word in found]
    assert stems(text) == [word.stem for word in found]


@given(st.text(st.characters(max_codepoint=127), max_size=40))
@example("x_1C++ C# C#s it's 's'd \\textbf{a} \\alpha #a##")
def test_plain_text_comes_apart_as_all_text_does(text: str) -> None:
    everything = [(word.folded, word.start) for word in words(f"{text} ä")]
    assert [(word.folded, word.start) for word in words(text)] == everything[:-1]


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_how_accents_are_encoded_does_not_count(text: str) -> None:
    forms = {form: told(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert forms["NFC"] == forms["NFD"]


@given(st.text(st.characters(codec="ascii"), max_size=40))
def test_case_does_not_count(text: str) -> None:
    assert told(text.upper()) == told(text.lower())


@pytest.mark.parametrize(
    "unit",
    [
        *("a", "a-", "'s", "++", "C++", "#", "\\a", "\\textbf{", "a\u0301", "\u0301", "扩", "_"),
        *("\ud800", " ", "1.", "[", "\\" * 7, "한"),
    ],
)
def test_a_hostile_text_is_read_in_time_that_grows_as_it_does(unit: str) -> None:
    text = unit * (300_000 // len(unit))  # anything above linear would hang here
    assert all(0 < len(folded) <= LONGEST_WORD for folded in spelled(text))


def test_a_word_longer_than_people_write_is_cut() -> None:
    assert fold("a" * 41) == "a" * 40
    assert told("a" * 300_000) == ["a" * 40]


def test_what_says_how_others_hang_together_is_written_folded() -> None:
    assert all(fold(word) == word for word in STOP_WORDS)


def test_a_word_cut_short_and_whole_are_equal_both_ways() -> None:
    assert stem("evaluation") in EQUAL_STEMS[stem("evals")]
    assert stem("math") in EQUAL_STEMS[stem("mathematical")]
    for one, others in EQUAL_STEMS.items():
        assert one not in others
        assert all(one in EQUAL_STEMS[other] for other in others)
