"""The commands about papers: collect, digest, summarize, search, reindex."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli.group import DAY, date_of, do, in_order, paperboy, progress, settings_read
from bot.domain.papers import list_date
from bot.domain.searches import Search, Sort
from bot.errors import PaperboyError, QueryMistake, UserError
from bot.search.pointing import pointed
from bot.ui.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from bot.app import House
    from bot.settings import Settings


@paperboy.command()
@click.option("--day", type=DAY, help="One day, read again even if it is complete.")
@click.option("--since", type=DAY, help="The first day of a range.")
@click.option("--until", type=DAY, help="The last day of the range; today if left out.")
def collect(day: datetime | None, since: datetime | None, until: datetime | None) -> None:
    """Fetch days; goes on where it stopped. Without options, what the bot would fetch."""
    if day is not None and (since is not None or until is not None):
        raise click.UsageError("--day goes without --since and --until.")
    if until is not None and since is None:
        raise click.UsageError("--until needs --since.")
    in_order(since, until)
    do(_collect(settings_read(), date_of(day), date_of(since), date_of(until)))


async def _collect(
    settings: Settings, day: date | None, since: date | None, until: date | None
) -> None:
    from bot.app import opened  # noqa: PLC0415
    from bot.network import utc_now  # noqa: PLC0415
    from bot.services.library import check_day  # noqa: PLC0415

    async with opened(settings) as house:
        now = utc_now()
        if day is not None:
            days = [day]
        elif since is not None:
            check_day(since, now)
            last = min(until or list_date(now), list_date(now))
            days = await house.collector.unread(since, last)
        else:
            days = await house.collector.wanted(now)
        for one in days:
            check_day(one, now)
        with progress("Collecting", len(days)) as advance:
            collected = await house.collector.collect(sorted(days), now, advance)
    click.echo(
        f"Read {counted(len(collected.days), 'day')}: "
        f"{counted(collected.papers, 'paper')}, {collected.fresh} new."
    )


@paperboy.command()
@click.option("--day", type=DAY, help="The day; the latest with papers if left out.")
@click.option(
    "--format", "style", type=click.Choice(["text", "markdown", "json"]), default="text",
    help="How it is printed.", show_default=True,
)  # fmt: skip
def digest(day: datetime | None, style: str) -> None:
    """Print a day's digest, collecting and summarising first what is not stored."""
    do(_digest(settings_read(), date_of(day), style))


async def _digest(settings: Settings, day: date | None, style: str) -> None:
    from bot.app import opened  # noqa: PLC0415
    from bot.network import utc_now  # noqa: PLC0415
    from bot.ui import plain  # noqa: PLC0415

    printers: dict[str, Callable[..., str]] = {
        "text": plain.as_text,
        "markdown": plain.as_markdown,
        "json": plain.as_json,
    }
    async with opened(settings) as house:
        found = await house.services.library.digest(day, utc_now())
        if missing := await house.writing.missing([card.paper.id for card in found.cards]):
            with progress("Summarising", len(missing)) as advance:
                await house.writing.write(missing, advance)
            found = await house.services.library.digest(found.day.day, utc_now())
    if found.stale is not None:
        click.echo(f"paperboy: printed as it was last read: {found.stale}", err=True)
    click.echo(printers[style](found))


@paperboy.command()
@click.option("--since", type=DAY, required=True, help="The first day whose papers are looked at.")
def summarize(since: datetime) -> None:
    """Summarise again what an older prompt wrote, and by the model what is an extract."""
    do(_summarize(settings_read(), since.date()))


async def _summarize(settings: Settings, since: date) -> None:
    from bot.app import opened  # noqa: PLC0415
    from bot.network import utc_now  # noqa: PLC0415

    async with opened(settings) as house:
        ids = await house.renewal.outdated(since)
        with progress("Summarising", len(ids)) as advance:
            renewed = await house.renewal.renew(ids, utc_now(), advance)
    click.echo(
        f"{counted(renewed.papers, 'summary', 'summaries')} of {since} and later out of date: "
        f"{renewed.extracts} extracted again, {renewed.by_model} written by a model."
    )
    if renewed.left is not None:
        raise PaperboyError(f"The others keep what they have: {renewed.left}")


@paperboy.command(context_settings={"ignore_unknown_options": True})  # -survey is a query
@click.argument("query")
@click.option("--days", type=click.IntRange(1, 3650), help="Only papers of the last so many days.")
@click.option(
    "--sort", type=click.Choice([one.value for one in Sort]), default=Sort.RELEVANCE.value,
    help="What comes first.", show_default=True,
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(min=1), default=10, help="How many papers.", show_default=True
)
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text",
    help="How it is printed.", show_default=True,
)  # fmt: skip
def search(query: str, days: int | None, sort: str, limit: int, style: str) -> None:
    """Find stored papers, as /papers does, in the same order."""
    do(_search(settings_read(), Search(topic=query, days=days, sort=Sort(sort)), limit, style))


async def _search(settings: Settings, asked: Search, limit: int, style: str) -> None:
    from bot.app import opened  # noqa: PLC0415
    from bot.network import utc_now  # noqa: PLC0415
    from bot.ui import plain  # noqa: PLC0415

    async with opened(settings) as house:
        await _catch_up(house)
        try:
            found = await house.services.search.find(asked, 0, utc_now(), limit)
        except QueryMistake as mistake:
            raise UserError(f"{mistake}\n{pointed(mistake.text, mistake.at)}") from mistake
    if found.note is not None:
        click.echo(f"paperboy: {found.note}", err=True)
    click.echo(plain.found_as_json(found) if style == "json" else plain.found_as_text(found))


@paperboy.command()
def reindex() -> None:
    """Build the search index again; searches go on meanwhile."""
    do(_reindex(settings_read()))


async def _reindex(settings: Settings) -> None:
    from bot.app import opened  # noqa: PLC0415

    async with opened(settings) as house:
        await house.indexing.restart()
        papers = await _catch_up(house)
    click.echo(f"Indexed {counted(papers, 'paper')}.")


async def _catch_up(house: House) -> int:
    missing = await house.indexing.missing()
    with progress("Indexing", missing) as advance:
        return await house.indexing.catch_up(lambda papers: advance("", papers))
