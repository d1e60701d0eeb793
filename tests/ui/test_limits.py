from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui import limits
from tests.ui import units

plain_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(plain_text)
def test_a_length_is_counted_in_utf16_units_and_never_below_the_characters(text: str) -> None:
    assert limits.text_length(text) == units(text) >= len(text)


@given(plain_text)
def test_bytes_are_those_of_utf8(text: str) -> None:
    assert limits.text_bytes(text) == len(text.encode())


def test_the_first_text_that_fits_is_taken() -> None:
    assert limits.first_that_fits(["x" * 11, "y" * 10, "z"], 10) == "y" * 10


def test_a_text_too_heavy_in_bytes_does_not_fit() -> None:
    assert limits.first_that_fits(["汉" * 3500, "汉"], 4000) == "汉"


def test_the_last_text_is_taken_when_none_fits() -> None:
    assert limits.first_that_fits(["x" * 30, "y" * 20], 10) == "y" * 20


def test_choosing_from_no_text_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no text"):
        limits.first_that_fits([], 10)
