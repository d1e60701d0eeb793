"""What is suggested while somebody types: papers by title or id, and topics."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.app import furnish
from bot.domain.papers import ArxivId, Author
from bot.settings import Settings
from bot.storage.papers import PaperStore
from tests.builders import NOW, FakeSource, paper

if TYPE_CHECKING:
    from bot.services.search import PaperSearch
    from bot.storage.database import Database


@pytest.fixture
def search(database: Database) -> PaperSearch:
    settings = Settings(_env_file=None, database_path=database.path)
    source = FakeSource()
    return furnish(database, settings, source, (source,), now=lambda: NOW).services.search


@pytest.fixture
async def papers(search: PaperSearch, database: Database) -> list[str]:
    odd = paper(3, title="Δ-Former: 100% _better_ diffusion models")
    old = paper(id=ArxivId("cs/9901001"), title="Robert'); DROP TABLE papers;--")
    stored = [paper(1), paper(2, title="A Study of Splatting Things"), odd, old]
    await PaperStore(database).save(stored, NOW)
    return [one.id for one in stored]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("STUDY of thing", [1, 0]),
        ("study of thing 1", [0]),
        ("Δ-former", [2]),
        ("100% _", [2]),
        ("diffusion mod", [2]),
        ("splat", [1]),
        ("splatted", [1]),
        ("2502.0000", [2, 1, 0]),
        ("2502.00002", [1]),
        ("02.00002", []),
        ("https://arxiv.org/abs/2502.00001v3", [0]),
        ("https://huggingface.co/papers/2502.99999", []),
        ("CS/99", [3]),
        ("'); DROP", [3]),
        ("", [3, 2, 1, 0]),
        ("?!", []),
    ],
)
async def test_papers_are_suggested_by_the_words_of_their_title_and_the_beginning_of_their_id(
    search: PaperSearch, papers: list[str], typed: str, wanted: list[int]
) -> None:
    found = [one.id for one in await search.papers(typed, 25)]
    assert found == [papers[at] for at in wanted]


async def test_a_whole_title_comes_before_titles_that_have_its_words(
    search: PaperSearch, database: Database
) -> None:
    titled = [paper(1, title="World models"), paper(2, title="World models of the world")]
    await PaperStore(database).save(titled, NOW)
    assert [one.title for one in await search.papers("world MODELS", 1)] == ["World models"]


async def test_topics_are_suggested_from_what_papers_are_about(
    search: PaperSearch, database: Database
) -> None:
    keywords = ("video diffusion models", "Gaussian splatting")
    for number in (1, 2):
        told = paper(
            number, ai_keywords=keywords, categories=("cs.CV",), authors=(Author(name="Ada Byron"),)
        )
        await PaperStore(database).save([told], NOW + timedelta(minutes=number))
    assert await search.topics("video d", 5) == ['"video diffusion models"']
    assert await search.topics("fast gauss", 5) == ['fast "Gaussian splatting"']
    assert await search.topics("author:by", 5) == ['author:"Ada Byron"']
    assert await search.topics("cat:cs", 5) == ["cat:cs.CV"]
    assert set(await search.topics("", 5)) >= {'"video diffusion models"'}
    assert len(await search.topics("", 1)) == 1
    assert await search.topics("zzz", 5) == []
