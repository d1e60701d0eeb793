from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest

from bot.domain.papers import ArxivId, FullText
from bot.sources.fulltext import ArxivFullText
from bot.sources.http import SourceHttp, at_once
from bot.summaries.grounding import numbers

if TYPE_CHECKING:
    from pathlib import Path


class Known(NamedTuple):
    """What stands in a recorded document, and what a text of its main part must not have."""

    name: str
    title: str
    abstract: str
    headings: tuple[str, ...]
    gone: tuple[str, ...]
    length: int


KNOWN = (
    Known(
        name="1307.8133.html",
        title="Slow axial drift in three-dimensional granular tumbler flow",
        abstract="Models of monodisperse particle flow in partially filled three-dimensional ",
        headings=("Abstract", "I Introduction", "II Band Deformation", "V Conclusion"),
        gone=("Northwestern University", "2nd ed., Advanced Series", "Phys. Fluids", "LaTeXML"),
        length=39_756,
    ),
    Known(
        name="bitnet_a4.8.pdf",
        title="BitNet a4.8: 4-bit Activations for 1-bit LLMs",
        abstract="Recent research on the 1-bit Large Language Models (LLMs), such as BitNet b1.58 ",
        headings=("Abstract", "1 Introduction", "4 Conclusion", "5 Acknowledgements"),
        gone=("CoRR, abs/2404.00456", "Quarot", "arXiv:2411.04965v1"),
        length=21_261,
    ),
    Known(
        name="thanos.pdf",
        title="THANOS : Enhancing Conversational Agents with Skill-of-Mind-Infused",
        abstract="To increase social bonding with interlocutors, humans naturally acquire ",
        headings=("Abstract", "1 Introduction", "6 Conclusion", "Limitations"),
        gone=("Gpt-4 technical report", "arXiv preprint", "{user persona}"),
        length=41_399,
    ),
)


async def read(folder: Path, name: str) -> FullText:
    """Read a recorded document as arXiv serves it."""
    body = (folder / "arxiv" / "fulltext" / name).read_bytes()
    form = name.rpartition(".")[2]

    def serve(request: httpx.Request) -> httpx.Response:
        found = f"/{form}/" in request.url.path
        return httpx.Response(200, content=body) if found else httpx.Response(404)

    http = SourceHttp(client=httpx.AsyncClient(transport=httpx.MockTransport(serve)), name="arXiv")
    source = ArxivFullText(http, "https://arxiv.test", turn=at_once)
    text = await source.read(ArxivId("2411.04965"))
    assert text.form == form
    return text


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.name)
async def test_a_recorded_paper_is_its_main_part(recorded: Path, known: Known) -> None:
    paper = await read(recorded, known.name)
    lines = paper.text.split("\n")
    assert lines[0] == known.title
    assert any(line.startswith(known.abstract) for line in lines)
    places = [lines.index(heading) for heading in known.headings]
    assert places == sorted(places)
    assert all(lines[place - 1] == lines[place + 1] == "" for place in places)
    assert [words for words in known.gone if words in paper.text] == []
    assert len(paper.text) == pytest.approx(known.length, rel=0.05)
    assert not paper.hidden
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\ufffd]", paper.text)


async def test_the_figures_of_a_recorded_table_can_be_grounded(recorded: Path) -> None:
    page = (await read(recorded, "1307.8133.html")).text
    assert "Simulation | 30 | 0.586\\pm 0.009 | 0.129\\pm 0.006 | 27" in page.split("\n")
    assert "diameters of 8–14 cm" in page  # repaired: it was encoded twice
    pdf = (await read(recorded, "bitnet_a4.8.pdf")).text
    assert {"0.586", "0.129"} <= numbers(page)
    assert {"1.58", "55", "4.8"} <= numbers(pdf)


async def test_recorded_words_that_a_line_broke_are_whole(recorded: Path) -> None:
    text = (await read(recorded, "thanos.pdf")).text
    assert "by considering which conversational skill is most suitable for the response" in text
    assert "we propose a skill-of-mind-annotated conversation dataset" in text
    halves = re.findall(r"\w{3,}- (?!and|or|to|that)[a-z]\w+", text)
    assert len(halves) <= 2, halves
