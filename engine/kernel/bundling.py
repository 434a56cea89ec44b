"""Items at rest of a long multi-instance activity, with all that runs in them, tied up until somebody asks for one.

What isn't plain enough to be parked, such as an item that awaits a message or that is a sub-process, is put into
bundles: compressed text that a command neither reads nor writes, with a list of what can be asked for in it.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from zlib import compress, decompress

from engine.kernel import aside
from engine.kernel.parking import parked_activities
from engine.kernel.state import Bundle, State

#: Tokens, scopes and waits of a bundle. What is asked for costs the whole bundle, and each bundle a line of the state.
FULL = 40
#: Tokens in these states do nothing until somebody asks for them, whatever else the case does.
_RESTING = frozenset({"active", "gate", "multi"})
_AWAITED = frozenset({"message", "signal", "timer"})
_PARTS = ("tokens", "scopes", "waits")
_QUICK = 1


class _Item(NamedTuple):
    """Ids of what belongs to an item."""

    tokens: list[str]
    scopes: list[str]
    waits: list[str]

    def size(self) -> int:
        return len(self.tokens) + len(self.scopes) + len(self.waits)


def bundle(state: State) -> None:
    """Tie up the items that rest, as far as they fill bundles."""
    items: list[_Item] = []
    size = 0
    for item in _resting_items(state):
        items.append(item)
        size += item.size()
        if size >= FULL:
            _tie(state, items)
            items, size = [], 0


def unbundle(state: State, kind: str | None = None) -> None:
    """Untie all bundles, or those in which events of a kind are awaited."""
    for each in list(state.get("bundles", ())):
        if kind is None or kind in each["awaits"]:
            _untie(state, each)


def unbundle_one(state: State, asked: str) -> None:
    """Untie the bundle with this activity instance or wait, if there is one."""
    for each in state.get("bundles", ()):
        if f" {asked} " in each["ids"]:
            return _untie(state, each)
    return None


def _untie(state: State, found: Bundle) -> None:
    parts: Mapping[str, Any] = json.loads(decompress(b64decode(found["text"])))
    for name in _PARTS:
        state[name].update(parts[name])  # type: ignore[literal-required]
    state["bundles"].remove(found)
    if not state["bundles"]:
        del state["bundles"]


def _tie(state: State, items: list[_Item]) -> None:
    ids = {name: [each for item in items for each in getattr(item, name)] for name in _PARTS}
    parts = {name: {each: state[name][each] for each in ids[name]} for name in _PARTS}  # type: ignore[literal-required]
    text = aside.write(parts)
    if aside.may_name(text):
        # The store must see which large values a state names.
        return
    awaits = sorted({wait["kind"] for wait in parts["waits"].values()})
    asked = " ".join([*ids["waits"], *_activities(parts["tokens"])])
    wholes = sorted({parts["tokens"][item.tokens[0]]["of"] for item in items})
    for name in _PARTS:
        for each in ids[name]:
            del state[name][each]  # type: ignore[literal-required]
    tied = b64encode(compress(text.encode(), _QUICK)).decode()
    state.setdefault("bundles", []).append(Bundle(ids=f" {asked} ", awaits=awaits, of=wholes, text=tied))


def _activities(tokens: Mapping[str, Any]) -> Iterator[str]:
    for token in tokens.values():
        if "activity" in token:
            yield token["activity"]
        yield from parked_activities(token)


def _resting_items(state: State) -> Iterator[_Item]:
    """Give the items that rest; one that is too long for a bundle is left where it is, but not what repeats in it."""
    below = _below(state)
    torn = {whole for each in state.get("bundles", ()) for whole in each["of"]}
    taken: set[str] = set()
    for tid in sorted((t for t, token in state["tokens"].items() if "of" in token), key=lambda t: int(t[1:])):
        item = None if tid in taken else _item(state, below, torn, tid)
        if item is not None:
            taken.update(item.tokens)
            yield item


def _below(state: State) -> Mapping[str, list[str]]:
    """Give by token its items and scopes, by scope its tokens."""
    found: dict[str, list[str]] = {}
    for tid, token in state["tokens"].items():
        found.setdefault(token.get("of") or token["scope"], []).append(tid)
    for sid, scope in state["scopes"].items():
        if scope["owner"] is not None:
            found.setdefault(scope["owner"], []).append(sid)
    return found


def _item(state: State, below: Mapping[str, list[str]], torn: set[str], tid: str) -> _Item | None:
    """Give an item with all that runs in it; None where something in it may move, or is in a bundle already."""
    item, open_ends = _Item([], [], []), [tid]
    while open_ends:
        at = open_ends.pop()
        if at in torn or item.size() > FULL:
            return None
        if at in state["tokens"]:
            token = state["tokens"][at]
            if token["state"] not in _RESTING:
                return None
            item.tokens.append(at)
            waits = token.get("waits", [])
        else:
            item.scopes.append(at)
            waits = state["scopes"][at].get("waits", [])
        if any(state["waits"][wid]["kind"] not in _AWAITED for wid in waits):
            return None
        item.waits.extend(waits)
        open_ends += below.get(at, ())
    return item
