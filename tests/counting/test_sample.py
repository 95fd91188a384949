"""A sample says how many tokens another tokenizer makes of the whole, within an interval that holds."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from gpt41calc.counting.sample import BLOCKS, Block, draw, ratio_of
from gpt41calc.sources.source import Source
from gpt41calc.tally import Counted, Skipped, Tally

WORDS = ["a", "sample", "of", "words", "==", "longer_names", "0", "(", "thing)", "\n", "\n    "]


def tree(folder: Path, seed: int, files: int = 150) -> tuple[Tally, list[Source]]:
    """Write files of two kinds, of very different lengths; tokens are words, say."""
    random, counted, sources = Random(seed), [], []  # noqa: S311 - test data
    for number in range(files):
        words = random.choices(WORDS, k=random.choice([3, 40, 400, 3000]))
        text = " ".join(words) if number % 3 else " ".join(word + "é" for word in words)
        path = folder / f"{number}.txt"
        path.write_text(text, "utf-8")
        counted.append(Counted(str(path), len(text.encode()), {"o200k_base": len(text.split()) + 1}))
        sources.append(Source(str(path), str(path), named=False))
    return Tally.of(*counted), sources


def theirs(text: str) -> int:
    """Return another tokenizer's count: more for longer words."""
    return sum(1 + len(word) // 4 for word in text.split())


def test_the_interval_holds(tmp_path: Path) -> None:
    """Of 40 trees, the ratio of the whole lies in the interval of at least 38."""
    held = 0
    for seed in range(40):
        folder = tmp_path / str(seed)
        folder.mkdir()
        inputs, sources = tree(folder, seed, files=60)
        whole = sum(theirs(Path(source.path or "").read_text("utf-8")) for source in sources)
        bounds = ratio_of(draw(inputs, sources, "o200k_base"), theirs)
        assert bounds is not None
        held += float(bounds[0]) <= whole / inputs.tokens("o200k_base") <= float(bounds[2])

    assert held >= 38


def test_the_same_files_have_the_same_sample(tmp_path: Path) -> None:
    """Two runs on the same files draw the same blocks."""
    inputs, sources = tree(tmp_path, 1)

    assert draw(inputs, sources, "o200k_base") == draw(inputs, sources[::-1], "o200k_base")
    assert BLOCKS == len(draw(inputs, sources, "o200k_base"))


@pytest.mark.parametrize(
    "seen", [(), (Counted("<stdin>", 10, {"o200k_base": 3}),), (Skipped("x", "gone", expected=False),)]
)
def test_nothing_to_draw_from(seen: tuple[Counted | Skipped, ...]) -> None:
    """Where nothing can be read again, there is no sample and no ratio."""
    assert [] == draw(Tally.of(*seen), [], "o200k_base")
    assert ratio_of([], theirs) is None


def test_files_that_went_away_are_left_out(tmp_path: Path) -> None:
    """A file that cannot be read any more gives no block."""
    inputs, sources = tree(tmp_path, 2)
    for source in sources[:140]:
        Path(source.path or "").unlink()

    assert len(draw(inputs, sources, "o200k_base")) < BLOCKS


def test_equal_blocks_leave_one_percent_for_their_borders() -> None:
    """A sample without any difference still has an interval."""
    low, value, high = ratio_of([Block("a b c", 6, 0.5)] * BLOCKS, lambda text: len(text.split())) or (0, 0, 0)

    assert low < value < high
