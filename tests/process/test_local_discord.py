"""The local Discord does what Discord does, or what is proven against it would prove nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from discord import Permissions
from discord.utils import snowflake_time

from tests.process import faults
from tests.process.conftest import schedule
from tests.process.discord_data import BOT, EVERYONE, FIRST_CHANNEL, GUILD, PERSON
from tests.process.local_clock import Clock
from tests.process.local_discord import TOKEN, local_discord
from tests.process.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.process.conftest import Program
    from tests.process.local_discord import LocalDiscord
    from tests.process.nursery import Nursery

Ask = Callable[..., Awaitable[tuple[int, Any, dict[str, str]]]]

CHANNEL = f"/channels/{FIRST_CHANNEL}"
MESSAGES = f"{CHANNEL}/messages"
SLOWLY = 0.001
"""So much slower than ours goes the clock: it all but stands, until a test moves it."""


@pytest.fixture
async def slow() -> AsyncIterator[LocalDiscord]:
    """Serve a Discord on whose clock a test takes no time."""
    async with local_discord(channels=3, clock=Clock(speed=SLOWLY)) as served:
        yield served


@pytest.fixture
async def ask(slow: LocalDiscord) -> AsyncIterator[Ask]:
    """Give the bot's way to ask it: a method and a path, with a body if any."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session:

        async def asked(
            method: str, path: str, body: object = None
        ) -> tuple[int, Any, dict[str, str]]:
            async with session.request(method, slow.url + path, json=body) as answer:
                return answer.status, await answer.json(), dict(answer.headers)

        yield asked


async def test_the_fifty_first_request_of_a_second_is_too_many(
    slow: LocalDiscord, ask: Ask
) -> None:
    paths = [f"/channels/{channel}" for channel in slow.channel_ids]
    assert {(await ask("GET", paths[n % 3]))[0] for n in range(50)} == {200}
    status, body, headers = await ask("GET", "/users/@me")
    assert (status, body["global"]) == (429, True)
    assert body["retry_after"] == pytest.approx(1 / SLOWLY, rel=0.1)
    assert headers["X-RateLimit-Scope"] == "global"
    assert headers["X-RateLimit-Global"] == "true"
    assert float(headers["Retry-After"]) >= body["retry_after"]
    assert "Via" in headers
    assert (await ask("POST", "/interactions/1/1/callback", {"type": 5}))[0] == 200
    slow.move(1)
    assert (await ask("GET", "/users/@me"))[0] == 200
    assert slow.throttled == 1


async def test_a_channel_takes_five_messages_in_five_seconds(slow: LocalDiscord, ask: Ask) -> None:
    sent = [await ask("POST", MESSAGES, {"content": str(n)}) for n in range(6)]
    assert [status for status, _, _ in sent] == [200] * 5 + [429]
    assert [headers["X-RateLimit-Remaining"] for _, _, headers in sent] == [*"43210", "0"]
    assert len({headers["X-RateLimit-Bucket"] for _, _, headers in sent}) == 1
    _, body, headers = sent[-1]
    assert (body["global"], headers["X-RateLimit-Scope"]) == (False, "user")
    assert body["retry_after"] == pytest.approx(5 / SLOWLY, rel=0.1)
    elsewhere = f"/channels/{FIRST_CHANNEL + 1}/messages"
    assert (await ask("POST", elsewhere, {"content": "6"}))[0] == 200
    slow.move(5)
    assert (await ask("POST", MESSAGES, {"content": "6"}))[0] == 200
    assert len(slow.messages[FIRST_CHANNEL]) == 6


async def test_a_nonce_makes_one_message_until_it_is_forgotten(
    slow: LocalDiscord, ask: Ask
) -> None:
    body = {"content": "hello", "nonce": "e.1.1", "enforce_nonce": True}

    async def made() -> str:
        _, told, _ = await ask("POST", MESSAGES, body)
        assert told["nonce"] == "e.1.1"
        return str(told["id"])

    first = await made()
    assert await made() == first
    slow.move(110)
    assert await made() == first
    slow.move(20)
    second = await made()
    slow.nonce_seconds = 0
    ids = [first, second, await made()]
    assert len(set(ids)) == 3
    _, told, _ = await ask("GET", MESSAGES)
    assert [(one["id"], "nonce" in one) for one in told] == [(one, False) for one in ids[::-1]]


async def test_everything_bears_the_time_of_discords_own_clock(
    slow: LocalDiscord, ask: Ask
) -> None:
    slow.move(-10)
    _, message, headers = await ask("POST", MESSAGES, {"content": "hello"})
    moments = [
        parsedate_to_datetime(headers["Date"]),
        datetime.fromisoformat(message["timestamp"]),
        snowflake_time(int(message["id"])),
    ]
    for moment in moments:
        assert moment.timestamp() == pytest.approx(slow.clock.time(), abs=1.5)
        assert (datetime.now(UTC) - moment).total_seconds() > 8


