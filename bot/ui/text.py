"""Text from papers and people made safe and readable for Discord's Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pylatexenc.latex2text import LatexNodes2Text

from bot.domain.editions import shortened
from bot.ui import limits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

# Inline maths the way pandoc finds it, so that "$5 and $10" stays money:
# https://pandoc.org/MANUAL.html#extension-tex_math_dollars
_MATHS = re.compile(r"\$\$?(?=\S)((?:[^$\\]|\\.){1,400}?)(?<=\S)\$\$?(?!\d)")
_LONE_SYMBOL = re.compile(r"\$(\\[A-Za-z]+)\$")  # "$\sim$20" is no money, whatever follows
_RAISED = re.compile(r"\^([0-9+-]+)")
_SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_COMMAND = re.compile(
    r"\\(?:text(?:bf|it|tt|rm|sc|sf)?|emph|textsc|mathrm|mathbf|url|underline)\{([^{}]*)\}"
)
_SYMBOL = re.compile(r"\\([%&#_$])")
_JOINERS = "\u200c\u200d"  # Persian and Indic words and family emoji are made with them
_DASHES = (("---", "—"), ("``", "“"), ("''", "”"))
_SPECIAL = re.compile(r"([\\*_~|`\[\]<>@])")
_FENCE = re.compile(r"``(?=`)")
_LINE_START = re.compile(r"(?m)^(\s*)([-+#]|\d+(?=[.)]))")
_LATEX = LatexNodes2Text(math_mode="text", strict_latex_spaces=False, keep_comments=True)


def one_line(text: str) -> str:
    """Return a text without control characters, every run of white space one space."""
    printable = "".join(c for c in text if c.isprintable() or c.isspace() or c in _JOINERS)
    return " ".join(printable.split())


def readable(text: str) -> str:
    """Turn LaTeX as titles and abstracts have it into plain characters."""
    text = one_line(text)
    if "$" in text:
        text = _LONE_SYMBOL.sub(lambda match: _plain(match[1]), text)
        text = _MATHS.sub(lambda match: _plain(match[1]), text)
    if "\\" in text:
        text = _SYMBOL.sub(r"\1", _COMMAND.sub(r"\1", text))
    for dashes, character in _DASHES:
        text = text.replace(dashes, character)
    return text


def _plain(maths: str) -> str:
    if not re.search(r"[\\^_{}]", maths):
        return maths
    # A bare % opens a comment in LaTeX; in an abstract it is always a per cent sign.
    spelled = re.sub(r"(?<!\\)%", r"\\%", maths)
    try:
        said = one_line(str(_LATEX.latex_to_text(spelled)))
    except Exception:  # noqa: BLE001 - pylatexenc fails in many ways on \\href and its like
        return maths  # better shown as it stands than an edition that cannot be rendered
    return _RAISED.sub(lambda match: match[1].translate(_SUPERSCRIPT), said) or maths


def escaped(text: str) -> str:
    """Return a text that Discord shows letter by letter: no Markdown, mention, emoji or link."""
    text = _SPECIAL.sub(r"\\\1", text).replace("://", "\\://")
    return _LINE_START.sub(_escape_start, text)


def _escape_start(match: re.Match[str]) -> str:
    space, mark = match.groups()
    # "1." opens a list: its number cannot be escaped, so an invisible joiner stands before it.
    return f"{space}\u2060{mark}" if mark.isdigit() else f"{space}\\{mark}"


def shown(text: str, length: int) -> str:
    """Return a paper's text readable, cut at a word, and safe."""
    return escaped(shortened(readable(text), length))


def quoted(text: str, length: int) -> str:
    """Return what a person typed in quotation marks, letter by letter, cut at a word, and safe."""
    return f"“{escaped(shortened(one_line(text), length))}”"


def plain(text: str, length: int) -> str:
    """Return a text for a label, where Discord reads no Markdown; never empty."""
    whole = readable(text)
    kept = length
    while limits.text_length(cut := shortened(whole, kept)) > length:
        kept -= 1
    return cut or "?"


def link(text: str, url: str) -> str:
    """Return a masked link; brackets, which could end it early, become round ones."""
    round_text = text.replace("\\[", "(").replace("\\]", ")").replace("[", "(").replace("]", ")")
    return f"[{round_text or '?'}]({url})"


def code_block(text: str, language: str = "") -> str:
    """Return a text as a code block that it cannot end."""
    unbroken = _FENCE.sub("``\u200b", text)
    return f"```{language}\n{unbroken}\n```"


def timestamp(moment: datetime, style: str = "t") -> str:
    """Return Discord's own timestamp, which everybody sees in their own zone.

    Styles: https://docs.discord.com/developers/reference#message-formatting-timestamp-styles.
    """
    return f"<t:{int(moment.timestamp())}:{style}>"


def short_date(day: date) -> str:
    """Say a date the short way: ``11 Feb 2025``."""
    return f"{day.day} {day:%b %Y}"


def long_date(day: date) -> str:
    """Say a date with its weekday: ``Tuesday, 11 February 2025``."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def day_range(days: Sequence[date]) -> str:
    """Say which days a digest covers: one by its weekday, several by the first and the last."""
    first, last = days[0], days[-1]
    if first == last:
        return long_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {last.day} {last:%B %Y}"  # noqa: RUF001 - an en dash is a range
    if first.year == last.year:
        return f"{first.day} {first:%b} – {last.day} {last:%b %Y}"  # noqa: RUF001
    return f"{short_date(first)} – {short_date(last)}"  # noqa: RUF001


def first_authors(names: Sequence[str], many: int = 2) -> str:
    """Name the first authors and count the others: ``Yuzhe Gu, Songyang Gao +3``."""
    named = ", ".join(shown(name, 40) for name in names[:many])
    others = len(names) - many
    return f"{named} +{others}" if others > 0 else named


def counted(number: int, noun: str, plural: str | None = None, most: int | None = None) -> str:
    """Say a number with its noun: ``1 paper``, ``2,041 papers``; ``most`` is as far as it went."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,}{'+' if number == most else ''} {plural or noun + 's'}"
