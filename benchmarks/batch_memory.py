"""Memory of ``batch`` per request: the slope between a file of few requests and one of many.

    python -m benchmarks.batch_memory [--requests 1000000] [--tokens 12 2200]

What a run takes anyway (interpreter, vocabularies, kept texts) is the same in both and left out. Files of long requests
are large: 11 kB a request.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

from benchmarks.process import run

__all__ = ["main", "write_requests"]

_FEW = 4
"""The short file has one request for so many of the long one: enough to fill what keeps a fixed number of texts."""

_WORDS = ("the", "order", "was", "late", "and", "I", "want", "to", "change", "where", "it", "ships", "please", "cancel")


def write_requests(path: Path, requests: int, tokens: int) -> Path:
    """Write requests with the same instructions and a different question each."""
    drawn = random.Random(2611)  # noqa: S311 - no secret
    with path.open("w", encoding="utf-8") as file:
        for number in range(requests):
            question = f"{number} {' '.join(drawn.choices(_WORDS, k=tokens))}"
            messages = [{"role": "system", "content": "Classify it."}, {"role": "user", "content": question}]
            body = {"model": "gpt-4.1-mini", "messages": messages, "max_tokens": 5}
            line = {"custom_id": f"row-{number}", "method": "POST", "url": "/v1/chat/completions", "body": body}
            file.write(json.dumps(line) + "\n")
    return path


def _bytes_per_request(folder: Path, requests: int, tokens: int) -> float:
    """Return the memory that a request takes, in bytes."""
    counts = (requests // _FEW, requests)
    peaks = [
        run(
            sys.executable, "-m", "gpt41calc", "batch", "-q", write_requests(folder / "batch.jsonl", count, tokens)
        ).peak_bytes
        for count in counts
    ]
    return (peaks[1] - peaks[0]) / (counts[1] - counts[0])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--tokens", type=int, nargs="+", default=[12])
    given = parser.parse_args()
    sys.stdout.write("| tokens of a question | requests | bytes a request |\n|---:|---:|---:|\n")
    with tempfile.TemporaryDirectory() as folder:
        for tokens in given.tokens:
            found = _bytes_per_request(Path(folder), given.requests, tokens)
            sys.stdout.write(f"| {tokens:,} | {given.requests:,} | {found:.0f} |\n")


if __name__ == "__main__":
    main()
