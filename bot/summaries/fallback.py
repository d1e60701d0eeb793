"""A model first, the next one where it fails; each draft checked, corrected once, and mended."""

from __future__ import annotations

import asyncio
import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

from bot.domain.summaries import Summary
from bot.errors import BudgetSpent, ModelUnreachable, SummaryError
from bot.summaries import prompt
from bot.summaries.aside import aside
from bot.summaries.checking import Checker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from types import TracebackType

    from pydantic import SecretStr

    from bot.domain.papers import Paper
    from bot.domain.summaries import Purse, SourceText
    from bot.summaries.checking import Review
    from bot.summaries.llm import ChatModel

log = logging.getLogger(__name__)


class Models:
    """The models of one endpoint, in the order in which they are asked.

    The client is loaded when it is first needed, beside the loop: that takes two seconds and
    40 MB, which a bot without a model never spends.
    """

    def __init__(
        self, names: Sequence[str], *, url: str, key: SecretStr | None, language: str = "en"
    ) -> None:
        self.names = tuple(names)
        self._url = url
        self._key = key
        self._language = language
        self._loading = asyncio.Lock()
        self._endpoint: Any = None
        self._models: Sequence[ChatModel] = ()

    async def __aenter__(self) -> Self:
        """Return the models, not yet loaded."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections to the endpoint."""
        if self._endpoint is not None:
            await self._endpoint.close()

    async def summarize(
        self, paper: Paper, source: SourceText, now: datetime, purse: Purse
    ) -> Summary:
        """Return the summary of the first model that writes one, with every number grounded.

        Raises:
            BudgetSpent: today's tokens do not suffice.
            ModelUnreachable: no model answers, whatever the paper.
            SummaryError: they answer, but not with a summary of this paper.
        """
        checker = await aside(Checker, paper, source, self._language)
        unusable: SummaryError | None = None
        for model in await self._loaded():
            try:
                return await self._by(model, checker, now, purse)
            except BudgetSpent:
                raise
            except SummaryError as error:
                log.info("%s wrote nothing of %s: %s", model.name, paper.id, error)
                # One model that answers is enough to say that it is the paper's affair.
                if unusable is None or isinstance(unusable, ModelUnreachable):
                    unusable = error
        raise unusable or SummaryError("No model is set.")

    async def _by(self, model: ChatModel, checker: Checker, now: datetime, purse: Purse) -> Summary:
        source = checker.source
        talk = model.talk(self._language, purse)
        draft = await talk.ask(checker.paper, source)
        review = await aside(checker.review, draft)
        if review.faults:
            review = await self._corrected(talk, review, checker)
        parts = await aside(checker.mended, review)
        names = await aside(checker.unknown_names, parts)
        return Summary(
            **parts,
            model=model.name,
            source=source.kind,
            prompt=prompt.PROMPT,
            grounded=True,
            sought=True,
            written_at=now,
            unknown_names=names,
            suspicious=source.suspicious,
        )

    async def _corrected(self, talk: Any, review: Review, checker: Checker) -> Review:
        """Ask once more, naming what is wrong; the better of both drafts counts."""
        complaint = prompt.correcting(
            review.numbers, echoes=review.obeys, figure_missing=review.figure_missing
        )
        try:
            again = await talk.again(complaint)
        except SummaryError as error:  # what there is can be mended
            log.debug("No correction: %s", error)
            return review
        second = await aside(checker.review, again)
        return second if second.faults < review.faults else review

    async def _loaded(self) -> Sequence[ChatModel]:
        async with self._loading:
            if self._endpoint is None:
                llm = await asyncio.to_thread(import_module, "bot.summaries.llm")
                self._endpoint = llm.Endpoint(self._url, self._key)
                self._models = [llm.ChatModel(name, self._endpoint) for name in self.names]
        return self._models
