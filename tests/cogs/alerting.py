"""Alerts on the stage: ordered, saved and brought as people see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from simcord.builders import UserHandle

from bot.services.alerts import Wishes
from bot.ui.lines import note_view
from tests.builders import paper
from tests.cogs.conftest import answer, custom_ids, said
from tests.cogs.troubles import list_today, round_of

if TYPE_CHECKING:
    from simcord.actors import MemberActor
    from simcord.builders import ChannelHandle
    from simcord.results import InteractionResult, ResponseMessage

    from bot.domain.alerts import Alert
    from bot.domain.papers import Paper
    from tests.cogs.conftest import Stage

MESSAGES = "/channels/*/messages"
VIDEO = "video diffusion"


def on_video(number: int, *keywords: str, **told: Any) -> Paper:
    """Return a paper on video diffusion."""
    usual: dict[str, Any] = {
        "title": f"Video diffusion, part {number}",
        "ai_keywords": (VIDEO, *keywords),
    }
    return paper(number, **usual | told)


async def list_videos(stage: Stage) -> None:
    """Put two papers on video diffusion on the list of a day that is over."""
    plain = [paper(number) for number in (1, 2, 3)]
    await stage.list_papers(*plain, on_video(11, "phones"), on_video(12, "caching"))


async def drafted(
    stage: Stage, person: MemberActor | None = None, query: str = VIDEO, **options: Any
) -> ResponseMessage:
    """Return the back-test that /alerts add shows."""
    return answer(
        await (person or stage.reader).slash(stage.channel, "alerts add", query=query, **options)
    )


async def saved(
    stage: Stage, person: MemberActor | None = None, query: str = VIDEO, **options: Any
) -> Alert:
    """Let a person make an alert with the command and its button; return it as it is stored."""
    person = person or stage.reader
    await person.click(await drafted(stage, person, query, **options), label="Save")
    return (await alerts_of(stage, person))[-1]


async def stored(stage: Stage, person: MemberActor, query: str = VIDEO, **wishes: Any) -> Alert:
    """Make an alert past the commands, for one's own direct messages unless it is said."""
    alerts = stage.house.services.alerts
    draft = await alerts.order(person.id, Wishes(query=query, **wishes), stage.clock())
    channel_id = wishes.get("channel_id") or person.user.dm_channel.id
    return await alerts.save(draft, channel_id, stage.clock())


async def alerts_of(stage: Stage, person: MemberActor) -> list[Alert]:
    """Return a person's alerts as they are stored."""
    return await stage.house.services.alerts.of_person(person.id)


async def bring(stage: Stage, *papers: Paper) -> None:
    """Let half an hour pass, and read today's list with these papers on it."""
    stage.clock.move(minutes=30)
    list_today(stage, *papers)
    await round_of(stage)


def last(place: ChannelHandle | UserHandle) -> discord.Message:
    """Return the last message in a channel, or in a person's own with the bot."""
    channel = place.dm_channel if isinstance(place, UserHandle) else place
    message = channel.last_message
    assert message is not None
    return message


def close_dms(stage: Stage, times: int | None = 1) -> None:
    """Let Discord refuse direct messages to a person."""
    stage.env.inject_error("POST", MESSAGES, status=403, code=50007, times=times)


async def pressed(
    stage: Stage, person: MemberActor, custom_id: str, label: str = "Press"
) -> InteractionResult:
    """Let a person press a button with any id, as a forged interaction or an old client may."""
    place = stage.bot.get_channel(stage.channel.id)
    assert isinstance(place, discord.TextChannel)
    message = await place.send(view=note_view("Press it.", (label, custom_id)))
    await stage.env.settle()
    return await person.click(message, label=label)


def told(result: InteractionResult) -> str:
    """Return the last thing that a person alone was answered."""
    last_one = [*([result.response] if result.response else []), *result.followups][-1]
    assert last_one.ephemeral
    return said(last_one)


def menu_of(message: Any, kind: str) -> str:
    """Return the custom id of the menu of a kind."""

    [found] = [one for one in custom_ids(message) if one.startswith(f"{kind}:")]
    return found


def modal_values(shown: InteractionResult) -> dict[str, Any]:
    """Return how a form is filled in when it is shown."""
    assert shown.modal is not None
    values: dict[str, Any] = {}
    for label in shown.modal["components"]:
        field = label["component"]
        options = [one["value"] for one in field.get("options", ()) if one.get("default")]
        values[field["custom_id"]] = options or field.get("value") or ""
    return values
