"""Count one line of a batch file without knowledge of earlier lines, so that several processes can do it in parallel.

Effects of earlier lines (prompt cache, duplicate names, assignment to files) are not computed here. The result of a
line consists of plain values, which one process can send to another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

from ...errors import Gpt41calcError, RequestError, UnknownModel
from ...pricing.schema import Model, distinct
from ...requests.batch_lines import RequestLine, parse_line
from ...requests.blocks import Measured, measured
from ...requests.tokens import around_text
from ...sources.strict_json import NotJson, parse_json
from ...tokenizer.engines import tokenizer
from ...tokenizer.protocol import Tokenizer
from .batch_files import file_kind, refusal_of_form
from .options import BatchOptions
from .prompts import Prompter
from .run_modes import Runs

__all__ = ["Weighed", "WeighedLine", "Weigher", "counted_alike"]


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
        self._found: dict[str, Model | UnknownModel] = {}

    def weigh(self, raw: bytes) -> WeighedLine:
        """Return the counts of a line, or why it is left out."""
        try:
            one = parse_line(parse_json(raw), partial=self._options.partial)
            models = self._options.models or (self._model(one.request.model),)
            whole = measured(one.request, self._folder, self._options.assumed_image)
            weighed = tuple(tuple(self._of(model).weigh(whole)) for model in models)
            form = self._form(one)
        except NotJson as error:
            return WeighedLine(error.reason)
        except Gpt41calcError as error:  # a bad body, an unknown model, or text that cannot be counted
            return WeighedLine(str(error))
        except MemoryError:
            return WeighedLine("too large for the memory there is")
        named_as = None if self._options.models else models[0].named_as
        return WeighedLine(None, file_kind(one), _named(one.custom_id), form, one.request.left_out, named_as, weighed)

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

    def _form(self, one: RequestLine) -> str | None:
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
        self._prompter = Prompter(model, self._tokenizers[model.counted_in])
        self._each = options.forecast.answer_tokens(model)

    def weigh(self, whole: Measured) -> Weighed:
        request = whole.request
        prompt = self._prompter.write(whole)
        is_alike = not whole.pictures and request.google is None and self._options.forecast.calibration is None
        cap = request.max_output
        is_capped = cap is not None and (self._options.from_body or cap < self._each)
        return Weighed(
            model=self._model.id,
            is_alike=is_alike,
            counts=tuple(self._counts(whole, prompt.text, self._alike if is_alike else self._everybody)),
            output=(cap if is_capped and cap is not None else self._each) * request.choices,
            is_capped=is_capped,
            assumed=whole.assumptions(self._model) if whole.pictures else 0,
            prefixes=prompt.prefixes,
            parts=prompt.parts,
            max_output=cap,
        )

    def _counts(self, whole: Measured, own_text: int, models: list[Model]) -> Iterator[tuple[int, int, int, int]]:
        """Yield the entries of ``Weighed.counts`` for some models."""
        request = whole.request
        text = {(self._model.counted_in, self._model.family): own_text}
        for model in models:
            read = model.counted_in, model.family
            if read not in text:
                text[read] = sum(map(self._counter(model), whole.texts(model)))
            # Asked for one by one, these took an eighth of the time of a batch that is compared with Claude.
            overhead, below, above = around_text(whole, model, self._tokenizers[model.counted_in], text[read])
            if self._options.forecast.calibration is not None:
                overhead += self._options.forecast.extra_tokens(model, len(request.messages), len(request.tools))
            is_framed = request.google is None and not model.kind_ratios
            yield text[read], max(0, overhead) if is_framed else overhead, below, above

    def _counter(self, model: Model) -> Callable[[str], int]:
        """Return a token counter for a model; texts that were encoded for the prompt are not counted again."""
        if model.counted_in == self._model.counted_in:
            return self._prompter.count
        return self._tokenizers[model.counted_in].count
