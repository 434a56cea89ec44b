"""JSON as text: short, in Czech letters, the same as the standard encoder's, and no burden to psycopg."""

from __future__ import annotations

import json
import logging
from decimal import Decimal
from typing import Any

import pytest
from psycopg import adapters
from psycopg.adapt import AdaptersMap
from psycopg.types.json import set_json_dumps

from engine.json_text import writer
from engine.store.base import as_json

VALUES: list[Any] = [None, True, 0, -1.5, 10**30, "", 'Říčany\n"x"', [], {}, {"a": [1, {"b": None}], "ž": 2.0}]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_written_as_short_as_can_be(value: Any) -> None:
    assert as_json(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def test_what_json_has_not_is_refused_or_stood_for() -> None:
    with pytest.raises(TypeError):
        as_json({"price": Decimal("1.50")})
    assert writer(str)({"price": Decimal("1.50")}) == '{"price":"1.50"}'


def test_psycopg_may_keep_what_it_makes_for_it(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="psycopg"):
        set_json_dumps(as_json, AdaptersMap(adapters))
    assert not caplog.records
