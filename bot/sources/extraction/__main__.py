"""``python -m bot.sources.extraction html|pdf``: a document on standard input, JSON out.

It is ``{"text", "hidden"}``, or ``{"error"}`` with what is wrong with the document. The numbers
of ``Limits`` may follow the form, in their order.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress

from bot.sources.extraction.document import Limits, Unreadable


def main() -> None:
    """Read one document within the limits and say what it says."""
    form, *numbers = sys.argv[1:]
    limits = Limits(*map(int, numbers))
    confine(limits)
    answer: dict[str, str | bool]
    try:
        text, hidden = read(form, sys.stdin.buffer.read(), limits)
        answer = {"text": text[: limits.characters], "hidden": hidden}
    except Unreadable as error:
        answer = {"error": str(error)}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def read(form: str, document: bytes, limits: Limits) -> tuple[str, bool]:
    """Return a document's text, and whether some was left out that a reader cannot see.

    Raises:
        Unreadable: it has no text that can be read.
    """
    # Each form has its library, and only one of them is needed here.
    if form == "html":
        from bot.sources.extraction.webpage import read_page  # noqa: PLC0415

        return read_page(document)
    from bot.sources.extraction.pdf import read_pdf  # noqa: PLC0415

    return read_pdf(document, limits.pages)


def confine(limits: Limits) -> None:
    """Let this process take no more than it may, and leave no trace of it on the disk."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:  # pragma: no cover - on Windows the wall's clock alone ends it
        return
    os.nice(10)  # the bot comes first
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_CORE, 0),  # a crash would write the document to the disk
    ):
        with suppress(ValueError, OSError):  # macOS refuses some, an administrator may have too
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
