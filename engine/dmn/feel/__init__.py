"""FEEL, the expression language of decision tables: S-FEEL and the parts of FEEL that offices use."""

from __future__ import annotations

from engine.dmn.feel.evaluate import Scope, evaluate, passes
from engine.dmn.feel.parse import parse_expression, parse_tests
from engine.dmn.feel.values import from_json, to_json

__all__ = ["Scope", "evaluate", "from_json", "parse_expression", "parse_tests", "passes", "to_json"]
