"""Command lines: every option there is, taken from the program itself, with values that somebody may type."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Any

from hypothesis import strategies as st

__all__ = ["COMMANDS", "command_lines", "environments"]

_NUMBERS = (
    *(
        "0",
        "1",
        "-1",
        "-0",
        "4k",
        "1M",
        "1_000",
        "1,000",
        "1e9",
        "NaN",
        "inf",
        "0x10",
        "１２",
        "1.5",
        " 3 ",
        "9" * 30,
        "9" * 5_000,
    ),
    *(
        "",
        "p50",
        "p99",
        "cap",
        "auto",
        "50%",
        "100%",
        "-5%",
        "1e-30",
        "$0.01",
        "0.000001",
        "90d",
        "12w",
        "5",
        "500k",
        "2MiB",
    ),
)
_DATES = (
    "2026-11-22",
    "2024-02-30",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "1970-01-01",
    "today",
    "2026-11-22T00:00",
)
_MODELS = (
    *(
        "gpt-4.1",
        "GPT-4.1-mini",
        "openai/gpt-4.1-nano",
        "gpt-4o",
        "gpt-4",
        "claude-sonnet-4-6",
        "gemini-2.5-pro",
        "all",
        "openai",
    ),
    *(
        "*",
        "gpt-*",
        "[",
        "gpt-4.1,gpt-4o",
        ",",
        "ft:gpt-4.1:acme::1",
        "gpt-4.1-2025-04-14",
        "none",
        "replacement",
        "house-model",
    ),
)
FILES = (
    *(
        "a.md",
        "in",
        "in/b.txt",
        "prices.toml",
        "requests.jsonl",
        "body.json",
        "answers.jsonl",
        "training.jsonl",
        "learned.json",
    ),
    *(
        "gpt41calc.toml",
        "list.txt",
        ".",
        "..",
        "-",
        "",
        "nope",
        "nope/nope",
        "/dev/null",
        "in/",
        "./in/../a.md",
        "a.md/x",
        "out",
    ),
    *(
        "out.json",
        "out.csv",
        "out.md",
        "out/deep/x.json",
        "picture.png",
        "tracked.md",
        "limits.toml",
        "\udcff",
        "~",
        "@list.txt",
    ),
)
_GLOBS = (
    "**/*.md",
    "*",
    "!*",
    "[",
    "\\",
    "**/",
    "/in",
    "in/**",
    "a" * 3_000,
    "**/" * 30,
    "",
    "#",
    " ",
    "[!a]*",
    "{a,b}",
)
_REVISIONS = (
    "HEAD",
    "HEAD~1",
    "HEAD~9",
    "main",
    "--output=x",
    "a..b",
    "HEAD...HEAD~1",
    "@{-1}",
    ":/x",
    "HEAD:tracked.md",
    "0" * 40,
)
_OTHERS = (
    *(
        "code",
        "chat,vision",
        "vision",
        "fine-tuning,tools",
        "1024x768",
        "0x0",
        "99999999x1",
        "axb",
        "markdown:out.md",
        "junit:x.xml",
    ),
    *(
        "json:",
        ":",
        "x:y:z",
        "json:out/deep/r.json",
        "sarif:-",
        "::",
        "text",
        "request",
        "é",
        "\x1b[2J",
        "[red]x[/red]",
        "%s",
        "{0}",
    ),
)
_WORDS = (*_NUMBERS, *_DATES, *_MODELS, *FILES, *_GLOBS, *_REVISIONS, *_OTHERS)

_NEVER = frozenset({"--install-completion", "--show-completion"})
"""Not ours but Typer's; they look for the shell that runs above this test."""


@cache
def _application() -> Any:
    from typer.main import get_command

    from gpt41calc.app import application

    return get_command(application())


