from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import given

from bot.domain.alerts import Batch, batch_key
from bot.ui import ids
from bot.ui.alerts import batch_view, unwanted_by_view, whole_view
from bot.ui.publisher import view_of
from tests.finding import passage
from tests.ui import all_of, buttons_of, check_limits, live_markdown, options_of, text_of, texts_of
from tests.ui.alerting import BATCH, batch, batches, passage_of, reported

TWO = ((3, "video diffusion"), (7, "RLHF -survey"))


def menus(view: Any) -> dict[str, list[str]]:
    """Return the values of a view's menus by the first word of their ids."""
    return {
        one["custom_id"].split(":")[0]: [option["value"] for option in one["options"]]
        for one in all_of(view)
        if one["type"] == 3
    }


@given(batches())
async def test_every_message_of_alerts_is_taken_by_discord(one: Batch) -> None:
    for view in (batch_view(one), batch_view(one, sample=True)):
        check_limits(view.to_components())
        assert view.is_finished()


@given(batches(most=40))
async def test_every_page_of_all_the_papers_of_a_message_is_taken_by_discord(one: Batch) -> None:
    pages = -(-len(one.papers) // 10)
    shown = [whole_view(one, page) for page in range(pages)]
    for view in shown:
        check_limits(view.to_components())
    assert [value for view in shown for value in menus(view)["not"]] == [
        paper.entry.id for paper in one.papers
    ]


@given(batches())
async def test_a_message_of_alerts_can_be_found_again_and_names_every_paper(one: Batch) -> None:
    view = batch_view(one)
    said = text_of(view)
    keys = [ids.key_in(part["custom_id"]) for part in all_of(view) if part.get("custom_id")]
    assert [key for key in keys if key] == [batch_key(one.id)]
    assert all(f"](https://arxiv.org/abs/{paper.entry.id})" in said for paper in one.papers)
    places = [said.index(f"**{paper.entry.place}.** [") for paper in one.papers]
    assert all(before < after for before, after in pairwise(places))


@given(batches())
async def test_no_query_breaks_out_of_the_head_of_a_message(one: Batch) -> None:
    head = next(text for text in texts_of(batch_view(one).to_components()) if "###" in text)
    first = head.split("\n")[0].removeprefix("### ")
    assert live_markdown(first) == []


async def test_a_message_of_one_alert_says_which_what_and_why() -> None:
    why = passage("Video diffusion is slow.", "Video", "diffusion")
    view = batch_view(batch(reported(1, why=why, tldr="It is faster now."), total=13))
    said = text_of(view)
    assert "### New for “video diffusion”\n-# 13 new papers · alert 3" in said
    assert (
        "**1.** [A study of thing 1](https://arxiv.org/abs/2502.00001)\n"
        "-# ▲\u00a01 · Ada Lovelace, Grace Hopper +1\n"
        "It is faster now.\n"
        "> **Video diffusion** is slow."
    ) in said
    assert [(one["label"], one["custom_id"]) for one in buttons_of(view)] == [
        ("And 12 more", f"more:open:{BATCH}:0"),
        ("Pause", "pause:3"),
    ]
    assert menus(view) == {"card": ["2502.00001"], "not": ["2502.00001"]}


async def test_the_sentence_that_is_told_anyway_is_not_told_twice() -> None:
    why = passage("Video diffusion is slow.", "Video diffusion")
    said = text_of(batch_view(batch(reported(why=why, tldr="Video diffusion is slow."))))
    assert said.count("**Video diffusion** is slow.") == 1


async def test_a_reason_stands_where_no_sentence_does() -> None:
    said = text_of(batch_view(batch(reported(reason="by Saining Xie"))))
    assert "-# by Saining Xie" in said


async def test_a_message_of_several_alerts_says_which_each_paper_is_for() -> None:
    view = batch_view(batch(reported(1), reported(2, alerts=(7, 3)), alerts=TWO))
    said = text_of(view)
    assert "### 2 new papers for 2 of your alerts\n-# alerts 3, 7" in said
    assert "-# for “video diffusion”\n" in said
    assert "-# for “RLHF -survey” and 1 other alert" in said
    assert menus(view)["rest"] == ["3", "7"]
    assert buttons_of(view) == []


async def test_very_many_alerts_are_counted_and_the_menu_holds_what_it_can() -> None:
    alerts = tuple((no, f"query {no}") for no in range(1, 61))
    view = batch_view(batch(reported(1), alerts=alerts))
    assert "for 60 of your alerts\n-# alerts 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 50 more" in text_of(
        view
    )
    assert len(menus(view)["rest"]) == 25


async def test_a_sample_has_cards_and_no_buttons_that_would_need_to_know_it_again() -> None:
    view = batch_view(batch(reported(1), alerts=TWO), sample=True)
    assert list(menus(view)) == ["card"]
    assert buttons_of(view) == []


async def test_the_role_stands_before_everything_else() -> None:
    said = texts_of(batch_view(batch(reported(1), mention_role=9)).to_components())
    assert said[0] == "<@&9>"


async def test_what_the_publisher_sends_of_alerts_is_their_message() -> None:
    one = batch(reported(1))
    assert view_of(one).to_components() == batch_view(one).to_components()


async def test_all_papers_stand_on_pages_that_say_where_they_are() -> None:
    papers = [reported(number) for number in range(1, 23)]
    view = whole_view(batch(*papers), 2)
    assert "22 new papers · alert 3 · 21 – 22 of 22 papers" in text_of(view)
    assert menus(view) == {
        "card": ["2502.00021", "2502.00022"],
        "not": ["2502.00021", "2502.00022"],
    }
    assert [one["custom_id"] for one in buttons_of(view)] == [
        f"more:back:{BATCH}:1", f"more:first:{BATCH}:2", f"more:on:{BATCH}:2",
    ]  # fmt: skip
    assert text_of(whole_view(batch(*papers), 99)) == text_of(view)
    assert buttons_of(whole_view(batch(*papers[:2]), 0)) == []


async def test_it_is_asked_which_of_several_alerts_should_not_have_brought_a_paper() -> None:
    one = reported(2, alerts=(7, 3))
    view = unwanted_by_view(batch(one, alerts=TWO), one)
    check_limits(view.to_components())
    assert [(option["label"], option["value"]) for option in options_of(view)] == [
        ("7. RLHF -survey", "7"), ("3. video diffusion", "3"),
    ]  # fmt: skip


async def test_where_nothing_else_fits_a_message_has_titles_alone() -> None:
    why = passage_of("x" * 599)
    papers = [
        replace(
            reported(number, alerts=(3, 7), why=why, tldr="*" * 300),
            entry=replace(
                reported(number).entry,
                title="*" * 300,
                authors=("*" * 100, "*" * 100),
                tldr=why.text,
            ),
        )
        for number in range(1, 11)
    ]
    queries = tuple((no, "*" * 290 + str(no)) for no in (3, 7))
    view = batch_view(batch(*papers, alerts=queries, mention_role=2**63 - 1))
    check_limits(view.to_components())
    assert "> " not in text_of(view)
    assert text_of(view).count("](https://arxiv.org/abs/") == 10
