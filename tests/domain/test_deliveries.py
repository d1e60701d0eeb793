from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deliveries import NONCE_LENGTH, edition_key, nonce_of, retry_wait


def test_the_key_of_every_part_is_its_own_and_fits_a_nonce() -> None:
    keys = [edition_key("0123456789ab", number) for number in range(1, 11)]
    assert len(set(keys)) == len(keys)
    assert all(nonce_of(key) == key for key in keys)


def test_a_key_that_is_no_nonce_is_refused() -> None:
    assert nonce_of("x" * NONCE_LENGTH)
    with pytest.raises(ValueError, match="longer than 25"):
        nonce_of("x" * (NONCE_LENGTH + 1))


def test_a_refused_delivery_rests_longer_each_time_and_never_past_an_hour() -> None:
    waits = [retry_wait(attempts) for attempts in range(9)]
    assert waits[:4] == [timedelta(seconds=30 * 2**n) for n in range(4)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)


@given(st.integers(-5, 10**9))
def test_no_number_of_attempts_breaks_the_wait(attempts: int) -> None:
    assert timedelta(seconds=30) <= retry_wait(attempts) <= timedelta(hours=1)
