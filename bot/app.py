"""The composition root: opens what is needed in one ``async with``, wires it, closes in reverse."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import httpx

from bot.client import Services
from bot.domain.health import Diagnosis
from bot.metrics import Metrics
from bot.network import opened_models, sources_over, utc_now
from bot.search.documents import PaperAnalyst
from bot.services import doctor
from bot.services.alert_papers import AlertPapers
from bot.services.alert_rounds import AlertRounds
from bot.services.alerts import Alerts
from bot.services.archives import Archives
from bot.services.backtests import Backtests
from bot.services.budget import Budget
from bot.services.clockwork import Clockwork
from bot.services.collect import Collector
from bot.services.daily import Daily, Rounds
from bot.services.delivery import Deliveries
from bot.services.departures import Departures
from bot.services.doctor_models import examine_models
from bot.services.drafts import Drafts
from bot.services.editions import Editions
from bot.services.indexing import Indexing
from bot.services.late import LatePapers
from bot.services.library import Library
from bot.services.matches import Matches
from bot.services.privacy import Privacy
from bot.services.renewal import Renewal
from bot.services.rewording import Rewording
from bot.services.schedules import Schedules
from bot.services.search import PaperSearch
from bot.services.settling import Settling
from bot.services.standing import StandingMatcher
from bot.services.status import StatusReport
from bot.services.summarize import Summaries
from bot.services.topics import Topics
from bot.services.vocabulary import Vocabulary
from bot.services.writing import Writing
from bot.sources.fulltext import ArxivFullText
from bot.sources.http import SourceHttp
from bot.storage.alert_hits import HitStore
from bot.storage.alert_pending import PendingStore
from bot.storage.alert_stops import AlertStops
from bot.storage.alerts import AlertStore
from bot.storage.archives import ArchiveStore
from bot.storage.clockwork import ClockworkStore
from bot.storage.database import Database
from bot.storage.days import DayStore
from bot.storage.deliveries import DeliveryLedger
from bot.storage.departures import DepartureStore
from bot.storage.editions import EditionStore
from bot.storage.filters import FilterStore
from bot.storage.model_use import ModelUseStore
from bot.storage.papers import PaperStore
from bot.storage.people import PeopleStore
from bot.storage.records import CollectionLog, FactStore
from bot.storage.rewording import RewordingStore
from bot.storage.schedules import ScheduleStore
from bot.storage.search_index import SearchIndex
from bot.storage.searches import SearchStore
from bot.storage.standing import StandingStore
from bot.storage.standing_queries import StandingQueries
from bot.storage.summaries import SummaryStore
from bot.summaries.extractive import Extractive
from bot.ui.diagnosis import examine_discord
from bot.ui.discord_api import point_at
from bot.ui.publisher import DiscordPublisher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from bot.domain.deliveries import Publisher
    from bot.domain.health import Finding
    from bot.domain.papers import DailySource, FullTexts, PaperSource
    from bot.domain.schedules import Schedule
    from bot.domain.summaries import Summarizer
    from bot.settings import Settings

USER_AGENT = "Paperboy/0.1 (a Discord bot that delivers the day's papers)"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything that is wired: the database, the services, and what only some commands use."""

    database: Database
    services: Services
    collector: Collector
    clockwork: Clockwork
    archives: Archives
    summaries: SummaryStore
    writing: Writing
    renewal: Renewal
    indexing: Indexing
    publisher: DiscordPublisher
    metrics: Metrics


