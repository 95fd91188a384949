"""Inputs sorted by how they are counted: text, and requests with the rules of an API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..errors import RequestError
from ..tally import Counted, Skipped

if TYPE_CHECKING:
    from ..calculator.forecast import OutputForecast
    from ..calculator.request_seen import RequestSeen
    from ..pricing.schema import Model
    from ..sources.source import Source
    from ..tokenizer.protocol import Tokenizer
    from .blocks import Measured
    from .inputs import RequestInput, TextInput

__all__ = ["RequestInputs"]


class RequestInputs(NamedTuple):
    """Inputs, sorted by how they are counted."""

    texts: tuple[Source | Skipped, ...]
    """Sources counted as text, and paths skipped in the search."""

    begun: tuple[TextInput, ...] = ()
    """Text from standard input whose beginning was already read for detection."""

    requests: tuple[RequestInput, ...] = ()
    """Request bodies and pictures."""

    skipped: tuple[Skipped, ...] = ()
    """Inputs that do not match their declared kind."""

    @property
    def is_text_alone(self) -> bool:
        """Whether everything is counted as text."""
        return not (self.requests or self.begun or self.skipped)

    @property
    def models(self) -> list[str]:
        """The models named in the requests."""
        names = (one.measured.request.model for one in self.requests)
        return [name for name in names if name is not None]

    def counted(
        self, models: Sequence[Model], tokenizers: Mapping[str, Tokenizer], forecast: OutputForecast
    ) -> list[Counted | Skipped]:
        """Return the counts of the requests for every model.

        Args:
            models: the models to count for.
            tokenizers: tokenizers by name, for the encodings of all models.
            forecast: expected difference between billed and counted prompts, from an earlier run.

        Returns:
            The counted requests, the reasons why others cannot be counted, and the parts left out of requests.
        """
        found: list[Counted | Skipped] = []
        for one in self.requests:
            name = one.source.name
            try:
                found.append(_counted(one, models, tokenizers, forecast))
            except RequestError as error:
                found.append(Skipped(name, str(error), expected=False))
            found += [Skipped(name, reason, expected=False) for reason in one.measured.request.left_out]
        return found

    def seen(self, models: Sequence[Model]) -> tuple[RequestSeen, ...]:
        """Return the facts about the requests that reports show."""
        return tuple(_seen(one.source.name, one.measured, models) for one in self.requests)


def _counted(
    one: RequestInput, models: Sequence[Model], tokenizers: Mapping[str, Tokenizer], forecast: OutputForecast
) -> Counted:
    """Return the counts of a request for every model.

    Models that share an encoding may read different texts: the smallest count is stored as text, and the rest is added
    for each model.
    """
    from ..tokenizer.utf8 import as_utf8
    from .error_range import error_range
    from .tokens import text_tokens

    measured = one.measured
    texts = {model.id: text_tokens(measured, model, tokenizers[model.counted_in]) for model in models}
    least: dict[str, int] = {}
    for model in models:
        least[model.counted_in] = min(texts[model.id], least.get(model.counted_in, texts[model.id]))
    added, margins = {}, {}
    for model in models:
        around = _added(replace(model, kind_ratios=()), measured, forecast, tokenizers[model.counted_in])
        more = texts[model.id] - least[model.counted_in]
        added[model.id] = around + (round(more * model.ratio.value) if model.ratio else more)
        margins[model.id] = error_range(measured, model, texts[model.id] + around)
    by_kind = next((model for model in models if model.kind_ratios), None)
    excerpts = tuple(as_utf8(text) for text in measured.texts(by_kind)) if by_kind else ()
    return Counted(one.source.name, one.bytes, least, added=added, margins=margins, excerpts=excerpts)


def _added(model: Model, measured: Measured, forecast: OutputForecast, tokenizer: Tokenizer) -> int:
    """Return the tokens that are not text, corrected by an earlier run's calibration."""
    from .tokens import request_overhead

    request = measured.request
    extra = forecast.extra_tokens(model, len(request.messages), len(request.tools))
    added = request_overhead(measured, model, tokenizer) + extra
    return added if request.google else max(0, added)


def _seen(name: str, measured: Measured, models: Sequence[Model]) -> RequestSeen:
    from ..calculator.request_seen import RequestSeen

    request = measured.request
    pictures = len(measured.pictures)
    return RequestSeen(
        path=name,
        endpoint=request.endpoint if request.messages else None,
        model=request.model,
        messages=len(request.messages),
        tools=len(request.tools),
        pictures=pictures,
        assumed=measured.assumptions(models[0]),
        unknown=tuple(model.name for model in models if pictures and model.images is None),
        max_output=request.max_output,
        choices=request.choices,
    )
