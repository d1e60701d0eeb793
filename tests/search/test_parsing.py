from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given

from bot.domain.queries import LONGEST_QUERY, And, Field, Node, Not, Or, Query, Term
from bot.errors import QueryMistake
from bot.search.parsing import DEEPEST_NESTING, MOST_TERMS, parse
from bot.search.pointing import pointed
from tests.search.queries import outcome, typed


def word(text: str, field: Field | None = None) -> Term:
    return Term(text=text, field=field)


def begun(text: str) -> Term:
    return Term(text=text, prefix=True)


def phrase(text: str, field: Field | None = None) -> Term:
    return Term(text=text, field=field, quoted=True)


a, b, c = word("a"), word("b"), word("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("video diffusion", And((word("video"), word("diffusion")))),
        ("video-diffusion", word("video-diffusion")),
        ('"video diffusion"', phrase("video diffusion")),
        ('"  video \t diffusion "', phrase("video diffusion")),
        ("a AND b", And((a, b))),
        ("a and b", And((a, word("and"), b))),
        ("not a or b", And((word("not"), a, word("or"), b))),
        ("a OR b", Or((a, b))),
        ("a|b || c", Or((a, b, c))),
        ("a b OR c", Or((And((a, b)), c))),
        ("a (b OR c)", And((a, Or((b, c))))),
        ("(a OR b) OR c", Or((a, b, c))),
        ("((a) ((b c)))", And((a, b, c))),
        ("a -b", And((a, Not(b)))),
        ("NOT b a", And((Not(b), a))),
        ("a AND NOT (b OR c)", And((a, Not(Or((b, c)))))),
        ("a -(b -c)", And((a, Not(And((b, Not(c))))))),
        ("quant*", begun("quant")),
        ("text-to-im*", begun("text-to-im")),
        ("quant**", begun("quant")),
        ("हिंदी*", begun("हिंदी")),
    ],
)
def test_the_forms_of_the_contract_mean_what_it_says(text: str, tree: Node) -> None:
    assert parse(text).tree == tree


@pytest.mark.parametrize(
    "text", ["NOT NOT a", "--a", "-NOT a", "NOT -a", "-(-a)", "-(NOT (a))", "----a"]
)
def test_a_double_negation_cancels(text: str) -> None:
    assert parse(text).tree == a


def test_three_negations_exclude() -> None:
    assert parse("a ---b").tree == And((a, Not(b)))


def test_to_exclude_all_that_is_excluded_is_to_look_for_one_of_it() -> None:
    assert parse("-(-a -b)").tree == Or((a, b))
    assert parse("c -(-a -(b c))").tree == And((c, Or((a, And((b, c))))))


def test_an_exclusion_in_a_group_stands_beside_what_is_outside() -> None:
    assert parse("a (-b -c)").tree == And((a, Not(b), Not(c)))


@pytest.mark.parametrize("text", ['"text to im*"', '"text to im"*', '"text to im* "'])
def test_a_phrase_has_its_star_inside_or_behind_the_quotes(text: str) -> None:
    assert parse(text).tree == Term(text="text to im", prefix=True, quoted=True)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("title:video", word("video", Field.TITLE)),
        ('author:"Saining Xie"', phrase("Saining Xie", Field.AUTHOR)),
        ('Author:  "Saining Xie"', phrase("Saining Xie", Field.AUTHOR)),
        ("AUTHORS:Xie", word("Xie", Field.AUTHOR)),
        ("cat:cs.CV", word("cs.CV", Field.CATEGORY)),
        ("category:cs.CV", word("cs.CV", Field.CATEGORY)),
        ("keywords:rag", word("rag", Field.KEYWORD)),
        ("org:google", word("google", Field.ORGANIZATION)),
        ("'title:a", word("a", Field.TITLE)),
        ("title:(a OR b)", Or((word("a", Field.TITLE), word("b", Field.TITLE)))),
        ("title:(a -b) c", And((word("a", Field.TITLE), Not(word("b", Field.TITLE)), c))),
        ("-title:a b", And((Not(word("a", Field.TITLE)), b))),
        ('"a"-title:b', And((phrase("a"), word("b", Field.TITLE)))),
    ],
)
def test_a_field_holds_the_word_phrase_or_group_after_it(text: str, tree: Node) -> None:
    assert parse(text).tree == tree


