from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.domain.papers import ArxivId
from bot.errors import SourceUnreachable
from tests.builders import paper
from tests.cogs.conftest import answer, labels, said
from tests.ui import NASTY, check_limits

if TYPE_CHECKING:
    from tests.cogs.conftest import Stage


@pytest.mark.parametrize(
    "named",
    [
        "2502.00002",
        "2502.00002v3",
        "arXiv:2502.00002",
        "https://arxiv.org/abs/2502.00002",
        "https://arxiv.org/pdf/2502.00002v1",
        "https://huggingface.co/papers/2502.00002",
        "thing 2",
    ],
)
async def test_a_papers_card_is_shown_to_the_person_who_asked(stage: Stage, named: str) -> None:
    result = await stage.reader.slash(stage.channel, "paper", paper=named)
    assert stage.env.http_requests[-2].json == {"type": 5, "data": {"flags": 64}}
    assert answer(result).ephemeral
    assert "[A study of thing 2](https://arxiv.org/abs/2502.00002)" in said(result)
    assert labels(answer(result)) == ["arXiv", "PDF", "Hugging Face", "Related", "BibTeX"]


async def test_the_card_says_the_day_that_listed_the_paper(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "paper", paper="2502.00002")
    assert "listed 11 Feb 2025" in said(result)


async def test_a_paper_that_is_not_stored_is_fetched_and_kept(stage: Stage) -> None:
    stage.source.papers[ArxivId("2401.00009")] = paper(9, id=ArxivId("2401.00009"), title="Afar")
    first = await stage.reader.slash(stage.channel, "paper", paper="2401.00009")
    stage.source.failure = SourceUnreachable("down")
    again = await stage.reader.slash(stage.channel, "paper", paper="2401.00009")
    assert "[Afar]" in said(first)
    assert "[Afar]" in said(again)


async def test_an_id_that_no_source_has_is_answered_kindly(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "paper", paper="2401.99999")
    assert answer(result).ephemeral
    assert said(result) == "There is no paper 2401.99999 on Hugging Face or arXiv; check the id."


@pytest.mark.parametrize("text", ["nonsense", "@everyone", "<@77>", "   ", "%"])
async def test_what_names_no_one_paper_is_answered_with_what_would(stage: Stage, text: str) -> None:
    result = await stage.reader.slash(stage.channel, "paper", paper=text)
    assert answer(result).ephemeral
    assert "is not an arXiv id" in said(result)
    assert "<@1>" not in said(result)


async def test_a_title_that_many_have_is_answered_with_what_would_tell_them_apart(
    stage: Stage,
) -> None:
    result = await stage.reader.slash(stage.channel, "paper", paper="study")
    assert said(result).startswith("“study” fits 3 papers; pick one from the list")


async def test_a_source_that_is_down_is_told(stage: Stage) -> None:
    stage.source.failure = SourceUnreachable("Hugging Face answered 500: try again *later*")
    result = await stage.reader.slash(stage.channel, "paper", paper="2401.00001")
    assert answer(result).ephemeral
    assert said(result) == "Hugging Face answered 500: try again \\*later\\*"


async def test_a_card_is_shown_in_a_direct_message(stage: Stage) -> None:
    result = await stage.reader.user.slash("paper", paper="2502.00001")
    assert "A study of thing 1" in said(result)


@pytest.mark.parametrize("nasty", [one for one in NASTY if "\ud800" not in one])
async def test_a_paper_with_a_nasty_text_is_taken_by_discord(stage: Stage, nasty: str) -> None:
    await stage.list_papers(paper(7, title=nasty or "?", abstract=nasty))
    result = await stage.reader.slash(stage.channel, "paper", paper="2502.00007")
    check_limits(answer(result).components)
