"""Which models and datasets a summary names that the text it was written from does not."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TOKEN = re.compile(r"(?<![\w@/\\.:+-])[A-Za-z0-9]++(?:[-_.+][A-Za-z0-9]++)*+(?![\w/@])")
_WORD = re.compile(r"[A-Za-z0-9]+(?:\.[0-9]+)*")
# What plain words do not have: a capital behind the first sign, or letters before a digit.
_NAME = re.compile(r"(?=.*[A-Z]).*(?:[A-Za-z0-9][A-Z]|[A-Za-z][-.]?[0-9])")
_AMOUNT = re.compile(r"[0-9][0-9.,]*[A-Za-z]{0,3}")
_BEGINNING = re.compile(r"^(?:[a-z]{2,}-)+")  # "non-", "text-to-"
_ENDING = re.compile(r"(?:-[a-z]{2,}|(?<=[A-Z])s)+$")  # "-based", the plural of LLMs

_PART = re.compile(r"[-_+]")

_LONGEST = 60  # characters of a name; what is longer is none
_SHORT = 4  # characters: a name no longer must be a word of the text, not a part of one
_ACRONYM = 8  # letters of the longest that is looked for spelled out
_BETWEEN = 2  # words among those that an acronym stands for, and that it leaves out
_TAKEN = 4  # letters of a word that an acronym may take: DiT, of diffusion transformer
_SMALL = frozenset(
    """a an and as by for from in of on or the to via with""".split()  # noqa: SIM905 - as below
)
# Acronyms and signs of the whole field: neither a model nor a dataset.
_GENERAL = frozenset(
    """
    ai agi ml dl nlp cv rl llm lm vlm mllm lvlm slm vla ocr asr tts qa vqa kv mlp cnn rnn gan vae
    gpu cpu tpu api sdk sql json html pdf url vram cuda pcie gb mb tb fps flop flops tflops bf16
    fp16 fp8 fp4 int8 int4 rgb rgbd relu svd sgd pca knn umap kl l1 l2 ood sota id mse mae rmse
    iou miou map auc auroc roc f1 em fid fvd psnr ssim lpips bleu rouge wer cer ndcg mrr ppl p95
    h100 h200 h800 a100 a800 v100 dof mwh dag ssl mcp phd stem nvidia amd github openai
    huggingface youtube iphone pytorch latex level stage type phase top pass task table figure
    section judge
    """.split()  # noqa: SIM905 - a hundred words read better so
)


class _Text:
    """A text by its words, so that a name is found in whatever spelling."""

    def __init__(self, text: str) -> None:
        self._words = [word.replace(".", "").lower() for word in _WORD.findall(text)]
        pairs = map("".join, pairwise(self._words))
        self._short = {*self._words, *(pair for pair in pairs if len(pair) <= _SHORT)}
        self._run_together = "".join(self._words)
        self._places: dict[str, list[int]] = {}
        for place, word in enumerate(self._words):
            self._places.setdefault(word[0], []).append(place)

    def has(self, name: str) -> bool:
        """Say whether the text has a name, whatever its hyphens, spaces, case and plural."""
        squeezed = re.sub(r"[^a-z0-9]", "", name.lower()).removesuffix("s")
        if len(squeezed) > _SHORT:
            return squeezed in self._run_together
        return not self._short.isdisjoint((squeezed, f"{squeezed}s"))

    def spells_out(self, acronym: str) -> bool:
        """Say whether words that stand together begin with the letters of an acronym.

        Right before it they may have others among them: ``language-based world model (LWM)``.
        """
        letters = acronym.lower().removesuffix("s")
        if not letters.isalnum() or len(letters) > _ACRONYM:
            return False
        reach = len(letters) + _BETWEEN
        before, after = set[tuple[str, ...]](), set[tuple[str, ...]]()
        for place in self._places.get(letters[0], ()):
            after.add(tuple(self._words[place : place + reach]))
            if self._words[place].removesuffix("s") == letters:
                before.add(tuple(self._words[max(place - reach, 0) : place]))
        return any(_spell(words, letters) for words in after) or any(
            _lead_to(words, letters) for words in before
        )


def _lead_to(words: tuple[str, ...], letters: str) -> bool:
    """Say whether some of the words, in their order, begin with the letters."""
    initials = iter([word[0] for word in words])
    return all(letter in initials for letter in letters)


def _spell(words: tuple[str, ...], letters: str) -> bool:
    """Say whether the words give the letters, each word its first ones."""
    given = {0}
    for word in words:
        reached = {
            before + taken
            for before in given
            for taken in range(1, min(len(word), _TAKEN, len(letters) - 1) + 1)
            if letters.startswith(word[:taken], before)
        }
        if len(letters) in reached:
            return True
        given = reached | (given if word in _SMALL else set())
    return False


def unknown_names(summary_text: str, source_text: str) -> tuple[str, ...]:
    """Return the models and datasets, as written, that a summary names and its source lacks.

    Only what is written as a name is one (``GSM8K``, ``ImageNet``, ``MMLU-Pro``), and neither an
    acronym that either text spells out nor one of the whole field. A name is known by its parts
    too (``Qwen2.5-7B``, of ``Qwen2.5 in 7B``). An abstract is a source together with its title.
    """
    source, summary = _Text(source_text), _Text(summary_text)

    def known(name: str) -> bool:
        return (
            source.has(name)
            or name.lower() in _GENERAL
            or source.spells_out(name)
            or summary.spells_out(name)
        )

    names = dict.fromkeys(_names(summary_text))
    return tuple(name for name in names if not known(name) and not _in_parts(name, known))


def _in_parts(name: str, known: Callable[[str], bool]) -> bool:
    parts = _PART.split(name)
    return len(parts) > 1 and all(map(known, parts))


def _names(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        if len(match[0]) <= _LONGEST:
            bare = _BEGINNING.sub("", _ENDING.sub("", match[0]))
            if _NAME.match(bare) and not _AMOUNT.fullmatch(bare) and not _is_general(bare):
                yield bare


def _is_general(name: str) -> bool:
    return all(part in _GENERAL or part.isdigit() for part in _PART.split(name.lower()))
