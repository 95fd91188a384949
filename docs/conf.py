"""How the site and the man page are built: ``python -m sphinx -W -b html docs docs/_build/html``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from generate import write_reference  # noqa: E402 - found by the line above
from sphinx.ext.napoleon.docstring import GoogleDocstring  # noqa: E402 - the same

from gpt41calc.version import __version__  # noqa: E402 - the same

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "gpt41calc"
author = "the gpt41calc developers"
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["deflist", "attrs_inline"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "example", "budgets", "generated"]
suppress_warnings = ["myst.header", "ref.python"]  # the second: the type bytes, beside fields of that name

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True

smartquotes = False  # they make one dash of two, as in --help

html_theme = "furo"
html_title = f"gpt41calc {__version__}"
html_copy_source = False

man_pages = [("man", "gpt41calc", "cost and context calculator for GPT-4.1", author, 1)]

# Not run offline: python -m sphinx -b linkcheck docs docs/_build/linkcheck
linkcheck_timeout = 20
linkcheck_retries = 2
linkcheck_ignore = [r"https?://localhost.*"]

write_reference(HERE / "generated")


def setup(app: Sphinx) -> None:
    """Let links to CONTRIBUTING.md, which is outside of the site, lead to the page that includes it."""
    app.connect("source-read", _link_to_page)


def _link_to_page(_app: Sphinx, _page: str, source: list[str]) -> None:
    source[0] = source[0].replace("](../../CONTRIBUTING.md)", "](../contributing.md)")


def _whole_docstring(self: GoogleDocstring) -> tuple[str, list[str]]:
    """Return no type and all of the text: fields have annotations, and a colon in their docstring is a colon."""
    return "", self._dedent(self._consume_to_end())


setattr(GoogleDocstring, "_consume_inline_attribute", _whole_docstring)  # noqa: B010 - Sphinx has no other way
