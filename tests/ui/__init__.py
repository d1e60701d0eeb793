"""What the tests of what people see share: nasty data, and what Discord makes of a message."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from bot.domain.editions import DayState, Edition, Entry, Order, Receipt
from bot.domain.papers import ArxivId, closes_at
from bot.domain.queries import LONGEST_QUERY
from bot.domain.schedules import Style
from bot.domain.summaries import Summary
from bot.services.drafts import order_text
from bot.ui import limits
from tests.builders import DAY, NOW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from discord import ui

NASTY = (
    "A [bracketed] title](https://evil.example)",
    "`code` ```block``` ````four````",
    r"$\textbf{Bold}$ and $x_{1}^{2}$ at 5\% for $5 and $10",
    "@everyone @here <@1> <@&2> <#3> </cmd:1> <:e:1> <a:e:1> <t:1:R> <id:browse>",
    "https://evil.example/a_b_c http://x discord://y <https://z.example>",
    "**bold** *it* __under__ ~~gone~~ ||spoiler|| _it_",
    "# heading",
    "-# small",
    "> quote",
    ">>> long quote",
    "- item",
    "1. first",
    "12) twelfth",
    "\\",
    "\\[\\]\\`\\@everyone",
    "مرحبا \u202eevil\u202c بالعالم",
    "大型语言模型的推理能力研究",
    "🚀" * 60,
    "𝒳𝒴𝒵 " * 40,
    "   \t\u200b\u200f ",
    "\x00\x01\x07\x1b[31m",
    "x" * 10_000,
    "# " * 5_000,
    "汉" * 10_000,
    "a 🤖 " * 2_500,
    "*" * 300,
    "1. " * 200,
    "\ud800 lone",
    "line\nbreak\r\n# heading\u2028more",
    "%&#_${}^~",
)

LONG = 700
"""Past this every text is cut, so that longer ones need few papers to show what they do."""

texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=80),
    st.text(alphabet="\\*_~|`[]()<>@#:/-+1. aé\n𝒳汉", max_size=80),
    st.builds(
        lambda text, times: (text * times)[:10_000], st.text(max_size=12), st.integers(0, 900)
    ),
)
names = st.one_of(st.sampled_from(["Ada Lovelace", "李明", "", "@everyone", "x" * 200]), texts)
paper_ids = st.one_of(
    st.integers(0, 99_999).map(lambda number: ArxivId(f"2502.{number:05d}")),
    st.integers(0, 999).map(lambda number: ArxivId(f"cond-mat/9901{number:03d}")),
)
counts = st.one_of(st.none(), st.integers(0, 10), st.integers(0, 2**53))


@st.composite
def authors(draw: st.DrawFn) -> tuple[str, ...]:
    """Draw no author, a few, or as many as a collaboration has."""
    some = draw(st.lists(names, max_size=4))
    many = draw(st.sampled_from([1, 1, 1, 166]))
    return tuple(some * (many if sum(map(len, some)) < 100 else 1))


@st.composite
def entries(draw: st.DrawFn, most: int = 120) -> tuple[Entry, ...]:
    """Draw the papers of an edition; they take turns with a few nasty texts."""
    pool = draw(st.lists(st.one_of(st.none(), texts), min_size=1, max_size=6))
    titles = draw(st.lists(texts, min_size=1, max_size=4))
    long = max(len(text or "") for text in (*pool, *titles)) > LONG
    ids = draw(
        st.lists(paper_ids, min_size=1, max_size=min(most, 12 if long else most), unique=True)
    )
    people = draw(st.lists(authors(), min_size=1, max_size=2))
    votes = draw(st.lists(counts, min_size=1, max_size=3))

    def one(place: int, paper_id: ArxivId) -> Entry:
        said = [pool[(place + shift) % len(pool)] for shift in range(5)]
        return Entry(
            id=paper_id,
            place=place,
            title=titles[place % len(titles)],
            authors=people[place % len(people)],
            upvotes=votes[place % len(votes)],
            tldr=said[0],
            objective=said[1],
            method=said[2],
            results=said[3],
            implications=said[4],
        )

    return tuple(one(place, paper_id) for place, paper_id in enumerate(ids, start=1))


@st.composite
def day_states(draw: st.DrawFn) -> tuple[DayState, ...]:
    """Draw the days that an edition covers, up to a month of them."""
    states = []
    for number in range(draw(st.sampled_from([1, 1, 2, 4, 30]))):
        day = DAY + timedelta(days=number)
        complete = draw(st.booleans())
        read = complete or draw(st.booleans())
        states.append(
            DayState(
                day=day,
                papers=draw(st.integers(0, 200)),
                read_at=NOW if read else None,
                closes_at=closes_at(day),
                complete=complete,
            )
        )
    return tuple(states)


topics = texts.map(lambda text: " ".join(text.split())[:LONGEST_QUERY])
filters = st.builds(
    lambda least, topic: order_text(Order(min_upvotes=least, topic=topic)),
    st.sampled_from([0, 100_000]),
    st.one_of(st.none(), topics),
)


@st.composite
def editions(draw: st.DrawFn, most: int = 120) -> Edition:
    """Draw any edition that a schedule can bring."""
    shown = draw(entries(most))
    matching = len(shown) + draw(st.sampled_from([0, 0, 1, 500]))
    return Edition(
        id=draw(st.integers(0, 16**12 - 1).map(lambda number: f"{number:012x}")),
        channel_id=10**18,
        made_at=NOW,
        style=draw(st.sampled_from(Style)),
        mention_role=draw(st.one_of(st.none(), st.just(2**63 - 1))),
        filter=draw(filters),
        entries=shown,
        receipt=Receipt(
            shown=len(shown),
            matching=matching,
            listed=matching + draw(st.sampled_from([0, 3, 1000])),
            days=draw(day_states()),
        ),
    )


@st.composite
def summaries(draw: st.DrawFn) -> Summary:
    """Draw any summary, of one part or five."""
    part = st.one_of(st.none(), texts)
    return Summary(
        tldr=draw(part),
        objective=draw(part),
        method=draw(part),
        results=draw(part),
        implications=draw(part),
        model=draw(
            st.sampled_from(["extractive", "ai_summary", "digest archive", "gpt_*5* [x](y)"])
        ),
        source=draw(st.sampled_from(["abstract", "full text"])),
        prompt=1,
        grounded=draw(st.sampled_from([True, False, None])),
        sought=draw(st.booleans()),
        written_at=NOW,
    )


def walked(components: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give every component of a message, nested ones too, in their order."""
    for one in components:
        yield one
        yield from walked(one.get("components", []))


