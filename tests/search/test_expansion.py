"""What a query matches: run together or apart, short forms and long ones, names, fields."""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import Author
from bot.domain.queries import Not, Term
from bot.search.acronyms import Acronyms
from bot.search.expansion import expand, meaningful, said_together
from bot.search.lexicon import Known, Lexicon
from bot.search.matching import spans
from bot.search.parsing import parse
from bot.search.patterns import OneOf, Pattern, leaves
from tests.builders import paper
from tests.search.small_index import SmallIndex

FORMS = Acronyms(
    {
        ("GAN", "generative adversarial network"): 40,
        ("RLHF", "reinforcement learning from human feedback"): 40,
        ("MoE", "mixture of experts"): 40,
        ("3DGS", "3d gaussian splatting"): 40,
        ("SAM", "segment anything model"): 40,
    }
)
NOBODY = Acronyms({})


def matched(query: str, *texts: str, forms: Acronyms = FORMS, authors: str = "") -> list[str]:
    """Return the texts that a query matches, each the title of a paper of its own.

    ``authors`` writes another paper. As in a larger index, every word stands in three more.
    """
    told = [paper(title=text, abstract="", authors=()) for text in texts]
    writers = tuple(Author(name=name) for name in authors.split(", ") if name)
    written = paper(title="", abstract="", authors=writers)
    with closing(SmallIndex(*told, written, *(3 * [*told, written]))) as index:
        lexicon = index.lexicon(forms)
        tree = parse(query).tree
        wanted = expand(tree, lexicon)
        assert index.found(tree, lexicon) == index.matching(wanted)
        found = index.matching(wanted)
    return [text for no, text in enumerate((*texts, authors), start=1) if no in found]


VIDEO = ("Video diffusion", "video-diffusion", "VideoDiffusion", "diffused videos", "diffusion")


@pytest.mark.parametrize("query", ["video-diffusion", '"video diffusion"', "videodiffusion"])
def test_the_hyphen_the_space_and_one_word_are_the_same(query: str) -> None:
    assert matched(query, *VIDEO) == list(VIDEO[:3])


def test_two_words_stand_in_any_order_and_inflection() -> None:
    texts = "Diffusion for videos", "a video, then diffusion", "video", "video-diffusions"
    assert matched("video diffusion", *texts) == [texts[0], texts[1], texts[3]]


GROUPS = (
    ("text to 3d", "Text-to-3D", "textto3d"),
    ("gpt 4", "GPT-4", "GPT4"),
    ("gpt 4o", "GPT-4o", "GPT4o"),
    ("u net", "U-Net", "UNet"),
    ("k means", "K-Means", "KMeans"),
    ("t sne", "t-SNE", "tSNE"),
    ("top k", "Top-k", "topk"),
    ("o 1", "o-1", "o1"),
)


@pytest.mark.parametrize("forms", GROUPS)
@pytest.mark.parametrize("typed", [0, 1, 2])
def test_parts_that_are_known_are_found_however_they_are_joined(
    forms: tuple[str, ...], typed: int
) -> None:
    quoted = f'"{forms[typed]}"'
    parts = f"{forms[0].replace(' ', ' and ')} {forms[0].split()[0]}"
    assert matched(quoted, *forms, parts) == list(forms)


@given(
    st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), min_size=2, max_size=4),
    st.data(),
)
def test_joinings_of_the_same_words_match_the_same_papers(
    words: list[str], data: st.DataObject
) -> None:
    forms = ["".join(words), " ".join(words), "-".join(words)]
    titles = [*forms, *words, " ".join(reversed(words))]
    with closing(SmallIndex(*(paper(title=title, abstract="") for title in titles * 3))) as index:
        lexicon = index.lexicon(NOBODY)
        spaced, hyphened = (
            index.found(Term(text=text, quoted=True), lexicon) for text in forms[1:]
        )
    assert spaced == hyphened
    assert {1, 2, 3} <= spaced


def test_a_word_of_two_is_taken_apart_only_where_both_are_known() -> None:
    assert matched("videodiffusion", "video diffusion", "videodiffusion") == [
        "video diffusion",
        "videodiffusion",
    ]
    known = {"video": Known(1), "diffusion": Known(9)}
    (leaf,) = leaves(expand(Term(text="videodiffusion"), Lexicon(NOBODY, known)))
    assert leaf.patterns == (Pattern(("videodiffusion",)),)


