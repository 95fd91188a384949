"""API keys and base URLs, from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..errors import UsageError
from .vendor_api import VENDOR_APIS, Vendor, VendorApi

__all__ = ["Access", "access_to", "base_url_of"]

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Key and URL for an API. The key never appears in its text representations."""

    api: VendorApi
    """The API."""

    base_url: str
    """Base URL, without a slash at the end."""

    key: str = field(repr=False)
    """The API key."""

    key_variable: str
    """Environment variable from which the key was read."""

    @property
    def host(self) -> str:
        """Host name of the API, for messages."""
        return urlsplit(self.base_url).netloc

    @property
    def is_readable_on_the_way(self) -> bool:
        """Whether the key would be sent to another machine without encryption."""
        return self.base_url.startswith("http://") and urlsplit(self.base_url).hostname not in _LOOPBACK

    def headers(self) -> dict[str, str]:
        """Return the HTTP headers of a request."""
        own = {"content-type": "application/json", "accept": "application/json"}
        return {**own, **self.api.headers, self.api.key_header: f"{self.api.key_prefix}{self.key}"}


def access_to(vendor: Vendor, environ: Mapping[str, str]) -> Access:
    """Return the access data of a vendor's API.

    Raises:
        UsageError: no key is set, or the key or the URL is malformed; the message does not show them.
    """
    api = VENDOR_APIS[vendor]
    base_url = base_url_of(vendor, environ)
    for variable in api.key_variables:
        key = environ.get(variable, "").strip()
        if not key:
            continue
        if not key.isascii() or not key.isprintable() or " " in key:
            message = f"{variable}: not a key: it holds a blank, or a character that no key has"
            raise UsageError(message)
        return Access(api=api, base_url=base_url, key=key, key_variable=variable)
    message = f"--count-with api: no key for {api.name}: {' or '.join(api.key_variables)} is not set"
    raise UsageError(message, hint="without --count-with everything is counted here, and nobody is asked")


def base_url_of(vendor: Vendor, environ: Mapping[str, str]) -> str:
    """Return the base URL of a vendor's API, or of the gateway named in the environment.

    Raises:
        UsageError: the URL is malformed; the message does not show it, since it may contain a password.
    """
    api = VENDOR_APIS[vendor]
    given = environ.get(api.url_variable, "").strip().rstrip("/")
    if not given:
        return api.base_url
    try:
        parts = urlsplit(given)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_address = False
    if not is_address or parts.username is not None or parts.query or parts.fragment or not given.isprintable():
        message = f"{api.url_variable}: expected an address such as {api.base_url}, without a user name"
        raise UsageError(message)
    return given
