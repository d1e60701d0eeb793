"""Digest archives in and out, through the database."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.domain.papers import Author
from bot.errors import ArchiveError
from bot.services.archives import archive_files
from bot.services.library import FIRST_DAY
from tests.builders import DAY, NOW, paper, reading

if TYPE_CHECKING:
    from pathlib import Path

    from bot.app import House
    from tests.builders import FakeSource

HEAD = "\n\n## Papers for {day}\n\n| Title | Authors | Summary |\n|-------|---------|---------|\n"
ROW = (
    "| {title} (Read more on [arXiv](https://arxiv.org/abs/{id}) or "
    "[HuggingFace](https://huggingface.co/papers/{id}))| {authors} | {summary}  |\n"
)
SUMMARY = (
    "Thing is a thing. The main research objective is to test it. The key methodology is a test. "
    "It reaches 98.5% on the benchmark. AI practitioners can use it."
)


def digest(*rows: str, day: date = DAY) -> str:
    return HEAD.format(day=day) + "".join(rows)


def row(number: int = 1, **told: str) -> str:
    usual = {"id": f"2502.{number:05d}", "title": f"Thing {number}", "authors": "A, B"}
    return ROW.format(**usual | {"summary": SUMMARY} | told)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "2025" / "02" / "11.md"
    path.parent.mkdir(parents=True)
    return path


async def exported(house: House, folder: Path) -> dict[str, str]:
    await house.archives.dump(folder, FIRST_DAY, date(2026, 1, 1))
    return {str(one.relative_to(folder)): one.read_text() for one in folder.rglob("*.md")}


async def test_what_was_imported_comes_back_byte_for_byte(
    house: House, file: Path, tmp_path: Path
) -> None:
    file.write_text(digest(row(2), row(1)))
    day = await house.archives.load(file, NOW)
    assert [one.position for one in day.rows] == [1, 2]
    assert await exported(house, tmp_path / "out") == {"2025/02/11.md": file.read_text()}


async def test_an_empty_digest_is_kept_as_one(house: House, file: Path, tmp_path: Path) -> None:
    file.write_text(digest())
    await house.archives.load(file, NOW)
    assert await exported(house, tmp_path / "out") == {"2025/02/11.md": file.read_text()}


async def test_a_row_becomes_a_paper_with_a_five_part_summary(house: House, file: Path) -> None:
    file.write_text(digest(row(authors="Ada Lovelace, grace")))
    await house.archives.load(file, NOW)
    card = await house.services.library.card("2502.00001", NOW)
    assert [one.name for one in card.paper.authors] == ["Ada Lovelace", "grace"]
    assert card.summary is not None
    assert card.summary.sought
    assert card.summary.results == "It reaches 98.5% on the benchmark."
    assert card.summary.model == "digest archive"


async def test_importing_twice_changes_nothing(house: House, file: Path, tmp_path: Path) -> None:
    file.write_text(digest(row(1), row(2)))
    await house.archives.load(file, NOW)
    await house.archives.load(file, NOW)
    assert await exported(house, tmp_path / "out") == {"2025/02/11.md": file.read_text()}


async def test_an_imported_title_does_not_replace_what_hugging_face_says(
    house: House, source: FakeSource, file: Path
) -> None:
    source.readings[DAY] = reading(paper(1, title="The real title"))
    await house.collector.collect([DAY], NOW)
    file.write_text(digest(row(1)))
    await house.archives.load(file, NOW)
    card = await house.services.library.card("2502.00001", NOW)
    assert card.paper.title == "The real title"
    assert card.summary is not None
    assert card.summary.sought


async def test_papers_that_the_archive_lacks_are_exported_after_its_rows(
    house: House, source: FakeSource, file: Path, tmp_path: Path
) -> None:
    file.write_text(digest(row(1)))
    await house.archives.load(file, NOW)
    source.readings[DAY] = reading(paper(1), paper(2))
    await house.collector.collect([DAY], NOW)
    (text,) = (await exported(house, tmp_path / "out")).values()
    assert text.startswith(file.read_text())
    assert text.count("https://arxiv.org/abs/") == 2


async def test_a_collected_day_is_exported_most_upvoted_first_and_never_broken(
    house: House, source: FakeSource, tmp_path: Path
) -> None:
    authors = tuple(Author(name=f"Author {n}") for n in range(7))
    source.readings[DAY] = reading(
        paper(1, title="Low", upvotes=1),
        paper(2, title="High | with a pipe", upvotes=9, authors=authors),
    )
    await house.collector.collect([DAY, date(2025, 2, 9)], NOW)
    files = await exported(house, tmp_path / "out")
    assert list(files) == ["2025/02/11.md"]
    first, second = files["2025/02/11.md"].splitlines()[6:]
    assert first.startswith("| High \\| with a pipe (Read more on [arXiv]")
    assert "| Author 0, Author 1, Author 2, Author 3, Author 4 |" in first
    assert first.endswith("  |")
    assert second.startswith("| Low (Read more")


async def test_a_row_without_a_link_is_kept_for_export_alone(
    house: House, file: Path, tmp_path: Path
) -> None:
    file.write_text(digest("| No link | A | Something was found.  |\n"))
    await house.archives.load(file, NOW)
    (text,) = (await exported(house, tmp_path / "out")).values()
    assert "No link" in text
    assert await house.database.one("SELECT 1 FROM papers") is None


def test_folders_are_searched_for_digests_only(file: Path, tmp_path: Path) -> None:
    file.write_text("")
    (tmp_path / "in" / "README.md").write_text("")
    assert archive_files([tmp_path / "in"]) == [file]
    assert archive_files([tmp_path / "in" / "README.md"]) == [tmp_path / "in" / "README.md"]


def test_a_path_that_is_not_there_and_a_folder_without_digests_are_told(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="is not there"):
        archive_files([tmp_path / "nothing"])
    with pytest.raises(ArchiveError, match="holds no digests"):
        archive_files([tmp_path])


async def test_a_file_that_cannot_be_read_is_one_sentence(house: House, tmp_path: Path) -> None:
    (tmp_path / "latin.md").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(ArchiveError, match="not UTF-8"):
        await house.archives.load(tmp_path / "latin.md", NOW)
    with pytest.raises(ArchiveError, match="cannot be read"):
        await house.archives.load(tmp_path, NOW)
    (tmp_path / "prose.md").write_text("Dear diary")
    with pytest.raises(ArchiveError):
        await house.archives.load(tmp_path / "prose.md", NOW)
    assert await house.database.one("SELECT 1 FROM archive_days") is None


async def test_a_folder_that_cannot_be_written_is_one_sentence(
    house: House, file: Path, tmp_path: Path
) -> None:
    file.write_text(digest(row()))
    await house.archives.load(file, NOW)
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ArchiveError, match="cannot be written"):
        await exported(house, tmp_path / "out")


async def test_a_row_without_a_title_or_with_a_broken_one_is_exported_whole(
    house: House, file: Path, tmp_path: Path
) -> None:
    file.write_text(digest(row(1, title=""), row(2, title="Thing\n  \n  of two | pieces")))
    await house.archives.load(file, NOW)
    mended = digest(row(1, title=""), row(2, title="Thing of two \\| pieces"))
    assert await exported(house, tmp_path / "out") == {"2025/02/11.md": mended}
    assert [one.title for one in await house.services.search.papers("2502", 9)] == [
        "Thing of two | pieces"
    ]
