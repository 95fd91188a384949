"""Read a file of requests line by line, and add up what they take."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from hashlib import blake2b

from ...calculator.summary import distribution
from ...counting.runtime import Runtime
from ...errors import Gpt41calcError, RequestError
from ...pricing.schema import Model
from ...requests.batch_lines import RequestLine, parse_line
from ...requests.blocks import Measured, measured
from ...requests.detect import Kind, kind_of
from ...requests.tokens import range_around, request_overhead, text_tokens
from ...sources.json_records import folder_of, require_files, value_lines
from ...sources.jsonl import Line
from ...sources.read import NotText, Reading
from ...sources.source import Rules, Source
from ...sources.strict_json import NotJson, parse_json
from ...tally import STDIN_NAME, Skipped
from ...tokenizer.engines import tokenizer
from .batch_files import Filling, file_kind, refusal_of_form
from .options import BatchOptions
from .plan import BatchPlan, ModelPlan, offer_of, queue_days
from .prompt_cache import PartCache, PrefixCache
from .prompts import Prompter
from .run_modes import Runs, Volumes
from .split_files import Splitting

__all__ = ["plan_batch"]

_MEGABYTE = 10**6

_MOST_REFUSALS = 1000
"""More are counted and not listed."""


def plan_batch(options: BatchOptions, runtime: Runtime) -> BatchPlan:
    """Return what a file of requests takes and costs; pictures are looked for below its folder.

    Raises:
        NoSuchPath: the file does not exist.
        CannotWrite: a file cannot be written.
        UsageError: the folder for written files cannot be used.
    """
    require_files([options.path])
    is_stdin = options.path == "-"
    source = Source(STDIN_NAME if is_stdin else options.path, None if is_stdin else options.path, named=True)
    reading = Reading(source, Rules(text=True), stdin=runtime.stdin)
    planning = _Planning(options, source.name, folder_of(options.path))
    split = Splitting(options.split_folder, source.name) if options.split_folder is not None else nullcontext()
    with runtime.progress(_megabytes(options.path)) as observe, split as splitting:
        written = []
        try:
            for line in value_lines(reading.raw(), source.name, is_value=_is_request):
                taken = planning.take(line)
                if taken is not None and splitting is not None:
                    splitting.write(*taken)
                observe(reading.bytes // _MEGABYTE)
            written = splitting.finish() if splitting is not None else []
        except NotText as error:  # what could not be read to its end is not sent in part
            planning.skipped.append(Skipped(source.name, error.reason, expected=False))
    return planning.result(reading.bytes, written)


def _is_request(line: bytes) -> bool:
    """Say whether a line is a request by itself, such as a bare list of messages."""
    try:
        return kind_of(parse_json(line)) is Kind.REQUEST
    except NotJson:
        return False


def _megabytes(file: str) -> int:
    try:
        return -(-os.stat(file).st_size // _MEGABYTE)
    except OSError:
        return 0


class _Planning:
    """Adds up requests, each under the models that it is run with."""

    def __init__(self, options: BatchOptions, name: str, folder: str) -> None:
        self._options = options
        self._name = name
        self._folder = folder
        self._groups: dict[str, _Group] = {}
        self._found: dict[str, Model] = {}
        self._ids: set[bytes] = set()
        self._filling = Filling(options.limits.table.batch)
        self._refused: list[Skipped] = []
        self._refusals = self._left_out = 0
        self.skipped: list[Skipped] = []

    def take(self, line: Line | Skipped) -> tuple[int, bytes] | None:
        """Add a line; return the number of the file that it goes into, and what to write there."""
        if isinstance(line, Skipped):
            self.skipped.append(line)
            return None
        place = f"{self._name}:{line.number}"
        try:
            one = parse_line(parse_json(line.raw), partial=self._options.partial)
            models = self._options.models or (self._model(one.request.model),)
            whole = measured(one.request, self._folder, self._options.assumed_image)
            reasons = [self._group(model).add(whole) for model in models]
        except NotJson as error:
            self.skipped.append(Skipped(place, error.reason, expected=False))
            return None
        except Gpt41calcError as error:  # a bad body, a model that is not known, text that no engine counts
            self.skipped.append(Skipped(place, str(error), expected=False))
            return None
        except MemoryError:
            self.skipped.append(Skipped(place, "too large for the memory there is", expected=False))
            return None
        self.skipped += [Skipped(place, reason, expected=False) for reason in one.request.left_out]
        return self._place(line, place, file_kind(one), [*self._unfit(one), self._too_long(line), *reasons])

    def _model(self, name: str | None) -> Model:
        if name is None:
            raise RequestError("no model; give one with -m")
        if name not in self._found:
            self._found[name] = self._options.pricing.find(name)
        return self._found[name]

    def _group(self, model: Model) -> _Group:
        if model.id not in self._groups:
            self._groups[model.id] = _Group(model, self._options)
        return self._groups[model.id]

    def _twice(self, one: RequestLine) -> str | None:
        if one.custom_id is None:
            return None
        digest = blake2b(one.custom_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        if digest in self._ids:
            return f"the custom_id '{one.custom_id:.60}' was there before"
        self._ids.add(digest)
        return None

    def _too_long(self, line: Line) -> str | None:
        if self._filling.takes(len(line.raw) + 1):
            return None
        return f"a line of {len(line.raw):,} bytes, more than a batch file may have"

    def _unfit(self, one: RequestLine) -> tuple[str | None, str | None]:
        """Return why a batch would refuse the name of a request, and its form."""
        # With -m the form is of the file that there is, and the model of what it might be.
        named = None if self._options.models or one.request.model is None else self._model(one.request.model)
        return self._twice(one), refusal_of_form(one, named)

    def _place(self, line: Line, place: str, kind: str, reasons: Sequence[str | None]) -> tuple[int, bytes] | None:
        reason = next(filter(None, reasons), None)
        if reason is None:
            return self._filling.add(len(line.raw) + 1, kind), line.raw
        self._refusals += 1
        if len(self._refused) < _MOST_REFUSALS:
            self._refused.append(Skipped(place, reason, expected=False))
        return None

    def result(self, size: int, written: Sequence[str]) -> BatchPlan:
        """Return what everything comes to."""
        plans = [group.plan() for group in self._groups.values()]
        return BatchPlan(
            path=self._name,
            bytes=size,
            as_of=self._options.on,
            pricing_checked=self._options.pricing.checked,
            overlay=self._options.pricing.overlay,
            config=self._options.config,
            limits=self._options.limits.table.batch,
            output_rule=self._options.output_rule,
            models=tuple(sorted(plans, key=lambda plan: -plan.requests)) if not self._options.models else tuple(plans),
            skipped=tuple(self.skipped),
            refused=tuple(self._refused),
            refusals=self._refusals,
            files=self._filling.files,
            kinds=self._filling.kinds,
            written=tuple(written),
            left_out=self._refusals if written else 0,
        )


class _Group:
    """The requests that are run with one model."""

    def __init__(self, model: Model, options: BatchOptions) -> None:
        self._model = model
        self._options = options
        variants = {one.id: one for one in (model, *options.variants)}
        others = {one.id: one for one in options.comparators if one.id not in variants}
        self._variants = len(variants)
        everybody = (*variants.values(), *others.values())
        # Most models count a request without pictures alike: unless more is known, it is added once for all of them.
        self._alike: dict[object, tuple[Model, Volumes]] = {}
        for one in everybody:
            self._alike.setdefault(Runs.counting_key(one), (one, Volumes(one)))
        self._runs = [Runs(one, options.on, self._alike[Runs.counting_key(one)][1]) for one in everybody]
        self._prompter = Prompter(model, tokenizer(model.counted_in, short=False))
        self._prefixes = PrefixCache()
        self._stable = PartCache()
        self._tokens = array("Q")
        self._each = options.forecast.answer_tokens(model)
        self._capped = self._assumed = 0

    def add(self, whole: Measured) -> str | None:
        """Add a request; return why the API would refuse it, if it would."""
        prompt = self._prompter.write(whole)
        shared = self._prefixes.shared(prompt.tokens)
        reordered = self._stable.shared(prompt.parts)
        output = self._output(whole)
        text = {(self._model.counted_in, self._model.family): prompt.text}
        tokens, messages, tools = 0, len(whole.request.messages), len(whole.request.tools)
        is_alike = not whole.pictures and whole.request.google is None and self._options.forecast.calibration is None
        # The requests' own model comes last, and says how long they are.
        for model, volumes in reversed(self._alike.values()) if is_alike else self._apart():
            alike = model.counted_in, model.family
            if alike not in text:
                text[alike] = text_tokens(whole, model, tokenizer(model.counted_in, short=False))
            around = request_overhead(whole, model, tokenizer(model.counted_in, short=False))
            overhead = around + self._options.forecast.extra_tokens(model, messages, tools)
            if whole.request.google is None:
                overhead = max(0, overhead)
            margin = range_around(whole, model, tokenizer(model.counted_in, short=False), text[alike])
            tokens = volumes.add(text[alike], overhead, output, margin=margin, shared=shared, reordered=reordered).value
        self._tokens.append(tokens)
        self._assumed += whole.assumptions(self._model)
        return self._refusal(whole, tokens)

    def _apart(self) -> Iterator[tuple[Model, Volumes]]:
        """Yield where every model adds up what it counts in its own way."""
        return ((runs.model, runs.own) for runs in reversed(self._runs))

    def _output(self, whole: Measured) -> int:
        cap = whole.request.max_output
        is_capped = self._options.from_body and cap is not None
        self._capped += is_capped
        each = cap if is_capped and cap is not None else self._each
        return each * whole.request.choices

    def _refusal(self, whole: Measured, tokens: int) -> str | None:
        model, cap = self._model, whole.request.max_output
        if cap is not None and model.max_output is not None and cap > model.max_output:
            return f"asks for {cap:,} output tokens, {model.name} gives at most {model.max_output:,}"
        reserve = cap or 0
        if tokens + reserve > model.window:
            return f"{tokens:,} tokens and {reserve:,} for the answer are over the window of {model.window:,}"
        if model.max_input is not None and tokens > model.max_input:
            return f"{tokens:,} tokens are over the {model.max_input:,} of a prompt"
        return None

    def plan(self) -> ModelPlan:
        """Return what the requests come to."""
        own = self._runs[0]
        tokens = distribution(self._tokens)
        if tokens is None:
            raise RuntimeError("a group without requests")
        limits = self._options.limits.find(self._model.id)
        return ModelPlan(
            offers=tuple(map(offer_of, self._runs)),
            variants=self._variants,
            requests=own.requests,
            tokens=tokens,
            reordered=own.reordered(),
            reordered_tokens=own.total("reordered").value,
            break_even=own.break_even(),
            days=queue_days(limits, self._tokens),
            assumed_pictures=self._assumed,
            capped=self._capped,
        )
