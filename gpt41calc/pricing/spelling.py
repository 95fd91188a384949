"""Split the name of a model into seller, price-changing parts, snapshot date, and the remaining name.

Gateways, clouds and people write one model in many forms: ``openai/gpt-4.1``, ``GPT-4.1 mini``,
``us.anthropic.claude-sonnet-4-20250514-v1:0``. This module does not know which models exist; :mod:`.names` looks the
remaining name up in the price table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

__all__ = ["SELLERS", "Spelling", "spelling"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """A written model name, split into its parts."""

    whole: str
    """The name without its seller, in lower case: ``gpt-4.1-2025-04-14``."""

    core: str
    """``whole`` without date and ``-latest``: ``gpt-4.1``."""

    vendors: frozenset[str] = frozenset()
    """Possible vendors, as in ``Model.provider``; empty if the name does not tell."""

    seller: str | None = None
    """Name of the cloud that sells it. None for the vendor, or for a gateway that charges the vendor's prices."""

    region: str | None = None
    """The region in which a cloud serves it, which may cost more. None if there is none."""

    day: date | None = None
    """The date of its snapshot. None if there is none."""

    is_moving: bool = False
    """Whether the name means the newest model of a family (``-latest``), which changes over time."""

    is_long: bool = False
    """Whether a context window of one million tokens is requested (``[1m]``)."""

    tier: str | None = None
    """The price tier in the name: batch, flex or priority. None if there is none."""

    refused: str | None = None
    """Why the list price of a model does not apply to this name. None if it does."""


_ANYONE = frozenset({"openai", "anthropic", "google"})
_OPENAI, _ANTHROPIC, _GOOGLE = (frozenset({name}) for name in ("openai", "anthropic", "google"))

SELLERS: dict[str, tuple[str | None, frozenset[str]]] = {
    **dict.fromkeys(("openai", "openai-chat", "openai-responses", "text-completion-openai"), (None, _OPENAI)),
    "anthropic": (None, _ANTHROPIC),
    **dict.fromkeys(("google", "gemini", "models", "google-gla", "google-genai", "googleai", "palm"), (None, _GOOGLE)),
    **dict.fromkeys(("azure", "azure-openai", "azure-ai"), ("Azure", _OPENAI | _ANTHROPIC)),
    **dict.fromkeys(
        ("vertex-ai", "vertex", "vertexai", "google-vertex", "google-vertexai", "google-vertex-anthropic"),
        ("Vertex AI", _GOOGLE | _ANTHROPIC),
    ),
    **dict.fromkeys(
        ("bedrock", "amazon-bedrock", "bedrock-converse", "aws"),
        ("Amazon Bedrock", _ANTHROPIC | _OPENAI),
    ),
    **dict.fromkeys(
        ("openrouter", "github", "vercel", "vercel-ai-gateway", "litellm", "litellm-proxy"),
        (None, _ANYONE),
    ),
}
"""Prefixes of a name: the cloud that sells the model (None for the vendor, or a gateway that charges the vendor's
prices), and the vendors whose models it sells.
"""

_APIS = frozenset({"chat", "responses", "messages", "completion", "completions", "converse", "invoke"})
"""Words between seller and name that say which API is called; they do not change the price."""

_WORLDWIDE = frozenset({"global", "global-standard", "claude-platform"})
"""Words between seller and name that stand for worldwide processing; they do not change the price."""

_AREAS = frozenset({"us", "eu", "apac", "jp", "au", "ca", "uk", "us-gov"})
_REGION = re.compile(r"[a-z]{2,4}(?:-gov)?-[a-z]+-?\d")

_TIERS = frozenset({"batch", "flex", "priority"})

_OTHERWISE = {
    "free": "':free' is a variant of OpenRouter that costs nothing, and is limited",
    "online": "':online' adds a web search that is charged for each request",
    "nitro": "':nitro' goes to the fastest provider, at a price of its own",
    "floor": "':floor' goes to the cheapest provider, at a price of its own",
    "exacto": "':exacto' goes to chosen providers, at prices of their own",
    "extended": "':extended' has another window, at a price of its own",
    "bedrock-mantle": "Amazon Bedrock's endpoint in the style of OpenAI charges a tenth more",
    "github-copilot": "GitHub Copilot charges by seat and request, not by token",
    "chatgpt": "a ChatGPT subscription is not charged by token",
}
"""Parts of a name that change the price, with the reason."""

_SELLS_OTHERWISE = frozenset({"bedrock-mantle", "github-copilot", "chatgpt"})
"""The keys of ``_OTHERWISE`` that are prefixes of a name."""

_SAME = frozenset({"thinking", "beta", "latest", "default"})
"""Suffixes after a colon or an at sign that do not change the price."""

