"""What other systems do in a scenario: answers that are prepared, data messages that are placed and read."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model import Json
from processes.scenarios.acting import Acting


def prepare(acting: Acting, url: Json, words: Mapping[str, Json]) -> None:
    """`http: https://…, gives: {…}, status: 200`: other systems answer so at addresses that begin with this one."""
    acting.office.stage.prepare(str(url), int(words.get("status") or 200), words.get("gives"))


def data_message(acting: Acting, fate: Json, _words: Mapping[str, Json]) -> None:
    """`data_message: placed | read | lost | asked`: the newest one stands so, and the boxes are asked about it."""
    acting.office.stage.data_message(str(fate))
