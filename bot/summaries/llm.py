"""Chat models behind an OpenAI-compatible endpoint; the only importer of pydantic-ai.

Loaded when a model is first asked, for it is slow to import.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, cast

from openai import AsyncOpenAI
from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from pydantic_ai import (
    Agent,
    ModelRetry,
    PromptedOutput,
    RunUsage,
    TextOutput,
    ToolOutput,
    UsageLimits,
)
from pydantic_ai.exceptions import (
    AgentRunError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelContextWindowExceededError,
    ModelNotFoundError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
    UnexpectedModelBehavior,
)
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from bot.domain.summaries import FULL_TEXT
from bot.errors import ModelUnreachable, SummaryError
from bot.summaries import prompt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import SecretStr
    from pydantic_ai.messages import ModelMessage
    from pydantic_ai.output import OutputSpec
    from pydantic_ai.providers import Provider

    from bot.domain.papers import Paper
    from bot.domain.summaries import Purse, SourceText, Usage

TIMEOUT = 60.0
"""Seconds that one request may take."""

PATIENCE = 100.0
"""Seconds for a draft with its repair and the retries after 429, 5xx and a lost connection."""

LONGEST_ANSWER = 4_000
"""Tokens that a model may write: the summary needs 500, and some think aloud before it."""

_MOST_TOKENS = 10**9  # of one request; an endpoint that counts more counts wrong

_RETRIES = 2
_SHORTEST = 6_000  # characters, of which one can still write a summary
_BYTES_A_TOKEN = 3  # of English prose it is four; better too much set aside than too little
_OPENAI = "api.openai.com"
_NO_KEY = "none"  # what the client needs to have, where the endpoint needs nothing
_TOO_MUCH = 120  # characters of a server's own words


def _text(value: object) -> object:
    """Take null for an empty part, and a list for its sentences: models write both."""
    if value is None:
        return ""
    return " ".join(map(str, value)) if isinstance(value, list) else value


Part = Annotated[str, BeforeValidator(_text), Field(max_length=3000)]


class Draft(BaseModel):
    """The five parts; a part is empty where the paper says nothing for it."""

    tldr: Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=3000)]
    objective: Part = ""
    method: Part = ""
    results: Part = ""
    implications: Part = ""


def read_json(text: str) -> Draft:
    """Read a draft out of a text: models without tools wrap it in fences and chatter."""
    start, end = text.find("{"), text.rfind("}")
    try:
        return Draft.model_validate(json.loads(text[start : end + 1]))
    except (ValueError, RecursionError) as error:
        why = "it has no summary" if isinstance(error, ValidationError) else "it is no JSON"
        raise ModelRetry(
            f"Your answer cannot be read: {why}. Answer with one JSON object that has the keys "
            "tldr, objective, method, results and implications, each a text, and nothing else."
        ) from error


_TOO_LONG = ModelContextWindowExceededError
# The narrower kinds first. What is not here is an HTTP error, told with its status.
_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "{model} gave no answer in {seconds:.0f} seconds."),
    (_TOO_LONG, "{model} cannot read a text of that length."),
    (ModelAuthenticationError, "The endpoint of {model} does not take LLM_API_KEY: check it."),
    (
        ModelNotFoundError,
        "The endpoint does not know {model}: check LLM_MODEL and LLM_BASE_URL.",
    ),
    (ModelQuotaExceededError, "The quota of {model} is used up at its endpoint."),
    (ModelRateLimitError, "The endpoint of {model} asks to wait (429)."),
    (ModelConnectionError, "The endpoint of {model} could not be reached."),
    (
        UnexpectedModelBehavior,
        "The endpoint of {model} sent something else than a completion: check LLM_BASE_URL.",
    ),
)


class Endpoint:
    """The address and the key that all models share."""

    def __init__(self, url: str, key: SecretStr | None) -> None:
        self.key = key.get_secret_value() if key else ""
        self.client = AsyncOpenAI(
            base_url=url, api_key=self.key or _NO_KEY, timeout=TIMEOUT, max_retries=_RETRIES
        )
        self.provider: Provider[AsyncOpenAI] = (
            OpenAIProvider(openai_client=self.client)
            if self.client.base_url.host == _OPENAI
            # Others may know nothing but the older name of the field.
            else OpenAICompatibleProvider(
                "endpoint",
                openai_client=self.client,
                profile=OpenAIModelProfile(openai_chat_supports_max_completion_tokens=False),
            )
        )

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()


class ChatModel:
    """One model, and what was learnt of it: how it answers, and how much it can read."""

    def __init__(self, name: str, endpoint: Endpoint) -> None:
        self.name = name
        self.longest = prompt.LONGEST
        self.patience = PATIENCE
        self._key = endpoint.key
        model = OpenAIChatModel(name, provider=endpoint.provider)
        tool = ToolOutput(Draft, name="summary", description="Hand in the summary.")
        either = cast("OutputSpec[Draft]", [tool, TextOutput(read_json)])
        self._by_tool = Agent(model, output_type=either, retries=1)
        self._by_text = Agent(model, output_type=PromptedOutput(Draft), retries=1)
        self._takes_tools = True
        self._proven = False

    def talk(self, language: str, purse: Purse) -> Talk:
        """Begin a talk about one paper."""
        return Talk(self, language, purse)

    async def run(
        self,
        instructions: str,
        message: str,
        history: Sequence[ModelMessage],
        purse: Purse,
    ) -> tuple[Draft, list[ModelMessage]]:
        """Ask for a draft, with one repair if it is none; return it with the talk so far.

        Raises:
            BudgetSpent, TooLong, ModelUnreachable, SummaryError.
        """
        tokens = len(f"{instructions}{message}{history}".encode(errors="replace")) // _BYTES_A_TOKEN
        while True:
            by_tool = self._takes_tools
            agent = self._by_tool if by_tool else self._by_text
            # For the repair too, which reads it all again.
            async with purse.spending(self.name, 2 * (tokens + LONGEST_ANSWER)) as usage:
                counted = RunUsage()
                try:
                    async with asyncio.timeout(self.patience):
                        result = await agent.run(
                            message,
                            instructions=instructions,
                            message_history=history,
                            model_settings={"max_tokens": LONGEST_ANSWER},
                            usage=counted,
                            usage_limits=UsageLimits(request_limit=2),
                        )
                # On an odd answer the client fails in ways that have no name (IndexError, …).
                except (Exception, asyncio.CancelledError) as error:
                    _count(usage, counted, unless_known=_unanswered(error) * tokens)
                    if by_tool and not self._proven and _refuses(error):
                        self._takes_tools = False
                        continue
                    if isinstance(error, asyncio.CancelledError):
                        raise
                    raise self._explained(error, answered=counted.requests > 0) from error
                _count(usage, counted, unless_known=tokens)
            self._proven = True
            return result.output, result.all_messages()

    def _explained(self, error: Exception, *, answered: bool) -> SummaryError:
        """Say in a sentence what went wrong; a server's own words may hold the key."""
        if self._proven and _refuses(error):
            return SummaryError(f"{self.name} refused this paper.")
        if not isinstance(error, AgentRunError | TimeoutError):
            return ModelUnreachable(f"{self.name} sent an answer that cannot be read.")
        if isinstance(error, UnexpectedModelBehavior) and answered:
            return SummaryError(f"{self.name} gave no summary in the shape asked for, twice.")
        for kind, sentence in _SENTENCES:
            if isinstance(error, kind):
                told = sentence.format(model=self.name, seconds=self.patience)
                return (TooLong if kind is _TOO_LONG else ModelUnreachable)(told)
        status, body = getattr(error, "status_code", "?"), getattr(error, "body", None)
        said = str(body or "").replace(self._key or "\0", "…")[:_TOO_MUCH]
        return ModelUnreachable(f"The endpoint of {self.name} answered {status}: {said}")


