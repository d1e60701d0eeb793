"""What the custom ids of buttons and menus say: all the state that a press needs.

A custom id holds at most 100 characters and outlives every restart. The delivery's key stands in
the menu of each part of an edition, so that the message can be found again by it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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
BIBTEX = re.compile(r"bib:(?P<paper>[\w./-]{1,40})")
ERASE = re.compile(r"erase:(?P<person>\d{1,20})")

_SEARCH = r"(?P<search>[a-z2-7]{10})"
_SORT = r"(?P<sort>relevance|newest|upvotes)"
_DAYS = r"(?P<days>\d{1,4})"
FOUND = re.compile(rf"find:(?:first|back|on):{_SEARCH}:{_SORT}:{_DAYS}:(?P<page>\d{{1,4}})")
SORT = re.compile(rf"sort:{_SEARCH}:{_DAYS}")
PERIOD = re.compile(rf"days:{_SEARCH}:{_SORT}")
RUN = re.compile(rf"run:{_SEARCH}")
NEAR = re.compile(r"near:(?P<paper>[\w./-]{1,40})")
RELATED = re.compile(r"kin:(?:first|back|on):(?P<paper>[\w./-]{1,40}):(?P<page>\d{1,4})")

_DRAFT = r"[a-z2-7]{10}"
_ALERT = r"(?P<alert>\d{1,18})"
_BATCH = r"(?P<batch>\w{1,23})"
WATCH = re.compile(rf"watch:{_SEARCH}")
SAVE = re.compile(rf"save:(?P<draft>{_DRAFT})")
CHANGE = re.compile(rf"change:(?P<draft>{_DRAFT})")
CANCEL = re.compile(rf"cancel:(?P<draft>{_DRAFT})")
OTHERS = re.compile(rf"instead:(?P<drafts>{_DRAFT}(?:\.{_DRAFT}){{1,3}})")
REDRAFT = re.compile(rf"redraft:(?P<draft>{_DRAFT})")
REWORD = re.compile(rf"reword:{_ALERT}")
ALERTS = re.compile(r"alerts:(?:first|back|on):(?P<page>\d{1,4})")
PICK = re.compile(r"pick:\d{1,4}")
EDIT = re.compile(rf"edit:{_ALERT}")
PAUSE = re.compile(rf"pause:{_ALERT}")
WAKE = re.compile(rf"wake:{_ALERT}(?::(?P<key>[\w.-]{{1,40}}))?")
TEST = re.compile(rf"test:{_ALERT}")
REMOVE = re.compile(rf"remove:{_ALERT}")
PAUSE_ONE = re.compile(rf"rest:{_BATCH}")
UNWANTED = re.compile(rf"not:{_BATCH}(?:\.\d{{1,4}})?")
UNWANTED_BY = re.compile(r"unlike:(?P<paper>[\w./-]{1,40})")
MORE = re.compile(rf"more:(?:first|back|on|open):{_BATCH}:(?P<page>\d{{1,4}})")

KEYED = (CARD_MENU, STATUS, RESUME, WAKE)
"""The ids in which the key of a message stands, by which it is found again."""


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


def watch(search: str) -> str:
    """Return the id of a button that makes an alert of a search kept under a short id."""
    return f"watch:{search}"


def of_draft(word: str, draft: str) -> str:
    """Return the id of a draft's button: ``save``, ``change`` or ``cancel``."""
    return f"{word}:{draft}"


def others(drafts: Sequence[str]) -> str:
    """Return the id of a menu that shows one of two to four drafts instead."""
    return f"instead:{'.'.join(drafts)}"


def redraft(draft: str) -> str:
    """Return the id of the form that changes a draft."""
    return f"redraft:{draft}"


def reword(alert_no: int) -> str:
    """Return the id of the form that changes a saved alert."""
    return f"reword:{alert_no}"


def alerts(way: str, page: int) -> str:
    """Return the id of a button that turns the pages of a person's alerts."""
    return f"alerts:{way}:{page}"


def pick(page: int) -> str:
    """Return the id of the menu that opens one of the alerts on a page."""
    return f"pick:{page}"


def of_alert(word: str, alert_no: int) -> str:
    """Return the id of an alert's button: ``edit``, ``pause``, ``test`` or ``remove``."""
    return f"{word}:{alert_no}"


def wake(alert_no: int, key: str | None = None) -> str:
    """Return the id of a button that lets an alert go on."""
    return f"wake:{alert_no}:{key}" if key else f"wake:{alert_no}"


def pause_one(batch_id: str) -> str:
    """Return the id of the menu that pauses one of the alerts of a message."""
    return f"rest:{batch_id}"


def unwanted(batch_id: str, page: int | None = None) -> str:
    """Return the id of the menu *Not this* of a message, or of a page of all its papers."""
    return f"not:{batch_id}" if page is None else f"not:{batch_id}.{page}"


def unwanted_by(paper_id: ArxivId) -> str:
    """Return the id of the menu that asks which alert a paper is not for."""
    return f"unlike:{paper_id}"


def more(way: str, batch_id: str, page: int) -> str:
    """Return the id of a button that opens, or turns to, a page of all a message's papers."""
    return f"more:{way}:{batch_id}:{page}"


def key_in(custom_id: str) -> str | None:
    """Return the delivery's key that stands in a custom id, None if none does."""
    matches = (pattern.fullmatch(custom_id) for pattern in KEYED)
    return next((match["key"] for match in matches if match), None)
