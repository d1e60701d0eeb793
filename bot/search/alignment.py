"""Which words an acronym stands for: each of its letters is laid onto one of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PART = re.compile(r"[^\W_]+(?:['\u2019]s(?![^\W_]))?")
_X = re.compile(r"ex|cross|trans")
_REPEATED = re.compile(r"(?<![0-9])[2-4](?![0-9])")

# What each liberty costs, and what all of an alignment's may cost together. First letters,
# capitals and what the acronym prints small (RoPE, rotary) are free.
_PREFIX = 1  # more letters of a word's beginning: SENTINEL, sentence-level early intervention …
_INSIDE = 2  # a letter inside a word, each further one 1 more: EEG, electroencephalogram
_HYPHENED = 1  # what follows a hyphen gives none: RL, rule-based learning
_SKIPPED = 3  # a whole word gives none: TAD, temporal understanding in autonomous driving
_ENUMERATED = 1  # a comma between the words: SPF, see, point, fly
_LEFT_OVER = 2  # the last word gives none, and is left out: VLA, vision-language-action models
_DEAREST = 3

_LONGEST_PREFIX = 4
_SMALL = frozenset(
    """a an and as at by for from in into is its of on or over than that the through to under
    using via when with without""".split()  # noqa: SIM905 - words read better so
)
_HEADS = frozenset(("model", "models", "modeling", "method", "methods", "task", "tasks"))
_SOUNDS = {"to": "2", "two": "2", "four": "4", "for": "4"}
# What may be written in one word, with a hyphen or in two, and gives both its letters: VAE.
_COMPOUND = re.compile(
    r"(auto|audio|back|bench|bi|bio|block|cross|data|electro|end|feed|few|fine|geo|hyper|image|"
    r"inter|intra|key|long|meta|micro|multi|neuro|non|open|out|over|photo|post|pre|self|semi|"
    r"short|spatio|sub|super|text|tele|time|tri|under|uni|video|wave|zero)(?=[a-z]{3})"
)


class Part(NamedTuple):
    """One run of letters and digits of a text.

    ``at`` is where it begins; ``opens`` says that a word begins with it, so that it follows no
    hyphen; ``listed`` that a comma stands before it.
    """

    text: str
    at: int
    opens: bool = True
    listed: bool = False

    @property
    def capitals(self) -> str:
        """The capitals and digits, in lower case, where they are more than a first letter."""
        shown = "".join(sign for sign in self.text if sign.isupper() or sign.isdigit())
        return "" if shown == self.text[:1] and shown.isupper() else shown.lower()


def parts_of(text: str) -> list[Part]:
    """Return the runs of letters and digits of a text, in their order."""
    parts: list[Part] = []
    end = 0
    for match in _PART.finditer(text):
        between = text[end : match.start()]
        opens = not parts or any(sign.isspace() for sign in between)
        parts.append(Part(match[0].replace("\u2019", "'"), match.start(), opens, "," in between))
        end = match.end()
    return parts


def align(short: str, parts: Sequence[Part]) -> tuple[int, int] | None:
    """Return the slice of ``parts`` that ``short`` stands for, which ends with them; None if none.

    Each letter is laid onto a word: as its first, its capital or, at a price, one inside it; the
    cheapest way wins, and of equals the shortest. Small words give none for nothing. It looks as
    far back as Schwartz and Hearst (2003, "A simple algorithm for identifying abbreviation
    definitions in biomedical text"), whose letters inside words come last here: taken first,
    they make PPO a "policy optimization". ``S4`` is tried as ``SSSS`` too.
    """
    letters = "".join(filter(str.isalnum, short))
    if len(letters) < len("AI"):
        return None
    found = _cheapest(letters, parts)
    if found is None and (digit := _REPEATED.search(letters)):
        at, times = digit.start(), int(digit[0])
        doubled = letters[at - 1] if at else letters[at + 1]
        found = _cheapest(letters[:at] + doubled * (times - 1) + letters[at + 1 :], parts)
    return found


def _cheapest(letters: str, parts: Sequence[Part]) -> tuple[int, int] | None:
    """Go back word by word, knowing what each number of letters left has cost so far."""
    best: tuple[int, int, int] | None = None
    states = {(len(letters), len(parts)): 0}
    words, reach = 0, min(len(letters) + 5, 2 * len(letters))
    for index in range(len(parts) - 1, max(-1, len(parts) - 1 - 3 * reach), -1):
        part = parts[index]
        ahead: dict[tuple[int, int], int] = {}
        for (left, end), spent in states.items():
            for taken, price in _offers(part, letters[:left], last=left == len(letters)):
                cost = spent + price
                stop = end if taken or left < len(letters) or not part.opens else index
                if cost > _DEAREST:
                    continue
                if taken < left:
                    state = left - taken, stop
                    cost += _ENUMERATED * part.listed
                    ahead[state] = min(cost, ahead.get(state, cost))
                elif part.opens and (best is None or cost < best[0]):
                    best = cost, index, stop
        states = ahead
        words += part.opens
        if not states or words >= reach:
            break
    return best and best[1:]


def _offers(part: Part, letters: str, *, last: bool) -> Iterator[tuple[int, int]]:
    """Yield how many of the last letters a word may give, and at which price."""
    word, small = part.text.lower(), letters.lower()
    if not part.opens:
        yield 0, 0 if word in _SMALL else _HYPHENED
    elif last:
        if word in _HEADS:
            yield 0, _LEFT_OVER
    else:
        yield 0, 0 if word in _SMALL else _SKIPPED
    if small[-1] == _SOUNDS.get(word) or (small[-1] == "x" and _X.match(word)):
        yield 1, 0
    if part.capitals and small.endswith(part.capitals):
        yield len(part.capitals), 0
    for taken in range(1, min(len(word), len(small)) + 1):
        if small[-taken] == word[0]:
            price = _price(word, small[-taken:], letters[-taken:])
            if price is not None:
                yield taken, price


def _price(word: str, chunk: str, printed: str) -> int | None:
    """Return what it costs to take letters of a word, its first among them; None if it lacks them.

    Letters inside a word are for capitals only: the "o" of MoE does not come out of "models".
    """
    if len(chunk) == 1:
        return 0
    if word.startswith(chunk):
        if printed[1:].islower():
            return 0
        return _PREFIX if len(chunk) <= _LONGEST_PREFIX else None
    compound = _COMPOUND.match(word)
    if compound and chunk == word[0] + word[compound.end()]:
        return 0
    following = iter(word)
    if printed.upper() == printed and all(sign in following for sign in chunk):
        return _INSIDE + len(chunk) - 2
    return None
