from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

import pytest

from bot.domain.papers import arxiv_id
from bot.domain.summaries import PARTS

SAMPLE: dict[str, Any] = json.loads(
    files("bot").joinpath("demo", "sample", "2025-02-11.json").read_text(encoding="utf-8")
)
PAPERS: list[dict[str, Any]] = SAMPLE["papers"]
MARKDOWN = re.compile(r"[*_`~|<>\\\[\]$]|^(?:#{1,3} |- |> |\d+\. )|https?:", re.MULTILINE)

each_paper = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper["id"])


def test_the_sample_is_the_whole_reference_day() -> None:
    assert SAMPLE["day"] == "2025-02-11"
    assert len(PAPERS) == 21
    assert len({paper["id"] for paper in PAPERS}) == 21


def test_the_most_upvoted_paper_comes_first() -> None:
    ordered = sorted(PAPERS, key=lambda paper: (-paper["upvotes"], paper["id"]))
    assert [paper["id"] for paper in PAPERS] == [paper["id"] for paper in ordered]
    assert PAPERS[0]["upvotes"] == 24


@each_paper
def test_every_paper_says_who_wrote_what(paper: dict[str, Any]) -> None:
    assert set(paper) == {
        "id", "title", "authors", "upvotes", "keywords", "github", "project", "summary",
    }  # fmt: skip
    assert arxiv_id(paper["id"]) == paper["id"]
    assert paper["title"] == " ".join(paper["title"].split()) != ""
    assert 1 <= len(paper["authors"]) <= 5
    assert all(name and name == name.strip() for name in paper["authors"])


@each_paper
def test_keywords_are_few_and_short(paper: dict[str, Any]) -> None:
    assert 3 <= len(set(paper["keywords"])) == len(paper["keywords"]) <= 6
    assert all(3 <= len(word) <= 32 for word in paper["keywords"])


@each_paper
def test_links_are_where_they_say(paper: dict[str, Any]) -> None:
    assert paper["github"] is None or paper["github"].startswith("https://github.com/")
    assert paper["project"] is None or paper["project"].startswith("https://")


@each_paper
def test_every_part_is_there_and_short(paper: dict[str, Any]) -> None:
    summary = paper["summary"]
    assert tuple(summary) == PARTS
    assert 60 <= len(summary["tldr"]) <= 200
    assert all(20 <= len(summary[part]) <= 320 for part in PARTS[1:])


@each_paper
def test_the_summary_is_plain_sentences(paper: dict[str, Any]) -> None:
    for part, text in paper["summary"].items():
        assert not MARKDOWN.search(text), part
        assert text == " ".join(text.split())
        assert text[0].isupper() or text[0].isdigit()
        assert text.endswith(".")
        assert len(re.findall(r"[.!?](?=\s|$)", text)) <= (1 if part == "tldr" else 2), part