async def test_a_message_is_edited_and_its_components_are_numbered(
    slow: LocalDiscord, ask: Ask
) -> None:
    menu = {"type": 3, "custom_id": "card:e.1.1", "options": []}
    shown = [{"type": 17, "components": [{"type": 1, "components": [menu]}]}]
    _, made, _ = await ask("POST", MESSAGES, {"components": shown, "flags": 1 << 15})
    one = f"{MESSAGES}/{made['id']}"
    status, edited, _ = await ask("PATCH", one, {"components": [{"type": 10, "content": "late"}]})
    assert (status, edited["components"]) == (200, [{"type": 10, "id": 1, "content": "late"}])
    [before] = slow.revisions[made["id"]]
    assert before["components"][0]["components"][0]["components"][0] == {
        **menu, "id": 3, "min_values": 1, "max_values": 1, "disabled": False,
    }  # fmt: skip
    slow.fail("PATCH", f"{MESSAGES}/*", faults.too_many_edits())
    status, refused, _ = await ask("PATCH", one, {"content": "later"})
    assert (status, refused["code"]) == (429, 30046)
    slow.delete(FIRST_CHANNEL, made["id"])
    status, gone, _ = await ask("PATCH", one, {"content": "later"})
    assert (status, gone["code"]) == (404, 10008)


async def test_a_person_has_one_channel_of_direct_messages(slow: LocalDiscord, ask: Ask) -> None:
    asked = [await ask("POST", "/users/@me/channels", {"recipient_id": str(PERSON)})] * 2
    [(channel, kind)] = {(told["id"], told["type"]) for _, told, _ in asked}
    assert kind == 1
    where = f"/channels/{channel}/messages"
    assert (await ask("POST", where, {"content": "hello"}))[0] == 200
    slow.closed.add(PERSON)
    status, told, _ = await ask("POST", where, {"content": "hello"})
    assert (status, told["code"]) == (403, 50007)
    assert [one["content"] for one in (await ask("GET", where))[1]] == ["hello"]


async def test_what_the_bot_may_not_do_is_refused_as_discord_refuses(
    slow: LocalDiscord, ask: Ask
) -> None:
    async def code(method: str, path: str) -> int:
        status, told, _ = await ask(method, path, {"content": "no"} if method == "POST" else None)
        return int(told["code"]) if status >= 400 else status

    assert await code("POST", MESSAGES) == 200
    await slow.deny(FIRST_CHANNEL, read_message_history=True)
    assert (await ask("GET", MESSAGES))[:2] == (200, [])
    await slow.deny(FIRST_CHANNEL)
    await slow.change_everyone(Permissions.none())
    assert await code("GET", CHANNEL) == await code("POST", MESSAGES) == 50001
    await slow.change_role(Permissions(view_channel=True))
    assert (await code("GET", CHANNEL), await code("POST", MESSAGES)) == (200, 50013)
    await slow.give_role(held=False)
    assert await code("GET", CHANNEL) == 50001
    await slow.change_everyone(EVERYONE)
    await slow.delete_channel(FIRST_CHANNEL)
    assert await code("POST", MESSAGES) == 10003
    await slow.remove_bot()
    assert await code("POST", f"/channels/{FIRST_CHANNEL + 1}/messages") == 50001
    assert await code("GET", f"/guilds/{GUILD}/members/{BOT}") == 10004
    await slow.add_bot()
    assert await code("GET", f"/guilds/{GUILD}/members/{BOT}") == 200


async def test_the_bot_hears_what_happens_to_it(
    bot: Program, discord: LocalDiscord, nursery: Nursery
) -> None:
    for channel in discord.channel_ids:
        later = datetime(2100, 1, 1, tzinfo=UTC)
        await schedule(bot, channel, next_run=later)
    async with await nursery.start(bot.folder, bot.environment()) as life:
        await life.says("Connected as paperboy, servers: 1")
        await discord.change_everyone(Permissions.none())
        await discord.change_role(EVERYONE)
        await discord.give_role(held=False)
        await discord.give_role()
        await discord.remove_bot()
        await discord.add_bot()
        await discord.delete_channel(FIRST_CHANNEL)
        await discord.interact({"id": "1", "name": "help", "type": 1}, channel=FIRST_CHANNEL + 1)
        await until(lambda: discord.answers, "an answer to /help")
        assert await life.stop() == 0
    assert "Traceback" not in life.log
    assert "ERROR" not in life.log


async def test_doctor_finds_all_well_and_names_what_is_denied(
    bot: Program, discord: LocalDiscord
) -> None:
    for channel in discord.channel_ids:
        await schedule(bot, channel)
    await discord.deny(FIRST_CHANNEL, send_messages=True)
    ended = await bot("doctor", settings={"ARXIV_API_URL": bot.settings["HF_BASE_URL"]})
    assert "Paperboy may post in #papers-1 in Reading group." in ended.out
    assert "cannot post in #papers-0 in Reading group: it lacks Send Messages" in ended.out
