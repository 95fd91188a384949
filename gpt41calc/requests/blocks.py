"""A request, cut into what a model reads one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..calculator.images import image_tokens, largest_image_tokens
from ..pricing.schema import Model
from .pictures import Size, measure
from .request import Image, Message, Part, Request, Text
from .tools import written

__all__ = ["Block", "Measured", "Picture", "measured"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture whose size is known, or cannot be."""

    url: str
    """Where it comes from: two pictures of one address are the same to a cache."""

    size: Size | None
    """How large it is; none: it is remote, and not fetched."""

    low: bool
    """Whether it is looked at in low detail."""

    where: str
    """Where it stands in the body."""

    def tokens(self, model: Model, assumed: Size | None = None) -> int:
        """Return what it takes; if its size is not known, what one of an assumed size takes, or else the largest.

        A model whose rule is not known counts nothing.
        """
        images, size = model.images, self.size or assumed
        if images is None:
            return 0
        if images.rule == "tiles" and self.low:
            return images.base
        if size is None:
            return largest_image_tokens(images)
        return image_tokens(images, size.width, size.height, low=self.low)

    def is_assumed(self, model: Model) -> bool:
        """Say whether its tokens rest on a size that was not measured."""
        images = model.images
        return self.size is None and images is not None and not (self.low and images.rule == "tiles")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Something that a model reads: the head of a message, a part of it, a function."""

    texts: tuple[str, ...] = ()
    """What is counted exactly."""

    picture: Picture | None = None
    """What is counted by its size."""

    tokens: int = 0
    """Tokens around it, the same for every model."""

    messages: int = 0
    """How many times those of a message come on top."""

    names: int = 0
    """How many times those of a name come on top."""

    functions: int = 0
    """How many times those of a flat function come on top."""

    replies: int = 0
    """How many times those before an answer come on top."""

    tool_prompts: int = 0
    """How many times what a vendor says about tools comes on top."""

    forced_tool_prompts: int = 0
    """The same, where a tool must be called."""

    def overhead(self, model: Model, assumed: Size | None = None) -> int:
        """Return the tokens that are no text."""
        chat = model.chat
        return (
            self.tokens
            + self.messages * chat.per_message
            + self.names * chat.per_name
            + self.functions * chat.per_function
            + self.replies * chat.per_reply
            + self.tool_prompts * chat.tool_prompt
            + self.forced_tool_prompts * chat.tool_prompt_forced
            + (self.picture.tokens(model, assumed) if self.picture else 0)
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """A request whose pictures are measured."""

    request: Request
    """The request."""

    blocks: tuple[Block, ...]
    """What a model reads, in order."""

    assumed: Size | None = None
    """The size of pictures that is not known otherwise."""

    pictures: tuple[Picture, ...] = ()
    """Every picture in it."""

    frame: Block = Block()
    """What is around all texts, added up."""

    @property
    def texts(self) -> Iterator[str]:
        """Every text that is counted, in order."""
        return (text for block in self.blocks for text in block.texts)

    def overhead(self, model: Model) -> int:
        """Return the tokens that are no text."""
        return self.frame.overhead(model) + self.picture_tokens(model)

    def picture_tokens(self, model: Model) -> int:
        """Return the tokens of all pictures."""
        return sum(picture.tokens(model, self.assumed) for picture in self.pictures)

    def assumptions(self, model: Model) -> int:
        """Return how many pictures are counted by a size that was not measured."""
        return sum(picture.is_assumed(model) for picture in self.pictures)


def measured(request: Request, folder: str = ".", assumed: Size | None = None) -> Measured:
    """Cut a request into blocks, and measure its pictures.

    Args:
        request: what is sent.
        folder: where the paths of pictures begin.
        assumed: the size of remote pictures, which are never fetched.

    Raises:
        RequestError: a picture is broken, or cannot be read.
    """
    blocks = tuple(_blocks(request, folder))
    pictures = tuple(block.picture for block in blocks if block.picture)
    return Measured(request, blocks, assumed, pictures, _frame(blocks))


def _frame(blocks: Sequence[Block]) -> Block:
    """Return what is around texts in one block: a model is asked once, and not for every part."""
    tokens = messages = names = functions = replies = tool_prompts = forced = 0
    for block in blocks:
        tokens += block.tokens
        messages += block.messages
        names += block.names
        functions += block.functions
        replies += block.replies
        tool_prompts += block.tool_prompts
        forced += block.forced_tool_prompts
    return Block(
        tokens=tokens,
        messages=messages,
        names=names,
        functions=functions,
        replies=replies,
        tool_prompts=tool_prompts,
        forced_tool_prompts=forced,
    )


def _blocks(request: Request, folder: str) -> Iterator[Block]:
    # The docs say of a cache that schema and functions stand before the messages.
    if request.schema is not None:
        yield Block(texts=(request.schema,))
    for function in written(request.tools):
        yield Block(texts=function.texts, tokens=function.tokens, functions=function.functions)
    if request.tools:
        yield Block(forced_tool_prompts=1) if request.must_call else Block(tool_prompts=1)
    for message in request.messages:
        yield _head(message)
        yield from (_part(part, folder) for part in message.parts)
    yield Block(replies=1)


def _head(message: Message) -> Block:
    names = () if message.name is None else (message.name,)
    return Block(texts=(message.role, *names), messages=1, names=len(names))


def _part(part: Part, folder: str) -> Block:
    if isinstance(part, Text):
        return Block(texts=(part.text,))
    return Block(picture=_picture(part, folder))


def _picture(image: Image, folder: str) -> Picture:
    return Picture(image.url, measure(image, folder), image.detail == "low", image.where)
