"""Where the program keeps its files."""

from __future__ import annotations

import pytest
from platformdirs import user_cache_path

from gpt41calc.locations import cache_folder


@pytest.mark.parametrize("xdg", [None, "", "/x/cache", "/x/cache/", "/x/ ", "relative", "~/cache"])
@pytest.mark.parametrize("home", ["/home/somebody", "/home/somebody/", "/"])
def test_the_cache_folder_is_that_of_platformdirs(monkeypatch: pytest.MonkeyPatch, xdg: str | None, home: str) -> None:
    """The folder that is found without importing platformdirs is the one that it finds."""
    monkeypatch.setenv("HOME", home)
    if xdg is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", xdg)

    assert user_cache_path("gpt41calc", appauthor=False) == cache_folder()
