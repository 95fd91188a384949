"""The templates of HTML and SVG reports, filled by jinja2, which not everybody needs."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtra
from ..locations import shipped_file
from ..version import __version__
from .escape import as_unicode, without_hidden

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["filled", "filled_page", "json_for_script", "require_templates", "shipped_text", "shown_safely"]


def require_templates() -> None:
    """Raise an error if reports cannot be written as HTML or SVG.

    Raises:
        MissingExtra: jinja2 is not installed.
    """
    _environment()


@cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        message = "HTML and SVG reports need jinja2, which is not installed"
        raise MissingExtra(message, hint="pip install 'gpt41calc[html]'") from error
    made = Environment(
        loader=FileSystemLoader(shipped_file("html")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"place": _place, "shown": shown_safely}
    return made


def filled(name: str, **values: Any) -> str:
    """Return a template with values; every text among them is escaped for HTML.

    Raises:
        MissingExtra: jinja2 is not installed.
    """
    return _environment().get_template(name).render(values)


def filled_page(name: str, *, styles: Sequence[str], scripts: Sequence[str], **values: Any) -> str:
    """Return a page that holds its style sheets and scripts, and a policy that allows nothing else.

    Args:
        name: a template that extends ``base.html.jinja``.
        styles: names of style sheets of the package.
        scripts: names of scripts of the package.
        values: values of the template.

    Raises:
        MissingExtra: jinja2 is not installed.
    """
    style, texts = shipped_text(*styles), [shipped_text(script) for script in scripts]
    allowed = _policy([style], texts)
    return filled(name, version=__version__, style=style, scripts=texts, policy=allowed, **values)


def shipped_text(*names: str) -> str:
    """Return the text of style sheets or scripts of the package, one after the other."""
    return "".join(shipped_file(f"html/{name}").read_text(encoding="utf-8") for name in names)


def shown_safely(text: str) -> str:
    """Return any text without characters that are invisible or turn the direction of others, or that XML forbids."""
    return without_hidden(as_unicode(text))


def _place(pixels: float) -> str:
    """Return a place in a drawing, to a tenth of a pixel."""
    return f"{pixels:.1f}".removesuffix(".0")


def json_for_script(value: Sequence[Any]) -> str:
    r"""Return JSON that cannot end the script element it stands in, nor begin a comment there.

    >>> print(json_for_script(["</script><!--", "\u2028&"]))
    ["\u003c/script\u003e\u003c!--","\u2028\u0026"]
    """
    written = json.dumps(value, separators=(",", ":"))
    return written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """Return a content security policy: these styles and scripts, by their digests, and nothing from elsewhere."""
    allowed = " ".join(map(_digest, scripts)) or "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {allowed}",
            f"style-src {' '.join(map(_digest, styles))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
