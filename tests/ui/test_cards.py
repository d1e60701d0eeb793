from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import ArxivId, Author, Paper
from bot.domain.summaries import Summary
from bot.services.library import Card
from bot.ui import ids
from bot.ui.cards import bibtex, bibtex_view, card_view
from tests.builders import DAY, NOW, paper
from tests.ui import (
    LONG,
    NASTY,
    authors,
    buttons_of,
    check_limits,
    counts,
    live_markdown,
    names,
    paper_ids,
    read_aloud,
    summaries,
    text_of,
    texts,
    texts_of,
)

urls = st.sampled_from(
    [
        None,
        "https://github.com/a/b",
        "https://a.example/" + "x" * 600,
        "javascript:alert(1)",
        "https://[broken",
        "https://localhost",
        "https://münchen.example/ü",
        "https://a.example/with space",
        "https://a.example:99999/",
        "",
    ]
)


def a_summary(**told: Any) -> Summary:
    usual: dict[str, Any] = {
        "tldr": "It is faster by 12%.",
        "objective": "Make it faster.",
        "method": "Look twice.",
        "results": "12% on average.",
        "implications": None,
        "model": "extractive",
        "source": "abstract",
        "prompt": 1,
        "grounded": True,
        "sought": True,
        "written_at": NOW,
    }
    return Summary(**usual | told)


def a_card(summary: Summary | None = None, **told: Any) -> Card:
    return Card(paper=paper(1, **told), day=DAY, summary=summary)


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    return paper(
        1,
        id=draw(paper_ids),
        title=draw(texts),
        abstract=draw(texts),
        authors=tuple(Author(name=name) for name in draw(authors())),
        published=draw(st.sampled_from([None, NOW])),
        upvotes=draw(counts),
        comments=draw(counts),
        ai_keywords=tuple(draw(st.lists(names, max_size=30))),
        categories=draw(st.sampled_from([(), ("cs.CV", "cs.LG")])),
        github_repo=draw(urls),
        github_stars=draw(counts),
        project_page=draw(urls),
        organization=draw(st.one_of(st.none(), names)),
    )


@st.composite
def cards(draw: st.DrawFn) -> Card:
    return Card(
        paper=draw(papers()),
        day=draw(st.sampled_from([None, DAY])),
        summary=draw(st.one_of(st.none(), summaries())),
    )


@given(cards())
async def test_no_paper_makes_a_card_that_discord_would_refuse(card: Card) -> None:
    view = card_view(card)
    check_limits(view.to_components())
    assert view.is_finished()


@pytest.mark.parametrize("nasty", NASTY)
async def test_the_heaviest_card_of_one_text_is_taken(nasty: str) -> None:
    summary = a_summary(
        tldr=nasty, objective=nasty, method=nasty, results=nasty, implications=nasty
    )
    told: dict[str, Any] = {
        "title": nasty,
        "abstract": nasty,
        "authors": (Author(name=nasty),) * 9,
        "ai_keywords": (nasty,) * 30,
        "organization": nasty,
    }
    check_limits(card_view(a_card(summary, **told)).to_components())
    check_limits(card_view(a_card(**told)).to_components())


@given(papers())
async def test_no_paper_makes_a_bibtex_message_that_discord_would_refuse(one: Paper) -> None:
    view = bibtex_view(one)
    check_limits(view.to_components())
    (block,) = texts_of(view.to_components())
    assert block.startswith("```bibtex\n@misc{")
    assert block.endswith("}\n```")
    assert block.count("```") == 2


@pytest.mark.parametrize("nasty", NASTY)
async def test_bibtex_of_a_nasty_text_is_one_block(nasty: str) -> None:
    one = paper(1, title=nasty, authors=(Author(name=nasty),) * (3 if len(nasty) > LONG else 100))
    (block,) = texts_of(bibtex_view(one).to_components())
    check_limits(bibtex_view(one).to_components())
    assert block.count("```") == 2


@given(papers())
def test_the_braces_of_an_entry_balance(one: Paper) -> None:
    said = bibtex(one)
    assert said.count("{") == said.count("}")
    assert re.match(r"@misc\{[a-z0-9]+,\n", said)
    assert len(re.findall(r"(?m)^  \w+ += \{.*\},$", said)) == said.count("\n") - 1


