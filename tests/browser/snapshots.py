"""Pictures of pages for the manuals, taken on the way of a walk: `RADNICE_PICTURES=docs/pictures/agendas pytest …`."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.browser.visitor import Visitor

#: Names the folder of pictures; without it none is taken.
FOLDER = "RADNICE_PICTURES"
COLOURS = 48
#: What sticks to the edge of the window would cover the middle of a picture of the whole page.
LIE = "(how) => document.querySelectorAll('.bar').forEach((one) => { one.style.position = how; })"


def snap(visitor: Visitor, name: str, *, whole: bool = False) -> None:
    """Take a picture in few colours, so that the repository stays small; only where pictures are wanted."""
    if not os.environ.get(FOLDER):
        return
    folder = Path(os.environ[FOLDER])
    folder.mkdir(parents=True, exist_ok=True)
    visitor.settles()
    visitor.page.evaluate(LIE, "static" if whole else "")
    taken = Image.open(BytesIO(visitor.page.screenshot(full_page=whole)))
    visitor.page.evaluate(LIE, "")
    taken.convert("RGB").quantize(COLOURS).save(folder / f"{name}.png", optimize=True)
