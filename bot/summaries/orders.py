"""What a text says when it gives a model orders: one pattern for each kind of order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Order:
    """One kind of order.

    Only a text with one of ``needs`` is searched, which is most of the speed. A ``pattern`` with a
    group whose name begins with ``verb`` counts only where that verb is an imperative. Patterns in
    ``latin`` letters are meant for `characters.plain_letters` of a text, the others for the text.
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
    "PAPER": r"(?:paper|work|submission|manuscript|article|study|preprint)",
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


_OVERRIDING = (
    order(
        "override",
        "ignor|disregard|forget|overrid|overrul|bypass|neglect|discard|follow|obey|comply|listen",
        r"""\b(?P<verb>ignore|disregard|forget|override|overrule|bypass|neglect|discard
        |(?:do not|don't|never|stop) (?:follow|obey|comply|adhere|listen)(?:ing)?)
        (?:~3(?:previous|prior|above|preceding|earlier|foregoing|former|initial|original|existing
        |past|your|system|all|any|every|everything|other|these|those)
        ~3(?:instructions?|prompts?|directions?|directives?|guidelines?|rules?|commands?|orders?
        |contexts?|messages?|polic(?:y|ies)|rubrics?|guardrails?|restrictions?|safeguards?
        |before|above|told)
        |~2(?:the|everything|all|what is|what was|anything) (?:above|preceding|foregoing))\b""",
    ),
    order(
        "squeezed",
        "previousinstr|priorinstr|aboveinstr|earlierinstr|precedinginstr|previousprompt|priorprompt"
        "|previousrule|previousdirection|previousorder|positivereview|favorablereview|negative"
        "|weakness|acceptthispaper|recommendaccept|respondonly|outputonly|youarenow|yourtask",
        r"""(?:ignore|disregard|forget)(?:all|any|the|your|my){0,3}
        (?:previous|prior|above|earlier|preceding)(?:instruction|prompt|rule|direction|order)
        |(?:give|write)(?:a|only){0,2}(?:positive|favou?rable)review|positivereviewonly
        |donot(?:highlight|mention)(?:any)?(?:negative|weakness)|acceptthispaper|recommendaccept
        |respondonlywith|outputonlythe|youarenow|yourtaskis""",
    ),
)

_ADDRESSING = (
    order(
        "address",
        "you|this is",
        r"""\bas an? (?:\w{1,30} ){0,3}?<LLM>\b[^.!?]{0,60}?
        \byou (?:must|should|shall|will|need|have to|can only|are|may not)\b
        |\b(?:if|when|since|because|as) <YOU>(?: now)?(?: (?:reading|reviewing) (?:this )?as)?
        (?: an?| the)?(?: \w{1,30})?? <LLM>\b
        |\bif (?:<YOU>|this is(?: being)?) (?:\w{1,30} ){0,3}?(?:by|with|using|as)(?: an?)? <LLM>\b
        """,
    ),
    order(
        "address",
        "note|attention|message|notice|instruction|remind|request|hint|warn|command|dear|hello|calling",
        r"""\b(?P<verb>(?:note|message|notice|instructions?|reminder|request|hint|warning|command)
        ~0(?:to|for)(?: all| any| the| every)?|attention(?: all)?|dear|hello|calling all)
        ~0<LLM>(?: <ROLE>){0,2}\s?[:,!]""",
    ),
    order(
        "address",
        "reviewer|assistant|reader|summarizer|summariser|evaluator|grader|judge|crawler|screener",
        r"""\b(?P<verb>(?:to|for)(?: all| any| the)?|all|any) <LLM>(?: based| powered)?
        ~0(?:reviewers?|assistants?|readers?|summari[sz]ers?|evaluators?|graders?|judges?|crawlers?
        |screeners?)\s?[:,!]""",
    ),
    order(
        "role",
        "you|from now|pretend|act|roleplay|behave",
        r"""\b<YOU> (?:now|no longer|henceforth|hereby|from now on)\b
        |\bfrom now on (?:you|act|respond|answer|reply|only|always|ignore|write)\b
        |\b(?P<verb>pretend|act|behave|roleplay)
        ~0(?:as if you|as though you|as an?|to be|that you|you|like you|like an?)\b""",
    ),
    order(
        "task",
        "your|new",
        r"""\byour (?:new |real |actual |only |true |sole |next |main |primary |current )?
        (?:task|job|goal|mission|duty|instructions?|orders) (?:is|are)(?: now| only| simply)?
        ~0to (?:output|print|write|say|praise|recommend|accept|give|rate|ignore|respond|reply
        |flatter|repeat|include|promote)\b
        |\byour (?:new|real|actual|true|sole) (?:task|job|role|goal|mission|instructions?|orders)\b
        |\b(?P<verb>new) (?:task|instructions?|system prompt|directives?|orders?|objective)\s?:
        \W{0,8}(?:\w{1,30} ){0,2}?(?:you|your|say|output|write|print|ignore|respond|reply
        |summari[sz]e|tell|include|recommend|give|repeat|always|never|only)\b""",
    ),
)

