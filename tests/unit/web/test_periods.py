"""Periods as people read them."""

from __future__ import annotations

import pytest

from web.periods import reckoned


@pytest.mark.parametrize(
    ("czech", "lang", "said"),
    [
        ("Poslední den lhůty (P60D).", "cs", "Poslední den lhůty (60\u00a0dní)."),
        ("Poslední pracovní den lhůty (P2WD).", "cs", "Poslední pracovní den lhůty (2\u00a0pracovní dny)."),
        ("Poslední den lhůty (P1Y6M).", "cs", "Poslední den lhůty (P1Y6M)."),
        ("Lhůta byla prodloužena (2026-05-01).", "cs", "Lhůta byla prodloužena (2026-05-01)."),
        ("Poslední den lhůty (P1M).", "en", "Last day of the period (1\u00a0month)."),
    ],
)
def test_a_line_of_a_derivation_tells_the_period_in_words(czech: str, lang: str, said: str) -> None:
    line = {"rule": "last-day", "text": czech, "text_en": "Last day of the period (P1M).", "date": "2026-05-04"}
    assert reckoned(line, lang) == said


def test_a_line_without_english_is_told_in_czech() -> None:
    assert reckoned({"text": "Běží (P1D)."}, "en") == "Běží (1\u00a0day)."
