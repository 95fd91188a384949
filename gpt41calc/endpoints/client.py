"""HTTP client for the token-counting endpoints."""

from __future__ import annotations

from datetime import UTC
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ..errors import EndpointError, UsageError
from ..sources.strict_json import NotJson, parse_json
from .access import Access
from .count_request import CountRequest

if TYPE_CHECKING:
    import httpx

__all__ = ["Client"]

_MAX_ANSWER_BYTES = 1 << 20
"""Longest accepted answer, in bytes: an answer is just a number."""

_SHOWN_CHARACTERS = 200
_MOST_TOKENS = 10**12

_OK = 200
_REDIRECTS = range(300, 400)
_BAD_KEY = (401, 403)
_TOO_MANY = 429
_CLIENT_ERRORS = range(400, 500)


class Client:
    """An HTTP connection to endpoints."""

    def __init__(self, timeout_seconds: int) -> None:
        """Create the client; the connection is opened by the first request.

        Args:
            timeout_seconds: timeout for each step of a request, in seconds.

        Raises:
            UsageError: httpx is not installed.
        """
        try:
            import httpx
        except ImportError as error:
            message = "--count-with api: needs httpx, which is not installed"
            raise UsageError(message, hint="pip install 'gpt41calc[api]'") from error
        self._timeout_seconds = timeout_seconds
        # Redirects are not followed: the key would be sent to a host that the user did not choose.
        self._client = httpx.Client(timeout=timeout_seconds, follow_redirects=False)

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._client.close()

    def count(self, request: CountRequest, access: Access) -> int:
        """Return the input tokens of a request, as counted by the endpoint.

        Raises:
            EndpointError: there is no answer, or no number in it; the message never contains the key.
        """
        import httpx

        name = access.api.name
        try:
            with self._client.stream(
                "POST", access.base_url + request.path, headers=access.headers(), content=request.content
            ) as response:
                raw = _read(response, name)
        except httpx.TimeoutException as error:
            message = f"{name}: no answer from {access.host} within {self._timeout_seconds} seconds"
            raise EndpointError(message) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            message = f"{name}: cannot ask {access.host}: {_without_key(str(error), access) or type(error).__name__}"
            raise EndpointError(message) from error
        if response.status_code != _OK:
            raise _refusal(response, raw, access)
        return _number_in(raw, access)


def _read(response: httpx.Response, name: str) -> bytes:
    raw = bytearray()
    for block in response.iter_bytes():
        raw += block
        if len(raw) > _MAX_ANSWER_BYTES:
            message = f"{name}: an answer of more than {_MAX_ANSWER_BYTES:,} bytes, where a number was expected"
            raise EndpointError(message)
    return bytes(raw)


def _refusal(response: httpx.Response, raw: bytes, access: Access) -> EndpointError:
    """Return the error for an answer without a count."""
    name, status = access.api.name, response.status_code
    if status in _BAD_KEY:  # the server's message may repeat a part of the key
        return EndpointError(f"{name} refuses the key in {access.key_variable} (status {status})")
    if status == _TOO_MANY:
        return EndpointError(f"{name} takes no more requests for now (status {status}){_when(response)}")
    if status in _REDIRECTS:
        return EndpointError(f"{name}: {access.host} sends elsewhere (status {status}), which is not followed")
    message = _message_in(raw) if status in _CLIENT_ERRORS else ""
    reason = f": {_without_key(message, access)[:_SHOWN_CHARACTERS]}" if message else ""
    return EndpointError(f"{name} does not count it (status {status}){reason}")


def _when(response: httpx.Response) -> str:
    """Return a phrase that says when to retry, from the server's ``Retry-After``: in seconds, or as a date."""
    given = response.headers.get("retry-after", "").strip()
    if given.isascii() and given.isdecimal():
        seconds = int(given[:9])
        return f": try again in {seconds:,} second{'' if seconds == 1 else 's'}"
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(given)
    except ValueError:
        return ""
    return f": try again after {moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _message_in(raw: bytes) -> str:
    """Return the error message in an answer, in the format of all three vendors; empty if there is none."""
    try:
        found = parse_json(raw)
    except NotJson:
        return ""
    error = found.get("error") if isinstance(found, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    return " ".join(message.split()) if isinstance(message, str) else ""


def _number_in(raw: bytes, access: Access) -> int:
    api = access.api
    try:
        found: Any = parse_json(raw)
    except NotJson as error:
        message = f"{api.name}: the answer of {access.host} is not JSON"
        raise EndpointError(message) from error
    number = found.get(api.answer_key) if isinstance(found, dict) else None
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= _MOST_TOKENS:
        message = f"{api.name}: the answer of {access.host} holds no number of tokens under {api.answer_key}"
        raise EndpointError(message)
    return number


def _without_key(text: str, access: Access) -> str:
    return text.replace(access.key, "…")
