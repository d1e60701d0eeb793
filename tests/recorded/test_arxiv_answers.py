from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx

from bot.domain.papers import ArxivId
from bot.sources.arxiv import ArxivApi, parse_page
from bot.sources.http import Answer, SourceHttp

if TYPE_CHECKING:
    from pathlib import Path


def served(folder: Path, name: str) -> ArxivApi:
    [file] = folder.glob(name)

    async def reserve() -> float:
        return 0.0

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=file.read_bytes()))
    http = SourceHttp(client=httpx.AsyncClient(transport=transport), name="arXiv")
    return ArxivApi(http, "https://arxiv.test/api/query", reserve=reserve)


def test_every_recorded_answer_is_read_whole(recorded: Path) -> None:
    files = sorted((recorded / "arxiv" / "atom").glob("*.xml"))
    assert len(files) == 16
    for file in files:
        page = parse_page(Answer(status=200, body=file.read_bytes()), start=0, what=file.name)
        assert page.entries == len(page.papers) == file.read_text().count("<entry>"), file.name
        assert page.total >= page.entries
        for paper in page.papers:
            texts = (paper.title, paper.abstract, *(author.name for author in paper.authors))
            assert all(text and text == " ".join(text.split()) for text in texts), paper.id
            assert re.fullmatch(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}", paper.id)
            assert paper.published is not None
            assert paper.categories


async def test_an_unknown_id_beside_a_known_one_is_left_out(recorded: Path) -> None:
    api = served(recorded / "arxiv" / "atom", "id_0808.05394_1707.08567_*.xml")
    known = ArxivId("1707.08567")
    assert list(await api.papers([ArxivId("0808.05394"), known])) == [known]


async def test_an_unknown_id_alone_is_none(recorded: Path) -> None:
    api = served(recorded / "arxiv" / "atom", "id_0808.05394_s0_*.xml")
    assert await api.paper(ArxivId("0808.05394")) is None


async def test_old_ids_are_found(recorded: Path) -> None:
    for name in ("astro-ph/0601001", "quant-ph/0201082"):
        api = served(recorded / "arxiv" / "atom", f"id_{name.replace('/', '_')}*.xml")
        paper = await api.paper(ArxivId(name))
        assert paper is not None
        assert paper.id == name
