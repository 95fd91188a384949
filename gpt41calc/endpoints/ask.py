"""Ask endpoints for the tokens of several requests, one after the other."""

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
    """How endpoints are asked."""

    environ: Mapping[str, str] = field(repr=False)
    """The environment, which holds keys and addresses."""

    max_requests: int = DEFAULT_MAX_REQUESTS
    """More are not asked for."""

    timeout_seconds: int = DEFAULT_TIMEOUT_SECONDS
    """How long to wait for a server at every step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request whose tokens are asked for."""

    path: str
    """The input that holds it, as the user would recognise it."""

    request: CountRequest
    """What is sent."""

    offline: Interval[int]
    """Its tokens as they are counted here."""


def ask_endpoints(questions: Sequence[Question], options: EndpointOptions, runtime: Runtime) -> EndpointCounts:
    """Return what endpoints say of requests; what an earlier run has asked is not asked again.

    The first that is not answered ends it: what fails once, such as a key, mostly fails for all.

    Raises:
        UsageError: there are more questions than are allowed, a key is missing, or httpx is not installed.
    """
    answers = CachedAnswers(runtime.open_cache())
    try:
        return _Asking(options, runtime, answers).all(questions)
    finally:
        answers.close()


class _Asking:
    """The questions of one run."""

    def __init__(self, options: EndpointOptions, runtime: Runtime, answers: CachedAnswers) -> None:
        self._options = options
        self._runtime = runtime
        self._answers = answers
        self._client: Client | None = None
        self._accesses: dict[Vendor, Access] = {}
        self._open = ExitStack()

    def all(self, questions: Sequence[Question]) -> EndpointCounts:
        """Put every question; those that are new are counted before the first is put."""
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
        """Find out what is missing before anything is sent."""
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
