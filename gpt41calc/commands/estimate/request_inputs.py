"""Inputs sorted by what they hold: text, and requests that are counted by the rules of an API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...calculator.estimate import RequestSeen
from ...errors import RequestError
from ...tally import Counted, Skipped

if TYPE_CHECKING:
    from ...calculator.forecast import OutputForecast
    from ...pricing.schema import Model
    from ...requests.blocks import Measured
    from ...requests.inputs import RequestInput, TextInput
    from ...sources.source import Source
    from ...tokenizer.protocol import Tokenizer

__all__ = ["RequestInputs"]


@dataclass(frozen=True, slots=True)
class RequestInputs:
    """Inputs, sorted by how they are counted."""

    texts: tuple[Source | Skipped, ...]
    """What is opened and counted as text, and what was skipped in finding it."""

    begun: tuple[TextInput, ...] = ()
    """Text that was read from standard input to see what it is."""

    requests: tuple[RequestInput, ...] = ()
    """Bodies of requests, and pictures."""

    skipped: tuple[Skipped, ...] = ()
    """What cannot be read as what it is declared to be."""

    @property
    def is_text_alone(self) -> bool:
        """Whether everything is opened and counted as text."""
        return not (self.requests or self.begun or self.skipped)

    @property
    def models(self) -> list[str]:
        """The models that the requests name."""
        names = (one.measured.request.model for one in self.requests)
        return [name for name in names if name is not None]

    def counted(
        self, models: Sequence[Model], tokenizers: Mapping[str, Tokenizer], forecast: OutputForecast
    ) -> list[Counted | Skipped]:
        """Count the requests for every model.

        Args:
            models: those to count for.
            tokenizers: by the name of the encoding, for the encodings of all models.
            forecast: by how much prompts differ from their model, if an earlier run has shown it.

        Returns:
            The requests that can be counted, why others cannot, and what is left out of a request.
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
        """Return what reports say of the requests."""
        return tuple(_seen(one.source.name, one.measured, models) for one in self.requests)


def _counted(
    one: RequestInput, models: Sequence[Model], tokenizers: Mapping[str, Tokenizer], forecast: OutputForecast
) -> Counted:
    """Count a request for every model.

    Models that share an encoding may read different texts: the least is the text of all of them, and what a model
    reads more is added for it.
    """
    from ...requests.error_range import error_range
    from ...requests.tokens import text_tokens
    from ...tokenizer.utf8 import as_utf8

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
    """Return the tokens that are no text, as an earlier run has shown them to be."""
    from ...requests.tokens import request_overhead

    request = measured.request
    extra = forecast.extra_tokens(model, len(request.messages), len(request.tools))
    added = request_overhead(measured, model, tokenizer) + extra
    return added if request.google else max(0, added)


def _seen(name: str, measured: Measured, models: Sequence[Model]) -> RequestSeen:
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
