"""Time zones by what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.zones import matching_zones, nearest_zones, zone_names


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Asia/Calcuta", "Asia/Calcutta"),
        ("utc", "UTC"),
        ("GMT+2", None),
        ("CEST", None),
        ("", None),
    ],
)
def test_the_nearest_time_zone_is_one_that_was_meant(typed: str, meant: str | None) -> None:
    assert nearest_zones(typed, 1) == ([meant] if meant else [])


@given(st.text())
def test_no_text_makes_the_suggestion_fail(text: str) -> None:
    assert set(nearest_zones(text)) <= set(zone_names())


def test_a_city_is_found_before_a_zone_that_only_holds_its_letters() -> None:
    assert matching_zones("rome")[0] == "Europe/Rome"
    assert matching_zones("new york") == ["America/New_York"]


@given(st.text(max_size=8))
def test_every_match_holds_what_was_typed(text: str) -> None:
    wanted = text.strip().replace(" ", "_").casefold()
    found = matching_zones(text)
    assert len(found) <= 25
    assert all(wanted in zone.casefold() for zone in found)
