from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.domain.archives import plain_text
from bot.sources.archive import parse_archive
from bot.summaries.imported import split_imported
from bot.summaries.injection import follows, instructions

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EACH = 4  # of the others so many are enough, and quick; all were read when the rules were written
SUBJECT = re.compile(
    r"inject|jailbreak|instruction|prompt attack|reviewer|adversarial", re.IGNORECASE
)
FLAGGED = 0  # of 13,006; none of them gives a model orders, and a hundred speak of those who do


def test_no_abstract_is_taken_for_an_order_not_even_one_about_them(recorded: Path) -> None:
    with gzip.open(recorded / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for line in lines]
    assert len(papers) == 13_006
    some = [one for place, one in enumerate(papers) if not place % EACH or SUBJECT.search(str(one))]
    flagged = {p["arxiv_id"] for p in some if instructions(f"{p['title']}\n\n{p['abstract']}")}
    assert len(flagged) <= FLAGGED, flagged


def test_no_summary_on_hugging_face_is_taken_for_an_obedient_one(recorded: Path) -> None:
    read = 0
    for path in sorted((recorded / "hf" / "daily_papers").glob("*.json")):
        for record in json.loads(path.read_text(encoding="utf-8")):
            if told := record["paper"].get("ai_summary"):
                read += 1
                assert not follows(told, ()), record["paper"]["id"]
    assert read > 500


def test_no_published_summary_is_taken_for_an_obedient_one(recorded: Path) -> None:
    read = 0
    for path in sorted((recorded / "archive").rglob("*.md")):
        for row in parse_archive(path.read_bytes().decode(), path.name).rows:
            summary = split_imported(plain_text(row.summary), NOW)
            read += 1
            told = " ".join(part for _, part in summary.parts() if part)
            assert not follows(told, ()), row.paper_id
    assert read == 897
