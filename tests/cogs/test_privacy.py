"""/privacy: to see all that is stored of oneself, and to have it erased."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.domain.people import Holdings
from bot.ui import ids
from bot.ui.privacy import erase_view
from tests.builders import paper, reading
from tests.cogs.conftest import Stage, answer, custom_ids, labels, said
from tests.cogs.troubles import list_today, shown_by
from tests.people import EVE, GRACE, everything
from tests.ui import check_limits

if TYPE_CHECKING:
    from simcord.results import InteractionResult, ResponseMessage

NOTHING = "Paperboy stores nothing of you. There is nothing to erase."


async def store(stage: Stage) -> None:
    """Store something of the reader everywhere, and of somebody else."""
    await everything(stage.house.database, EVE, tag=".eve")
    await everything(stage.house.database, stage.reader.id)


async def held(stage: Stage) -> Holdings:
    return await stage.house.services.privacy.holdings(stage.reader.id)


async def use(stage: Stage, name: str, place: str) -> InteractionResult:
    """Let the reader use a command in the server or in their direct messages."""
    if place == "server":
        return await stage.reader.slash(stage.channel, name)
    result: InteractionResult = await stage.reader.user.slash(name)
    return result


async def press(stage: Stage, message: ResponseMessage, place: str) -> InteractionResult:
    if place == "server":
        return await stage.reader.click(message, label="Erase")
    result: InteractionResult = await stage.reader.user.click(message, label="Erase")
    return result


async def file_of(result: InteractionResult) -> tuple[str, bytes]:
    (attachment,) = answer(result).attachments
    return attachment.filename, await attachment.read()


@pytest.mark.parametrize("place", ["server", "direct messages"])
async def test_a_person_is_given_all_that_is_stored_of_them(stage: Stage, place: str) -> None:
    await store(stage)
    result = await use(stage, "privacy export", place)
    assert answer(result).ephemeral
    assert said(result).startswith(
        "This file is all that Paperboy stores of you: 2 alerts of your own with 3 papers found, "
    )
    name, data = await file_of(result)
    assert name == "paperboy-about-you.json"
    told = json.loads(data)
    assert told["person"] == str(stage.reader.id)
    assert [one["query"] for one in told["alerts"]] == [
        "my secret interest", "everybody's interest", "our channel",
    ]  # fmt: skip
    assert str(EVE) not in data.decode()
    assert ".eve" not in data.decode()


async def test_one_of_whom_nothing_is_stored_is_told_so_and_given_the_proof(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "privacy export")
    assert said(result) == "Paperboy stores nothing of you. The file says the same."
    _, data = await file_of(result)
    assert json.loads(data)["alerts"] == []


async def test_a_file_that_is_too_large_for_discord_is_compressed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store(stage)
    whole = await stage.house.services.privacy.export(stage.reader.id, stage.clock())
    original = discord.Interaction._from_data

    def limited(self: Any, data: Any) -> None:
        original(self, data | {"attachment_size_limit": len(whole.document) - 1})

    monkeypatch.setattr(discord.Interaction, "_from_data", limited)
    name, data = await file_of(await stage.reader.slash(stage.channel, "privacy export"))
    assert name == "paperboy-about-you.json.gz"
    assert gzip.decompress(data) == whole.document


@pytest.mark.parametrize("place", ["server", "direct messages"])
@pytest.mark.parametrize("restarts", [False, True])
async def test_a_person_is_asked_and_then_erased(stage: Stage, place: str, restarts: bool) -> None:
    await store(stage)
    asked = answer(await use(stage, "privacy delete", place))
    assert asked.ephemeral
    check_limits(asked.components)
    assert "**Goes for good:** 2 alerts of your own with 3 papers found" in said(asked)
    assert "**Stays without you:** 1 alert that you made for channels" in said(asked)
    assert labels(asked) == ["Erase"]
    assert (await held(stage)).alerts == 2  # nothing is erased by asking
    if restarts:
        await stage.restart()
    await press(stage, asked, place)
    assert await held(stage) == Holdings()
    assert said(asked).startswith("Erased: 2 alerts of your own with 3 papers found")
    assert said(asked).endswith("Paperboy now stores nothing of you.")
    assert custom_ids(asked) == []
    others = await stage.house.services.privacy.holdings(EVE)
    assert others.alerts == 2


async def test_one_of_whom_nothing_is_stored_is_not_asked(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "privacy delete")
    assert answer(result).ephemeral
    assert said(result) == NOTHING
    assert custom_ids(answer(result)) == []


async def test_what_went_between_the_question_and_the_press_is_not_claimed(stage: Stage) -> None:
    await store(stage)
    asked = answer(await stage.reader.slash(stage.channel, "privacy delete"))
    await stage.house.services.privacy.erase(stage.reader.id)
    await stage.reader.click(asked, label="Erase")
    assert said(asked) == NOTHING


async def test_only_the_person_who_asked_may_press(stage: Stage) -> None:
    await store(stage)
    place = stage.bot.get_channel(stage.channel.id)
    assert isinstance(place, discord.TextChannel)
    message = await place.send(view=erase_view(await held(stage), stage.reader.id))
    await stage.env.settle()
    refused = await stage.admin.click(message, label="Erase")
    assert answer(refused).ephemeral
    assert "That button is another person's" in said(refused)
    assert (await held(stage)).alerts == 2


async def test_a_digest_outlives_who_scheduled_it(stage: Stage) -> None:
    await stage.schedule()
    asked = answer(await stage.admin.slash(stage.channel, "privacy delete"))
    assert "**Stays without you:** 1 digest that you scheduled." in said(asked)
    await stage.admin.click(asked, label="Erase")
    assert said(asked).startswith("No longer yours: 1 digest that you scheduled.")
    schedule = await stage.house.services.schedules.of_channel(stage.channel.id)
    assert schedule.created_by == 0
    listed = said(await stage.admin.slash(stage.channel, "digest list"))
    assert f"<#{stage.channel.id}>" in listed


async def test_the_commands_are_there_in_a_server_and_in_direct_messages(stage: Stage) -> None:
    both = {"privacy export", "privacy delete"}
    assert both <= set(stage.reader.available_commands(stage.channel))
    assert both <= set(stage.reader.user.available_commands())


@pytest.mark.parametrize("person", [1, GRACE, 2**64 - 1])
def test_a_persons_id_fits_the_button(person: int) -> None:
    assert len(ids.erase(person)) <= 100


async def bring(stage: Stage, *numbers: int) -> None:
    """List papers of today, and let the bot deliver what they bring."""
    stage.clock.move(minutes=30)
    list_today(stage, *(paper(number) for number in numbers))
    await stage.house.services.daily.collect(stage.clock())
    await stage.env.settle()


async def test_an_erased_alert_brings_nothing_more_and_its_story_is_over(stage: Stage) -> None:
    for day in (stage.clock().date() - timedelta(days=n) for n in range(9)):
        stage.source.readings.setdefault(day, reading(day=day, read_at=stage.clock()))
    drafted = answer(await stage.reader.slash(stage.channel, "alerts add", query="thing"))
    await stage.reader.click(drafted, label="Save")
    await bring(stage, 7)
    inbox = stage.reader.user.dm_channel
    *_, last = inbox.history()
    assert "A study of thing 7" in shown_by(last)
    _, data = await file_of(await stage.reader.slash(stage.channel, "privacy export"))
    told = json.loads(data)
    (saved,), (message,) = told["alerts"], told["messages"]
    assert [one["paper"] for one in saved["papers"]] == ["2502.00007"]
    assert (message["kind"], message["state"]) == ("batch", "sent")
    asked = answer(await stage.reader.slash(stage.channel, "privacy delete"))
    await stage.reader.click(asked, label="Erase")
    await bring(stage, 7, 8)
    assert inbox.history()[-1] == last
    assert await stage.house.database.all("SELECT 1 FROM standing_queries") == []
    assert await stage.house.database.all("SELECT 1 FROM alert_hits") == []
