"""Reads a document in a process of its own, which can neither hang the bot nor pull it down."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

import bot
from bot.domain.papers import FullText
from bot.sources.extraction.document import Limits, Unreadable

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import AsyncIterator

LIMITS = Limits()
LIBRARIES = {"html": "selectolax", "pdf": "pypdfium2"}
"""What reads each form; both are of the extra ``llm``."""

# With -I and -S neither the environment nor the working directory nor the start-up files of
# site-packages have a say. Where the bot and the libraries lie is added behind the standard
# library, so that nothing there stands in for it.
_ISOLATED = ("-I", "-S", "-c")
_PROGRAM = """\
import json, sys
sys.path += json.loads(sys.argv.pop(1))
from bot.sources.extraction.__main__ import main
main()
"""
# All that Python may need to start: no tokens, no proxies, nobody's home.
_ENVIRONMENT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_CHUNK = 2**16
_PER_CHARACTER = 12  # bytes of JSON, at most: a pair of surrogates, both escaped
_FRAME = 1000  # bytes of JSON round the text


async def extract(form: str, document: bytes, limits: Limits = LIMITS) -> FullText:
    """Read the text of an ``html`` or ``pdf`` document, off the event loop and within limits.

    The process is gone when this returns, raises or is cancelled; nothing touches the disk.

    Raises:
        Unreadable: there is no text to be had, or not within the limits.
    """
    most = limits.characters * _PER_CHARACTER + _FRAME
    try:
        async with asyncio.timeout(limits.wall), _started(form, limits) as process:
            answer, _ = await asyncio.gather(
                _answer(_output(process), most), _feed(_input(process), document)
            )
            status = await process.wait()
    except TimeoutError as error:
        raise Unreadable("takes too long to read") from error
    if status:
        raise Unreadable("breaks what reads it, or takes more time or memory than it may")
    read = json.loads(answer)
    if "error" in read:
        raise Unreadable(read["error"])
    return FullText(text=read["text"], form=form, hidden=read["hidden"])


@asynccontextmanager
async def _started(form: str, limits: Limits) -> AsyncIterator[Process]:
    """Start the process that reads; kill it if it still runs, and see it gone."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *_ISOLATED, _PROGRAM, json.dumps(_places(form))),
        *(form, *map(str, limits)),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        start_new_session=True,  # Ctrl-C is for the bot to answer
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        # asyncio sees a process as gone when its pipes are at their end, and leaves them alone
        # while it holds much that nobody took: so that is taken.
        while await _output(process).read(_CHUNK):
            pass
        await process.wait()


def _places(form: str) -> list[str]:
    """Return the folders in which the bot and the form's library lie."""
    library = find_spec(LIBRARIES[form])
    if library is None or library.origin is None:
        raise Unreadable("cannot be read without Paperboy's extra “llm”")
    folders = (Path(bot.__file__).parent.parent, Path(library.origin).parent.parent)
    return list(dict.fromkeys(map(str, folders)))


async def _feed(pipe: StreamWriter, document: bytes) -> None:
    """Give the process its document; one that no longer listens will be judged by its exit."""
    with suppress(BrokenPipeError, ConnectionResetError):
        pipe.write(document)
        await pipe.drain()
    pipe.close()


async def _answer(pipe: StreamReader, most: int) -> bytes:
    """Return all that the process says; raise Unreadable when it does not come to an end."""
    answer = bytearray()
    while chunk := await pipe.read(_CHUNK):
        answer += chunk
        if len(answer) > most:
            raise Unreadable("has more text than it may")
    return bytes(answer)


def _output(process: Process) -> StreamReader:
    return cast("StreamReader", process.stdout)


def _input(process: Process) -> StreamWriter:
    return cast("StreamWriter", process.stdin)
