"""The project file and the environment: what they may say, what holds where both speak, and every way to be wrong."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY, Outcome, Spawn

from gpt41calc.cli.argv import wants_json
from gpt41calc.cli.precedence import Configured
from gpt41calc.cli.project_search import find_project, read_project
from gpt41calc.errors import ConfigError, UsageError

BUDGET = """
[[budget]]
name = "all"
paths = ["**"]
token-budget = 100
"""


def written(folder: Path, text: str | bytes, name: str = "gpt41calc.toml") -> str:
    """Write a project file, and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def refusal(path: str) -> tuple[str, str]:
    """Return why a project file is refused, without its path, and the hint."""
    with pytest.raises(ConfigError) as caught:
        read_project(path)
    assert str(caught.value).startswith(f"{path}: ")
    return str(caught.value).removeprefix(f"{path}: "), caught.value.hint


# -- Files that are no TOML


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\xef\xbb\xbfmodel = 'gpt-4.1'\n", "line 1: begins with a byte order mark, which TOML does not allow"),
        (b"model = 'gpt-4.1'\n# \xff\n", "line 2: not UTF-8 (byte 20)"),
        (b"tier = 'batch'\rhidden = true\n", "line 1: expected newline or end of document after a statement"),
        (b"\ntier = \0\n", "line 2: invalid value"),
        (b"strict = true\nstrict = false\n", "line 2: the same key or table a second time"),
        (b"requests = " + b"1" * 5000 + b"\n", "a number that is too long"),
        (b"model = " + b"[" * 5000, "line 1: nested deeper than 100 levels"),
        (b"#" * (1 << 20) + b"\n", "larger than 1,048,576 bytes"),
        (b"[[budget]\n", "line 1: expected ']]' at the end of an array declaration"),
        (b"tier = ", "invalid value (at end of document)"),
    ],
)
def test_malformed(tmp_path: Path, text: bytes, said: str) -> None:
    """Whatever is no TOML is refused with the line, in one sentence."""
    assert said == refusal(written(tmp_path, text))[0]


def test_malformed_by_process(spawn: Spawn, tmp_path: Path) -> None:
    """A file that is no TOML is status 2 and one sentence for every command that takes options from it."""
    written(tmp_path, "tier = \n")
    (tmp_path / "a.txt").touch()
    expected = [(2, "", "gpt41calc: error: gpt41calc.toml: line 1: invalid value\n")] * 3
    ended = [spawn(*words) for words in (["check"], ["count", "a.txt"], ["a.txt"])]

    assert expected == [(one.status, one.stdout, one.stderr) for one in ended]


def test_missing_and_unreadable(tmp_path: Path) -> None:
    """A file that is named and not there, or no file, is refused by its path."""
    assert "no such file or directory" == refusal(str(tmp_path / "gone.toml"))[0]
    assert "is a directory" == refusal(str(tmp_path))[0]
    assert "not the name of a file" == refusal(str(tmp_path / "a\0b"))[0]
    assert "no [tool.gpt41calc] in it" == refusal(written(tmp_path, "[tool.other]\n", "pyproject.toml"))[0]


