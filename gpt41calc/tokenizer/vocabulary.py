"""The published vocabularies: token ranks and split pattern of each encoding.

The rank files ship with the package, so nothing is downloaded; each is verified with the digest in tiktoken's source
before use.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ..errors import VocabularyError
from ..locations import shipped_file

__all__ = ["DEFAULT_ENCODING", "REINSTALL_HINT", "VOCABULARIES", "Vocabulary"]

DEFAULT_ENCODING = "o200k_base"
"""The encoding of GPT-4.1 and its variants."""


class Vocabulary(NamedTuple):
    """One encoding: its tokens, and the pattern that splits text before bytes are merged."""

    name: str
    """OpenAI's name of the encoding."""

    sha256: str
    """SHA-256 of the rank file, from ``tiktoken_ext/openai_public.py``."""

    pattern: str
    """The pattern that splits text into pieces; bytes are only merged inside a piece. From the same source."""

    gigatoken_scheme: str
    """gigatoken's name of the split pattern."""

    index_sha256: str
    """SHA-256 of the index of the rank file (``lookup.build_index``)."""

    @property
    def identity(self) -> str:
        """Name and digest; counts with equal identities are equal."""
        return f"{self.name}:{self.sha256}"

    def verified_path(self) -> Path:
        """Return the path of the rank file, after verifying its content.

        Raises:
            VocabularyError: the file is missing, or differs from the published one.
        """
        path = shipped_file(f"{self.name}.tiktoken")
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            message = f"no vocabulary for {self.name}: {path}: {error.strerror}"
            raise VocabularyError(message, hint=REINSTALL_HINT) from error
        if digest != self.sha256:
            message = f"the vocabulary {path} is not the one that was published"
            raise VocabularyError(message, hint=REINSTALL_HINT)
        return path

    def ranks(self) -> dict[bytes, int]:
        """Return the rank of every token.

        tiktoken's own reader is not used: it copies even a local file into a predictable folder that anyone may write
        to (tiktoken #500).
        """
        lines = self.verified_path().read_bytes().splitlines()
        return {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines if line)}


REINSTALL_HINT = "install gpt41calc again, for example with 'pip install --force-reinstall gpt41calc'"

_O200K_PATTERN = "|".join(
    (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)

_CL100K_PATTERN = "|".join(
    (
        r"'(?i:[sdmt]|ll|ve|re)",
        r"[^\r\n\p{L}\p{N}]?+\p{L}++",
        r"\p{N}{1,3}+",
        r" ?[^\s\p{L}\p{N}]++[\r\n]*+",
        r"\s++$",
        r"\s*[\r\n]",
        r"\s+(?!\S)",
        r"\s",
    )
)

VOCABULARIES = MappingProxyType(
    {
        "o200k_base": Vocabulary(
            name="o200k_base",
            sha256="446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
            pattern=_O200K_PATTERN,
            gigatoken_scheme="o200k",
            index_sha256="7b9614a7b2355a204b3ce27aa9dd9b175a59f9b1e94195825fabecb12ade839a",
        ),
        "cl100k_base": Vocabulary(
            name="cl100k_base",
            sha256="223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
            pattern=_CL100K_PATTERN,
            gigatoken_scheme="cl100k",
            index_sha256="04b4f18f94d35004f8566f0e1f7833c2dea1ad8756051ba8f09fd9772aaa75f6",
        ),
    }
)
"""Every encoding that can be counted exactly, by name."""