def all_of(view: ui.LayoutView) -> list[dict[str, Any]]:
    """Return every component that a view sends."""
    return list(walked(view.to_components()))


def texts_of(components: Sequence[dict[str, Any]]) -> list[str]:
    """Return the texts of a message as it is sent."""
    return [one["content"] for one in walked(components) if one["type"] == 10]


def text_of(view: ui.LayoutView) -> str:
    """Return all the text of a view."""
    return "\n".join(texts_of(view.to_components()))


def options_of(view: ui.LayoutView) -> list[dict[str, Any]]:
    """Return the options of a view's menu, none if it has no menu."""
    return [option for one in all_of(view) if one["type"] == 3 for option in one["options"]]


def buttons_of(view: ui.LayoutView) -> list[dict[str, Any]]:
    """Return the buttons of a view."""
    return [one for one in all_of(view) if one["type"] == 2]


def units(text: str) -> int:
    """Count a text in UTF-16 units, the way that gives the highest number."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_limits(components: Sequence[dict[str, Any]]) -> None:
    """Hold a message against every limit of Discord's."""
    parts = list(walked(components))
    assert 0 < len(parts) <= 40
    said = texts_of(components)
    assert all(said)
    assert sum(map(units, said)) <= 4000
    assert sum(len(text.encode()) for text in said) <= limits.TEXT_BYTES
    custom_ids = [one["custom_id"] for one in parts if one.get("custom_id") is not None]
    assert not [name for name, times in Counter(custom_ids).items() if times > 1]
    assert all(1 <= len(name) <= 100 for name in custom_ids)
    for one in parts:
        match one["type"]:
            case 1:
                assert 1 <= len(one["components"]) <= 5
                assert {child["type"] for child in one["components"]} <= {2, 3}
            case 2:
                assert 1 <= units(one["label"]) <= 80
                assert len(one.get("url") or "") <= 512
            case 3:
                check_menu(one)
            case kind:
                assert kind in {10, 14, 17}


def check_menu(menu: dict[str, Any]) -> None:
    """Hold a menu against Discord's limits."""
    options = menu["options"]
    assert 1 <= len(options) <= 25
    assert len({option["value"] for option in options}) == len(options)
    assert units(menu["placeholder"]) <= 150
    for option in options:
        assert 1 <= units(option["label"]) <= 100
        assert option["label"].strip()
        assert 1 <= len(option["value"]) <= 100
        assert option.get("description") is None or 1 <= units(option["description"]) <= 100


_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])", re.ASCII)
_LIVE = re.compile(r"[\\*_~|`\[\]<>@]|://|(?m:^\s*(?:[-+#]|\d+\.))")


def read_aloud(text: str) -> str:
    """Return what a person sees of an escaped text: escapes taken off, joiners invisible."""
    return _ESCAPED.sub(r"\1", text).replace("\u2060", "")


def live_markdown(text: str) -> list[str]:
    """Return what Discord would read as Markdown, a mention or a link of the text's own."""
    return _LIVE.findall(_ESCAPED.sub("x", text))


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)
