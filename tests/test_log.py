from __future__ import annotations

import asyncio
import json
import logging
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.log import CHATTER, DiscreetHandler, about, configure_logging

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "made-up.token_of-nobody"  # noqa: S105  # it opens nothing

log = logging.getLogger("tests.log")


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    names = [None, *CHATTER]
    levels = {name: logging.getLogger(name).level for name in names}
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    for handler in logging.getLogger().handlers[:]:
        if isinstance(handler, DiscreetHandler):
            logging.getLogger().removeHandler(handler)


def written(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    return err


def line_of(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (line,) = written(capsys).splitlines()
    parsed: dict[str, Any] = json.loads(line)
    return parsed


def fail_with(text: str) -> None:
    raise RuntimeError(text)


def test_a_console_line_has_time_level_logger_and_message(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", "console", ())
    log.info("Delivered digest %s", "2026-08-22")
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} INFO     tests\.log: "
        r"Delivered digest 2026-08-22\n",
        written(capsys),
    )


def test_a_json_line_has_the_same_and_what_extra_gives(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", "json", ())
    before = datetime.now(UTC).replace(microsecond=0)
    log.warning("Skipped “%s”\nand more", "a", extra={"channel": 5, "day": before.date()})
    line = line_of(capsys)
    time = datetime.fromisoformat(line.pop("time"))
    assert time.utcoffset() == before.utcoffset()
    assert time >= before
    assert line == {
        "level": "WARNING",
        "logger": "tests.log",
        "message": "Skipped “a”\nand more",
        "channel": 5,
        "day": before.date().isoformat(),
    }


def test_an_extra_field_cannot_take_the_place_of_a_fixed_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO", "json", ())
    log.info("Truth", extra={"level": "DEBUG", "logger": "somebody else"})
    line = line_of(capsys)
    assert (line["level"], line["logger"]) == ("INFO", "tests.log")


def test_a_json_line_has_the_traceback_and_the_stack(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json", ())
    try:
        fail_with("no answer")
    except RuntimeError:
        log.exception("Collecting failed", stack_info=True)
    line = line_of(capsys)
    assert line["exception"].startswith("Traceback (most recent call last)")
    assert line["exception"].endswith("RuntimeError: no answer")
    assert line["stack"].startswith("Stack (most recent call last)")


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_secret_is_masked_wherever_it_stands(
    form: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("INFO", form, (SECRET, ""))
    try:
        fail_with(f"Bearer {SECRET} was refused")
    except RuntimeError:
        log.exception("Sent %s", SECRET, extra={"header": {"Authorization": SECRET}})
    text = written(capsys)
    assert SECRET not in text
    assert "Sent ***" in text
    assert "RuntimeError: Bearer *** was refused" in text


def test_a_secret_is_masked_although_json_spells_it_differently(
    capsys: pytest.CaptureFixture[str],
) -> None:
    secret = 'quote"back\\slash'  # noqa: S105  # nor does this one
    configure_logging("INFO", "json", (secret,))
    log.info("Sent %s", secret)
    assert line_of(capsys)["message"] == "Sent ***"


def test_a_secret_that_begins_another_leaves_no_rest(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "console", ("abc", "abcdef"))
    log.info("abcdef and abc")
    assert written(capsys).endswith(": *** and ***\n")


def test_a_second_call_replaces_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("DEBUG", "console", ())
    others = [h for h in logging.getLogger().handlers if not isinstance(h, DiscreetHandler)]
    configure_logging("INFO", "json", (SECRET,))
    log.debug("not any more")
    log.info("once")
    assert line_of(capsys)["message"] == "once"
    assert [h for h in logging.getLogger().handlers if not isinstance(h, DiscreetHandler)] == others


@pytest.mark.parametrize("name", CHATTER)
def test_libraries_that_chatter_are_heard_from_warnings_on(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("DEBUG", "json", ())
    logging.getLogger(f"{name}.part").info("HTTP Request: GET")
    logging.getLogger(f"{name}.part").warning("slow")
    assert line_of(capsys)["message"] == "slow"


def test_libraries_are_not_louder_than_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("ERROR", "console", ())
    logging.getLogger("httpx").warning("slow")
    assert written(capsys) == ""


def test_rate_limits_that_discord_reports_stay_visible(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("WARNING", "json", ())
    logging.getLogger("discord.http").warning("We are being rate limited.")
    assert line_of(capsys)["logger"] == "discord.http"


def test_what_a_line_is_about_stands_at_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "console", ())
    with about(edition="abc"), about(delivery="e.abc.1"):
        log.info("Sent")
        logging.getLogger("discord.http").warning("We are being rate limited.")
    log.info("Done")
    sent, limited, done = written(capsys).splitlines()
    assert sent.endswith("tests.log: Sent [edition=abc delivery=e.abc.1]")
    assert limited.endswith("We are being rate limited. [edition=abc delivery=e.abc.1]")
    assert done.endswith("tests.log: Done")


def test_it_stands_before_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "console", ())
    with about(delivery="e.abc.1"):
        try:
            fail_with("no answer")
        except RuntimeError:
            log.exception("It failed")
    first, *_, last = written(capsys).splitlines()
    assert first.endswith("It failed [delivery=e.abc.1]")
    assert last == "RuntimeError: no answer"


def test_in_json_it_is_a_key_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json", ())
    with about(edition="abc", message="another", channel=1), about(edition="def"):
        log.info("Sent", extra={"channel": 5})
    line = line_of(capsys)
    assert line["edition"] == "def"
    assert line["message"] == "Sent"
    assert line["channel"] == 5
    assert "about" not in line


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_secret_is_masked_in_what_a_line_is_about(
    form: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("INFO", form, (SECRET,))
    with about(token=SECRET):
        log.info("Sent")
    text = written(capsys)
    assert SECRET not in text
    assert "***" in text


async def test_tasks_say_each_what_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json", ())
    together = asyncio.Barrier(2)

    async def inner(number: int) -> None:
        await together.wait()
        log.info("%d", number)

    async def work(number: int) -> None:
        with about(delivery=number):
            await asyncio.create_task(inner(number))

    with about(edition="abc"):
        await asyncio.gather(work(1), work(2))
    lines = [json.loads(line) for line in written(capsys).splitlines()]
    assert sorted((line["message"], line["delivery"], line["edition"]) for line in lines) == [
        ("1", 1, "abc"),
        ("2", 2, "abc"),
    ]


def test_after_a_failure_nothing_is_left_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "console", ())
    with pytest.raises(RuntimeError), about(delivery="e.abc.1"):
        fail_with("no answer")
    log.info("Next")
    assert written(capsys).endswith(": Next\n")
