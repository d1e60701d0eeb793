from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.summaries.cleaning import cleaned

SENTENCE = "Foo reads papers 3.5x faster than Bar (94.7% vs. 91%)."
NEXT = "It is free."


@pytest.mark.parametrize(
    "text",
    [
        "Here's a concise summary: {} {}",
        "Sure! Here is the summary you asked for:\n\n{} {}",
        "Okay, here's a brief overview of the paper: {} {}",
        "{} {} I hope this helps!",
        "{} {} Let me know if you need more details.",
        "{} {} Would you like a longer summary?",
        "{} {}\n\nFollow-up questions:\n1. Is it fast?\n2. Is it cheap?",
        "**TL;DR:** {} {}",
        "**Summary** {} {}",
        "Results: {} {}",
        "Key findings: {} {}",
        "# Summary\n\n{} {}",
        "### Main objective\n{}\n{}",
        "**{} {}**",
        "***{}*** _{}_",
        "~~{}~~ `{}`",
        "``{}`` *{}*",
        "- {}\n- {}",
        "1. {}\n2. {}",
        "* {}\n\n* {}",
        "• {}\n• {}",
        "> {}\n> {}",
        "```\n{} {}\n```",
        "```markdown\n{}\n{}\n```",
        "~~~\n{} {}\n~~~",
        "{}\n\n---\n\n{}",
        "<p>{}</p><p>{}</p>",
        "<b>{}</b><br/>{}",
        '<div class="x">{}</div> <!-- said twice --> {}',
        "<think>The user wants a summary.\nI write one.</think>{} {}",
        "Let us think.\n</think>\n{} {}",
        "{} <@1> {} <@&2>",
        "{} @everyone {} @here",
        "{} <#3> {} <:smile:4>",
        "<a:wave:5> {} <t:1700000000:R> {}",
        "{} </papers:6> {} </digest show:7> <id:customize>",
        "{} https://foo.test/a_b?c=d#e {} www.foo.test/x",
        "{} (https://foo.test) {} (see https://foo.test/a)",
        "{} discord.gg/abc {} https://discord.com/invite/abc",
        "{} <https://foo.test> {} mailto:a@foo.test",
        "{} github.com/foo/bar {} [](https://foo.test)",
        "[{}](https://foo.test) [{}](https://foo.test 'title')".replace("'", '"'),
        "[{} {}](https://foo.test/a_(b))",
        "{} 【4†source】 {}",
        "\u200b{}\u202e {}\ufeff\u2066",
        "{}\x00 {}\x1b\u00ad\ue000",
        "{}\U000e0041\U000e0042 {}",
        "  {}  \n\t {}  ",
    ],
)
def test_the_sentences_come_out_of_whatever_they_are_wrapped_in(text: str) -> None:
    assert cleaned(text.format(SENTENCE, NEXT)) == f"{SENTENCE} {NEXT}"


@pytest.mark.parametrize(
    "text",
    [
        "If a < b and c > d, then a<b<d holds for p<0.05.",
        "The weights x_i and y_{ij} give 2^10 states and 3*4 or 3 * 4 tokens.",
        "C++, C#, F* and A* search are used with snake_case and top_k names.",
        "It costs $5 to $10, or $\\sim$20% of Foo's $\\pi_{0.5}$.",
        "We report pass@1, Recall@10 and mAP@0.5 in bf16.",
        "The optimum $x^*$ is close to $y^*$ in the norm ||x - y||_2.",
        "It calls __init__ once and sets _private to None.",
        "Tokens such as <EOS>, <image> and <think> stay.",
        "The interval [0, 1](t) and the set {a, b} are closed.",
        "It uses `single' and ``double'' quotes of LaTeX.",
        "~30K samples and ~7 hours suffice.",
        "It has two stages: (1) Foo runs. (2) Bar ends.",
        "Great care is taken, and of course, it helps.",
        "Here, we study #1 of them; e.g. Node.js, v1.2 and 3/4.",
        "Summaries are written at 9:30 by AT&T.",
        "می\u200cخواهم بدانم.",
        "Größe, naïve and 模型 stay, as do 🙂 and é.",
        "",
    ],
)
def test_a_plain_sentence_comes_back_as_it_is(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The code is available at https://foo.test/x.", "The code is available."),
        ("Code: https://foo.test, data: www.foo.test.", "Code, data."),
        ("Ask @everyone, or <@1>.", "Ask, or."),
        ("See ![the plot](a.png) here.", "See the plot here."),
        ("**C**hinese **GPT-4** is *new*.", "Chinese GPT-4 is new."),
        ("**Foo is new. Bar is old.**", "Foo is new. Bar is old."),
        ("H<sub>2</sub>O", "H2O"),
        ("# Foo\n\n- one\n- two", "Foo: one; two"),
        ("## Is it new?\nYes.", "Is it new? Yes."),
        ("| Foo | Bar |\n|---|:-:|\n| 1 | 2 |", "Foo, Bar; 1, 2"),
        ("Objective: To read. Method: It reads.", "To read. It reads."),
        ("(1) Alone.", "Alone."),
        ("1) One. 2) Two.", "1) One. 2) Two."),
        ("@@everyones", "everyones"),
        ("<think>\nNever done", ""),
        ("Here is a summary of the paper:", ""),
        ("https://foo.test", ""),
        ("Thoughts <think>and</think> more.", "Thoughts <think>and</think> more."),
        ("I cannot review this paper.", "I cannot review this paper."),
    ],
)
def test_what_is_left_reads_well(text: str, shown: str) -> None:
    assert cleaned(text) == shown


