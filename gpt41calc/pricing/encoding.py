"""Which encoding has the token ids of a model."""

from __future__ import annotations

from ..errors import UsageError
from ..tokenizer.vocabulary import VOCABULARIES
from .schema import Model

__all__ = ["encoding_with_ids"]


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
