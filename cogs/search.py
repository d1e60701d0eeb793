"""/papers and /related: what is found, and what is near."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from discord import app_commands
from discord.ext import commands

from bot.client import BotInteraction
from bot.domain.searches import Search, Sort
from bot.ui.advice import offered
from bot.ui.results import related_view, results_view
from cogs.choices import paper_choices, topic_choices

if TYPE_CHECKING:
    from datetime import datetime

    from discord import ui

    from bot.client import Paperboy, Services
    from bot.domain.papers import ArxivId
    from bot.services.search import PaperSearch


class Finding(commands.Cog):
    """Papers by what they are about."""

    def __init__(self, services: Services) -> None:
        self._search = services.search
        self._library = services.library
        self._now = services.now

    @app_commands.command()
    @app_commands.describe(
        topic="Words, “a phrase”, a OR b, -not, title: author: cat:; what is trending if left out",
        days="Only papers of the last so many days",
        sort="Best match first if left out",
        min_upvotes="Only papers with at least so many upvotes",
        public="Show it to everyone in the channel",
    )
    async def papers(  # noqa: PLR0913, PLR0917 - the options are the contract's
        self,
        interaction: BotInteraction,
        topic: app_commands.Range[str, 1, 300] | None = None,
        days: app_commands.Range[int, 1, 3650] | None = None,
        sort: Literal["relevance", "newest", "upvotes"] = "relevance",
        min_upvotes: app_commands.Range[int, 0, 100_000] = 0,
        public: bool = False,
    ) -> None:
        """Find papers on a topic, or what is trending."""
        await interaction.response.defer(ephemeral=not public, thinking=True)
        asked = Search(topic=topic, days=days, sort=Sort(sort), min_upvotes=min_upvotes)
        view = await results_page(self._search, asked, self._now())
        await interaction.followup.send(view=view, ephemeral=not public)

    @app_commands.command()
    @app_commands.describe(paper="An arXiv id, a link to arXiv or Hugging Face, or a title")
    async def related(
        self, interaction: BotInteraction, paper: app_commands.Range[str, 1, 300]
    ) -> None:
        """Find the papers nearest to one."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        card = await self._library.card(paper, self._now())  # fetched if it is not stored
        view = await related_page(self._search, card.paper.id, 0, self._now())
        await interaction.followup.send(view=view, ephemeral=True)

    @papers.autocomplete("topic")
    async def _topics(self, _: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
        return await topic_choices(self._search, current)

    @related.autocomplete("paper")
    async def _papers(self, _: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
        return await paper_choices(self._search, current)


async def results_page(
    search: PaperSearch, asked: Search, now: datetime, page: int = 0, name: str | None = None
) -> ui.LayoutView:
    """Return one page of a search, which is kept under a short id unless it has its ``name``.

    Raises:
        UserError: the topic does not parse.
    """
    found = await search.find(asked, page, now)
    name = name or await search.remember(asked, now)
    queries = () if found.advice is None else offered(found.advice)
    runs = {one: await search.remember(replace(asked, topic=one), now) for one in queries}
    return results_view(found, name, runs)


async def related_page(
    search: PaperSearch, paper_id: ArxivId, page: int, now: datetime
) -> ui.LayoutView:
    """Return one page of a stored paper's relatives.

    Raises:
        UserError: the paper is not stored.
    """
    return related_view(await search.related(paper_id, page, now))


async def setup(bot: Paperboy) -> None:
    """Hand the cog what it uses."""
    await bot.add_cog(Finding(bot.services))
