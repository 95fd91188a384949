"""What must hold of every run, whatever it was given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import tiktoken

from gpt41calc.tokenizer.vocabulary import VOCABULARIES

from .case import Case
from .process import DEADLINE_SECONDS, Ended, Workshop

__all__ = ["Broken", "check_counts", "check_run", "reference_tokens"]

_STATUSES = frozenset({0, 1, 2, 3, 74})
"""What a run may end with that nobody interrupts."""

_SAYS_OTHERWISE = frozenset({b"--", b"-q", b"-qq", b"--quiet", b"-h", b"--help", b"-V", b"--version", b"--explain"})
"""Words beside which ``--json`` is a path, or changes nothing."""

_MAY_FAIL_A_GATE = re.compile(rb"^(check|log|models|preflight|pricing)$")
"""Commands with budgets, limits or ``--fail``: no other may ever end with 1."""


class Broken(AssertionError):
    """A promise that does not hold."""

    def __init__(self, kind: str, detail: str) -> None:
        """Keep what is the same for every case of one defect apart from the rest.

        Args:
            kind: names the defect; the first case of each is kept, the others are only counted.
            detail: what was seen.
        """
        super().__init__(f"{kind}: {detail}")
        self.kind = kind


def check_run(case: Case, ended: Ended) -> None:
    """Hold the end of a run against the contract.

    Raises:
        Broken: it hung, crashed, or says one thing by its status and another by its report.
    """
    told = ended.stderr.decode(errors="backslashreplace")
    command = case.words[0].decode(errors="backslashreplace") if case.words else ""
    if ended.hung:
        raise Broken(f"hang in {command}", f"more than {DEADLINE_SECONDS} s; {told[-500:]}")
    if b"Traceback (most recent call last)" in ended.stderr or ended.status not in _STATUSES:
        raise Broken(f"status {ended.status}, {_last_frame(told)}", told[-3000:])
    if ended.status == 1 and not (case.words and _MAY_FAIL_A_GATE.match(case.words[0])):
        raise Broken(f"status 1 of {command}", told[-1000:])
    if ended.status == 3 and not ended.stderr and b"-q" not in case.words and not ended.stdout:
        raise Broken(f"status 3 of {command} without a word", "")
    if case.words[-1:] == (b"--json",) and not _SAYS_OTHERWISE & set(case.words):
        _check_document(case, ended, command)


def _check_document(case: Case, ended: Ended, command: str) -> None:
    """Hold a report in JSON against the exit status."""
    try:
        document = json.loads(ended.stdout, parse_constant=_refused)
    except ValueError as error:
        if not ended.stdout and any(word.startswith((b"-o", b"--output")) for word in case.words):
            return
        raise Broken(f"{command} --json wrote something else", f"{error}: {ended.stdout[:500]!r}") from error
    if document.get("schema_version") != 1:
        raise Broken(f"{command} --json has no schema_version", repr(ended.stdout[:500]))
    if ("error" in document) is not (ended.status in {2, 74} or document.get("error") is not None):
        raise Broken(f"{command} --json: status {ended.status} and error do not agree", repr(ended.stdout[:500]))
    if command == "check" and "passed" in document and document["passed"] is not (ended.status == 0):
        raise Broken(f"check: status {ended.status} and passed {document['passed']}", repr(ended.stdout[:1000]))


def _refused(constant: str) -> Any:
    message = f"{constant} is no JSON"
    raise ValueError(message)


def _last_frame(told: str) -> str:
    """Return the exception and the innermost line of the program that a traceback names."""
    frames = re.findall(r'File "[^"]*/(gpt41calc/[^"]+)", line \d+, in (\S+)', told)
    names = re.findall(
        r"^(?:\w+\.)*(\w+(?:Error|Exception|Interrupt|Exit|Warning|Panic\w*)?)(?::|$)", told, re.MULTILINE
    )
    return f"{names[-1] if names else 'no exception'} in {':'.join(frames[-1]) if frames else 'nowhere'}"


_SPECIAL: dict[str, int] = {}
_ENCODINGS: dict[str, tiktoken.Encoding] = {}


def reference_tokens(text: str, encoding: str = "o200k_base") -> list[int] | None:
    """Return what tiktoken makes of a text; None if it fails, as it does on a million blanks (tiktoken #15)."""
    if encoding not in _ENCODINGS:
        vocabulary = VOCABULARIES[encoding]
        _ENCODINGS[encoding] = tiktoken.Encoding(
            encoding, pat_str=vocabulary.pattern, mergeable_ranks=vocabulary.ranks(), special_tokens=_SPECIAL
        )
    try:
        return _ENCODINGS[encoding].encode(text, disallowed_special=())
    except ValueError:
        return None


_MARKS = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def expected_text(raw: bytes) -> str | None:
    """Return what a file says by the rules of the contract, written anew here; None if it is binary."""
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            text = raw[len(mark) :].decode(codec, "replace")
            break
    else:
        text = raw.decode("utf-8", "replace")
    return None if "\0" in text else text


def check_counts(case: Case, workshop: Workshop, *, own_process: bool) -> Iterator[Ended]:
    """Count the files under ``in/`` in every way there is; each way must give tiktoken's counts.

    Raises:
        Broken: one does not.
    """
    texts = {name: expected_text(raw) for name, raw in case.files.items() if name.startswith(b"in/")}
    for model, encoding in ((b"gpt-4.1", "o200k_base"), (b"gpt-4", "cl100k_base")):
        expected: dict[bytes, int] = {}
        for name, text in texts.items():
            tokens = None if text is None else reference_tokens(text, encoding)
            if text is not None and tokens is None:
                return
            if tokens is not None:
                expected[name] = len(tokens)
        common = (b"count", b"-m", model, b"--by", b"file", b"--hidden", b"--no-gitignore", b"--no-config")
        for way, words in {
            "a folder, first run": (*common, b"in", b"--json"),
            "a folder, second run": (*common, b"in", b"--json"),
            "a folder, without cache": (*common, b"--no-cache", b"in", b"--json"),
            "named files": (*common, *expected, b"--json"),
        }.items():
            if way == "named files" and not expected:
                continue
            ended = workshop.run(case, *words, own_process=own_process)
            check_run(Case(words, case.files), ended)
            _compare(f"{way}, {encoding}", expected, _counted(ended), ended)
            yield ended
        for name, tokens_of in expected.items():
            ended = workshop.run(
                case, b"count", b"-q", b"-m", model, b"-", stdin=case.files[name], own_process=own_process
            )
            _compare(f"standard input, {encoding}", {b"-": tokens_of}, {b"-": int(ended.stdout or -1)}, ended)
            yield ended


def _counted(ended: Ended) -> dict[bytes, int]:
    document = json.loads(ended.stdout)
    if document.get("error", {}).get("code") == "nothing-counted":  # everything there was is skipped
        return {}
    found = {}
    for file in document["files"]:
        import base64

        name = base64.b64decode(file["path_base64"]) if "path_base64" in file else file["path"].encode()
        found[name] = file["tokens"]
    return found


def _compare(way: str, expected: Mapping[bytes, int], found: Mapping[bytes, int], ended: Ended) -> None:
    if dict(expected) == dict(found):
        return
    differing = {
        name: (expected.get(name), found.get(name))
        for name in expected.keys() | found.keys()
        if expected.get(name) != found.get(name)
    }
    raise Broken(f"counts differ: {way}", f"tiktoken and gpt41calc say {differing}; {ended.stderr[-500:]!r}")
