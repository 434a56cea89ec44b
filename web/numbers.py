"""Numbers of cases in addresses: `OV/666/18` stands there as `OV~666~18`, because a slash would part the address."""

from __future__ import annotations

import re

from flask import Flask
from werkzeug.routing import BaseConverter

#: A slash is written as a tilde; a tilde and an exclamation mark that really are in the number after an exclamation
#: mark.
_WRITTEN = {"/": "~", "~": "!~", "!": "!!"}
_READ = {written: sign for sign, written in _WRITTEN.items()}


class CaseNumber(BaseConverter):
    """The part of an address that names a case."""

    def to_python(self, value: str) -> str:
        """Read the number out of an address."""
        return re.sub(r"!~|!!|~", lambda found: _READ[found[0]], value)

    def to_url(self, value: str) -> str:
        """Write the number into an address."""
        return super().to_url(written(value))


def written(number: str) -> str:
    """Give a number as it stands in an address."""
    return re.sub(r"[/~!]", lambda found: _WRITTEN[found[0]], number)


def install(app: Flask) -> None:
    app.url_map.converters["case_number"] = CaseNumber
