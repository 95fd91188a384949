"""How many tokens does Claude make of one of o200k_base? By kind of text, counted on any folders.

    python -m benchmarks.claude_ratios FOLDER...

Prints for each kind and each of Claude's tokenizers the ratio of all texts together and the range in which 95 of 100 of
them lie, in blocks of 8 KB; ``gpt41calc.pricing.claude_ratio`` has the numbers. Needs the package ctok (Python 3.12).
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from gpt41calc.tokenizer.claude import ClaudeEngine
from gpt41calc.tokenizer.engines import tokenizer
from gpt41calc.tokenizer.text_kind import TextKind, kind_of_text

BLOCK_CHARACTERS = 8 << 10
SHORTEST_CHARACTERS = 1 << 10
MOST_FILES = 4000


def blocks(folders: list[str]) -> Iterator[str]:
    """Yield texts in blocks, of files that are UTF-8."""
    paths = sorted(path for folder in folders for path in Path(folder).rglob("*") if path.is_file())
    for path in paths[:: max(1, len(paths) // MOST_FILES)]:
        raw = path.read_bytes()
        if b"\0" in raw[:BLOCK_CHARACTERS]:
            continue
        text = raw.decode("utf-8", "ignore")
        if len(text) >= SHORTEST_CHARACTERS:
            yield text[:BLOCK_CHARACTERS]


def main(folders: list[str]) -> None:
    """Print the ratios."""
    public = tokenizer("o200k_base")
    engines = {name: ClaudeEngine(name) for name in ("claude-3", "claude-4.8")}
    found: dict[tuple[TextKind, str], list[tuple[int, int]]] = defaultdict(list)
    for text in blocks(folders):
        kind, counted = kind_of_text(text), public.count(text)
        for name, engine in engines.items():
            found[kind, name].append((counted, engine.count(text)))
    print(f"{'kind':10}{'tokenizer':12}{'texts':>7}{'low':>8}{'all':>8}{'high':>8}")
    for (kind, name), pairs in sorted(found.items()):
        ratios = sorted(claude / counted for counted, claude in pairs)
        low, high = ratios[len(ratios) // 40], ratios[-1 - len(ratios) // 40]
        whole = sum(claude for _, claude in pairs) / sum(counted for counted, _ in pairs)
        print(f"{kind:10}{name:12}{len(pairs):7}{low:8.2f}{whole:8.2f}{high:8.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
