"""What ``doctor`` examines of the models: whether each writes a summary that holds."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.domain.health import sound, wrong
from bot.domain.papers import ArxivId, Paper, Source
from bot.domain.summaries import SourceText, Usage
from bot.errors import SummaryError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime

    from bot.domain.health import Finding
    from bot.domain.summaries import Summarizer

_ABSTRACT = (
    "Convolutions see little of an image at a time. We propose a layer that mixes all of its "
    "patches by one matrix product. On our benchmark it is right for 81% of the images, 3% more "
    "than a convolution of the same size."
)
_PAPER = Paper(
    id=ArxivId("0000.00000"),
    title="Mixing Patches",
    abstract=_ABSTRACT,
    source=Source.ARXIV,
)
_REMEDY = "Check LLM_BASE_URL, LLM_MODEL, LLM_FALLBACK_MODEL and LLM_API_KEY."


class Counting:
    """A purse without a bottom, which counts."""

    def __init__(self) -> None:
        self.usage = Usage()

    @asynccontextmanager
    async def spending(self, model: str, tokens: int) -> AsyncIterator[Usage]:  # noqa: ARG002
        """Let any request through."""
        yield self.usage


async def examine_models(models: Mapping[str, Summarizer], now: datetime) -> list[Finding]:
    """Have each model, given by its name, summarise three sentences; never raise."""
    if not models:
        return [sound("models", "No model is set: summaries are extracts.")]
    return await asyncio.gather(*(_examined(name, one, now) for name, one in models.items()))


async def _examined(name: str, model: Summarizer, now: datetime) -> Finding:
    purse = Counting()
    source = SourceText(abstract=_ABSTRACT, text=_ABSTRACT)
    try:
        await model.summarize(_PAPER, source, now, purse)
    except SummaryError as error:
        return wrong("models", str(error), _REMEDY)
    return sound(
        "models", f"{name} writes summaries ({purse.usage.tokens:,} tokens for a short one)."
    )
