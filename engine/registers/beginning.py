"""What a register begins with: `records/<key>.json` of its agenda, a list of records such as a price list."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from engine.errors import Invalid
from engine.model import Variables
from engine.registers.definitions import Register
from engine.said import Said


def place_of(register: str) -> str:
    """Give the path of the file with the first records of a register."""
    return f"records/{register}.json"


def first_records(register: Register, files: Mapping[str, bytes]) -> Sequence[Variables]:
    """Give the records that an agenda brings for a register. Raises Invalid naming the record that doesn't fit."""
    path = place_of(register.key)
    if path not in files:
        return ()
    try:
        told = json.loads(files[path])
    except (ValueError, RecursionError) as error:
        raise Invalid(Said(f"{path}: není to JSON ({error}).", f"{path}: not JSON ({error}).")) from error
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise Invalid(Said(f"{path}: není to seznam záznamů.", f"{path}: not a list of records."))
    for number, one in enumerate(told, start=1):
        if wrong := register.problems(one):
            raise Invalid(Said(f"{path}, záznam {number}: {wrong[0]}", f"{path}, record {number}: {wrong[0]}"))
    return told
