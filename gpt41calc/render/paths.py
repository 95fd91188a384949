"""Paths that are too long for their column."""

from __future__ import annotations

__all__ = ["shortened"]


def shortened(path: str, width: int, gap: str = "…") -> str:
    """Return a path without some of its middle folders, if it is wider than that; names are never cut.

    The last name is always whole, and so may be wider than asked. Next to it, the last folders say most.

    >>> shortened("src/package/deeply/nested/module.py", 30)
    'src/…/deeply/nested/module.py'
    >>> shortened("src/package/deeply/nested/module.py", 12)
    '…/module.py'
    >>> shortened("/src/module.py", 40)
    '/src/module.py'
    """
    steps = path.split("/")
    last = 2 if path.endswith("/") else 1  # a folder's name ends in a slash
    if len(path) <= width or len(steps) <= last + 1:
        return path
    front, back = 0, last
    while front + back < len(steps) - 1:
        # The first folder, then those next to the name, then the other ones from the front.
        for more_front, more_back in _next(front, back, last):
            if len(_joined(steps, more_front, more_back, gap)) <= width:
                front, back = more_front, more_back
                break
        else:
            break
    found = _joined(steps, front, back, gap)
    return found if len(found) < len(path) else path


def _next(front: int, back: int, last: int) -> list[tuple[int, int]]:
    """Return what to show next, best first."""
    wider_front, wider_back = (front + 1, back), (front, back + 1)
    return [wider_front, wider_back] if front == 0 and back == last else [wider_back, wider_front]


def _joined(steps: list[str], front: int, back: int, gap: str) -> str:
    return "/".join([*steps[:front], gap, *steps[len(steps) - back :]])
