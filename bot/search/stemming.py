"""What a word has in common with its inflections, and what with the words made from it."""

from __future__ import annotations

import re
import threading
from functools import lru_cache

import Stemmer

_IRREGULAR = {
    "analyses": "analysis", "axes": "axis", "buses": "bus", "children": "child",
    "corpora": "corpus", "criteria": "criterion", "diagnoses": "diagnosis", "emojis": "emoji",
    "feet": "foot", "gases": "gas", "hypotheses": "hypothesis", "indices": "index",
    "lives": "life", "matrices": "matrix", "men": "man", "menus": "menu", "mice": "mouse",
    "parentheses": "parenthesis", "people": "person", "phenomena": "phenomenon",
    "quizzes": "quiz", "spectra": "spectrum", "syntheses": "synthesis", "theses": "thesis",
    "vertices": "vertex", "women": "woman",
}  # fmt: skip
_IRREGULAR |= {"agreed": "agree", "guaranteed": "guarantee", "tied": "tie"}
# AIME is a benchmark, and no aim.
_UNCHANGED = frozenset(
    (
        *(
            "aime",
            "axis",
            "during",
            "embed",
            "grokking",
            "gas",
            "iris",
            "lens",
            "less",
            "news",
            "series",
        ),
        *("species", "this", "thus"),
    )
)
_SHORTEST = 3  # letters of a word that can have an ending at all
_VOWEL = re.compile("[aeiouy]")
# Initials: LLMs, RNNs; and GPUs and APIs, which end like "corpus" and "thesis" and are neither.
_PLURAL_INITIALS = re.compile(r"(?:[^aeiouy]{2,}|[^aeiou]pu|gru|imu|[a-z]{2}i)s")
_NO_PLURAL = re.compile(r".*(?:ss|(?<!ea)us|is|alias|atlas|bias|canvas)")
_DOUBLED = re.compile(r"..+([bdgklmnprt])\1")
# Written with an e, or it would be doubled: "coding" is of "code", and "running" of "run".
_WITH_E = re.compile(r"[^aeiouy]*[aeiouy][^aeiouywx]|y[aeiou][^aeiouywx]")
_AMERICAN = {
    "artefact": "artifact", "catalogue": "catalog", "centre": "center", "defence": "defense",
    "fibre": "fiber", "grey": "gray", "judgement": "judgment", "programme": "program",
}  # fmt: skip
# Optimise, analysing, behaviour. That promise becomes "promiz" as well does no harm.
_BRITISH = (
    (re.compile(r"(?<=..[iy])s(e|ed|er|ing|ation|ational)$"), r"z\1"),
    (re.compile(r"(?<=...)our(al|ed|ing|able|ably|hood)?$"), r"or\1"),
)

# What is left of an ending, or of a word that has another stem, after its beginning.
_TAILS = frozenset(
    ending[at:]
    for ending in (
        *("s", "es", "ies", "e", "ed", "er", "ers", "ing", "ings", "ation", "ations", "ational"),
        *("our", "ours", "ouring", "oured", "oural", "ourable", "ourably", "ourhood"),
    )
    for at in range(len(ending) + 1)
)
_SHORTEST_BEGUN = 4  # "res*" is for results, and not for what is of "re"

_own = threading.local()  # a stemmer works for one thread


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return what a folded word has in common with its plural, its -ed and its -ing.

    The inflections of Porter's second stemmer (steps 0, 1 and 5,
    https://snowballstem.org/algorithms/english/stemmer.html) and none of its derivations, so that
    tokens are no tokenizers; scholarly plurals and British spelling besides. Words that are not of
    the letters a to z stay as they are.
    """
    if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()) or word in _UNCHANGED:
        return word
    word = _IRREGULAR.get(word) or _singular(word)
    if word in _UNCHANGED:
        return word
    word = _AMERICAN.get(word, word)
    for ending, american in _BRITISH:
        word = ending.sub(american, word)
    word = _without_ending(word)
    if len(word) > _SHORTEST:
        if word.endswith("e") and not _WITH_E.fullmatch(word[:-1]):
            word = word[:-1]
        word = word[:-1] + "i" if word.endswith("y") and word[-2] not in "aeiou" else word
    if word.endswith("ll"):  # modelled and modeled
        word = word[:-1]
    return word


def _singular(word: str) -> str:
    if _PLURAL_INITIALS.fullmatch(word):
        return word[:-1]
    if word.endswith("ies"):
        return word[:-3] + ("y" if len(word) > _SHORTEST + 1 else "ie")
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    if not word.endswith("s") or _NO_PLURAL.fullmatch(word):
        return word
    return word[:-1]


def _without_ending(word: str) -> str:
    if word.endswith("eed"):  # speed, need, exceed
        return word
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root == word or not _VOWEL.search(root):
            continue
        if _DOUBLED.fullmatch(root):
            return root[:-1]
        if _WITH_E.fullmatch(root):
            return root + "e"
        if len(root) >= _SHORTEST:
            return root
    return word


@lru_cache(maxsize=1_000)
def stems_begun(beginning: str) -> tuple[str, ...]:
    """Return the stems of words that begin so although their stems do not.

    ``generati`` begins generating, which is known as ``generat``.
    """
    whole = [word for word in (*_IRREGULAR, *_AMERICAN) if word.startswith(beginning)]
    likely = (stem(word) for word in (*whole, *(beginning + tail for tail in sorted(_TAILS))))
    return tuple(
        dict.fromkeys(
            one for one in likely if len(one) >= _SHORTEST_BEGUN and not one.startswith(beginning)
        )
    )


@lru_cache(maxsize=100_000)
def family(word: str) -> str:
    """Return what a folded word has in common with the words made from it: token, tokenizer.

    Porter's second stemmer, whole.
    """
    if not (word.isascii() and word.isalpha()):
        return word
    if not hasattr(_own, "stemmer"):
        _own.stemmer = Stemmer.Stemmer("english")
    root: str = _own.stemmer.stemWord(_singular(word))
    return root
