"""The command line: thin, one service call a command."""

from __future__ import annotations

import asyncio
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from bot.domain.papers import list_date
from bot.errors import ArchiveError, PaperboyError, SettingsError, UserError
from bot.log import configure_logging
from bot.settings import load_settings
from bot.ui.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence
    from datetime import date, datetime

    from bot.settings import Settings

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
DAY = click.DateTime(["%Y-%m-%d"])
_PATH = click.Path(path_type=Path)


def main() -> NoReturn:
    """Run the command line and exit: 0 done, 1 failed with one sentence, 2 wrong usage."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; what went wrong goes to standard error."""
    try:
        return _run(arguments)
    except SettingsError as error:
        return _failed(error, MISUSED)
    except PaperboyError as error:
        return _failed(error, FAILED)
    except OSError as error:  # a full disk behind standard output, say
        click.echo(f"paperboy: The output could not be written: {error.strerror}.", err=True)
        return FAILED


def _run(arguments: Sequence[str]) -> int:
    try:
        paperboy.main(args=list(arguments), prog_name="paperboy", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return MISUSED
    except click.ClickException as error:
        error.show()
        return MISUSED
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except SystemExit:  # click's way to end when the reader, `head` say, has seen enough
        pass
    return DONE


def _failed(error: PaperboyError, code: int) -> int:
    click.echo(f"paperboy: {error}", err=True)
    return code


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="paperboy", prog_name="paperboy")
def paperboy() -> None:
    """The day's AI papers, delivered to Discord."""


def _settings(*, quiet: bool = True) -> Settings:
    """Read the settings and start logging: commands say only what is wrong, `run` says all."""
    settings = load_settings()
    level = "WARNING" if quiet and settings.log_level == "INFO" else settings.log_level
    configure_logging(level, settings.log_format, settings.secrets)
    return settings


def _do(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


@paperboy.command(name="run")
def run_() -> None:
    """Run the bot."""
    from bot.running import run as run_bot  # noqa: PLC0415 - discord.py is slow to import

    _do(run_bot(_settings(quiet=False)))


@paperboy.command()
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="The page's port.")
@click.option("--once", is_flag=True, help="Print the edition and exit.")
def demo(port: int | None, *, once: bool) -> None:
    """Run the same bot in a simulated Discord in the browser: no token, no network."""
    try:
        from bot.demo import simulation  # noqa: PLC0415 - an optional extra
    except ModuleNotFoundError as error:
        raise PaperboyError(
            "The demo needs its extra: install it with pip install 'paperboy[demo]'."
        ) from error
    _do(simulation.print_edition() if once else simulation.serve(port))


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
    _in_order(since, until)
    _do(_collect(_settings(), _date(day), _date(since), _date(until)))


async def _collect(
    settings: Settings, day: date | None, since: date | None, until: date | None
) -> None:
    from bot.app import opened, utc_now  # noqa: PLC0415
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
        with _progress("Collecting", len(days)) as advance:
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
    _do(_digest(_settings(), _date(day), style))


async def _digest(settings: Settings, day: date | None, style: str) -> None:
    from bot.app import opened, utc_now  # noqa: PLC0415
    from bot.ui import plain  # noqa: PLC0415

    printers: dict[str, Callable[..., str]] = {
        "text": plain.as_text,
        "markdown": plain.as_markdown,
        "json": plain.as_json,
    }
    async with opened(settings) as house:
        found = await house.services.library.digest(day, utc_now())
        if missing := await house.writing.missing([card.paper.id for card in found.cards]):
            with _progress("Summarising", len(missing)) as advance:
                await house.writing.write(missing, advance)
            found = await house.services.library.digest(found.day.day, utc_now())
    if found.stale is not None:
        click.echo(f"paperboy: printed as it was last read: {found.stale}", err=True)
    click.echo(printers[style](found))


@paperboy.command()
@click.option("--since", type=DAY, required=True, help="The first day whose papers are looked at.")
def summarize(since: datetime) -> None:
    """Summarise again what an older prompt wrote, and by the model what is an extract."""
    _do(_summarize(_settings(), since.date()))


