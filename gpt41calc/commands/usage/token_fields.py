"""The meaning of the numbers in a usage object, by their names.

An unknown name is an error: an unknown number of tokens, fee or mode may cost money. The names are those of OpenAI
(Chat, Responses), Anthropic, Azure, Amazon Bedrock, the AI SDK, and of gateways that add to them (OpenRouter, LiteLLM,
one-api, vLLM, Groq, DeepSeek).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

__all__ = ["API_FIELDS", "HARMLESS", "Field", "Fields", "Role", "Side"]

Role = Literal[
    "input",  # tokens of the prompt, or of its uncached part
    "output",  # generated tokens
    "total",  # all of them: decides what lies inside what
    "cached",  # prompt tokens that the cache served
    "written",  # prompt tokens written to a cache, of all lifetimes
    "written_5m",  # of these, kept for five minutes
    "written_1h",  # of these, kept for an hour
    "reasoning",  # generated tokens nobody sees
    "audio",  # tokens of sound: refused unless 0
    "part",  # a number that only divides another one
    "searches",  # web searches, each charged apart
    "uncharged",  # calls that are charged apart and that no table prices
    "cost",  # what the source says it cost
    "note",  # says nothing about money
    "mode",  # service_tier, inference_geo, speed
]

Side = Literal["inside", "beside"]
"""Whether cached and written tokens are part of the input number, or added to it."""


class Field(NamedTuple):
    """The meaning of one name in a usage object."""

    role: Role
    """Its meaning."""

    side: Side = "inside"
    """For cached and written tokens: whether the API with this name counts them inside or beside the input tokens."""


Fields = Mapping[str, Field]
"""Fields by path in the usage object, with keys joined by dots."""


def _fields(role: Role, *paths: str, side: Side = "inside") -> dict[str, Field]:
    return {path: Field(role, side) for path in paths}


_DETAILS = ("prompt_tokens_details", "input_tokens_details")
_ANSWERS = ("completion_tokens_details", "output_tokens_details")

API_FIELDS: Fields = {
    **_fields("input", "prompt_tokens", "input_tokens", "inputTokens"),
    **_fields("output", "completion_tokens", "output_tokens", "outputTokens"),
    **_fields("total", "total_tokens", "totalTokens"),
    # OpenAI counts cached tokens inside the prompt; so do gateways in its format.
    **_fields("cached", *(f"{each}.cached_tokens" for each in _DETAILS)),
    **_fields("cached", "cachedInputTokens", "inputTokenDetails.cacheReadTokens", "cached_input_tokens"),
    **_fields("cached", "prompt_cache_hit_tokens"),
    **_fields("written", *(f"{each}.cache_write_tokens" for each in _DETAILS)),
    **_fields("written", *(f"{each}.cache_creation_tokens" for each in _DETAILS)),
    **_fields("written", "inputTokenDetails.cacheWriteTokens", "cache_write_input_tokens"),
    **_fields("written_5m", *(f"{each}.cache_creation_token_details.ephemeral_5m_input_tokens" for each in _DETAILS)),
    **_fields("written_1h", *(f"{each}.cache_creation_token_details.ephemeral_1h_input_tokens" for each in _DETAILS)),
    # Anthropic and Bedrock count them beside it.
    **_fields("cached", "cache_read_input_tokens", "cacheReadInputTokens", side="beside"),
    **_fields("written", "cache_creation_input_tokens", "cacheCreationInputTokens", side="beside"),
    **_fields("written", "cacheWriteInputTokens", side="beside"),
    **_fields("written_5m", "cache_creation.ephemeral_5m_input_tokens", side="beside"),
    **_fields("written_1h", "cache_creation.ephemeral_1h_input_tokens", side="beside"),
    **_fields("reasoning", *(f"{each}.reasoning_tokens" for each in _ANSWERS)),
    **_fields("reasoning", "output_tokens_details.thinking_tokens", "reasoning_output_tokens"),
    **_fields("reasoning", "reasoningTokens", "outputTokenDetails.reasoningTokens", "reasoning_tokens"),
    **_fields("audio", *(f"{each}.audio_tokens" for each in (*_DETAILS, *_ANSWERS))),
    **_fields("part", *(f"{each}.{kind}_tokens" for each in (*_DETAILS, *_ANSWERS) for kind in ("text", "image"))),
    **_fields("part", *(f"{each}.video_tokens" for each in (*_DETAILS, *_ANSWERS))),
    **_fields("part", *(f"{each}.accepted_prediction_tokens" for each in _ANSWERS)),
    **_fields("part", *(f"{each}.rejected_prediction_tokens" for each in _ANSWERS)),
    **_fields("part", "inputTokenDetails.noCacheTokens", "outputTokenDetails.textTokens", "prompt_cache_miss_tokens"),
    **_fields("searches", "server_tool_use.web_search_requests", "webSearchRequests"),
    **_fields("uncharged", "server_tool_use.code_execution_requests", "num_sources_used"),
    # Fetching pages and searching for tools cost only their tokens.
    **_fields("part", "server_tool_use.web_fetch_requests", "server_tool_use.tool_search_requests"),
    **_fields("cost", "cost", "costUSD"),
    **_fields("mode", "service_tier", "inference_geo", "speed"),
    **_fields("note", "raw"),  # the AI SDK keeps the provider's usage beside its own names
    **_fields("note", "is_byok", "contextWindow", "maxOutputTokens", "estimated_cost", "cost_in_usd_ticks"),
    **_fields("note", *(f"cost_details.upstream_inference{kind}_cost" for kind in ("", "_prompt", "_completions"))),
    **_fields("note", "cost_details.upstream_inference_input_cost", "cost_details.upstream_inference_output_cost"),
}
"""The names used by APIs, their gateways and their SDKs."""

HARMLESS = re.compile(r"(?:_id|_name|_email|_time|_ms|_seconds|latency|duration|per_second|per_sec)$", re.IGNORECASE)
"""Names of times, speeds and labels, which are neither tokens nor fees."""
