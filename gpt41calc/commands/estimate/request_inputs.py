"""Inputs sorted by what they hold: text, and requests that are counted by the rules of an API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...calculator.estimate import RequestSeen
from ...tally import Counted

if TYPE_CHECKING:
    from ...calculator.forecast import OutputForecast
    from ...pricing.schema import Model
    from ...requests.blocks import Measured
    from ...requests.inputs import RequestInput, TextInput
    from ...sources.source import Source
    from ...tally import Skipped
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
    """What cannot be read as what it is said to be."""

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
    ) -> list[Counted]:
        """Count the requests for every model.

        Args:
            models: those to count for.
            tokenizers: by the name of the encoding, for the encodings of all models.
            forecast: by how much prompts differ from their model, if an earlier run has shown it.
        """
        from ...requests.tokens import text_tokens

        return [
            Counted(
                one.source.name,
                one.bytes,
                {name: text_tokens(one.measured, tokenizer) for name, tokenizer in tokenizers.items()},
                added={
                    model.id: _added(model, one.measured, forecast, tokenizers[model.counted_in]) for model in models
                },
            )
            for one in self.requests
        ]

    def seen(self, models: Sequence[Model]) -> tuple[RequestSeen, ...]:
        """Return what reports say of the requests."""
        return tuple(_seen(one.source.name, one.measured, models) for one in self.requests)


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
