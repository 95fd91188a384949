"""What is generated for each part of the program."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from .case import Case
from .commands import command_lines, environments
from .documents import edited, example, json_documents, json_lines, toml_files
from .texts import contents

__all__ = ["TARGETS"]

_REQUESTS = example("docs/example/requests/questions.jsonl")
_BODY = example("docs/example/requests/weather.json")
_ANSWERS = example("docs/example/run/answers.jsonl")
_ANSWERED = example("docs/example/run/requests.jsonl")
_TRAINING = example("docs/example/training/support.jsonl")
_LEARNED = example("docs/example/run/learned.json")
_PRICES = example("docs/example/prices.toml")
_BUDGETS = example("docs/budgets/gpt41calc.toml")

_RESPONSES_BODY = (
    b'{"model": "gpt-4.1", "instructions": "Be brief.", "input": [{"role": "user", "content": [{"type": "input_text", '
    b'"text": "What is it?"}, {"type": "input_image", "image_url": "https://example.org/a.png", "detail": "low"}]}], '
    b'"tools": [{"type": "function", "name": "find", "parameters": {"type": "object", "properties": {"a": {"enum": '
    b'["b", "c"], "description": "d"}}}}], "text": {"format": {"type": "json_schema", "name": "n", "schema": {}}}}'
)
_CLAUDE_BODY = (
    b'{"model": "claude-sonnet-4-6", "max_tokens": 100, "system": [{"type": "text", "text": "Be brief."}], "messages": '
    b'[{"role": "user", "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": '
    b'"AAAA"}}, {"type": "text", "text": "What?"}]}, {"role": "assistant", "content": [{"type": "tool_use", "id": "1", '
    b'"name": "find", "input": {"a": 1}}]}]}'
)
_GEMINI_BODY = (
    b'{"contents": [{"role": "user", "parts": [{"text": "What is it?"}, {"inlineData": {"mimeType": "image/png", '
    b'"data": "AAAA"}}]}], "systemInstruction": {"parts": [{"text": "Be brief."}]}}'
)
_USAGES = (
    b'{"id": "r1", "object": "response", "created_at": 1762776000, "model": "gpt-4.1", "service_tier": "flex", '
    b'"usage": {"input_tokens": 1000, "input_tokens_details": {"cached_tokens": 100}, "output_tokens": 50, '
    b'"total_tokens": 1050}}\n'
    b'{"id": "m1", "type": "message", "model": "claude-sonnet-4-6", "usage": {"input_tokens": 10, "output_tokens": 5, '
    b'"cache_read_input_tokens": 3, "cache_creation_input_tokens": 2}}\n'
)

_IGNORED = (
    *(
        "*.md",
        "!a.md",
        "/in",
        "in/",
        "**/b.txt",
        "in/**",
        "[ab]*",
        "[!a]",
        "[",
        "[]",
        "[z-a]",
        "\\",
        "\\!x",
        "#",
        "\\#",
        "a\\ ",
        "a ",
    ),
    *(
        "**/" * 40 + "a",
        "**/a/" * 30,
        "*" * 2_000,
        "?" * 500,
        "a" * 20_000,
        "!",
        "!!",
        "/",
        "//",
        "***",
        "**",
        "a/**/b",
        "**foo",
    ),
    *(
        "\ufeff*.md",
        "*.md\r",
        "\r",
        "[[:alpha:]]",
        "[[:bad:]]",
        "[\\]]",
        "x/../y",
        ".",
        "..",
        "\xff",
        "in/b.txt/",
        "{a,b}",
        "in\\b.txt",
    ),
)


def _files(**more: bytes) -> dict[bytes, bytes]:
    """Return a folder with something of every kind; some of it replaced."""
    files = {
        b"a.md": b"# A prompt\n\nSay hello to the user, twice.\n",
        b"in/b.txt": b"a second file\n",
        b"prices.toml": _PRICES,
        b"requests.jsonl": b"".join(line + b"\n" for line in _REQUESTS.splitlines()[:3]),
        b"body.json": _BODY,
        b"answers.jsonl": _ANSWERS,
        b"training.jsonl": _TRAINING,
        b"learned.json": _LEARNED,
        b"list.txt": b"a.md\nin\nnope\n",
        b"picture.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\4\0\0\0\3\0",
    }
    return files | {name.encode().replace(b"__", b"/").replace(b"_", b"."): content for name, content in more.items()}


def _words(*lines: str) -> st.SearchStrategy[tuple[bytes, ...]]:
    return st.sampled_from([tuple(line.encode().split()) for line in lines])


_NAMES = st.one_of(
    st.sampled_from(
        [
            *(
                b"a.md",
                b"-rf",
                b"--json",
                b"::error::x",
                b"##[set-output name=passed;]true",
                b"a\nb",
                b"\x1b[2J",
                b"\xff\xfe",
                b"[red]",
            ),
            *(
                b"=cmd|' /C calc'!A0",
                b"a|b`c`",
                b"</details>",
                b"<script>",
                b"\xe2\x80\xaegpj.exe",
                b"a\rb",
                b" ",
                b"%0A::add-mask::a",
            ),
            *(
                b"x" * 250,
                b"con",
                b"~",
                b"$HOME",
                b"`id`",
                b"a\tb",
                b'"',
                b"'",
                b"\\",
                b"*",
                b"!",
                b"#",
                b"\xc2\x85",
                b"\xed\xa0\x80",
            ),
        ]
    ),
    st.binary(min_size=1, max_size=12).map(lambda raw: raw.replace(b"\0", b"0").replace(b"/", b"_")),
)

_NAMED = st.dictionaries(
    st.lists(_NAMES, min_size=1, max_size=3).map(
        lambda parts: b"in/" + b"/".join(part if part not in {b".", b".."} else b"_" for part in parts)
    ),
    st.sampled_from([b"", b"hello\n", b"\0", b"\xff"]),
    min_size=1,
    max_size=4,
)

TARGETS: Mapping[str, st.SearchStrategy[Case]] = {
    "counts": st.builds(
        lambda files: Case((), files, counts=True),
        st.dictionaries(
            st.sampled_from([b"in/a.md", b"in/b", b"in/c/d.txt"]), contents(200_000), min_size=1, max_size=2
        ),
    ),
    "bodies": st.builds(
        lambda words, body: Case(words, {b"body.json": body, b"picture.png": b"\x89PNG"}, body),
        _words(
            *("estimate body.json --json", "count body.json --json", "preflight body.json --usage-tier 2 --json"),
            *(
                "estimate - --kind request --json",
                "estimate body.json --migrate -f plain",
                "recommend body.json --task chat --json",
            ),
            *(
                "estimate body.json -m all --json",
                "check body.json --token-budget 10 --json",
                "estimate body.json --explain --json",
            ),
        ),
        json_documents(_BODY, _RESPONSES_BODY, _CLAUDE_BODY, _GEMINI_BODY),
    ),
    "lines": st.builds(
        lambda words, lines: Case(words, {b"requests.jsonl": lines}, lines),
        _words(
            *(
                "batch requests.jsonl --json",
                "batch - -f markdown",
                "estimate requests.jsonl --json",
                "batch requests.jsonl --split out --json",
            ),
            *(
                "finetune requests.jsonl --json",
                "preflight requests.jsonl --usage-tier 1 --json",
                "estimate - --kind batch --json",
            ),
            *(
                "batch requests.jsonl -m all --output-tokens cap --json",
                "finetune - --epochs 3 -f csv",
                "count requests.jsonl --json",
            ),
        ),
        st.one_of(json_lines(_REQUESTS, _RESPONSES_BODY, _CLAUDE_BODY), json_lines(_TRAINING), json_lines(_ANSWERED)),
    ),
    "usage": st.builds(
        lambda words, lines, learned: Case(
            words, {**_files(), b"answers.jsonl": lines, b"learned.json": learned}, lines
        ),
        _words(
            *("usage answers.jsonl --json", "usage - -f plain", "usage answers.jsonl --input requests.jsonl --json"),
            *("usage answers.jsonl --calibrate new.json --json", "estimate a.md --calibration learned.json --json"),
            *(
                "batch requests.jsonl --calibration learned.json --output-tokens p90 --json",
                "estimate answers.jsonl --json",
            ),
        ),
        json_lines(_ANSWERS, _USAGES),
        st.one_of(st.just(_LEARNED), json_documents(_LEARNED)),
    ),
    "project": st.builds(
        lambda words, toml, name: Case(words, {**_files(), name: toml, b"prompts/x.md": b"hello"}),
        _words(
            *(
                "check --json",
                "check . --json",
                "estimate a.md --json",
                "count --json",
                "diff --json",
                "log",
                "check --init --json",
            ),
            *(
                "preflight a.md --json",
                "models",
                "batch requests.jsonl --json",
                "recommend a.md",
                "finetune training.jsonl --json",
            ),
        ),
        toml_files("docs/budgets/gpt41calc.toml"),
        st.sampled_from([b"gpt41calc.toml", b"gpt41calc.toml", b"pyproject.toml"]),
    ),
    "overlays": st.builds(
        lambda words, toml: Case(words, _files(prices_toml=toml, limits_toml=toml)),
        _words(
            *(
                "estimate a.md --pricing prices.toml --json",
                "pricing validate prices.toml",
                "pricing show --pricing prices.toml -f csv",
            ),
            *(
                "pricing diff prices.toml prices.toml",
                "models --pricing prices.toml --json",
                "pricing compare --litellm prices.toml --json",
            ),
            *(
                "estimate a.md -m house-model --pricing prices.toml --json",
                "pricing compare --pricing prices.toml --json",
            ),
            *(
                "preflight a.md --usage-tier 3 --limits limits.toml --json",
                "batch requests.jsonl --limits limits.toml --json",
            ),
        ),
        st.one_of(toml_files("docs/example/prices.toml"), toml_files("docs/example/prices.toml", "data/limits.toml")),
    ),
    "patterns": st.builds(
        lambda words, ignored, below, repository: Case(
            words,
            {**_files(_gitignore=ignored), b"in/.gitignore": below, b"a/" * 40 + b"x.md": b"deep"},
            repository=repository,
        ),
        st.one_of(
            _words(
                "count --json",
                "count --by file --json",
                "check --token-budget 5 --json",
                "diff --json",
                "count . --tree --json",
            ),
            st.sampled_from(_IGNORED).map(
                lambda one: (b"count", b"--include", one.encode(errors="surrogateescape"), b"--json")
            ),
        ),
        *(
            2
            * [
                st.one_of(
                    edited(b"*.log\n/in/\n!keep\n", _IGNORED, "insert", "delete", "replace", "line"),
                    st.lists(st.sampled_from(_IGNORED), max_size=6).map(
                        lambda lines: "\n".join(lines).encode("latin-1", "replace")
                    ),
                )
            ]
        ),
        st.booleans(),
    ),
    "names": st.builds(
        lambda words, files, environ, repository: Case(words, files, environ=environ, repository=repository),
        _words(
            *(
                "count in --by file --json",
                "count in -f plain --by file",
                "count in -f markdown --by file",
                "count in --tree",
                "in --json",
            ),
            *(
                "check in --token-budget 1 -f github",
                "check in --token-budget 1 -f sarif",
                "check in --token-budget-per-file 1 -f junit",
            ),
            *(
                "check in --token-budget-per-file 1 -f gitlab",
                "diff --json",
                "diff -f markdown",
                "log in",
                "in --by folder -f csv",
            ),
        ),
        _NAMED,
        st.sampled_from([{}, {"GITHUB_ACTIONS": "true"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}]),
        st.booleans(),
    ),
    "words": st.builds(
        lambda words, environ, repository, toml: Case(
            words, _files(**({"gpt41calc_toml": _BUDGETS} if toml else {})), b"piped text\n", environ, repository
        ),
        command_lines(),
        environments(),
        st.booleans(),
        st.booleans(),
    ),
}
"""By name: for each part of the program, the cases that it is tried with."""
