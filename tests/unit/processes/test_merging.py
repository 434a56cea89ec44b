"""Two versions of an agenda put together file by file."""

from __future__ import annotations

import pytest

from processes.merging import State, compared, merged

Side = bytes | None


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "state", "kept", "taken"),
    [
        (b"1", b"1", b"1", "same", b"1", b"1"),
        (b"1", b"2", b"2", "same", b"2", b"2"),
        (b"1", b"1", b"2", "theirs", b"2", b"2"),
        (b"1", b"2", b"1", "mine", b"2", b"2"),
        (b"1", b"2", b"3", "both", b"2", b"3"),
        (None, b"2", b"3", "both", b"2", b"3"),
        (None, None, b"3", "theirs", b"3", b"3"),
        (None, b"2", None, "mine", b"2", b"2"),
        (b"1", b"1", None, "theirs", None, None),
        (b"1", None, b"1", "mine", None, None),
        (b"1", None, b"2", "both", None, b"2"),
    ],
)
def test_what_becomes_of_a_file(base: Side, mine: Side, theirs: Side, state: State, kept: Side, taken: Side) -> None:
    def side(content: Side) -> dict[str, bytes]:
        return {} if content is None else {"f": content}

    (piece,) = compared(side(base), side(mine), side(theirs))
    assert piece.state == state
    assert merged([piece], ()) == side(kept)
    assert merged([piece], {"f"}) == side(taken)
