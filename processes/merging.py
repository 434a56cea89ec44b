"""Two versions of an agenda that began from one: what each has changed, and both together, file by file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

#: same: both have it; theirs, mine: only one side has changed it since the beginning; both: both have, differently.
State = Literal["same", "theirs", "mine", "both"]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One file on both sides; None where a side has none."""

    path: str
    state: State
    mine: bytes | None
    theirs: bytes | None


def compared(base: Mapping[str, bytes], mine: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> Sequence[Piece]:
    """Give every file of either side; `base` is what both began from, {} where nobody knows."""
    return [
        Piece(
            path=path,
            state=_state(base.get(path), mine.get(path), theirs.get(path)),
            mine=mine.get(path),
            theirs=theirs.get(path),
        )
        for path in sorted({*mine, *theirs})
    ]


def _state(base: bytes | None, mine: bytes | None, theirs: bytes | None) -> State:
    if mine == theirs:
        return "same"
    if mine == base:
        return "theirs"
    return "mine" if theirs == base else "both"


def merged(pieces: Sequence[Piece], taking: Collection[str]) -> dict[str, bytes]:
    """Give the files together: what only one side has changed as it has it, of the others theirs in `taking`."""
    chosen = {
        one.path: one.theirs if one.state == "theirs" or (one.state == "both" and one.path in taking) else one.mine
        for one in pieces
    }
    return {path: content for path, content in chosen.items() if content is not None}
