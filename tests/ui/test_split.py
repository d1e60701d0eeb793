"""Late papers behind an edition's last part: nothing moves, nothing is lost, everything fits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.editions import Choice, Receipt
from bot.domain.papers import ArxivId, Listed
from bot.domain.revisions import recounted, revise
from bot.domain.schedules import Style
from bot.ui.digest import part_view
from bot.ui.split import extend, split
from tests.builders import paper
from tests.ui import NASTY, check_limits, counts, day_states, editions, entries, text_of
from tests.ui.test_digest import OPEN, an_edition, an_entry

if TYPE_CHECKING:
    from bot.domain.editions import Entry, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """An edition that is posted, and what comes late for it."""

    parts: tuple[Part, ...]
    late: tuple[Entry, ...]
    receipt: Receipt


def late_entries(some: tuple[Entry, ...], parts: tuple[Part, ...]) -> tuple[Entry, ...]:
    """Number papers on from an edition's last, under ids that it has not."""
    start = parts[-1].entries[-1].place + 1
    return tuple(
        replace(one, id=ArxivId(f"2503.{place:05d}"), place=place)
        for place, one in enumerate(some, start=start)
    )


@st.composite
def growths(draw: st.DrawFn) -> Growth:
    """Draw any edition with papers that come late, and what became of its lists and upvotes."""
    parts = split(draw(editions(most=60)))
    votes = draw(counts)
    if votes is not None:
        upvotes = {one.id: votes for part in parts for one in part.entries}
        parts = tuple(recounted(part, upvotes) for part in parts)
    late = late_entries(draw(entries(most=60)), parts) if draw(st.booleans()) else ()
    before = parts[-1].receipt
    matching = before.matching + len(late) + draw(st.sampled_from([0, 1, 500]))
    receipt = Receipt(
        shown=before.shown + len(late),
        matching=matching,
        listed=matching + draw(st.sampled_from([0, 1000])),
        days=draw(day_states()),
    )
    return Growth(parts=parts, late=late, receipt=receipt)


@given(growths())
async def test_no_late_paper_makes_a_message_that_discord_would_refuse(growth: Growth) -> None:
    for part in extend(growth.parts[-1], growth.late, growth.receipt):
        check_limits(part_view(part).to_components())


@given(growths())
def test_what_stood_in_the_last_part_stays_and_the_numbers_go_on(growth: Growth) -> None:
    last = growth.parts[-1]
    extended = extend(last, growth.late, growth.receipt)
    held = len(last.entries)
    assert extended[0].entries[:held] == last.entries
    assert [one.number for one in extended] == list(range(last.number, last.number + len(extended)))
    assert {one.of for one in extended} == {extended[-1].number}
    assert [one.last for one in extended] == [False] * (len(extended) - 1) + [True]
    assert all(1 <= len(one.entries) <= 10 for one in extended)
    assert extended[-1].number <= 10
    same: dict[str, Any] = {"number": 0, "of": 0, "entries": (), "receipt": growth.receipt}
    assert {replace(one, **same) for one in extended} == {replace(last, **same)}


@given(growths())
def test_no_late_paper_is_lost(growth: Growth) -> None:
    last = growth.parts[-1]
    extended = extend(last, growth.late, growth.receipt)
    placed = [one for part in extended for one in part.entries][len(last.entries) :]
    assert tuple(placed) == growth.late[: len(placed)]
    assert len(placed) == len(growth.late) or extended[-1].number == 10
    (receipt,) = {one.receipt for one in extended}
    left_out = len(growth.late) - len(placed)
    assert receipt == replace(growth.receipt, shown=growth.receipt.shown - left_out)
    assert receipt.more == growth.receipt.more + left_out


@given(growths())
async def test_the_first_part_takes_the_new_counts_too(growth: Growth) -> None:
    choice = Choice(
        shown=(), more=tuple(Listed(paper=paper(), rank=1, upvotes=0) for _ in growth.late), rest=()
    )
    revision = revise(growth.parts, choice, growth.late, growth.receipt.days, extend)
    for part in (*revision.edits, *revision.parts):
        check_limits(part_view(part).to_components())
    assert len(revision.edits) == min(len(growth.parts), 2)
    assert revision.edits[0].entries[: len(growth.parts[0].entries)] == growth.parts[0].entries


@given(growths())
def test_to_add_nothing_changes_the_receipt_alone(growth: Growth) -> None:
    last = growth.parts[-1]
    before = replace(growth.receipt, shown=last.receipt.shown)
    assert extend(last, (), before) == (replace(last, receipt=before),)


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("nasty", NASTY)
async def test_the_heaviest_part_takes_the_heaviest_late_paper(style: Style, nasty: str) -> None:
    heavy = an_entry(1, title=nasty, authors=(nasty[:700],), tldr=nasty, objective=nasty,
                     method=nasty, results=nasty, implications=nasty)  # fmt: skip
    parts = split(
        an_edition(
            3,
            entries=tuple(
                replace(heavy, place=place, id=ArxivId(f"2502.{place:05d}")) for place in (1, 2, 3)
            ),
            style=style,
            mention_role=2**63 - 1,
        )
    )
    late = late_entries((heavy,) * 3, parts)
    receipt = Receipt(shown=6, matching=10**6, listed=2 * 10**6, days=(OPEN,) * 30)
    extended = extend(parts[-1], late, receipt)
    for part in extended:
        check_limits(part_view(part).to_components())
    assert [one for part in extended for one in part.entries][-3:] == list(late)


async def test_a_late_paper_fills_the_message_up_and_the_next_begins_a_new_one() -> None:
    (part,) = split(an_edition(9))
    receipt = Receipt(shown=11, matching=11, listed=11, days=(OPEN,))
    filled, new = extend(part, (an_entry(10), an_entry(11)), receipt)
    assert [one.place for one in filled.entries] == list(range(1, 11))
    assert [one.place for one in new.entries] == [11]
    assert "11 of 11 papers" not in text_of(part_view(filled))
    assert text_of(part_view(new)).startswith("-# AI papers · Tuesday, 11 February 2025 · part 2\n")
    assert "11 of 11 papers so far" in text_of(part_view(new))


def test_an_edition_of_ten_full_messages_leaves_a_late_paper_to_browse_all() -> None:
    parts = split(an_edition(100))
    receipt = Receipt(shown=101, matching=101, listed=101, days=(OPEN,))
    (same,) = extend(parts[-1], (an_entry(101),), receipt)
    assert same.entries == parts[-1].entries
    assert (same.receipt.shown, same.receipt.more) == (100, 1)
