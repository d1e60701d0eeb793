from __future__ import annotations

from bot.errors import ModelUnreachable
from bot.services.doctor_models import examine_models
from tests.builders import NOW
from tests.services.models import FakeModel


async def test_each_model_writes_a_summary_or_says_why_not() -> None:
    down = FakeModel()
    down.failure = ModelUnreachable("The endpoint of gpt-y could not be reached.")
    fine, wrong = await examine_models({"gpt-x": FakeModel(), "gpt-y": down}, NOW)
    assert (fine.ok, fine.text) == (True, "gpt-x writes summaries (1,000 tokens for a short one).")
    assert (wrong.ok, wrong.text) == (False, "The endpoint of gpt-y could not be reached.")
    assert wrong.remedy is not None
    assert "LLM_API_KEY" in wrong.remedy


async def test_without_a_model_there_is_nothing_wrong() -> None:
    [finding] = await examine_models({}, NOW)
    assert finding.ok is not False
    assert "extracts" in finding.text
