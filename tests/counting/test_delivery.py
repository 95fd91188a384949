"""Messages come as they were sent, and who says nothing is not waited for."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.counting.delivery import received, send, send_heartbeat

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pipe can be waited for")


@given(st.lists(st.binary(min_size=1, max_size=200), max_size=20), st.integers(0, 3))
def test_messages_come_as_they_were_sent(messages: list[bytes], signs_of_life: int) -> None:
    """In their order, whatever else was said between them, until the sender is gone."""
    reading, writing = os.pipe()
    for message in messages:
        for _ in range(signs_of_life):
            send_heartbeat(writing)
        send(writing, message)
    os.close(writing)
    actual = list(received([reading]))
    os.close(reading)

    assert messages == actual


@pytest.mark.parametrize("cut", [0, 3, 8, 12])
def test_who_stops_in_the_middle_is_not_waited_for(cut: int) -> None:
    """What was sent before is there; the sender may live on, and say nothing."""
    reading, writing = os.pipe()
    send(writing, b"whole")
    os.write(writing, ((100).to_bytes(8, "big") + b"half of it")[:cut])
    actual = list(received([reading], silent_seconds=0.05))
    os.close(writing)
    os.close(reading)

    assert [b"whole"] == actual


def test_one_of_two_is_enough() -> None:
    """Who is gone does not end what the other says."""
    gone, end = os.pipe()
    os.close(end)
    reading, writing = os.pipe()
    send(writing, b"1")
    send(writing, b"2")
    os.close(writing)
    actual = list(received([gone, reading]))
    os.close(gone)
    os.close(reading)

    assert [b"1", b"2"] == actual
