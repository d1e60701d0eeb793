"""The commands that read and write files: import, export, backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli.group import DAY, PATH, date_of, do, in_order, paperboy, progress, settings_read
from bot.domain.papers import list_date
from bot.errors import ArchiveError, UserError
from bot.ui.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from pathlib import Path

    from bot.settings import Settings


@paperboy.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=PATH)
def import_(paths: tuple[Path, ...]) -> None:
    """Read digest archives: files, or folders of YYYY/MM/DD.md."""
    do(_import(settings_read(), paths))


async def _import(settings: Settings, paths: Sequence[Path]) -> None:
    from bot.app import opened  # noqa: PLC0415
    from bot.network import utc_now  # noqa: PLC0415
    from bot.services.archives import archive_files  # noqa: PLC0415

    files = archive_files(paths)
    failures: list[ArchiveError] = []
    days = rows = 0
    async with opened(settings) as house:
        with progress("Importing", len(files)) as advance:
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
@click.argument("folder", type=PATH)
@click.option("--since", type=DAY, help="The first day; the first known if left out.")
@click.option("--until", type=DAY, help="The last day; today if left out.")
def export(folder: Path, since: datetime | None, until: datetime | None) -> None:
    """Write digest archives: FOLDER/YYYY/MM/DD.md."""
    in_order(since, until)
    do(_export(settings_read(), folder, date_of(since), date_of(until)))


async def _export(settings: Settings, folder: Path, since: date | None, until: date | None) -> None:
    from bot.app import opened  # noqa: PLC0415
    from bot.network import utc_now  # noqa: PLC0415
    from bot.services.library import FIRST_DAY  # noqa: PLC0415

    async with opened(settings) as house:
        with progress("Exporting", None) as advance:
            written = await house.archives.dump(
                folder, since or FIRST_DAY, until or list_date(utc_now()), advance
            )
    click.echo(f"Wrote {counted(written, 'file')} to {folder}.")


@paperboy.command()
@click.argument("file", type=PATH)
def backup(file: Path) -> None:
    """Copy the live database, consistent, into FILE."""
    do(_backup(settings_read(), file))


async def _backup(settings: Settings, file: Path) -> None:
    from bot.storage.database import Database  # noqa: PLC0415

    if not settings.database_path.exists():
        raise UserError(f"There is no database at {settings.database_path} to back up.")
    async with Database.open(settings.database_path) as database:
        await database.backup(file)
    click.echo(f"Wrote {file}.")
