from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.extraction import pdf as reader
from bot.sources.extraction.document import Unreadable
from bot.sources.extraction.pdf import read_pdf
from tests.sources.extraction.documents import (
    INJECTION,
    WORDS,
    encrypted,
    line,
    lines,
    looping,
    pdf,
)

WORD_BY_WORD = "".join(
    line(word, x=72 + 50 * at, y=600, state="1 g") for at, word in enumerate(INJECTION.split())
)
BAND = "0 580 612 60 re f"
TRANSPARENT = "/ExtGState<</G<</ca 0>>>>"


def text_of(document: bytes) -> str:
    return read_pdf(document, pages=60)[0]


def test_lines_become_a_paragraph() -> None:
    document = pdf(
        lines(WORDS, "It is a long text, and here it goes on for a while until the end.")
    )
    assert read_pdf(document, pages=60) == (
        f"{WORDS} It is a long text, and here it goes on for a while until the end.",
        False,
    )


def test_only_the_first_pages_are_read() -> None:
    document = pdf(lines(WORDS), lines("The second page."), lines("The third page."))
    assert read_pdf(document, pages=2)[0] == f"{WORDS} The second page."


def test_columns_are_read_one_after_the_other() -> None:
    left = ["The left column begins here and", "goes on below, where it ends."]
    right = ["The right one begins here and", "goes on below it all the same."]
    text = text_of(pdf(lines(*left, x=72), lines(*right, x=320)))
    assert " ".join(text.split()) == " ".join(left + right)


def test_words_that_a_line_broke_are_whole() -> None:
    document = pdf(
        lines("We use quanti-", "zation, and quantization of state-of-", "the-art GPT-", "4.")
    )
    assert "use quantization, and quantization of state-of-the-art GPT-4." in " ".join(
        text_of(document).split()
    )


def test_spaces_that_are_set_alone_part_words() -> None:
    alone = line(WORDS) + line(" ", x=410) + line("again", x=413)
    assert text_of(pdf(alone)) == f"{WORDS} again"


def test_a_line_with_wide_gaps_is_seen() -> None:
    sparse = line(f"   .{' ' * 80}.  ", y=600, size=6)
    assert text_of(pdf(lines(WORDS) + sparse)) == f"{WORDS} . ."


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(lines(INJECTION, top=600, state="1 g"), id="white"),
        pytest.param(lines(INJECTION, top=600, state="0.98 0.99 0.99 rg"), id="nearly white"),
        pytest.param(lines(INJECTION, state="1 g"), id="white over what can be read"),
        pytest.param(lines(INJECTION, top=600, state="1 G 1 Tr"), id="white outlines"),
        pytest.param(f"{BAND} {lines(INJECTION, top=600)}", id="black on black"),
        pytest.param(lines(INJECTION, top=600, state="3 Tr"), id="invisible"),
        pytest.param(lines(INJECTION, top=600, state="/G gs"), id="transparent"),
        pytest.param(lines(INJECTION, top=600, size=0.5), id="tiny"),
        pytest.param(f"q .05 0 0 .05 0 0 cm {lines(INJECTION, x=900)} Q", id="made tiny"),
        pytest.param(lines(INJECTION, top=-600), id="below the page"),
        pytest.param(f"q 0 0 1 1 re W n {lines(INJECTION, top=600)} Q", id="clipped"),
        pytest.param(f"{lines(INJECTION, top=600)} 1 g {BAND}", id="covered"),
        pytest.param(WORD_BY_WORD, id="word by word"),
    ],
)  # fmt: skip
def test_text_that_a_reader_cannot_see_is_left_out_and_told(secret: str) -> None:
    document = pdf(lines(WORDS) + secret, objects=TRANSPARENT)
    assert read_pdf(document, pages=60) == (WORDS, True)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(f"0 0 .5 rg {BAND} {lines(INJECTION, top=600, state='1 g')}", id="on blue"),
        pytest.param(lines(INJECTION, top=600, state=".1 w 0 0 1 RG 1 g 2 Tr"), id="outlined"),
        pytest.param(lines(INJECTION, top=600, state=".8 g"), id="grey"),
        pytest.param(lines(INJECTION, top=600, size=4), id="small"),
    ],
)
def test_text_that_a_reader_can_see_is_kept(seen: str) -> None:
    text, hidden = read_pdf(pdf(lines(WORDS) + seen), pages=60)
    assert INJECTION in text
    assert not hidden


def test_a_few_hidden_words_are_left_out_in_silence() -> None:
    document = pdf(lines(WORDS) + lines("label of a", top=600, size=1))
    assert read_pdf(document, pages=60) == (WORDS, False)


def test_light_text_is_not_trusted_where_no_page_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "DRAWING", 0)
    document = pdf(lines(WORDS) + lines(INJECTION, top=600, state="1 g"))
    assert read_pdf(document, pages=60) == (WORDS, True)


def test_the_recognised_text_of_a_scanned_page_is_kept() -> None:
    image = "q 612 0 0 792 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI Q"
    assert read_pdf(pdf(image + lines(WORDS, state="3 Tr")), pages=60) == (WORDS, False)


def test_invisible_text_without_an_image_is_not_a_scanned_page() -> None:
    with pytest.raises(Unreadable, match="has no text, only images"):
        read_pdf(pdf(lines(WORDS, state="3 Tr")), pages=60)


def test_characters_that_come_in_halves_are_put_together() -> None:
    assert reader._decoded([0x41, 0xD835, 0xDFD0, 13, 10]) == "A\U0001d7d0\n"
    assert reader._decoded([0xD835]) == "\ufffd"


# PDFium remembers its last error, and would tell it of the next file: the encrypted one is last.
@pytest.mark.parametrize(
    ("document", "why"),
    [
        (looping(), "is damaged"),
        (pdf(), "is damaged"),
        (pdf(lines(WORDS))[:300], "is damaged"),
        (b"<html>No PDF</html>", "is damaged"),
        (b"", "is damaged"),
        (pdf("0 0 10 10 re f"), "has no text, only images"),
        (encrypted(), "is encrypted"),
    ],
    ids=["a loop", "no pages", "cut off", "HTML", "nothing", "no text", "encrypted"],
)
def test_what_cannot_be_read_says_why(document: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=f"^{why}$"):
        read_pdf(document, pages=60)


def test_a_page_as_wide_as_a_town_is_read() -> None:
    wide = pdf(lines(WORDS)).replace(b"[0 0 612 792]", b"[0 0 9e9 9e9]")
    assert text_of(wide) == WORDS


@given(st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126)), max_size=5))
def test_any_line_of_ascii_is_read(texts: list[str]) -> None:
    text, hidden = read_pdf(pdf(lines(WORDS, *texts)), pages=60)
    assert text.startswith(WORDS[:40])
    assert not hidden


@given(st.binary(max_size=200), st.integers(0, 600))
def test_a_spoiled_file_is_read_or_refused(rubbish: bytes, at: int) -> None:
    document = pdf(lines(WORDS))
    try:
        text, _ = read_pdf(document[:at] + rubbish + document[at:], pages=60)
    except Unreadable:
        return
    assert text
