"""The bot that memory is compared with: ``python -m tests.benchmarks.bare_bot URL TOKEN``.

It imports discord.py and nothing of ours, connects, and does nothing.
"""

from __future__ import annotations

import sys

import discord
from discord.ext import commands
from discord.http import Route


def main(url: str, token: str) -> None:
    """Connect to the Discord at ``url`` until killed."""
    Route.BASE = url
    intents = discord.Intents(guilds=True)
    bot = commands.AutoShardedBot(command_prefix=commands.when_mentioned, intents=intents)
    bot.run(token, log_handler=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
