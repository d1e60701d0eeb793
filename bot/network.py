"""What is asked over the network: the sources of papers, and the models."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.sources.arxiv import ArxivApi
from bot.sources.http import SourceHttp
from bot.sources.huggingface import HuggingFaceDaily
from bot.storage.records import FactStore
from bot.summaries.fallback import Models

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import httpx

    from bot.settings import Settings
    from bot.storage.database import Database

_MODEL_NEEDS = ("openai", "pydantic_ai", "pypdfium2", "selectolax")
ARXIV_APART = timedelta(seconds=3)


def utc_now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


@asynccontextmanager
async def opened_models(settings: Settings, *names: str) -> AsyncIterator[Models | None]:
    """Yield the models with these names, None without any.

    Raises:
        SettingsError: what it takes to ask them is not installed.
    """
    if not names:
        yield None
        return
    for module in _MODEL_NEEDS:
        if find_spec(module) is None:
            raise SettingsError(
                "LLM_MODEL is set, but the extra for models is not installed: "
                "install it with pip install 'paperboy[llm]', or leave LLM_MODEL empty."
            )
    async with Models(
        names,
        url=settings.llm_base_url or "",
        key=settings.llm_api_key,
        language=settings.summary_language,
    ) as models:
        yield models


def sources_over(
    settings: Settings,
    http: httpx.AsyncClient,
    database: Database | None,
    now: Callable[[], datetime] = utc_now,
) -> tuple[HuggingFaceDaily, ArxivApi]:
    """Return Hugging Face and arXiv; without a database nobody shares arXiv's gate."""

    async def reserve() -> float:
        if database is None:
            return 0.0
        slot = await FactStore(database).reserve_arxiv_slot(now(), ARXIV_APART)
        return slot.total_seconds()

    hugging_face = HuggingFaceDaily(
        SourceHttp(client=http, name="Hugging Face"),
        settings.hf_base_url,
        now=now,
        token=settings.hf_token.get_secret_value() if settings.hf_token else "",
    )
    arxiv = ArxivApi(SourceHttp(client=http, name="arXiv"), settings.arxiv_api_url, reserve=reserve)
    return hugging_face, arxiv
