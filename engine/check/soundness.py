"""Soundness."""

from __future__ import annotations

from engine.diagram import Model, Problem


def soundness_problems(model: Model, lang: str) -> list[Problem]:
    """Explore."""
    return []