def test_an_entry_reads_as_arxiv_writes_it() -> None:
    one = paper(
        1,
        title="The {Big} Study of Über-Models",
        authors=(Author(name="Ada von Müller"), Author(name="Grace Hopper")),
        published=datetime(2025, 2, 3, tzinfo=UTC),
        categories=("cs.CV", "cs.LG"),
    )
    assert bibtex(one) == (
        "@misc{muller2025study,\n"
        "  title = {{The Big Study of Über-Models}},\n"
        "  author = {Ada von Müller and Grace Hopper},\n"
        "  year = {2025},\n"
        "  eprint = {2502.00001},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass = {cs.CV},\n"
        "  url = {https://arxiv.org/abs/2502.00001},\n"
        "}"
    )


@pytest.mark.parametrize(
    ("text", "year"),
    [("2502.06782", 2025), ("0704.0001", 2007), ("cs/9901001", 1999), ("cs/0301001", 2003)],
)
def test_the_year_is_read_from_the_id_where_no_date_is_known(text: str, year: int) -> None:
    assert f"year = {{{year}}}" in bibtex(paper(1, id=ArxivId(text)))


def test_an_entry_of_a_paper_without_authors_has_a_key_all_the_same() -> None:
    said = bibtex(paper(1, title="On it", authors=()))
    assert said.startswith("@misc{paper2025,\n")
    assert "author" not in said
    assert bibtex(paper(1, title="On it", authors=(Author(name="李明"),))).startswith(
        "@misc{paper2025,\n"
    )


def test_what_latex_would_read_as_its_own_is_escaped_in_an_entry() -> None:
    said = bibtex(paper(1, title=r"Up 5\% at $10 & more_or_less #1"))
    assert r"title = {{Up 5\% at \$10 \& more\_or\_less \#1}}" in said


def test_a_collaborations_authors_end_in_others() -> None:
    people = tuple(Author(name=f"Person Number{number}") for number in range(664))
    said = bibtex(paper(1, authors=people))
    assert "Person Number0 and " in said
    assert " and others}" in said
    assert len(said) < 4000


async def test_a_card_says_who_when_and_how_liked() -> None:
    card = a_card(a_summary(), upvotes=1234, comments=1, organization="A_Lab")
    head = texts_of(card_view(card).to_components())[0]
    lines = head.replace("\u00a0", " ").split("\n")
    assert lines[0] == "### [A study of thing 1](https://arxiv.org/abs/2502.00001)"
    assert lines[1] == "Ada Lovelace, Grace Hopper"
    assert lines[2] == ("-# arXiv 2502.00001 · listed 11 Feb 2025 · ▲ 1,234 · 1 comment · A\\_Lab")


async def test_a_card_of_a_paper_that_was_never_listed_says_when_it_was_published() -> None:
    card = Card(
        paper=paper(1, published=datetime(2025, 2, 3, tzinfo=UTC), upvotes=None, authors=()),
        day=None,
        summary=None,
    )
    assert texts_of(card_view(card).to_components())[0].split("\n")[1:] == [
        "-# arXiv 2502.00001 · 3 Feb 2025"
    ]
    nowhere = replace(card, paper=replace(card.paper, published=None))
    assert texts_of(card_view(nowhere).to_components())[0].endswith("-# arXiv 2502.00001")


async def test_a_card_says_the_five_parts_and_what_is_not_stated() -> None:
    said = text_of(card_view(a_card(a_summary(results=None))))
    assert "**TL;DR**  It is faster by 12%." in said
    assert "**Objective**  Make it faster." in said
    assert "-# Results: no figure stated in the abstract" in said
    assert "-# Implications: not stated in the abstract" in said


async def test_a_card_says_no_sentence_twice_and_what_results_lack() -> None:
    said = text_of(card_view(a_card(a_summary(method="It is faster by 12%."))))
    assert said.count("It is faster by 12%.") == 1
    assert "-# Method: said by the TL;DR" in said
    assert "no figure" not in said
    said = text_of(card_view(a_card(a_summary(results="It is faster."))))
    assert "**Results**  It is faster.\n\n-# no figure stated in the abstract" in said


