"""The user's own names for models, for example deployments or gateway names; they use the prices of the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..errors import UnknownModel, UsageError
from .schema import Model

__all__ = ["Alias", "read_aliases"]

_HINT = "for example --alias 'our-deployment=gpt-4.1' or --alias 'gateway/*=*'"


class Alias(NamedTuple):
    """A user's name for a model. A ``*`` stands for any characters, the same in ``name`` and ``model``."""

    name: str
    """The user's name, in lower case."""

    model: str
    """The name of a model in the price table."""

    def target(self, written: str) -> str | None:
        """Return the model name that a written name stands for. None if this alias does not match it.

        >>> Alias("gateway/*", "*").target("gateway/gpt-4.1"), Alias("gateway/*", "*").target("gpt-4.1")
        ('gpt-4.1', None)
        """
        before, star, behind = self.name.partition("*")
        folded = written.casefold()
        if not star:
            return self.model if folded == self.name else None
        if len(written) <= len(before) + len(behind) or not (folded.startswith(before) and folded.endswith(behind)):
            return None
        return self.model.replace("*", written[len(before) : len(written) - len(behind)])


def read_aliases(written: Sequence[str], models: Sequence[Model], find: Callable[[str], Model]) -> tuple[Alias, ...]:
    """Return the aliases, the last one given first.

    Args:
        written: each as ``NAME=MODEL``.
        models: the models of the price table.
        find: finds a model by its name.

    Raises:
        UsageError: an alias has another form, or its name is already in the price table, which always takes precedence.
        UnknownModel: the right side names no model.
    """
    names = {name for model in models for name in model.names}
    return tuple(_read(one, names, find) for one in reversed(written))


def _read(written: str, names: set[str], find: Callable[[str], Model]) -> Alias:
    name, equals, model = (part.strip() for part in written.partition("="))
    if not (name and equals and model) or name.count("*") > 1 or model.count("*") > name.count("*"):
        message = f"--alias: expected NAME=MODEL, with at most one * on each side, found '{written:.80}'"
        raise UsageError(message, hint=_HINT)
    if name in names:
        message = f"--alias {written:.80}: '{name}' is a name of the price table, which always wins"
        raise UsageError(message, hint="a table with other prices is given with --pricing FILE")
    if "*" not in model:
        try:
            find(model)
        except UnknownModel as error:
            message = f"--alias {written:.80}: {error}"
            raise UnknownModel(message, hint=error.hint) from error
    return Alias(name.casefold(), model)
