"""A request with the sizes of its pictures, and the blocks of it that each model reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..pricing.anthropic_rules import AnthropicRules
from ..pricing.schema import Model
from .anthropic_frame import anthropic_stretches
from .frames import Block, Numbers, prompt_blocks
from .parts import Image
from .pictures import Picture, Size, picture_of
from .request import Request

__all__ = ["Block", "Measured", "Picture", "measured"]


@dataclass(frozen=True, slots=True)
class Measured:
    """A request with the sizes of its pictures."""

    request: Request
    """The request."""

    pictures: tuple[Picture, ...] = ()
    """All pictures in it."""

    assumed: Size | None = None
    """Size assumed for pictures that cannot be measured. None for the size that takes the most tokens."""

    is_bare: bool = False
    """Whether it consists only of pictures, without a message around them."""

    _blocks: dict[tuple[object, ...], tuple[Block, ...]] = field(default_factory=dict, compare=False, repr=False)
    """Cached blocks by the rules of the model family, so that they are computed once."""

    _by_model: dict[str, tuple[Model, tuple[Block, ...]]] = field(default_factory=dict, compare=False, repr=False)
    """Cached blocks by model id, which are found in a tenth of the time."""

    def blocks(self, model: Model) -> tuple[Block, ...]:
        """Return the blocks that a model reads, in order.

        Raises:
            RequestError: the functions' schemas expand to more than can be counted.
        """
        known = self._by_model.get(model.id)
        if known is not None and known[0] is model:
            return known[1]
        blocks = self._blocks_of_family(model)
        self._by_model[model.id] = model, blocks
        return blocks

    def _blocks_of_family(self, model: Model) -> tuple[Block, ...]:
        rules, body = model.anthropic, self.request.messages_body
        if rules is not None and body is not None:
            key: tuple[object, ...] = ("anthropic", rules.family)
            if key not in self._blocks:
                self._blocks[key] = tuple(_anthropic_blocks(body, self.pictures, rules))
            return self._blocks[key]
        numbers = model.token_numbers(self.request.endpoint)
        key = tuple(sorted(numbers.items()))
        if key not in self._blocks:
            self._blocks[key] = self._cut(numbers)
        return self._blocks[key]

    def _cut(self, numbers: Mapping[str, int]) -> tuple[Block, ...]:
        if self.is_bare:
            return tuple(Block(picture=picture) for picture in self.pictures)
        places = {picture.where: picture for picture in self.pictures}
        return prompt_blocks(self.request, Numbers(numbers), places)

    def texts(self, model: Model) -> Iterator[str]:
        """Yield every text that a model reads, in order."""
        return (text for block in self.blocks(model) for text in block.texts)

    def overhead(self, model: Model) -> int:
        """Return the tokens outside the texts and pictures."""
        return sum(block.tokens for block in self.blocks(model)) + self.picture_tokens(model)

    def picture_tokens(self, model: Model) -> int:
        """Return the tokens of all pictures."""
        return sum(picture.tokens(model, self.assumed) for picture in self.pictures)

    def assumptions(self, model: Model) -> int:
        """Return the number of pictures that are counted with an assumed size."""
        return sum(picture.is_assumed(model) for picture in self.pictures)


def measured(request: Request, folder: str = ".", assumed: Size | None = None) -> Measured:
    """Return a request with the sizes of its pictures.

    Args:
        request: the request.
        folder: the folder to which picture paths are relative.
        assumed: the size of remote pictures, which are never downloaded.

    Raises:
        RequestError: a picture is damaged, or cannot be read.
    """
    images = (part for message in request.messages for part in message.parts if isinstance(part, Image))
    return Measured(request, tuple(picture_of(image, folder) for image in images), assumed)


def _anthropic_blocks(body: Mapping[str, Any], pictures: Sequence[Picture], rules: AnthropicRules) -> Iterator[Block]:
    """Yield the blocks of a Messages body that Claude reads."""
    for stretch in anthropic_stretches(body):
        yield Block(
            texts=(stretch.text,) if stretch.text else (),
            picture=None if stretch.picture is None else pictures[stretch.picture],
            tokens=sum(int(getattr(rules, rule)) for rule in stretch.rules),
            is_head=stretch.is_head,
        )
