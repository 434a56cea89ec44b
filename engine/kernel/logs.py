"""The log of what could be undone. What a loop repeats is one block with a number, so rounds don't make it longer."""

from __future__ import annotations

from engine.kernel.state import Entry

#: Longest run of entries that is recognised when it repeats.
LONGEST_ROUND = 12


def append(log: list[Entry], entry: Entry) -> None:
    """Note an entry at the end; a round that has just repeated itself is folded into a block."""
    log.append(entry)
    for length in range(1, min(LONGEST_ROUND, len(log) - 1) + 1):
        if fold(log, length):
            return


def fold(log: list[Entry], length: int) -> bool:
    """Fold the last entries into the block or the equal entries before them; tells whether that could be done."""
    tail, before = log[-length:], log[-length - 1]
    if before.get("times") and before.get("log") == tail:
        before["times"] = before["times"] + 1
        del log[-length:]
        return True
    if len(log) >= 2 * length and log[-2 * length : -length] == tail:
        log[-2 * length :] = [Entry(node="", log=tail, times=2)]
        return True
    return False


def names(log: list[Entry], name: str | None) -> bool:
    """Tell whether an activity (any for None) is in the log of a scope."""
    return any(names(e.get("log", []), name) if "times" in e else name in (None, e["node"]) for e in log)


def split(log: list[Entry], name: str | None) -> tuple[list[Entry], list[Entry]]:
    """Part a log into what is to be undone when an activity (all for None) is named, and the rest; both in order."""
    due: list[Entry] = []
    rest: list[Entry] = []
    for entry in log:
        if "times" not in entry:
            (due if name in (None, entry["node"]) else rest).append(entry)
            continue
        for part, kept in zip((due, rest), split(entry.get("log", []), name), strict=True):
            if kept:
                part.append(Entry(node="", log=kept, times=entry["times"]))
    return due, rest


def take_last(undo: list[Entry]) -> Entry:
    """Take the last entry off; of a block only the last of its rounds."""
    entry = undo.pop()
    if entry.get("times", 1) > 1:
        undo.append(Entry(**{**entry, "times": entry["times"] - 1}))
    return entry


def within(entry: Entry, outer: Entry) -> Entry:
    """Give an entry that sees the variables of what it was done in, but for a called process."""
    if entry.get("called") or not (outer.get("vars") or outer.get("called")):
        return entry
    seen = {**outer.get("vars", {}), **entry.get("vars", {})}
    return Entry(**{**entry, "vars": seen, "called": outer.get("called", False)})
