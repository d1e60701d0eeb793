"""Troubles for the stage: closed channels, lost answers, sources that are down."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.app import furnish
from bot.errors import SourceUnreachable
from bot.settings import Settings
from bot.ui.panels import Actions, panels
from tests.builders import paper, reading
from tests.cogs.conftest import answers, labels
from tests.ui import texts_of

if TYPE_CHECKING:
    from simcord.results import InteractionResult, ResponseMessage

    from bot.domain.papers import Paper
    from bot.domain.schedules import Schedule
    from bot.services.daily import Daily
    from tests.cogs.conftest import Stage

EVERY = timedelta(minutes=30)
DOWN = SourceUnreachable("Hugging Face answered 503 Service Unavailable.")


async def let_bot(stage: Stage, **may: bool) -> None:
    """Say in the channel's settings what the bot may do there; nothing leaves it to its roles."""
    assert stage.bot.user is not None
    allow, deny = discord.PermissionOverwrite(**may).pair()
    stage.env.backend.set_overwrite(
        stage.channel.id,
        Overwrite(
            target_id=stage.bot.user.id,
            type=OverwriteType.MEMBER,
            allow=allow.value,
            deny=deny.value,
        ),
    )
    await stage.env.settle()


def mend_unheard(stage: Stage) -> None:
    """Open the channel to the bot without an event that tells of it, as between two of them."""
    seen = stage.bot.get_channel(stage.channel.id)
    assert isinstance(seen, discord.TextChannel)
    seen._overwrites.clear()
    stage.env.backend.get_channel(stage.channel.id).overwrites.clear()


async def tick(stage: Stage, **by: float) -> None:
    """Let the clock's rounds run, so much later."""
    stage.clock.move(**by)
    daily = stage.house.services.daily
    await daily.settle()
    await daily.run_due(stage.clock())
    await stage.env.settle()


async def stop(stage: Stage, **may: bool) -> discord.Message:
    """Let the channel's digest meet a closed door; return what the person who made it is told."""
    await stage.schedule(time="10:00")
    await let_bot(stage, **(may or {"send_messages": False}))
    await tick(stage, hours=1)
    await tick(stage, seconds=20)
    told = stage.admin.user.dm_channel.last_message
    assert told is not None
    return told


async def lose_track(stage: Stage) -> str:
    """Leave the channel's edition where nobody can know whether it arrived; return its key."""
    await stage.schedule(time="10:00")
    await let_bot(stage, read_message_history=False)
    stage.env.inject_error("POST", f"/channels/{stage.channel.id}/messages", status=502)
    await tick(stage, hours=1)
    await tick(stage, minutes=3)
    (row,) = await stage.house.database.all("SELECT key, state FROM deliveries")
    assert row["state"] == "unknown"
    return str(row["key"])


def demote(stage: Stage) -> None:
    """Take Manage Server from the one who made the schedule."""
    stage.env.backend.edit_member(stage.guild.id, stage.admin.id, {"role_ids": []})


async def status_of(stage: Stage) -> list[ResponseMessage]:
    """Let the manager ask for the status."""
    return answers(await stage.admin.slash(stage.channel, "status"))


async def with_button(stage: Stage, label: str) -> ResponseMessage:
    """Return the message of the manager's status that has a button."""
    (found,) = [one for one in await status_of(stage) if label in labels(one)]
    return found


async def forged(stage: Stage, custom_id: str) -> InteractionResult:
    """Press a button with any id, as the manager of another server where the bot is."""
    elsewhere = stage.env.create_guild("Elsewhere")
    managers = elsewhere.create_role("M", permissions=discord.Permissions(manage_guild=True))
    stranger = elsewhere.add_member(stage.env.create_user("eve"), roles=[managers])
    channel = elsewhere.create_text_channel("lab")
    await stage.env.settle()
    place = stage.bot.get_channel(channel.id)
    assert isinstance(place, discord.TextChannel)
    (view,) = panels("Forged", [Actions("Press it.", (("Press", custom_id),))])
    message = await place.send(view=view)
    await stage.env.settle()
    return await stranger.click(message, label="Press")


async def schedule_of(stage: Stage) -> Schedule:
    """Return the channel's schedule as it is stored."""
    return await stage.house.services.schedules.of_channel(stage.channel.id)


def collected_daily(stage: Stage) -> Daily:
    """Return the rounds of a bot that collects by the clock, and goes quiet when it cannot."""
    settings = Settings(_env_file=None, database_path=stage.house.database.path)
    house = furnish(
        stage.house.database,
        settings,
        stage.source,
        (stage.source,),
        now=stage.clock,
        interval=EVERY,
        publisher=stage.house.publisher,
    )
    return house.services.daily


def shown_by(message: discord.Message) -> str:
    """Return all the text of a message in a channel."""
    components: list[Any] = [one.to_dict() for one in message.components]
    return "\n".join(texts_of(components))


async def quiet_line(stage: Stage, **wishes: Any) -> discord.Message:
    """Let the channel's digest come due while no list can be read, and return what stands there."""
    await stage.schedule(time="13:00", **wishes)
    stage.source.failure = DOWN
    stage.clock.move(hours=4)
    await round_of(stage)
    line = stage.channel.last_message
    assert line is not None
    return line


async def round_of(stage: Stage) -> None:
    """Let a bot that collects by the clock collect, and make and deliver what is due."""
    daily = collected_daily(stage)
    with suppress(SourceUnreachable):
        await daily.collect(stage.clock())
    await daily.run_due(stage.clock())
    await stage.env.settle()


def list_today(stage: Stage, *papers: Paper) -> None:
    """Put papers on the list of the day that is open now."""
    today = stage.clock().date()
    stage.source.readings[today] = reading(*papers, day=today, read_at=stage.clock())
    stage.source.read_at = stage.clock()


async def collect(stage: Stage, *numbers: int) -> None:
    """Let half an hour pass, and read today's list with these papers on it."""
    stage.clock.move(minutes=30)
    list_today(stage, *(paper(number) for number in numbers))
    await round_of(stage)


async def post_an_open_day(stage: Stage, papers: int, **wishes: Any) -> discord.Message:
    """Post an edition of so many papers of a day whose list is still open."""
    for day in (stage.clock().date() - timedelta(days=n) for n in range(1, 9)):
        stage.source.readings[day] = reading(day=day, read_at=stage.clock())
    await stage.schedule(time="09:20", **wishes)
    await collect(stage, *range(10, 10 + papers))
    message = stage.channel.last_message
    assert message is not None
    return message
