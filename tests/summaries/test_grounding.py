from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.summaries.grounding import Source, numbers, ungrounded

FIGURES = r"(?:[a-zé ×.,^%$-]{0,3}[0-9.,]{1,6}[KMBx% ]?){0,8}"
WRITTEN_ALIKE = [
    ("7B", "7 billion"),
    ("7B", "7,000 million"),
    ("1-billion-parameter", "1B parameters"),
    ("two million pairs", "2M pairs"),
    ("10k", "10,000"),
    ("128K-length", "128,000"),
    ("95.0%", "95 %"),
    ("91.2%", r"91.2\%"),
    ("0.95", ".95"),
    ("4.5x", "4.5times"),
    ("4.5×", r"4.5$\times$"),
    ("28x", r"28\times"),
    ("1,000", "1{,}000"),
    ("1,234,567", "1\u202f234\u202f567"),
    ("1e-3", "0.001"),
    ("10^{-3}", "0.001"),
    ("10⁻³", "10^-3"),
    ("3 × 10^6", "3M"),
    (r"2.5 \times 10^{9}", "2.5B"),
    ("2.5e9", "2.5 billion"),
    ("3 models", "three models"),
    ("+0.21", "0.21"),
    ("7B, 13B and 70B", "7, 13 and 70B"),
    ("0.5B to 72B", "0.5-72B"),
    ("5M", "5 M"),
    ("GPT-4", "GPT-4o"),
    ("95%", "95 percent"),
    ("95 %", "95 per cent"),
    ("3.5 points", "3.5 percentage points"),
    ("12-point", "12 points"),
    ("2.5pp", "2.5%"),
    ("3x", "3-fold"),
    ("3x", "threefold"),
    ("3x", "three times"),
    ("3 ×", r"$3\,\times$"),
    ("×3", "3x"),
    ("25%", "twenty-five percent"),
    ("one hundred", "100"),
    ("a million", "1M"),
    ("twenty tasks", "20 tasks"),
    ("three hundred thousand", "300K"),
    ("3rd", "3rd"),
    ("1/3", "one-third"),
    ("two-thirds", "2/3"),
    ("1.5bn", "1.5 billion"),
    ("512x512", r"$512 \times 512$"),
    ("400times720", "400×720"),
    ("10-15%", "10% to 15%"),
    ("5, 10, and 20x", "5x, 10x and 20x"),
    ("3D", "3D"),
    ("2024", "in 2024"),
    ("k=5", "k = 5"),
    ("１２．５％", "12.5%"),
    ("1.2.3", "v1.2.3"),
]
UNLIKE = [
    ("95%", "95.4%"),
    ("95.4%", "95%"),
    ("about 40", "39.6"),
    ("7B", "7 models"),
    ("7 models", "7B"),
    ("7B", "7M"),
    ("10,000", "1,000"),
    ("2.5-7B of 2.5B", "Qwen2.5-7B"),
    ("1.2.3", "1.2.4"),
    ("10^6", "10^5"),
    ("1e-3", "1e-4"),
    ("GPT-5", "GPT-4"),
    ("ResNet101", "ResNet50"),
    ("4D", "3D"),
    ("two million", "two models and a million reasons"),
    ("5", "nothing at all"),
    ("improves by 3%", "3 layers"),
    ("improves by 3%", "three layers"),
    ("3x faster", "3 layers"),
    ("3x faster", "Table 3"),
    ("95%", "95x"),
    ("12 layers", "12%"),
    ("5%", "the score [5]"),
    ("5%", "k = 5"),
    ("4%", "GPT-4"),
    ("1.5%", "within 1.5 hours"),
    ("GPT-4", "four models"),
    ("1 layer", "one of the first"),
    ("2nd", "two models"),
    ("20 tasks", "twenty-five tasks"),
    ("twenty tasks", "30 tasks"),
    ("three percent", "5%"),
    ("2/3", "1/3"),
    ("two-thirds", "one-third"),
    ("7 MNIST", "7 million"),
    ("95,3", "95.3"),
]
FOUND_IN = [
    ("2x", "twice as fast"),
    ("2x", "it halves the time"),
    ("2x", "doubling the speed"),
    ("50%", "half of it"),
    ("50%", "\N{VULGAR FRACTION ONE HALF} of it"),
    ("25%", "a quarter of it"),
    ("1/3", r"\frac{1}{3}"),
    ("#1", "ranks first"),
    ("top-3", "a third place"),
    ("1st", "ranks first"),
    ("3D", "three-dimensional"),
    ("8 GPUs", "8x H100 GPUs"),
    ("95.3%", "accuracy rises from 91.2 to 95.3"),
    ("82%", "82 accuracy"),
    ("82%", "an accuracy of 82"),
    ("82 on average", "82%"),
    ("2.3x", "a speedup of 2.3"),
    ("10%", "from 10 to 15%"),
    ("0.001", "10\N{MINUS SIGN}3"),
    ("0.0003", "3 \N{MULTIPLICATION SIGN} 10\N{MINUS SIGN}4"),
    ("1 GPU", "one GPU"),
    ("5x", "×5"),
]
IN_OTHER_LANGUAGES = [
    ("um 95,3 % besser", "95.3%"),
    ("95,3 Prozent", "95.3%"),
    ("1.000 Bilder", "1,000 images"),
    ("1.234,5", "1,234.5"),
    ("1,234.5", "1,234.5"),
    ("1.234.567", "1,234,567"),
    ("12 500 images", "12,500 images"),
    ("7 Milliarden Parameter", "7B"),
    ("7 milliards", "7B"),
    ("1,5 millones", "1.5M"),
    ("2 mil millones", "2B"),
    ("10 mil", "10K"),
    ("5 миллионов", "5 million"),
    ("3 млрд", "3B"),
    ("2 Billionen", "2 trillion"),
    ("70亿", "7B"),
    ("1.5万", "15,000"),
    ("1億2000万", "120 million"),
    ("2천만", "20M"),
    ("百分之95", "95%"),
    ("%95", "95%"),
    ("3倍", "3x"),
    ("3-fach", "3x"),
    ("3 fois", "three times"),
    ("v1.2.3", "v1.2.3"),
    ("12 Modelle", "12 models"),
    ("12 प्रतिशत", "12%"),
]


