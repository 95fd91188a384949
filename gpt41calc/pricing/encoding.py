"""Which encoding has the token ids of a model, or the pieces that stand for its tokens."""

from __future__ import annotations

from ..errors import UsageError
from ..tokenizer.vocabulary import VOCABULARIES
from .schema import Model

__all__ = ["encoding_with_ids", "encoding_with_tokens"]


def encoding_with_ids(model: Model) -> str:
    """Return the encoding in which a model's tokens have ids.

    Raises:
        UsageError: its tokens have no published ids.
    """
    encoding = model.encoding
    if encoding is None or encoding not in VOCABULARIES or model.ratio is not None:
        message = f"the tokens of {model.name} have no published ids"
        raise UsageError(message, hint="'gpt41calc count -m ID' counts them; OpenAI's models have ids")
    return encoding


def encoding_with_tokens(model: Model) -> str:
    """Return the encoding in which a model's tokens can be shown: with ids, or one possible tiling of Claude's.

    Raises:
        UsageError: its tokens are not known, or the package that reconstructs them is not installed.
    """
    if model.encoding is not None and model.is_reconstructed:
        return model.encoding
    if model.fallback_encoding is not None:
        message = f"the tokens of {model.name} are shown by the package ctok, which is not installed here"
        hint = "it needs Python 3.12 or later; 'gpt41calc count -m ID' estimates how many tokens there are"
        raise UsageError(message, hint=hint)
    return encoding_with_ids(model)
