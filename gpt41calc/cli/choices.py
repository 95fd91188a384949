"""Choices of options, with other accepted names."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

__all__ = [
    "By",
    "CheckFormat",
    "Colour",
    "CutAt",
    "Format",
    "KeepFrom",
    "SortBy",
    "SplitAt",
    "TextFormat",
    "Tier",
    "TokensFormat",
]


class Word(StrEnum):
    """A choice that is also accepted in capitals, and under other names in common use."""

    @classmethod
    def _missing_(cls, value: object) -> Word | None:
        name = str(value).lower()
        wanted = _OTHER_NAMES.get(cls.__name__.removeprefix("Check"), {}).get(name, name)
        return next((one for one in cls if one.value == wanted), None)


_OTHER_NAMES: Mapping[str, Mapping[str, str]] = {
    "Format": {
        **dict.fromkeys(("md", "gfm"), "markdown"),
        **dict.fromkeys(("text", "txt"), "plain"),
        **dict.fromkeys(("human", "pretty"), "table"),
        **dict.fromkeys(("xml", "junit-xml", "junitxml"), "junit"),
        **dict.fromkeys(("codeclimate", "codequality"), "gitlab"),
        "github-actions": "github",
        "htm": "html",
    },
    "TextFormat": dict.fromkeys(("text", "txt"), "plain"),
    "TokensFormat": {**dict.fromkeys(("text", "txt"), "plain"), "htm": "html"},
    "KeepFrom": {**dict.fromkeys(("head", "beginning"), "start"), **dict.fromkeys(("tail",), "end")},
    "Colour": {**dict.fromkeys(("yes", "on", "force"), "always"), **dict.fromkeys(("no", "off", "none"), "never")},
    "By": {
        **dict.fromkeys(("files", "path"), "file"),
        **dict.fromkeys(("dir", "directory", "folders"), "folder"),
        **dict.fromkeys(("ext", "type", "extensions"), "extension"),
    },
    "SortBy": {"price": "cost", "id": "name", "context": "window"},
    "Tier": {**dict.fromkeys(("default", "auto"), "standard"), "fast": "priority"},
}
"""Other names of choices, by kind of choice."""


class Format(Word):
    """Format of a report."""

    TABLE = "table"
    PLAIN = "plain"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"
    SVG = "svg"


class Colour(Word):
    """When to use colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class By(Word):
    """What one row of a breakdown stands for."""

    FILE = "file"
    FOLDER = "folder"
    EXTENSION = "extension"


class SortBy(Word):
    """Sort order of models."""

    COST = "cost"
    FIT = "fit"
    NAME = "name"
    WINDOW = "window"


class Tier(Word):
    """Service tier whose prices apply."""

    STANDARD = "standard"
    BATCH = "batch"
    FLEX = "flex"
    PRIORITY = "priority"


class CheckFormat(Word):
    """Format of the report of a check."""

    TABLE = "table"
    PLAIN = "plain"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    GITHUB = "github"
    JUNIT = "junit"
    SARIF = "sarif"
    GITLAB = "gitlab"
    HTML = "html"
    SVG = "svg"


class TextFormat(Word):
    """Format of a result that is text or a list of numbers."""

    PLAIN = "plain"
    JSON = "json"


class TokensFormat(Word):
    """Format of a text with its tokens."""

    PLAIN = "plain"
    JSON = "json"
    HTML = "html"


class KeepFrom(Word):
    """Which part of a text is kept."""

    START = "start"
    END = "end"
    MIDDLE = "middle"


class CutAt(Word):
    """What is kept whole when a text is cut."""

    TOKEN = "token"  # noqa: S105 - a token of text
    WORD = "word"
    LINE = "line"
    SENTENCE = "sentence"


class SplitAt(Word):
    """Where a text is split."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    SENTENCE = "sentence"
    LINE = "line"
    TOKEN = "token"  # noqa: S105 - a token of text
