"""Read the one text that a command was given, block by block, and find the encoding of its tokens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ..errors import NothingCounted, UnknownModel, UsageError
from .process import Process
from .text_options import Encoded, OneText

if TYPE_CHECKING:
    from ..sources.source import Source

__all__ = ["InputText", "encoding_of", "wants_document"]


class InputText:
    """One pass over the text: a file, standard input, or a word of the command line."""

    def __init__(self, typed: OneText, process: Process, what: str = "text") -> None:
        """Find the text; nothing is read yet.

        Args:
            typed: the options that name it.
            process: the process.
            what: what it is called if there is none.

        Raises:
            NoSuchPath: there is no such file.
            UsageError: a text is given twice or not at all, or the path is that of a folder.
        """
        self._string = typed.string
        self._process = process
        if typed.string is not None:
            if typed.path is not None:
                message = f"--string and {typed.path} are two texts, and this command takes one"
                raise UsageError(message)
            self.name = "<string>"
            return
        from ..sources.read import Reading
        from ..sources.source import Rules

        rules = Rules(text=typed.text)
        source = _source(typed.path, process, what)
        self.name = source.name
        self._reading = Reading(source, rules, stdin=process.stdin)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the text as UTF-8, without a byte order mark; what is no text becomes U+FFFD.

        Raises:
            NothingCounted: it is binary, or cannot be read.
        """
        from ..sources.decoding import NotText

        if self._string is not None:
            from ..tokenizer.utf8 import as_utf8

            yield as_utf8(os.fsencode(self._string))
            return
        try:
            yield from self._reading
        except NotText as error:
            hint = "--text reads binary files as if they were text" if error.reason == "binary" else ""
            message = f"{self.name}: not read: {error.reason}"
            raise NothingCounted(message, hint=hint) from error

    def mention_lost(self) -> None:
        """Warn if some bytes were no text."""
        if self._string is None and self._reading.lossy:
            self._process.warn(f"{self.name}: bytes that are no text, read as U+FFFD")


def _source(path: str | None, process: Process, what: str) -> Source:
    from ..sources.find import gather
    from ..sources.source import DEFAULT_RULES, Source

    if path is None and os.isatty(process.stdin):
        message = f"no {what}: name a file, or write to standard input"
        raise UsageError(message, hint="- reads what is typed, until Ctrl-D")
    if path is not None and path != "-" and os.path.isdir(path):
        message = f"{path}: a folder, and this command takes one text"
        raise UsageError(message)
    found = gather(["-" if path is None else path], DEFAULT_RULES)
    return next(one for one in found if isinstance(one, Source))


def wants_document(json: bool, chosen: str | None) -> bool:  # noqa: FBT001 - the option --json
    """Return whether the result is written as a JSON document.

    Raises:
        UsageError: ``--json`` and another format are given.
    """
    if json and chosen not in {None, "json"}:
        message = f"--json and --format {chosen} contradict each other"
        raise UsageError(message)
    return json or chosen == "json"


def encoding_of(typed: Encoded, *, needs_ids: bool = True) -> str:
    """Return the name of the encoding.

    Args:
        typed: the options that choose it.
        needs_ids: whether tokens without published ids, as Claude's, are refused.

    Raises:
        UnknownModel: the price table does not list the model, or there is no such encoding.
        UsageError: the tokens of the model have no published ids, or are not known.
    """
    from ..tokenizer.vocabulary import DEFAULT_ENCODING, VOCABULARIES

    if typed.model is not None and typed.encoding is not None:
        raise UsageError("--model and --encoding both choose the tokens", hint="give one of them")
    if typed.encoding is not None:
        if typed.encoding not in VOCABULARIES:
            near = get_close_matches(typed.encoding[:100], VOCABULARIES, n=1)
            message = f"unknown encoding '{typed.encoding:.60}'"
            raise UnknownModel(
                message, hint=f"did you mean '{near[0]}'?" if near else f"known are {' and '.join(VOCABULARIES)}"
            )
        return typed.encoding
    if typed.model is None:
        return DEFAULT_ENCODING
    from ..pricing.encoding import encoding_with_ids, encoding_with_tokens
    from ..pricing.table import load_pricing

    model = load_pricing().find(typed.model)
    return encoding_with_ids(model) if needs_ids else encoding_with_tokens(model)
