"""Authors see what each control looks like: every picture is shown, and every one shown is there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser.control_pictures import CONTROLS, PICTURES

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "forms.md"


def test_every_control_has_its_picture_in_the_guide() -> None:
    shown = set(re.findall(r"pictures/controls/([\w-]+)\.png", GUIDE.read_text("utf-8")))
    assert shown == set(CONTROLS) == {path.stem for path in PICTURES.glob("*.png")}
