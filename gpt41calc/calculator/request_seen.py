"""What reports show of a request body or a picture among the inputs."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RequestSeen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSeen:
    """An input that was recognised as a request body or as a picture."""

    path: str
    """Path of the input, as the user wrote it."""

    endpoint: str | None
    """The API that the body is written for. None for a picture."""

    model: str | None = None
    """The model named in the body. None if it names none."""

    messages: int = 0
    """Number of messages, instructions included."""

    tools: int = 0
    """Number of functions."""

    pictures: int = 0
    """Number of pictures."""

    assumed: int = 0
    """Number of pictures counted for the first model with an assumed size, because theirs could not be measured."""

    unknown: tuple[str, ...] = ()
    """Models for which the pictures could not be counted, because their rule is not published."""

    max_output: int | None = None
    """The output limit that the body sets, in tokens. None if it sets none."""

    choices: int = 1
    """Number of answers that the body requests (``n``)."""
