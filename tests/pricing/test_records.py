"""Records are dataclasses, which they only become when something asks for it."""

from __future__ import annotations

import copy
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace

import pytest

from gpt41calc.pricing.fields import Record


def _new_kind() -> type[Record]:
    class Point(Record):
        x: int
        y: int = 2

    return Point


def test_a_record_of_checked_values_is_no_dataclass_yet() -> None:
    """Making a record of validated values, reading and altering it does not make its class a dataclass."""
    kind = _new_kind()
    one = kind.of_checked(kind.defaults() | {"x": 1}).altered(y=3)
    assert (one.x, one.y) == (1, 3)  # type: ignore[attr-defined]
    assert "__dataclass_fields__" not in vars(kind)


def test_a_record_is_a_dataclass_for_whoever_asks() -> None:
    """Fields, defaults, copies, equality, hashes and the text of a record are those of a frozen dataclass."""
    kind = _new_kind()
    one = kind(x=1)
    assert is_dataclass(kind)
    assert [field.name for field in fields(one)] == ["x", "y"]
    assert replace(one, y=4) == kind(x=1, y=4) != one
    assert len({one, kind(x=1, y=2), kind.of_checked({"y": 2, "x": 1})}) == 1
    assert repr(one).endswith("Point(x=1, y=2)")


@pytest.mark.parametrize("ask", [hash, repr, lambda one: one == one.altered(), lambda one: one != one.altered(x=5)])
def test_methods_of_a_dataclass_work_at_first_use(ask: object) -> None:
    """Equality, hash and text need no field to be asked for before."""
    assert ask(_new_kind().of_checked({"x": 1, "y": 2}))  # type: ignore[operator]


def test_a_record_is_frozen_from_the_beginning() -> None:
    """A field cannot be assigned, whether or not the class is a dataclass yet."""
    one = _new_kind().of_checked({"x": 1, "y": 2})
    with pytest.raises(FrozenInstanceError):
        one.x = 2
    with pytest.raises(FrozenInstanceError):
        del one.x  # type: ignore[attr-defined]
    hash(one)
    with pytest.raises(FrozenInstanceError):
        one.x = 2


def test_a_record_refuses_other_values() -> None:
    """A missing and an unknown value are errors; values are given by name."""
    for given in ({}, {"x": 1, "z": 1}):
        with pytest.raises(TypeError):
            _new_kind()(**given)
    with pytest.raises(TypeError):
        _new_kind()(1)  # type: ignore[call-arg]


def test_the_base_of_all_records_is_no_dataclass() -> None:
    """It has no fields."""
    assert not is_dataclass(Record)


def test_several_threads_ask_at_once() -> None:
    """A class is made a dataclass once, and no thread uses it before it is whole."""
    kinds = [_new_kind() for _ in range(50)]
    records = [kind.of_checked({"x": 1, "y": 2}) for kind in kinds]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            hashes = list(pool.map(hash, [record for record in records for _ in range(8)]))
    finally:
        sys.setswitchinterval(before)

    assert [hash(record) for record in records for _ in range(8)] == hashes


def test_a_record_extends_no_other_one() -> None:
    """It would be without the fields of the other one."""
    with pytest.raises(TypeError, match="extends no other"):
        type("Other", (_new_kind(),), {})


@pytest.mark.skipif(sys.version_info < (3, 13), reason="copy.replace is new in Python 3.13")
def test_a_record_can_be_copied_with_changes() -> None:
    """The class need not be a dataclass before."""
    one = _new_kind().of_checked({"x": 1, "y": 2})
    assert copy.replace(one, x=3) == one.altered(x=3)  # type: ignore[attr-defined]
