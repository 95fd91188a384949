"""The option that names a vocabulary file."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from .group import OptionGroup

__all__ = ["Vocabulary"]


class Vocabulary(OptionGroup):
    """The option for a vocabulary that the package cannot ship."""

    gemma_model: Annotated[
        str | None,
        Option(
            "--gemma-model",
            metavar="FILE",
            help="Count bodies for Gemini with this SentencePiece model of Gemma's (tokenizer.model).",
        ),
    ] = None

    def use(self) -> None:
        """Count with this vocabulary from now on.

        Raises:
            VocabularyError: the file is not a SentencePiece model, or cannot be read.
        """
        if self.gemma_model is not None:
            from ..tokenizer.gemma import use_model

            use_model(self.gemma_model)
