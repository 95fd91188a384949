"""Count one line of a batch file without knowledge of earlier lines, so that several processes can do it in parallel.

Effects of earlier lines (prompt cache, duplicate names, assignment to files) are not computed here. The result of a
line consists of plain values, which one process can send to another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

from ...errors import Gpt41calcError, RequestError, UnknownModel
from ...pricing.schema import Model, distinct
from ...requests.batch_lines import RequestLine, parse_line
from ...requests.blocks import Measured, measured
from ...requests.json_path import compact
from ...requests.plain_lines import SlottedBlocks, filled_in, plain_line, slotted
from ...requests.tokens import Frame, around_text, frame_of
from ...sources.strict_json import NotJson, parse_json
from ...tokenizer.engines import tokenizer
from ...tokenizer.protocol import Tokenizer
from .batch_files import file_kind, refusal_of_form
from .options import BatchOptions
from .prompts import Prompter
from .run_modes import Runs

__all__ = ["Weighed", "WeighedLine", "Weigher", "counted_alike"]

_MOST_FORMS = 1000
"""Most forms of lines that are remembered; each takes some kilobytes."""


class Weighed(NamedTuple):
    """The counts of a request with one model, in types that ``marshal`` supports."""

    model: str
    """Identifier of the model."""

    is_alike: bool
    """Whether models with the same counting rules share one count; else each has a count of its own."""

    counts: tuple[tuple[int, int, int, int], ...]
    """One entry per model, or per group of models with the same rules, the request's model first: tokens of text,
    tokens around it, and the tokens by which the billed count may be lower and higher than their sum.
    """

    output: int
    """Tokens of its answer."""

    is_capped: bool
    """Whether these are the limit set in its body."""

    assumed: int
    """Number of pictures counted with an assumed size."""

    prefixes: tuple[int, ...]
    """Digests of the prefixes of its prompt, the shortest first."""

    parts: tuple[tuple[int, int], ...]
    """Digest and tokens of each part that could be reordered."""

    max_output: int | None
    """Output limit set in the body, in tokens. None if there is none."""


class WeighedLine(NamedTuple):
    """The result for one line, in types that ``marshal`` supports."""

    reason: str | None
    """Why the line is left out; None if it is a request."""

    kind: str = ""
    """Key that is equal for requests that may share a file."""

    named: tuple[int, str] | None = None
    """Digest and beginning of its name; None if it has no name."""

    form: str | None = None
    """Why a batch API would refuse its form; None if it would not."""

    left_out: tuple[str, ...] = ()
    """Parts of it that cannot be counted and are left out."""

    named_as: str | None = None
    """The name of its model, if the price table has another one. None if it does not."""

    weighed: tuple[tuple[Any, ...], ...] = ()
    """Counts with every model that it is run with: fields of ``Weighed``."""


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


class Weigher:
    """Counts lines one by one, independently of earlier lines except for cached token counts of texts."""

    def __init__(self, options: BatchOptions, folder: str) -> None:
        """Take the options.

        Args:
            options: the models and output lengths.
            folder: the folder to which picture paths are relative.
        """
        self._options = options
        self._folder = folder
        self._models: dict[str, _ModelWeigher] = {}
        self._forms: dict[tuple[object, ...], _KnownForm | None] = {}
        self._met: set[tuple[object, ...]] = set()
        self._found: dict[str, Model | UnknownModel] = {}

    def weigh(self, raw: bytes) -> WeighedLine:
        """Return the counts of a line, or why it is left out."""
        try:
            value = parse_json(raw)
            plain = plain_line(value)
            if plain is not None and (known := self._known(plain.form, value, plain.texts)) is not None:
                weighed = tuple([tuple(one.weigh(plain.texts)) for one in known.models])
                return WeighedLine(
                    None, known.kind, _named(plain.custom_id), known.refusal, (), known.named_as, weighed
                )
            one = parse_line(value, partial=self._options.partial)
            models = self._models_of(one)
            whole = measured(one.request, self._folder, self._options.assumed_image)
            weighed = tuple(tuple(self._of(model).weigh(whole)) for model in models)
            refusal = self._refusal_of_form(one)
        except NotJson as error:
            return WeighedLine(error.reason)
        except Gpt41calcError as error:  # a bad body, an unknown model, or text that cannot be counted
            return WeighedLine(str(error))
        except MemoryError:
            return WeighedLine("too large for the memory there is")
        named = _named(one.custom_id)
        return WeighedLine(None, file_kind(one), named, refusal, one.request.left_out, self._named_as(models), weighed)

    def _known(self, form: tuple[object, ...], value: Any, texts: Sequence[str]) -> _KnownForm | None:
        """Return how lines of a form are counted, from its second line on. None if their texts matter for more."""
        if form in self._forms:
            return self._forms[form]
        if form in self._met:
            self._met.discard(form)
            found = self._forms[form] = self._learn(value, texts)
            return found
        if len(self._forms) + len(self._met) < _MOST_FORMS:
            self._met.add(form)
        return None

    def _learn(self, value: Any, texts: Sequence[str]) -> _KnownForm | None:
        """Return how lines are counted that have the form of a line."""
        marks = [f"\ue000{at}\ue000" for at in range(len(texts))]
        try:
            one = parse_line(parse_json(compact(filled_in(value, marks)).encode()), partial=self._options.partial)
            models = self._models_of(one)
            whole = measured(one.request, self._folder, self._options.assumed_image)
        except Gpt41calcError:  # the line is refused with its own reason
            return None
        plain = [self._of(model).of_form(whole, marks) for model in models]
        if one.request.left_out or not all(plain):
            return None
        return _KnownForm(
            file_kind(one), self._refusal_of_form(one), self._named_as(models), tuple(filter(None, plain))
        )

    def _models_of(self, one: RequestLine) -> Sequence[Model]:
        return self._options.models or (self._model(one.request.model),)

    def _named_as(self, models: Sequence[Model]) -> str | None:
        return None if self._options.models else models[0].named_as

    def _model(self, name: str | None) -> Model:
        if name is None:
            raise RequestError("no model; give one with -m")
        found = self._found.get(name)
        if found is None:
            try:
                found = self._options.pricing.find(name)
            except UnknownModel as error:
                found = error
            self._found[name] = found
        if isinstance(found, UnknownModel):
            raise found
        return found

    def _of(self, model: Model) -> _ModelWeigher:
        found = self._models.get(model.id)
        if found is None:
            found = self._models[model.id] = _ModelWeigher(model, self._options)
        return found

    def _refusal_of_form(self, one: RequestLine) -> str | None:
        """Return why a batch API would refuse the form of a line."""
        # With -m, the form comes from the existing file, and the model from the option.
        named = None if self._options.models or one.request.model is None else self._model(one.request.model)
        return refusal_of_form(one, named)


def _named(custom_id: str | None) -> tuple[int, str] | None:
    if custom_id is None:
        return None
    digest = blake2b(custom_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big"), custom_id[:60]


class _ModelWeigher:
    """Counts the requests run with one model."""

    def __init__(self, model: Model, options: BatchOptions) -> None:
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
            counts.append(_entry(text[read], around, self._extra(whole, model), _is_framed(whole, model)))
        return self._fixed(whole)._replace(counts=tuple(counts), prefixes=prompt.prefixes, parts=prompt.parts)

    def of_form(self, whole: Measured, marks: Sequence[str]) -> _PlainWeigher | None:
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
        return _PlainWeigher(self._fixed(whole), slots, frames, self)

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


def _entry(text: int, around: tuple[int, int, int], extra: int, is_framed: bool) -> tuple[int, int, int, int]:
    """Return an entry of ``Weighed.counts``."""
    overhead, below, above = around
    overhead += extra
    return text, max(0, overhead) if is_framed else overhead, below, above


class _PlainWeigher(NamedTuple):
    """Counts requests of one form run with one model."""

    fixed: Weighed
    """What is the same for all of them."""

    blocks: SlottedBlocks
    """Their blocks."""

    frames: tuple[tuple[Frame, int], ...]
    """What each model adds to the texts, and what a calibration adds."""

    weigher: _ModelWeigher
    """Counts requests of any form."""

    def weigh(self, texts: Sequence[str]) -> Weighed:
        """Return the counts of a request."""
        blocks = self.blocks.filled(texts)
        prompt = self.weigher.prompter.write(blocks)
        read = tuple([text for block in blocks for text in block.texts])
        counted = {self.weigher.encoding: prompt.text}
        counts = []
        for frame, extra in self.frames:
            model = frame.model
            if model.counted_in not in counted:
                counted[model.counted_in] = sum(map(self.weigher.counter(model), read))
            text = counted[model.counted_in]
            counts.append(_entry(text, frame.around(text, read), extra, not model.kind_ratios))
        return self.fixed._replace(counts=tuple(counts), prefixes=prompt.prefixes, parts=prompt.parts)


@dataclass(frozen=True, slots=True)
class _KnownForm:
    """How lines of one form are counted."""

    kind: str
    """Key that is equal for requests that may share a file."""

    refusal: str | None
    """Why a batch API would refuse their form; None if it would not."""

    named_as: str | None
    """The name of their model, if the price table has another one. None if it does not."""

    models: tuple[_PlainWeigher, ...]
    """What counts them with every model that they are run with."""