def test_a_long_phrase_is_joined_at_one_place_at_a_time() -> None:
    words = ["one", "two", "six", "ten", "map", "net"]
    joined = [first + second for first, second in pairwise(words)]
    known = {each: Known(5) for each in (*words, *joined, "onetwosix")}
    tree = Term(text=" ".join(words), quoted=True)
    (leaf,) = leaves(expand(tree, Lexicon(NOBODY, known)))
    assert leaf.patterns[0].stems == tuple(words)
    assert {pattern.stems for pattern in leaf.patterns[1:]} == {
        (*words[:at], joined[at], *words[at + 2 :]) for at in range(5)
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("GAN", ["a GAN", "GANs", "generative adversarial networks"]),
        ("gans", ["a GAN", "GANs", "generative adversarial networks"]),
        ('"generative adversarial network"', ["a GAN", "GANs", "generative adversarial networks"]),
        ("generative adversarial network", ["a GAN", "GANs", "generative adversarial networks"]),
        ("generative-adversarial-networks", ["a GAN", "GANs", "generative adversarial networks"]),
        ("adversarial", ["generative adversarial networks"]),
    ],
)
def test_acronyms_find_their_long_forms_and_back(query: str, found: list[str]) -> None:
    texts = "a GAN", "GANs", "generative adversarial networks", "network"
    assert matched(query, *texts) == found


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("mixture of experts", "An MoE"),
        ('"mixture of experts"', "An MoE"),
        ("mixture-of-experts routing", "MoE routing"),
        ("MoE-routing", "mixture of experts routing"),
        ("3D-GS", "3D Gaussian Splatting"),
        ("3d gaussian splatting", "3DGS"),
        ("sparse-3DGS", "sparse 3D Gaussian splatting"),
        ('"deep SAM 2"', "deep segment anything model 2"),
        ("SAM-2", "segment anything model 2"),
        ("title:RLHF", "reinforcement learning from human feedback"),
    ],
)
def test_a_part_of_a_phrase_may_be_an_acronym_or_a_long_form(query: str, text: str) -> None:
    assert matched(query, text, "nothing of it") == [text]


def test_a_name_that_is_spelled_like_an_acronym_stays_a_name() -> None:
    texts = "segment anything model", "Sam the robot"
    assert matched("SAM", *texts) == list(texts)
    assert matched("Sam", *texts) == [texts[1]]


def test_a_word_cut_short_is_the_whole_one() -> None:
    texts = "math reasoning", "mathematical reasoning", "reasoning"
    assert matched("math-reasoning", *texts) == list(texts[:2])
    assert matched("mathematical reasoning", *texts) == list(texts[:2])


def test_a_word_is_not_the_person_who_is_called_so() -> None:
    assert matched("GAN", "a GAN", "GAN again", authors="Yue Gan") == ["a GAN", "GAN again"]
    assert matched("Saining", "no such word", authors="Saining Xie") == ["Saining Xie"]
    assert matched("title:Saining", "no such word", authors="Saining Xie") == []


PEOPLE = "Saining Xie, Jean-Baptiste R. Alayrac, Yann Le Cun"


@pytest.mark.parametrize(
    "query",
    [
        *("Saining Xie", "Xie Saining", "saining-xie", '"Saining Xie"', "xie -tokenizer"),
        *("Jean-Baptiste Alayrac", '"Jean Alayrac"', "Jean Baptiste Alayrac", "Alayrac"),
        *('author:"Saining Xie"', "author:xie", 'author:"Yann Le Cun"', 'author:"Yann Cun"'),
        *("author:sain*", "author:Alayrac*", 'author:"Yann Le Cu*"', "Yann Le Cun", "Cun Yann Le"),
        "Le Cun Yann",
    ],
)
def test_a_person_is_found_by_name_in_either_order_with_or_without_the_middle(query: str) -> None:
    assert matched(query, "nothing", authors=PEOPLE) == [PEOPLE]


@pytest.mark.parametrize(
    "query",
    [
        *('"Xie Jean"', "Xie-Jean", 'author:"Xie Jean"', 'author:"Alayrac Yann"'),
        *("keyword:Saining", "org:Xie"),
    ],
)
def test_no_name_reaches_across_two_authors(query: str) -> None:
    assert matched(query, "nothing", authors=PEOPLE) == []


def test_the_plural_of_a_name_may_be_begun() -> None:
    assert matched("author:Jones*", authors="Llion Jones") == ["Llion Jones"]


