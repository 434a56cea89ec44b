"""What is said of an odd form; `leaves` are questions that have to be on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Odd:
    """A form, answers that are right, and what must be asked with them."""

    schema: Mapping[str, Any]
    data: dict[str, Any]
    leaves: tuple[str, ...]
