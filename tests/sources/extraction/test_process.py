from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.domain.papers import FullText
from bot.sources.extraction import process as reader
from bot.sources.extraction.__main__ import read
from bot.sources.extraction.document import Limits, Unreadable
from bot.sources.extraction.process import extract
from tests.sources.extraction.documents import INJECTION, WORDS, bomb, line, lines, page, pdf

if TYPE_CHECKING:
    from collections.abc import Callable


def running() -> set[int]:
    """The processes that this one has started and not seen the end of, where Linux tells them."""
    pid = os.getpid()
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return set(map(int, children.read_text().split())) if children.exists() else set()


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let another program run in the process, as a document could that takes PDFium over."""
    return lambda text: monkeypatch.setattr(reader, "_PROGRAM", text)


@pytest.fixture(autouse=True)
def _none_left() -> object:
    before = running()
    yield
    assert running() - before == set()


async def test_a_page_and_a_pdf_are_read() -> None:
    html = await extract("html", page())
    assert (html.form, html.hidden) == ("html", False)
    assert html.text.startswith(WORDS)
    assert await extract("pdf", pdf(lines(WORDS))) == FullText(text=WORDS, form="pdf")


async def test_hidden_text_is_told() -> None:
    document = pdf(lines(WORDS) + lines(INJECTION, top=600, state="1 g"))
    assert await extract("pdf", document) == FullText(text=WORDS, form="pdf", hidden=True)


async def test_what_is_wrong_with_a_document_is_told() -> None:
    with pytest.raises(Unreadable, match=r"^is damaged$"):
        await extract("pdf", b"%PDF-1.7")


async def test_no_more_characters_and_pages_come_than_are_wanted() -> None:
    three = pdf(*(line(f"{WORDS} Part {number}.") for number in "abc"))
    text = (await extract("pdf", three, Limits(pages=2))).text
    assert "Part b" in text
    assert "Part c" not in text
    assert (await extract("pdf", three, Limits(characters=20))).text == WORDS[:20]


async def test_a_document_that_inflates_past_the_memory_is_refused() -> None:
    little = Limits(memory=2**28)
    with pytest.raises(Unreadable, match=r"^breaks what reads it"):
        await extract("pdf", bomb(2**27), little)
    assert (await extract("pdf", pdf(lines(WORDS)), little)).text == WORDS


async def test_a_document_that_computes_too_long_is_refused(
    program: Callable[[str], None],
) -> None:
    program(
        "import json, sys; sys.path += json.loads(sys.argv.pop(1))\n"
        "from bot.sources.extraction.__main__ import Limits, confine\n"
        "confine(Limits(cpu=1))\nwhile True: pass"
    )
    with pytest.raises(Unreadable, match=r"^breaks what reads it"):
        await extract("pdf", pdf(lines(WORDS)))


async def test_a_document_that_takes_too_long_is_given_up(program: Callable[[str], None]) -> None:
    program("import time; time.sleep(60)")
    with pytest.raises(Unreadable, match=r"^takes too long to read$"):
        await extract("pdf", bytes(2**22), Limits(wall=1))


async def test_a_process_that_never_stops_talking_is_stopped(
    program: Callable[[str], None],
) -> None:
    program("while True: print('x' * 100_000)")
    with pytest.raises(Unreadable, match=r"^has more text than it may$"):
        await extract("pdf", pdf(lines(WORDS)), Limits(characters=10))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has pipes of any width")
async def test_what_a_process_has_still_to_say_holds_nobody_up(
    program: Callable[[str], None],
) -> None:
    program(  # all at once, so that asyncio stops reading before the process is killed
        "import fcntl, os, time\n"
        "fcntl.fcntl(1, fcntl.F_SETPIPE_SZ, 2**20); os.write(1, bytes(2**20)); time.sleep(60)"
    )
    async with asyncio.timeout(10):
        with pytest.raises(Unreadable, match=r"^has more text than it may$"):
            await extract("pdf", b"", Limits(characters=10))


async def test_a_process_that_does_not_listen_is_no_deadlock(
    program: Callable[[str], None],
) -> None:
    program("import os; os.abort()")
    with pytest.raises(Unreadable, match=r"^breaks what reads it"):
        await extract("pdf", bytes(2**24))


@pytest.mark.skipif(sys.platform != "linux", reason="it is looked up in /proc")
async def test_cancelling_ends_the_process(program: Callable[[str], None]) -> None:
    program("import time; time.sleep(60)")
    before = running()
    reading = asyncio.create_task(extract("pdf", bytes(2**22)))
    async with asyncio.timeout(10):
        while not (started := running() - before):  # noqa: ASYNC110 - no event tells of a process
            await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    (pid,) = started
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_nothing_of_our_environment_is_in_the_process(
    program: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a secret")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    program(
        "import json, os, sys\n"
        "print(json.dumps({'text': ' '.join([*os.environ, *sys.path]), 'hidden': False}))"
    )
    told = (await extract("pdf", b"")).text
    assert "DISCORD_TOKEN" not in told
    assert "PYTHONPATH" not in told
    assert "/nowhere" not in told


async def test_without_the_extra_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    for missing in (None, ModuleSpec("selectolax", None)):
        monkeypatch.setattr(reader, "find_spec", {"selectolax": missing}.get)
        with pytest.raises(Unreadable, match=r"^cannot be read without Paperboy's extra “llm”$"):
            await extract("html", page())


def by_hand(form: str, document: bytes) -> dict[str, object]:
    command = [sys.executable, "-m", "bot.sources.extraction", form]
    done = subprocess.run(command, input=document, capture_output=True, check=True)
    read: dict[str, object] = json.loads(done.stdout)
    return read


def test_it_can_be_run_by_hand() -> None:
    assert by_hand("pdf", pdf(lines(WORDS))) == {"text": WORDS, "hidden": False}
    assert by_hand("html", b"<p>Nothing") == {"error": "is not the page of a paper"}


def test_each_form_has_its_reader() -> None:
    assert read("html", page(), Limits())[0].startswith(WORDS)
    assert read("pdf", pdf(lines(WORDS)), Limits()) == (WORDS, False)


def test_the_bot_itself_never_loads_what_reads_documents() -> None:
    loaded = "import sys, bot.sources.fulltext; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True)
    assert not {"selectolax", "pypdfium2", "pypdfium2_raw"} & set(done.stdout.decode().split())
