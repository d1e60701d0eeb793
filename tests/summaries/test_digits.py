from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.summaries.digits import plain_digits, stated_in_digits


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("It reaches 𝟗𝟗.𝟗%.", "It reaches 99.9%."),
        ("\u2468\u2468 % of them", "99 % of them"),
        ("\u0e59\u0e59%", "99%"),
        ("\uff19\uff19%", "99%"),
        ("\u246b of them", "12 of them"),
        ("\u2169\u216d%", "XC%"),
        ("10\u207b\u00b3 and x\u2081", "10\u207b\u00b3 and x\u2081"),
        ("\u00bd of them", "\u00bd of them"),
        ("\u4e09\u7ef4", "\u4e09\u7ef4"),
        ("plain 12", "plain 12"),
    ],
)
def test_digits_of_every_kind_are_made_plain(written: str, plain: str) -> None:
    assert plain_digits(written) == plain


@given(st.text())
def test_no_decimal_digit_is_left_but_plain_ones(text: str) -> None:
    assert all(sign.isascii() for sign in plain_digits(text) if sign.isdecimal())


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("达到百分之九十九", "达到99%"),
        ("百分之九十一点五", "91.5%"),
        ("百分之一百零三", "103%"),
        ("提升三倍", "提升3倍"),
        ("快两倍", "快2倍"),
        ("二十五%的数据", "25%的数据"),
        ("十万参数", "10万参数"),
        ("九九%", "99%"),
        ("三维模型的一个例子", "三维模型的一个例子"),
    ],
)
def test_chinese_numerals_that_state_a_figure_are_read(written: str, digits: str) -> None:
    assert stated_in_digits(written) == digits
