"""Take the name of a model apart: who sells it, what changes its price, its date, and the name that is left.

Gateways, clouds and people write one model in many ways: ``openai/gpt-4.1``, ``GPT-4.1 mini``,
``us.anthropic.claude-sonnet-4-20250514-v1:0``. Nothing here knows which models there are;
:mod:`.names` finds in the price table what is left of a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

__all__ = ["SELLERS", "Spelling", "spelling"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """A name as it was written, in its parts."""

    whole: str
    """What is left without who sells it, in lower case: ``gpt-4.1-2025-04-14``."""

    core: str
    """The same without date and ``-latest``: ``gpt-4.1``."""

    vendors: frozenset[str] = frozenset()
    """Who may have made it, as ``Model.provider`` has it; empty if nothing in the name says so."""

    seller: str | None = None
    """The cloud that sells it, by its name. None if its vendor, or a gateway that charges the vendor's prices."""

    region: str | None = None
    """The region in which a cloud serves it, which may be charged more."""

    day: date | None = None
    """The day of its snapshot."""

    is_moving: bool = False
    """Whether it is the newest of a family (``-latest``), and so another model some day."""

    is_long: bool = False
    """Whether a window of one million tokens is asked for (``[1m]``)."""

    tier: str | None = None
    """The price list that a mark names: batch, flex or priority."""

    refused: str | None = None
    """Why it cannot have the list price of a model: a mark that changes the price. None if there is no such mark."""


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
"""Words in front of a name: the cloud that sells the model (None for its vendor, or a gateway that charges the vendor's
prices), and whose models it sells."""

_APIS = frozenset({"chat", "responses", "messages", "completion", "completions", "converse", "invoke"})
"""Words between seller and name that say which API is called, at the same price."""

_WORLDWIDE = frozenset({"global", "global-standard", "claude-platform"})
"""Words between seller and name that change no price."""

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
"""Marks that change the price, and how."""

_SELLS_OTHERWISE = frozenset({"bedrock-mantle", "github-copilot", "chatgpt"})
"""Those of them that stand in front of a name."""

_SAME = frozenset({"thinking", "beta", "latest", "default"})
"""Marks behind a colon or an at sign that change no price."""

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
    """Take a name apart.

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
    """What stands around a name, as it is taken off."""

    def __init__(self) -> None:
        self.vendors: frozenset[str] = frozenset()
        self.seller: str | None = None
        self.region: str | None = None
        self.tier: str | None = None
        self.refused: str | None = None

    def take_front(self, text: str) -> str:
        """Take off who sells the model, and return the rest; what is not known stays in front of it."""
        while (found := re.match(r"([^/:]+)[/:]\s*(?=\S)", text)) and self._is_known(found[1]):
            text = text[found.end() :]
        dotted = _DOTTED.match(text)
        if dotted is not None:
            self.seller = "Amazon Bedrock"
            self.vendors = frozenset({dotted["vendor"]})
            self.region = self.region if dotted["area"] in {None, "global"} else dotted["area"]
            text = text[dotted.end() :]
        bare = _VERSION.sub("", text) if self.seller == "Amazon Bedrock" or text.startswith("claude") else text
        return bare if re.search("[0-9]", bare) else text  # claude-v2:1 is a model, and no version of another

    def _is_known(self, word: str) -> bool:
        word = word.strip().replace("_", "-").replace(" ", "-")
        is_behind = bool(self.vendors)
        if word in SELLERS:
            seller, vendors = SELLERS[word]
            # The last word counts: openrouter/openai/…
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
        """Take off marks behind the name, and return the rest."""
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
    """Return a name with single dashes where it has blanks, underscores or parentheses."""
    return re.sub(r"-{2,}", "-", re.sub(r"[\s_()]+", "-", text)).strip("-")


def _day(name: str) -> date | None:
    """Return the day at the end of a name. None if there is none."""
    found = _DATE.search(name)
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
