"""The file of a roll of voters: numbers in its first column, lines of an address in the further ones."""

from __future__ import annotations

from flask import request

from integrations.csv_tables import read_csv
from integrations.refused_tables import TableRefused
from web.i18n import _
from web.workplace.imports import sentence

LONGEST = 200
#: Bytes of a roll: two hundred thousand numbers.
MOST_BYTES = 8_000_000


class RollRefused(Exception):
    """The roll can't be used as it is; the message says why, with the line."""


def sent() -> dict[str, list[str]]:
    """Numbers of the roll that was sent, with the lines of an address; none where no file was. Raises RollRefused."""
    file = request.files.get("roll")
    if file is None or not file.filename:
        return {}
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise RollRefused(sentence("too-big", {"most": MOST_BYTES // 10**6}))
    if not content.strip():
        raise RollRefused(sentence("empty", {}))
    try:
        return _read(content)
    except TableRefused as error:
        raise RollRefused(sentence(error.code, error.facts)) from error


def _read(content: bytes) -> dict[str, list[str]]:
    roll: dict[str, list[str]] = {}
    for line, cells in read_csv(content):
        number, *address = [cell.strip() for cell in cells] or [""]
        if not any([number, *address]):
            continue
        if not number:
            raise RollRefused(_("Row %(line)s of the roll has no number in its first column.", line=line))
        if max(map(len, [number, *address])) > LONGEST:
            raise TableRefused("long-cell", most=LONGEST)
        # Who is there twice gets one code.
        roll.setdefault(number, address)
    return roll
