"""A paper's most telling sentence, taken from what was already written about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.summaries import Summary
from bot.summaries.grounding import ungrounded
from bot.summaries.sentences import split_sentences

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.papers import Paper

PROMPT = 1
"""The version of the rules below, stored with every summary."""


def _pattern(text: str) -> re.Pattern[str]:
    """Compile what is matched against a sentence in lower case."""
    return re.compile(text, re.VERBOSE)


# What a sentence earns or loses by what it says; read over some hundred abstracts and adjusted.
_WHAT_IT_IS = _pattern(
    r"""\b(?:(?<!that\s)we|(?:this|the|our)\s(?:paper|work|article|study|report|technical\sreport))
        \s(?:\w+ly\s|also\s|then\s|further\s|thus\s|therefore\s|here\s|first\s){0,2}
        (?:propose|introduce|present|develop|describe|design|release|build|create|construct
          |devise|formulate|contribute|obtain|curate|establish|offer|provide|unveil|launch)(?:s|es)?\b
      | \b(?:is|are)\s(?:proposed|introduced|presented)\b | \bby\s(?:introducing|proposing)\b"""
)
_WHAT_IT_FINDS = _pattern(
    r"""\b(?:we|(?:this|the|our)\s(?:\w+\s)?(?:paper|work|study|report|results?|findings?|analys[ie]s))
        \s(?:\w+ly\s|also\s|then\s|further\s){0,2}
        (?:show|find|demonstrate|reveal|prove|discover|observe|identify|argue|report|establish
          |achieve|uncover|suggest|indicate|discuss|train|define|formali[sz]e|extend)(?:s|es)?\b
      | \bour\s(?:\w+\s)?(?:method|approach|framework|model|system|key\sidea|insight)\b"""
)
_WHAT_IT_STUDIES = _pattern(
    r"""\b(?:we|(?:this|the|our)\s(?:paper|work|study|survey|report))
        \s(?:\w+ly\s|also\s){0,2}
        (?:stud(?:y|ies)|investigates?|explores?|examines?|analy[sz]es?|evaluates?|revisits?
          |address(?:es)?|aims?|tackles?|surveys?|reviews?|considers?|asks?|conducts?
          |focus(?:es)?|tests?|compares?|scales?|describes?|details?)\b"""
)
_THIS_PAPER = _pattern(r"\bthis\s(?:paper|work|study|article|report|survey)\b|\bhere,?\swe\b")
_GAINS = _pattern(
    r"""\b(?:achiev|outperform|surpass|exceed|improv|reduc|accelerat|attain|enabl|allow)\w*
      | \bstate-of-the-art\b | \bspeed-?ups?\b | \bon\spar\b"""
)
_FIGURE = _pattern(r"\d(?:\.\d+)?\s?(?:\\?%|\$?\\?times|×|x\b)")  # noqa: RUF001
_BACKGROUND = _pattern(
    r"""(?:recent|however|in\srecent\syears|despite|existing|while|although|though|current
      |traditional|prior|previous|conventional|yet|unfortunately|nevertheless|nonetheless|but
      |rapid|advance|with\s(?:recent|advance|the\s(?:rise|advent|rapid|growing))|as\s|many\s|most\s
      |since\s|over\sthe\spast)"""
)
_LEANING = _pattern(
    r"""(?:and|it|they|these|those|such|its|their|this(?!\s(?:paper|work|study|report|article))
      |moreover|furthermore|additionally|in\saddition|specifically|in\sparticular|concretely
      |for\s(?:example|instance)|finally|then|next|also|second|third|lastly|notably|besides
      |crucially|importantly|meanwhile|similarly|consequently|as\sa\sresult|thus|hence)\b"""
)
_ONE_STEP = _pattern(
    r"""(?:for\s|to\s(?!(?:address|this\send|tackle|bridge|overcome|fill|solve|close|resolve)\b))"""
)
_HOUSEKEEPING = _pattern(
    r"""https?:|\b(?:codes?|models?|data(?:sets?)?|weights|demos?|page|website|checkpoints?)\b
        [^.]{0,60}\b(?:available|released?|open-?sourced?|found)\b | \bproject\spage\b"""
)
_THING = _pattern(
    r"""\b(?:an?|the\sfirst|simple|novel|new)\s[^.;]{0,60}?
        \b(?:framework|method|model|benchmark|dataset|approach|system|algorithm|architecture|family
          |suite|pipeline|paradigm|technique|agent|library|recipe|study|analysis)s?\b"""
)
_BESIDES = _pattern(r"\b(?:we|paper|work)\s(?:further|also|then|finally|additionally)\b")
_POINTING = _pattern(
    r"""(?<!address\s)\b(?:this|these|those|such)\s(?!(?:paper|work|study|report|article|survey|end)\b)"""
)
_COMMONPLACE = _pattern(
    r"""\b(?:have|has)\s(?:\w+ly\s)?(?:emerged|become|attracted|gained|shown|demonstrated|been\swidely)\b
      | \b(?:are|is)\s(?:widely|increasingly|crucial|essential)\b
      | \bremains?\s(?:\w+\s)?(?:challeng|difficult|unclear|limited|open|under|elusive)"""
)
_PURPOSES = (  # what the authors say of the sentence themselves: the strongest counts
    (4.0, _WHAT_IT_IS),
    (2.5, _WHAT_IT_FINDS),
    (2.0, _WHAT_IT_STUDIES),
)
_CUES = (
    (1.0, _THIS_PAPER),
    (1.0, _GAINS),
    (1.0, _THING),
    (0.7, _FIGURE),
    (-1.2, _POINTING),
    (-1.5, _COMMONPLACE),
    (-1.5, _BESIDES),
    (-6.0, _HOUSEKEEPING),
)
_OPENINGS = ((-2.5, _BACKGROUND), (-2.0, _LEANING), (-1.0, _ONE_STEP))
_LATE = 2.5
_NAME = re.compile(r"\s*([^:]{2,40}?)\s*:")
_CONTENT = re.compile(r"[a-z0-9][a-z0-9-]{3,}")
_SHORT, _LONG = 60, 260


class Extractive:
    """Writes summaries without a model: one sentence, word for word."""

    async def summarize(self, paper: Paper, now: datetime) -> Summary:
        """Take Hugging Face's sentence if its numbers hold, else the abstract's most telling one.

        Without an abstract there is nothing to hold numbers against, and only a sentence free of
        them is taken. With neither, the tldr is None.
        """
        tldr = _first_sentence(paper)
        model = "ai_summary" if tldr else "extractive"
        return Summary(
            tldr=tldr or telling_sentence(paper.title, paper.abstract),
            model=model,
            source="abstract",
            prompt=PROMPT,
            grounded=True,
            sought=False,
            written_at=now,
        )


def telling_sentence(title: str, abstract: str) -> str | None:
    """Return the sentence of an abstract that says best what the paper is, None if it has none."""
    sentences = split_sentences(abstract)
    if not sentences:
        return None
    title = title.lower()
    named = _NAME.match(title)
    name = re.compile(rf"(?<!\w){re.escape(named[1])}(?!\w)") if named else None
    words = frozenset(_CONTENT.findall(title))
    scores = [
        _score(sentence.lower(), name, words) - _LATE * place / len(sentences)
        for place, sentence in enumerate(sentences)
    ]
    return sentences[scores.index(max(scores))]


def _first_sentence(paper: Paper) -> str | None:
    sentences = split_sentences(paper.ai_summary or "")
    if not sentences or ungrounded(sentences[0], paper.abstract):
        return None
    return sentences[0]


def _score(sentence: str, name: re.Pattern[str] | None, title: frozenset[str]) -> float:
    """Say how much a sentence tells about the paper, apart from where it stands."""
    score = max((weight for weight, cue in _PURPOSES if cue.search(sentence)), default=0.0)
    score += sum(weight for weight, cue in _CUES if cue.search(sentence))
    score += sum(weight for weight, opening in _OPENINGS if opening.match(sentence))
    score += 2.5 * len(title.intersection(_CONTENT.findall(sentence))) / max(len(title), 1)
    if name and name.search(sentence):
        score += 2.5
    if sentence.endswith("?"):
        score -= 5
    if len(sentence) < _SHORT:
        score -= 2
    return score - max(len(sentence) - _LONG, 0) / 60