def furnish(  # noqa: PLR0913, PLR0917 - the composition root takes what it composes
    database: Database,
    settings: Settings,
    daily_source: DailySource,
    sources: Sequence[PaperSource],
    now: Callable[[], datetime] = utc_now,
    interval: timedelta | None = None,
    publisher: Publisher | None = None,
    metrics: Metrics | None = None,
    models: Summarizer | None = None,
    texts: FullTexts | None = None,
    topics: Topics | None = None,
) -> House:
    """Wire the services over an open database and the sources given.

    ``interval`` is the time between two collections, None where nobody collects by the clock;
    ``publisher`` the way to the channels where that is not Discord. Without ``models`` summaries
    are extracts; they read whole papers where there are ``texts``. ``topics`` says what matches
    a schedule's topic where that is not the search.
    """
    papers, days = PaperStore(database), DayStore(database)
    schedules, ledger = ScheduleStore(database), DeliveryLedger(database)
    collections, facts = CollectionLog(database), FactStore(database)
    summary_store = SummaryStore(database)
    indexing = Indexing(SearchIndex(database, PaperAnalyst()))
    vocabulary = Vocabulary(database)
    metrics = metrics or Metrics()
    discord_publisher = DiscordPublisher()
    publisher = publisher or discord_publisher
    summaries = Summaries(Extractive(), papers, summary_store)
    collector = Collector(daily_source, days, schedules, summaries, collections)
    search = PaperSearch(database, SearchStore(database), vocabulary)
    library = Library(papers, days, summaries, collector, sources, search)
    budget = Budget(ModelUseStore(database), settings.llm_daily_tokens, now, metrics)
    writing = Writing(models, texts, papers, summary_store, budget, now)
    filters, standing = FilterStore(database), StandingStore(database)
    topics, store = topics or Topics(database, vocabulary, now), EditionStore(database)
    stops, queries = AlertStops(database), StandingQueries(database)
    alerts, alert_rounds = _alerting(database, vocabulary, stops, settings, now)
    matches = Matches(topics, summaries, days, filters)
    drafts = Drafts(days, filters, matches, summaries, writing)
    overtaken = RewordingStore(database)
    editions = Editions(drafts, store, publisher, library)
    departures = Departures(DepartureStore(database, queries))
    deliveries = Deliveries(ledger, schedules, stops, publisher, now, metrics)
    rounds = Rounds(
        collector=collector,
        editions=editions,
        late=LatePapers(drafts, matches, standing, store, publisher),
        deliveries=deliveries,
        settling=Settling(ledger, deliveries, publisher, now, metrics),
        writing=writing,
        rewording=Rewording(writing, summary_store, store, overtaken, publisher),
        indexing=indexing,
        matches=matches,
        standing=standing,
        departures=departures,
        alerts=alert_rounds,
        metrics=metrics,
    )
    services = Services(
        library=library,
        schedules=Schedules(schedules, ledger, topics, settings.default_timezone),
        editions=editions,
        deliveries=deliveries,
        daily=Daily(rounds, days, schedules, ledger, interval),
        status=StatusReport(papers, days, collections, schedules, ledger, stops, writing),
        search=search,
        privacy=Privacy(PeopleStore(database, queries)),
        departures=departures,
        alerts=alerts,
        facts=facts,
        now=now,
    )
    archives = Archives(ArchiveStore(database), papers, days, summary_store)
    return House(
        database=database,
        services=services,
        collector=collector,
        clockwork=Clockwork(ClockworkStore(database)),
        archives=archives,
        summaries=summary_store,
        writing=writing,
        renewal=Renewal(summaries, writing, summary_store),
        indexing=indexing,
        publisher=discord_publisher,
        metrics=metrics,
    )


def _alerting(
    database: Database,
    vocabulary: Vocabulary,
    stops: AlertStops,
    settings: Settings,
    now: Callable[[], datetime],
) -> tuple[Alerts, AlertRounds]:
    """Wire what people do with alerts, and what the clock does for them."""
    hits, matcher = HitStore(database), StandingMatcher(database, vocabulary)
    shown = AlertPapers(hits, Topics(database, vocabulary, now))
    alerts = Alerts(
        AlertStore(database, StandingQueries(database)),
        hits,
        matcher,
        stops,
        Backtests(database, vocabulary),
        shown,
        PaperStore(database),
        settings.default_timezone,
    )
    return alerts, AlertRounds(PendingStore(database), hits, stops, matcher, shown)


@asynccontextmanager
async def opened(
    settings: Settings,
    now: Callable[[], datetime] = utc_now,
    metrics: Metrics | None = None,
) -> AsyncIterator[House]:
    """Open the database and the network for a command, and close them in reverse."""
    async with (
        httpx.AsyncClient(headers={"User-Agent": USER_AGENT}) as http,
        Database.open(settings.database_path) as database,
    ):
        hugging_face, arxiv = sources_over(settings, http, database, now)
        async with opened_models(settings, *settings.models) as models:
            yield furnish(
                database,
                settings,
                hugging_face,
                (hugging_face, arxiv),
                now,
                interval=timedelta(minutes=settings.collect_every_minutes),
                metrics=metrics,
                models=models,
                texts=ArxivFullText(
                    SourceHttp(client=http, name="arXiv"),
                    settings.arxiv_base_url,
                    turn=arxiv.turn,
                ),
            )


async def diagnose(settings: Settings) -> Diagnosis:
    """Examine everything that the bot needs; what is wrong is a finding and never raised."""
    point_at(settings.discord_api_url)
    heard: list[tuple[str, datetime]] = []

    async def hear(response: httpx.Response) -> None:
        heard.append((response.headers.get("Date", ""), utc_now()))

    async with (
        httpx.AsyncClient(
            headers={"User-Agent": USER_AGENT}, event_hooks={"response": [hear]}
        ) as http,
        doctor.opened_if_there(settings.database_path) as (database, opened_or_not),
        AsyncExitStack() as stack,
    ):
        schedules: list[Schedule] = []
        stored: list[Finding] = []
        if database is not None:
            records = doctor.Records(database, timedelta(minutes=settings.collect_every_minutes))
            stored = await records.examine(utc_now())
            schedules = await records.schedules()
        sources = doctor.Sources(*sources_over(settings, http, database))
        models = {
            name: one
            for name in settings.models
            if (one := await stack.enter_async_context(opened_models(settings, name)))
        }
        secret = settings.discord_token
        asked, read, written = await asyncio.gather(
            examine_discord(secret.get_secret_value() if secret else None, schedules),
            sources.examine(utc_now()),
            examine_models(models, utc_now()),
        )
    here = (opened_or_not, doctor.disk(settings.database_path), *stored)
    return Diagnosis(
        findings=(*here, *read, *written, doctor.clock(heard), *asked.findings), links=asked.links
    )
