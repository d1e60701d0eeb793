from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Holdings
from bot.ui import ids
from bot.ui.privacy import erase_view, erased_view, export_note, nothing_view
from tests.ui import check_limits, texts_of, walked

numbers = st.one_of(st.just(0), st.integers(0, 10**9))
holdings = st.builds(
    Holdings,
    alerts=numbers, papers=numbers, drafts=numbers, zones=st.integers(0, 1), messages=numbers,
    unsent=numbers, channel_alerts=numbers, schedules=numbers,
)  # fmt: skip
FULL = Holdings(
    alerts=2, papers=31, drafts=1, zones=1, messages=3, unsent=1, channel_alerts=1, schedules=2
)


def told(view: Any) -> str:
    return "\n".join(texts_of(view.to_components()))


@given(holdings, st.integers(0, 2**64 - 1))
def test_whatever_is_stored_discord_takes_the_question_and_the_answer(
    held: Holdings, person: int
) -> None:
    for view in (erase_view(held, person), erased_view(held), nothing_view()):
        check_limits(view.to_components())
    assert len(export_note(held)) <= 2000
    (button,) = [
        one for one in walked(erase_view(held, person).to_components()) if one["type"] == 2
    ]
    match = ids.ERASE.fullmatch(button["custom_id"])
    assert match is not None
    assert int(match["person"]) == person


def test_the_question_says_what_goes_and_what_stays() -> None:
    said = told(erase_view(FULL, 7))
    assert (
        "**Goes for good:** 2 alerts of your own with 31 papers found, 1 alert that you have not "
        "saved, your time zone and the record of 3 messages to you." in said
    )
    assert "1 message will not come any more." in said
    assert (
        "**Stays without you:** 1 alert that you made for channels and 2 digests that you "
        "scheduled." in said
    )


def test_what_is_not_stored_is_not_spoken_of() -> None:
    own = told(erase_view(Holdings(zones=1), 7))
    assert "**Goes for good:** your time zone." in own
    assert "Stays" not in own
    assert "will not come" not in own
    servers = told(erase_view(Holdings(schedules=1), 7))
    assert "Goes" not in servers
    assert "**Stays without you:** 1 digest that you scheduled." in servers


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (Holdings(), "Paperboy stores nothing of you. There is nothing to erase."),
        (Holdings(zones=1), "Erased: your time zone.\nPaperboy now stores nothing of you."),
        (
            Holdings(schedules=3),
            "No longer yours: 3 digests that you scheduled.\nPaperboy now stores nothing of you.",
        ),
    ],
)
def test_the_answer_says_what_was_done(held: Holdings, said: str) -> None:
    assert told(erased_view(held)) == said


def test_the_files_sentence_says_what_is_in_it() -> None:
    assert export_note(Holdings()) == "Paperboy stores nothing of you. The file says the same."
    assert export_note(Holdings(alerts=1, papers=1, schedules=1)) == (
        "This file is all that Paperboy stores of you: 1 alert of your own with 1 paper found and "
        "1 digest that you scheduled."
    )
