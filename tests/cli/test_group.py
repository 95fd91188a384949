"""Groups of options are read-only, and know their options."""

from __future__ import annotations

import pytest

from gpt41calc.cli.options import Inputs, Parts


def test_a_group_has_the_defaults_of_its_options_and_of_those_it_extends() -> None:
    """What is not given has its default, also if the option is declared in the group that this one extends."""
    assert (["a"], True, False) == (Inputs(paths=["a"]).paths, Inputs(hidden=True).hidden, Inputs().hidden)


def test_a_group_is_read_only() -> None:
    """A field cannot be set; a changed copy is another object."""
    parts = Parts(top="3")

    with pytest.raises(AttributeError, match=r"Parts\.top cannot be changed"):
        parts.top = None  # type: ignore[misc]
    assert ("3", None) == (parts.top, parts.replaced(top=None).top)


def test_a_group_refuses_what_is_no_option_of_it() -> None:
    """A misspelt option is an error, as with any function."""
    with pytest.raises(TypeError, match="Parts has no option tops"):
        Parts(tops="3")  # type: ignore[call-arg]
