"""What each key does."""

from __future__ import annotations

from textual.binding import Binding

__all__ = ["BINDINGS", "IN_DIALOGS", "IN_QUESTIONS"]

BINDINGS = [
    Binding(keys, action, priority=True)
    for keys, action in (
        ("up,k", "move(-1)"),
        ("down,j", "move(1)"),
        ("pageup", "page(-1)"),
        ("pagedown", "page(1)"),
        ("home,g", "move(-1000000000)"),
        ("end,G", "move(1000000000)"),
        ("enter,right,l", "choose"),
        ("left,backspace,h", "up"),
        ("escape", "escape"),
        ("x,space", "leave_out"),
        ("e", "ask('EXCLUDE')"),
        ("slash", "ask('FILTER')"),
        ("u", "take_back"),
        ("s", "sort"),
        ("r", "reverse"),
        ("m", "models"),
        ("question_mark", "help"),
        ("q", "leave"),
        ("ctrl+q", "finish"),
        ("ctrl+c", "abandon"),
        ("ctrl+z", "suspend_process"),
    )
]
"""The keys of every action; they are obeyed before a widget sees them, so that keys that arrive together keep their
order.
"""

IN_QUESTIONS = frozenset({"escape", "finish", "abandon"})
"""Actions while a glob is typed: all other keys are characters of it."""

IN_DIALOGS = IN_QUESTIONS | {"move", "page", "choose", "up", "models", "help", "leave"}
"""Actions over a dialog; most of them close it."""
