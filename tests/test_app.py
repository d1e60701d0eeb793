"""The composition root: everything wired, opened and closed again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot import app, network
from bot.errors import DatabaseError, SettingsError, SourceError
from bot.settings import Settings
from bot.sources.http import at_once
from bot.storage.database import Database, running_lock
from bot.storage.records import FactStore
from tests.builders import DAY, NOW, FakeSource, paper, reading

if TYPE_CHECKING:
    from pathlib import Path

    from bot.app import House
    from bot.domain.papers import ArxivId
    from tests.builders import Clock

NOWHERE = "http://127.0.0.1:1"


def settings(folder: Path, **told: Any) -> Settings:
    usual: dict[str, Any] = {
        "database_path": folder / "paperboy.db",
        "hf_base_url": NOWHERE,
        "arxiv_api_url": f"{NOWHERE}/api/query",
    }
    return Settings(_env_file=None, **usual | told)


async def test_what_is_furnished_works_together(
    house: House, source: FakeSource, clock: Clock
) -> None:
    source.readings = {DAY: reading(paper())}
    assert house.services.now is clock
    await house.services.daily.collect(NOW)
    digest = await house.services.library.digest(DAY, NOW)
    assert [card.paper for card in digest.cards] == [paper()]
    assert (await house.services.status.gather(None, NOW)).papers == 1


async def test_the_default_clock_is_aware_and_in_utc() -> None:
    offset = network.utc_now().utcoffset()
    assert offset is not None
    assert not offset


async def test_a_house_is_opened_and_closed_and_keeps_what_was_stored(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    async with app.opened(chosen) as house:
        await house.services.facts.set("a", "1")
        database = house.database
    with pytest.raises(ValueError, match="no active connection"):
        await database.all("SELECT 1")
    async with Database.open(chosen.database_path) as again:
        assert await FactStore(again).get("a") == "1"


async def test_a_house_is_closed_after_a_failure_too(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        async with app.opened(settings(tmp_path)) as house:
            raise ZeroDivisionError
    with pytest.raises(ValueError, match="no active connection"):
        await house.database.all("SELECT 1")


async def test_a_wrong_database_path_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    wrong = settings(tmp_path, database_path=tmp_path / "file" / "paperboy.db")
    with pytest.raises(DatabaseError, match="cannot be made"):
        async with app.opened(wrong):
            pass


async def test_every_other_command_works_beside_a_running_bot(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    with running_lock(chosen.database_path):
        async with app.opened(chosen) as bot, app.opened(chosen) as command:
            await bot.services.facts.set("a", "1")
            await command.services.facts.set("b", "2")
            assert await bot.services.facts.get("b") == "2"
            await command.database.backup(tmp_path / "copy.db")


async def test_arxivs_gate_is_kept_in_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    class Api:
        """arXiv's place, which books its moment and knows nothing."""

        def __init__(self, http: object, url: str, *, reserve: Any) -> None:
            self.reserve = reserve
            self.turn = at_once

        async def paper(self, paper_id: ArxivId) -> None:
            waits.append(await self.reserve())

    class Nothing(FakeSource):
        """Hugging Face's place, without papers."""

        def __init__(self, *_: object, **__: object) -> None:
            super().__init__()

    monkeypatch.setattr(network, "ArxivApi", Api)
    monkeypatch.setattr(network, "HuggingFaceDaily", Nothing)
    for _ in range(2):
        async with app.opened(settings(tmp_path)) as house:
            with pytest.raises((SourceError, Exception), match="no paper 2502"):
                await house.services.library.card("2502.00009", NOW)
    assert waits[0] == 0
    assert 0 < waits[1] <= network.ARXIV_APART.total_seconds()


async def test_a_model_without_its_extra_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "find_spec", lambda name: None if name == "openai" else name)
    told = {"llm_base_url": "http://localhost/v1", "llm_model": "gpt-x"}
    with pytest.raises(SettingsError, match="the extra for models is not installed"):
        async with app.opened(settings(tmp_path, **told)):
            pass
    async with app.opened(settings(tmp_path)):  # nobody else needs it
        pass
