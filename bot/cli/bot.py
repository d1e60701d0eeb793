"""The commands of the bot itself: run, demo, doctor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli.group import do, paperboy, settings_read
from bot.errors import PaperboyError
from bot.ui.text import counted

if TYPE_CHECKING:
    from bot.settings import Settings


@paperboy.command(name="run")
def run_() -> None:
    """Run the bot."""
    from bot.running import run as run_bot  # noqa: PLC0415 - discord.py is slow to import

    do(run_bot(settings_read(quiet=False)))


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
    do(simulation.print_edition() if once else simulation.serve(port))


@paperboy.command()
def doctor() -> None:
    """Check everything that the bot needs, and print the invite link."""
    do(_doctor(settings_read()))


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
