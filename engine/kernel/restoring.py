"""Taking an intervention back: the case stands again exactly where it stood, with the same tasks and moments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256

from engine.diagram import Model
from engine.kernel.arming import choice_of
from engine.kernel.keeping import dump, load
from engine.kernel.migrating import changed_facts
from engine.kernel.rewiring import is_choice
from engine.kernel.state import State, Token, Wait
from engine.model import Advance, Effect, Json


def restore(model: Model, earlier_model: Model, state: str, earlier: str) -> Advance:
    """Give the earlier state again, with the effects that bring what is outside of it back.

    Ids drawn since then are not drawn again.
    """
    now, then = load(state), load(earlier)
    effects = [*_taken_back(now, then), *_given_back(earlier_model, now, then)]
    effects += _relocated(model, earlier_model, now, then)
    then["seq"] = max(then["seq"], now["seq"])
    return Advance(state=dump(then), effects=effects, status=then["status"])


def fingerprint(state: str) -> str:
    """Give a hash that is the same for two states in which a case stands at the same."""
    facts: dict[str, Json] = dict(load(state))
    del facts["seq"]
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _activities(state: State) -> dict[str, Token | Wait]:
    found: dict[str, Token | Wait] = {t["activity"]: t for t in state["tokens"].values() if "activity" in t}
    return found | {wait["incident"]: wait for wait in state["waits"].values() if "incident" in wait}


def _taken_back(now: State, then: State) -> Iterator[Effect]:
    before = _activities(then)
    for activity, token in _activities(now).items():
        if activity not in before:
            yield Effect(do="cancelled", node=token["node"], activity=activity)
    for wid, wait in now["waits"].items():
        if wid not in then["waits"] and wait["kind"] != "conditional":
            yield Effect(do="wait-cleared", node=wait["node"], facts={"wait": wid, "fired": False})


def _given_back(model: Model, now: State, then: State) -> Iterator[Effect]:
    after = _activities(now)
    for activity, token in _activities(then).items():
        if activity not in after:
            yield Effect(do="reopened", node=token["node"], activity=activity)
    for wid, wait in then["waits"].items():
        if wid in now["waits"]:
            continue
        if wait["kind"] == "timer":
            yield Effect(do="timer-set", node=wait["node"], facts={"wait": wid, "due": wait["due"]})
        elif wait["kind"] != "conditional":
            facts = {"wait": wid, "kind": wait["kind"], "name": wait.get("name")}
            node = model.nodes[wait["node"]]
            offer = choice_of(node) if is_choice(model, wait) else node.offer
            said = {"correlation": wait.get("correlation", {}), "offer": asdict(offer) if offer else None}
            yield Effect(do="wait-set", node=wait["node"], facts=facts | said)


def _relocated(model: Model, earlier_model: Model, now: State, then: State) -> Iterator[Effect]:
    before = _activities(then)
    for activity, token in _activities(now).items():
        if activity not in before:
            continue
        old, new = model.nodes[token["node"]], earlier_model.nodes[before[activity]["node"]]
        if facts := changed_facts(token, old, new):
            yield Effect(do="relocated", node=new.id, activity=activity, facts={"from": old.id, **facts})
    for wid, wait in now["waits"].items():
        if wid in then["waits"] and wait["node"] != then["waits"][wid]["node"]:
            facts = {"wait": wid, "from": wait["node"]}
            yield Effect(do="wait-relocated", node=then["waits"][wid]["node"], facts=facts)
