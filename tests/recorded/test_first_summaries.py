from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.domain.papers import ArxivId, Paper, Source
from bot.summaries.extractive import Extractive
from bot.summaries.grounding import ungrounded
from bot.summaries.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 8, 8, tzinfo=UTC)


def papers(recorded: Path) -> Iterator[Paper]:
    for path in sorted((recorded / "hf" / "daily_papers").glob("*.json")):
        for record in json.loads(path.read_text(encoding="utf-8")):
            yield paper(record["paper"])


def paper(raw: dict[str, Any]) -> Paper:
    told = raw.get("ai_summary")
    return Paper(
        id=ArxivId(raw["id"]),
        title=one_line(raw["title"]),
        abstract=one_line(raw["summary"]),
        ai_summary=one_line(told) if told else None,
        source=Source.HUGGING_FACE,
    )


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_every_paper_with_an_abstract_gets_parts_that_its_abstract_bears_out(
    recorded: Path,
) -> None:
    read = 0
    for one in papers(recorded):
        if not one.abstract:
            continue
        read += 1
        summary = Extractive().summarize(one, NOW)
        assert summary.tldr, one.id
        assert summary.grounded, one.id
        assert ungrounded(summary.tldr, one.abstract) == (), one.id
        if summary.model == "extractive":
            assert summary.tldr in one.abstract, one.id
        else:
            assert summary.model == "ai_summary"
            assert one.ai_summary is not None
            assert one.ai_summary.startswith(summary.tldr), one.id
        for name, part in summary.parts()[1:]:
            for sentence in split_sentences(part or ""):
                assert sentence in one.abstract, (one.id, name)
            assert not ungrounded(part or "", one.abstract), (one.id, name)
    assert read > 1_000