_FLATTERING = (
    order(
        "review",
        "review|score|rating|evaluation|assessment|feedback|recommend|mark|grade|verdict|opinion",
        r"""\b(?P<verb>give|write|provide|generate|produce|assign|submit|return|output|offer|leave)
        ~5(?:positive|favou?rable|glowing|excellent|perfect|high|higher|highest|top|maximum
        |outstanding|enthusiastic|strong|stellar|full)
        ~2(?:reviews?|scores?|ratings?|evaluations?|assessments?|feedback|recommendations?|marks?
        |grades?|verdict|opinion)\b
        |\b(?:positive|favou?rable|good) (?:reviews?|feedback|evaluations?|comments?) only\b""",
    ),
    order(
        "review",
        "negative|weakness|limitation|flaw|criticism|shortcoming|drawback|concern|fault|downside"
        "|errors|mistakes|problems|issues",
        r"""\b(?P<verb>(?:do not|don't|never|avoid|refrain from)
        ~0(?:highlight|mention|point|list|include|discuss|report|raise|reveal|note|critici[sz]e|state
        |write|talk|bring|name)(?:ing)?|downplay|play down|conceal|omit|hide|gloss over)~4<FAULT>\b
        |\b<FAULT>\b[^.!?]{0,40}\bshould be
        ~0(?:downplayed|omitted|ignored|framed|hidden|presented as minor)\b""",
    ),
    order(
        "review",
        "recommend|suggest|advise|vote|accept|rate|score|praise|approve|endorse|strength|merit"
        "|novelty|groundbreaking|exceptional|originality",
        r"""\b(?P<verb1>recommend|suggest|advise|vote)~3
        (?:accept\w{0,5}|publication|publishing|an award)\b
        |\b(?P<verb2>accept|rate|score|praise|approve|endorse|recommend)~1this <PAPER>\b
        |\bthis <PAPER> (?:must|should|has to|deserves to|needs to) be (?:\w{1,30} )?
        (?:accepted|recommended|praised|rated|scored|ranked)\b
        |\b(?P<verb3>emphasi[sz]e|praise|stress|extol|focus on|highlight)~4
        (?:strengths?|merits?|novelty|groundbreaking|exceptional|originality)\b""",
    ),
)

_DICTATING = (
    order(
        "output",
        "respond|reply|answer|output|print|say|write|return|repeat|echo|type",
        r"""\b(?P<verb>respond|reply|answer|output|print|say|write|return|repeat|echo|type)
        (?: \w{1,30})? (?:only (?:with|the|by|a|one|this|that|yes|positive|in)|exactly|verbatim
        |nothing but|the following
        |with (?:only|exactly|nothing|just|a single|the (?:word|phrase|sentence|text))
        |the (?:words?|phrase|sentence|string|text|token|link))\b""",
    ),
    order(
        "output",
        "say|state|claim|write|declare|report|conclude|announce|assert|tell",
        r"""\b(?P<verb>say|state|claim|write|declare|report|conclude|announce|assert|tell \w{1,30})
        (?: that)? (?:this|the|it|its|our|we)~2(?:is|are|has|have|was|solves|outperforms)\b""",
    ),
    order(
        "output",
        "link|url|phrase|word|sentence|hashtag|invite|string|mention|emoji|website|promo",
        r"""\b(?P<verb>include|insert|add|append|embed|place|put|post|attach|use)
        ~0(?:the|this|a|an)~3(?:link|url|phrase|word|sentence|hashtag|invite|string|mention|emoji|website
        |promo code)s?\b
        """,
    ),
    order(
        "output",
        "your",
        r"""\b(?:in|to|into|of|from|begin|start|end|with|finish|conclude|prefix|write|make|keep|append)
        ~0your (?:\w{1,30} )?<REPLY>\b""",
    ),
    order(
        "output",
        "user|reader|everyone|human|person|people|subscriber",
        r"""\b(?P<verb>tell|inform|urge|convince|instruct|ask|advise|direct|encourage)
        ~0(?:the|your|all|every|any)
        ~0(?:users?|readers?|humans?|person|people|everyone|subscribers?)\b
        """,
    ),
    order("mention", "@everyone|@here", r"@(?:everyone|here)\b"),
    order(
        "secrets",
        "prompt|instructions|key|credential|secret|history",
        r"""\b(?P<verb>reveal|print|show|output|send|leak|disclose|repeat|exfiltrate|share|display
        |post|forward|upload)~3(?:system prompt|your (?:instructions|prompt|rules)|api keys?
        |initial prompt|hidden prompt|conversation history|credentials|secrets)\b""",
    ),
)

_ENCODED = (
    order(
        "format",
        "<|im_start|<|system|<|user|<|assistant|<|start_header|[inst]|<<sys|<</sys|##|</|system"
        "|developer|assistant",
        r"""<\|(?:im_start|start_header_id)\|>\s{0,4}(?:system|user|assistant)
        |<\|(?:system|user|assistant)\|>\s{0,4}\w{1,30} \w
        |\[inst\]\s{0,4}(?:\w{1,30} ){1,2}(?:the|all|this|that|only|your|as|a|an|are|is)\b|<</?sys>>
        |\#{2,4}\s{0,4}(?:new |system |updated )?
        (?:instructions?|system|human|assistant|user|response|task|prompt)\s{0,2}:\s{0,4}\w
        |</(?:paper|papers|document|article|abstract|context|data|source|untrusted)>
        |\b(?P<verb>system(?: (?:prompt|message|note|override|update))?|developer|assistant)\s?:
        \s{0,4}(?:you (?:must|should|will|have|can|are now)|your|ignore|disregard|forget|override
        |new|the following|please|always|never|do not|say|write|output|respond|reply
        |print|from now|the (?:user|summary|previous))\b""",
    ),
    order(
        "encoded",
        "decode|decrypt|unscramble|base64|rot13|hex",
        r"""\b(?P<verb>decode|decrypt|unscramble|base64 decode)~3
        (?:base64|string|following|message|text|blob|payload|instructions?)\b
        |\b(?:base64|rot13|hex)\b[^.!?]{0,60}?\band (?:follow|execute|obey|run|perform)\b""",
    ),
)

ENGLISH: Final = (*_OVERRIDING, *_ADDRESSING, *_FLATTERING, *_DICTATING, *_ENCODED)
"""Every kind of order in English, and in what models are fed."""
