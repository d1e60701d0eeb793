from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.archives import ArchiveDay, ArchiveRow, cell_text, one_line, plain_text
from bot.domain.papers import ArxivId
from bot.errors import ArchiveError
from bot.sources.archive import parse_archive, render_archive

HEAD = """

## Papers for 2025-02-11

| Title | Authors | Summary |
|-------|---------|---------|
"""
OLD_HEAD = """## Papers for 2024-09-05

| Title | Authors | Summary | Link |
|-------|---------|---------|------|
"""
ARXIV = "https://arxiv.org/abs/2502.00001"
HF = "https://huggingface.co/papers/2502.00001"


def links(paper_id: str = "2502.00001") -> str:
    return (
        f"(Read more on [arXiv](https://arxiv.org/abs/{paper_id})"
        f" or [HuggingFace](https://huggingface.co/papers/{paper_id}))"
    )


def row(
    position: int = 1,
    *,
    paper_id: str | None = "2502.00001",
    title: str = "A Title",
    authors: str = "Ada, bob",
    summary: str = "It works. ",
) -> ArchiveRow:
    return ArchiveRow(
        position=position,
        paper_id=None if paper_id is None else ArxivId(paper_id),
        title=title,
        authors=authors,
        summary=summary,
    )


def rows_of(text: str) -> tuple[ArchiveRow, ...]:
    return parse_archive(text, "archive/2025/02/11.md").rows


def only_row(text: str) -> ArchiveRow:
    [read] = rows_of(HEAD + text)
    return read


def test_a_well_formed_file_is_read_cell_by_cell_and_written_back_byte_for_byte() -> None:
    text = (
        HEAD
        + f"| A Title {links()}| Ada, bob | It works.  |\n"
        + f"| Norms \\|x\\| of *Y* {links('2502.00002')}|  | One. Two.   |\n"
        + f"| 100% {links('2502.00003')}| Ada | Short. |\n"
    )
    day = parse_archive(text, "11.md")
    assert day == ArchiveDay(
        day=date(2025, 2, 11),
        rows=(
            row(),
            row(2, paper_id="2502.00002", title="Norms \\|x\\| of *Y*", authors="",
                summary="One. Two.  "),
            row(3, paper_id="2502.00003", title="100%", authors="Ada", summary="Short."),
        ),
    )  # fmt: skip
    assert render_archive(day) == text


def test_an_empty_table_is_a_day_without_rows() -> None:
    assert parse_archive(HEAD, "11.md") == ArchiveDay(day=date(2025, 2, 11), rows=())
    assert render_archive(parse_archive(HEAD, "11.md")) == HEAD
    assert rows_of(HEAD.removesuffix("|-------|---------|---------|\n")) == ()


@pytest.mark.parametrize(
    "broken",
    [
        f"| A\n  Title {links()}| Ada, bob | It works.  |\n",
        f"| A\r\n  Title {links()}| Ada, bob | It works.  |\r\n",
        f"| A\n\n  Title {links()}| Ada, bob | It works.  |\n",
        f"| A Title\n {links()}| Ada, bob | It works.  |\n",
        f"| A Title {links()}| Ada, bob | It\nworks.  |\n",
        f"| A Title {links()}| Ada,\n bob | It works.  |\n",
        f"| A Title {links()}| Ada, bob | It works.  |",
        f"| A Title {links()}| Ada, bob | It works. ",
        f"\n| A Title {links()}| Ada, bob | It works.  |\n\n",
        f"| A Title {links()}| Ada, bob | It works.  |\n\nWritten by a machine.\n",
        f"| A Title {links()}| Ada, bob | It works.  |\nWritten by a machine.\n",
        f"stray words\n| A Title {links()}| Ada, bob | It works.  |\n",
        f"|A Title {links()}|Ada, bob|It works. |\n",
        f"| A Title (Read more on [arXiv]({ARXIV}))| Ada, bob | It works.  |\n",
        f"| A Title (Read more on [arXiv]({ARXIV}) or )| Ada, bob | It works.  |\n",
        f"| A Title (Read more on [arXiv]({ARXIV}v2) or [HuggingFace]())| Ada, bob | It works. |\n",
        f"| A Title (Read more on [HuggingFace]({HF}))| Ada, bob | It works.  |\n",
        f"| A Title - read more on [arXiv]({ARXIV}) or [HF]({HF}) | Ada, bob | It works.  |\n",
    ],
)
def test_a_defect_costs_nothing_and_is_not_written_again(broken: str) -> None:
    [read] = rows_of(HEAD + broken)
    assert read in {row(), row(summary="It works.")}
    day = ArchiveDay(day=date(2025, 2, 11), rows=(read,))
    assert render_archive(day).count("\n") == 7
    assert parse_archive(render_archive(day), "11.md") == day


