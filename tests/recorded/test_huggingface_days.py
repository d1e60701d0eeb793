from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from bot.sources.huggingface import parse_item, reading

if TYPE_CHECKING:
    from pathlib import Path


def test_every_recorded_day_is_read_whole(recorded: Path) -> None:
    files = sorted((recorded / "hf" / "daily_papers").glob("*.json"))
    assert len(files) == 75
    for file in files:
        items = json.loads(file.read_bytes())
        day = date.fromisoformat(file.stem)
        read_at = datetime(2026, 9, 1, tzinfo=UTC)
        found = reading(items, day, read_at)
        assert found.unreadable == 0, day
        assert [one.paper.id for one in found.listed] == [item["paper"]["id"] for item in items]
        assert [one.rank for one in found.listed] == list(range(1, len(items) + 1))


def test_every_recorded_paper_is_one_line_a_field(recorded: Path) -> None:
    for file in (recorded / "hf" / "daily_papers").glob("*.json"):
        for item in json.loads(file.read_bytes()):
            paper = parse_item(item)
            texts = (paper.title, paper.abstract, *(author.name for author in paper.authors))
            assert all(text == " ".join(text.split()) and text for text in texts), paper.id
            assert paper.abstract == " ".join(item["paper"]["summary"].split())
            shown = [one for one in item["paper"]["authors"] if not one["hidden"]]
            assert len(paper.authors) == len(shown)
            assert paper.published is not None
            assert (paper.submitter is None) == ("submittedBy" not in item)
            assert paper.upvotes == item["paper"]["upvotes"]
            assert paper.comments == item["numComments"]
            assert (paper.organization is None) == ("organization" not in item)


def test_the_undated_list_is_read_whole(recorded: Path) -> None:
    items = json.loads((recorded / "hf" / "undated_limit30.json").read_bytes())
    found = reading(items, date(2026, 6, 12), datetime(2026, 6, 13, tzinfo=UTC))
    assert len(found.listed) == len(items) == 30
    assert found.unreadable == 0
    votes = [one.upvotes for one in found.listed]
    assert votes == sorted(votes, reverse=True) != [item["paper"]["upvotes"] for item in items]
