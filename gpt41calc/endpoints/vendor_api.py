"""Addresses, authentication and answer format of each vendor's endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["VENDOR_APIS", "Vendor", "VendorApi"]

Vendor = Literal["openai", "anthropic", "google"]
"""A vendor, by its name in the price table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorApi:
    """The token-counting API of a vendor."""

    name: str
    """Name of the vendor, as shown in messages."""

    key_variables: tuple[str, ...]
    """Environment variables that may hold the key, in order of precedence."""

    url_variable: str
    """Environment variable that may hold another base URL, for example that of a gateway."""

    base_url: str
    """Base URL of the vendor's API."""

    key_header: str
    """HTTP header for the key."""

    key_prefix: str = ""
    """Prefix of the key in its header."""

    headers: Mapping[str, str]
    """Other required HTTP headers."""

    answer_key: str
    """Key of the answer whose value is the number of input tokens."""


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
