"""Markdown, HTML and what Discord makes of a text, taken off it so that its words remain."""

from __future__ import annotations

import re

# What Discord turns into a mention, an emoji, a time or a command:
# https://docs.discord.com/developers/reference#message-formatting
_SPECIAL = (
    r"<(?:@[!&]?\d+|\#\d+|a?:\w+:\d+|t:-?\d+(?::\w)?|/[\w -]+:\d+|id:\w+(?::\d+)?)>"
    r"|@(?:everyone|here)(?!\w)|\u3010[^\u3010\u3011]{0,80}\u3011"
)
_ADDRESS = (
    r"<?(?:[\w+.-]{0,20}:/{2}|mailto:|www\.(?=\w)|discord(?:app)?\.(?:gg|com)/"
    r"|(?:[\w-]{1,60}\.){1,4}(?:com|org|net|io|ai|co|dev|app|me|gg|ly|link|xyz|edu|gov)/)"
    r"(?:[^\s<>]*[^\s<>.,;:!?)\]}\"'\u201d\u2019*_`])?>?"
)
_REMOVED = re.compile(
    rf"(?:\s{{0,3}}(?:{_SPECIAL}|\((?:(?:see|at|via|on|from) )?{_ADDRESS}\)"
    rf"|(?:\b(?:at|on|via|from|under|see|visit) {{0,3}})?:?\s{{0,3}}{_ADDRESS}))+\s{{0,3}}",
    re.IGNORECASE,
)
_PING = re.compile(r"(?<!@)@+(?=everyone|here)", re.IGNORECASE)
_LINK = re.compile(
    r"!?\[([^\[\]]{0,400})\]"
    r"\(\s{0,3}<?(?:[a-z][a-z0-9+.-]{1,20}:|[/#]|\.{1,2}/|[\w-]{1,60}\.[a-z]{2})"
    r"[^()\s]{0,2000}(?:\([^()\s]{0,400}\)[^()\s]{0,400})?(?:\s{1,3}\"[^\"]{0,200}\")?\s{0,3}\)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.{0,2000}?-->", re.DOTALL)
_BREAK = re.compile(r"<(?:br|hr|/p|/div|/li|/tr)\s{0,3}/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|i|u|em|strong|p|div|span|ul|ol|li|h[1-6]|code|pre|sup|sub|img|table|thead|tbody|tr"
    r"|td|th|del|ins|blockquote|kbd|mark|small|font|center|details|summary|script|style|iframe)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)

# Lines that are nothing but form, and what stands at the beginning of others.
_FENCE = re.compile(
    r"(?m)^[ \t]{0,8}(?:`{3,}|~{3,})[ \t]{0,8}[\w+#.-]{0,30}[ \t]{0,8}$|`{3,}|\A~{3,}"
)
_RULE = re.compile(r"(?m)^[ \t]{0,8}(?:[-*_][ \t]{0,3}){3,40}$|^[ \t]{0,8}\|[-:| \t]{2,200}$")
_HEADING = re.compile(r"(?m)^[ \t]{0,8}#{1,6}[ \t]{1,8}(\S[^\n]{0,300}?)[ \t]{0,8}#{0,6}$")
_QUOTE = re.compile(r"(?m)^[ \t]{0,8}(?:>[ \t]?){1,5}(?<=[ \t])(?![\d.])")
_ITEM = re.compile(r"(?m)^[ \t]{0,8}[-*+\u2022\u00b7][ \t]{1,8}(?=\S)")
_NUMBERED = re.compile(r"(?m)^[ \t]{0,8}\d{1,2}[.)][ \t]{1,8}(?=\S)")
_ROW = re.compile(r"(?m)^[ \t]{0,8}\|(.{1,2000})\|[ \t]{0,8}$")

# Emphasis opens before and closes after a word; 3*4, snake_case, x_i, $^*$ and __init__ do not.
_STARS = re.compile(
    r"(?<![\w*\\^_{$])(\*{1,3})(?=[^\s*])(.{1,400}?)(?<=[^\s*\\^_{])\1(?!\*)(?!(?<=[^*]\*)\w)"
)
_UNDERSCORES = re.compile(
    r"(?<![\w\\^{}$)\]])(_{1,3})(?![a-z]{1,40}__)(?=[^\s_{])([^$]{1,400}?)(?<=[^\s_\\])\1(?!\w)"
)
_STRUCK = re.compile(r"~~(?=[^\s~])(.{1,400}?)(?<=[^\s~])~~")
_CODE = re.compile(r"(?<![`\\])(`{1,2})(?=[^`\s])([^`']{1,300})(?<=\S)\1(?!`)")
_LEFT_OPEN = re.compile(r"(?<!\S)\*\*(?=\w)|(?<=[^\W\d])\*\*(?!\S)|(?<=[^\W\d][.!?:])\*\*(?!\S)")
_EMPHASIS = (_STARS, _UNDERSCORES, _STRUCK, _CODE)
_ANY = re.compile(r"[<>\[\]*_`#|@~]|:/")


# Special tokens of chat templates, and the tags between which models think and answer.
_TOKENS = re.compile(
    r"<\|\w{1,40}\|>|\[/?INST\]|</?s>|<</?SYS>>"
    r"|<(?P<thought>thinking|thoughts?|reasoning|scratchpad)>.{0,20000}?</(?P=thought)>"
    r"|</?(?:thinking|thoughts?|reasoning|scratchpad|answer|response|output|summary)>",
    re.IGNORECASE | re.DOTALL,
)


def without_tokens(text: str) -> str:
    """Return a text without a model's own marks, and without what it only thought."""
    return _TOKENS.sub(" ", text) if "<" in text or "[" in text else text


def without_addresses(text: str) -> str:
    """Return a text without links, mentions, emoji and HTML; a link's own text stays."""
    text = _TAG.sub("", _BREAK.sub("\n", _COMMENT.sub(" ", _LINK.sub(r"\1", text))))
    return _PING.sub("", _REMOVED.sub(_gap, text))


def without_blocks(text: str) -> str:
    """Return a text with its headings, quotes, lists, tables and fences as plain lines.

    A heading ends with a colon, an item begins with a hyphen.
    """
    text = _RULE.sub("", _FENCE.sub("", text))
    text = _ROW.sub(lambda row: ", ".join(cell.strip() for cell in row[1].split("|")), text)
    text = _HEADING.sub(_titled, _QUOTE.sub("", text))
    if len(_NUMBERED.findall(text)) > 1:  # one alone may number a sentence that others follow
        text = _NUMBERED.sub("- ", text)
    return _ITEM.sub("- ", text)


def without_emphasis(text: str) -> str:
    """Return a text without the marks of bold, italics, code and strike-through."""
    for emphasis in _EMPHASIS:
        text = emphasis.sub(lambda match: match[match.re.groups], text)
    return _LEFT_OPEN.sub("", text)


def without_marks(text: str) -> str:
    """Return a text without any character that markup is made of."""
    return _ANY.sub("", text)


def _gap(removed: re.Match[str]) -> str:
    """Return what stands where something was: nothing before a mark, else a space."""
    following = removed.string[removed.end() : removed.end() + 1]
    return "\n" if "\n" in removed[0] else "" if following in ".,;:!?)" else " "


def _titled(heading: re.Match[str]) -> str:
    title = heading[1]
    return f"{title}\n" if title[-1] in ".!?:*" else f"{title}:\n"
