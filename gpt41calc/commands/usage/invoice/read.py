"""Read invoices: CSV exports, or JSON from an API."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Protocol

from ....errors import UsageError
from ....sources.json_records import read_bytes
from ....sources.strict_json import NotJson, parse_json
from .anthropic import AnthropicInvoice
from .cells import Row
from .invoice_line import InvoiceLine
from .openai import OpenAIInvoice
from .openrouter import OpenRouterInvoice

__all__ = ["INVOICES", "Invoice", "read_invoices"]


class Invoice(Protocol):
    """One provider's exports."""

    def knows(self, row: Row) -> bool:
        """Return whether a row is from one of these exports."""

    def lines(self, row: Row, place: str) -> Iterator[InvoiceLine]:
        """Yield the charges in a row."""


INVOICES: tuple[Invoice, ...] = (OpenAIInvoice(), AnthropicInvoice(), OpenRouterInvoice())
"""The supported exports, in the order in which they are tried."""


def read_invoices(paths: Sequence[str], stdin: int) -> list[InvoiceLine]:
    """Return every line of some invoices.

    Raises:
        UsageError: a file is not a known kind of invoice, or is malformed.
    """
    return [line for path in paths for line in _read(path, stdin)]


def _read(path: str, stdin: int) -> Iterator[InvoiceLine]:
    text = read_bytes(path, stdin)
    rows = list(_json_rows(text, path) if text.lstrip()[:1] in {b"{", b"["} else _csv_rows(text, path))
    if not rows:
        message = f"{path}: an invoice without lines"
        raise UsageError(message)
    invoice = next((each for each in INVOICES if each.knows(rows[0][0])), None)
    if invoice is None:
        columns = ", ".join(list(rows[0][0])[:6])
        message = f"{path}: not an invoice that is known: {columns:.120}"
        hint = "export costs or usage of OpenAI or Anthropic, or the activity of OpenRouter"
        raise UsageError(message, hint=hint)
    for row, place in rows:
        yield from invoice.lines(row, place)


def _csv_rows(raw: bytes, path: str) -> Iterator[tuple[Row, str]]:
    text = raw.decode("utf-8-sig", "replace")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            yield {(name or "").strip(): value for name, value in row.items()}, f"{path}:{reader.line_num}"
    except csv.Error as error:
        message = f"{path}:{reader.line_num}: not CSV: {error}"
        raise UsageError(message) from error


def _json_rows(raw: bytes, path: str) -> Iterator[tuple[Row, str]]:
    try:
        whole = parse_json(raw)
    except NotJson as error:
        message = f"{path}: {error.reason}"
        raise UsageError(message) from error
    entries = whole if isinstance(whole, list) else whole.get("data", [whole])
    for position, entry in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(entry, dict):
            continue
        results = entry.get("results")
        if not isinstance(results, list):
            yield entry, f"{path}[{position}]"
            continue
        # A daily bucket: its date applies to all results in it.
        shared = {key: value for key, value in entry.items() if key not in {"results", "object"}}
        for number, result in enumerate(results):
            if isinstance(result, dict):
                yield {**shared, **result}, f"{path}[{position}].results[{number}]"
