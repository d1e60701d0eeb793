from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.text import (
    code_block,
    counted,
    day_range,
    escaped,
    first_authors,
    link,
    long_date,
    one_line,
    plain,
    quoted,
    readable,
    short_date,
    shown,
    timestamp,
)
from tests.ui import NASTY, live_markdown, names, read_aloud, texts, units

ADDRESS = "https://arxiv.org/abs/2502.06782"


@given(texts)
def test_an_escaped_text_shows_letter_by_letter_and_nothing_more(text: str) -> None:
    safe = escaped(one_line(text))
    assert live_markdown(safe) == []
    assert read_aloud(safe) == one_line(text).replace("\u2060", "")


@given(texts, st.integers(1, 700))
def test_a_shown_text_is_safe_short_and_one_line(text: str, length: int) -> None:
    said = shown(text, length)
    assert live_markdown(said) == []
    assert len(read_aloud(said)) <= length
    assert len(said.splitlines()) <= 1


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_text_shows_no_markdown_mention_or_link(text: str) -> None:
    assert live_markdown(shown(text, 10_000)) == []
    assert live_markdown(escaped(text)) == []


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("@everyone", "\\@everyone"),
        ("<@1>", "\\<\\@1\\>"),
        ("</digest:1>", "\\</digest:1\\>"),
        ("https://a.example", "https\\://a.example"),
        ("[a](b)", "\\[a\\](b)"),
        ("# big", "\\# big"),
        ("-# small", "\\-# small"),
        ("3. third", "\u20603. third"),
        ("3.5 times", "\u20603.5 times"),
        ("a-b + c # d", "a-b + c # d"),
    ],
)
def test_what_discord_would_read_is_escaped(text: str, safe: str) -> None:
    assert escaped(text) == safe


@given(texts)
def test_a_link_leads_where_we_say_and_nowhere_else(text: str) -> None:
    made = link(shown(text, 250), ADDRESS)
    label = made.removeprefix("[").removesuffix(f"]({ADDRESS})")
    assert made == f"[{label}]({ADDRESS})"
    assert live_markdown(label) == []
    assert label


@given(texts)
def test_a_code_block_cannot_be_ended_from_inside(text: str) -> None:
    block = code_block(text, "bibtex")
    assert block.startswith("```bibtex\n")
    assert block.endswith("\n```")
    assert block.count("```") == 2


@pytest.mark.parametrize("ticks", range(1, 12))
def test_any_run_of_backticks_stays_inside_its_block(ticks: int) -> None:
    block = code_block("a" + "`" * ticks + "b")
    assert block.count("```") == 2
    assert block.replace("\u200b", "") == f"```\na{'`' * ticks}b\n```"


@given(texts, st.integers(20, 100))
def test_a_label_is_never_empty_and_never_too_long(text: str, length: int) -> None:
    label = plain(text, length)
    assert label.strip()
    assert units(label) <= length


@pytest.mark.parametrize(
    ("latex", "plain_text"),
    [
        (r"Is $\textbf{more}$ better?", "Is more better?"),
        (r"\textit{Attention} \emph{is} all", "Attention is all"),
        (r"up to 12.5\% faster", "up to 12.5% faster"),
        ("it costs $5 and then $10", "it costs $5 and then $10"),
        ("$k$-means", "k-means"),
        (r"$x_{1}$", "x_1"),
        (r"$\alpha$-divergence", "α-divergence"),
        (r"$10\times$ cheaper", "10× cheaper"),
        (r"$95%$ of them", "95% of them"),
        (r"$\mathcal{O}(n)$", "𝒪(n)"),
        ("a---b", "a—b"),
        ("``quoted''", "“quoted”"),
        ("a  \n b\tc", "a b c"),
    ],
)
def test_latex_is_read_as_people_write_it(latex: str, plain_text: str) -> None:
    assert readable(latex) == plain_text


@pytest.mark.parametrize("broken", [r"\href", r"\href{x}", r"\sqrt[", r"\verb", "{" * 400])
def test_maths_that_cannot_be_read_costs_no_title(broken: str) -> None:
    assert readable(f"About ${broken}$ and more").startswith("About ")
    assert readable(f"About ${broken}$ and more").endswith(" and more")


def test_control_and_direction_characters_are_left_out() -> None:
    assert one_line("\x00a\u202eb\x1b[31m") == "ab[31m"


@given(texts)
def test_readable_never_fails_and_gives_one_line(text: str) -> None:
    assert len(readable(text).splitlines()) <= 1


def test_a_timestamp_is_discords_own() -> None:
    moment = datetime(2025, 2, 12, 9, 30, 15, 999_999, tzinfo=UTC)
    assert timestamp(moment) == "<t:1739352615:t>"
    elsewhere = moment.astimezone(timezone(timedelta(hours=9)))
    assert timestamp(elsewhere, "R") == "<t:1739352615:R>"


def test_dates_are_said_the_short_and_the_long_way() -> None:
    assert short_date(date(2025, 2, 1)) == "1 Feb 2025"
    assert long_date(date(2025, 2, 11)) == "Tuesday, 11 February 2025"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([date(2025, 2, 11)], "Tuesday, 11 February 2025"),
        ([date(2025, 2, 7), date(2025, 2, 8), date(2025, 2, 10)], "7 – 10 February 2025"),
        ([date(2025, 1, 31), date(2025, 2, 3)], "31 Jan – 3 Feb 2025"),
        ([date(2024, 12, 31), date(2025, 1, 2)], "31 Dec 2024 – 2 Jan 2025"),
    ],
)
def test_days_are_said_as_a_range(days: list[date], said: str) -> None:
    assert day_range(days) == said


@given(texts)
def test_what_a_person_typed_is_quoted_letter_by_letter(text: str) -> None:
    said = quoted(text, 300)
    assert live_markdown(said) == []
    kept = read_aloud(said)
    assert kept.startswith("“")
    assert kept.endswith("”")
    assert kept[1:-1].removesuffix("…") in one_line(text)
    assert len(kept) <= 302


@given(st.lists(names, max_size=20))
def test_authors_beyond_the_first_are_counted(people: list[str]) -> None:
    said = first_authors(people)
    assert said.endswith(f" +{len(people) - 2}") == (len(people) > 2)
    assert live_markdown(said.rpartition(" +")[0] if len(people) > 2 else said) == []


def test_numbers_agree_with_their_nouns() -> None:
    assert counted(0, "paper") == "0 papers"
    assert counted(1, "paper") == "1 paper"
    assert counted(2041, "paper") == "2,041 papers"
    assert counted(10_000, "matches", "match", 10_000) == "10,000+ match"
    assert counted(9_999, "paper", most=10_000) == "9,999 papers"
