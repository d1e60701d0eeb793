from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.discord_time import SKEW, DiscordTime

HOUR = timedelta(hours=1)
NOW = datetime(2025, 2, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize("header", ["", "yesterday", "Mon, 99 Jan 2025 00:00:00 GMT"])
def test_an_answer_without_a_date_says_nothing(header: str) -> None:
    offset = DiscordTime()
    for _ in range(3):
        offset.hear(NOW, NOW, header)
    assert offset.offset == timedelta(0)


@given(
    off=st.floats(-1e6, 1e6),
    fraction=st.floats(0, 0.999),
    there_and_back=st.lists(st.floats(0, 1.9), min_size=2, max_size=2),
)
def test_the_offset_is_right_to_within_two_seconds(
    off: float, fraction: float, there_and_back: list[float]
) -> None:
    offset = DiscordTime()
    there_, back = (part / 2 for part in there_and_back)
    sent = datetime(2025, 2, 12, 9, tzinfo=UTC) + timedelta(seconds=fraction)
    for number in range(8):
        at = sent + timedelta(seconds=number * 3.3)
        answered = at + timedelta(seconds=there_ + off)
        header = format_datetime(answered.replace(microsecond=0), usegmt=True)
        offset.hear(at, at + timedelta(seconds=there_ + back), header)
    assert abs(offset.offset - timedelta(seconds=off)) <= SKEW * 2
    assert offset.offset == timedelta(0) or abs(off) > 0.5


def test_a_slow_answer_says_nothing() -> None:
    offset = DiscordTime()
    for _ in range(3):
        offset.hear(NOW, NOW + SKEW, format_datetime(NOW + HOUR, usegmt=True))
        offset.hear(NOW, NOW - HOUR, format_datetime(NOW + HOUR, usegmt=True))
    assert offset.offset == timedelta(0)
