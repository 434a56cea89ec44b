"""An official notice board as open data: a public register told by the open formal norm of notice boards, 2021-07-20.

https://ofn.gov.cz/úřední-desky/2021-07-20/; Act 261/2021 wants notice boards so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.model import Json
from engine.queries.registers import RecordFacts
from engine.registers.definitions import Register

CONTEXT = "https://ofn.gov.cz/úřední-desky/2021-07-20/kontexty/úřední-deska.jsonld"
#: Words of `open_data.board` → what the norm calls them: texts, and moments.
TEXTS = {"reference": "číslo_jednací", "file_mark": "spisová_značka"}
MOMENTS = {"posted": "vyvěšení", "until": "relevantní_do"}


def board_of(kept: Register) -> Mapping[str, str] | None:
    """Give which field holds what where the register is a notice board."""
    board = (kept.open_data or {}).get("board")
    return board if isinstance(board, dict) else None


def as_board(
    kept: Register, root: str, records: Iterable[RecordFacts], office: str, settings: Mapping[str, Json]
) -> dict[str, Any]:
    """Describe the board with what hangs and hung on it; `root` is the portal's address with a slash at its end."""
    page = f"{root}registry/{kept.key}"
    ico = str(settings.get("ico") or "")
    return {
        "@context": CONTEXT,
        "typ": "Úřední deska",
        "iri": page,
        "stránka": page,
        "provozovatel": {"typ": "Osoba", **({"ičo": ico} if ico else {"název": {"cs": office}})},
        "informace": [_notice(board_of(kept) or {}, f"{page}/{one.id}", one.data) for one in records],
    }


def _notice(board: Mapping[str, str], address: str, data: Mapping[str, Json]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "typ": ["Digitální objekt", "Informace na úřední desce"],
        "iri": address,
        "url": address,
        "název": {"cs": str(data.get(board.get("name", ""), "") or "–")},
    }
    for word, name in MOMENTS.items():
        told[name] = _moment(data.get(board.get(word, "")))
    for word, name in TEXTS.items():
        if text := data.get(board.get(word, "")):
            told[name] = str(text)
    if text := data.get(board.get("summary", "")):
        told["popis"] = {"cs": str(text)}
    return told


def _moment(day: Json) -> dict[str, Json]:
    return {"typ": "Časový okamžik", **({"datum": day} if day else {"nespecifikovaný": True})}
