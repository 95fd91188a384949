"""What a command does not use, it does not import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Spawn
from typer.main import get_command

from gpt41calc.app import application
from gpt41calc.cli.argv import COMMANDS

HEAVY = ("gigatoken", "hypothesis", "numpy", "pathspec", "platformdirs", "pydantic", "rich", "tiktoken")


@pytest.mark.parametrize(
    "statement",
    [
        "import gpt41calc",
        "from gpt41calc.app import application; application()",
        "from gpt41calc.boundary import main; main(['--version'])",
        "from gpt41calc.boundary import main; main(['--help'])",
        "import typer; from gpt41calc.boundary import main; main(['count', '-q', typer.__file__])",
    ],
)
def test_starting_is_cheap(statement: str) -> None:
    """Neither importing, ``--version`` nor counting a prompt loads tokenizers, rich or Typer's pydantic."""
    program = f"{statement}\nimport sys; print(*sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert set() == set(ended.stderr.split())


def test_an_argument_that_is_required_needs_no_pydantic(tmp_path: Path) -> None:
    """``batch FILE`` takes the file as it was typed; importing pydantic for it would take 55 ms."""
    (tmp_path / "r.jsonl").write_text('{"model": "gpt-4.1", "messages": [{"role": "user", "content": "hello world"}]}')
    program = (
        "from gpt41calc.boundary import main; main(['batch', '-q', 'r.jsonl'])\n"
        "import sys; print('pydantic' in sys.modules, file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert "False" == ended.stderr.split()[-1]


def test_declaring_commands_imports_none_of_their_work() -> None:
    """Help and the parsing of options need neither prices nor what reads requests, counts or calculates."""
    program = (
        "import sys; from gpt41calc.app import application; application()\n"
        "print(*sorted({name.split('.')[1] for name in sys.modules if name.startswith('gpt41calc.')}))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert {"pricing", "calculator", "sources", "tokenizer", "render", "guidance"}.isdisjoint(ended.stdout.split())


def test_a_prompt_needs_no_prices(tmp_path: Path) -> None:
    """Counting as GPT-4.1 reads no price table and no TOML, and imports nothing that does."""
    (tmp_path / "prompt.txt").write_text("hello world")
    program = (
        "from gpt41calc.boundary import main; main(['count', '-q', 'prompt.txt'])\n"
        "import sys; print(*(name for name in sys.modules if name.startswith(('gpt41calc.pricing', 'tomllib'))))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert "2\n\n" == ended.stdout


def test_the_list_of_commands_imports_none_of_them() -> None:
    """``--help`` knows the first line of every command without importing it or what declares options."""
    program = (
        "from gpt41calc.boundary import main; main(['--help'])\n"
        "import sys; print(*(name for name in sys.modules if name.startswith('gpt41calc.commands')), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "" == ended.stderr.strip()


def test_the_list_of_commands_says_what_they_say_of_themselves() -> None:
    """The first lines that ``--help`` shows are those of the commands' own help, in their order."""
    of_themselves = {name: command.help for name, command in get_command(application()).commands.items()}  # type: ignore[attr-defined]

    assert list(of_themselves.items()) == list(COMMANDS.items())


def test_the_list_of_commands_fits_a_narrow_terminal(spawn: Spawn) -> None:
    """At 80 columns no description is cut."""
    shown = spawn("--help", env={"COLUMNS": "80"}).stdout

    assert [] == [line for line in COMMANDS.values() if line not in shown]


def test_the_version_needs_nothing_that_counts() -> None:
    """``--version`` imports neither Typer nor the modules that every count needs."""
    needless = {"typer", "pathlib", "gpt41calc.counting", "gpt41calc.render"}
    program = (
        "from gpt41calc.boundary import main; main(['--version'])\n"
        f"import sys; print(*({needless!r} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "" == ended.stdout.splitlines()[-1]


def test_a_short_report_imports_no_other_reports(tmp_path: Path) -> None:
    """Pricing a prompt imports nothing of ``--explain``, ``--migrate``, ``--by`` and the user's own price table."""
    (tmp_path / "prompt.txt").write_text("hello world")
    others = (
        *("calculator.breakdown", "calculator.migration", "calculator.summary", "cli.project_file", "pricing.overlay"),
        *(
            "pricing.validate",
            "render.breakdown",
            "render.estimate_explained",
            "render.json_fields",
            "render.migration",
        ),
    )
    program = (
        "from gpt41calc.boundary import main; main(['estimate', 'prompt.txt'])\n"
        f"import sys; print(*(name for name in {others!r} if f'gpt41calc.{{name}}' in sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert "" == ended.stdout.splitlines()[-1]
