"""Count one line of a batch file without knowledge of earlier lines, so that several processes can do it in parallel.

Effects of earlier lines (prompt cache, duplicate names, assignment to files) are not computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from ...errors import Gpt41calcError, RequestError, UnknownModel
from ...pricing.schema import Model
from ...requests.batch_lines import RequestLine, parse_line
from ...requests.blocks import measured
from ...requests.json_path import compact
from ...requests.line_templates import Templates
from ...requests.plain_lines import PlainLine, filled_in, plain_line
from ...sources.strict_json import NotJson, parse_json
from ...tokenizer.block_kinds import RequestKinds
from .batch_files import file_kind, refusal_of_form
from .options import BatchOptions
from .weigh_model import ModelWeigher, PlainWeigher
from .weighed import WeighedLine

__all__ = ["Weigher"]

_MOST_FORMS = 1000
"""Most forms of lines that are kept; each takes some kilobytes."""


@dataclass(frozen=True, slots=True)
class _KnownForm:
    """How lines of one form are counted."""

    kind: str
    """Key that is equal for requests that may share a file."""

    refusal: str | None
    """Why a batch API would refuse their form; None if it would not."""

    named_as: str | None
    """The name of their model, if the price table has another one. None if it does not."""

    models: tuple[PlainWeigher, ...]
    """What counts them with every model that they are run with."""


_Met = tuple[PlainLine, _KnownForm]
"""A line whose form was met."""


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
        self._models: dict[str, ModelWeigher] = {}
        self._forms: dict[tuple[object, ...], _KnownForm | None] = {}
        self._met: set[tuple[object, ...]] = set()
        self._templates: Templates[_KnownForm] = Templates()
        self._kinds = RequestKinds()
        self._found: dict[str, Model | UnknownModel] = {}

    def weigh(self, raw: bytes) -> WeighedLine:
        """Return the counts of a line, or why it is left out."""
        return self.weigh_all([raw])[0]

    def weigh_all(self, raws: Sequence[bytes]) -> list[WeighedLine]:
        """Return the same for some lines."""
        try:
            met = [self._templates.match(raw) for raw in raws]
            kinds = self._kinds.of([_read_for_kinds(one) for one in met])
        except MemoryError:  # it may be enough for each line alone
            met, kinds = [None] * len(raws), [{}] * len(raws)
        return [self._weighed(*each) for each in zip(raws, met, kinds, strict=True)]

    def _weighed(self, raw: bytes, met: _Met | None, kinds: Mapping[str, Decimal | int]) -> WeighedLine:
        """Return the counts of a line.

        Args:
            raw: the line.
            met: the line as it is by a template. None if it is of none.
            kinds: the kinds of its texts, if it is of a template.
        """
        try:
            if met is not None:
                return _of_form(met, kinds)
            met, value = self._recognized(raw)
            return _of_form(met, *self._kinds.of([_read_for_kinds(met)])) if met is not None else self._measured(value)
        except NotJson as error:
            return WeighedLine(error.reason)
        except Gpt41calcError as error:  # a bad body, an unknown model, or text that cannot be counted
            return WeighedLine(str(error))
        except MemoryError:
            return WeighedLine("too large for the memory there is")

    def _recognized(self, raw: bytes) -> tuple[_Met | None, Any]:
        """Return a line if its form was met, and its parsed JSON."""
        met = self._templates.match(raw)  # one that was made a moment ago
        if met is not None:
            return met, None
        value = parse_json(raw)
        plain = plain_line(value)
        if plain is None or (known := self._known(plain.form, value, plain.texts)) is None:
            return None, value
        self._templates.add(raw, value, plain, known)
        return (plain, known), value

    def _measured(self, value: Any) -> WeighedLine:
        """Return the counts of a line of any form."""
        one = parse_line(value, partial=self._options.partial)
        models = self._models_of(one)
        whole = measured(one.request, self._folder, self._options.assumed_image)
        weighed = tuple(tuple(self._of(model).weigh(whole)) for model in models)
        refusal = self._refusal_of_form(one)
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

    def _of(self, model: Model) -> ModelWeigher:
        found = self._models.get(model.id)
        if found is None:
            found = self._models[model.id] = ModelWeigher(model, self._options)
        return found

    def _refusal_of_form(self, one: RequestLine) -> str | None:
        """Return why a batch API would refuse the form of a line."""
        # With -m, the form comes from the existing file, and the model from the option.
        named = None if self._options.models or one.request.model is None else self._model(one.request.model)
        return refusal_of_form(one, named)


def _read_for_kinds(met: _Met | None) -> Sequence[str]:
    """Return the texts of a line whose kinds are needed."""
    if met is None:
        return ()
    plain, known = met
    return next((one.read(plain.texts) for one in known.models if one.needs_kinds), ())


def _of_form(met: _Met, kinds: Mapping[str, Decimal | int]) -> WeighedLine:
    """Return the counts of a line of a known form."""
    plain, known = met
    weighed = tuple([tuple(one.weigh(plain.texts, kinds)) for one in known.models])
    return WeighedLine(None, known.kind, _named(plain.custom_id), known.refusal, (), known.named_as, weighed)


def _named(custom_id: str | None) -> tuple[int, str] | None:
    if custom_id is None:
        return None
    digest = blake2b(custom_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big"), custom_id[:60]
