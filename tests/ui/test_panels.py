"""Sections with buttons, in as many messages as it takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.ui.panels import Actions, panels
from bot.ui.text import shown
from tests.ui import buttons_of, check_limits, text_of, texts

labels = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
said = texts.map(lambda text: shown(text, 600) or "…")


@st.composite
def reports(draw: st.DrawFn) -> list[str | Actions]:
    """Draw sections, some of many lines, some with buttons, each button with an id of its own."""
    sections: list[str | Actions] = []
    for number in range(draw(st.integers(1, 30))):
        text = "\n".join(draw(st.lists(said, min_size=1, max_size=8)))
        names = draw(st.lists(labels, max_size=5))
        buttons = tuple((name, f"b:{number}:{place}") for place, name in enumerate(names))
        sections.append(Actions(text, buttons) if buttons else text)
    return sections


@given(reports())
async def test_no_report_with_buttons_makes_a_message_that_discord_would_refuse(
    sections: list[str | Actions],
) -> None:
    for view in panels("A report", sections):
        check_limits(view.to_components())
        assert view.is_finished()


@given(reports())
async def test_every_button_stands_once_in_its_order_below_its_text(
    sections: list[str | Actions],
) -> None:
    views = panels("A report", sections)
    stand = [one["custom_id"] for view in views for one in buttons_of(view)]
    wanted = [one for one in sections if isinstance(one, Actions)]
    assert stand == [custom_id for one in wanted for _, custom_id in one.buttons]
    for one in wanted:
        (view,) = [view for view in views if one.buttons[0][1] in str(buttons_of(view))]
        assert one.text.split("\n")[-1] in text_of(view)


@given(reports())
async def test_no_line_is_left_out_though_it_has_buttons_below(
    sections: list[str | Actions],
) -> None:
    told = "\n".join(text_of(view) for view in panels("A report", sections))
    for one in sections:
        text = one.text if isinstance(one, Actions) else one
        assert all(line in told for line in text.split("\n"))


async def test_a_report_of_nothing_is_its_title() -> None:
    (view,) = panels("A report", [])
    assert text_of(view) == "## A report"
    check_limits(view.to_components())
