"""What a word has in common with its inflections, and what with the words made from it."""

from __future__ import annotations

import re
import threading
from functools import lru_cache

import Stemmer

_IRREGULAR = {
    "analyses": "analysis", "axes": "axis", "children": "child", "corpora": "corpus",
    "criteria": "criterion", "diagnoses": "diagnosis", "feet": "foot", "hypotheses": "hypothesis",
    "indices": "index", "lives": "life", "matrices": "matrix", "men": "man", "mice": "mouse",
    "parentheses": "parenthesis", "people": "person", "phenomena": "phenomenon",
    "spectra": "spectrum", "syntheses": "synthesis", "theses": "thesis", "vertices": "vertex",
    "women": "woman",
}  # fmt: skip
_IRREGULAR |= {"agreed": "agree", "guaranteed": "guarantee", "used": "use", "using": "use"}
_UNCHANGED = frozenset(
    ("during", "embed", "lens", "less", "news", "series", "species", "this", "thus")
)
_SHORTEST = 3  # letters of a word that can have an ending at all
_VOWEL = re.compile("[aeiouy]")
# Initials: LLMs, RNNs; and GPUs, which end like "corpus" and are none.
_PLURAL_INITIALS = re.compile(r"(?:[^aeiouy]{2,}|[^aeiou]pu)s")
_DOUBLED = re.compile(r"([bdfgklmnprtz])\1$")
# Optimise, analysing, behaviour. That raise becomes "raiz" as well does no harm: nothing else does.
_BRITISH = (
    (re.compile(r"(?<=..[iy])s(e|ed|er|ing|ation)$"), r"z\1"),
    (re.compile(r"(?<=...)our(al)?$"), r"or\1"),
)

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
    for ending, american in _BRITISH:
        word = ending.sub(american, word)
    word = _without_ending(word)
    if len(word) > _SHORTEST:
        word = word.removesuffix("e")
        word = word[:-1] + "i" if word.endswith("y") and word[-2] not in "aeiou" else word
    if word.endswith("ll"):  # modelled and modeled
        word = word[:-1]
    return word


def _singular(word: str) -> str:
    if _PLURAL_INITIALS.fullmatch(word):
        return word[:-1]
    if word.endswith("ies"):
        return word[:-3] + ("y" if len(word) > _SHORTEST + 1 else "ie")
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    return word[:-1]


def _without_ending(word: str) -> str:
    if word.endswith("eed"):  # speed, need, exceed
        return word
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) > 2 and _VOWEL.search(root):  # noqa: PLR2004 - king, bed
            return root[:-1] if _DOUBLED.search(root) else root
    return word


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
