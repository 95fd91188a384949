"""SARIF 2.1.0, the exchange format of analysers: a result for every limit that is not kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_from_bytes

from ..calculator.budget import Check
from ..version import __version__
from .escape import as_unicode, name_bytes, without_hidden
from .findings import INCOMPLETE, Finding, findings

__all__ = ["sarif_document"]

_RULES = {
    "token-budget": "All files of a budget together have at most so many tokens.",
    "token-budget-per-file": "No file of a budget has more than so many tokens.",
    "max-cost": "One request with the files of a budget costs at most so many US dollars, its output included.",
    "max-monthly-cost": "The requests of a month cost at most so many US dollars.",
    "max-context": "The files of a budget and the output take at most such a share of the context window.",
    "max-increase": "The files of a budget have grown by at most so much since the base.",
    "fail-if-retires-within": "No model of the check is shut down within so many days.",
    INCOMPLETE: "Every file of a budget can be counted; otherwise nothing is known to be within its limits.",
}


def sarif_document(check: Check) -> dict[str, Any]:
    """Return a log of one run, with a rule for every limit there is."""
    rules = [
        {"id": limit, "shortDescription": {"text": text}, "help": {"text": f"{text} {_HELP}"}}
        for limit, text in _RULES.items()
    ]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "gpt41calc", "version": __version__, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": check.is_complete}],
                "results": [_result(check, finding) for finding in findings(check)],
            }
        ],
    }


_HELP = "Shorten the files, allow more in the project's configuration, or move to another model."


def _result(check: Check, finding: Finding) -> dict[str, Any]:
    path = finding.path if finding.path is not None else check.config
    return {
        "ruleId": finding.limit,
        "ruleIndex": list(_RULES).index(finding.limit),
        "level": finding.level,
        "message": {"text": without_hidden(as_unicode(f"budget '{finding.budget}': {finding.sentence}"))},
        **({"locations": [_location(path)]} if path is not None else {}),
        "partialFingerprints": {"gpt41calc/v1": finding.fingerprint},
        "properties": _properties(finding),
    }


def _location(path: str) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(path)}, "region": {"startLine": 1}}}


def _uri(path: str) -> str:
    """Return a path as a reference: its bytes, percent-encoded, relative unless it begins at the root."""
    return ("file://" if path.startswith("/") else "") + quote_from_bytes(name_bytes(path), safe="/~")


def _properties(finding: Finding) -> dict[str, Any]:
    judged = finding.judged
    limits = {"allowed": judged.allowed, "actual": judged.actual, "unit": judged.unit} if judged else {}
    model = {"model": judged.model} if judged and judged.model is not None else {}
    return {"budget": as_unicode(finding.budget), "tokens": finding.tokens, **limits, **model}
