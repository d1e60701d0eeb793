"""The words and signs that write numbers, scales and units: tables, and pieces of patterns."""

from __future__ import annotations


def _count(words: str, first: int = 1, step: int = 1) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(words.split())}


def _each(power: int, words: str) -> dict[str, int]:
    return dict.fromkeys(words.split(), power)


ONES = _count("one two three four five six seven eight nine")
TENS = _count("twenty thirty forty fifty sixty seventy eighty ninety", first=20, step=10)
NUMBERS = {
    **ONES,
    **_count(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", first=10
    ),
    **TENS,
}
ORDINALS = _count("first second third fourth fifth sixth seventh eighth ninth tenth")
PARTS = {"half": 2, "halves": 2, "quarter": 4} | {
    word: ORDINALS[word] for word in list(ORDINALS)[2:]
}
GLYPHS = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅛": (1, 8)}
MULTIPLES = {
    "twice": 2,
    **_each(2, "double doubles doubled doubling halve halved halving"),
    **_each(3, "thrice triple triples tripled tripling"),
    **_each(4, "quadruple quadruples quadrupled quadrupling"),
}
LETTERS = {"k": 3, "m": 6, "b": 9, "t": 12}
SCALES = {"thousand": 3, "million": 6, "mn": 6, "billion": 9, "bn": 9, "trillion": 12, "tn": 12}

# The same in the languages that a summary may be asked for in. A word of more than four letters is
# the beginning of its cases and plurals.
FOREIGN_SCALES = {
    **_each(3, "tausend tsd mille mila mil duizend tysią tysię bin nghìn ngàn ribu tusen"),
    **_each(3, "тысяч тыс тисяч ألف آلاف χιλιάδ 千 천"),
    **_each(4, "万 萬 만"),
    **_each(6, "mio milhõ milhã milió milio miljo millón millones milyon triệu juta"),
    **_each(6, "миллион млн мільйон مليون ملايين εκατομμύρι 百万 百萬 백만"),
    **_each(7, "千万 千萬 천만"),
    **_each(8, "亿 億 억"),
    **_each(9, "milliard mrd miliard miliar miljard milyar bilhõ bilhã tỷ tỉ"),
    **_each(9, "миллиард млрд мільярд مليار δισεκατομμύρι 十亿 十億 십억"),
    **dict.fromkeys(("mil millones", "mil milhõ"), 9),
    **_each(10, "百亿 百億 백억"),
    **_each(11, "千亿 千億 천억"),
    **_each(12, "billionen billones bilioni bilion biljoen trilhõ trilhã trilyon triliun"),
    **_each(12, "триллион трлн 万亿 兆 조"),
}
PERCENT = r"(?:per\s?cent|percentage|pct|p\.?p\.?)\b"
FOREIGN_PERCENT = (
    r"pro[cz]ent|pour\scent|por\sciento|por\scento|процент|відсот|퍼센트|パーセント|persen"
    r"|phần\străm|بالمئة|بالمائة|אחוז"
)
PERCENT_BEFORE = r"%\s?|百分之\s?|yüzde\s"
FACTOR = r"\u00d7|\\times(?![a-z])|x\b|fold\b|times\b"
FOREIGN_FACTOR = (
    r"fach|krotn|倍|배|(?:mal|fois|veces|vezes|volte|раз|раза|рази|keer|kat|lần|kali)\b"
)

# What stands beside a whole number that is a score or a percentage, though no sign says so.
MEASURES = (
    r"(?:accurac|averag|scor|precision|recall|success|improvement|gain)[a-z]{0,6}"
    r"|(?:F-?1|m?AP|m?IoU|AUC|AUROC|BLEU|ROUGE|EM|Dice|speed-?ups?|rates?)\b"
)
# What follows one that counts nothing.
UNCOUNTED = (
    r"(?:to|and|or|on|in|of|vs|versus|for|with|by|from|at|over|under|while|when|whereas|is|are|was"
    r"|as|than|then|across|after|before|but|against|which|where|compared|using|if|the|we|this"
    r"|since|because|per|higher|lower|better|worse|overall|respectively|absolute|relative)\b"
)
# What follows a "one" that counts nothing.
AFTER_PRONOUN = (
    r"of|or|and|another|as|by|can|could|for|from|hand|has|in|into|is|may|might|must|needs|on|should"
    r"|side|such|than|that|the|to|was|when|where|which|while|who|whose|will|with|would"
)
# What follows a decimal fraction that is neither.
MEASURED = (
    r"(?:[µmn]?s|sec|seconds?|min|minutes?|h|hours?|days?|years?|milliseconds?|[KMGT]i?B|bits?"
    r"|bytes?|[KMGk]?Hz|FPS|fps|dB|[mckn]?m|[GTP]?FLOPs?|tokens?|Flash|Pro|Sonnet|Opus|license)\b"
)
# What stands before a number that is a name's, a place's or a setting's: GPT-4, Table 3, k = 5.
NAMING = (
    r"\[|[^\W\d_}]\s?=\s?"
    r"|\b(?:sec|section|tab|table|fig|figure|eq|equation|appendix|algorithm|theorem|step|stage"
    r"|layer|page|version)s?\.?[\s~(]{1,2}"
)
RANKING = r"\#|\bno\.?\s?|\brank(?:s|ed|ing)?\s|\btop[-\s]"
RANGE = (
    r"[\s$]{0,2}(?:[-\u2013\u2014/~\u2192]|--|\\sim|\\(?:right)?arrow|\\to|to|(?:,\s?)?(?:and|or)"
    r"|,|vs\.?|versus)[\s$]{0,2}"
)
