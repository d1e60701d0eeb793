"""The whole program with a model that is slow, wrong or killed over, on this machine."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from tests.local_model import answers, local_model, says, text_of, waits
from tests.process.conftest import Program, item, schedule
from tests.process.test_run import texts
from tests.process.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date

    from tests.local_hf import LocalHuggingFace
    from tests.local_model import Chat, LocalModel
    from tests.process.local_discord import LocalDiscord
    from tests.process.nursery import Nursery

OK, FAILED, MISUSED = 0, 1, 2
KEY = "sk-very-secret-0123"
PAGE = """<!DOCTYPE html><html><body><article class="ltx_document">
<h1 class="ltx_title ltx_title_document">A study of thing</h1>
<div class="ltx_abstract"><p class="ltx_p">We study a thing.</p></div>
<section class="ltx_section"><h2 class="ltx_title ltx_title_section">1 Introduction</h2>
<div class="ltx_para"><p class="ltx_p">{}</p></div></section></article></body></html>"""


def of_its_paper(chat: Chat) -> dict[str, Any]:
    """Summarise ``item(number)``, with what only its full text says if that was sent."""
    said = text_of(chat)
    number = re.findall(r"A study of thing (\d+)", said)[-1]
    whole = re.search(r"in (\d+) hours", said)
    return {
        "tldr": f"Better words on thing {number}.",
        "method": "It looks twice." if whole is None else f"It looks for {whole[1]} hours.",
        "results": f"It reaches {number}%.",
    }


@pytest.fixture
async def model() -> AsyncIterator[LocalModel]:
    """Serve a model that summarises each paper."""
    async with local_model(says(of_its_paper)) as served:
        yield served


@asynccontextmanager
async def local_arxiv() -> AsyncIterator[tuple[str, list[str]]]:
    """Serve a page for every paper on a free port of this machine; yield what was asked for."""
    asked: list[str] = []

    async def page(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        words = "We looked at it in 17 hours. " + "So we did this and that. " * 100
        return web.Response(text=PAGE.format(words), content_type="text/html")

    app = web.Application()
    app.router.add_get("/{tail:.*}", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}", asked
    finally:
        await runner.cleanup()


@pytest.fixture
async def with_model(
    program: Program, model: LocalModel, hugging_face: LocalHuggingFace, today: date
) -> AsyncIterator[Program]:
    """Give the program with a model and an arXiv, and one paper on today's list."""
    hugging_face.days = {today: [item(1, today)]}
    async with local_arxiv() as (url, _):
        told = {"LLM_BASE_URL": model.url, "LLM_MODEL": "gpt-x", "LLM_API_KEY": KEY}
        program.settings |= {"ARXIV_BASE_URL": url, **told}
        yield program


async def test_digest_prints_what_the_model_wrote_of_the_full_text_and_asks_it_once(
    with_model: Program, model: LocalModel
) -> None:
    for _ in range(2):
        ended = await with_model("digest", "--format", "json")
        assert ended.code == OK, ended.err
        [paper] = json.loads(ended.out)["papers"]
        assert paper["summary"] == {
            "tldr": "Better words on thing 1.",
            "objective": None,
            "method": "It looks for 17 hours.",
            "results": "It reaches 1%.",
            "implications": None,
            "model": "gpt-x",
            "source": "full text",
            "grounded": True,
        }
    assert len(model.asked) == 1


async def test_a_spent_budget_and_a_model_that_is_down_leave_extracts(
    with_model: Program, model: LocalModel
) -> None:
    ended = await with_model("digest", "--format", "json", settings={"LLM_DAILY_TOKENS": "5"})
    assert ended.code == OK
    assert json.loads(ended.out)["papers"][0]["summary"]["model"] == "extractive"
    assert model.asked == []
    model.usually = answers(401, f'{{"error": {{"message": "{KEY} is wrong"}}}}')
    ended = await with_model("digest", "--format", "json", settings={"LOG_LEVEL": "DEBUG"})
    assert ended.code == OK
    assert json.loads(ended.out)["papers"][0]["summary"]["model"] == "extractive"
    assert "LLM_API_KEY" in ended.err
    assert KEY not in ended.err


async def test_summarize_writes_again_what_is_an_extract(
    with_model: Program, model: LocalModel, today: date
) -> None:
    assert (await with_model("collect")).code == OK
    assert model.asked == []
    ended = await with_model("summarize", "--since", str(today))
    assert ended.code == OK, ended.err
    assert "1 summary of" in ended.out
    assert "1 written by a model" in ended.out
    ended = await with_model("summarize", "--since", str(today))
    assert "0 summaries" in ended.out
    assert len(model.asked) == 1


async def test_summarize_says_why_not_all_were_written(
    with_model: Program, model: LocalModel, hugging_face: LocalHuggingFace, today: date
) -> None:
    hugging_face.days[today].append(item(2, today))
    assert (await with_model("collect")).code == OK
    model.usually = answers(404)
    ended = await with_model("summarize", "--since", str(today))
    assert ended.code == FAILED
    assert "The others keep what they have: The endpoint does not know gpt-x" in ended.sentence


async def test_half_a_model_stops_the_start(program: Program) -> None:
    ended = await program("run", settings={"LLM_MODEL": "gpt-x"})
    assert ended.code == MISUSED
    assert "LLM_MODEL is set, but LLM_BASE_URL is not" in ended.sentence


async def test_doctor_has_each_model_write_three_sentences(
    with_model: Program, model: LocalModel
) -> None:
    async def by_name(served: LocalModel, request: web.Request, chat: Chat) -> web.StreamResponse:
        mixing = {"tldr": "A layer mixes patches.", "results": "81% of the images are right."}
        behave = says(mixing) if chat["model"] == "gpt-x" else answers(404)
        return await behave(served, request, chat)

    model.usually = by_name
    ended = await with_model(
        "doctor",
        settings={
            "LLM_FALLBACK_MODEL": "gpt-y",
            "ARXIV_API_URL": with_model.settings["HF_BASE_URL"],
        },
    )
    assert ended.code == FAILED
    assert "✓ gpt-x writes summaries (1,000 tokens for a short one)." in ended.out
    assert "✗ The endpoint does not know gpt-y" in ended.out
    assert KEY not in ended.out + ended.err


async def test_an_edition_goes_out_without_the_model_and_is_edited_once_through_kills(
    with_model: Program,
    bot: Program,
    nursery: Nursery,
    discord: LocalDiscord,
    model: LocalModel,
) -> None:
    environment = bot.environment(with_model.settings)
    channel = discord.channel_ids[0]
    await schedule(bot, channel, next_run=datetime.now(UTC) - timedelta(minutes=5))
    gate = asyncio.Event()
    model.usually = waits(gate, says(of_its_paper))

    async with await nursery.start(bot.folder, environment) as life:
        await until(lambda: model.asked, lambda: f"the model is asked\n{life.log}")
        await life.says(f"to channel {channel} (")
        [message] = discord.messages[channel]
        assert "We propose a method that reaches 1%" in texts(message)
        await life.kill()  # while the model is writing
    gate.set()

    async with await nursery.start(bot.folder, environment) as life:
        await until(
            lambda: "Better words" in texts(discord.messages[channel][0]),
            lambda: f"the edit\n{life.log}",
        )
        assert await life.stop() == OK
        assert "Traceback" not in life.log
        assert KEY not in life.log

    async with await nursery.start(bot.folder, environment) as life:
        await life.says("Read ")
        assert await life.stop() == OK
    assert len(discord.messages[channel]) == 1
    assert len(model.asked) == 2
    assert len(discord.asked("PATCH", "/channels/*/messages/*")) == 1
