from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

from bot.summaries.injection import follows, instructions

if TYPE_CHECKING:
    from pathlib import Path

FLAGGED = 0  # of 13,006; none of them gives a model orders, and a hundred speak of those who do


def test_no_abstract_is_taken_for_an_order_not_even_one_about_them(recorded: Path) -> None:
    with gzip.open(recorded / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for line in lines]
    assert len(papers) == 13_006
    flagged = {p["arxiv_id"] for p in papers if instructions(f"{p['title']}\n\n{p['abstract']}")}
    assert len(flagged) <= FLAGGED, flagged


def test_no_summary_on_hugging_face_is_taken_for_an_obedient_one(recorded: Path) -> None:
    read = 0
    for path in sorted((recorded / "hf" / "daily_papers").glob("*.json")):
        for record in json.loads(path.read_text(encoding="utf-8")):
            if told := record["paper"].get("ai_summary"):
                read += 1
                assert not follows(told, ()), record["paper"]["id"]
    assert read > 500
