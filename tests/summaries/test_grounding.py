from __future__ import annotations

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.summaries.grounding import numbers, ungrounded

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


@pytest.mark.parametrize("piece", ["1,", "1 ", "10^", "1.", "111,", "1e", " one ", "1 x 10 "])
def test_no_text_makes_it_slow(piece: str) -> None:
    text = piece * 20_000
    begun = time.perf_counter()
    ungrounded(text, text)
    assert time.perf_counter() - begun < 5