@pytest.mark.parametrize(("summary", "source"), WRITTEN_ALIKE)
def test_one_number_may_be_written_in_many_ways(summary: str, source: str) -> None:
    assert ungrounded(summary, source) == ()
    assert ungrounded(source, summary) == ()


@pytest.mark.parametrize(("summary", "source"), UNLIKE)
def test_another_number_is_not_grounded(summary: str, source: str) -> None:
    assert ungrounded(summary, source)


def test_what_is_missing_is_named_as_it_was_written_once_and_in_order() -> None:
    summary = (
        "It gains 12.5 % on 3 tasks with 7 billion parameters, 12.5 % again, and runs 2x faster."
    )
    assert ungrounded(summary, "3 tasks") == ("12.5 %", "7 billion", "2x")


def test_numbers_are_plain_digits() -> None:
    text = "A 1.50B model, three tasks, 0.050 loss, 007, v1.2.3, 2^{10} and 110^6"
    assert numbers(text) == {
        "1500000000", "3", "0.05", "7", "1.2.3", "2", "10", "110", "6",
    }  # fmt: skip


def test_a_small_spelled_out_number_grounds_but_needs_no_ground() -> None:
    assert ungrounded("4 benchmarks", "Four benchmarks") == ()
    assert ungrounded("Four benchmarks", "a few benchmarks") == ()


def test_what_numbers_a_list_needs_no_ground() -> None:
    assert ungrounded("It (1) reads, (2) writes and (3) sleeps.", "nothing") == ()
    assert ungrounded("It 1) reads and 2) writes.", "nothing") == ()
    assert ungrounded("It (1) reads, (3) writes and scores better (5) than.", "") == ("3", "5")


def test_a_letter_that_may_be_a_unit_is_read_both_ways() -> None:
    assert numbers("5m") == {"5", "5000000"}
    assert numbers("7 B") == {"7", "7000000000"}


def test_a_comma_after_a_short_group_parts_two_numbers() -> None:
    assert numbers("at 3,4 and 100 samples") == {"3", "4", "100"}


@given(st.text() | st.from_regex(FIGURES, fullmatch=True))
def test_every_number_of_a_text_is_grounded_in_that_text(text: str) -> None:
    assert ungrounded(text, text) == ()


@given(
    number=st.decimals(min_value=0, max_value=10**9, places=2) | st.integers(0, 10**12),
    unit=st.sampled_from(["", "%", "x", "K", "B", " million", "-fold"]),
    data=st.data(),
)
def test_a_changed_digit_is_found(number: object, unit: str, data: st.DataObject) -> None:
    written = str(number)
    assume("E" not in written)
    place = data.draw(st.sampled_from([i for i, sign in enumerate(written) if sign.isdigit()]))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != written[place]]))
    changed = written[:place] + other + written[place + 1 :]
    source = f"The method reaches {written}{unit} at last."
    assert ungrounded(f"It reaches {changed}{unit}.", source)


@pytest.mark.parametrize(("summary", "source"), FOUND_IN)
def test_what_the_source_says_in_another_way_is_grounded(summary: str, source: str) -> None:
    assert ungrounded(summary, source) == ()


@pytest.mark.parametrize(("summary", "source"), IN_OTHER_LANGUAGES)
def test_a_number_is_the_same_in_another_language(summary: str, source: str) -> None:
    assert Source(source).ungrounded(summary, "de") == ()


@pytest.mark.parametrize(
    ("summary", "source"),
    [
        ("95,3 %", "95.4%"),
        ("1.000", "1,001"),
        ("7 Milliarden", "7 million"),
        ("70亿", "70M"),
        ("1億2000万", "1 billion and 2000"),
        ("百分之95", "95 models"),
    ],
)
def test_another_number_is_another_one_in_every_language(summary: str, source: str) -> None:
    assert Source(source).ungrounded(summary, "zh-CN")


def test_english_is_read_no_looser_for_the_other_languages() -> None:
    source = Source("95.3%, 1,000 images and 7B")
    for told in ("95,3 %", "1.000 images", "7 Milliarden"):
        assert source.ungrounded(told, "en")
        assert source.ungrounded(told, "en-GB")


def test_one_source_answers_for_many_summaries() -> None:
    source = Source("It gains 12.5% with 7B parameters.")
    assert source.ungrounded("12.5 % at 7 billion") == ()
    assert source.ungrounded("13% at 8B") == ("13%", "8B")


@given(st.text() | st.from_regex(FIGURES, fullmatch=True))
def test_every_number_of_a_foreign_text_is_grounded_in_some_reading(text: str) -> None:
    Source(text).ungrounded(text, "ja")
    assert all(numbers(text))


@pytest.mark.parametrize(
    "piece",
    ["1,", "1 ", "10^", "1.", "111,", "1e999 ", " one ", "1 x 10 ", "1/", "9", "1$~{", "1亿", "a "],
)
def test_a_hostile_text_comes_to_an_end(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    assert Source(text).ungrounded(text[:200], "fr") is not None