# -- Values of the wrong kind


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("imput = 2", "unknown key 'imput'"),
        ("tier = 'cheap'", "tier: expected one of standard, batch, flex, priority, found the text 'cheap'"),
        ("tier = ['batch']", "tier: expected one of standard, batch, flex, priority, found a list"),
        ("strict = 1", "strict: expected true or false, found the number 1"),
        ("hidden = 'yes'", "hidden: expected true or false, found the text 'yes'"),
        ("model = 4.1", "model: expected a list of texts, found the number 4.1"),
        ("model = ['gpt-4.1', 4]", "model: expected a list of texts, found the number 4 in it"),
        ("exclude = ['']", "exclude: expected a list of texts, found an empty text in it"),
        ("output-tokens = true", "output-tokens: expected a text or a number, found true"),
        ("output-tokens = -1", "output-tokens: expected a whole number such as 1500, 12_000 or 4k, found '-1'"),
        ("output-tokens = 1.5", "output-tokens: expected a whole number such as 1500, 12_000 or 4k, found '1.5'"),
        ("output-tokens = 2026-11-22", "output-tokens: expected a text or a number, found a date"),
        ("requests = nan", "requests: expected a whole number such as 1500, 12_000 or 4k, found 'NaN'"),
        (
            "requests = 1e999999999",
            "requests: expected a whole number such as 1500, 12_000 or 4k, found '1E+999999999'",
        ),
        ("budget = 3", "budget: expected [[budget]] tables, found the number 3"),
        ("budget = [1]", "budget: expected [[budget]] tables, found a list"),
        ("baseline = '../b.json'", "baseline: '../b.json' is outside the folder of the file"),
        ("baseline = '/etc/passwd'", "baseline: '/etc/passwd' is outside the folder of the file"),
        ("baseline = '~/b.json'", "baseline: '~/b.json' is outside the folder of the file"),
        ("max-file-size = '1 parsec'", "max-file-size: expected a size such as 500k, 10M or 2MiB, found '1 parsec'"),
    ],
)
def test_wrong_options(tmp_path: Path, text: str, said: str) -> None:
    """An option that does not hold what it should is refused by its name."""
    assert said == refusal(written(tmp_path, text))[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("token-budget = 'lots'", "expected a whole number such as 1500, 12_000 or 4k, found 'lots'"),
        ("token-budget = [1]", "expected a text or a number, found a list"),
        ("max-cost = -0.5", "expected dollars such as 0.05 or 1,200, found '-0.5'"),
        ("max-cost = inf", "expected dollars such as 0.05 or 1,200, found 'Infinity'"),
        ("max-cost = 1e-999999999", "expected dollars such as 0.05 or 1,200, found '1E-999999999'"),
        ("max-context = 60", "expected a percentage such as 60%, found '60'"),
        ("max-increase = '-5%'", "expected a percentage such as 60%, found '-5%'"),
        ("fail-if-retires-within = 'soon'", "expected a number of days such as 90d, found 'soon'"),
        ("token-budget = 1\nlevel = 'info'", "expected one of error, warn, found the text 'info'"),
        ("token-budget = 1\nlevel = []", "expected one of error, warn, found a list"),
    ],
)
def test_wrong_limits(tmp_path: Path, text: str, said: str) -> None:
    """A limit that does not hold what it should is refused by its budget and its name."""
    key = text.rpartition("\n")[2].partition(" ")[0]
    path = written(tmp_path, f"[[budget]]\nname = 'a'\npaths = ['a']\n{text}")

    assert f"budget 1 ('a'): {key}: {said}" == refusal(path)[0]


def test_hexadecimal_giant(tmp_path: Path) -> None:
    """An integer that has too many digits to be written in decimal is no reason to fall over."""
    said, _ = refusal(written(tmp_path, f"requests = 0x{'f' * 4500}"))

    assert said.startswith("requests: expected a whole number such as 1500, 12_000 or 4k, found '0xffff")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("paths = ['a']\ntoken-budget = 1", "budget 1: name: expected a text, found nothing"),
        ("name = ' '\npaths = ['a']", "budget 1: name: expected a text, found the text ' '"),
        ("name = 'a'\ntoken-budget = 1", "budget 1 ('a'): paths: expected a list of texts, found nothing"),
        ("name = 'a'\npaths = []\ntoken-budget = 1", "budget 1 ('a'): paths: expected at least one glob"),
        ("name = 'a'\npaths = ['!b']\ntoken-budget = 1", "budget 1 ('a'): paths: expected at least one glob"),
        ("name = 'a'\npaths = ['[']\ntoken-budget = 1", "budget 1 ('a'): paths: '[' is not a pattern"),
        ("name = 'a'\npaths = ['a']", "budget 1 ('a'): no limit"),
        ("name = 'a'\npaths = ['a']\nrequests-per-month = 3", "budget 1 ('a'): no limit"),
        ("name = 'a'\npaths = ['a']\ntoken_budget = 1", "budget 1 ('a'): unknown key 'token_budget'"),
    ],
)
def test_wrong_budgets(tmp_path: Path, text: str, said: str) -> None:
    """A budget without a name, files or a limit is refused."""
    assert said == refusal(written(tmp_path, f"[[budget]]\n{text}\n"))[0]