_DOTTED = re.compile(
    r"(?:(?P<area>global|us-gov|us|eu|apac|jp|au|ca|uk)\.)?(?P<vendor>anthropic|openai|google)\.(?=\D)"
)
_VERSION = re.compile(r"-v\d+(?::\d+)?(?::\d+k)?(?=@|$)")
_RESOURCE = re.compile(
    r"(?:projects/[^/]+/locations/(?P<region>[^/]+)/)?publishers/(?P<vendor>[^/]+)/models/(?P<name>.+)"
    r"|arn:aws[a-z-]*:bedrock:.*/(?P<profile>[^/]+)"
)
_DATE = re.compile(r"[-@ ](20\d\d)-?(\d\d)-?(\d\d)$")
_LATEST = re.compile(r"(?:[-:]|@)(?:latest|default)$")
_COMMITMENT = re.compile(r"\d+-month-commitment")
_LONG = "[1m]"
_DASHES = re.compile("[‐-―]")


def spelling(written: str) -> Spelling:
    """Return the parts of a model name.

    >>> parts = spelling("openrouter/anthropic/claude-3.7-sonnet:thinking")
    >>> parts.core, sorted(parts.vendors)
    ('claude-3.7-sonnet', ['anthropic'])
    >>> spelling("azure/eu/gpt-4.1-2025-04-14").region
    'eu'
    """
    text = _DASHES.sub("-", " ".join(written.casefold().split()))
    is_long = text.endswith(_LONG)
    text = text.removesuffix(_LONG).rstrip(" -")
    resource = _RESOURCE.fullmatch(text)
    if resource is not None:
        text = (
            resource["profile"] or f"vertex-ai/{resource['region'] or 'global'}/{resource['vendor']}/{resource['name']}"
        )
    parts = _Parts()
    text = parts.take_front(text)
    text = parts.take_marks(text)
    whole = _plain(text)
    core = _LATEST.sub("", whole)
    day = _day(core)
    return Spelling(
        whole=core,
        core=_DATE.sub("", core) if day else core,
        vendors=parts.vendors,
        seller=parts.seller,
        region=parts.region,
        day=day,
        is_moving=core != whole and not whole.endswith("default"),
        is_long=is_long,
        tier=parts.tier,
        refused=parts.refused,
    )


class _Parts:
    """The parts found so far, as they are removed from a name."""

    def __init__(self) -> None:
        self.vendors: frozenset[str] = frozenset()
        self.seller: str | None = None
        self.region: str | None = None
        self.tier: str | None = None
        self.refused: str | None = None

    def take_front(self, text: str) -> str:
        """Remove the seller's prefixes and return the rest; an unknown prefix stays."""
        while (found := re.match(r"([^/:]+)[/:]\s*(?=\S)", text)) and self._is_known(found[1]):
            text = text[found.end() :]
        dotted = _DOTTED.match(text)
        if dotted is not None:
            self.seller = "Amazon Bedrock"
            self.vendors = frozenset({dotted["vendor"]})
            self.region = self.region if dotted["area"] in {None, "global"} else dotted["area"]
            text = text[dotted.end() :]
        bare = _VERSION.sub("", text) if self.seller == "Amazon Bedrock" or text.startswith("claude") else text
        return bare if re.search("[0-9]", bare) else text  # claude-v2:1 is a model, not a version of another one

    def _is_known(self, word: str) -> bool:
        word = word.strip().replace("_", "-").replace(" ", "-")
        is_behind = bool(self.vendors)
        if word in SELLERS:
            seller, vendors = SELLERS[word]
            # The last prefix decides: openrouter/openai/…
            self.vendors = vendors & self.vendors or vendors
            self.seller = self.seller or seller
        elif word in _SELLS_OTHERWISE:
            self.refused, self.vendors = _OTHERWISE[word], _ANYONE
        elif word in _TIERS:
            self.tier, self.vendors = word, self.vendors or _ANYONE
        elif is_behind and (word in _AREAS or _REGION.fullmatch(word)):
            self.region = word
        elif is_behind and _COMMITMENT.fullmatch(word):
            self.refused = f"'{word}' is capacity that is paid by the hour"
        else:
            return is_behind and word in _APIS | _WORLDWIDE
        return True

    def take_marks(self, text: str) -> str:
        """Remove suffixes and return the rest."""
        rest, colon, mark = text.rpartition(":")
        mark = mark.strip()
        if not colon or not rest:
            return text
        if mark in _TIERS:
            self.tier = mark
        elif mark in _OTHERWISE:
            self.refused = _OTHERWISE[mark]
        elif mark == "latest":
            return f"{rest}-latest"
        elif mark not in _SAME:
            return text
        return rest


def _plain(text: str) -> str:
    """Return a name with single dashes in place of blanks, underscores and parentheses."""
    return re.sub(r"-{2,}", "-", re.sub(r"[\s_()]+", "-", text)).strip("-")


def _day(name: str) -> date | None:
    """Return the date at the end of a name. None if there is none."""
    found = _DATE.search(name)
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