async def test_a_card_whose_parts_nobody_looked_for_shows_the_abstract() -> None:
    said = text_of(card_view(a_card(a_summary(sought=False, model="ai_summary"))))
    assert "**TL;DR**" in said
    assert "**Abstract**  We study thing 1." in said
    assert "Objective" not in said


async def test_a_card_of_which_nothing_is_known_says_so() -> None:
    said = text_of(card_view(a_card(abstract="")))
    assert "No abstract and no summary are known of this paper yet." in said
    with_tldr = a_card(a_summary(sought=False), abstract="")
    assert "No abstract" not in text_of(card_view(with_tldr))


@pytest.mark.parametrize(
    ("told", "badge"),
    [
        ({}, "Sentences of the abstract · figures checked against the abstract"),
        ({"grounded": None}, "Sentences of the abstract · figures not checked"),
        ({"grounded": False, "model": "gpt_5", "source": "full text"}, "Summary by gpt_5"),
        (
            {"model": "some-model", "source": "full text"},
            "Summary by some-model · figures checked against the full text",
        ),
        (
            {"model": "ai_summary", "grounded": None},
            "TL;DR by Hugging Face's ai_summary, the rest from the abstract · figures not checked",
        ),
        (
            {"model": "ai_summary", "objective": None, "method": None, "results": None},
            "TL;DR by Hugging Face's ai_summary · figures checked against the abstract",
        ),
    ],
)
async def test_a_card_says_who_wrote_it_and_what_was_checked(
    told: dict[str, Any], badge: str
) -> None:
    foot = texts_of(card_view(a_card(a_summary(**told))).to_components())[-1]
    assert read_aloud(foot.split("\n")[-1].removeprefix("-# ")) == f"{badge} · 12 Feb 2025"


async def test_a_card_names_what_the_source_does_not_have_and_warns_quietly() -> None:
    told = a_summary(model="gpt-x", source="full text", unknown_names=("ImageNet", "<@1>"))
    text = text_of(card_view(a_card(told)))
    assert "Summary by gpt-x · figures checked against the full text" in text
    assert "Named here, but not in the full text: ImageNet, \\<\\@1\\>" in text
    assert "⚠" not in text
    warned = text_of(card_view(a_card(replace(told, suspicious=True))))
    assert "-# ⚠ This paper holds text that speaks to language models" in warned


async def test_keywords_are_listed_safely() -> None:
    said = text_of(card_view(a_card(ai_keywords=("a_b", "@everyone", "c*d"))))
    line = next(one for one in said.split("\n") if one.startswith("-# Keywords: "))
    assert read_aloud(line) == "-# Keywords: a_b, @everyone, c*d"
    assert live_markdown(line.removeprefix("-# ")) == []


async def test_a_cards_buttons_lead_to_every_place_there_is() -> None:
    card = a_card(
        github_repo="https://github.com/a/b", github_stars=1234, project_page="https://p.example"
    )
    found = {one["label"]: one.get("url") for one in buttons_of(card_view(card))}
    assert found == {
        "arXiv": "https://arxiv.org/abs/2502.00001",
        "PDF": "https://arxiv.org/pdf/2502.00001",
        "Hugging Face": "https://huggingface.co/papers/2502.00001",
        "Code ★ 1,234": "https://github.com/a/b",
        "Project": "https://p.example",
        "Related": None,
        "BibTeX": None,
    }
    (near,) = [one for one in buttons_of(card_view(card)) if one["label"] == "Related"]
    assert near["custom_id"] == f"near:{card.paper.id}"
    (bib,) = [one for one in buttons_of(card_view(card)) if one["label"] == "BibTeX"]
    assert bib["custom_id"] == ids.bibtex(card.paper.id)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://a.example/x",
        "https://[broken",
        "https://localhost/x",
        "https://münchen.example/",
        "https://a.example/with space",
        "https://a.example:99999/",
        "https://a.example/" + "x" * 500,
        "",
    ],
)
async def test_an_address_that_discord_would_refuse_gets_no_button(address: str) -> None:
    found = [one["label"] for one in buttons_of(card_view(a_card(project_page=address)))]
    assert found == ["arXiv", "PDF", "Hugging Face", "Related", "BibTeX"]