@pytest.mark.parametrize("glob", ["../x", "a/../../x", "/etc/passwd", "~", "~root/x", "!../x", r"\.\./x", "..\\\\x"])
@pytest.mark.parametrize("key", ["paths", "exclude"])
def test_globs_stay_inside(tmp_path: Path, key: str, glob: str) -> None:
    """A glob that would lead out of the folder of the file is refused, however it is spelt."""
    other = "paths = ['a']" if key == "exclude" else ""
    path = written(tmp_path, f"[[budget]]\nname = 'a'\ntoken-budget = 1\n{other}\n{key} = ['a', '{glob}']\n")

    assert f"budget 1 ('a'): {key}: '{glob}' leads out of the folder of the file" == refusal(path)[0]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("modell = 'x'", "did you mean 'model'?"),
        ("zzz = 1", "known are against, alias, assume-image, baseline, "),
        ("output_tokens = 1", "did you mean 'output-tokens'?"),
        ("[[budget]]\nname = 'a'\ntoken_budget = 1", "did you mean 'token-budget'?"),
        ("[[budget]]\nname = 'a'\nexcludes = []", "did you mean 'exclude'?"),
    ],
)
def test_unknown_keys(tmp_path: Path, text: str, hint: str) -> None:
    """An unknown key names the nearest that is known, or them all."""
    assert refusal(written(tmp_path, text))[1].startswith(hint)


@pytest.mark.parametrize(
    "key",
    [
        "pricing",
        "output",
        "report",
        "write-baseline",
        "files-from",
        "config",
        "format",
        "as-of",
        "json",
        "quiet",
        "init",
    ],
)
def test_only_typed(tmp_path: Path, key: str) -> None:
    """A project file may come from anyone: it names no price table, no file to write and no way to report."""
    said, hint = refusal(written(tmp_path, f"{key} = 'x'\n"))

    assert (f"{key}: a project file may not set this", f"it is an option of the command line: --{key}") == (said, hint)


def test_twins(tmp_path: Path) -> None:
    """Two budgets of one name could not be told apart in a report or a baseline."""
    assert "two budgets are named 'all'" == refusal(written(tmp_path, BUDGET + BUDGET))[0]


# -- Which file is used


def test_nearest_upwards(tmp_path: Path) -> None:
    """The nearest file upwards is used, gpt41calc.toml before pyproject.toml, as seen from the folder."""
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    written(tmp_path, "[tool.gpt41calc]\ntier = 'batch'", "pyproject.toml")
    outer = find_project(str(below))
    written(tmp_path / "a", "tier = 'flex'", "gpt41calc.toml")
    written(tmp_path / "a", "[tool.gpt41calc]\ntier = 'batch'", "pyproject.toml")
    inner = find_project(str(below))

    assert outer
    assert inner
    assert ("../../pyproject.toml", "../..", {"tier": "batch"}) == (outer.path, outer.folder, outer.options)
    assert ("../gpt41calc.toml", "..", {"tier": "flex"}) == (inner.path, inner.folder, inner.options)


@pytest.mark.parametrize(
    "text",
    [
        b"[tool.other]\nthis is = = broken",
        b"[project]\ndependencies = [\n  'gpt41calc>=0.1',\n]\nbroken = = 1",
        b"[project]\nname = '\xff'\n",
        b"#" * (2 << 20),
        b"# gpt41calc = 1\n[broken",
        b"tool = 3\n[[project",
        b"[tool]\n",
    ],
)
def test_files_of_others(tmp_path: Path, text: bytes) -> None:
    """A pyproject.toml without our table is passed over, whatever is wrong with it."""
    written(tmp_path, "tier = 'batch'")
    written(tmp_path / "sub", text, "pyproject.toml")
    found = find_project(str(tmp_path / "sub"))

    assert found
    assert "../gpt41calc.toml" == found.path


