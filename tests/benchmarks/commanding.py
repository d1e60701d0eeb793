"""The bot whose /papers is timed: ``python -m tests.benchmarks.commanding DATABASE``.

It is the whole bot in a simulated Discord, and prints its figures as JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from pathlib import Path

from simcord.env import Env

from bot.app import furnish
from bot.client import Paperboy
from bot.settings import Settings
from bot.storage.database import Database
from tests.benchmarks.corpus import SEED
from tests.benchmarks.searching import answered, quantiles, timed
from tests.builders import FakeSource
from tests.recorded.corpus import END

COMMANDS = 40


async def main(path: Path) -> None:
    """Measure it over one database."""
    async with Database.open(path) as database:
        figures = await _commanded(database)
    sys.stdout.write(json.dumps(figures))


async def _commanded(database: Database) -> dict[str, float]:
    """Time /papers in the whole bot, in a simulated Discord, and /help beside it."""
    settings, source = Settings(_env_file=None, database_path=database.path), FakeSource()
    house = furnish(database, settings, source, (source,), now=lambda: END)
    async with database.transaction() as connection:  # this Discord was told of no command yet
        await connection.execute("DELETE FROM facts WHERE name GLOB 'commands.*'")
    bot = Paperboy(house.services, shard_count=1)
    house.publisher.attach(bot)
    env = Env(bot)
    await env.start()
    try:
        guild = env.create_guild("Reading group")
        channel = guild.create_text_channel("papers")
        reader = guild.add_member(env.create_user("grace"))
        await env.settle()
        queries = await answered(house.services.search)
        some = random.Random(SEED).sample(queries, COMMANDS)  # noqa: S311
        await reader.slash(channel, "papers", topic=some[0])
        papers = await timed(lambda one: reader.slash(channel, "papers", topic=one), some)
        usual = await timed(lambda _: reader.slash(channel, "help"), some)
    finally:
        await env.shutdown()
        await bot.close()
    return quantiles("/papers", papers) | quantiles("/help", usual)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
