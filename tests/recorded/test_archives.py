"""The published digests: every row is read, and what was well-formed is written as it was."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.domain.archives import plain_text
from bot.domain.summaries import PARTS
from bot.sources.archive import parse_archive, render_archive
from bot.summaries.imported import split_imported

if TYPE_CHECKING:
    from pathlib import Path

    from bot.domain.archives import ArchiveDay

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WELL_FORMED = {
    "2024/09/10", "2024/09/11", "2024/09/12", "2024/09/19", "2024/10/16", "2024/10/30",
    "2024/11/15", "2024/11/22", "2024/12/05", "2024/12/11", "2024/12/18", "2024/12/20",
    "2024/12/31", "2025/01/02", "2025/01/13", "2025/01/23", "2025/01/30", "2025/02/11",
    "2025/02/14", "2025/02/18", "2025/03/10", "2025/10/15", "2025/10/17",
}  # fmt: skip
WELL_FORMED_LINE = re.compile(
    r"\| [^|]*\(Read more on \[arXiv\]\([^|]*\| [^|]* \| [^|]* \||\|[- |]+\||\| Title [^|]*\|.*"
)


@pytest.fixture
def texts(recorded: Path) -> dict[str, str]:
    folder = recorded / "archive"
    return {
        path.relative_to(folder).with_suffix("").as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*.md"))
    }


@pytest.fixture
def days(texts: dict[str, str]) -> dict[str, ArchiveDay]:
    return {name: parse_archive(text, f"{name}.md") for name, text in texts.items()}


def words_of(text: str) -> str:
    """Return a text without its emphasis."""
    return re.sub(r"(?<!\w)\*{1,2}([^*]+)\*{1,2}", r"\1", text.replace("`", ""))


def is_well_formed(text: str) -> bool:
    lines = text.replace("\\|", "/").split("\n")
    table = [line for line in lines if line and not line.startswith("## Papers for ")]
    return "| Link |" not in text and all(WELL_FORMED_LINE.fullmatch(line) for line in table)


def test_every_row_is_read_with_its_paper(
    texts: dict[str, str], days: dict[str, ArchiveDay]
) -> None:
    assert len(days) == 51
    for name, text in texts.items():
        linked = re.findall(r"arxiv\.org/abs/(\d{4}\.\d{5})\)", text)
        assert [row.paper_id for row in days[name].rows] == linked, name
        assert [row.position for row in days[name].rows] == list(range(1, len(linked) + 1))
        assert f"{days[name].day:%Y/%m/%d}" == name
    assert sum(len(day.rows) for day in days.values()) == 897


def test_every_cell_is_what_it_should_be(days: dict[str, ArchiveDay]) -> None:
    rows = [row for day in days.values() for row in day.rows]
    assert all(row.title == row.title.strip() and len(row.title) > 3 for row in rows)
    assert not any("Read more" in row.title or "http" in row.title for row in rows)
    assert all(len(row.authors.split(", ")) <= 5 and len(row.authors) < 120 for row in rows)
    assert sum(not row.authors for row in rows) == 115
    assert all(len(row.summary) > 200 for row in rows)


def test_the_well_formed_files_are_written_back_byte_for_byte(
    texts: dict[str, str], days: dict[str, ArchiveDay]
) -> None:
    assert {name for name, text in texts.items() if is_well_formed(text)} == WELL_FORMED
    assert len(WELL_FORMED) == 23
    same = {name for name, text in texts.items() if render_archive(days[name]) == text}
    assert same == WELL_FORMED


def test_the_others_are_written_without_their_defects(days: dict[str, ArchiveDay]) -> None:
    for name, day in days.items():
        text = render_archive(day)
        assert is_well_formed(text), name
        assert parse_archive(text, name) == day


def test_every_summary_has_a_tldr_and_nearly_every_one_each_part(
    days: dict[str, ArchiveDay],
) -> None:
    count: Counter[str] = Counter()
    cells = [plain_text(row.summary) for day in days.values() for row in day.rows]
    for cell in cells:
        summary = split_imported(cell, NOW)
        assert summary.tldr
        assert summary.tldr in words_of(cell)
        assert not re.match(r"(?i)here('s| is)|okay|sure|[-*#]|\(?[ivx]+\)", summary.tldr)
        count.update(name for name, text in summary.parts() if text)
    share = {name: count[name] / len(cells) for name in PARTS}
    assert share["tldr"] == 1
    assert share["objective"] > 0.92
    assert share["method"] > 0.98
    assert share["results"] > 0.98
    assert share["implications"] > 0.99


def test_no_part_of_a_summary_has_chatter_or_markup(days: dict[str, ArchiveDay]) -> None:
    form = re.compile(
        r"`|\*\*|(?<!\w)\*|\]\(|://|www\.|</?[a-z]|<[@#:]|@everyone|(?:^|\s)#+\s|^[-\u2022]\s"
        r"|(?<!\w)_\w[^_]*_(?!\w)|(?i:\bhere(?:'s| is) (?:a|the)\b|let me know|i hope|\bsure[,!]"
        r"|^okay|follow-up question|would you like"
        r"|^(?:summary|tl;dr|objective|method(?:ology)?|results|implications):)"
    )
    marked = 0
    for day in days.values():
        for row in day.rows:
            marked += form.search(row.summary) is not None
            for name, text in split_imported(plain_text(row.summary), NOW).parts():
                assert not form.search(text or ""), (row.paper_id, name, text)
    assert marked > 50


def test_what_a_summary_names_outright_stands_in_its_part(days: dict[str, ArchiveDay]) -> None:
    outright = {
        "objective": r"(?:The|Its) (?:main |primary |core )?(?:research )?objective \w+",
        "method": r"The (?:key |core )?methodology \w+",
        "results": r"(?:The )?[Pp]rimary results? (?:is|are|shows?)\b",
        "implications": r"(?:The principal implication for|For AI practitioners,) ",
    }
    seen: Counter[str] = Counter()
    for day in days.values():
        for row in day.rows:
            summary = split_imported(row.summary, NOW)
            for name, start in outright.items():
                for match in re.finditer(rf"(?<=[.?] ){start}[^.]*", row.summary):
                    seen[name] += 1
                    assert words_of(match[0]) in (getattr(summary, name) or ""), row.paper_id
    assert min(seen.values()) > 100
