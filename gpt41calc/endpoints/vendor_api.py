"""Where each vendor's endpoint is, how a request authenticates, and how an answer is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["VENDOR_APIS", "Vendor", "VendorApi"]

Vendor = Literal["openai", "anthropic", "google"]
"""A vendor, as the price table names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorApi:
    """The API of a vendor, as far as it counts tokens."""

    name: str
    """The vendor, as it is written."""

    key_variables: tuple[str, ...]
    """Variables of the environment that may hold the key, the one that goes first in front."""

    url_variable: str
    """Variable of the environment that may name another address, such as that of a gateway."""

    base_url: str
    """The address of the API itself."""

    key_header: str
    """Header that carries the key."""

    key_prefix: str = ""
    """What stands before the key in its header."""

    headers: Mapping[str, str]
    """Further headers that the API requires."""

    answer_key: str
    """Key of the answer that holds the number of input tokens."""


VENDOR_APIS: Mapping[Vendor, VendorApi] = {
    # https://platform.openai.com/docs/api-reference/responses/input-tokens
    "openai": VendorApi(
        name="OpenAI",
        key_variables=("OPENAI_API_KEY",),
        url_variable="OPENAI_BASE_URL",
        base_url="https://api.openai.com/v1",
        key_header="Authorization",
        key_prefix="Bearer ",
        headers={},
        answer_key="input_tokens",
    ),
    # https://docs.claude.com/en/api/messages-count-tokens
    "anthropic": VendorApi(
        name="Anthropic",
        key_variables=("ANTHROPIC_API_KEY",),
        url_variable="ANTHROPIC_BASE_URL",
        base_url="https://api.anthropic.com",
        key_header="x-api-key",
        headers={"anthropic-version": "2023-06-01"},
        answer_key="input_tokens",
    ),
    # https://ai.google.dev/api/tokens; where both keys are set, Google's own SDK takes the first
    "google": VendorApi(
        name="Google",
        key_variables=("GOOGLE_API_KEY", "GEMINI_API_KEY"),
        url_variable="GOOGLE_GEMINI_BASE_URL",
        base_url="https://generativelanguage.googleapis.com",
        key_header="x-goog-api-key",
        headers={},
        answer_key="totalTokens",
    ),
}
