"""What an order to a model looks like: a pattern, in a small language of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Order:
    """One kind of order.

    Only a text with one of ``needs`` is searched, which is most of the speed. A ``pattern`` with a
    group counts only where that group is an imperative: if it is called ``opening``, only where it
    opens a sentence. Patterns in ``latin`` letters are meant for `characters.plain_letters` of a
    text, the others for the text.
    """

    kind: str
    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    latin: bool


# Two words of one sentence are parted by anything but the end of a sentence. Every repetition is
# bounded, and words never overlap with what parts them: matching is linear in the text.
_BETWEEN = r"[^\w.!?\u2026]{1,12}"
_NAMES: Final = {
    "LLM": r"(?:(?:large |small )?(?:vision )?language models?"
    r"|llms?|vlms?|ai|artificial intelligence|chatgpt|gpt|claude|gemini|llama|copilot|deepseek"
    r"|chatbots?|bots?|machine|automated|virtual assistants?)",
    "ROLE": r"(?:reviewers?|assistants?|readers?|agents?|models?|systems?|tools?|summari[sz]ers?"
    r"|judges?|evaluators?|graders?|crawlers?|screeners?|based|powered|driven|generated)",
    "PAPER": r"(?:paper|work|submission|manuscript|article|study|preprint|document|text|abstract)",
    "FAULT": r"(?:negatives?|weakness(?:es)?|limitations?|flaws?|criticisms?|shortcomings?"
    r"|drawbacks?|concerns?|faults?|downsides?|errors|mistakes|problems|issues)",
    "REPLY": r"(?:summary|review|response|reply|answer|output|evaluation|assessment|verdict|tldr)",
    "YOU": r"you(?:'re| are)",
}


def order(kind: str, needs: str, pattern: str) -> Order:
    """Make an order of a pattern written for people.

    A space stands for what parts two words, ``~3`` for up to three words with what parts them, and
    ``<LLM>`` for one of the names above. A line goes on from the one before it, so that ``~0`` is
    the space at its beginning.
    """
    pattern = "".join(line.strip() for line in pattern.splitlines())
    for name, names in _NAMES.items():
        pattern = pattern.replace(f"<{name}>", names)
    pattern = re.sub(r"~(\d)", r"(?: \\w{1,30}){0,\1} ", pattern)
    latin = not re.search(r"[\u0400-\u04ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]", pattern)
    flags = re.NOFLAG if latin else re.IGNORECASE  # plain letters are small, and that is faster
    compiled = re.compile(pattern.replace(" ", _BETWEEN), flags)
    return Order(kind, tuple(needs.split("|")), compiled, latin)
