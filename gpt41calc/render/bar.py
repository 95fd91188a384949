"""A text bar for a used share, also above 100 %."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

__all__ = ["bar"]

_EIGHTHS = " ▏▎▍▌▋▊▉"
_FULL, _LIMIT = "█", "┃"


def bar(percent: Decimal, cells: int, *, ascii_only: bool = False) -> str:
    """Return a bar of the given number of characters.

    Up to 100 %, the length of the bar is the share. Above, the whole bar is the used amount, and a mark shows the
    limit: the further left, the more it is exceeded.

    >>> [bar(Decimal(share), 8) for share in ("0.1", "20", "100", "421.4", "3449")]
    ['▏       ', '█▋      ', '████████', '█┃██████', '┃███████']
    >>> [bar(Decimal(share), 8, ascii_only=True) for share in ("0.1", "20", "150")]
    ['.       ', '#.      ', '#####|##']
    """
    if percent > 100:  # noqa: PLR2004 - a percentage
        at = min(int(cells * 100 / percent), cells - 1)
        full, limit = ("#", "|") if ascii_only else (_FULL, _LIMIT)
        return full * at + limit + full * (cells - at - 1)
    # Rounded up, so that a small share is visible.
    whole, rest = divmod(int((percent * cells * 8 / 100).to_integral_value(ROUND_CEILING)), 8)
    if ascii_only:
        return ("#" * whole + ("." if rest else "")).ljust(cells)
    return (_FULL * whole + (_EIGHTHS[rest] if rest else "")).ljust(cells)