@pytest.mark.parametrize(
    "text",
    [
        "[tool.gpt41calc]\ntier = 'batch'",
        "[ tool . gpt41calc ]\ntier = 'batch'",
        "[tool.\"gpt41calc\"]\ntier = 'batch'",
        "tool.gpt41calc.tier = 'batch'",
        "tool = { gpt41calc = { tier = 'batch' } }",
        "[tool]\ngpt41calc = { tier = 'batch' }",
        "[tool]\ngpt41calc.tier = 'batch'",
    ],
)
def test_spellings_of_our_table(tmp_path: Path, text: str) -> None:
    """Our table is found however TOML lets it be written."""
    assert {"tier": "batch"} == read_project(written(tmp_path, text, "pyproject.toml")).options


@pytest.mark.parametrize("value", ["3", "[1]", "'x'"])
def test_our_table_is_a_table(tmp_path: Path, value: str) -> None:
    """Something else in the place of our table is refused."""
    path = written(tmp_path, f"[tool]\ngpt41calc = {value}", "pyproject.toml")

    assert refusal(path)[0].startswith("tool.gpt41calc: expected a table, found ")


def test_the_folder_is_gone(spawn: Spawn, tmp_path: Path) -> None:
    """In a folder that was deleted there is no project file, and whoever looks for files says what is wrong."""
    gone = tmp_path / "gone"
    gone.mkdir()
    ended = spawn("check", "--token-budget", "1", ".", cwd=gone, preexec_fn=gone.rmdir)

    assert 2 == ended.status
    assert ended.stderr.startswith("gpt41calc: error: the current folder: ")


# -- What holds


def estimated(ended: Outcome) -> tuple[int, dict[str, Any]]:
    """Return the status and the document."""
    return ended.status, json.loads(ended.stdout or "{}")


def test_precedence(spawn: Spawn, tmp_path: Path) -> None:
    """What is typed wins over the environment, that over the project file, and that over the default."""
    (tmp_path / "a.txt").touch()
    written(tmp_path, "output-tokens = '2k'\ntier = 'batch'")
    environ = {"GPT41CALC_OUTPUT_TOKENS": "3k"}
    runs = [
        (["--no-config"], {}),
        ([], {}),
        ([], environ),
        (["--output-tokens", "4k"], environ),
        (["--output-tokens", "1000"], environ),
    ]
    actual = []
    for words, env in runs:
        _, document = estimated(spawn("a.txt", "--json", "--as-of", TODAY, *words, env=env))
        actual.append((document["workload"]["output_tokens"], document["workload"]["tier"], document.get("config")))

    assert [
        (1000, "standard", None),
        (2000, "batch", "gpt41calc.toml"),
        (3000, "batch", "gpt41calc.toml"),
        (4000, "batch", "gpt41calc.toml"),
        (1000, "batch", "gpt41calc.toml"),
    ] == actual


def test_lists_add_up(spawn: Spawn, tmp_path: Path) -> None:
    """Models and globs of the file, the environment and the command line are taken together."""
    for name in ("a.txt", "b.txt", "c.txt", "d.txt"):
        (tmp_path / name).write_bytes(b"hello world\n")
    written(tmp_path, "model = ['gpt-4.1']\nexclude = ['*.toml', 'a.txt']")
    environ = {"GPT41CALC_MODEL": "gpt-4.1-mini, gpt-4.1", "GPT41CALC_EXCLUDE": "b.txt"}
    ended = spawn(".", "--json", "-m", "gpt-4o", "--exclude", "c.txt", "--by", "file", "--as-of", TODAY, env=environ)
    _, document = estimated(ended)
    models = [model["id"] for model in document["models"] if model["role"] == "variant"]

    assert ["gpt-4.1", "gpt-4.1-mini", "gpt-4o"] == models
    assert ["d.txt"] == [file["path"] for file in document["files"]]


