"""Count tokens, check the context window and price a workload for GPT-4.1 and what it is compared with.

>>> from gpt41calc import Workload, estimate
>>> one = estimate("Say hello.", Workload(output_tokens=10)).models[0]
>>> one.model.id, one.tokens.value, str(one.cost.total.value)
('gpt-4.1', 3, '0.000086')
"""

# Whatever is imported here is imported outside the boundary of the process: nothing is.

TYPE_CHECKING = False  # as in typing
if TYPE_CHECKING:
    from typing import Any

    from .api import count_tokens, estimate
    from .calculator.estimate import Estimate
    from .calculator.workload import Workload
    from .pricing.table import load_pricing
    from .version import __version__

__all__ = ["Estimate", "Workload", "__version__", "count_tokens", "estimate", "load_pricing"]

_WHERE = {
    "Estimate": ".calculator.estimate",
    "Workload": ".calculator.workload",
    "count_tokens": ".api",
    "estimate": ".api",
    "load_pricing": ".pricing.table",
    "__version__": ".version",
}


def __getattr__(name: str) -> "Any":
    """Import a public name when it is first used, so that ``--version`` does not import pydantic."""
    if name not in _WHERE:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(_WHERE[name], __name__), name)


def __dir__() -> list[str]:
    return __all__
