"""What the page of promises names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_every_file_that_proves_a_promise_is_there() -> None:
    named = re.findall(r"`((?:processes|tests)/[\w./-]+\.\w+)`", (ROOT / "docs" / "acceptance.md").read_text())
    assert len(named) > 30
    assert [path for path in named if not (ROOT / path).is_file()] == []
