"""What every command shares: the group, settings, a progress bar, days."""

from __future__ import annotations

import asyncio
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

from bot.log import configure_logging
from bot.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from datetime import date, datetime

    from bot.settings import Settings

DAY = click.DateTime(["%Y-%m-%d"])
PATH = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="paperboy", prog_name="paperboy")
def paperboy() -> None:
    """The day's AI papers, delivered to Discord."""


def settings_read(*, quiet: bool = True) -> Settings:
    """Read the settings and start logging: commands say only what is wrong, `run` says all."""
    settings = load_settings()
    level = "WARNING" if quiet and settings.log_level == "INFO" else settings.log_level
    configure_logging(level, settings.log_format, settings.secrets)
    return settings


def do(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a command's work to its end."""
    return asyncio.run(work)


@contextmanager
def progress(title: str, total: int | None) -> Iterator[Callable[..., None]]:
    """Show a bar on standard error while a terminal is there to see it.

    What is yielded takes what was just done, and how many that were if not one.
    """
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
        yield lambda at, done=1: bar.update(task, advance=done, at=str(at))


def in_order(since: datetime | None, until: datetime | None) -> None:
    """Refuse a range that ends before it begins."""
    if since is not None and until is not None and until < since:
        raise click.UsageError("--until is before --since.")


def date_of(moment: datetime | None) -> date | None:
    """Return the day of an option that may be left out."""
    return None if moment is None else moment.date()