@pytest.mark.parametrize(
    "text",
    [
        *("C++", "C#", "U-Net++", "read/write", "π0", "o1-like", "3.5", "l'apprentissage", "3,000"),
        *(
            "12:30",
            "1:2:3",
            "GPT-4",
            "cs/9901001",
            "2502.06782v2",
            "Müller",
            "हिंदी",
            "扩散模型",
            "x²",
        ),
        *("OR-like", "AND/OR", "NULL", "a@b", "Or", "or"),
    ],
)
def test_what_is_inside_a_word_stays(text: str) -> None:
    assert parse(text).tree == word(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("what is attention?", "what is attention"),
        ("RLHF, DPO; and... (PPO)!", "RLHF DPO and PPO"),
        ("a,b a;b!c", "a b a b c"),
        ("video - diffusion -- now", "video diffusion now"),
        ("Attention: is all", "Attention is all"),
        ("Attention is all (you need:)", "Attention is all you need"),
        ("a & b / [c] {d} ^e ~f $g$ `h` 'i'", "a b c d e f g h i"),
        ("🔥 hot ⚡\ufe0f news", "hot news"),
        ("+must #tag @name", "must tag name"),
        ("+OR 'AND' NOT.", "OR AND NOT"),
        ("a\nb\tc\0d", "a b c d"),
        ("zero\u200bwidth \u202eturned", "zerowidth turned"),
        ("em—dash and a —b", "em dash and a b"),
        ("NEAR(a b)", "NEAR a b"),
        ("{x}: ^a", "x a"),
        ("f(x) 1=1", "f x 1=1"),
        ("扩散模型，视频。生成", "扩散模型 视频 生成"),
        ("a * b", "a b"),
    ],
)
def test_signs_between_words_are_passed_over(text: str, words: str) -> None:
    assert parse(text).tree == And(tuple(map(word, words.split())))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("“video diffusion”", phrase("video diffusion")),
        ("„video diffusion“", phrase("video diffusion")),
        ("«video diffusion»", phrase("video diffusion")),
        ("「扩散 模型」", phrase("扩散 模型")),
        ("（a｜b）　ｃ", And((Or((a, b)), c))),
        ("title：“a”", phrase("a", Field.TITLE)),
        ("ＲＬＨＦ－２", word("RLHF-2")),
        ("l’art", word("l'art")),
        ("a –b", And((a, Not(b)))),
        ("video‑diffusion", word("video-diffusion")),
        ("e\u0301tude", word("étude")),
    ],
)
def test_every_keyboard_is_understood(text: str, tree: Node) -> None:
    assert parse(text).tree == tree


@pytest.mark.parametrize("text", ['"image"-based', "(image)-based"])
def test_a_hyphen_right_after_a_phrase_or_a_group_excludes_nothing(text: str) -> None:
    tree = parse(text).tree
    assert isinstance(tree, And)
    assert tree.parts[1] == word("based")


def test_a_query_is_kept_on_one_line_as_it_was_typed() -> None:
    assert parse("  “video\ndiffusion”\u200b （a） ") == Query(
        text="“video diffusion” （a）",
        tree=And((phrase("video diffusion"), a)),
    )


def test_a_term_knows_its_column() -> None:
    terms = parse('  title:video -(x) “flow matching” +C++, "y"').terms()
    assert [(term.text, term.at) for term in terms] == [
        *(("video", 6), ("flow matching", 17), ("C++", 34), ("y", 39)),
    ]


def test_the_bounds_are_allowed_themselves() -> None:
    assert len(parse("a" * LONGEST_QUERY + "  ").text) == LONGEST_QUERY
    assert len(parse("a " * MOST_TERMS).terms()) == MOST_TERMS
    assert parse("(" * DEEPEST_NESTING + "a" + ")" * DEEPEST_NESTING).tree == a


def test_threads_share_the_parser() -> None:
    texts = [f'title:(a{n} OR "b {n}") -c{n}' for n in range(300)]
    alone = [parse(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(parse, texts)) == alone


@given(typed)
@example("\u0958" * 200)  # twice as long in NFC
@example("a" + "\u0300\u0323" * 100_000)
@example("NOT " * 74 + "a")
@example("-" * 299 + "a")
@example("-(" * 150)
@example('"' * 299)
@example("(" * 300)
@example("a:" * 150)
@example("1:" * 150)
@example("*" * 300_000)
@example("-+" * 150)
def test_any_text_parses_or_is_answered_with_a_caret(text: str) -> None:
    match outcome(text):
        case QueryMistake() as mistake:
            assert 0 <= mistake.at <= len(mistake.text)
            shown, caret = pointed(mistake.text, mistake.at).split("\n")
            assert len(caret) <= len(shown)
            assert caret.endswith("^")
            assert mistake.expected
            assert str(mistake).endswith(".")
        case Query() as query:
            assert parse(query.text) == query
            columns = [term.at for term in query.terms()]
            assert columns == sorted(columns) != []
            assert all(any(map(str.isalnum, term.text)) for term in query.terms())
