"""TOML is read as the standard library reads it, or refused; and at a cost that is known before."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import Spawn
from hypothesis import example, given
from hypothesis import strategies as st
from limits import limited, needs_limits

from gpt41calc.sources.strict_toml import NotToml, parse_toml

TEXTS = st.lists(
    st.sampled_from(
        [*"\"'\\.#=[]{}, \n\ta1_-", '"""', "'''", "a = ", "[[a]]\n", "a.b", '= "x.y.z"\n', "\r\n", "1979-05-27"]
    ),
    max_size=30,
).map("".join)


def read(text: str) -> object:
    """Return what the standard library reads, or None if it refuses."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError):
        return None


@given(text=TEXTS)
@example(text="a = '''''x'''''\nb = 1")
@example(text='a = """"x"""""\nb.c = 1')
@example(text='a = """\\""" . . """\nb = 1')
@example(text="a = 'x' # it's \"\nb = 1")
def test_small_texts_are_read_as_the_standard_library_reads_them(text: str) -> None:
    """What is not long is never refused, and what is no TOML is refused by one kind of error."""
    expected = read(text)
    try:
        actual: object = parse_toml(text)
    except NotToml:
        actual = None

    assert expected == actual


PARTS = ".".join("a" * 100_000)

ENDLESS = {
    "key": PARTS + " = 1",
    "table": f"[{PARTS}]",
    "array of tables": f"[[{PARTS}]]",
    "inline": "x = {" + PARTS + " = 1}",
    "spaced": " . ".join("a" * 100_000) + " = 1",
    "quoted": ".".join(['"a"'] * 100_000) + " = 1",
    "after a string": 'x = """\n\\""" # \'\'\' """\n' + PARTS + " = 1",
    "arrays": "x = " + "[" * 100_000,
    "tables": "x = " + "{a=" * 100_000,
    "mixed": "x = " + "[{a=" * 100_000,
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_what_would_not_end_is_refused_with_its_line(text: str) -> None:
    """A key of very many parts, or values nested very deeply, are refused before they are parsed."""
    with pytest.raises(
        NotToml, match=r"line \d: (a key of more than 100 parts|nested deeper than 100 levels)"
    ) as refused:
        parse_toml("# first\n" + text)
    expected = "line 4" if text.startswith('x = """') else "line 2"
    actual = refused.value.reason.partition(":")[0]

    assert expected == actual


def test_the_bounds_themselves_are_allowed() -> None:
    """A hundred parts, and a hundred levels, are read; dots in strings, numbers and comments are none."""
    text = f"""
        {".".join("a" * 100)} = 1
        b = {"[" * 100}{"]" * 100}
        c = [{"1.5," * 200}]
        d = "{"." * 200}" # {"." * 200}
    """
    expected = read(text)
    actual = parse_toml(text)

    assert expected == actual


LARGE = {
    "parts": PARTS + " = 1",
    "blank lines": "\n" * 1_000_000,
    "quotes": '"' * 1_000_001,
    "escaped quotes": 'a = "' + '\\"' * 500_000,
    "brackets": "[" * 1_000_000,
    "our name": "gpt41calc " * 100_000,
    "tools": "tool\n" * 200_000,
    "an unknown key": "k" * 1_000_000 + " = 1",
    "tables": "".join(f"[t{number}]\n" for number in range(90_000)),
}


@needs_limits
@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param(name, text, id=f"{name}-{kind}", marks=[] if at % 6 == turn else pytest.mark.exhaustive)
        for turn, name in enumerate(["gpt41calc.toml", "pyproject.toml", "prices.toml"])
        for at, (kind, text) in enumerate(LARGE.items())
    ],
)
def test_a_file_that_costs_much_is_refused_by_a_process(spawn: Spawn, tmp_path: Path, name: str, text: str) -> None:
    """Whatever a project file or a price table holds, a run ends soon and within its memory, with no fault of ours."""
    (tmp_path / "a.txt").write_text("hello")
    ours = "\n[tool.gpt41calc]\nhidden = true\n" if name == "pyproject.toml" else ""
    (tmp_path / name).write_text(text + ours)
    options = ("--pricing", name) if name == "prices.toml" else ()
    ended = spawn("estimate", "a.txt", *options, preexec_fn=limited(seconds=10, memory_bytes=1_500_000_000))
    expected: object = (True, [])
    actual = (ended.status in {0, 2}, [line for line in ended.stderr.splitlines() if "internal" in line])

    assert expected == actual
