"""Groups of options, declared as the fields of a class."""

from __future__ import annotations

from typing import Any, NoReturn, Self, dataclass_transform, get_type_hints

__all__ = ["OptionGroup", "annotations_of"]


@dataclass_transform(frozen_default=True, kw_only_default=True)
class OptionGroup:
    """Options that belong together: fields with ``Annotated`` types and defaults, or further groups.

    Used like a frozen dataclass, and checked like one by type checkers. A command takes a dozen groups, and to make a
    dataclass of each would take as long as importing all modules of ``cli/``.
    """

    def __init__(self, **values: Any) -> None:
        """Set fields; the others have their defaults."""
        unknown = values.keys() - annotations_of(type(self)).keys()
        if unknown:
            message = f"{type(self).__name__} has no option {min(unknown)}"
            raise TypeError(message)
        vars(self).update(values)

    def __setattr__(self, name: str, _value: object) -> NoReturn:
        message = f"{type(self).__name__}.{name} cannot be changed"
        raise AttributeError(message)

    def replaced(self, **values: Any) -> Self:
        """Return the group with other values for some fields."""
        return type(self)(**(vars(self) | values))


_annotations: dict[type[OptionGroup], dict[str, Any]] = {}


def annotations_of(group: type[OptionGroup]) -> dict[str, Any]:
    """Return the evaluated annotation of every field, in the order of their declaration."""
    if group not in _annotations:
        _annotations[group] = get_type_hints(group, include_extras=True)
    return _annotations[group]
