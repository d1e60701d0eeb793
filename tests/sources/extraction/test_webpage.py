from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.extraction.document import Unreadable
from bot.sources.extraction.webpage import SHORTEST, read_page
from tests.sources.extraction.documents import INJECTION, WORDS, page

FILLED, _ = read_page(page())


def text_of(*blocks: str) -> str:
    text, hidden = read_page(page(*blocks))
    assert not hidden
    return text.removesuffix(FILLED).rstrip("\n")


def test_headings_and_paragraphs_are_parted_by_blank_lines() -> None:
    text = text_of(
        '<h1 class="ltx_title ltx_title_document">A  Paper\n about Papers</h1>',
        '<div class="ltx_authors"><span class="ltx_personname">Ada</span></div>',
        '<div class="ltx_date">July 14, 2026</div>',
        '<div class="ltx_abstract"><h6 class="ltx_title">Abstract</h6>',
        '<p class="ltx_p">Short.</p></div>',
        '<section class="ltx_section">',
        '<h2 class="ltx_title"><span class="ltx_tag">1 </span>Method</h2>',
        '<div class="ltx_para"><p class="ltx_p">First\n<em>words</em>,<br>next.</p></div>',
        "</section>",
    )
    assert text == "A Paper about Papers\n\nAbstract\n\nShort.\n\n1 Method\n\nFirst words, next."


def test_references_appendices_and_navigation_are_left_out() -> None:
    parts = ("ltx_bibliography", "ltx_appendix", "ltx_TOC", "ltx_page_footer", "ltx_rdf")
    gone = [f'<section class="{part}"><p>Left out.</p></section>' for part in parts]
    assert text_of(*gone, "<script>let x</script><!-- A comment --><p>Kept.</p>") == "Kept."


def row(*cells: str, tag: str) -> str:
    inside = "".join(f"<{tag} class=ltx_td>{cell}</{tag}>" for cell in cells)
    around = "tr" if tag == "td" else tag
    return f"<{around} class=ltx_tr>{inside}</{around}>\n"


@pytest.mark.parametrize(("tag", "around"), [("td", "table"), ("span", "span")])
def test_a_tables_figures_are_lines_of_cells(tag: str, around: str) -> None:
    rows = row("Model", "<b>F1</b>", tag=tag) + row("", "Ours", "93.4", "", tag=tag)
    table = f"<{around} class=ltx_tabular>{rows}</{around}>"
    caption = "<figcaption class=ltx_caption>Table 1: Results</figcaption>"
    text = text_of(f"<figure class=ltx_table>{table}{caption}</figure>")
    assert text == "Model | F1\nOurs | 93.4\n\nTable 1: Results"


def test_a_formula_is_its_latex_once() -> None:
    inner = (
        "<semantics><mi>x</mi><annotation encoding='application/x-tex'>x</annotation></semantics>"
    )
    named = f"<p>It is <math alttext='10^{{-3}}%\n\\times n'>{inner}</math>.</p>"
    assert text_of(named) == "It is 10^{-3}\\times n."
    assert text_of(f"<p>It is <math>{inner}</math>.</p>") == "It is x."


def test_the_rows_of_an_equation_have_no_bars() -> None:
    row = (
        "<tr class='ltx_equation'><td class=ltx_eqn_cell>a</td><td class=ltx_eqn_cell>(1)</td></tr>"
    )
    assert text_of(f"<table class=ltx_eqn_table>{row}</table><p>|x| is | here |</p>") == (
        "a (1)\n\n|x| is | here |"
    )


def test_a_footnote_stands_in_brackets_without_its_marks() -> None:
    note = (
        "<span class=ltx_note><sup class=ltx_note_mark>1</sup><span class=ltx_note_outer>"
        "<span class=ltx_note_content><sup class=ltx_note_mark>1</sup>"
        "<span class='ltx_tag ltx_tag_note'>1</span>Per pass.</span></span></span>"
    )
    assert text_of(f"<p>It costs 7{note} here.</p>") == "It costs 7 (Per pass.) here."


