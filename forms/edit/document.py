"""A form's file: read with everything in it, written again in the same order."""

from __future__ import annotations

import json
import math
from typing import Any

from forms.errors import FormSchemaError

Json = Any
#: Deeper than any form; Python would give up on a file of a million brackets.
_TOO_DEEP = ("Soubor je na formulář vnořený příliš hluboko.", "The file is nested too deep for a form.")


class _Wrong(ValueError):
    def __init__(self, czech: str, english: str) -> None:
        super().__init__(english)
        self.czech = czech


def read(content: bytes | str) -> dict[str, Json]:
    """Read a JSON object. Raises FormSchemaError with a sentence."""
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        found = json.loads(text, object_pairs_hook=_without_doubles, parse_float=_finite, parse_constant=_no_number)
    except RecursionError as error:
        raise FormSchemaError(*_TOO_DEEP) from error
    except ValueError as error:
        raise _unreadable(error) from error
    if not isinstance(found, dict):
        raise FormSchemaError("Formulář je objekt JSON.", "A form is a JSON object.")
    return found


def write(schema: dict[str, Json], *, indent: int | None = 2) -> str:
    """Write the file; keys stay in their order."""
    separators = None if indent else (",", ":")
    text = json.dumps(schema, ensure_ascii=False, indent=indent, separators=separators)
    return text if _encodable(text) else json.dumps(schema, indent=indent, separators=separators)


def _without_doubles(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Wrong(
            f"„{twice}“ je v jednom objektu dvakrát, jedna hodnota by se ztratila",
            f"{twice!r} is there twice in one object, so one of them would be lost",
        )
    return made


def _unreadable(error: ValueError) -> FormSchemaError:
    czech = error.czech if isinstance(error, _Wrong) else ""
    if isinstance(error, json.JSONDecodeError):
        czech = f"chyba je na řádku {error.lineno}, ve sloupci {error.colno}"
    elif isinstance(error, UnicodeDecodeError):
        czech = "text není v kódování UTF-8"
    return FormSchemaError(f"Soubor není čitelný JSON: {czech or error}.", f"The file is not readable JSON: {error}.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _Wrong(f"číslo {text[:30]} je příliš velké", f"the number {text[:30]} is too large")
    return number


def _no_number(text: str) -> float:
    raise _Wrong(f"{text} není číslo jazyka JSON", f"{text} is no number of JSON")


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
