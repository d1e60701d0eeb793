from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.search.stemming import family, stem, stems_begun

TOGETHER = (
    "token tokens tokened tokening",
    "model models modeled modelled modeling modelling",
    "bias biases biased biasing",
    "debias debiases debiased debiasing",
    "code codes coded coding",
    "scale scales scaled scaling",
    "size sizes sized sizing",
    "use uses used using",
    "age ages aged aging",
    "tie ties tied",
    "add adds added adding",
    "run runs running",
    "map maps mapped mapping mappings",
    "fix fixes fixed fixing",
    "box boxes",
    "bus buses",
    "gas gases",
    "lens lenses",
    "canvas canvases",
    "quiz quizzes",
    "fuzz fuzzes fuzzed fuzzing",
    "staff staffs staffed",
    "loss losses",
    "pass passes passed passing",
    "match matches matched matching",
    "mesh meshes",
    "process processes processed processing",
    "generate generates generated generating",
    "study studies studied studying",
    "movie movies",
    "image images imaging imaged",
    "embed embeds embedded embedding embeddings",
    "meeting meetings meet",
    "agree agreed agrees",
    "quantize quantizes quantized quantizing quantise quantised quantising",
    "optimizer optimizers optimiser optimisers",
    "optimization optimizations optimisation optimisations",
    "organizational organisational",
    "analyze analyzed analyzing analyse analysed analysing",
    "behavior behaviors behaviour behaviours",
    "behavioral behavioural",
    "favor favors favored favoring favour favours favoured favouring",
    "neighborhood neighborhoods neighbourhood neighbourhoods",
    "program programs programmed programming programme programmes",
    "center centers centered centre centres",
    "judgment judgments judgement judgements",
    "artifact artifacts artefact artefacts",
    "analysis analyses",
    "hypothesis hypotheses",
    "matrix matrices",
    "vertex vertices",
    "index indices indexes indexed indexing",
    "corpus corpora",
    "criterion criteria",
    "axis axes",
    "child children",
    "plateau plateaus",
    "menu menus",
    "llm llms",
    "rnn rnns",
    "vae vaes",
    "gpu gpus",
    "npu npus",
    "imu imus",
    "api apis",
    "gui guis",
    "mri mris",
    "moe moes",
)
APART = (
    "token tokenizer tokenization",
    "diffusion diffuse",
    "generation generate generative generator",
    "optimize optimization optimizer",
    "attention attend attentive",
    "reason reasonable",
    "robot robotics",
    "same sam",
    "aime aim",
    "hop hope",
    "rate rat",
    "note not",
    "none non",
    "huge hug",
    "mode mod",
    "wine win",
    "were wer",
    "roll role",
    "file fill",
    "speed sped",
    "seed see",
    "need net",
    "news new",
    "this thi",
    "string str",
    "thing the",
    "class clas",
    "axis axi",
)


@pytest.mark.parametrize("group", TOGETHER)
def test_the_inflections_of_a_word_have_one_stem(group: str) -> None:
    assert len(set(map(stem, group.split()))) == 1


@pytest.mark.parametrize("group", APART)
def test_a_word_and_what_is_made_from_it_or_only_looks_alike_have_stems_of_their_own(
    group: str,
) -> None:
    words = group.split()
    assert len(set(map(stem, words))) == len(words)


@pytest.mark.parametrize(
    "word", ["is", "3d", "gpt4", "müller", "扩散", "cpp", "during", "series", "species", "red"]
)
def test_what_has_no_ending_stays(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize(
    "group", ["token tokens tokenized", "diffusion diffuse diffusing", "robot robotic robotics"]
)
def test_a_family_holds_what_is_made_from_a_word(group: str) -> None:
    assert len(set(map(family, group.split()))) == 1


@pytest.mark.parametrize("word", ["gpt4", "müller", "扩散"])
def test_a_word_of_other_letters_is_its_own_family(word: str) -> None:
    assert family(word) == word


def test_initials_have_the_family_of_their_singular() -> None:
    assert family("llms") == family("llm")


@given(st.text(string.ascii_lowercase, max_size=40))
@example("s" * 40)
@example("ing" * 13)
def test_a_stem_is_small_letters_and_no_longer_than_its_word(word: str) -> None:
    found = stem(word)
    assert found.isascii()
    assert found.islower() or not word
    # But for the few that people write otherwise (defence), and where an e is put back.
    assert len(found) <= max(len(word), len("phenomenon"))


_words = st.sampled_from(sorted({word for group in TOGETHER for word in group.split()}))


@given(
    _words | st.text(string.ascii_lowercase, min_size=4, max_size=12),
    st.sampled_from(("", "s", "es", "ed", "ing", "ings", "er", "ise", "isation", "our", "oured")),
    st.data(),
)
def test_every_beginning_of_a_word_finds_its_stem(
    word: str, ending: str, data: st.DataObject
) -> None:
    whole = (word + ending).replace("-", "")
    beginning = whole[: data.draw(st.integers(4, len(whole)))] if len(whole) > 4 else whole
    found = stem(whole)
    if len(found) >= 4:
        assert found.startswith(beginning) or found in stems_begun(beginning)


@pytest.mark.parametrize(
    ("beginning", "found"),
    [
        ("generati", {"generat"}),
        ("optimis", {"optimiz", "optimization"}),
        ("behaviou", {"behavior", "behavioral"}),
        ("matric", {"matrix"}),
        ("images", {"imag"}),
        ("study", {"studi"}),
    ],
)
def test_a_word_begun_past_its_stem_is_still_found(beginning: str, found: set[str]) -> None:
    assert found <= set(stems_begun(beginning))


@pytest.mark.parametrize("beginning", ["quant", "res", "cod", "gener", "3d", "扩散"])
def test_a_beginning_that_stands_in_the_stem_itself_finds_no_shorter_one(beginning: str) -> None:
    assert not any(beginning.startswith(one) for one in stems_begun(beginning))