async def _summarize(settings: Settings, since: date) -> None:
    from bot.app import opened, utc_now  # noqa: PLC0415

    async with opened(settings) as house:
        ids = await house.renewal.outdated(since)
        with _progress("Summarising", len(ids)) as advance:
            renewed = await house.renewal.renew(ids, utc_now(), advance)
    click.echo(
        f"{counted(renewed.papers, 'summary', 'summaries')} of {since} and later out of date: "
        f"{renewed.extracts} extracted again, {renewed.by_model} written by a model."
    )
    if renewed.left is not None:
        raise PaperboyError(f"The others keep what they have: {renewed.left}")


@paperboy.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=_PATH)
def import_(paths: tuple[Path, ...]) -> None:
    """Read digest archives: files, or folders of YYYY/MM/DD.md."""
    _do(_import(_settings(), paths))


async def _import(settings: Settings, paths: Sequence[Path]) -> None:
    from bot.app import opened, utc_now  # noqa: PLC0415
    from bot.services.archives import archive_files  # noqa: PLC0415

    files = archive_files(paths)
    failures: list[ArchiveError] = []
    days = rows = 0
    async with opened(settings) as house:
        with _progress("Importing", len(files)) as advance:
            for file in files:
                try:
                    archive = await house.archives.load(file, utc_now())
                except ArchiveError as error:
                    failures.append(error)
                else:
                    days, rows = days + 1, rows + len(archive.rows)
                advance(file)
    click.echo(f"Imported {counted(days, 'day')}, {counted(rows, 'row')}.")
    if failures:
        others = f" ({len(failures) - 1} more files failed)" if failures[1:] else ""
        raise ArchiveError(f"{failures[0]}{others}")


@paperboy.command()
@click.argument("folder", type=_PATH)
@click.option("--since", type=DAY, help="The first day; the first known if left out.")
@click.option("--until", type=DAY, help="The last day; today if left out.")
def export(folder: Path, since: datetime | None, until: datetime | None) -> None:
    """Write digest archives: FOLDER/YYYY/MM/DD.md."""
    _in_order(since, until)
    _do(_export(_settings(), folder, _date(since), _date(until)))


async def _export(settings: Settings, folder: Path, since: date | None, until: date | None) -> None:
    from bot.app import opened, utc_now  # noqa: PLC0415
    from bot.services.library import FIRST_DAY  # noqa: PLC0415

    async with opened(settings) as house:
        with _progress("Exporting", None) as advance:
            written = await house.archives.dump(
                folder, since or FIRST_DAY, until or list_date(utc_now()), advance
            )
    click.echo(f"Wrote {counted(written, 'file')} to {folder}.")


@paperboy.command()
def doctor() -> None:
    """Check everything that the bot needs, and print the invite link."""
    _do(_doctor(_settings()))


async def _doctor(settings: Settings) -> None:
    from bot.app import diagnose  # noqa: PLC0415

    marks = {True: "✓", False: "✗", None: "–"}  # noqa: RUF001 - an en dash, as the others stand
    click.echo("✓ The settings are right.")
    diagnosis = await diagnose(settings)
    for finding in diagnosis.findings:
        click.echo(f"{marks[finding.ok]} {finding.text}")
        if finding.remedy is not None:
            click.echo(f"    {finding.remedy}")
    for link in diagnosis.links:
        click.echo(f"{link.label}: {link.url}")
    if diagnosis.wrong:
        checks = counted(len(diagnosis.findings), "check")
        raise PaperboyError(f"{diagnosis.wrong} of {checks} failed; each says what to do.")


@paperboy.command()
@click.argument("file", type=_PATH)
def backup(file: Path) -> None:
    """Copy the live database, consistent, into FILE."""
    _do(_backup(_settings(), file))


async def _backup(settings: Settings, file: Path) -> None:
    from bot.storage.database import Database  # noqa: PLC0415

    if not settings.database_path.exists():
        raise UserError(f"There is no database at {settings.database_path} to back up.")
    async with Database.open(settings.database_path) as database:
        await database.backup(file)
    click.echo(f"Wrote {file}.")


@contextmanager
def _progress(title: str, total: int | None) -> Iterator[Callable[[object], None]]:
    """Show a bar on standard error while a terminal is there to see it."""
    bar = Progress(
        TextColumn(title),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[at]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task: TaskID = bar.add_task(title, total=total, at="")
        yield lambda at: bar.update(task, advance=1, at=str(at))


def _in_order(since: datetime | None, until: datetime | None) -> None:
    if since is not None and until is not None and until < since:
        raise click.UsageError("--until is before --since.")


def _date(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
