"""The command line: thin, one service call a command."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click

from bot.cli import bot, files, papers
from bot.cli.group import paperboy
from bot.errors import PaperboyError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DONE", "FAILED", "INTERRUPTED", "MISUSED", "bot", "files", "main", "papers", "run"]

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130


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