def test_a_byte_order_mark_and_old_line_ends_are_no_defects_of_the_rows() -> None:
    text = HEAD + f"| A Title {links()}| Ada, bob | It works.  |\n"
    assert rows_of("\ufeff" + text) == (row(),)
    assert rows_of(text.replace("\n", "\r\n")) == (row(),)
    assert rows_of(text.replace("\n", "\r")) == (row(),)


def test_titles_broken_over_lines_leave_their_neighbours_alone() -> None:
    text = HEAD + (
        f"| One\n  and\n  more {links('2502.00001')}| a | A. |\n"
        f"| Two {links('2502.00002')}| b | B. |\n"
        f"| Three\n| or four {links('2502.00003')}| c | C. |\n"
    )
    assert [(r.paper_id, r.title) for r in rows_of(text)] == [
        ("2502.00001", "One and more"),
        ("2502.00002", "Two"),
        ("2502.00003", "Three \\| or four"),
    ]


def test_a_row_that_breaks_off_does_not_swallow_the_next() -> None:
    text = HEAD + (
        f"| One {links('2502.00001')}| a | It breaks\n"
        f"| Two,\n  broken {links('2502.00002')}| b | B. |\n"
        f"| Three {links('2502.00003')}\n"
        f"| Four {links('2502.00004')}| no authors |\n"
    )
    assert [(r.title, r.authors, r.summary) for r in rows_of(text)] == [
        ("One", "a", "It breaks"),
        ("Two, broken", "b", "B."),
        ("Three", "", ""),
        ("Four", "", "no authors"),
    ]


def test_a_summary_broken_after_a_pipe_goes_on() -> None:
    read = only_row(f"| One {links()}| a | x |\ny |\n")
    assert (read.authors, read.summary) == ("a", "x \\| y")


def test_bare_pipes_belong_to_the_title_before_the_links_and_to_the_summary_after() -> None:
    read = only_row(f"| P(A|B) | more {links()}| a, b | I(X; Y | Z) and \\|x\\|. |\n")
    assert read == row(
        title="P(A\\|B) \\| more", authors="a, b", summary="I(X; Y \\| Z) and \\|x\\|."
    )
    assert plain_text(read.title) == "P(A|B) | more"


def test_a_row_without_a_link_is_kept_and_has_no_paper() -> None:
    for title in ("No link", "I read more on Mondays", f"A {links('nonsense')}"):
        assert only_row(f"| {title} | a | S. |\n") == row(
            paper_id=None, title=title, authors="a", summary="S."
        )
    assert only_row("| No link | a | P | Q |\n") == row(
        paper_id=None, title="No link", authors="a", summary="P \\| Q"
    )


