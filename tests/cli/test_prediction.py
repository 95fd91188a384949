"""What is predicted from the words is what Typer and the project file make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.app import application
from gpt41calc.cli.argv import expand, names_a_folder
from gpt41calc.cli.prediction import FLAGS, predicted
from gpt41calc.cli.process import Process
from gpt41calc.counting.prefetch import Wanted
from gpt41calc.errors import Gpt41calcError
from gpt41calc.sources.source import Rules


def commands_of_folders() -> dict[str, Any]:
    """Return the commands that count folders, by name."""
    group: Any = typer.main.get_command(application())
    return {name: command for name, command in group.commands.items() if names_a_folder([name, "."])}


def test_the_flags_are_those_of_the_commands() -> None:
    """Exactly the options without a value are listed; whatever else begins with a dash takes the next word."""
    options = [
        one for command in commands_of_folders().values() for one in command.params if one.param_type_name == "option"
    ]
    expected = {name for one in options if one.is_flag for name in (*one.opts, *one.secondary_opts)}

    assert expected == FLAGS


def test_a_joined_word_has_only_flags_before_its_option() -> None:
    """``-0q`` may be joined with the option that follows: all other short options have values."""
    assert {"-0", "-q"} == {name for name in FLAGS if not name.startswith("--")}


class _Parsed(Exception):
    """Carries what a command would count."""


def _carry(options: Any, _runtime: Any) -> NoReturn:
    raise _Parsed(Wanted(tuple(options.paths), options.rules))


def parsed(words: Sequence[str], environ: Mapping[str, str]) -> Wanted | None:
    """Return what the command makes of the words; None if it refuses them."""
    process = Process(environ, date(2026, 11, 22))
    try:
        application(words)(args=list(words), standalone_mode=False, obj=process)
    except _Parsed as found:
        wanted: Wanted = found.args[0]
        return wanted
    except (typer.TyperException, Gpt41calcError):
        return None
    raise AssertionError


OPTIONS = st.lists(
    st.sampled_from(
        [
            ["a"],
            ["--hidden"],
            ["--text"],
            ["--follow"],
            ["--no-gitignore"],
            ["--include", "*.md"],
            ["--include=a b"],
            ["--exclude", "-x"],
            ["-q"],
            ["-m", "gpt-4o"],
            ["-qfjson"],
            ["-f", "csv"],
            ["-fcsv"],
            ["--max-file-size", "1k"],
            ["--no-config"],
            ["./b"],
        ]
    ),
    max_size=6,
)

ENVIRON = st.fixed_dictionaries(
    {},
    optional={
        "GPT41CALC_HIDDEN": st.sampled_from(["1", "0"]),
        "GPT41CALC_EXCLUDE": st.just("*.txt, old"),
        "GPT41CALC_MAX_FILE_SIZE": st.just("3k"),
        "GPT41CALC_NO_CONFIG": st.sampled_from(["1", "0"]),
    },
)


@given(options=OPTIONS, environ=ENVIRON)
def test_the_prediction_is_right(
    tmp_path_factory: pytest.TempPathFactory, options: list[list[str]], environ: dict[str, str]
) -> None:
    """Whatever the words, the environment and the project file say, the paths and rules are those of the command."""
    folder = tmp_path_factory.getbasetemp() / "prediction"
    folder.mkdir(exist_ok=True)
    (folder / "gpt41calc.toml").write_text('exclude = ["new/"]\nmax-file-size = "2k"\nfollow = true\n')
    words = ["count", *(word for option in options for word in option)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("gpt41calc.commands.count.run.count_paths", _carry)
        patch.setattr("gpt41calc.sources.find.default_paths", lambda _stdin: ["."])  # as at a terminal
        expected = parsed(expand(words), environ)
        actual = predicted(words, environ)

    assert expected in (None, actual)


def test_no_prediction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is predicted where paths are listed elsewhere, nothing is cached, or what is configured is wrong."""
    monkeypatch.chdir(tmp_path)
    told = [
        predicted(words, environ)
        for words, environ in (
            (["--files-from", "-"], {}),
            (["count", "--string", "a", "."], {}),
            (["."], {"GPT41CALC_NO_CACHE": "1"}),
            (["."], {"GPT41CALC_HIDDEN": "perhaps"}),
            ([".", "--max-file-size", "big"], {}),
            ([".", "--config", "nowhere"], {}),
        )
    ]
    expected = [None] * 6 + [Wanted((".",), Rules())]

    assert expected == [*told, predicted([], {})]
