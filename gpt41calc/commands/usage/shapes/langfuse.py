"""Observations of Langfuse: generations with ``usageDetails`` or the older ``usage``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ....tally import Skipped
from ..answer import Answer
from ..json_values import Json, dollars_in, object_in, text_in
from ..no_usage import NoUsage
from ..token_counts import read_counts
from ..token_fields import API_FIELDS, Field
from .build import answer_of
from .shape import FileContext

__all__ = ["LangfuseObservations"]

_FIELDS: Mapping[str, Field] = {
    **API_FIELDS,
    "input": Field("input"),
    "output": Field("output"),
    "total": Field("total"),
    # Langfuse's kinds of tokens are disjoint, and the total is their sum.
    **dict.fromkeys(("input_cached_tokens", "input_cache_read", "cache_read_input_tokens"), Field("cached", "beside")),
    **dict.fromkeys(("input_cache_creation", "cache_creation_input_tokens"), Field("written", "beside")),
    "input_cache_creation_5m": Field("written_5m", "beside"),
    "input_cache_creation_1h": Field("written_1h", "beside"),
    **dict.fromkeys(("output_reasoning_tokens", "output_reasoning"), Field("reasoning")),
    **dict.fromkeys(("input_audio_tokens", "output_audio_tokens"), Field("audio")),
    **dict.fromkeys(("inputCost", "outputCost", "totalCost", "unit"), Field("note")),
}
_KINDS = frozenset({"GENERATION", "SPAN", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR", "GUARDRAIL"})


class LangfuseObservations:
    """One observation per line, or a trace with its observations."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return the answers in an observation or a trace.

        Raises:
            NoUsage: it is not a generation, or its unit is not tokens.
        """
        inner = line.get("observations")
        if isinstance(inner, list) and all(isinstance(each, dict) for each in inner):
            return self._trace(line, inner, place)
        if text_in(line, "type") not in _KINDS or not ({"usageDetails", "startTime", "traceId"} & set(line)):
            return None
        return [self._observation((line,), place)]

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield nothing: every line is complete."""
        return iter(())

    def _trace(self, trace: Json, observations: Sequence[Json], place: str) -> list[Answer]:
        answers = []
        for each in observations:
            try:
                answers.append(self._observation((trace, each), place))
            except NoUsage as error:
                if not error.expected:
                    raise
        if not answers:
            raise NoUsage("no answer", expected=True)
        return answers

    def _observation(self, chain: tuple[Json, ...], place: str) -> Answer:
        one = chain[-1]
        details, usage = object_in(one, "usageDetails"), object_in(one, "usage")
        if one.get("type") != "GENERATION" or not (details or usage):
            raise NoUsage("no answer", expected=True)
        unit = text_in(usage, "unit")
        if not details and unit not in {"", "TOKENS"}:
            message = f"counted in {unit.lower():.40}, not in tokens"
            raise NoUsage(message)
        counts = read_counts(details or usage, _FIELDS)
        model = text_in(one, "model", "providedModelName", "internalModel")
        answer = answer_of(chain, counts, place, self._file, model=model)
        costs = (dollars_in(one.get(key)) for key in ("calculatedTotalCost", "totalCost"))
        return replace(answer, stated_cost=next((cost for cost in costs if cost is not None), None))
