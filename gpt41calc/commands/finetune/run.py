"""Read and count examples, and price training on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ...counting.runtime import Runtime
from ...errors import RequestError
from ...pricing.schema import Model
from ...pricing.table import Pricing
from ...sources.json_records import file_bytes, folder_of, is_large, require_files, usable
from ...tally import STDIN_NAME, Skipped
from ...tokenizer.engines import tokenizer
from ...tokenizer.protocol import Tokenizer
from .cost import training
from .count_examples import ExampleOptions, counted_examples
from .examples import NotAnExample
from .training import Example, Training

if TYPE_CHECKING:
    from ...requests.pictures import Size

__all__ = ["FinetuneOptions", "price_training"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinetuneOptions:
    """Examples, models and settings of ``finetune``."""

    path: str
    """The file of examples, one per line; ``-`` for standard input."""

    models: Sequence[Model]
    """The models to train, at least one."""

    epochs: int | None = None
    """Number of epochs. None for the rule of OpenAI's cookbook."""

    saves_tokens: int | None = None
    """Tokens by which training makes prompts shorter; None if not given."""

    assumed_image: Size | None = None
    """Size of pictures that cannot be measured. None for the size that takes the most tokens."""

    partial: bool = False
    """Whether parts of an example that cannot be counted are left out, instead of the whole example."""

    pricing: Pricing
    """The price table."""

    on: date
    """The day whose prices and model statuses are used."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""


def price_training(options: FinetuneOptions, runtime: Runtime) -> Training:
    """Return the cost of training on a file of examples.

    Raises:
        NoSuchPath: the file does not exist.
        VocabularyError: a vocabulary file is missing or altered.
    """
    require_files([options.path])
    skipped: list[Skipped] = []
    examples = _examples(options, skipped, runtime)
    return training(
        STDIN_NAME if options.path == "-" else options.path,
        examples,
        options.models,
        epochs=options.epochs,
        saves_tokens=options.saves_tokens,
        on=options.on,
        checked=options.pricing.checked,
        skipped=skipped,
        overlay=options.pricing.overlay,
        config=options.config,
    )


def _examples(options: FinetuneOptions, skipped: list[Skipped], runtime: Runtime) -> dict[str, list[Example]]:
    """Return the examples as counted for every model, and add other lines to ``skipped``."""
    path, models = options.path, options.models
    tokenizers: dict[str, Tokenizer] = {
        model.counted_in: tokenizer(model.counted_in, short=not is_large(path)) for model in models
    }
    examples: dict[str, list[Example]] = {model.id: [] for model in models}
    settings = ExampleOptions(folder=folder_of(path), assumed_image=options.assumed_image, partial=options.partial)
    with runtime.progress(file_bytes(path), "bytes") as observe:
        for record in usable(path, runtime.stdin, skipped, observe=observe):
            try:
                counted = counted_examples(record, settings, models, tokenizers)
            except (NotAnExample, RequestError) as error:
                skipped.append(Skipped(record.place, str(error), expected=False))
                continue
            skipped += [Skipped(record.place, reason, expected=False) for reason in counted.left_out]
            for name, example in counted.examples.items():
                examples[name].append(example)
    return examples