def _leaves(group: Any, before: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    found: list[tuple[tuple[str, ...], Any]] = []
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found += _leaves(command, (*before, name))
        else:
            found.append(((*before, name), command))
    return found


@cache
def COMMANDS() -> list[tuple[tuple[str, ...], Any]]:  # noqa: N802 - a table, made at first use
    """Return every command with its words."""
    return _leaves(_application())


def _value(parameter: Any) -> st.SearchStrategy[str]:
    """Return values for an option: often those of its kind, sometimes any."""
    kind = getattr(parameter.type_descriptor, "annotation", None)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.one_of(st.sampled_from([str(one.value) for one in kind]), st.sampled_from(_WORDS))
    name = parameter.name or ""
    near = (
        _MODELS
        if name in {"model", "models", "versus"}
        else FILES
        if any(
            part in name
            for part in ("file", "pricing", "config", "output", "baseline", "limits", "calibrat", "split", "input")
        )
        else _DATES
        if name in {"as_of", "until"}
        else _GLOBS
        if name in {"include", "exclude"}
        else ("git", *FILES)
        if name == "priority"
        else _REVISIONS
        if name in {"against", "since"}
        else _NUMBERS
    )
    return st.one_of(st.sampled_from(near), st.sampled_from(near), st.sampled_from(_WORDS), _harmless_text())


def _harmless_text() -> st.SearchStrategy[str]:
    """Return any text that names no place outside of the folder: some options write files."""
    return st.text(st.characters(exclude_characters="/~.", exclude_categories=["Cs"]), max_size=8)


@st.composite
def command_lines(draw: st.DrawFn) -> tuple[bytes, ...]:
    """Return the words of a command line."""
    before, command = draw(st.sampled_from(COMMANDS()))
    words: list[str] = list(before)
    options = [one for one in command.params if one.param_type_name == "option" and not _NEVER & set(one.opts)]
    for option in draw(st.lists(st.sampled_from(options), max_size=5)) if options else []:
        name = draw(st.sampled_from([*option.opts, *option.secondary_opts]))
        if option.is_flag:
            words.append(name)
        elif draw(st.booleans()) and name.startswith("--"):
            words.append(f"{name}={draw(_value(option))}")
        else:
            words += [name, draw(_value(option))]
    for _ in range(draw(st.integers(0, 3))):
        words.append(
            draw(st.one_of(st.sampled_from(FILES), st.sampled_from(FILES), st.sampled_from(_WORDS), _harmless_text()))
        )
    if draw(st.integers(0, 9)) == 0:
        words.insert(
            draw(st.integers(0, len(words))),
            draw(st.sampled_from(["--", "-", "-h", "-V", "--no-such", "-fjson", "-qq"])),
        )
    if draw(st.integers(0, 3)) == 0:
        words.append("--json")
    return tuple(word.replace("\0", "").encode(errors="surrogateescape") for word in words)


def environments() -> st.SearchStrategy[dict[str, str]]:
    """Return environment variables: none, those of terminals and CI, and options of the program."""
    names = sorted(
        {
            "GPT41CALC_" + option.lstrip("-").replace("-", "_").upper()
            for _, command in COMMANDS()
            for one in command.params
            for option in one.opts
            if option.startswith("--")
            and not {"output", "report", "split", "calibrate"} & set(option.strip("-").split("-"))
        }
    )
    known = {
        "COLUMNS": st.sampled_from(["0", "1", "5", "80", "99999999999", "abc", "-1", "８０", ""]),
        "TERM": st.sampled_from(["dumb", "", "xterm"]),
        "NO_COLOR": st.sampled_from(["", "1"]),
        "FORCE_COLOR": st.sampled_from(["", "0", "1"]),
        "TERMINAL_WIDTH": st.sampled_from(["abc", "0", "40"]),
        "GITHUB_ACTIONS": st.just("true"),
        "LC_ALL": st.sampled_from(["C", "POSIX", "tr_TR.UTF-8"]),
        "XDG_CACHE_HOME": st.sampled_from(["", "relative", "/dev/null", "/proc/self"]),
        "SOURCE_DATE_EPOCH": st.sampled_from(["0", "-1", "x"]),
    }
    several = st.dictionaries(
        st.sampled_from(names), st.sampled_from([one for one in _WORDS if "\0" not in one]), max_size=2
    )
    return st.one_of(
        st.just({}),
        several,
        st.fixed_dictionaries({}, optional=known),
    )
