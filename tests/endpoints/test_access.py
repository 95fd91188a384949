"""Keys and addresses from the environment."""

from __future__ import annotations

import pytest

from gpt41calc.endpoints.access import access_to
from gpt41calc.errors import UsageError

KEY = {"OPENAI_API_KEY": "sk-secret"}


def test_the_key_is_in_no_text_of_it() -> None:
    """Only in the headers."""
    access = access_to("openai", KEY)

    assert "Bearer sk-secret" == access.headers()["Authorization"]
    assert "sk-secret" not in f"{access} {access!r} {access.host}"


def test_the_first_variable_goes_first() -> None:
    """As in Google's own SDK."""
    both = {"GEMINI_API_KEY": "a", "GOOGLE_API_KEY": "b"}

    assert ["b", "a"] == [access_to("google", one).key for one in (both, {"GEMINI_API_KEY": "a"})]


@pytest.mark.parametrize("key", ["sk-sec ret", "sk-sec\nret", "sk-secrét", "sk-\x7f"])
def test_what_is_no_key_is_not_shown(key: str) -> None:
    """It may be a part of one."""
    with pytest.raises(UsageError) as refused:
        access_to("openai", {"OPENAI_API_KEY": key})

    assert "OPENAI_API_KEY: not a key: it holds a blank, or a character that no key has" == str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.com", "example.com", "https://", "https://user:secret@example.com", "https://a:b"),
        *("https://example.com?key=secret", "https://example.com#secret", "https://exa\nmple.com/\x1b", "https://[a"),
    ],
)
def test_what_is_no_address_is_not_shown(url: str) -> None:
    """It may hold a password."""
    with pytest.raises(UsageError) as refused:
        access_to("openai", KEY | {"OPENAI_BASE_URL": url})

    assert "OPENAI_BASE_URL: expected an address such as https://api.openai.com/v1, without a user name" == str(
        refused.value
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [("http://gateway.example", True), ("https://gateway.example", False), ("http://localhost:1", False)],
)
def test_a_key_that_is_readable_on_the_way(url: str, expected: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Without encryption, to another machine."""
    assert expected is access_to("openai", KEY | {"OPENAI_BASE_URL": url}).is_readable_on_the_way