def test_configured_model_of_count(spawn: Spawn, tmp_path: Path) -> None:
    """A command that takes one model takes the first that is configured, and one that is typed instead of it."""
    (tmp_path / "a.txt").write_text("Übung macht den Meister, " * 40, encoding="utf-8")
    written(tmp_path, "model = ['gpt-4', 'gpt-4.1']")
    counts = [
        spawn("count", "-q", "a.txt", *words, env=env).stdout.strip()
        for words, env in (
            ([], {}),
            (["--no-config"], {}),
            (["-m", "gpt-4.1"], {}),
            ([], {"GPT41CALC_MODEL": "gpt-4.1"}),
        )
    ]

    assert counts[0] != counts[1]
    assert [counts[1]] * 2 == counts[2:]


@pytest.mark.parametrize(
    ("said", "typed", "found"),
    [
        (None, False, False),
        ("1", False, True),
        ("TRUE", False, True),
        ("on", False, True),
        ("0", False, False),
        ("no", True, True),
        ("", False, False),
    ],
)
def test_flags_of_the_environment(said: str | None, typed: bool, found: bool) -> None:  # noqa: FBT001 - a table
    """A flag of the environment says yes or no in the usual words; what is typed holds."""
    environ = {} if said is None else {"GPT41CALC_HIDDEN": said}

    assert found is Configured(environ).resolve("hidden", typed, is_typed=typed)


def test_a_flag_that_says_neither() -> None:
    """A flag that says neither yes nor no is an error that names the variable."""
    with pytest.raises(UsageError, match=r"^GPT41CALC_HIDDEN: expected 1 or 0, found 'perhaps'$"):
        Configured({"GPT41CALC_HIDDEN": "perhaps"}).resolve("hidden", typed=False, is_typed=False)


def test_no_beats_yes(spawn: Spawn, tmp_path: Path) -> None:
    """A flag that the project file sets is taken back by the environment."""
    (tmp_path / ".hidden").write_bytes(b"hello world\n")
    written(tmp_path, "hidden = true")
    ended = [spawn("count", "-q", ".", "--exclude", "*.toml", env=env) for env in ({}, {"GPT41CALC_HIDDEN": "0"})]

    assert ["3\n", "0\n"] == [one.stdout for one in ended]


@pytest.mark.parametrize(
    ("words", "env", "status", "said"),
    [
        ([], {"GPT41CALC_UNKNOWN": "1", "GPT41CALC_TOKENBUDGET": "x"}, 0, ""),
        ([], {"GPT41CALC_TIER": "cheap"}, 2, "GPT41CALC_TIER: expected one of standard, batch, flex, priority, found"),
        ([], {"GPT41CALC_OUTPUT_TOKENS": "-1"}, 2, "--output-tokens: expected a whole number"),
        ([], {"GPT41CALC_OUTPUT_TOKENS": ""}, 0, ""),
        ([], {"GPT41CALC_MODEL": "gpt-9"}, 2, "unknown model 'gpt-9'"),
        ([], {"GPT41CALC_CONFIG": "gone.toml"}, 2, "gone.toml: no such file or directory"),
        (["--no-config"], {"GPT41CALC_CONFIG": "gone.toml"}, 0, ""),
        (["--config", "gone.toml"], {"GPT41CALC_NO_CONFIG": "1"}, 2, "gone.toml: no such file or directory"),
        (["--config", "gone.toml", "--no-config"], {}, 2, "--config and --no-config contradict each other"),
        ([], {"GPT41CALC_NO_CONFIG": "maybe"}, 2, "GPT41CALC_NO_CONFIG: expected 1 or 0, found 'maybe'"),
    ],
)
def test_environment(
    spawn: Spawn, tmp_path: Path, words: list[str], env: dict[str, str], status: int, said: str
) -> None:
    """Variables that nobody knows are none of ours; those that we know are held to what the option takes."""
    (tmp_path / "a.txt").touch()
    ended = spawn("a.txt", "--as-of", TODAY, *words, env=env)

    assert status == ended.status
    assert said in ended.stderr.partition("\n")[0]
    assert ended.stderr.startswith("gpt41calc: error: ") is bool(said)


