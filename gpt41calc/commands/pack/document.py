"""The JSON document of ``pack``."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ...calculator.context import largest_input
from ...calculator.interval import Interval
from ...render.json_fields import exactness_of, header, input_keys, name_or_none, path_keys
from ...render.model_names import model_name_keys, names_taken
from ...render.surcharges import unaudited_keys
from .packing import Candidate
from .run import Packed

__all__ = ["over_by", "packed_document", "used_percent"]


def packed_document(packed: Packed) -> dict[str, Any]:
    """Return the document: the budget, the files to send in their order, and those that are left out."""
    model, packing = packed.model, packed.packing
    window = largest_input(0, model)
    return {
        **header(),
        **model_name_keys(names_taken([model])),
        **({"config": name_or_none(packed.config)} if packed.config else {}),
        "model": {"id": model.id, **unaudited_keys(model), "exactness": exactness_of(model), "window": window},
        "budget": {"tokens": packed.budget_tokens, "fits_window": packed.budget_tokens <= window},
        "priority": {
            "weights": None if packed.weights_file is None else path_keys(packed.weights_file),
            "git": packed.by_git,
        },
        "inputs": input_keys(packed.inputs, packed.encoding),
        "packed": {
            "files": len(packing.included),
            **_tokens(packed.tokens),
            "used_percent": used_percent(packed),
            "tokens_left": packed.budget_tokens - packed.tokens.high,
        },
        "files": list(_files(packed)),
        "left_out": [
            {
                **_file(one, packed),
                "reason": "budget" if one.weight else "weight",
                **({"over_by": over_by(one, packed)} if one.weight else {}),
            }
            for one in packing.left_out
        ],
    }


def _files(packed: Packed) -> Iterator[dict[str, Any]]:
    counted = 0
    for one in packed.packing.included:
        counted += one.tokens
        yield {**_file(one, packed), "cumulative_tokens": packed.tokens_of(counted).value}


def _file(one: Candidate, packed: Packed) -> dict[str, Any]:
    change = packed.last_changes.get(one.path)
    commit = change.commit if change else None
    return {
        **path_keys(one.path),
        "bytes": one.bytes,
        "tokens": packed.tokens_of(one.tokens).value,
        **({"weight": one.weight} if packed.weights_file is not None else {}),
        **(
            {
                "commit": commit.hash if commit else None,
                "committed": commit.date.isoformat() if commit else None,
                "uncommitted": change is not None and commit is None,
            }
            if packed.by_git
            else {}
        ),
    }


def _tokens(tokens: Interval[int]) -> dict[str, int]:
    return {"tokens": tokens.value, **({} if tokens.is_exact else {"low": tokens.low, "high": tokens.high})}


def used_percent(packed: Packed) -> Decimal | None:
    """Return the used percentage of the budget, 100 only if no token is left. None for a budget of 0."""
    if not packed.budget_tokens:
        return None
    share = (Decimal(100 * packed.tokens.value) / packed.budget_tokens).quantize(Decimal("0.01"))
    return share if packed.tokens.value == packed.budget_tokens else min(share, Decimal("99.99"))


def over_by(one: Candidate, packed: Packed) -> int:
    """Return by how many tokens the chosen files and this one would be over the budget."""
    return packed.tokens_of(packed.packing.tokens + one.tokens).high - packed.budget_tokens
