"""Orders to a model in English, each kind a pattern, and in what models are fed."""

from __future__ import annotations

from typing import Final

from bot.summaries.orders import order

_OVERRIDING = (
    order(
        "override",
        "ignor|disregard|forget|overrid|overrul|overlook|bypass|neglect|discard|follow|obey|comply"
        "|listen|whatever|cancel|abandon|set aside",
        r"""\b(?P<verb>ignore|disregard|forget|override|overrule|overlook|bypass|neglect|discard
        |cancel|abandon|set aside|(?:do not|don't|never|stop) (?:follow|obey|comply|adhere
        |listen)(?:ing)?)
        (?:~3(?:previous|prior|above|preceding|earlier|foregoing|former|initial|original|existing
        |past|your|system|all|any|every|everything|other|these|those)
        ~3(?:instructions?|prompts?|directions?|directives?|guidelines?|rules?|commands?|orders?
        |contexts?|messages?|tasks?|polic(?:y|ies)|rubrics?|guardrails?|restrictions?|safeguards?
        |before|above|told)
        |~2(?:the|everything|all|what is|what was|anything) (?:above|preceding|foregoing|before)
        |~2(?:instructions?|prompts?|rules?|text|directions?) (?:above|before|so far)
        | your (?:training|guidelines|instructions?|programming|rules?|role|constraints))\b
        |\b(?P<verb2>do|follow|obey) (?:whatever|what|everything)~2(?:says?|said|tells?|follows)\b
        |\b(?P<verb3>obey|listen to) (?:me|us|the authors?)\b""",
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
        "you|as a|this is|is reading|is reviewing|is processing",
        r"""\bas an? (?:\w{1,30} ){0,3}?<LLM>\b[^.!?]{0,60}?
        \byou (?:must|should|shall|will|need|have to|can only|are|may not)\b
        |\bas an? (?:\w{1,30} ){0,2}?<LLM>,\s{1,3}
        (?:give|rate|write|say|recommend|accept|praise|ignore|output|respond|do|please|always|never)\b
        |\b(?:if|when|since|because|as) <YOU>(?: now)?(?: (?:reading|reviewing) (?:this )?as)?
        (?: an?| the)?(?: \w{1,30})?? <LLM>\b
        |\bif (?:<YOU>|this is(?: being)?) (?:\w{1,30} ){0,3}?(?:by|with|using|as)(?: an?)? <LLM>\b
        |\bif (?:an?|any) <LLM>(?: <ROLE>)? is (?:reading|reviewing|processing)\b""",
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
        "address",
        "this paper|this work|this submission|this manuscript|this article|this document|this text"
        "|this abstract|this is an|this preprint",
        r"""\b<LLM>(?: <ROLE>)? (?:reading|reviewing|processing|summari[sz]ing|evaluating) this\b
        |\b<LLM>(?: <ROLE>)?~1(?:should|must|shall|are to)~4this <PAPER>\b
        |\b(?:when|while|before|after|instead of) (?:you (?:are )?)?
        (?:summari[sz]e|review|evaluate|rate|assess|summari[sz]ing|reviewing|rating) this <PAPER>\b
        |\bthis is an?(?: \w{1,30})? (?:instruction|message|note|order|command)
        ~0(?:for|to) <LLM>\b""",
    ),
    order(
        "role",
        "you|from now|pretend|act|roleplay|behave",
        r"""\b<YOU> (?:now|no longer|henceforth|hereby|from now on|chatgpt|gpt|claude|gemini)\b
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
        "anything|negative|weakness|limitation|flaw|criticism|shortcoming|drawback|concern|fault|downside"
        "|errors|mistakes|problems|issues",
        r"""\b(?P<verb>(?:do not|don't|never|avoid|refrain from)
        ~0(?:highlight|mention|point|list|include|discuss|report|raise|reveal|note|critici[sz]e|state
        |write|talk|bring|name)(?:ing)?|downplay|play down|conceal|omit|hide|gloss over|ignore
        |disregard|overlook|skip)~4<FAULT>\b
        |\b(?P<verb2>do not|don't|never) say anything (?:negative|bad|critical|against)\b
        |\b<FAULT>\b[^.!?]{0,40}\bshould be
        ~0(?:downplayed|omitted|ignored|framed|hidden|presented as minor)\b""",
    ),
    order(
        "review",
        "recommend|suggest|advise|vote|accept|rate|score|praise|approve|endorse|strength|merit"
        "|novelty|groundbreaking|exceptional|originality|only mention|only discuss|only list"
        "|only highlight|only report|only focus|only write|only say|make sure"
        "|be sure|remember to|ensure",
        r"""\b(?P<verb1>recommend|suggest|advise|vote)~3
        (?:accept\w{0,5}|publication|publishing|an award)\b
        |\b(?P<verb2>accept|rate|score|praise|approve|endorse|recommend)~1this <PAPER>\b
        |\bthis <PAPER> (?:must|should|has to|deserves to|needs to) be (?:\w{1,30} )?
        (?:accepted|recommended|praised|rated|scored|ranked)\b
        |\b(?P<verb3>emphasi[sz]e|praise|stress|extol|focus on|highlight)~4
        (?:strengths?|merits?|novelty|groundbreaking|exceptional|originality)\b
        |\b(?P<verb4>only) (?:mention|discuss|list|highlight|report|focus on|write|say)~3
        (?:strengths?|positives?|merits?|contributions|praise|good)\b
        |\b(?P<verb5>make sure|be sure|remember|ensure) (?:to|that you)
        ~0(?:recommend|praise|mention|include|say|accept|state|emphasi[sz]e|add|rate|give|write)\b""",
    ),
)

_DICTATING = (
    order(
        "output",
        "respond|reply|answer|output|print|say|write|return|repeat|echo|type",
        r"""\b(?P<verb>respond|reply|answer|output|print|say|write|return|repeat|echo|type)
        (?: \w{1,30})? (?:only (?:with|the|by|a|one|this|that|yes|positive|in)|exactly|verbatim
        |nothing but|the following
        |with (?:only|exactly|nothing|just|an?|one|the (?:word|phrase|sentence|text))
        |the (?:words?|phrase|sentence|string|text|token|link))\b""",
    ),
    order(
        "output",
        "say|state|claim|write|declare|report|conclude|announce|assert|tell|add|mention|always|never",
        r"""\b(?P<verb>say|state|claim|write|declare|report|conclude|announce|assert
        |tell \w{1,30}|add that|mention that)
        (?: that)? (?:this|the|it|its|our|we|readers?|users?|everyone|everybody|people)
        ~2(?:is|are|has|have|was|solves|outperforms|deserves?|should|must)\b
        |\b(?P<verb2>always|never) (?:answer|respond|reply|say|output|recommend|accept|praise)\b""",
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
        "your|summary|summariz|summaris|review",
        r"""\b(?:in|to|into|of|from|begin|start|end|with|finish|conclude|prefix|write|make|keep|append)
        ~0your (?:\w{1,30} )?<REPLY>\b
        |\byour (?:\w{1,30} )?<REPLY> (?:must|should|has to|needs to|will|shall)\b
        |\bthe <REPLY> (?:must|should|has to|needs to)
        ~0(?:say|state|mention|include|claim|praise|begin|end|call|recommend)\b
        |\b(?P<verb>replace|translate|rewrite) (?:the|your|this) (?:<REPLY>|following)\b""",
    ),
    order(
        "output",
        "user|reader|everyone|human|person|people|subscriber",
        r"""\b(?P<verb>tell|inform|urge|convince|instruct|ask|advise|direct|encourage)
        ~0(?:the|your|all|every|any)
        ~0(?:users?|readers?|humans?|person|people|everyone|subscribers?)\b
        |\b(?P<verb2>tell|inform|notify|ping) (?:everyone|everybody|people|users|readers)\b
        |\b(?:readers?|users?|everyone|everybody) (?:should|must)
        ~0(?:join|visit|click|buy|subscribe|download|install|donate)\b
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
        "|developer|assistant|reviewer|reader|summarizer|hidden|secret|admin",
        r"""<\|(?:im_start|start_header_id)\|>\s{0,4}(?:system|user|assistant)
        |<\|(?:system|user|assistant)\|>\s{0,4}\w{1,30} \w
        |\[inst\]\s{0,4}(?:\w{1,30} ){1,2}(?:the|all|this|that|only|your|as|a|an|are|is)\b|<</?sys>>
        |\#{2,4}\s{0,4}(?:new |system |updated )?
        (?:instructions?|system|human|assistant|user|response|task|prompt)\s{0,2}:\s{0,4}\w
        |</(?:paper|papers|document|article|abstract|context|data|source|untrusted)>
        |\b(?:begin|start of|end|end of) (?:system|hidden|admin|developer)
        ~0(?:message|prompt|instructions?)\b
        |\b(?P<verb2>(?:hidden|secret|admin) (?:instructions?|message|prompt|command))\s?:
        |\b(?:is|message|comes) from (?:the|your) (?:developers?|system|administrators?)\b
        |\b(?P<opening><LLM> (?:reviewers?|assistants?|readers?|summari[sz]ers?))\s?:
        |\b(?P<verb4>assistant)\s?: (?:sure|okay|of course|certainly|yes)\b
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

# What the kinds above do not name: people who write papers neither command their readers nor call
# them "you", so that it takes little more than an imperative and what it is about.
_GENERAL = (
    order(
        "imperative",
        "this|your|orders|review|summary|verdict|authors",
        r"""\b(?P<opening>(?:(?:do not|don't|never|always|please)(?: \w{1,30})?|make|treat|skip
        |cancel|describe|consider|summari[sz]e|rate|score|review|evaluate|praise|call|judge|grade|rank|approve|endorse|reject
        |recommend|accept|conclude|answer|respond|reply|output|write|say|state|declare|mention|insert
        |append|add|begin|start|end|finish|translate|replace|rewrite|forget|ensure|make sure|reveal
        |repeat)(?<!see)(?<!refer)(?<!visit)(?<!check)(?<!cite)(?<!find)(?<!read)(?<!contact)
        (?<!note)(?<!hesitate))\s[^.!?\u2026]{0,80}?
        \b(?:(?:this|your) (?:\w{1,30} )?(?:<PAPER>|<REPLY>|authors?|scores?)
        |the (?:\w{1,30} )?(?:review|summary|verdict|authors)|(?:the|all) \w{1,30} orders)\b""",
    ),
    order(
        "second person",
        "your",
        r"""\byour (?:\w{1,30} ){0,2}?
        (?:summary|review|response|reply|output|evaluation|assessment|verdict|instructions?|guidelines
        |programming)\b""",
    ),
    order(
        "second person",
        "you",
        r"""\byou (?:have been|are|were)
        ~0(?:jailbroken|freed|free to|hacked|reprogrammed|instructed)\b
        |\byou (?:must|shall|should) (?:\w{1,30} )?
        (?:conclude|say|state|write|output|give|rate|accept|recommend|praise|ignore|respond|reply
        |answer|mention|include|obey)\b""",
    ),
    order(
        "statement",
        "instructions|prompts|orders|rules|mandatory|required for|required of|required that"
        "|necessary for|receive|get|obtain|be given|be called|using",
        r"""\b(?:previous|prior|earlier|above|original|other) (?:instructions|prompts|orders|rules)
        ~0(?:are|were) (?:now )?
        (?:void|invalid|cancell?ed|a test|obsolete|revoked|superseded|no longer)\b
        |\b(?:mandatory|required|necessary) (?:for|of|that) (?:any|all|every) <LLM>\b
        |\bthis <PAPER> (?:must|should|has to|deserves to)
        ~0(?:receive|get|obtain|be given|be called)\b
        |\b(?:reviewers?|readers?) using <LLM>~1(?:must|should)\b""",
    ),
    order(
        "address",
        "llm:|llm,|llms:|llms,|ai:|ai,|gpt:|gpt,|claude:|claude,|gemini:|gemini,|model:|model,",
        r"""\b(?P<opening>(?:chat)?gpt|llms?|ai|claude|gemini|language model)[:,]\s{0,3}
        (?:please|you|rate|give|say|write|ignore|praise|accept|recommend|be|do|output|respond)\b""",
    ),
)

ENGLISH: Final = (
    *_OVERRIDING,
    *_ADDRESSING,
    *_FLATTERING,
    *_DICTATING,
    *_ENCODED,
    *_GENERAL,
)
"""Every kind of order in English, and in what models are fed."""
