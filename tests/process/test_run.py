"""``paperboy run`` against a Discord and a Hugging Face on this machine."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import TYPE_CHECKING, Any

from bot.domain.deliveries import NONCE_LENGTH
from bot.domain.schedules import Style
from bot.storage.database import Database
from bot.storage.deliveries import DeliveryLedger
from tests.process import faults
from tests.process.conftest import item, schedule
from tests.process.local_discord import TOKEN
from tests.process.waiting import until

if TYPE_CHECKING:
    from datetime import date

    from tests.local_hf import LocalHuggingFace
    from tests.process.conftest import Program
    from tests.process.local_discord import LocalDiscord

OK, FAILED, MISUSED = 0, 1, 2


async def settled(program: Program) -> dict[str, int]:
    """Return how many deliveries stand in each state."""
    async with Database.open(program.database) as database:
        return {state.value: n for state, n in (await DeliveryLedger(database).counts()).items()}


def texts(message: dict[str, Any]) -> str:
    """Return all that a message shows."""
    return "\n".join(str(part["content"]) for part in parts(message) if "content" in part)


def parts(component: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a message's components, the nested ones too."""
    inner = component.get("components", [])
    return [*inner, *(one for each in inner for one in parts(each))]


async def test_run_delivers_what_is_due_once_through_kills_and_restarts(
    bot: Program, discord: LocalDiscord, hugging_face: LocalHuggingFace, today: date
) -> None:
    # One life in three starts: each takes its seconds to connect and to look what is due.
    hugging_face.days[today] = [item(number, today) for number in range(1, 26)]
    short, long, later = discord.channel_ids
    await schedule(bot, short, limit=5)
    await schedule(bot, long, limit=0, style=Style.FULL)

    async with await bot.start("run") as running:
        await until(lambda: hugging_face.requests, "the bot collects, before it looks what is due")
        await running.kill()
    assert discord.messages == {}  # killed before the claim

    async with await bot.start("run") as running:
        await running.says(f"to channel {short} (")
        await until(lambda: running.log.count(f"to channel {long} (") == 3, "the long edition")
        await running.kill()
    assert await settled(bot) == {"sent": 4}
    check_editions(discord, short, long)

    await schedule(bot, later)
    async with await bot.start("run") as running:
        await running.says(f"to channel {later} (")
        ended = await running.stop()
    assert (ended.code, ended.out) == (OK, "")
    assert "Traceback" not in ended.err
    assert TOKEN not in ended.err
    assert [len(discord.messages[channel]) for channel in discord.channel_ids] == [1, 3, 1]
    assert await settled(bot) == {"sent": 5}

    [synced] = discord.asked("PUT", "/applications/*/commands")  # by the first start alone
    assert {"paper", "digest", "status", "help"} <= {command["name"] for command in synced.body}
    assert discord.gateway.identified == 3


def check_editions(discord: LocalDiscord, short: int, long: int) -> None:
    """Check what two channels got of a day of 25 papers: the best five, and all in full."""
    [message] = discord.messages[short]
    assert "A study of thing 25" in texts(message)
    assert "A study of thing 20" not in texts(message)
    assert "5 of 25 papers so far" in texts(message)
    whole = "\n".join(map(texts, discord.messages[long]))
    assert [whole.count(f"A study of thing {number}]") for number in range(1, 26)] == [1] * 25
    sent = [one.body for one in discord.asked("POST", "/channels/*/messages")]
    assert len({body["nonce"] for body in sent}) == len(sent) == 4
    for body in sent:
        assert body["enforce_nonce"] is True
        assert len(body["nonce"]) <= NONCE_LENGTH
        assert body["allowed_mentions"]["parse"] == []
        assert any(body["nonce"] in part.get("custom_id", "") for part in parts(body))


async def test_a_second_run_refuses_and_every_other_command_works_beside(
    bot: Program, discord: LocalDiscord
) -> None:
    async with await bot.start("run") as running:
        await running.says("Connected as paperboy")
        second, collect, digest, backup = await asyncio.gather(
            bot("run"), bot("collect"), bot("digest", "--format", "json"), bot("backup", "copy.db")
        )
        assert running.process.returncode is None
        assert (await running.stop()).code == OK
    assert (second.code, second.out) == (FAILED, "")
    assert "Another Paperboy is running" in second.sentence
    assert discord.gateway.identified == 1
    assert [one.code for one in (collect, digest, backup)] == [OK] * 3, collect.err + digest.err
    assert len(json.loads(digest.out)["papers"]) == 3


async def test_a_token_that_discord_refuses_exits_2_and_is_never_shown(
    bot: Program, discord: LocalDiscord
) -> None:
    wrong = "MTIz.secret.of-another"
    ended = await bot("run", settings={"DISCORD_TOKEN": wrong, "LOG_LEVEL": "DEBUG"})
    assert ended.code == MISUSED
    assert "DISCORD_TOKEN" in ended.sentence
    assert wrong not in ended.out + ended.err
    assert len(discord.asked("GET", "/users/@me")) == 1
    discord.gateway.token = "another"  # noqa: S105 - changed between the login and the gateway
    ended = await bot("run")
    assert ended.code == MISUSED
    assert "DISCORD_TOKEN" in ended.sentence


async def test_a_discord_that_cannot_be_reached_is_one_sentence(
    bot: Program, discord: LocalDiscord
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{unused.getsockname()[1]}/api/v10"
        discord.fail("GET", "/users/@me", *[faults.html_page] * 9)
        down, refused = await asyncio.gather(
            bot("run", settings={"DISCORD_API_URL": nobody, "DATABASE_PATH": "other.db"}),
            bot("run"),
        )
    discord.fail("GET", "/gateway/bot", *[faults.dropped_before] * 9)
    for ended in (down, refused, await bot("run")):
        assert (ended.code, ended.out) == (FAILED, "")
        assert ended.sentence.startswith("Discord could not be reached: ")
        assert "html" not in ended.sentence


async def test_a_lost_gateway_is_resumed_and_the_bot_goes_on(
    bot: Program, discord: LocalDiscord
) -> None:
    async with await bot.start("run") as running:
        await running.says("Connected as paperboy")
        await discord.gateway.drop()
        await until(lambda: discord.gateway.resumed, "the session is resumed")
        used = await discord.interact({"id": "1", "name": "help", "type": 1})
        await until(lambda: discord.answers, "an answer to /help")
        assert (await running.stop()).code == OK
    assert discord.answers[0]["interaction"] == used
    assert "/digest" in str(discord.answers[0])
