"""Prices that were once published here never change: history is appended, not edited."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import pytest

from gpt41calc.pricing.price import TIERS, PriceRow
from gpt41calc.pricing.table import load_pricing

FROZEN: dict[str, str] = {
    "gpt-4.1 2025-04-14 >0": "14c539c1d2f2",
    "gpt-4.1-mini 2025-04-14 >0": "2d5316557726",
    "gpt-4.1-nano 2025-04-14 >0": "eec2933f982f",
    "gpt-4o 2024-05-13 >0": "ba058c9b9ced",
    "gpt-4o 2024-08-06 >0": "c57b330ad66e",
    "gpt-4o 2024-10-01 >0": "b292d9194aa7",
    "gpt-4o-2024-05-13 2024-05-13 >0": "78db3f8fab9c",
    "gpt-4o-mini 2024-07-18 >0": "1672c7efd5f1",
    "gpt-4o-mini 2024-10-01 >0": "e7b3b090581e",
    "gpt-4.5-preview 2025-02-27 >0": "95c1c059fbf1",
    "gpt-4 2023-03-14 >0": "107911d4ddd6",
    "gpt-4-32k 2023-03-14 >0": "3d5169415f07",
    "gpt-4-turbo 2023-11-06 >0": "28b1a2bfcb71",
    "o1 2024-12-17 >0": "8b99cfbad526",
    "o3-mini 2025-01-31 >0": "0fdb72fc1334",
    "o3 2025-04-16 >0": "f9280d7890b2",
    "o3 2025-06-10 >0": "abd97cfac81f",
    "o4-mini 2025-04-16 >0": "b7f7804849a1",
    "claude-3-7-sonnet 2025-02-24 >0": "145c29f7a349",
    "gemini-2.5-pro 2025-06-17 >0": "d79348ad5674",
    "gemini-2.5-pro 2025-06-17 >200000": "38fa24f04c85",
    "gemini-2.5-pro 2025-10-31 >0": "62b2eb1f7650",
    "gemini-2.5-pro 2025-10-31 >200000": "44443705db04",
    "gemini-2.5-flash 2025-06-17 >0": "9bec6adbafb7",
    "gemini-2.5-flash 2025-10-31 >0": "1ee073224a9f",
    "gpt-6-luna 2026-09-22 >0": "5728db0653e2",
    "gpt-6-luna 2026-09-22 >272000": "1e53d3e80264",
    "gpt-6-sol 2026-09-22 >0": "3123de65bc64",
    "gpt-6-sol 2026-09-22 >272000": "a3c71828ff99",
    "gpt-6-astra 2026-09-03 >0": "a3636f2c4789",
    "gpt-6-astra 2026-09-03 >272000": "3287cc8f2f77",
    "gpt-6.1-sol 2026-09-29 >0": "5634e14fc3c8",
    "gpt-6.1-sol 2026-09-29 >272000": "2044a45d88d1",
    "gpt-6.1-terra 2026-10-26 >0": "0b1b658f91e6",
    "gpt-6.1-terra 2026-10-26 >272000": "07a4d72325e7",
    "gpt-5 2025-08-07 >0": "2f0e95ee2790",
    "gpt-5-mini 2025-08-07 >0": "7911a6346337",
    "gpt-5-nano 2025-08-07 >0": "1cf1e92da641",
    "gpt-5.1 2025-11-13 >0": "2f0e95ee2790",
    "gpt-5.2 2025-12-11 >0": "e0cc97e9509e",
    "gpt-5.4 2026-03-05 >0": "584f1d85bd9b",
    "gpt-5.4 2026-03-05 >272000": "da6238b2b16d",
    "gpt-5.4-mini 2026-03-17 >0": "7f0efd567eec",
    "gpt-5.4-nano 2026-03-17 >0": "ccf057d40ff6",
    "gpt-5.5 2026-04-23 >0": "65a58d8f85d0",
    "gpt-5.5 2026-04-23 >272000": "c922a42519ac",
    "gpt-5.6-sol 2026-07-09 >0": "c59ff8d4c074",
    "gpt-5.6-sol 2026-07-09 >272000": "0ea3a60cf096",
    "gpt-5.6-sol 2026-08-21 >0": "d4880626104d",
    "gpt-5.6-sol 2026-08-21 >272000": "082f6643ac66",
    "gpt-5.6-terra 2026-07-09 >0": "d2a97f8ea695",
    "gpt-5.6-terra 2026-07-09 >272000": "75496164c8fb",
    "gpt-5.6-terra 2026-07-30 >0": "cf06a3223987",
    "gpt-5.6-terra 2026-07-30 >272000": "fae30dc18800",
    "gpt-5.6-luna 2026-07-09 >0": "6f3333b856fd",
    "gpt-5.6-luna 2026-07-09 >272000": "8fa6042b8374",
    "gpt-5.6-luna 2026-07-30 >0": "18c8e1d8b8d7",
    "gpt-5.6-luna 2026-07-30 >272000": "cfdf13e81719",
    "claude-sonnet-4 2025-05-22 >0": "145c29f7a349",
    "claude-sonnet-4-5 2025-09-29 >0": "145c29f7a349",
    "claude-haiku-4-5 2025-10-15 >0": "6a5148b6235f",
    "claude-opus-4-5 2025-11-24 >0": "812f5ee1ae4b",
    "claude-sonnet-4-6 2026-02-17 >0": "145c29f7a349",
    "claude-sonnet-4-6 2026-02-17 >200000": "757964dfb931",
    "claude-sonnet-4-6 2026-03-13 >200000": "145c29f7a349",
    "claude-sonnet-5 2026-06-30 >0": "aaad32ceba07",
    "claude-sonnet-5-5 2026-09-28 >0": "aaad32ceba07",
    "claude-opus-5-5 2026-09-22 >0": "190a2b077efd",
    "claude-3-haiku 2024-03-07 >0": "35d8a647a422",
    "claude-3-opus 2024-02-29 >0": "eec2da703972",
    "claude-3-5-sonnet 2024-06-20 >0": "145c29f7a349",
    "claude-3-5-haiku 2024-10-22 >0": "092d0bed210c",
    "claude-opus-4-6 2026-02-05 >0": "812f5ee1ae4b",
    "claude-opus-4-7 2026-04-16 >0": "812f5ee1ae4b",
    "gpt-3.5-turbo 2024-01-25 >0": "beffff2bc018",
    "gpt-3.5-turbo-0613 2023-06-13 >0": "0e2d0358b1fa",
    "gpt-5-pro 2025-10-06 >0": "1c9fe944603d",
    "gemini-2.0-flash 2025-02-05 >0": "753138ef0ebc",
    "gemini-2.5-flash-lite 2025-07-22 >0": "dbcd4a85358f",
    "gemini-3-pro-preview 2025-11-18 >0": "b632bf10d4f2",
    "gemini-3-pro-preview 2025-11-18 >200000": "00afd9f34bbc",
    "gemini-3-flash-preview 2025-12-17 >0": "97c0dc898123",
    "gemini-3.1-pro-preview 2026-02-19 >0": "54a2d5ebb17b",
    "gemini-3.1-pro-preview 2026-02-19 >200000": "4e300f5ed859",
    "gemini-3.1-flash-lite 2026-05-07 >0": "c0721375dc5a",
    "gemini-3.5-flash 2026-05-19 >0": "0ba74e7ecb2f",
    "gemini-3.5-flash-lite 2026-07-21 >0": "19b13e2f1b93",
    "gemini-3.6-flash 2026-07-21 >0": "cad30ed3d832",
    "gemini-3.6-flash 2027-01-01 >0": "e5dfe24f9e10",
    "gemini-3.7-flash 2026-08-13 >0": "cad30ed3d832",
    "gemini-3.7-flash 2027-01-01 >0": "e5dfe24f9e10",
    "gemini-3.8-flash 2026-09-02 >0": "cad30ed3d832",
    "gemini-3.8-flash 2027-01-01 >0": "e5dfe24f9e10",
    "chatgpt-4o-latest 2024-08-15 >0": "bfe7f5f59530",
    "gpt-3.5-turbo-0301 2023-03-01 >0": "0e2d0358b1fa",
    "gpt-3.5-turbo-1106 2023-11-06 >0": "480b53d0e4ff",
    "gpt-3.5-turbo-16k 2023-06-13 >0": "8d7393e156ef",
    "text-embedding-3-small 2024-01-25 >0": "835cb85fa6bf",
    "text-embedding-3-large 2024-01-25 >0": "365e72717e8d",
    "text-embedding-ada-002 2022-12-15 >0": "f1e83cb5bc2f",
    "o1-preview 2024-09-12 >0": "32e12aa62630",
    "o1-preview 2024-10-01 >0": "0229384b8644",
    "o1-mini 2024-09-12 >0": "16ff0392014a",
    "o1-mini 2024-10-01 >0": "a119d138a210",
    "o1-mini 2025-01-31 >0": "882efdb8b3e5",
    "o1-pro 2025-03-19 >0": "58ccb419abe7",
    "o3-pro 2025-06-10 >0": "925e3de936ae",
    "codex-mini-latest 2025-05-16 >0": "d30b9245d9e6",
    "gemini-2.0-flash-lite 2025-02-25 >0": "7f9e947942eb",
    "gemini-1.5-pro 2024-05-24 >0": "a42e0b8c325d",
    "gemini-1.5-pro 2024-05-24 >128000": "507fa98db51c",
    "gemini-1.5-pro 2024-10-01 >0": "92375f4a4e94",
    "gemini-1.5-pro 2024-10-01 >128000": "7372b5a2df43",
    "gemini-1.5-flash 2024-05-24 >0": "ebabeb9d6ffb",
    "gemini-1.5-flash 2024-05-24 >128000": "88d3576d8083",
    "gpt-5-codex 2025-09-23 >0": "62932fbfd8fb",
    "gpt-5.1-codex 2025-11-13 >0": "dc7821e6d62a",
    "gpt-5.1-codex-max 2025-12-04 >0": "62932fbfd8fb",
    "gpt-5.1-codex-mini 2025-11-13 >0": "663da751eddb",
    "gpt-5.2-pro 2025-12-11 >0": "c5f90428aa9a",
    "gpt-5.2-codex 2026-01-14 >0": "f92d84e2cacb",
    "gpt-5.3-codex 2026-02-05 >0": "ecfe65c15082",
    "gpt-oss-120b 2025-08-05 >0": "c5eb18e60108",
    "gpt-oss-20b 2025-08-05 >0": "6094b5a04e14",
    "claude-3-sonnet 2024-02-29 >0": "145c29f7a349",
    "claude-opus-4-8 2026-05-28 >0": "812f5ee1ae4b",
    "claude-opus-5 2026-07-24 >0": "812f5ee1ae4b",
    "claude-fable-5 2026-06-09 >0": "219b36013f4a",
    "claude-fable-5-1 2026-09-01 >0": "3a63798703d5",
    "claude-opus-4 2025-05-22 >0": "eec2da703972",
    "claude-opus-4-1 2025-08-05 >0": "eec2da703972",
    "claude-sonnet-5-5 2026-10-06 >0": "d5c91f80f41e",
    "claude-haiku-5-5 2026-10-07 >0": "6f6d59f8b98d",
    "claude-haiku-5-5 2026-10-07 >100000": "fb5bbe187d6b",
}
"""Digest of every row of ``pricing.toml``, by model, first day and step."""

CORRECTED: dict[str, str] = {
    "gemini-3.1-pro-preview 2026-02-19 >200000": "90114d4f6ce6",
    "gemini-2.5-pro 2025-10-31 >200000": "1a8586b2e678",
    "claude-sonnet-5-5 2026-09-28 >0": "d5c91f80f41e",
    "claude-opus-4-8 2026-04-16 >0": "812f5ee1ae4b",
    "claude-opus-5 2026-04-16 >0": "812f5ee1ae4b",
    "claude-fable-5 2026-04-16 >0": "219b36013f4a",
}
"""Digest of every row that was wrong, as it stood until it was replaced; the only rows that ever changed."""


def digest(row: PriceRow) -> str:
    """Hash what a row charges in each tier; notes and sources may still be improved."""
    prices = {
        tier: {kind: f"{charged.normalize():f}" for kind, charged in price.given().items()}
        for tier in TIERS
        if (price := row.of(tier))
    }
    canonical = json.dumps(prices, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


@cache
def shipped() -> dict[str, str]:
    """Return the digests of the rows that are in ``pricing.toml`` now."""
    return {
        f"{model.id} {row.since} >{row.above_input_tokens}": digest(row)
        for model in load_pricing().models
        for row in model.price
    }


@pytest.mark.parametrize("key", FROZEN)
def test_a_published_row_never_changes(key: str) -> None:
    """A row that was ever shipped is still there, and charges what it charged."""
    expected = FROZEN[key]
    actual = shipped().get(key, "nothing")

    assert expected == actual, (
        f"the price row '{key}' was changed or deleted; put it back, and append a row with a later 'since' instead"
    )


def test_every_row_is_frozen() -> None:
    """A new row is not shipped before its digest is written down here."""
    missing = "\n".join(f'    "{key}": "{value}",' for key, value in shipped().items() if key not in FROZEN)

    assert "" == missing, f"add to FROZEN in {__file__}:\n{missing}"


@pytest.mark.parametrize("key", CORRECTED)
def test_a_row_that_was_wrong_says_so(key: str) -> None:
    """A row that was replaced charges something else now, says until when it did not, and is in the changelog."""
    name = key.split(maxsplit=1)[0]
    notes = " ".join(row.note or "" for row in load_pricing().find(name).price)
    changelog = Path(__file__).parents[2].joinpath("CHANGELOG.md").read_text(encoding="utf-8")
    changed = changelog.partition("### Changed numbers")[2].partition("\n### ")[0]

    assert CORRECTED[key] != shipped().get(key)
    assert ("until 2026-11-26" in notes.lower(), f"`{name}`" in changed) == (True, True)
