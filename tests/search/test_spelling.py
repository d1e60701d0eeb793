from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.spelling import Spelling

KNOWN = {
    "diffusion": 900,
    "diffusions": 30,
    "difusion": 1,
    "infusion": 12,
    "transformer": 800,
    "reinforcement": 700,
    "retrieval": 300,
    "watermark": 20,
    "agent": 1000,
    "video": 999,
    "vide": 1,
    "": 3,
}
LEXICON = Spelling(KNOWN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("diffusoin", "diffusion"),
        ("difusion", "diffusion"),
        ("diffussion", "diffusion"),
        ("tranformer", "transformer"),
        ("transfromer", "transformer"),
        ("trnsfromer", "transformer"),
        ("reinforcmnt", "reinforcement"),
        ("reinfforcementt", "reinforcement"),
        ("rwatermark", "watermark"),
        ("retreivel", "retrieval"),
        ("agnet", "agent"),
    ],
)
def test_a_misspelt_word_finds_the_one_that_was_meant(typed: str, meant: str) -> None:
    assert LEXICON.nearest(typed)[0] == meant


@pytest.mark.parametrize("typed", ["", "vid", "xyzzyplugh", "diffusion", "a" * 41, "agxxt"])
def test_a_word_without_a_commoner_neighbour_is_left_alone(typed: str) -> None:
    assert LEXICON.nearest(typed) == ()


def test_what_is_rare_beside_the_commonest_is_not_offered() -> None:
    assert LEXICON.nearest("difffusions") == ("diffusions",)
    assert LEXICON.nearest("vidoe") == ("video",)
    assert LEXICON.nearest("videe") == ("video",)


def test_a_misspelt_beginning_finds_one_that_begins_a_word() -> None:
    assert LEXICON.beginnings("difus") == ("diffus",)
    assert LEXICON.beginnings("retrei")[0] == "retri"


@pytest.mark.parametrize("typed", ["dif", "diffu", "xyzzy", "a" * 41])
def test_a_beginning_that_is_one_or_like_none_is_left_alone(typed: str) -> None:
    assert LEXICON.beginnings(typed) == ()


WORDS = st.from_regex(r"[a-e]{0,12}", fullmatch=True)


def distance(one: str, other: str) -> int:
    """Measure by the whole table: an oracle that is slow and plain."""
    rows = [
        [max(i, j) if not min(i, j) else 0 for j in range(len(other) + 1)]
        for i in range(len(one) + 1)
    ]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            rows[i][j] = min(
                rows[i - 1][j] + 1,
                rows[i][j - 1] + 1,
                rows[i - 1][j - 1] + (one[i - 1] != other[j - 1]),
            )
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(WORDS, st.dictionaries(WORDS, st.integers(min_value=9, max_value=11), max_size=30))
def test_the_nearest_words_are_those_that_measuring_all_would_find(
    typed: str, known: dict[str, int]
) -> None:
    known.pop(typed, None)
    away = {word: distance(typed, word) for word in known}
    once = {word for word in known if away[word] == 1}
    twice = {word for word in known if away[word] == 2 and word[:1] == typed[:1]}
    expected = set() if len(typed) < 4 else once or (twice if len(typed) >= 7 else set())
    assert set(Spelling(known).nearest(typed, limit=99)) == expected
