"""What the custom ids of buttons and menus say: all the state that a press needs.

A custom id holds at most 100 characters and outlives every restart. The delivery's key stands in
the menu of each part of an edition, so that the message can be found again by it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.papers import ArxivId
    from bot.domain.searches import Sort

CARD_MENU = re.compile(r"card:(?P<key>[\w.-]{1,40})")
BROWSE = re.compile(r"all:(?P<list>e\.[0-9a-f]{12}|d\.\d{4}-\d{2}-\d{2}):(?P<page>\d{1,4})")
TURN = re.compile(
    r"turn:(?P<way>first|back|on):(?P<list>e\.[0-9a-f]{12}|d\.\d{4}-\d{2}-\d{2}):(?P<page>\d{1,4})"
)
STATUS = re.compile(r"status:(?P<key>[\w.-]{1,40})")
RESUME = re.compile(r"resume:(?P<channel>\d{1,20})(?::(?P<key>[\w.-]{1,40}))?")
DECIDE = re.compile(r"settle:(?P<word>again|there):(?P<key>[\w.-]{1,40})")
KEYED = (CARD_MENU, STATUS, RESUME)
"""The ids in which the key of a message stands, by which it is found again."""

ERASE = re.compile(r"erase:(?P<person>\d{1,20})")
BIBTEX = re.compile(r"bib:(?P<paper>[\w./-]{1,40})")

_SEARCH = r"(?P<search>[a-z2-7]{10})"
_SORT = r"(?P<sort>relevance|newest|upvotes)"
_DAYS = r"(?P<days>\d{1,4})"
FOUND = re.compile(rf"find:(?:first|back|on):{_SEARCH}:{_SORT}:{_DAYS}:(?P<page>\d{{1,4}})")
SORT = re.compile(rf"sort:{_SEARCH}:{_DAYS}")
PERIOD = re.compile(rf"days:{_SEARCH}:{_SORT}")
RUN = re.compile(rf"run:{_SEARCH}")
NEAR = re.compile(r"near:(?P<paper>[\w./-]{1,40})")
RELATED = re.compile(r"kin:(?:first|back|on):(?P<paper>[\w./-]{1,40}):(?P<page>\d{1,4})")


def card_menu(key: str) -> str:
    """Return the id of a menu that opens cards; ``key`` tells menus of one message apart."""
    return f"card:{key}"


def edition_list(edition_id: str) -> str:
    """Name an edition's whole list."""
    return f"e.{edition_id}"


def day_list(day: date) -> str:
    """Name a day's whole list."""
    return f"d.{day.isoformat()}"


def day_of(text: str) -> date | None:
    """Read a day back out of a list's name; None for a date that there is not."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def browse(name: str, page: int = 0) -> str:
    """Return the id of a button that opens a list for the person who presses it."""
    return f"all:{name}:{page}"


def turn(way: str, name: str, page: int) -> str:
    """Return the id of a button that turns to a page; ``way`` keeps two to one page apart."""
    return f"turn:{way}:{name}:{page}"


def bibtex(paper_id: ArxivId) -> str:
    """Return the id of a card's BibTeX button."""
    return f"bib:{paper_id}"


def found(way: str, search: str, sort: Sort, days: int | None, page: int) -> str:
    """Return the id of a button that turns the pages of a search, narrowed as it is now."""
    return f"find:{way}:{search}:{sort}:{days or 0}:{page}"


def sort_menu(search: str, days: int | None) -> str:
    """Return the id of the menu that orders what a search finds."""
    return f"sort:{search}:{days or 0}"


def period_menu(search: str, sort: Sort) -> str:
    """Return the id of the menu that says how far back a search looks."""
    return f"days:{search}:{sort}"


def run(search: str) -> str:
    """Return the id of a button that runs a search kept under a short id."""
    return f"run:{search}"


def near(paper_id: ArxivId) -> str:
    """Return the id of a card's Related button."""
    return f"near:{paper_id}"


def related(way: str, paper_id: ArxivId, page: int) -> str:
    """Return the id of a button that turns the pages of a paper's relatives."""
    return f"kin:{way}:{paper_id}:{page}"


def status(key: str) -> str:
    """Return the id of the button of a quiet line that says how things are."""
    return f"status:{key}"


def resume(channel_id: int, key: str | None = None) -> str:
    """Return the id of a button that lets a channel's stopped schedule run again."""
    return f"resume:{channel_id}:{key}" if key else f"resume:{channel_id}"


def decide(word: str, key: str) -> str:
    """Return the id of a button that settles an unknown delivery: ``again`` or ``there``."""
    return f"settle:{word}:{key}"


def erase(person_id: int) -> str:
    """Return the id of the button that erases what is stored of a person."""
    return f"erase:{person_id}"


def key_in(custom_id: str) -> str | None:
    """Return the delivery's key that stands in a custom id, None if none does."""
    matches = (pattern.fullmatch(custom_id) for pattern in KEYED)
    return next((match["key"] for match in matches if match), None)