def test_a_number_that_nobody_typed(spawn: Spawn, tmp_path: Path) -> None:
    """A wrong number of the environment is traced to its variable."""
    (tmp_path / "a.txt").touch()
    environ = {"GPT41CALC_OUTPUT_TOKENS": "many"}
    ended = [spawn("a.txt", *words, env=environ).stderr for words in ([], ["--output-tokens", "lots"])]

    assert "hint: GPT41CALC_OUTPUT_TOKENS is set in the environment\n" in ended[0]
    assert "environment" not in ended[1]


@pytest.mark.parametrize(
    ("words", "env", "is_json"),
    [
        ([], {"GPT41CALC_JSON": "1"}, True),
        ([], {"GPT41CALC_FORMAT": "json"}, True),
        (["-f", "plain"], {"GPT41CALC_JSON": "1"}, False),
        (["-fplain"], {"GPT41CALC_FORMAT": "json"}, False),
        (["--json"], {"GPT41CALC_FORMAT": "csv"}, True),
        (["--format=plain"], {"GPT41CALC_FORMAT": "json"}, False),
    ],
)
def test_formats_do_not_contradict(
    spawn: Spawn, tmp_path: Path, words: list[str], env: dict[str, str], *, is_json: bool
) -> None:
    """A format that is typed holds against one of the environment, for reports and failures alike."""
    (tmp_path / "a.txt").touch()
    ended = spawn("a.txt", *words, "--as-of", TODAY, env=env)

    assert (0, is_json) == (ended.status, ended.stdout.startswith("{"))
    assert is_json is wants_json(["gone", *words], env)


def test_used_file_is_named(spawn: Spawn, tmp_path: Path) -> None:
    """Every report says which project file was used, seen from where it was run."""
    written(tmp_path, BUDGET)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").touch()
    checked = spawn("check", "--json", cwd=tmp_path / "sub")
    plain = spawn("check", cwd=tmp_path / "sub")
    counted = spawn("a.txt", "--as-of", TODAY, cwd=tmp_path / "sub")

    assert "../gpt41calc.toml" == json.loads(checked.stdout)["config"]
    assert "project file: ../gpt41calc.toml\n" in plain.stdout
    assert "options from ../gpt41calc.toml; " in counted.stdout


@pytest.mark.parametrize("named", ["sub/own.toml", "./sub/own.toml", "sub//own.toml"])
def test_named_file(spawn: Spawn, tmp_path: Path, named: str) -> None:
    """Globs of a file that is named are relative to its folder, however its path is written."""
    written(tmp_path, "tier = = broken")
    written(tmp_path / "sub", BUDGET.replace("**", "*.txt"), "own.toml")
    (tmp_path / "sub" / "a.txt").write_bytes(b"hello world\n")
    (tmp_path / "b.txt").write_bytes(b"hello world\n")
    ended = spawn("check", "--config", named, "--strict", "--json")
    (budget,) = json.loads(ended.stdout)["budgets"]

    assert (0, 1, 3) == (ended.status, budget["files"], budget["tokens"])


def test_anchored_glob(spawn: Spawn, tmp_path: Path) -> None:
    """A glob without a slash matches at any depth, as in .gitignore; with "./" before it, beside the file only."""
    for folder in (tmp_path, tmp_path / "sub"):
        folder.mkdir(exist_ok=True)
        (folder / "README.md").write_bytes(b"hello world\n")
    files = []
    for paths, exclude in (("README.md", ""), ("./README.md", ""), ("README.md", "./README.md"), ("./sub", "")):
        written(tmp_path, f"[[budget]]\nname='a'\ntoken-budget=9\npaths=['{paths}']\nexclude=['{exclude or 'none'}']")
        ended = spawn("check", "--json", "--strict")
        files.append((ended.status, json.loads(ended.stdout)["budgets"][0]["files"]))

    assert [(0, 2), (0, 1), (0, 1), (0, 1)] == files


@pytest.mark.skipif(os.name == "nt", reason="names of POSIX")
def test_fifo_in_the_place_of_a_file(spawn: Spawn, tmp_path: Path) -> None:
    """A pipe by the name of a project file is passed over, and nobody waits for it."""
    os.mkfifo(tmp_path / "gpt41calc.toml")
    (tmp_path / "a.txt").touch()

    assert 0 == spawn("count", "a.txt").status
