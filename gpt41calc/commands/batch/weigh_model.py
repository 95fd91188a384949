"""Count one request with one model, and with the models that its price is compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from ...pricing.schema import Model, distinct
from ...requests.blocks import Measured
from ...requests.plain_lines import SlottedBlocks, slotted
from ...requests.tokens import Frame, around_text, frame_of
from ...tokenizer.engines import tokenizer
from ...tokenizer.protocol import Tokenizer
from .options import BatchOptions
from .prompt_pattern import PromptPattern
from .prompts import Prompter
from .run_modes import Runs
from .weighed import Weighed

__all__ = ["ModelWeigher", "PlainWeigher", "counted_alike"]


def counted_alike(model: Model, options: BatchOptions) -> tuple[list[Model], list[Model]]:
    """Return all models that offers are made for, and one model per group with the same counting rules.

    Most models count a request without pictures alike, so it is counted once for each group.

    Args:
        model: the model of the requests, listed first.
        options: the options, with the other models.
    """
    everybody = distinct([model, *options.variants, *options.comparators])
    alike: dict[object, Model] = {}
    for one in everybody:
        alike.setdefault(Runs.counting_key(one), one)
    return everybody, list(alike.values())


class ModelWeigher:
    """Counts the requests run with one model."""

    def __init__(self, model: Model, options: BatchOptions) -> None:
        """Take the model and the options of the run."""
        self._model = model
        self._options = options
        self._everybody, self._alike = counted_alike(model, options)
        self._tokenizers: Mapping[str, Tokenizer] = {
            one.counted_in: tokenizer(one.counted_in, short=False) for one in self._everybody
        }
        self.encoding = model.counted_in
        """Name of the model's encoding."""
        self.prompter = Prompter(model, self._tokenizers[model.counted_in])
        """Encodes the texts of requests."""
        self._each = options.forecast.answer_tokens(model)

    def weigh(self, whole: Measured) -> Weighed:
        """Return the counts of a request."""
        models = self._models_of(whole)
        prompt = self.prompter.write(whole.blocks(self._model), whole.assumed)
        text = {(self._model.counted_in, self._model.family): prompt.text}
        counts = []
        for model in models:
            read = model.counted_in, model.family
            if read not in text:
                text[read] = sum(map(self.counter(model), whole.texts(model)))
            around = around_text(whole, model, self._tokenizers[model.counted_in], text[read])
            counts.append(_entry(text[read], around, self._extra(whole, model), is_framed=_is_framed(whole, model)))
        return self._fixed(whole)._replace(counts=tuple(counts), prefixes=prompt.prefixes, parts=prompt.parts)

    def of_form(self, whole: Measured, marks: Sequence[str]) -> PlainWeigher | None:
        """Return what counts requests that differ from one only in their texts. None if a text matters for more.

        Args:
            whole: a request whose texts are the marks.
            marks: different texts.
        """
        models = self._models_of(whole)
        slots = slotted(whole, self._model, marks)
        if slots is None or whole.request.google is not None or whole.request.messages_body is not None:
            return None
        if any(sorted(whole.texts(model)) != sorted(whole.texts(self._model)) for model in models):
            return None
        frames = tuple((frame_of(whole, model), self._extra(whole, model)) for model in models)
        return PlainWeigher(self._fixed(whole), slots, frames, self)

    def _models_of(self, whole: Measured) -> list[Model]:
        return self._alike if self._is_alike(whole) else self._everybody

    def _is_alike(self, whole: Measured) -> bool:
        return not whole.pictures and whole.request.google is None and self._options.forecast.calibration is None

    def _fixed(self, whole: Measured) -> Weighed:
        """Return what is the same for all requests that differ from one only in their texts."""
        request = whole.request
        cap = request.max_output
        is_capped = cap is not None and (self._options.from_body or cap < self._each)
        return Weighed(
            model=self._model.id,
            is_alike=self._is_alike(whole),
            counts=(),
            output=(cap if is_capped and cap is not None else self._each) * request.choices,
            is_capped=is_capped,
            assumed=whole.assumptions(self._model) if whole.pictures else 0,
            prefixes=(),
            parts=(),
            max_output=cap,
        )

    def _extra(self, whole: Measured, model: Model) -> int:
        """Return the tokens that a calibration adds to a request."""
        if self._options.forecast.calibration is None:
            return 0
        return self._options.forecast.extra_tokens(model, len(whole.request.messages), len(whole.request.tools))

    def counter(self, model: Model) -> Callable[[str], int]:
        """Return a token counter for a model; texts that were encoded for the prompt are not counted again."""
        if model.counted_in == self._model.counted_in:
            return self.prompter.count
        return self._tokenizers[model.counted_in].count


def _is_framed(whole: Measured, model: Model) -> bool:
    """Return whether what is around the texts is the frame alone, which is never less than nothing."""
    return whole.request.google is None and not model.kind_ratios


def _entry(text: int, around: tuple[int, int, int], extra: int, *, is_framed: bool) -> tuple[int, int, int, int]:
    """Return an entry of ``Weighed.counts``."""
    overhead, below, above = around
    overhead += extra
    return text, max(0, overhead) if is_framed else overhead, below, above


class PlainWeigher:
    """Counts requests of one form run with one model."""

    def __init__(
        self, fixed: Weighed, slotted: SlottedBlocks, frames: Sequence[tuple[Frame, int]], weigher: ModelWeigher
    ) -> None:
        """Prepare what is the same for all requests of the form.

        Args:
            fixed: the result without its counts, prefixes and parts.
            slotted: their blocks.
            frames: what each model adds to the texts, and what a calibration adds.
            weigher: counts requests of any form.
        """
        self._fixed = fixed
        self._pattern = PromptPattern(slotted, weigher.prompter)
        self._frames = frames
        self._encoding = weigher.encoding
        self._counter = weigher.counter
        heads = [None if slot is not None else block.texts for block, slot in zip(*slotted, strict=True)]
        self._read = [texts if texts is not None else slot for texts, slot in zip(heads, slotted.slots, strict=True)]
        self.needs_kinds = any(frame.model.kind_ratios for frame, _ in frames)
        """Whether a ratio depends on the kinds of the texts."""

    def read(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Return all texts of a request in the order in which a model reads them, roles among them."""
        found: list[str] = []
        for part in self._read:
            if isinstance(part, int):
                found.append(texts[part])
            elif part:
                found += part
        return tuple(found)

    def weigh(self, texts: Sequence[str], kinds: Mapping[str, Decimal | int] | None) -> Weighed:
        """Return the counts of a request.

        Args:
            texts: its texts.
            kinds: the result of ``kinds_of_texts`` for ``read(texts)``; only used if ``needs_kinds``.
        """
        prompt = self._pattern.write(texts)
        counted = {self._encoding: prompt.text}
        counts = []
        for frame, extra in self._frames:
            model = frame.model
            if model.counted_in not in counted:
                counted[model.counted_in] = sum(map(self._counter(model), self.read(texts)))
            text = counted[model.counted_in]
            counts.append(_entry(text, frame.around(text, kinds), extra, is_framed=not model.kind_ratios))
        return self._fixed._replace(counts=tuple(counts), prefixes=prompt.prefixes, parts=prompt.parts)
