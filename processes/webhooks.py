"""Webhooks that an agenda takes: what `[webhooks.<key>]` of agenda.toml says, read and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.errors import Invalid
from engine.expressions import names_in, problem_in
from engine.model import Json
from engine.said import Said, in_language, placed, together
from processes.manifest import Texts

TABLE = "webhooks"
#: How a delivery is signed: by the standard at standardwebhooks.com, or over its body alone.
STANDARD, BODY = "standard", "body"
#: What the expressions see: the body, one item of `each`, the name of the organisation's day.
NAMES = frozenset({"body", "item", "today"})
#: What only a bank statement or the gateway tells.
MONEY = "payment."
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_KNOWN = frozenset(
    {"title", "message", "correlation", "payload", "register", "values", "each", "key", "newest_by", "signature"}
    | {"key_number", "id"}
)


@dataclass(frozen=True, kw_only=True)
class Hook:
    """One webhook. Expressions are Starlark over NAMES."""

    key: str
    title: Texts = field(default_factory=dict)
    #: Name of the message that a delivery is; "" = it is records.
    message: str = ""
    #: Name → expression.
    correlation: Mapping[str, str] = field(default_factory=dict)
    payload: Mapping[str, str] = field(default_factory=dict)
    #: Key of the register that takes records, or rows in time; "" = it is a message.
    register: str = ""
    #: Field → expression.
    values: Mapping[str, str] = field(default_factory=dict)
    #: Expression that gives a list: each `item` is a record or row of its own. "" = the body is one.
    each: str = ""
    #: The unique field by which a record is known again.
    known_by: str = ""
    #: Field that grows with every change: what is older than the record changes nothing.
    newest_by: str = ""
    #: STANDARD or BODY.
    signature: str = STANDARD
    #: Another number is another secret.
    key_number: int = 1
    #: Expression that tells deliveries apart where the sender gives them no id; "" = the body itself does.
    id: str = ""

    @property
    def expressions(self) -> Iterator[tuple[str, str]]:
        """Where each expression stands, and its text."""
        for table in ("correlation", "payload", "values"):
            yield from ((f"{table}.{name}", text) for name, text in getattr(self, table).items())
        yield from ((name, getattr(self, name)) for name in ("each", "id") if getattr(self, name))


def hooks_in(data: Mapping[str, Json]) -> tuple[Hook, ...]:
    """Give the webhooks of a manifest. Raises Invalid with every sentence about them."""
    table = data.get(TABLE, {})
    if not isinstance(table, dict):
        raise Invalid(Said(f"[{TABLE}] má být tabulka.", f"[{TABLE}] should be a table."))
    if wrong := [sentence for key, said in table.items() for sentence in _faults(key, said)]:
        raise Invalid(together(wrong), sentences=wrong)
    return tuple(_hook(key, said) for key, said in table.items())


def hooks_of(toml: bytes) -> tuple[Hook, ...]:
    """Give the webhooks of an agenda.toml that was published; none where it can't be read."""
    try:
        return hooks_in(tomllib.loads(toml.decode("utf-8-sig")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError, Invalid):
        return ()


def _hook(key: str, said: Mapping[str, Json]) -> Hook:
    given = {name: value for name, value in said.items() if name != "key"}
    return Hook(key=key, known_by=said.get("key", ""), **given)


def _faults(key: str, said: Json) -> Iterator[str]:
    at = f"[{TABLE}.{key}]"
    if not _KEY.fullmatch(key):
        yield Said(
            f"{at}: jméno má malá písmena, číslice, pomlčky a podtržítka, nejvýš 63.",
            f"{at}: its name has lower-case letters, digits, hyphens and underscores, at most 63.",
        )
    if not isinstance(said, dict):
        yield Said(f"{at} má být tabulka.", f"{at} should be a table.")
        return
    known = ", ".join(sorted(_KNOWN))
    for name in sorted(said.keys() - _KNOWN):
        yield Said(f"{at} nemá {name}; má {known}.", f"{at} has no {name}; there are {known}.")
    shapes = list(_misshapen(said))
    for name, wanted in shapes:
        yield Said(f"{at}: {name} není {in_language(wanted, 'cs')}.", f"{at}: {name} is not {wanted}.")
    if not shapes:
        hook = _hook(key, {name: said[name] for name in said.keys() & _KNOWN})
        yield from (placed(at, sentence) for sentence in _unfit(hook))


def _misshapen(said: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    for name in ("message", "register", "each", "key", "newest_by", "id"):
        if not isinstance(said.get(name, ""), str):
            yield name, Said("text", "a text")
    for name in ("correlation", "payload", "values", "title"):
        table = said.get(name, {})
        if not (isinstance(table, dict) and all(isinstance(text, str) for text in table.values())):
            yield name, Said("tabulka textů", "a table of texts")
    if said.get("signature", STANDARD) not in (STANDARD, BODY):
        yield "signature", Said(f"{STANDARD} ani {BODY}", f"{STANDARD} or {BODY}")
    number = said.get("key_number", 1)
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        yield "key_number", Said("celé číslo od 1", "a whole number from 1")


def _unfit(hook: Hook) -> Iterator[str]:
    older = hook.newest_by and not (hook.known_by and hook.newest_by in hook.values)
    wrong = (
        (
            bool(hook.message) == bool(hook.register),
            Said("má jmenovat buď zprávu, nebo registr.", "it names either a message or a register."),
        ),
        (
            hook.message.startswith(MONEY),
            Said(f"{hook.message} oznamuje jen banka.", f"{hook.message} is told by the bank only."),
        ),
        (
            hook.message and not hook.correlation,
            Said(
                "ke zprávě patří correlation, podle níž se najde případ.",
                "a message needs correlation, by which its case is found.",
            ),
        ),
        (hook.register and not hook.values, Said("k registru patří values.", "a register needs values.")),
        (
            hook.known_by and hook.known_by not in hook.values,
            Said(
                f"values nemají {hook.known_by}, podle čeho se záznam pozná.",
                f"the values have no {hook.known_by}, by which a record is known again.",
            ),
        ),
        (
            older,
            Said(
                f"{hook.newest_by} říká, co je novější, jen vedle key a jako jedna z values.",
                f"{hook.newest_by} tells what is newer only beside key, and as one of the values.",
            ),
        ),
    )
    yield from (sentence for holds, sentence in wrong if holds)
    for place, text in hook.expressions:
        if problem := problem_in(text):
            yield Said(f"{place}: výraz nejde přečíst: {in_language(problem, 'cs')}", f"{place}: {problem}")
        elif strange := ", ".join(sorted(set(names_in(text)) - NAMES)):
            known = ", ".join(sorted(NAMES))
            yield Said(
                f"{place}: nic se nejmenuje {strange}; je tu {known}.",
                f"{place}: nothing is called {strange}; there are {known}.",
            )
