"""Open items of multi-instance activities in few numbers, so that a thousand of them cost little.

Items are begun one after another, so the numbers of their tokens and activity instances go up in even steps: a run
of them is its first item, the steps and how many there are. Those that are no longer parked leave a bit behind.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.state import Kind, Run, Token

#: Keys of an item's token when nothing is known of it but that it is open.
PLAIN_ITEM = 7


def park(tokens: dict[str, Token]) -> None:
    """Take the tokens of items that are nothing but open off, and note them in the token of the whole."""
    for tid, token in list(tokens.items()):
        if "of" in token and "open" in token and len(token) == PLAIN_ITEM and token["state"] == "active":
            runs = tokens[token["of"]].setdefault("parked", {}).setdefault(token["open"], [])
            _note(runs, token["i"], int(tid[1:]), int(token["activity"][1:]))
            del tokens[tid]


def take_over(tokens: dict[str, Token]) -> None:
    """Read what an earlier version has parked: numbers of token, item and activity in turn."""
    for token in tokens.values():
        for kind, parked in token.get("parked", {}).items():
            if parked and isinstance(parked[0], int):
                turns, runs = iter(parked), token["parked"]
                runs[kind] = []
                for t, i, a in zip(turns, turns, turns, strict=True):
                    _note(runs[kind], i, t, a)


def unpark(tokens: dict[str, Token]) -> None:
    """Make tokens of all parked items again."""
    for whole, token in list(tokens.items()):
        for kind, runs in token.pop("parked", {}).items():
            for run in runs:
                for k in _here(run):
                    tokens[f"t{run['t'] + k * run['dt']}"] = _token(whole, token, kind, run, k)


def unpark_one(tokens: dict[str, Token], activity: str) -> None:
    """Make a token of the parked item that is this activity instance, if there is one."""
    for whole, token in tokens.items():
        for kind, runs in token["parked"].items() if "parked" in token else ():
            for run in runs:
                wanted = int(activity[1:]) if activity[1:].isdecimal() else -1
                k = _place(run, wanted - run["a"])
                if k is not None and not _gone(run) >> k & 1:
                    _take(runs, run, k)
                    tokens[f"t{run['t'] + k * run['dt']}"] = _token(whole, token, kind, run, k)
                    return


def parked_activities(token: Token) -> Iterator[str]:
    """Give the activity instances of the items that are parked in the token of the whole."""
    for runs in token.get("parked", {}).values():
        for run in runs:
            yield from (f"a{run['a'] + k * run['da']}" for k in _here(run))


def _token(whole: str, token: Token, kind: Kind, run: Run, k: int) -> Token:
    activity = f"a{run['a'] + k * run['da']}"
    facts = {"node": token["node"], "scope": token["scope"], "state": "active", "of": whole}
    return {**facts, "open": kind, "i": run["i"] + k, "activity": activity}  # type: ignore[typeddict-item]


def _place(run: Run, distance: int) -> int | None:
    """Which item of a run is so far from the first one, counted in activity instances."""
    k, rest = divmod(distance, run["da"] or 1)
    return k if not rest and 0 <= k < run["n"] else None


def _note(runs: list[Run], i: int, t: int, a: int) -> None:
    for run in runs:
        if _took_back(run, i, t, a):
            return
    if not runs or not _prolonged(runs[-1], i, t, a):
        runs.append(Run(i=i, t=t, a=a, dt=0, da=0, n=1))


def _took_back(run: Run, i: int, t: int, a: int) -> bool:
    """Let an item stand again where it has stood."""
    k = i - run["i"]
    if not 0 <= k < run["n"] or (t, a) != (run["t"] + k * run["dt"], run["a"] + k * run["da"]):
        return False
    _keep_gone(run, _gone(run) & ~(1 << k))
    return True


def _prolonged(run: Run, i: int, t: int, a: int) -> bool:
    """Let an item be the last of a run, where it is in step; those between are gone already."""
    k = i - run["i"]
    if k < run["n"]:
        return False
    steps = (run["dt"] or (t - run["t"]) // k, run["da"] or (a - run["a"]) // k)
    if min(steps) < 1 or (t, a) != (run["t"] + k * steps[0], run["a"] + k * steps[1]):
        return False
    between = (1 << k) - (1 << run["n"])
    run["dt"], run["da"], run["n"] = *steps, k + 1
    _keep_gone(run, _gone(run) | between)
    return True


def _take(runs: list[Run], run: Run, k: int) -> None:
    gone = _gone(run) | 1 << k
    _keep_gone(run, gone)
    if gone == (1 << run["n"]) - 1:
        runs.remove(run)


def _here(run: Run) -> Iterator[int]:
    gone = _gone(run)
    return (k for k in range(run["n"]) if not gone >> k & 1)


def _gone(run: Run) -> int:
    return int(run.get("gone", "0"), 16)


def _keep_gone(run: Run, gone: int) -> None:
    if gone:
        run["gone"] = f"{gone:x}"
    else:
        run.pop("gone", None)
