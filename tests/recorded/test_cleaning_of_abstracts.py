from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING

from bot.summaries.cleaning import cleaned
from bot.summaries.sentences import split_sentences

if TYPE_CHECKING:
    from pathlib import Path

EVERY = 20  # of all papers; over all of them the share was 4.5 % and every cause one of these
CAUSE = re.compile(
    r"://|www\.|\b(?:[\w-]+\.)+(?:com|org|io|ai|co|net|gov)/|\*\S|\S\*|`[^'`]+`|(?<!\w)_\w|_(?!\w)"
    r"|^\W*\(?(?:\d{1,2}|[a-e]|[ivx]+)[.)](?:\s|[.~]|$)|^[>\u2022-]|^[\w\s;.-]{2,40}:\s"
    r"|[\x00-\x1f\u200b-\u200d\u2061-\u2064\ufe0f]|<\w+>"
    r"|^(?:If you|Feel free|Okay|Here is|Let me know)\b"
)


def test_a_sentence_of_an_abstract_is_changed_only_for_cause(recorded: Path) -> None:
    with gzip.open(recorded / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        abstracts = [json.loads(line)["abstract"] for line in lines][::EVERY]
    sentences = [
        " ".join(sentence.split()) for text in abstracts for sentence in split_sentences(text)
    ]
    changed = [sentence for sentence in sentences if cleaned(sentence) != sentence]
    assert [sentence for sentence in changed if not CAUSE.search(sentence)] == []
    assert len(sentences) > 5_000
    assert len(changed) / len(sentences) < 0.06
