"""Orders that speak of the summary itself: what its fields, or any summary, shall say."""

from __future__ import annotations

from typing import Final

from bot.summaries.orders import order

ABOUT_SUMMARIES: Final = (
    order(
        "field",
        "tldr|tl;dr|objective|results|implications",
        r"""\b(?P<verb>write|set|put|output|return|fill|print|use|say)~4
        (?:tldr|tl;dr|(?:objective|method|results|implications) (?:field|key|part|section))\b
        |\b(?:for|in) the (?:tldr|(?:objective|method|results|implications) field
        |field (?:tldr|objective|method|results|implications))
        [\s,]{1,3}(?:write|set|put|output|return|print|say)\b""",
    ),
    order(
        "field",
        "tldr",
        r"""\{\s?["']tldr["']\s?:""",
    ),
    order(
        "summaries",
        "summar",
        r"""\b(?:any|all|every|each|automated|automatic|generated) summar(?:y|ies)~2
        (?:must|should|shall|has to|have to|needs? to|(?:is|are) required to)~1
        (?:say|state|describe|mention|include|claim|call|praise|conclude|declare|emphasi[sz]e)\b
        |\b(?:essential|important|required|necessary|crucial|mandatory) that~2summar(?:y|ies)~1
        (?:say|state|describe|mention|include|claim|call|praise|conclude|declare|emphasi[sz]e)s?\b
        |\binstead of (?:a |the |any )?summar(?:y|ies|i[sz]ing),? (?:write|say|output|print)\b""",
    ),
    order(
        "praise",
        "our|this|the",
        r"""\b(?P<opening>describe|present|portray|praise|rank|rate)~0(?:our|this|the)~0
        (?:method|model|paper|work|approach|results?)~0
        (?:in the (?:most|best)|as (?:the best|number one|revolutionary|flawless|perfect
        |outstanding))\b
        |\bsudo (?:praise|accept|ignore|say|write)\b
        |\bai:? (?:rank|praise|accept|rate|recommend) (?:this|our)\b
        |\b(?:pay no attention to|do not mind) the (?:system )?(?:prompt|instructions)\b""",
    ),
)
"""Every kind of order about a summary, in English."""
