"""Read values of a project file as values of options."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from ..errors import BadNumber, ConfigError, UsageError
from .parse import parse_count

__all__ = [
    "aliases",
    "choice",
    "flag",
    "globs_of",
    "kind_of",
    "local_file",
    "number",
    "parsed_as",
    "text_of",
    "texts",
    "texts_or_number",
    "unknown_key",
    "whole_number",
]


def unknown_key(key: str, known: Sequence[str], where: str) -> ConfigError:
    """Return the error for an unknown key, with the most similar known key."""
    near = get_close_matches(key[:_MOST_CHARACTERS].replace("_", "-"), known, n=1)
    return ConfigError(
        f"{where}: unknown key '{key:.60}'",
        hint=f"did you mean '{near[0]}'?" if near else f"known are {', '.join(sorted(known))}",
    )


_MOST_CHARACTERS = 100
"""Most characters of an unknown key that are compared with the known keys."""


def kind_of(value: object) -> str:
    """Return a value as text for a message, such as "the number 5" or "a list"."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text '{value:.40}'"
    if isinstance(value, int | Decimal):
        return f"the number {_digits(value):.40}"
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else f"a {type(value).__name__}"


def text_of(value: object, where: str) -> str:
    """Return a text; a number is returned as it would be typed.

    Raises:
        ConfigError: the value is neither.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        message = f"{where}: expected a text or a number, found {kind_of(value)}"
        raise ConfigError(message)
    return value if isinstance(value, str) else _digits(value)


def _digits(value: int | Decimal) -> str:
    """Return a number as text without an exponent, unless it has more than a hundred digits."""
    if isinstance(value, int):
        return str(value) if abs(value) < _ENORMOUS else f"{value:#x}"
    return f"{value:f}" if value.is_finite() and abs(value.adjusted()) < _MOST_DIGITS else str(value)


_MOST_DIGITS = 100


_ENORMOUS = 10**_MOST_DIGITS


def texts(value: object, where: str) -> list[str]:
    """Return a list of texts; a text alone is a list of one.

    Raises:
        ConfigError: the value is something else, or a text in it is empty.
    """
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list):
        message = f"{where}: expected a list of texts, found {kind_of(value)}"
        raise ConfigError(message)
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            found = "an empty text" if isinstance(text, str) else kind_of(text)
            message = f"{where}: expected a list of texts, found {found} in it"
            raise ConfigError(message)
    return texts


def texts_or_number(value: object, where: str) -> list[str]:
    """Return a list of texts; numbers are returned as they would be typed, and a single value as a list of one.

    Raises:
        ConfigError: the value is something else, or a text in it is empty.
    """
    items = value if isinstance(value, list) else [value]
    return texts([text_of(item, where) for item in items], where)


def aliases(value: object, where: str) -> list[str]:
    """Return the user's own names for models as they would be typed: ``NAME=MODEL``.

    Raises:
        ConfigError: the value is not a table of texts, or a name or model is empty or has more than one ``*``.
    """
    if not isinstance(value, dict):
        message = f"{where}: expected a table, found {kind_of(value)}"
        raise ConfigError(message, hint='for example [alias] with the line "our-deployment" = "gpt-4.1"')
    found = []
    for name, model in value.items():
        if not isinstance(model, str):
            message = f"{where}: '{name:.60}': expected the name of a model, found {kind_of(model)}"
            raise ConfigError(message)
        if not (name.strip() and model.strip()) or "=" in name or model.count("*") > name.count("*") or "**" in name:
            message = f"{where}: '{name:.60}' = '{model:.60}': expected two names, with at most one * in each"
            raise ConfigError(message)
        found.append(f"{name}={model}")
    return found


def flag(value: object, where: str) -> bool:
    """Return true or false.

    Raises:
        ConfigError: it is neither.
    """
    if not isinstance(value, bool):
        message = f"{where}: expected true or false, found {kind_of(value)}"
        raise ConfigError(message)
    return value


def number(parse: Callable[[str, str], object]) -> Callable[[object, str], str]:
    """Return a function that checks a number and returns it as it would be typed."""

    def check(value: object, where: str) -> str:
        text = text_of(value, where)
        parsed_number(parse, text, where)
        return text

    return check


def parsed_number(parse: Callable[[str, str], object], text: str, where: str) -> Any:
    """Return a number.

    Raises:
        ConfigError: the text is not such a number.
    """
    try:
        return parse(text, where)
    except BadNumber as error:
        raise ConfigError(str(error), hint=error.hint) from error


def choice(*choices: str) -> Callable[[object, str], str]:
    """Return a function that reads one of some choices, or raises ConfigError."""

    def check(value: object, where: str) -> str:
        if value not in choices:
            message = f"{where}: expected one of {', '.join(choices)}, found {kind_of(value)}"
            raise ConfigError(message)
        return str(value)

    return check


def local_file(value: object, where: str) -> str:
    """Return the path of a file in or below the folder of the project file.

    Raises:
        ConfigError: the path leads out of that folder.
    """
    text = text_of(value, where)
    if os.path.isabs(text) or ".." in text.replace("\\", "/").split("/") or text.startswith("~"):
        message = f"{where}: '{text:.80}' is outside the folder of the file"
        raise ConfigError(message)
    return text


def whole_number(value: object, where: str) -> str:
    """Return a whole number as it would be typed.

    Raises:
        ConfigError: the value is not a whole number.
    """
    return number(parse_count)(value, where)


def parsed_as(parse: Callable[[str, str], object]) -> Callable[[object, str], Any]:
    """Return a function that reads a number with a parser of the command line."""
    return lambda value, where: parsed_number(parse, text_of(value, where), where)


def globs_of(value: object, where: str) -> list[str]:
    """Return a list of globs.

    Raises:
        ConfigError: a glob leads out of the folder of the project file, or is not a valid pattern.
    """
    found = texts(value, where)
    for glob in found:
        plain = _ESCAPED.sub(r"\1", glob.removeprefix("!"))
        if plain.startswith(("/", "~")) or os.path.isabs(plain) or ".." in re.split(r"[/\\]", plain):
            message = f"{where}: '{glob:.80}' leads out of the folder of the file"
            raise ConfigError(message, hint="globs are relative to the folder of the project file; ./a is beside it")
        _require_pattern(glob, where)
    if where.endswith("paths") and all(glob.startswith("!") for glob in found):
        message = f"{where}: expected at least one glob"
        raise ConfigError(message, hint='for example paths = ["prompts/**/*.md"]')
    return found


_ESCAPED = re.compile(r"\\(.)")


def _require_pattern(glob: str, where: str) -> None:
    """Raise an error for an invalid pattern, before files are searched."""
    from ..sources.ignore import globs

    try:
        globs((glob,), option=where)
    except UsageError as error:
        raise ConfigError(str(error), hint=error.hint) from error
