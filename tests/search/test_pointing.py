from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.line import one_line
from bot.search.pointing import pointed
from tests.search.queries import typed


def width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(unicodedata.category(each) in {"Mn", "Me"} for each in text)


@pytest.mark.parametrize(
    ("query", "at", "lines"),
    [
        ("video OR", 8, "video OR \n        ^"),
        ("(video", 0, "(video\n^"),
        ("", 0, " \n^"),
        ("扩散 foo:bar", 3, "扩散 foo:bar\n\u3000\u3000 ^"),
        ("e\u0331tude (a", 7, "e\u0331tude (a\n      ^"),
        ("e\u0331tude", 1, "e\u0331tude\n^"),
        ("🔥 (", 2, "🔥 (\n\u3000 ^"),
    ],
)
def test_a_caret_stands_under_the_mistake(query: str, at: int, lines: str) -> None:
    assert pointed(query, at) == lines


def test_a_long_query_is_cut_round_the_mistake() -> None:
    query = "word " * 30 + "foo:bar" + " word" * 25
    shown, caret = pointed(query, 150).split("\n")
    assert shown == "…" + query[111:169] + "…"
    assert shown[caret.index("^") :].startswith("foo:bar")


def test_at_the_end_of_a_long_query_the_end_is_shown() -> None:
    assert pointed("a" * 100 + " OR", 103) == "…" + "a" * 54 + " OR \n" + " " * 58 + "^"


def test_at_the_beginning_of_a_long_query_the_beginning_is_shown() -> None:
    assert pointed("foo:" + "a" * 100, 0) == "foo:" + "a" * 54 + "…\n^"


def test_no_accent_is_cut_off_its_letter() -> None:
    shown, _ = pointed("a\u0331" * 100 + "(", 200).split("\n")
    assert shown == "…" + "a\u0331" * 57 + "("
    assert pointed("扩\u0331" * 100 + "(", 200).startswith("…扩\u0331")


@given(typed.map(lambda text: one_line(text).replace("§", "")), st.data())
def test_a_caret_is_in_the_column_of_its_character_on_a_phone_too(
    text: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(text)))
    shown, caret = pointed(f"{text[:at]}§{text[at:]}", at).split("\n")
    assert width(shown) <= 60
    assert len(caret) <= len(shown)
    assert width(caret) == width(shown[: shown.index("§")]) + 1
