"""What a sentence of an abstract says of itself: the cues that the rules in ``parts`` weigh."""

from __future__ import annotations

import re


def _pattern(text: str) -> re.Pattern[str]:
    """Compile what is matched against a sentence in lower case."""
    return re.compile(text, re.VERBOSE)


# Every repetition is bounded or over one class of characters: matching is linear in the text.
_ADVERBS = r"(?:\w{1,20}ly\s|also\s|then\s|further\s|thus\s|therefore\s|here\s|first\s|next\s){0,2}"
_PAPER = (
    r"(?:this|the|our|the\spresent)\s(?:paper|work|article|study|survey|technical\sreport|report)"
)
_FINDINGS = r"(?:results?|findings?|analys[ei]s|experiments?|evaluations?|simulations?|ablations?)"

PATTERNS = {  # by what is true of a sentence that one is found in
    "proposes": _pattern(
        rf"""\b(?:(?<!that\s)we|{_PAPER})\s{_ADVERBS}
            (?:propose|introduce|present|develop|describe|design|release|build|create|construct
              |devise|formulate|contribute|obtain|curate|establish|offer|provide|unveil|launch)
            (?:s|es)?\b
          | \b(?:is|are)\s(?:proposed|introduced|presented)\b"""
    ),
    "studies": _pattern(
        rf"""\b(?:we|{_PAPER})\s{_ADVERBS}
            (?:stud(?:y|ies)|investigates?|explores?|examines?|analy[sz]es?|revisits?|address(?:es)?
              |aims?|seeks?|tackles?|surveys?|reviews?|considers?|asks?|focus(?:es)?|questions?)\b"""
    ),
    "aims": _pattern(
        r"""\baim(?:s|ed|ing)?\s(?:to|at)\b | \b(?:goal|aim|objective)\sof\b
          | \b(?:our|the|primary|main)\s(?:goal|aim|objective)\b | \bseeks?\sto\b | \bwhether\b
          | \bresearch\squestions?\b | \bmotivated\sby\b | \baddressing\s(?:this|these|the)\b
          | \b(?:to|we)\s(?:address|bridge|fill|close|tackle|overcome|mitigate|solve|resolve|remedy
              |alleviate|answer|understand|achieve\sthis|this\send)\b"""
    ),
    "lacks": _pattern(
        r"""\b(?:however|yet|despite|lack(?:s|ing)?|challeng(?:e|es|ing)|suffer(?:s|ing)?
          |limit(?:s|ed|ation|ations|ing)?|fail(?:s|ed|ures?)?|struggl(?:e|es|ing)|bottlenecks?
          |under-?explored|unexplored|remains?|difficult(?:y|ies)?|costly|expensive
          |hinder(?:s|ed|ing)?|prevent(?:s|ing)?|little\sis\sknown|unclear|rel(?:y|ies|ying)|gap
          |issues?|problems?|insufficient|scarc(?:e|ity)|overlook(?:s|ed)?|neglect(?:s|ed)?
          |inefficien(?:t|cy)|often|requir(?:e|es|ing)|depends?|cannot|overhead|poor(?:ly)?
          |trade-?offs?|hard)\b"""
    ),
    "finds": _pattern(
        rf"""\b(?:we|{_PAPER}|(?:our|the|these)\s(?:\w{{1,20}}\s)?{_FINDINGS})\s{_ADVERBS}
            (?:show|find|found|demonstrate|reveal|prove|discover|observe|identify|report|achieve
              |uncover|indicate|confirm|validate|verify|highlight|suggest|obtain)(?:s|es|d|ed)?\b
          | \b{_FINDINGS}\b[^.]{{0,60}}\b(?:show|find|demonstrate|reveal|indicate|confirm
              |suggest|validate|highlight|verify|prove)(?:s|ed)?\b"""
    ),
    "tests": _pattern(
        r"\b(?:experiment(?:s|al|ally)?|empirical(?:ly)?|evaluat(?:e|ed|ing|ions?)|benchmarks?|results?)\b"
    ),
    "gains": _pattern(
        r"""\b(?:achiev(?:e|es|ed|ing)|outperform\w*|surpass\w*|exceed\w*|attain\w*|gains?|boost\w*
          |improv(?:e|es|ed|ing|ements?)|reduc(?:e|es|ed|ing|tions?)|accelerat(?:e|es|ed|ing)|increas(?:e|es|ed)
          |decreas(?:e|es|ed)
          |match(?:es|ed|ing)|reach(?:es|ed|ing)|yield\w*|scor(?:e|es|ed|ing)|speed-?ups?|on\spar
          |deliver(?:s|ed|ing)?|enhanc(?:e|es|ed|ing)|excels?|rival(?:s|ing)?|tops|advantages?
          |effectiveness|efficacy|state-of-the-art|sota|superior|comparable|competitive|performs?
          |consistently|set(?:s|ting)?\sa\snew|(?:strong|promising|impressive|quantitative)\sresults?)\b"""
    ),
    "compares": _pattern(
        r"\b(?:faster|better|higher|lower|fewer|less\sthan|compared\s(?:to|with)|only|up\sto|over)\b"
    ),
    "measured": _pattern(
        r"""\d\s?(?:\\?%|\$?\\?times|×|x\b|pp\b|(?:percent(?:age)?|absolute|relative)\b|points\b
          |-fold)"""  # noqa: RUF001 - the multiplication sign is what papers write
    ),
    "figure": _pattern(r"(?<![\w.-])\d[\d,.]*(?![\w-])"),
    "uses": _pattern(
        r"""\b(?:us(?:es|ing)|leverag(?:e|es|ing)|employ(?:s|ing)?|utiliz(?:e|es|ing)
          |combin(?:e|es|ing)|integrat(?:e|es|ing)|incorporat(?:e|es|ing)|consist(?:s|ing)
          |compris(?:es|ing)|adopt(?:s|ing)?|appl(?:y|ies|ying)|via|through|based\son
          |built\s(?:on|upon)|by\s(?:\w{1,20}ly\s)?\w{2,20}ing)\b"""
    ),
    "makes": _pattern(
        rf"""\bwe\s{_ADVERBS}(?:train|fine-?tune|collect|construct|decompose|formulate|curate
          |generate|build|design|develop|apply|use|leverage|employ|adopt|define|derive|extend
          |optimize|combine|create|evaluate|conduct|compare|benchmark|implement|augment|learn
          |model)(?:ed|d)?\b"""
    ),
    "works": _pattern(
        r"""\b(?:decompos|align|encod|optimi[sz]|generat|train|learn|select|adapt|refin|sampl|pars
          |guid|fus|aggregat|iterat|distill|transform|decoupl|dynamic)"""
    ),
    "ours": _pattern(
        r"""\b(?:our|the\sproposed|the)\s(?:\w{1,20}\s)?(?:methods?|approach|framework|models?|system
          |pipeline|algorithm|technique|(?:key|core)\s(?:idea|insight|innovation)|architecture)\b"""
    ),
    "implies": _pattern(
        r"""\b(?:suggest(?:s|ing)?|highlight(?:s|ing)?|underscor(?:e|es|ing)|promising|insights?
          |potential|practical|real-world|guid(?:e|es|ance|ing|elines?)|valuable|scalable
          |applicab\w+|deploy\w*|foundation|future)\b"""
    ),
    "concludes": _pattern(
        rf"""\bimplications?\b | \bimplies\b | \bpav(?:e|es|ed|ing)\sthe\sway\b
          | \b(?:our|these|the|this)\s(?:\w{{1,20}}\s)?(?:{_FINDINGS}|work|insights?|study)\s
            {_ADVERBS}(?:suggest|highlight|underscore|open|provide|offer|emphasi[sz]e|point
              |establish|lay|imply|position|advance|serve)s?\b
          | \bsteps?\stowards?\b | \bopen(?:s|ing)?\s(?:up\s)?(?:a\s)?(?:new|the|promising)\b
          | \bpractitioners?\b | \bfuture\s(?:research|works?|directions?|studies|development)\b
          | \bfoundation\sfor\b | \bwe\s(?:hope|believe)\b | \bpath\stowards?\b
          | \b(?:highlight|underscor|emphasi|urgent|critical)\w{{0,5}}\s(?:(?:the|an?)\s)?
            (?:\w{{1,20}}\s)?need\b
          | \bimportance\sof\b | \broadmap\b | \bnew\s(?:avenue|direction|possibilit)"""
    ),
    "adds": _pattern(r"\b(?:we|paper|work)\s(?:further|also|then|finally|additionally)\b"),
    "points": _pattern(
        r"""(?<!address\s)\b(?:this|these|those|such)\s
            (?!(?:paper|work|study|report|article|survey|end)\b)"""
    ),
    "this paper": _pattern(r"\bthis\s(?:paper|work|study|article|report|survey)\b|\bhere,?\swe\b"),
    "a thing": _pattern(
        r"""\b(?:an?|the\sfirst|simple|novel|new)\s[^.;]{0,60}?\b(?:framework|method|model|benchmark
          |dataset|approach|system|algorithm|architecture|family|suite|pipeline|paradigm|technique
          |agent|library|recipe|study|analysis)s?\b"""
    ),
    "commonplace": _pattern(
        r"""\b(?:have|has)\s(?:\w{1,20}ly\s)?(?:emerged|become|attracted|gained|shown|demonstrated
              |been\swidely)\b
          | \b(?:are|is)\s(?:widely|increasingly|crucial|essential)\b"""
    ),
    "question": _pattern(r"\?\W{0,5}$"),
    "lists": _pattern(r"(?:\((?:i|1)\)|\b1\)|\bfirst,|\b(?:two|three|four))\s"),
    "opens as background": _pattern(
        r"""^(?:recent|in\srecent\syears|existing|while|although|though|current|traditional|prior
          |previous|conventional|rapid|advance|as\s|many\s|most\s|since\s|over\sthe\spast|large\s
          |with\s(?:recent|advance|the\s(?:rise|advent|rapid|growing))|the\s(?:rapid|recent|ability))"""
    ),
    "opens as objection": _pattern(
        r"^(?:however|yet|but|despite|unfortunately|nevertheless|nonetheless|still)\b"
    ),
    "opens as detail": _pattern(
        r"""^(?:specifically|in\sparticular|concretely|in\sdetail|at\sits\score|technically
          |to\s(?:this\send|achieve\sthis|do\sso)|instead|first|its?\s|the\s(?:key|core)
          |central\sto|building\son|inspired\sby)"""
    ),
    "opens as addition": _pattern(
        r"^(?:moreover|furthermore|additionally|besides|in\saddition|also|finally|further|lastly)\b"
    ),
    "opens as step": _pattern(
        r"^(?:for\s|to\s(?!(?:address|this\send|tackle|bridge|overcome|fill|solve|close|resolve)\b))"
    ),
    "leans": _pattern(
        r"""^(?:and|they|these|those|such|their|this\s(?!paper|work|study|report|article)|second|third
          |first,|then|next|\(?(?:[ivx]{1,3}|\d)\)|thus|hence|as\sa\sresult|for\sexample|similarly)"""
    ),
    "opens as finding": _pattern(
        r"""^(?:notably|remarkably|importantly|crucially|surprisingly|interestingly|strikingly
          |extensive|comprehensive|experiment|empirical|across|on\s|when\s|with\sonly|compared
          |in\s(?:experiments|evaluation))"""
    ),
}