@pytest.mark.parametrize("depth", [3, 50])
@pytest.mark.parametrize(
    ("left", "right"),
    [("[", "](https://a.test)"), ("**", "**"), ("<b", ">"), ("<@", ">"), ("Results: ", "")],
)
def test_markup_within_markup_is_taken_off_to_the_last_layer(
    left: str, right: str, depth: int
) -> None:
    text = cleaned(f"{left * depth}1{right * depth}")
    assert is_clean(text)
    assert cleaned(text) == text


FORM = re.compile(
    r"://|www\.\w|mailto:\w|discord\.gg/|\[[^\[\]]*\]\([a-z]+:[^)]*\)|<@[!&]?\d+>|<#\d+>"
    r"|<a?:\w+:\d+>|<t:-?\d+|</[\w -]+:\d+>|@everyone|@here|```|\A~~~|<!--.*-->|</?(?:b|p|br|div)>",
    re.IGNORECASE | re.DOTALL,
)
JOINED = re.compile(r"(?<=[\u0600-\u06ff\u0750-\u077f\u0900-\u0dff])[\u200c\u200d]")


def is_clean(text: str) -> bool:
    seen = JOINED.sub("", text)
    invisible = [c for c in seen if unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs", "Cn"}]
    one_line = " ".join(text.split()) == text
    return not invisible and one_line and not re.search(FORM, text)


MARKS = [*"*_`|[]()<>@/:~#-", "**", "__", "~~", "```", "~~~", "](", "<!--", "-->", "://", "s:/"]
TAGS = ["<b>", "</b>", "<br>", "<think>", "</think>", "<@1>", "<@&1>", "<#1>", "<:a:1>", "<a:a:1>"]
TOKENS = [
    "<t:1:R>",
    "</x:1>",
    "@everyone",
    "@here",
    "https://a.test/b",
    "www.a.test",
    "discord.gg/a",
]
BITS = [*"a1w", "everyone", "http", "mailto:a", "[a](https://a.test)", "\u200b", "\u200d", "\u202e"]
UNSEEN = ["\x00", "\ufe0f", "\U000e0041", "\u0645"]
SPACED = ["# ", "> ", "- ", "1. ", "(1) ", "Results: ", "Okay, ", "Sure! ", ": ", ". ", "! ", "\n"]
TALK = [" ", "here's a summary", "Would you like", "Follow-up questions: ", "see ", "at "]
PIECES = st.sampled_from([*MARKS, *TAGS, *TOKENS, *BITS, *UNSEEN, *SPACED, *TALK])


@given(st.lists(PIECES | st.text(max_size=4), max_size=25).map("".join))
def test_no_link_mention_emoji_fence_or_invisible_character_comes_through(text: str) -> None:
    assert is_clean(cleaned(text))


@given(st.lists(PIECES | st.text(max_size=4), max_size=25).map("".join))
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = cleaned(text)
    assert cleaned(once) == once


@given(st.lists(PIECES | st.text(max_size=4), max_size=25).map("".join))
def test_no_letter_is_invented(text: str) -> None:
    rest = iter(text)
    assert all(letter in rest for letter in cleaned(text) if letter.isalnum())


@pytest.mark.parametrize(
    "unit",
    [
        *("[", "[a](", "[[a](https://a.test)", "*a ", "**a", "_a ", "`a", "<", "<b ", "<!--", "<@"),
        *(
            "http",
            "https://",
            "a.",
            "www.",
            "# ",
            "> ",
            "- ",
            "|a",
            "~~a",
            " ",
            "\n",
            "\u200b",
            "@",
        ),
        *("Results: ", "Okay, ", "- Results: ", "<:a", '"', "(see ", "here's a summary ", "a b. "),
    ],
)
def test_a_long_hostile_answer_is_cleaned_as_fast_as_any(unit: str) -> None:
    text = cleaned((unit * 20_000)[:20_000])
    assert len(text) <= 20_000


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Sure thing! It reads.", "It reads."),
        ("I'd be happy to help! It reads.", "It reads."),
        ("Certainly, I'd be happy to summarize. It reads.", "It reads."),
        ("Based on the abstract, here is the summary. It reads.", "It reads."),
        ("<thinking>Hm, what is it?</thinking>It reads.", "It reads."),
        ("It reads.<|endoftext|>", "It reads."),
        ("[/INST] It reads.", "It reads."),
        ("<answer>It reads.</answer>", "It reads."),
        ("Follow-up questions are studied.", "Follow-up questions are studied."),
        ("As an AI assistant it trains well.", "As an AI assistant it trains well."),
        ("Hope that models generalise is fading.", "Hope that models generalise is fading."),
    ],
)
def test_what_a_model_says_of_itself_goes_and_what_a_paper_says_stays(
    written: str, shown: str
) -> None:
    assert cleaned(written) == shown


def test_many_numbers_in_a_row_cost_no_more_than_they_are_long() -> None:
    assert len(cleaned("(1) " * 20_000 + "It reads.")) < 100
