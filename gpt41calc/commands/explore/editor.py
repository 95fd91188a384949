"""A line of text that is being typed."""

from __future__ import annotations

from .text import Line

__all__ = ["Editor"]


class Editor:
    """The text and its cursor.

    >>> editor = Editor()
    >>> [editor.press(key, key if len(key) == 1 else None) for key in ("*", "x", "left", "p", "delete", "enter")]
    [True, True, True, True, True, False]
    >>> editor.text
    '*p'
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.text = ""
        """What is typed so far."""
        self._at = 0

    def press(self, key: str, character: str | None) -> bool:
        """Take a key; return whether it means something here.

        Args:
            key: its name, as Textual has it.
            character: what it types. None if it types nothing.
        """
        before, behind = self.text[: self._at], self.text[self._at :]
        if key == "backspace":
            self._put(before[:-1], behind)
        elif key == "delete":
            self._put(before, behind[1:])
        elif key == "ctrl+u":
            self._put("", behind)
        elif key in {"left", "right", "home", "end"}:
            moved = {"left": self._at - 1, "right": self._at + 1, "home": 0, "end": len(self.text)}[key]
            self._at = max(0, min(moved, len(self.text)))
        elif character and character.isprintable():
            self._put(before + character, behind)
        else:
            return False
        return True

    def insert(self, text: str) -> None:
        """Take a text that was pasted; of several lines, the first one."""
        printable = "".join(filter(str.isprintable, (text.splitlines() or [""])[0]))
        self._put(self.text[: self._at] + printable, self.text[self._at :])

    def _put(self, before: str, behind: str) -> None:
        self.text, self._at = before + behind, len(before)

    def line(self) -> Line:
        """Return the text with its cursor."""
        at = self._at
        return [(self.text[:at], ""), (self.text[at : at + 1] or " ", "reverse"), (self.text[at + 1 :], "")]