def test_the_oldest_layout_has_its_links_in_a_fourth_column() -> None:
    link = "[Read more](https://arxiv.org/abs/2409.00001)"
    text = OLD_HEAD + (
        f"| A Title | Ada, bob | It works.   | {link} |\n"
        f"| Broken\n  title | Ada | P | Q | {link.replace('00001', '00002')} |\n"
        "| No link | Ada | It works. | |\n"
        "| No fourth cell | Ada | It works. |\n"
        f"| No authors | It works. | {link.replace('00001', '00003')} |\n"
    )
    day = parse_archive(text, "05.md")
    assert day.day == date(2024, 9, 5)
    assert [(r.paper_id, r.title, r.authors, r.summary) for r in day.rows] == [
        ("2409.00001", "A Title", "Ada, bob", "It works.  "),
        ("2409.00002", "Broken title", "Ada", "P \\| Q"),
        (None, "No link", "Ada", "It works."),
        (None, "No fourth cell", "Ada", "It works."),
        ("2409.00003", "No authors", "", "It works."),
    ]
    assert parse_archive(render_archive(day), "05.md") == day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no line '## Papers for YYYY-MM-DD'"),
        ("# Notes\n\n| a | b |\n", "no line '## Papers for YYYY-MM-DD'"),
        ("## Papers for today\n", "'today', which is no date"),
        ("## Papers for 2025-02-30\n", "'2025-02-30', which is no date"),
        ("## Papers for 2025-02-11\n", "nothing under its heading"),
        ("## Papers for 2025-02-11\n\nNone today.\n", "'None today.' under its heading"),
        ("## Papers for 2025-02-11\n| Paper | Code |\n", "'| Paper | Code |' under its heading"),
        (HEAD + HEAD.replace("-11", "-12"), "2 digests (2025-02-11 and 2025-02-12)"),
    ],
)
def test_a_file_that_is_no_digest_is_refused_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(ArchiveError, match=re.escape(said)) as refused:
        parse_archive(text, "notes/todo.md")
    assert str(refused.value).startswith("notes/todo.md ")
    assert "expected" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_cell_is_made_of_any_text_once() -> None:
    assert cell_text("a |\n  b \\| c|d\r\n") == "a \\| b \\| c\\|d "
    assert one_line("a\n\n b\n  \nc") == "a b c"
    assert one_line("two  spaces\u2028stay ") == "two  spaces\u2028stay "
    assert row(title="a\nb").title == "a b"


PIECES = [
    *("|", "\\", "\\|", "\n", "\r\n", "\n| ", "|\n", " ", "  ", "a", "---", ") ", "[x](", "Title"),
    *("\ufeff", "\x00", "\u2028", "## Papers for 2025-02-12", "\n## Papers for 2025-02-12\n"),
    *(links(), links() + "|", "(Read more on ", " - read more on [arXiv](", "| a | b | c |"),
]
NASTY = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=8).map("".join)
# A title that ends in links is, to a reader, that of their paper.
NASTY_WITHOUT_LINKS = NASTY.filter(lambda text: "read more" not in text.lower())
IDS = st.sampled_from(["2502.00001", "2502.99999", "cs/9901001", "hep-th/9901001"])


@st.composite
def days(draw: st.DrawFn) -> ArchiveDay:
    found = []
    for position in range(1, draw(st.integers(1, 5))):
        paper_id = draw(st.none() | IDS)
        title = draw(NASTY_WITHOUT_LINKS if paper_id is None else NASTY)
        found.append(
            row(position, paper_id=paper_id, title=title, authors=draw(NASTY), summary=draw(NASTY))
        )
    return ArchiveDay(day=draw(st.dates()), rows=tuple(found))


@given(days())
@example(ArchiveDay(day=date(2025, 2, 11), rows=(row(paper_id=None, summary=links() + "|"),)))
@example(ArchiveDay(day=date(2025, 2, 11), rows=(row(title="\\\n|"), row(2, title="", summary=""))))
def test_whatever_is_written_is_read_again_and_no_row_is_broken(day: ArchiveDay) -> None:
    text = render_archive(day)
    assert parse_archive(text, "a.md") == day
    lines = re.split(r"[\r\n]", text)[6:-1]
    assert len(lines) == len(day.rows)
    assert all(re.fullmatch(r"\|(?:(?:\\\||[^|])*\|){3}", line) for line in lines)


@given(st.text() | NASTY)
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        day = parse_archive(HEAD + text, "a.md")
    except ArchiveError:
        return
    again = parse_archive(render_archive(day), "a.md")
    assert len(again.rows) == len(day.rows)
