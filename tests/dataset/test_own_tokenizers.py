"""Claude and Gemini: counted by their own tokenizers on rows of the sample, where these are installed."""

from __future__ import annotations

import importlib.util
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY, Spawn

pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet

from gpt41calc.dataset.own_tokenizers import counter_of
from gpt41calc.tokenizer import claude_vocabulary

OWN = {
    "claude-sonnet-4-6": pytest.param(
        "claude-sonnet-4-6",
        "claude-3",
        marks=pytest.mark.skipif(importlib.util.find_spec("ctok") is None, reason="ctok needs Python 3.12"),
    ),
    "gemini-2.5-pro": pytest.param(
        "gemini-2.5-pro",
        "gemma",
        marks=pytest.mark.skipif(importlib.util.find_spec("splintr") is None, reason="pip install 'gpt41calc[gemini]'"),
    ),
}
"""A model, and what its text is counted in."""

SENTENCES = {"claude-3": "its own tokenizer, as ctok reconstructs it", "gemma": "Gemma's vocabulary"}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Return a file of 70 row groups and 4 MB, and its texts."""
    dice = random.Random(2)  # noqa: S311 - no secret
    words = ["quick", "brown", "données", "データ", "import numpy", "12345", "lazy"]
    texts = [" ".join(dice.choices(words, k=dice.randrange(1, 160))) for _ in range(7_000)]
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    table = pyarrow.table({"text": texts})
    pyarrow.parquet.write_table(table, path, row_group_size=100, use_dictionary=False)
    return path, texts


OWN_COUNTS = {"GPT41CALC_CLAUDE": ""}
RATIO = {"GPT41CALC_CLAUDE": "ratio"}


@pytest.fixture(autouse=True)
def _takes_ctok(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Count with it in this process, where other tests take ratios."""
    monkeypatch.delenv("GPT41CALC_CLAUDE", raising=False)
    for cached in (claude_vocabulary.ctok_folder, claude_vocabulary.ctok_version):
        cached.cache_clear()
    yield
    monkeypatch.undo()
    for cached in (claude_vocabulary.ctok_folder, claude_vocabulary.ctok_version):
        cached.cache_clear()


def _document(spawn: Spawn, *words: str, env: dict[str, str] = OWN_COUNTS) -> Any:
    ended = spawn("dataset", *words, "--versus", "none", "--workers", "1", "--json", "--as-of", TODAY, env=env)

    assert 0 == ended.status, ended.stderr
    return json.loads(ended.stdout)["models"][0]


@pytest.mark.parametrize(("model", "encoding"), OWN.values())
@pytest.mark.parametrize("read", [["--exact"], ["--sample", "70%"]])
def test_some_rows_are_counted_by_the_own_tokenizer(
    model: str, encoding: str, read: list[str], spawn: Spawn, rows: tuple[Path, list[str]]
) -> None:
    """Its total lies within bounds that are narrower than those of any ratio, and the report says of how many rows."""
    path, texts = rows
    found = _document(spawn, str(path), "-m", model, *read)
    said = spawn("dataset", str(path), "-m", model, *read, "--versus", "none", "--workers", "1", env=OWN_COUNTS).stdout
    truth, tokens = sum(map(counter_of(encoding).count, texts)), found["input_tokens"]

    assert ("sampled", encoding) == (found["exactness"], found["encoding"])
    assert tokens["low"] < truth < tokens["high"]
    assert tokens["high"] - tokens["low"] < 0.3 * truth
    assert f"counted by {SENTENCES[encoding]}, {found['rows_counted']:,} of " in said
    assert 0 < found["rows_counted"] < len(texts)
    assert "by the ratio of its tokens" not in said


@pytest.mark.parametrize(("model", "encoding"), OWN.values())
def test_few_rows_are_all_counted(model: str, encoding: str, spawn: Spawn, tmp_path: Path) -> None:
    """However long they are, no row is left out, and the number is no sample."""
    texts = ["hello world " * 30_000, "short", "données データ " * 9_000]
    (tmp_path / "rows.txt").write_text("\n".join(texts))
    found = _document(spawn, "rows.txt", "-m", model)
    truth = sum(map(counter_of(encoding).count, texts))

    assert {"low": truth, "value": truth, "high": truth} == found["input_tokens"]
    assert (3, "modelled" if encoding == "gemma" else "reconstructed") == (found["rows_counted"], found["exactness"])


@pytest.mark.parametrize(("model", "encoding"), OWN.values())
def test_a_step_of_the_price_is_charged(model: str, encoding: str, spawn: Spawn, tmp_path: Path) -> None:
    """Rows that are far above a step cost what the step says, and those below it do not."""
    if model.startswith("claude"):
        model = "claude-haiku-5-5"  # whose price has a step
    (tmp_path / "rows.txt").write_text("hello world " * 150_000 + "\nshort")
    found = _document(spawn, "rows.txt", "-m", model, "--output-tokens", "0")
    at_step = {"claude-haiku-5-5": 0.5, "gemini-2.5-pro": 2.5}[model]

    assert encoding != "o200k_base"
    assert pytest.approx(found["input_tokens"]["value"] * at_step / 1e6, rel=1e-4) == found["modes"][0]["cost"]["value"]


@pytest.mark.parametrize(
    "model",
    [
        "claude-sonnet-4-6",
        pytest.param(
            "gemini-2.5-pro",
            marks=pytest.mark.skipif(
                importlib.util.find_spec("splintr") is not None, reason="Gemma's vocabulary is installed"
            ),
        ),
    ],
)
def test_without_its_tokenizer_a_ratio_with_its_range(model: str, spawn: Spawn, rows: tuple[Path, list[str]]) -> None:
    """The number is estimated, as wide as the ratio is, and the report says so."""
    path, _ = rows
    found = _document(spawn, str(path), "-m", model, env=RATIO)
    words = ("dataset", str(path), "-m", model, "--versus", "none", "--workers", "1")
    tokens = found["input_tokens"]

    assert ("estimated", "o200k_base") == (found["exactness"], found["encoding"])
    assert "rows_counted" not in found
    assert 1.3 < tokens["high"] / tokens["low"] < 2
    assert "estimated by its ratio to GPT-4.1" in spawn(*words, env=RATIO).stdout
