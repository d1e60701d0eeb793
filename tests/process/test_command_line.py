"""Every command that needs no Discord, as a process: what it prints, stores and exits with."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.domain.summaries import PARTS
from tests import local_hf
from tests.process.conftest import Program, item
from tests.process.waiting import until

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from tests.local_hf import Fault, LocalHuggingFace

OK, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
COMMANDS = {"run", "demo", "collect", "digest", "import", "export", "backup", "doctor"}
COMMANDS |= {"summarize", "search", "reindex"}
ARCHIVE = """

## Papers for 2025-02-11

| Title | Authors | Summary |
|-------|---------|---------|
| Thinking \\| Doing (Read more on [arXiv](https://arxiv.org/abs/2502.06781) or [HuggingFace](https://huggingface.co/papers/2502.06781))| Ada Lovelace, grace | It thinks first. It reaches 71.5%.  |
| Old Ways (Read more on [arXiv](https://arxiv.org/abs/cs/9901001) or [HuggingFace](https://huggingface.co/papers/cs/9901001))|  | Nothing new.  |
"""  # noqa: E501


def down(_: web.Request) -> web.StreamResponse:
    """Answer 500, and ask for a wait that is longer than a command's patience."""
    return web.Response(status=500, headers={"Retry-After": "60"})


def waiting(_: web.Request) -> web.StreamResponse:
    """Answer 503, and say that the next moment will do."""
    return web.Response(status=503, headers={"Retry-After": "0"})


def renamed(request: web.Request) -> web.StreamResponse:
    """Answer with records whose ``title`` is called ``name``."""
    day = request.query["date"]
    records = [{"paper": {"id": f"2608.0000{n}", "name": "A study"}} for n in (1, 2)]
    return web.json_response(records, headers={"X-Day": day})


def stored(program: Program, sql: str) -> list[tuple[Any, ...]]:
    """Ask the database itself, as somebody beside the program would."""
    connection = sqlite3.connect(program.database)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def counts(program: Program) -> tuple[int, int]:
    """Return how many days and papers are stored."""
    [(days, papers)] = stored(program, "SELECT (SELECT count(*) FROM days), count(*) FROM papers")
    return days, papers


def dates(hugging_face: LocalHuggingFace) -> list[str]:
    return [request.query["date"] for request in hugging_face.requests]


async def test_collect_reads_the_last_week_and_says_what_it_found(
    program: Program, hugging_face: LocalHuggingFace
) -> None:
    ended = await program("collect")
    assert (ended.code, ended.err) == (OK, "")  # a pipe gets no progress bar
    assert ended.out == "Read 8 days: 9 papers, 9 new.\n"
    assert counts(program) == (8, 9)
    assert len(dates(hugging_face)) == 8


async def test_collect_goes_on_where_it_stopped(
    program: Program, hugging_face: LocalHuggingFace, today: date
) -> None:
    since = ("collect", "--since", str(today - timedelta(days=9)))
    hugging_face.faults = [_passing(hugging_face)] * 4 + [down]
    failed = await program(*since)
    assert failed.code == FAILED
    assert str(today - timedelta(days=5)) in failed.sentence
    assert counts(program)[0] == 4
    hugging_face.requests.clear()
    assert (await program(*since)).code == OK
    assert dates(hugging_face) == [str(today - timedelta(days=ago)) for ago in range(5, -1, -1)]
    assert counts(program) == (10, 9)


def _passing(hugging_face: LocalHuggingFace) -> Fault:
    """Return a fault that is none: what comes before the one that is meant."""

    def fault(request: web.Request) -> web.StreamResponse:
        return hugging_face._list(request)

    return fault


async def test_collect_shows_a_progress_bar_on_a_terminal(program: Program) -> None:
    ours, theirs = os.openpty()
    try:
        ended = await program("collect", err=theirs, settings={"TERM": "xterm"})
        shown = await asyncio.to_thread(os.read, ours, 100_000)
    finally:
        os.close(ours)
        os.close(theirs)
    assert (ended.code, ended.out) == (OK, "Read 8 days: 9 papers, 9 new.\n")
    assert "Collecting" in shown.decode()
    assert "8/8" in shown.decode()


async def test_collect_outlives_one_fault_of_each_kind(
    program: Program, hugging_face: LocalHuggingFace, today: date
) -> None:
    hugging_face.faults = [waiting, local_hf.dropped]
    ended = await program("collect", "--day", str(today))
    assert (ended.code, ended.out) == (OK, "Read 1 day: 3 papers, 3 new.\n")
    assert len(dates(hugging_face)) == 3


async def test_a_broken_source_is_one_sentence_and_nothing_is_stored(
    tmp_path: Path, today: date
) -> None:
    broken: dict[str, tuple[Fault, str]] = {
        "down": (down, "answered 500"),
        "html": (local_hf.html_page, "an HTML page instead of JSON"),
        "truncated": (local_hf.truncated, "a broken body instead of JSON"),
        "renamed": (renamed, '"title"'),
    }

    async def collect(name: str, fault: Fault, said: str) -> None:
        async with local_hf.local_hugging_face({today: [item(1, today)]}) as hugging_face:
            hugging_face.faults = [fault] * 9
            (folder := tmp_path / name).mkdir()
            program = Program(folder=folder, settings={"HF_BASE_URL": hugging_face.url})
            ended = await program("collect", "--day", str(today))
        assert (ended.code, ended.out) == (FAILED, ""), name
        assert said in ended.sentence, name
        assert str(today) in ended.sentence, name
        assert ended.sentence.startswith("Hugging Face"), name
        assert counts(program) == (0, 0), name

    await asyncio.gather(*(collect(name, *told) for name, told in broken.items()))


async def test_an_interrupted_collect_keeps_what_it_read(
    program: Program, hugging_face: LocalHuggingFace, today: date
) -> None:
    since = ("collect", "--since", str(today - timedelta(days=250)))
    async with await program.start(*since) as running:
        await until(lambda: len(hugging_face.requests) > 20, "twenty days are read")
        ended = await running.stop(signal.SIGINT)
    assert (ended.code, ended.out) == (INTERRUPTED, "")
    assert "Traceback" not in ended.err
    kept, _ = counts(program)
    assert 20 <= kept < 250
    hugging_face.requests.clear()
    assert (await program(*since)).code == OK
    assert len(hugging_face.requests) == 251 - kept
    assert counts(program) == (251, 9)


async def test_two_collects_at_once_are_one(program: Program) -> None:
    both = await asyncio.gather(program("collect"), program("collect"))
    assert [(one.code, one.err) for one in both] == [(OK, "")] * 2
    assert counts(program) == (8, 9)
    assert stored(program, "SELECT count(*) FROM listings") == [(9,)]


async def test_digest_collects_first_and_prints_json_with_every_key(
    program: Program, hugging_face: LocalHuggingFace, today: date
) -> None:
    day = today - timedelta(days=2)
    hugging_face.days[day] = [
        item(1, day),
        item(2, day, summary="", authors=[]),
        item(3, day, githubRepo="https://github.com/a/b", ai_keywords=["agents"]),
    ]
    ended = await program("digest", "--day", str(day), "--format", "json")
    assert (ended.code, ended.err) == (OK, "")
    document = json.loads(ended.out)
    assert list(document) == ["day", "complete", "papers"]
    assert (document["day"], document["complete"]) == (str(day), True)
    full, empty = document["papers"][0], document["papers"][1]
    assert [paper["upvotes"] for paper in document["papers"]] == [3, 2, 1]
    for paper in document["papers"]:
        assert list(paper) == [
            "id", "title", "authors", "day", "upvotes", "abstract", "keywords", "links", "summary",
        ]  # fmt: skip
        assert list(paper["links"]) == ["arxiv", "pdf", "huggingface", "code", "project"]
        assert list(paper["summary"]) == [*PARTS, "model", "source", "grounded"]
        assert paper["day"] == str(day)
    assert full["links"]["code"] == "https://github.com/a/b"
    assert full["keywords"] == ["agents"]
    assert full["summary"]["model"] == "extractive"
    assert full["summary"]["grounded"] is True
    assert (empty["authors"], empty["abstract"], empty["keywords"]) == ([], None, [])
    assert set(empty["summary"].values()) == {None}


async def test_digest_reads_in_a_terminal_and_as_markdown(program: Program, today: date) -> None:
    text, markdown = await asyncio.gather(
        program("digest"), program("digest", "--day", str(today), "--format", "markdown")
    )
    assert (text.code, text.err) == (OK, "")
    assert re.match(r"AI papers of .*: 3 papers, .*so far, list closes 0[12]:30 UTC\n", text.out)
    assert text.out.index("1. A study of thing 3") < text.out.index("2. A study of thing 2")
    assert max(map(len, text.out.splitlines())) <= 100
    assert (markdown.code, markdown.err) == (OK, "")
    assert markdown.out.startswith("# AI papers of ")
    assert "## 1. [A study of thing 3](https://arxiv.org/abs/" in markdown.out


async def test_digest_prints_what_is_stored_when_the_source_is_down(
    program: Program, hugging_face: LocalHuggingFace, today: date
) -> None:
    day = today - timedelta(days=2)
    await program("collect", "--day", str(day))
    with sqlite3.connect(program.database) as connection:  # as if the list had been open then
        connection.execute("UPDATE days SET read_at = ?", (f"{day}T12:00:00.000000+00:00",))
    connection.close()
    hugging_face.faults = [down] * 9
    stale = await program("digest", "--day", str(day))
    assert stale.code == OK
    assert "A study of thing 3" in stale.out
    assert stale.sentence.startswith("printed as it was last read: Hugging Face answered 500")
    unread = await program("digest", "--day", str(today - timedelta(days=1)))
    assert (unread.code, unread.out) == (FAILED, "")
    assert "answered 500" in unread.sentence


async def test_an_imported_archive_is_exported_byte_for_byte(program: Program) -> None:
    file = program.folder / "old" / "2025" / "02" / "11.md"
    file.parent.mkdir(parents=True)
    file.write_bytes(ARCHIVE.encode())
    imported = await program("import", "old")
    assert (imported.code, imported.out) == (OK, "Imported 1 day, 2 rows.\n")
    exported = await program("export", "new")
    assert (exported.code, exported.out) == (OK, "Wrote 1 file to new.\n")
    assert (program.folder / "new" / "2025" / "02" / "11.md").read_bytes() == file.read_bytes()
    assert [one.name for one in (program.folder / "new").rglob("*.*")] == ["11.md"]


async def test_a_file_that_is_no_digest_costs_only_itself(program: Program) -> None:
    good, bad = program.folder / "good.md", program.folder / "bad.md"
    good.write_text(ARCHIVE)
    bad.write_text("# Notes\n")
    ended = await program("import", "bad.md", "good.md")
    assert (ended.code, ended.out) == (FAILED, "Imported 1 day, 2 rows.\n")
    assert "bad.md is not a digest" in ended.sentence


async def test_backup_is_a_whole_database_and_never_overwrites(program: Program) -> None:
    early = await program("backup", "copy.db")
    assert (early.code, early.out) == (FAILED, "")
    assert "no database" in early.sentence
    await program("collect")
    ended = await program("backup", "copy.db")
    assert (ended.code, ended.out, ended.err) == (OK, "Wrote copy.db.\n", "")
    assert [one.name for one in program.folder.glob("copy*")] == ["copy.db"]
    copy = await program("digest", "--format", "json", settings={"DATABASE_PATH": "copy.db"})
    assert len(json.loads(copy.out)["papers"]) == 3
    again = await program("backup", "copy.db")
    assert again.code == FAILED
    assert "copy.db is there already" in again.sentence


async def test_wrong_usage_exits_2(program: Program, today: date) -> None:
    wrong: list[tuple[list[str], str]] = [
        ([], "Usage"),
        (["collect", "--fast"], "--fast"),
        (["colect"], "colect"),
        (["collect", "--day", "2025-02-11", "--since", "2025-02-01"], "--day"),
        (["collect", "--until", "2025-02-11"], "--since"),
        (["digest", "--format", "xml"], "xml"),
        (["import"], "PATHS"),
    ]
    ended = await asyncio.gather(*(program(*arguments) for arguments, _ in wrong))
    for (arguments, said), one in zip(wrong, ended, strict=True):
        assert (one.code, one.out) == (MISUSED, ""), arguments
        assert said in one.err, arguments
        assert "Traceback" not in one.err, arguments
    assert not program.database.exists()


async def test_a_wrong_setting_exits_2_and_is_named(program: Program) -> None:
    wrong: list[tuple[list[str], str, str]] = [
        (["collect"], "COLLECT_EVERY_MINUTES", "0"),
        (["digest"], "DEFAULT_TIMEZONE", "Mars/Olympus"),
        (["collect"], "HF_BASE_URL", "huggingface"),
        (["run"], "LOG_LEVEL", "loud"),
        (["run"], "DISCORD_TOKEN", ""),
    ]
    ended = await asyncio.gather(
        *(program(*args, settings={name: value}) for args, name, value in wrong)
    )
    for (_, name, _), one in zip(wrong, ended, strict=True):
        assert (one.code, one.out) == (MISUSED, ""), name
        assert name in one.sentence
        assert one.err.count("\n") == 1, name
    (program.folder / ".env").write_text("COLLECT_EVERY_MINUTES=often\n")
    assert "COLLECT_EVERY_MINUTES" in (await program("collect")).sentence


async def test_help_names_every_command_and_what_it_does(program: Program) -> None:
    ended = await program("--help")
    assert (ended.code, ended.err) == (OK, "")
    described = dict(re.findall(r"^  ([a-z]+) {2,}(\S.*)$", ended.out, re.MULTILINE))
    assert set(described) == COMMANDS
    ended = await program("collect", "-h")
    assert (ended.code, ended.err) == (OK, "")
    assert {"--day", "--since", "--until"} <= set(ended.out.split())


async def test_a_day_without_a_list_is_refused_kindly(program: Program, today: date) -> None:
    tomorrow = str(today + timedelta(days=1))
    ended = await asyncio.gather(
        program("collect", "--day", tomorrow),
        program("collect", "--since", tomorrow),
        program("digest", "--day", "2020-01-01"),
    )
    assert [one.code for one in ended] == [FAILED] * 3
    assert tomorrow in ended[0].sentence
    assert tomorrow in ended[1].sentence
    assert "2020-01-01" in ended[2].sentence


async def test_the_demo_prints_its_edition_without_network_or_token(program: Program) -> None:
    ended = await program("demo", "--once", settings={"HF_BASE_URL": "http://127.0.0.1:9"})
    assert (ended.code, ended.err) == (OK, "")
    assert "AI papers of Tuesday" in ended.out
    assert not program.database.exists()


async def test_a_reader_that_has_seen_enough_is_no_error(program: Program) -> None:
    await program("collect")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = await program("digest", out=writing)
    finally:
        os.close(writing)
    assert (ended.code, ended.err) == (OK, "")


async def test_search_prints_what_was_collected_best_first_and_json_with_every_key(
    program: Program,
) -> None:
    assert (await program("collect")).code == OK
    ended = await program("search", "title:study OR title:paper OR daily", "--limit", "2")
    assert (ended.code, ended.err) == (OK, "")
    ended = await program("search", "*", "--format", "json")
    assert (ended.code, ended.out) == (FAILED, "")
    said, query, caret = ended.err.splitlines()
    assert said.startswith("paperboy: ")
    assert (query, caret) == ("*", "^")
    title = stored(program, "SELECT title FROM papers LIMIT 1")[0][0]
    ended = await program("search", title, "--format", "json", "--sort", "newest", "--days", "3000")
    assert (ended.code, ended.err) == (OK, "")
    document = json.loads(ended.out)
    assert set(document) == {"query", "papers"}
    assert document["query"] == title
    first = document["papers"][0]
    assert (first["title"], first["match"]) == (title, "exact")
    digest = json.loads((await program("digest", "--format", "json")).out)["papers"][0]
    assert set(first) == {*digest, "score", "match"}
    assert (await program("search", "zzzzz", "--limit", "0")).code == MISUSED


async def test_reindex_builds_the_index_again(program: Program) -> None:
    assert (await program("collect")).code == OK
    ended = await program("reindex")
    assert (ended.code, ended.out, ended.err) == (OK, "Indexed 9 papers.\n", "")
    assert stored(program, "SELECT count(*) FROM search_papers") == [(9,)]
