"""Statements of the hot path give the driver what SQLAlchemy would."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table
from sqlalchemy.dialects import sqlite

from engine.store.base import JsonText, JsonValue
from engine.store.prepared import insertion

TABLE = Table("paper", MetaData(), Column("looked_into", JsonValue), Column("kept", JsonText))


@pytest.mark.parametrize("value", [None, {"name": "Řehoř", "sum": "0.10"}, [], "", 0, False])
def test_json_is_written_as_sqlalchemy_writes_it(value: Any) -> None:
    compiled = insertion(TABLE, "looked_into", "kept").compiled(sqlite.dialect())
    given = compiled.parameters({"looked_into": value, "kept": value})
    usual = JsonText.dialect_impl(sqlite.dialect()).bind_processor(sqlite.dialect())
    assert usual is not None
    assert [text if text is None else json.loads(text) for text in given] == [value, value]
    assert (given[0] is None) == (usual(value) is None)
