"""The sentences of a text that may be shown: those that speak of the work, not of its upkeep."""

from __future__ import annotations

import re

from bot.summaries.sentences import split_sentences

_READ = 1_000  # characters of a sentence that are looked at

# Every repetition is bounded or over one class of characters: matching is linear in the text.
_ADDRESS = re.compile(
    r"https?\s?:|\bthis https\b|\bwww\.|\\(?:url|href)\b"
    r"|\b(?:git(?:hub|lab)|huggingface)\.(?:com|co|io)\b"
)
_GOODS = (
    r"(?:(?:source |training |evaluation )?codes?|codebases?|implementations?|models?|weights"
    r"|checkpoints?|data(?:sets?)?|benchmarks?|demos?|videos?|samples|pages?|websites?|resources"
    r"|artifacts|materials?|prompts|toolkits?|tools|librar(?:y|ies)|scripts|leaderboards?|project)"
)
_MADE_KNOWN = (
    r"(?:(?:made |being |be |been )?(?:(?:publicly|freely|fully|openly|all|also|now|soon) ){0,2}"
    r"(?:available|accessible|released|open-?sourced|open-source|public|published))"
)
_OWN = r"(?:all|our|the|both|its|full|complete|source|trained|pre-?trained|training|of)"
_ADVERB = r"(?:will|have|has|also|further|then|fully|publicly|openly|all|plan to|hope to)"
_UPKEEP = re.compile(
    # "The code and the models will be made publicly available."
    rf"\b{_GOODS}\b(?:,? [\w./&-]{{1,25}}){{0,6}},? "
    rf"(?:is|are|has been|have been|will be|can be) (?:(?:all|also|now|soon) )?"
    rf"(?:{_MADE_KNOWN}\b|found (?:at|on|in|here)\b)"
    # "We release all our data", "we will open-source the code"
    rf"|\b(?:we|and) (?:{_ADVERB} ){{0,3}}"
    rf"(?:(?:releas(?:e|ed|ing)|publish|shar(?:e|ing)) (?:{_OWN} ){{0,4}}"
    rf"|open-?sourc(?:e|ed|ing) (?:{_OWN} ){{1,4}}){_GOODS}\b"
    rf"|\b(?:we|and) (?:{_ADVERB} ){{0,3}}mak(?:e|ing) [^.;:]{{0,80}} {_MADE_KNOWN}\b"
    r"|^\W{0,5}(?:codes?|project(?: page)?|(?:project )?website|demos?|datasets?|models?|github"
    r"|(?:content )?warning|disclaimer|keywords|arxiv)\s?(?:and \w{1,20}\s?)?:"
    r"|^\W{0,5}(?:codes?|models?|datasets?) (?:coming|available|released)\b"
    r"|\bproject page\b"
    r"|\bthis paper contains (?:\w{1,20} ){0,4}(?:examples|content|language|material)\b"
    r"|\b(?:accepted|to appear|presented) (?:at|in|by) (?:\w{1,20} ){0,4}(?:20\d\d|conference)\b"
    r"|\bsemantic scholar api\b|\bthumbs up\b|\bupvote\b"
)

# "Only a limited amount of training data is available": the trouble, not an offer.
_WANTING = re.compile(r"\b(?:no|not|only|limited|little|few|lack|however|assumes?|provided that)\b")


def fit_sentences(text: str) -> list[str]:
    """Return the sentences of a text that may be shown to a reader, in order, each verbatim."""
    return [sentence for sentence in split_sentences(text) if not unfit(sentence)]


def unfit(sentence: str) -> bool:
    """Say whether a sentence only says where things are to be had, or has no words at all.

    One with an address in it counts: what is quoted under a part must not be a link.
    """
    read = sentence[:_READ].lower()
    if not any(letter.isalpha() for letter in read):
        return True
    if _ADDRESS.search(read):
        return True
    return _UPKEEP.search(read) is not None and _WANTING.search(read) is None
