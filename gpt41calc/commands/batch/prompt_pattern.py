"""Prompts of requests that differ only in their texts: what is the same for all of them is prepared once."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from ...requests.plain_lines import SlottedBlocks
from .prompt_cache import FIRST_TOKENS, prefix_digests
from .prompts import Prompt, Prompter, mark_of, part_key

__all__ = ["PromptPattern"]


class PromptPattern:
    """Does for the texts of a request what ``Prompter.write`` does for its blocks, in half the time."""

    def __init__(self, slotted: SlottedBlocks, prompter: Prompter) -> None:
        """Take the blocks, which have no pictures, and what encodes texts."""
        self._encode = prompter.encode
        self._pieces: list[array[int] | int] = []
        self._parts: list[tuple[int, int | None, int]] = []
        self._text = self._length = 0
        for block, slot in zip(slotted.blocks, slotted.slots, strict=True):
            encoded = [prompter.encode(text) for text in block.texts]
            fixed = sum(map(len, encoded))
            self._pieces += encoded if slot is None else [slot]
            self._pieces.append(array("I", [mark_of(block)]) * block.tokens)
            self._text += fixed
            self._length += fixed + block.tokens
            if not block.is_head:
                self._parts.append((part_key(block.texts), slot, fixed + block.tokens))

    def write(self, texts: Sequence[str]) -> Prompt:
        """Return the prompt of a request with these texts, which are in the order of its slots."""
        encode = self._encode
        encoded = [encode(text) for text in texts]
        more = sum(map(len, encoded))
        if self._length + more < FIRST_TOKENS:
            return Prompt((), self._text + more, ())
        joined = array("I")
        for piece in self._pieces:
            joined += encoded[piece] if isinstance(piece, int) else piece
        parts = [
            (key, size) if slot is None else (part_key((texts[slot],)), size + len(encoded[slot]))
            for key, slot, size in self._parts
        ]
        return Prompt(prefix_digests(joined), self._text + more, tuple(parts))
