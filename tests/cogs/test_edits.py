"""What changes in a message that is there: late papers, and the line that becomes an edition."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import SourceUnreachable
from tests.builders import paper
from tests.cogs.conftest import Stage, answer, custom_ids, said
from tests.cogs.troubles import (
    collect,
    list_today,
    post_an_open_day,
    quiet_line,
    round_of,
    shown_by,
)
from tests.ui import check_limits, walked

if TYPE_CHECKING:
    import discord
    from simcord.builders import RoleHandle


def edits(stage: Stage) -> list[dict[str, Any]]:
    """Return the bodies of the edits of messages in channels."""
    return [
        one.json or {}
        for one in stage.env.http_requests
        if one.method == "PATCH" and one.path.startswith("/channels/")
    ]


def places(message: discord.Message) -> list[str]:
    """Return the lines that number the papers of a message."""
    return [line.split("]")[0] for line in shown_by(message).split("\n") if line[:2] == "**"]


@pytest.fixture
def fans(stage: Stage) -> RoleHandle:
    return stage.guild.create_role("Fans", mentionable=True)


async def test_a_late_paper_stands_at_the_end_and_all_others_stay(stage: Stage) -> None:
    posted = await post_an_open_day(stage, 3)
    assert places(posted) == [f"**{n}.** [A study of thing {13 - n}" for n in (1, 2, 3)]
    await collect(stage, *range(10, 14), 99)
    (same,) = stage.channel.history()
    assert same.id == posted.id
    assert places(same) == [
        *places(posted),
        "**4.** [A study of thing 99",
        "**5.** [A study of thing 13",
    ]
    assert "5 of 5 papers so far · list read <t:" in shown_by(same)
    (body,) = edits(stage)
    check_limits(body["components"])
    card = answer(await stage.reader.select(same, ["2502.00099"]))
    assert "A study of thing 99" in said(card)


async def test_an_edit_brings_the_mention_along_but_calls_nobody_again(
    stage: Stage, fans: RoleHandle
) -> None:
    await post_an_open_day(stage, 3, mention_role=fans.id)
    await collect(stage, *range(10, 14))
    (message,) = stage.channel.history()
    assert shown_by(message).startswith(f"<@&{fans.id}>\n")
    assert len(stage.sent()) == 1  # Discord calls people to new messages alone
    (body,) = edits(stage)
    assert body["allowed_mentions"]["parse"] == []
    assert not body["allowed_mentions"].get("users")


async def test_what_the_limit_leaves_no_room_for_goes_under_browse_all(stage: Stage) -> None:
    await post_an_open_day(stage, 3, limit=3)
    await collect(stage, *range(10, 15))
    (message,) = stage.channel.history()
    assert len(places(message)) == 3
    assert "3 of 5 papers so far" in shown_by(message)
    page = answer(await stage.reader.click(message, label="Browse all 5 papers"))
    assert all(f"A study of thing {number}" in said(page) for number in range(10, 15))


async def test_what_no_longer_fits_becomes_a_message_of_its_own(
    stage: Stage, fans: RoleHandle
) -> None:
    await post_an_open_day(stage, 10, limit=0, mention_role=fans.id)
    await collect(stage, *range(10, 22))
    first, second = stage.channel.history()
    assert len(places(first)) == 10
    assert [one[:7] for one in places(second)] == ["**11.**", "**12.**"]
    assert "12 papers · Hugging Face" in shown_by(first)
    assert "list read" not in shown_by(first)
    assert "12 of 12 papers so far" in shown_by(second)
    assert f"<@&{fans.id}>" not in shown_by(second)
    assert not stage.sent()[1]["allowed_mentions"].get("roles")
    await collect(stage, *range(10, 23))
    assert len(edits(stage)) == 3  # of the only message, then of the first and the last
    assert "13 papers · Hugging Face" in shown_by(stage.channel.history()[0])
    assert "13 of 13 papers so far" in shown_by(stage.channel.history()[1])


async def test_a_collection_without_a_late_paper_edits_nothing(stage: Stage) -> None:
    await post_an_open_day(stage, 3)
    for votes in (500, 600):
        list_today(stage, *(paper(number, upvotes=votes + number) for number in range(10, 13)))
        await round_of(stage)
    assert edits(stage) == []
    list_today(stage, *(paper(number, upvotes=700 + number) for number in range(10, 14)))
    await round_of(stage)
    (message,) = stage.channel.history()
    assert "▲\u00a0712" in shown_by(message)
    assert len(edits(stage)) == 1


async def test_late_papers_of_a_message_that_is_gone_come_with_the_next_edition(
    stage: Stage,
) -> None:
    posted = await post_an_open_day(stage, 3)
    stage.env.backend.delete_message(stage.channel.id, posted.id)
    await stage.env.settle()
    await collect(stage, *range(10, 14))
    assert stage.channel.history() == []
    stage.clock.move(days=1)
    stage.source.read_at = stage.clock()
    await round_of(stage)
    (after,) = stage.channel.history()
    assert places(after) == ["**1.** [A study of thing 13"]


async def test_the_quiet_line_says_since_when_and_what_becomes_of_it(stage: Stage) -> None:
    line = await quiet_line(stage)
    read = int((stage.clock() - timedelta(hours=4)).timestamp())
    assert shown_by(line) == (
        f"-# The daily papers cannot be read right now (last read <t:{read}:R>). "
        "This line becomes the digest as soon as they can."
    )
    check_limits(stage.sent()[0]["components"])


async def test_one_quiet_line_stands_however_long_it_lasts(stage: Stage) -> None:
    line = await quiet_line(stage)
    for _ in range(3):
        stage.clock.move(days=1)
        await round_of(stage)
    assert [one.id for one in stage.channel.history()] == [line.id]
    assert edits(stage) == []


@pytest.mark.parametrize("restarts", [False, True])
async def test_the_quiet_line_becomes_the_edition(
    stage: Stage, fans: RoleHandle, restarts: bool
) -> None:
    line = await quiet_line(stage, mention_role=fans.id)
    assert f"<@&{fans.id}>" not in shown_by(line)
    (key,) = [name.partition(":")[2] for name in custom_ids(line)]
    if restarts:
        await stage.restart()
    stage.source.failure = None
    await collect(stage, *range(10, 13))
    await round_of(stage)
    (edition,) = stage.channel.history()
    assert edition.id == line.id
    assert len(places(edition)) == 3
    assert "cannot be read" not in shown_by(edition)
    assert custom_ids(edition) == [f"card:{key}"]
    (body,) = edits(stage)
    check_limits(body["components"])
    assert {one["type"] for one in walked(body["components"])} == {1, 3, 10, 14, 17}
    card = answer(await stage.reader.select(edition, ["2502.00011"]))
    assert "A study of thing 11" in said(card)
    await round_of(stage)
    assert len(edits(stage)) == 1
    assert len(stage.sent()) == 1


async def test_the_quiet_line_of_an_edition_of_two_messages_becomes_the_first(
    stage: Stage,
) -> None:
    line = await quiet_line(stage, limit=0)
    stage.source.failure = None
    await collect(stage, *range(10, 22))
    await round_of(stage)
    first, second = stage.channel.history()
    assert first.id == line.id
    assert "## AI papers" in shown_by(first)
    assert "part 2" in shown_by(second)
    assert len(places(first)) + len(places(second)) == 12


async def test_the_quiet_line_says_so_when_there_was_nothing(stage: Stage) -> None:
    line = await quiet_line(stage, min_upvotes=999)
    stage.source.failure = None
    await collect(stage, 10)
    await round_of(stage)
    (same,) = stage.channel.history()
    assert same.id == line.id
    assert shown_by(same) == (
        "-# The daily papers can be read again. There was nothing new for this channel."
    )
    check_limits(edits(stage)[0]["components"])


async def test_a_quiet_line_that_was_deleted_makes_room_for_a_new_message(stage: Stage) -> None:
    line = await quiet_line(stage)
    stage.env.backend.delete_message(stage.channel.id, line.id)
    await stage.env.settle()
    stage.source.failure = None
    await collect(stage, *range(10, 13))
    await round_of(stage)
    await round_of(stage)
    (edition,) = stage.channel.history()
    assert "## AI papers" in shown_by(edition)


async def test_a_source_that_fails_for_one_round_makes_nothing_quiet(stage: Stage) -> None:
    await stage.schedule(time="10:00")
    list_today(stage)
    await round_of(stage)
    stage.source.failure = SourceUnreachable("Hugging Face answered 503.")
    stage.clock.move(minutes=59)
    await round_of(stage)
    stage.clock.move(minutes=1)
    await round_of(stage)
    (edition,) = stage.channel.history()
    assert "## AI papers" in shown_by(edition)
