"""Read a file of requests line by line, and add up their tokens and costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext

from ...calculator.summary import distribution_of
from ...counting.runtime import Runtime
from ...pricing.schema import Model
from ...requests.detect import Kind, kind_of
from ...sources.json_records import file_bytes, folder_of, require_files, value_lines
from ...sources.jsonl import Line
from ...sources.read import NotText, Reading
from ...sources.source import Rules, Source
from ...sources.strict_json import NotJson, parse_json
from ...tally import STDIN_NAME, Skipped
from .batch_files import Filling
from .digests import DigestSet
from .options import BatchOptions
from .plan import BatchPlan, ModelPlan, offer_of, queue_days
from .prompt_cache import PartCache, PrefixCache
from .run_modes import Runs, Volumes
from .split_files import Splitting
from .weigh import Weigher
from .weigh_lines import weighed_lines
from .weigh_model import counted_alike
from .weighed import Weighed, WeighedLine

__all__ = ["plan_batch"]

_MOST_REFUSALS = 1000
"""Most refused requests listed; further ones are only counted."""


def plan_batch(options: BatchOptions, runtime: Runtime) -> BatchPlan:
    """Return the tokens and costs of files of requests; picture paths are relative to the folder of each file.

    Raises:
        NoSuchPath: a file does not exist.
        CannotWrite: a file cannot be written.
        UsageError: the folder for written files cannot be used.
    """
    paths = list(dict.fromkeys(options.paths))
    require_files(paths)
    names = [STDIN_NAME if path == "-" else path for path in paths]
    planning = _Planning(options, names)
    pieces = runtime.workers.pieces if runtime.workers else None
    unread: list[Skipped] = []
    stem = names[0] if len(names) == 1 else "batch"
    split = Splitting(options.split_folder, stem) if options.split_folder is not None else nullcontext()
    total_bytes = 0
    with runtime.progress(sum(map(file_bytes, paths)), "bytes") as observe, split as splitting:
        for path, name in zip(paths, names, strict=True):
            source = Source(name, None if path == "-" else path, named=True)
            reading = Reading(source, Rules(text=True), stdin=runtime.stdin)
            planning.begin(name)
            weigher = Weigher(options, folder_of(path))
            with closing(weighed_lines(_readable(reading, source, unread), weigher, pieces)) as lines:
                for line, weighed in lines:
                    taken = planning.take(line, weighed)
                    if taken is not None and splitting is not None:
                        splitting.write(*taken)
                    observe(total_bytes + reading.bytes)
            total_bytes += reading.bytes
        planning.skipped += unread
        # A file that could not be read to the end is not written in part.
        written = splitting.finish() if splitting is not None and not unread else []
    return planning.result(total_bytes, written)


def _readable(reading: Reading, source: Source, unread: list[Skipped]) -> Iterator[Line | Skipped]:
    """Yield the lines of a file; if it cannot be read to the end, add the reason to ``unread``."""
    try:
        for line in value_lines(reading.raw(), source.name, is_value=_is_request):
            if isinstance(line, Skipped) and line.path == source.name:
                unread.append(line)
            else:
                yield line
    except NotText as error:
        unread.append(Skipped(source.name, error.reason, expected=False))


def _is_request(line: bytes) -> bool:
    """Return whether a line is a request itself, such as a bare list of messages."""
    try:
        return kind_of(parse_json(line)) is Kind.REQUEST
    except NotJson:
        return False


class _Planning:
    """Adds up requests, separately for each model."""

    def __init__(self, options: BatchOptions, names: Sequence[str]) -> None:
        self._options = options
        self._names = names
        self._name = ""
        self._number = 0
        self._kinds: set[str] = set()
        self._groups: dict[str, _Group] = {}
        self._taken: dict[str, Model] = {}
        self._ids = DigestSet()
        self._filling = Filling(options.limits.table.batch)
        self._refused: list[Skipped] = []
        self._refusals = self._left_out = 0
        self.skipped: list[Skipped] = []

    def begin(self, name: str) -> None:
        """Start a file: a batch of its own, unless all requests are written into new files."""
        self._name = name
        if self._options.split_folder is None:
            self._number += 1
            self._ids = DigestSet()

    def take(self, line: Line | Skipped, weighed: WeighedLine | None) -> tuple[int, bytes] | None:
        """Add a line; return the number of its batch file, and the bytes to write there."""
        if isinstance(line, Skipped) or weighed is None:
            if isinstance(line, Skipped):
                self.skipped.append(line)
            return None
        place = f"{self._name}:{line.number}"
        if weighed.reason is not None:
            self.skipped.append(Skipped(place, weighed.reason, expected=False))
            return None
        reasons = [self._group(one).add(one) for one in (Weighed(*fields) for fields in weighed.weighed)]
        self.skipped += [Skipped(place, reason, expected=False) for reason in weighed.left_out]
        if weighed.named_as is not None and weighed.named_as not in self._taken:
            self._taken[weighed.named_as] = self._options.pricing.find(weighed.named_as)
        unfit = (self._twice(weighed.named), weighed.form, self._too_long(line))
        return self._place(line, place, weighed.kind, [*unfit, *reasons])

    def _group(self, weighed: Weighed) -> _Group:
        if weighed.model not in self._groups:
            chosen = {model.id: model for model in self._options.models}
            model = chosen.get(weighed.model) or self._options.pricing.find(weighed.model)
            self._groups[weighed.model] = _Group(model, self._options)
        return self._groups[weighed.model]

    def _twice(self, named: tuple[int, str] | None) -> str | None:
        if named is None:
            return None
        digest, begin = named
        return None if self._ids.add(digest) else f"the custom_id '{begin}' was there before"

    def _too_long(self, line: Line) -> str | None:
        if self._filling.takes(len(line.raw) + 1):
            return None
        return f"a line of {len(line.raw):,} bytes, more than a batch file may have"

    def _place(self, line: Line, place: str, kind: str, reasons: Sequence[str | None]) -> tuple[int, bytes] | None:
        reason = next(filter(None, reasons), None)
        if reason is None:
            self._kinds.add(kind)
            return self._filling.add(len(line.raw) + 1, f"{self._number} {kind}"), line.raw
        self._refusals += 1
        if len(self._refused) < _MOST_REFUSALS:
            self._refused.append(Skipped(place, reason, expected=False))
        return None

    def _names_taken(self) -> dict[str, Model]:
        """Return the models found by a name that is not in the table, by that name."""
        return self._taken | {one.named_as: one for one in self._options.models if one.named_as is not None}

    def result(self, size: int, written: Sequence[str]) -> BatchPlan:
        """Return the result for all requests."""
        plans = [group.plan() for group in self._groups.values()]
        return BatchPlan(
            paths=tuple(self._names),
            bytes=size,
            as_of=self._options.on,
            pricing_checked=self._options.pricing.checked,
            overlay=self._options.pricing.overlay,
            config=self._options.config,
            limits=self._options.limits.table.batch,
            output_rule=self._options.output_rule,
            names_taken=self._names_taken(),
            forecast_sentence=self._options.forecast.sentence,
            is_alternatives=bool(self._options.models),
            models=tuple(sorted(plans, key=lambda plan: -plan.requests)) if not self._options.models else tuple(plans),
            skipped=tuple(self.skipped),
            refused=tuple(self._refused),
            refusals=self._refusals,
            files=self._filling.files,
            kinds=len(self._kinds),
            written=tuple(written),
            left_out=self._refusals if written else 0,
        )


class _Group:
    """The requests run with one model."""

    def __init__(self, model: Model, options: BatchOptions) -> None:
        self._model = model
        self._options = options
        self._variants = len({one.id for one in (model, *options.variants)})
        everybody, alike = counted_alike(model, options)
        self._alike = [Volumes(one) for one in alike]
        shared = dict(zip(map(Runs.counting_key, alike), self._alike, strict=True))
        self._runs = [Runs(one, options.on, shared[Runs.counting_key(one)]) for one in everybody]
        self._apart = [runs.own for runs in self._runs]
        self._prefixes = PrefixCache()
        self._stable = PartCache()
        self._tokens: Counter[int] = Counter()
        self._capped = self._assumed = 0

    def add(self, weighed: Weighed) -> str | None:
        """Add a request; return why the API would refuse it. None if it would not."""
        shared = self._prefixes.shared(weighed.prefixes)
        reordered = self._stable.shared(weighed.parts)
        volumes = self._alike if weighed.is_alike else self._apart
        added = [
            one.add(text, overhead, weighed.output, margin=(below, above), shared=shared, reordered=reordered)
            for one, (text, overhead, below, above) in zip(volumes, weighed.counts, strict=True)
        ]
        tokens = added[0]  # those of the request's own model
        self._tokens[tokens] += 1
        self._capped += weighed.is_capped
        self._assumed += weighed.assumed
        return self._refusal(tokens, weighed.max_output)

    def _refusal(self, tokens: int, cap: int | None) -> str | None:
        model = self._model
        if cap is not None and model.max_output is not None and cap > model.max_output:
            return f"asks for {cap:,} output tokens, {model.name} gives at most {model.max_output:,}"
        reserve = cap or 0
        if tokens + reserve > model.window:
            return f"{tokens:,} tokens and {reserve:,} for the answer are over the window of {model.window:,}"
        if model.max_input is not None and tokens > model.max_input:
            return f"{tokens:,} tokens are over the {model.max_input:,} of a prompt"
        return None

    def plan(self) -> ModelPlan:
        """Return the result for these requests."""
        own = self._runs[0]
        tokens = distribution_of(self._tokens)
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
            days=queue_days(limits, self._tokens.elements()),
            assumed_pictures=self._assumed,
            capped=self._capped,
        )
