from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import ModelUnreachable
from bot.summaries import extractive
from tests.builders import NOW, paper
from tests.services.models import FakeModel

if TYPE_CHECKING:
    from tests.services.world import World

TODAY = NOW.date()


async def stored_by_older_rules(world: World, *numbers: int) -> None:
    """Collect papers, and age their summaries."""
    world.lists.put(TODAY, *numbers)
    await world.collect()
    for one, told in (await world.house.summaries.many([paper(n).id for n in numbers])).items():
        older = replace(told, tldr="As it was.", prompt=told.prompt - 1)
        await world.house.summaries.save({one: older})


async def tldrs(world: World, *numbers: int) -> list[str | None]:
    found = await world.house.summaries.many([paper(n).id for n in numbers])
    return [found[paper(n).id].tldr for n in numbers]


async def test_older_rules_do_not_make_a_collection_write_again(world: World) -> None:
    await stored_by_older_rules(world, 1)
    world.clock.move(minutes=30)
    await world.collect()
    assert await tldrs(world, 1) == ["As it was."]


async def test_extracts_by_older_rules_are_written_again_when_asked_for(world: World) -> None:
    await stored_by_older_rules(world, 1, 2)
    renewal = world.house.renewal
    ids = await renewal.outdated(TODAY)
    assert ids == [paper(2).id, paper(1).id]
    seen: list[object] = []
    renewed = await renewal.renew(ids, world.clock(), seen.append)
    assert (renewed.papers, renewed.extracts, renewed.by_model, renewed.left) == (2, 2, 0, None)
    assert await tldrs(world, 1) == ["We propose a method that reaches 1%."]
    assert seen == ids
    assert await renewal.outdated(TODAY) == []


async def test_days_before_are_left(world: World) -> None:
    await stored_by_older_rules(world, 1)
    assert await world.house.renewal.outdated(TODAY + timedelta(days=1)) == []


async def test_with_a_model_every_extract_is_out_of_date_and_so_is_its_older_prompts(
    world: World,
) -> None:
    world.with_model(FakeModel())
    world.lists.put(TODAY, 1, 2, 3)
    await world.collect()
    older = replace(
        (await world.house.summaries.many([paper(1).id]))[paper(1).id], model="gpt-w", prompt=0
    )
    await world.house.summaries.save(
        {paper(1).id: older, paper(2).id: replace(older, model="digest archive")}
    )
    ids = await world.house.renewal.outdated(TODAY)
    assert ids == [paper(3).id, paper(1).id]
    renewed = await world.house.renewal.renew(ids, world.clock())
    assert (renewed.extracts, renewed.by_model, renewed.left) == (0, 2, None)
    assert await tldrs(world, 1, 2) == ["Better words on thing 1.", older.tldr]


async def test_it_says_why_a_model_did_not_write_them_all(world: World) -> None:
    model = FakeModel()
    model.failure = ModelUnreachable("The endpoint of gpt-x could not be reached.")
    world.with_model(model)
    await stored_by_older_rules(world, 1, 2, 3)
    renewed = await world.house.renewal.renew(
        await world.house.renewal.outdated(TODAY), world.clock()
    )
    assert (renewed.extracts, renewed.by_model) == (3, 0)
    assert renewed.left == "The endpoint of gpt-x could not be reached."
    assert extractive.PROMPT == 2


async def test_it_says_that_the_tokens_are_spent(world: World) -> None:
    world.with_model(FakeModel(tokens=1000), tokens=1500)
    world.lists.put(TODAY, 1, 2)
    await world.collect()
    ids = await world.house.renewal.outdated(TODAY)
    renewed = await world.house.renewal.renew(ids, world.clock())
    assert renewed.by_model == 1
    assert renewed.left is not None
    assert "LLM_DAILY_TOKENS" in renewed.left