def test_no_phrase_reaches_across_two_keywords() -> None:
    apart = paper(1, title="", abstract="", ai_keywords=("deep video", "diffusion model"))
    whole = paper(2, title="", abstract="", ai_keywords=("video diffusion",))
    with closing(SmallIndex(apart, whole)) as index:
        lexicon = index.lexicon(NOBODY)
        assert index.found(parse('"video diffusion"').tree, lexicon) == {2}
        assert index.found(parse("video diffusion").tree, lexicon) == {1, 2}
        assert index.found(parse("keyword:diffusion").tree, lexicon) == {1, 2}
        assert index.found(parse("title:diffusion").tree, lexicon) == set()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("attention is all you need", ["Attention Is All You Need", "all need attention"]),
        ('"attention is all you need"', ["Attention Is All You Need"]),
        ("the of", ["the art of it"]),
        ("need", ["Attention Is All You Need", "all need attention"]),
    ],
)
def test_stop_words_count_in_a_phrase_and_where_there_is_nothing_else(
    query: str, found: list[str]
) -> None:
    texts = "Attention Is All You Need", "all need attention", "the art of it"
    assert matched(query, *texts) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cat:cs.CV", {1}),
        ("cat:CS.cv", {1}),
        ("cat:cs", {1, 2}),
        ("cat:cs.", {1, 2}),
        ("cat:hep-th", {3}),
        ("cat:cv", set()),
        ("cat:cs.CV*", {1}),
        ("cat:cs.c", set()),
        ("cs.CV", set()),
        ('cat:"cs.CL"', {2}),
        ("vision -cat:cs.CV", {2, 3}),
    ],
)
def test_a_category_is_found_whole_and_by_its_archive(query: str, found: set[int]) -> None:
    categories = (("cs.CV", "stat.ML"), ("cs.CL",), ("hep-th",))
    told = [paper(title="vision", abstract="", categories=one) for one in categories]
    with closing(SmallIndex(*told)) as index:
        assert index.found(parse(query).tree, index.lexicon(NOBODY)) == found


BEGUN = (
    *("quantized", "quantization", "quants", "post-quantization", "postquantum"),
    *("generating", "generative", "gene", "studies"),
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("quant*", ["quantized", "quantization", "quants", "post-quantization"]),
        ("quantiz*", ["quantized", "quantization", "post-quantization"]),
        ("quantize*", ["quantized"]),
        ("quantise*", ["quantized"]),
        ("quantizat*", ["quantization", "post-quantization"]),
        ("title:quantisa*", ["quantization", "post-quantization"]),
        ('"post quant*"', ["post-quantization", "postquantum"]),
        ("post-quant*", ["post-quantization", "postquantum"]),
        ("generati*", ["generating", "generative"]),
        ("gene*", ["generating", "generative", "gene"]),
        ("studi*", ["studies"]),
        ("study*", ["studies"]),
        ("org:quant*", []),
    ],
)
def test_a_beginning_finds_its_words_in_every_inflection(query: str, found: list[str]) -> None:
    assert matched(query, *BEGUN) == found


def test_an_exclusion_takes_the_other_forms_of_a_word_with_it() -> None:
    texts = "video GAN", "video generative adversarial networks", "video diffusion"
    assert matched("video -GAN", *texts) == [texts[2]]
    assert matched("video -(GAN | diffusion)", *texts) == []
    assert matched("video (GAN | diffusion)", *texts) == list(texts)


def test_what_was_typed_is_told_from_its_other_forms() -> None:
    found = list(leaves(expand(parse("GAN -video").tree, Lexicon(FORMS))))
    assert [(leaf.patterns, leaf.literal) for leaf in found] == [
        ((Pattern(("gan",)),), True),
        ((Pattern(("generativ", "adversarial", "network")),), False),
    ]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("video diffusion", "video diffusion"),
        ("Videos of GPT-4", "video of gpt 4"),
        ("video", None),
        ('video "diffusion"', None),
        ("video diff*", None),
        ("video title:diffusion", None),
        ("video -diffusion", None),
        ("video | diffusion", None),
        ("a b c d e f g h i", None),
    ],
)
def test_only_a_few_plain_words_are_said_together(query: str, said: str | None) -> None:
    found = said_together(parse(query).tree, Lexicon(NOBODY))
    wanted = said and OneOf((Pattern(tuple(said.split())),))
    assert found == wanted


@pytest.mark.parametrize(
    ("query", "telling"),
    [
        ("the art of video", "art video"),
        ("the of", "the of"),
        ("the -video", "the -video"),
        ('"the art" of', '"the art"'),
        ("the | art", "the | art"),
        ("of", "of"),
    ],
)
def test_stop_words_beside_others_mean_nothing(query: str, telling: str) -> None:
    assert meaningful(parse(query).tree) == parse(telling).tree


def test_an_exclusion_alone_is_no_query() -> None:
    with pytest.raises(ValueError, match="inside an And"):
        expand(Not(Term(text="video")), Lexicon(NOBODY))


def test_nothing_is_found_by_nothing() -> None:
    wanted = expand(Term(text="ﾞ", prefix=True), Lexicon(NOBODY))
    assert isinstance(wanted, OneOf)
    assert spans(wanted.patterns, []) == ()
    assert matched("ﾞ", "anything") == []
    assert matched("ﾞﾞ*", "anything") == []
