"""SARIF 2.1.0, the exchange format of static analysers: one result for every limit that is not kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_from_bytes

from ..version import __version__
from .escape import as_unicode, name_bytes, without_hidden
from .findings import Finding, Problems

__all__ = ["sarif_document"]


def sarif_document(problems: Problems) -> dict[str, Any]:
    """Return the log of one run, with a rule for every kind of limit."""
    rules = [
        {"id": limit, "shortDescription": {"text": text}, "help": {"text": f"{text} {problems.advice}"}}
        for limit, text in problems.rules.items()
    ]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "gpt41calc", "version": __version__, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": problems.is_complete}],
                "results": [_result(problems, finding) for finding in problems.found],
            }
        ],
    }


def _result(problems: Problems, finding: Finding) -> dict[str, Any]:
    path = finding.path if finding.path is not None else problems.config
    return {
        "ruleId": finding.limit,
        "ruleIndex": list(problems.rules).index(finding.limit),
        "level": finding.level,
        "message": {"text": without_hidden(as_unicode(f"{finding.owner}: {finding.sentence}"))},
        **({"locations": [_location(path)]} if path is not None else {}),
        "partialFingerprints": {"gpt41calc/v1": finding.fingerprint},
        "properties": _properties(finding),
    }


def _location(path: str) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(path)}, "region": {"startLine": 1}}}


def _uri(path: str) -> str:
    """Return a path as a percent-encoded URI reference; relative, unless the path is absolute."""
    return ("file://" if path.startswith("/") else "") + quote_from_bytes(name_bytes(path), safe="/~")


def _properties(finding: Finding) -> dict[str, Any]:
    limit_check = finding.limit_check
    limits = (
        {"allowed": limit_check.allowed, "actual": limit_check.actual, "unit": limit_check.unit} if limit_check else {}
    )
    model = {"model": limit_check.model} if limit_check and limit_check.model is not None else {}
    return {finding.of: as_unicode(finding.name), "tokens": finding.tokens, **limits, **model}