def _count(usage: Usage, counted: RunUsage, *, unless_known: int) -> None:
    """Enter what a request took; an endpoint that does not say is taken at our own estimate."""
    usage.requests += counted.requests
    usage.read += min(max(counted.input_tokens, 0), _MOST_TOKENS) or unless_known
    usage.written += min(max(counted.output_tokens, 0), _MOST_TOKENS)


def _unanswered(error: BaseException) -> bool:
    """Say whether a request was taken and may have to be paid, though no answer came."""
    return isinstance(error, TimeoutError | asyncio.CancelledError)


def _refuses(error: BaseException) -> bool:
    """Say whether an endpoint refuses the request itself, as one without tools does."""
    known = ModelAuthenticationError | ModelNotFoundError | ModelContextWindowExceededError
    return isinstance(error, ModelRequestRejectedError) and not isinstance(error, known)


class TooLong(SummaryError):
    """A model cannot read so long a text."""


@dataclass(slots=True)
class Talk:
    """One talk with a model about one paper."""

    model: ChatModel
    language: str
    purse: Purse
    _instructions: str = ""
    _history: list[ModelMessage] = field(default_factory=list)

    async def ask(self, paper: Paper, source: SourceText) -> Mapping[str, str]:
        """Ask for the summary of a paper, of which as much is sent as the model can read."""
        mark = prompt.new_mark()
        self._instructions = prompt.instructions(self.language, mark)
        while True:
            longest = self.model.longest
            asking = prompt.asking(paper, source, mark, longest)
            try:
                return await self._run(asking)
            except TooLong:
                if len(asking) < _SHORTEST or source.kind != FULL_TEXT:
                    raise
                self.model.longest = min(longest, len(asking)) // 2

    async def again(self, complaint: str) -> Mapping[str, str]:
        """Ask for the summary once more, saying what is wrong with the last one."""
        return await self._run(complaint)

    async def _run(self, message: str) -> Mapping[str, str]:
        draft, self._history = await self.model.run(
            self._instructions, message, self._history, self.purse
        )
        return draft.model_dump()