def test_a_dash_that_was_encoded_twice_is_a_dash() -> None:
    broken = "8–14 cm".encode().decode("latin-1")
    assert text_of(f"<p>{broken}, ﬁve, soft\u00adly</p>") == "8–14 cm, five, softly"


@pytest.mark.parametrize(
    "hiding",
    [
        "hidden",
        "aria-hidden=true",
        'style="display:none"',
        'style="x;visibility: hidden !important"',
        'style="font-size:0"',
        'style="font-size: 1px;"',
        'style="font-size:10%"',
        'style="font-size:0.1em"',
        'style="opacity:0"',
        'style="color:#fff"',
        'style="COLOR: White"',
        'style="color:#FEFEFE"',
        'style="--ltx-fg-color:#FFFFFF;"',
        'style="color:rgb(255, 255, 255)"',
        'style="color:rgba(250 250 250 / 1)"',
        'style="color:transparent"',
        'style="color:white;background-color:#FFFFFF"',
    ],
)
def test_text_that_a_style_hides_is_left_out_and_told(hiding: str) -> None:
    for block in (f"<p {hiding}>{INJECTION}</p>", f"<div {hiding}><p><b>{INJECTION}</b></p></div>"):
        assert read_page(page(block)) == (FILLED, True)
    assert read_page(page(f"<p {hiding}>Two words</p>")) == (FILLED, False)


@pytest.mark.parametrize(
    "block",
    [
        '<p style="color:#000000">{}</p>',
        '<p style="color:inherit">{}</p>',
        '<p style="color:rebeccapurple">{}</p>',
        '<p style="color:#abc">{}</p>',
        '<p style="font-size:70%">{}</p>',
        '<p style="font-size:large;opacity:.9">{}</p>',
        '<p style="font-size:1.2.3px;font-size:.">{}</p>',
        '<p style="font-size:2vw">{}</p>',
        '<p style="color:white;background-color:#202080">{}</p>',
        '<div style="background:#333"><p style="color:white">{}</p></div>',
        '<div style="color:white"><p style="color:black">{}</p></div>',
        '<svg><foreignObject><span style="color:white">{}</span></foreignObject></svg>',
        "<p style>{}</p>",
        '<p class="">{}</p>',
    ],
)
def test_text_that_no_style_hides_is_kept(block: str) -> None:
    assert text_of(block.format(INJECTION)) == INJECTION


def test_hidden_text_at_the_end_is_told() -> None:
    document = page().replace(b"</article>", f"<p hidden>{INJECTION}</p></article>".encode())
    assert read_page(document) == (FILLED, True)


def test_words_that_are_hidden_one_by_one_are_one_text() -> None:
    words = " ".join(f"<span hidden>{word}</span>" for word in INJECTION.split())
    assert read_page(page(f"<p>{words}</p>")) == (FILLED, True)


def test_text_in_characters_that_no_font_shows_is_told() -> None:
    tags = "".join(chr(0xE0000 + ord(one)) for one in INJECTION)
    assert read_page(page(f"<p>{tags}</p>")) == (FILLED, True)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"", "is not the page of a paper"),
        (b"<html><h1>No HTML for this paper</h1></html>", "is not the page of a paper"),
        (page(article="div"), "is not the page of a paper"),
        (b"<article class=ltx_document><p>Fatal error.", "has hardly any text"),
    ],
    ids=["nothing", "a notice", "no article", "a failed conversion"],
)
def test_what_is_no_paper_says_so(document: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=f"^{why}$"):
        read_page(document)


def test_elements_may_be_nested_deeper_than_pythons_stack() -> None:
    assert text_of("<div>" * 5_000 + "deep" + "</div>" * 5_000) == "deep"


@given(st.text(), st.text())
def test_any_markup_is_read_or_refused(tag: str, text: str) -> None:
    try:
        read, _ = read_page(page(f"<{tag}>{text}</{tag}><p style='{tag}'>{text}</p>"))
    except Unreadable:
        return
    assert len(read) >= SHORTEST
    assert all(line == line.strip(" ") for line in read.split("\n"))
    assert "\n\n\n" not in read
    assert WORDS in read
