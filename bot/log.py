"""Logging to standard error, as lines for people or as JSON, and never with a secret in it."""

from __future__ import annotations

import json
import logging
import re
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CONSOLE = "%(asctime)s %(levelname)-8s %(name)s: %(message)s"
MASK = "***"

# What these say at INFO is a line a request or a heartbeat; a 429 of discord.http is a WARNING.
CHATTER = ("apscheduler", "discord.gateway", "httpcore", "httpx")

INTERACTION_TOKEN = re.compile(r"(/(?:interactions|webhooks)/\d+/)[\w.~-]{8,}")
"""An answer's address opens that answer to whoever has it, for a quarter of an hour."""

# What the logging module itself puts on a record; anything else came by ``extra=``.
OWN_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"asctime", "message", "taskName"}

_bound: ContextVar[Mapping[str, object]] = ContextVar("bound")
_ABOUT = "about"


@contextmanager
def about(**fields: object) -> Iterator[None]:
    """Put fields, such as ``delivery="e.abc.1"``, on every record logged in the block.

    It holds for the tasks that the block starts too, and for what libraries log in it.
    """
    token = _bound.set({**_bound.get({}), **fields})
    try:
        yield
    finally:
        _bound.reset(token)


class ConsoleLines(logging.Formatter):
    """A line a record, for people."""

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line without its traceback, with what it is about at the end."""
        line = super().formatMessage(record)
        fields = " ".join(f"{name}={value}" for name, value in _about(record).items())
        return f"{line} [{fields}]" if fields else line


def _about(record: logging.LogRecord) -> Mapping[str, object]:
    fields: Mapping[str, object] = getattr(record, _ABOUT, {})
    return fields


class JsonLines(logging.Formatter):
    """One JSON object a record, on one line."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return the record with its extra fields, which cannot replace the fixed ones."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = self.formatStack(record.stack_info)
        own = OWN_ATTRIBUTES | {_ABOUT}
        extra = {name: value for name, value in vars(record).items() if name not in own}
        told = {**line, **_about(record), **extra, **line}
        return json.dumps(told, default=str, ensure_ascii=False)


class DiscreetHandler(logging.StreamHandler):  # type: ignore[type-arg]  # generic to mypy only
    """A handler to standard error that masks the secrets in whatever its formatter wrote."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__()
        # JSON escapes quotes and backslashes. Longest first: one secret may begin another.
        spellings = {*secrets, *(json.dumps(secret)[1:-1] for secret in secrets)} - {""}
        self._secrets = sorted(spellings, key=len, reverse=True)

    @override
    def handle(self, record: logging.LogRecord) -> bool:
        """Take what the record is about from where it was logged, and write it."""
        setattr(record, _ABOUT, _bound.get({}))
        return super().handle(record)

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return the finished text, traceback included, without the secrets."""
        text = INTERACTION_TOKEN.sub(rf"\1{MASK}", super().format(record))
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text


def configure_logging(
    level: str,
    format: Literal["console", "json"],  # noqa: A002  # as the setting is called
    secrets: Sequence[str],
) -> None:
    """Log from ``level`` on to standard error; a second call replaces the first.

    Args:
        level: the name of a level, such as ``INFO``.
        format: lines for people, or one JSON object a line.
        secrets: what must never be written; it becomes ``***``, inside tracebacks too.
    """
    handler = DiscreetHandler(secrets)
    handler.setFormatter(
        JsonLines() if format == "json" else ConsoleLines(CONSOLE, "%Y-%m-%d %H:%M:%S%z")
    )
    root = logging.getLogger()
    for former in [each for each in root.handlers if isinstance(each, DiscreetHandler)]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level)
    # That a job still at work is not begun again is as it should be; what fails is logged by us.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    for name in CHATTER:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))
