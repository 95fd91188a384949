"""Get the token counts of several requests from endpoints, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from ..calculator.endpoint_count import EndpointCount, EndpointCounts
from ..calculator.interval import Interval
from ..counting.runtime import Runtime
from ..errors import EndpointError, UsageError
from .access import Access, access_to, base_url_of
from .cached_answers import CachedAnswers
from .client import Client
from .count_request import CountRequest
from .vendor_api import VENDOR_APIS, Vendor

__all__ = ["DEFAULT_MAX_REQUESTS", "DEFAULT_TIMEOUT_SECONDS", "EndpointOptions", "Question", "ask_endpoints"]

DEFAULT_MAX_REQUESTS = 100
DEFAULT_TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointOptions:
    """Settings for the use of endpoints."""

    environ: Mapping[str, str] = field(repr=False)
    """The environment, with keys and base URLs."""

    max_requests: int = DEFAULT_MAX_REQUESTS
    """Most requests to endpoints in one run."""

    timeout_seconds: int = DEFAULT_TIMEOUT_SECONDS
    """Timeout for each step of a request to a server, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request whose tokens an endpoint is to count."""

    path: str
    """Path of the input that holds it, as the user wrote it."""

    request: CountRequest
    """The request to the endpoint."""

    offline: Interval[int]
    """Its tokens as counted here."""


def ask_endpoints(questions: Sequence[Question], options: EndpointOptions, runtime: Runtime) -> EndpointCounts:
    """Return the endpoints' counts of requests; counts from earlier runs are taken from the cache.

    The first failure ends the run: its cause, such as a wrong key, usually affects all requests.

    Raises:
        UsageError: there are more requests than allowed, a key is missing, or httpx is not installed.
    """
    answers = CachedAnswers(runtime.open_cache())
    try:
        return _Asking(options, runtime, answers).all(questions)
    finally:
        answers.close()


class _Asking:
    """The requests of one run."""

    def __init__(self, options: EndpointOptions, runtime: Runtime, answers: CachedAnswers) -> None:
        self._options = options
        self._runtime = runtime
        self._answers = answers
        self._client: Client | None = None
        self._accesses: dict[Vendor, Access] = {}
        self._open = ExitStack()

    def all(self, questions: Sequence[Question]) -> EndpointCounts:
        """Return the count of every request; the limit on new requests is checked before the first is sent."""
        known = [self._find_cached(one) for one in questions]
        new = [one.request for one, tokens in zip(questions, known, strict=True) if tokens is None]
        counts: list[EndpointCount] = []
        with self._open, self._runtime.progress(len(questions), "requests") as observe:
            self._require_access(new)
            for done, (question, cached) in enumerate(zip(questions, known, strict=True)):
                observe(done)
                try:
                    tokens = self._ask(question.request) if cached is None else cached
                except EndpointError as error:
                    return EndpointCounts(counts=tuple(counts), failure=f"{question.path}: {error}")
                counts.append(_counted(question, tokens, is_cached=cached is not None))
        return EndpointCounts(counts=tuple(counts))

    def _find_cached(self, question: Question) -> int | None:
        request = question.request
        return self._answers.find(request, base_url_of(request.vendor, self._options.environ))

    def _require_access(self, new: Sequence[CountRequest]) -> None:
        """Raise the error for a missing key or package before anything is sent."""
        allowed = self._options.max_requests
        if len(new) > allowed:
            message = f"--count-with api: {len(new):,} requests to ask for, and at most {allowed:,} are allowed"
            raise UsageError(message, hint=f"--api-limit {len(new)} allows them")
        if not new:
            return
        for vendor in dict.fromkeys(request.vendor for request in new):
            access = self._accesses[vendor] = access_to(vendor, self._options.environ)
            if access.is_readable_on_the_way:
                self._runtime.warn(f"{access.api.url_variable}: the key goes to {access.host} without encryption")
        self._client = self._open.enter_context(Client(self._options.timeout_seconds))

    def _ask(self, request: CountRequest) -> int:
        access = self._accesses[request.vendor]
        if self._client is None:
            raise RuntimeError("a question without a client")
        tokens = self._client.count(request, access)
        self._answers.store(request, access.base_url, tokens)
        return tokens


def _counted(question: Question, tokens: int, *, is_cached: bool) -> EndpointCount:
    request = question.request
    return EndpointCount(
        path=question.path,
        vendor=VENDOR_APIS[request.vendor].name,
        model=request.model,
        tokens=tokens,
        offline=question.offline,
        is_cached=is_cached,
        is_translated=request.is_translated,
    )
